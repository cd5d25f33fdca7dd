"""The invented people of the sample life: names, addresses, work, circles and how close they are.

Nobody here exists. Every address ends in .example, which nobody can own.
"""

from __future__ import annotations

from dataclasses import dataclass

SELF_NAME = "Nora Lindqvist"
SELF_PRIVATE = "nora.lindqvist@mail.example"
SELF_FORMER = "nora.lindqvist@halyard-works.example"
SELF_CURRENT = "nora@tidewater-atlas.example"
MOVED_MONTHS_AGO = 22
"""When the sample person left one company to found the other."""

CURRENT, FORMER = "tidewater-atlas", "halyard-works"


@dataclass(frozen=True, slots=True)
class Arc:
    """How a contact develops, in months before now: begins, ends, and the shape in between."""

    begin: float
    end: float
    shape: str  # steady, rising, fading, cooling (faded only lately), quarterly


@dataclass(frozen=True, slots=True)
class Person:
    """One invented person. `pace` is threads a month with the sample person at the best of times.

    `circles` name the chief circle first. `company` is the label of the company's domain or "".
    """

    name: str
    given: str
    family: str
    email: str
    company: str
    title: str
    circles: tuple[str, ...]
    pace: float
    arc: Arc


CIRCLES = (
    "current",
    "former",
    "university",
    "family",
    "climbing",
    "neighbours",
    "clients",
    "vendors",
    "board",
    "mentors",
    "conference",
)

# Name | address | company | title | circles | pace | arc
# Name: given/family; family~given where the family name comes first; a single name has neither.
# Address: a whole one, or the part before the company's domain.
# Arc: s steady, r rising, f fading, c cooling lately, q quarterly; then begin-end in months ago.
_CAST = """
Jonas/Brandvold | jonas | tidewater-atlas | Co-founder and CTO | current former | 40 | s36
Amara/Okonkwo | amara | tidewater-atlas | Managing director | current mentors | 28 | s12
Priya/Raghunathan | priya | tidewater-atlas | Lead engineer | current | 10 | s20
Lucía/Ferrer Ibáñez | lucia | tidewater-atlas | Product manager | current | 9 | s14
Beatriz/Carvalhal | beatriz | tidewater-atlas | Product designer | current | 7 | s13
Oskar/Henningsen | oskar | tidewater-atlas | Product designer | current climbing | 9 | r7
Mei-Ling/Zhou | meiling | tidewater-atlas | UX researcher | current university | 8 | r8
Sven/Åkerlund | sven | tidewater-atlas | Cartographer | current | 3 | s18
Tomasz/Wiśniak | tomasz | tidewater-atlas | Backend engineer | current | 2.5 | s19
Tae-min/Seong | taemin | tidewater-atlas | Frontend engineer | current | 3 | s11
Aïssata/Kouyaté-Diop | aissata | tidewater-atlas | Customer success | current | 3.5 | s10
Callum/Pettigrew | callum | tidewater-atlas | Sales | current | 6 | c9
Yasmin/Haddad | yasmin | tidewater-atlas | Marketing | current | 4 | r6
Ruben/van der Meulen | ruben | tidewater-atlas | Operations | current | 2 | s15
Elif/Korkutan | elif | tidewater-atlas | Quality engineer | current | 1.5 | s9
Dmytro/Kovalchyn | dmytro | tidewater-atlas | Infrastructure engineer | current | 1.5 | s16
Saoirse/Gallagher-Quinn | saoirse | tidewater-atlas | Office manager | current | 1.5 | s17
Kwabena/Asante-Boadu | kwabena | tidewater-atlas | Partnerships | current conference | 3.5 | r5
Ilse/Vandenbroucke | ilse | tidewater-atlas | Finance lead | current | 2 | s12
Teodor/Bălanescu | teodor | tidewater-atlas | Intern, cartography | current | 2.5 | r3
Sofie/Rasmussen-Holt | sofie.rasmussen-holt | halyard-works | Design director | \
former mentors | 5 | f36
Marcus/Thornbury | marcus.thornbury | halyard-works | Creative director | former | 5 | f36
Ingeborg/Falkenhaug | ingeborg.falkenhaug | halyard-works | Senior designer | former climbing | \
4 | f36
Diego/Salvatierra | diego.salvatierra | halyard-works | Motion designer | former | 3.5 | f36
Hannah/Whitcombe | hannah.whitcombe | halyard-works | Project manager | former | 5 | f36
Joost/Terpstra | joost.terpstra | halyard-works | Frontend developer | former | 2.5 | f36-8
Anneli/Virtamo | anneli.virtamo | halyard-works | UX writer | former university | 3 | f36
Rashid/Bensalah | rashid.bensalah | halyard-works | Strategist | former | 2 | f36-6
Claire/Montferrand | claire.montferrand | halyard-works | Account director | former | 2.5 | f36-4
Piotr/Zielonka | piotr.zielonka | halyard-works | Illustrator | former | 2 | f36
Naledi/Mokwena | naledi.mokwena | halyard-works | Service designer | former conference | 2.5 | f36
Viktor/Sandehed | viktor.sandehed | halyard-works | Developer | former | 1.5 | f36-14
Greta/Oberhauser | greta.oberhauser | halyard-works | Studio manager | former | 2 | f36-10
Samir/Choudhuri | samir.choudhuri | halyard-works | Data visualisation | former | 2 | f36
Emily/Thackeray-Moss | emily.tm | halyard-works | Copywriter | former | 1.5 | f36-12
Zoltán/Feketics | zoltan.feketics | halyard-works | Sound designer | former | 1 | f36-16
Paulo/Vasquinho | paulo.vasquinho | halyard-works | Junior designer | former | 2 | f36
Elias/Nyström | elias.nystrom@mail.example | fernway-clinic | Paediatrician | \
university family | 56 | s36
Maja/Ekholt | maja.ekholt@inbox.example | paper-crane-studio | Illustrator and founder | \
university climbing | 38 | s36
Leila/Farahani | leila.farahani@mailbox.example | quiet-signal | Product lead | university | \
36 | s36
Henrik/Dahlsjö | henrik.dahlsjo@inbox.example | stonecrop-architects | Architect | \
university neighbours | 2 | s36
Anna-Karin/Westerlid | ak.westerlid@mail.example | arbor-school | Art teacher | university | \
1.5 | s36
Ravi/Subramanya | ravi.subramanya@webmail.example | quiet-signal | Founder | \
university conference | 2.5 | r36
Camille/Dufresnoy | camille@paper-crane-studio.example | paper-crane-studio | Illustrator | \
university | 1.5 | s36
Tove/Birkelund | tove.birkelund@mail.example | | | university | 2.5 | f36
Jakub/Novotník | jakub.novotnik@webmail.example | | Typographer | university | 1.5 | f36
田中~美咲 | misaki.tanaka@inbox.example | | Textile designer | university | 1.2 | q36
Isabel/Quinteros | isabel.quinteros@mailbox.example | | Exhibition designer | university | 1.5 | q36
Mikkel/Storgaard | mikkel.storgaard@webmail.example | | Game designer | university | 5 | c36
Freja/Lundegaard | freja.lundegaard@inbox.example | | Ceramicist | university | 1.2 | q36
Nikolai/Petrenkov | nikolai.petrenkov@mailbox.example | | Photographer | university | 1.2 | f36
Amina/Warsame | amina.warsame@mail.example | open-harbour-trust | Programme manager | \
board university | 3 | r30
Björn/Öhrström | bjorn.ohrstrom@webmail.example | | Industrial designer | university climbing | \
1.8 | s36
Karin/Lindqvist | karin.lindqvist@mail.example | | Retired librarian | family | 12 | s36
Anders/Lindqvist | anders.lindqvist@mail.example | | Retired ship's engineer | family | 3 | s36
Emil/Lindqvist | emil.lindqvist@inbox.example | linnea-bakery | Baker | family | 8 | s36
Sara/Lindqvist | sara.lindqvist@inbox.example | linnea-bakery | Owner | family neighbours | \
2.5 | s36
Astrid/Lindqvist | astrid.lindqvist@mailbox.example | | | family | 1.5 | q36
Gunnar/Nyström | gunnar.nystrom@mail.example | | | family | 1 | q36
Birgitta/Nyström | birgitta.nystrom@mail.example | | Piano teacher | family | 2.5 | s36
Ellen/Nyström | ellen.nystrom@webmail.example | fernway-clinic | Physiotherapist | \
family climbing | 3 | s36
Per/Lindqvist | per.lindqvist@mailbox.example | | Carpenter | family | 0.7 | q36
Ulla/Bergmarker | ulla.bergmarker@mail.example | | | family | 0.7 | q36
Johan/Bergmarker | johan.bergmarker@inbox.example | | Tram driver | family | 1 | q36
Ida/Bergmarker | ida.bergmarker@inbox.example | | Law student | family | 1 | s36
Matilda/Nyström-Aalto | matilda.aalto@webmail.example | | Midwife | family | 1.2 | q36
Antti/Aaltola | antti.aaltola@webmail.example | | Boat builder | family | 0.7 | q36
Wilma/Lindqvist | wilma.lindqvist@mail.example | | | family | 1 | r20
Kofi/Mensah-Lartey | kofi.mensah@mail.example | ropewalk-gym | Route setter | climbing | 7 | s36
Signe/Thorvaldsen | signe.thorvaldsen@inbox.example | | Geologist | climbing | 5.5 | s36
Arjun/Mehrotra | arjun.mehrotra@mailbox.example | | Anaesthetist | climbing | 2 | s30
Pernilla/Strandell | pernilla.strandell@mail.example | ropewalk-gym | Manager | climbing | 1.5 | s36
Gabriel/Nakamori | gabriel.nakamori@webmail.example | | Chef | climbing | 1.5 | s28
Wiebke/Hansen-Lüders | wiebke.lueders@inbox.example | | Marine biologist | climbing board | \
2.5 | s33
Luca/Bentivegna | luca.bentivegna@mailbox.example | | Bicycle mechanic | climbing | 4 | c36
Eun-ji/Baek | eunji.baek@webmail.example | | Violinist | climbing | 1.5 | s22
Rasmus/Kjellgård | rasmus.kjellgard@mail.example | | Software tester | climbing | 1.2 | f36
Olivia/Fairweather | olivia.fairweather@inbox.example | | Translator | climbing | 2 | r14
Tariq/Almasi | tariq.almasi@brightwater-rail.example | brightwater-rail | \
Head of passenger information | clients climbing | 4 | s26
Marit/Solbakken | marit.solbakken@mailbox.example | | Nurse | climbing | 1 | s36
Stefan/Grünwalder | stefan.gruenwalder@webmail.example | | Mountain guide | climbing | 1.2 | q36
Nadia/Benkassem | nadia.benkassem@inbox.example | | Pharmacist | climbing | 1 | f36-7
Hugo/Lindeberger | hugo.lindeberger@mail.example | | | climbing | 0.8 | s20
Pilar/Echevarrieta | pilar.echevarrieta@mailbox.example | | Dance teacher | climbing | 0.8 | s18
Svea/Holmkvist | svea.holmkvist@mail.example | | Radio producer | climbing neighbours | 2.5 | s36
Jón/Sigurþórsson | jon.sigurthorsson@webmail.example | | | climbing | 0.8 | f30-5
Margareta/Sjögrund | margareta.sjogrund@mail.example | | Chair of the housing co-op | \
neighbours | 2.5 | s36
Nils/Oxenholm | nils.oxenholm@mailbox.example | | Caretaker | neighbours | 1.5 | s36
Fatima/Zahraoui | fatima.zahraoui@inbox.example | | Dentist | neighbours | 1.5 | s30
Bo/Lagerqvister | bo.lagerqvister@mail.example | | | neighbours | 1 | s36
Yuki/Hayashida | yuki.hayashida@webmail.example | | Interpreter | neighbours | 1.5 | r16
Stina/Palmgård | stina.palmgard@inbox.example | | Gardener | neighbours | 1.5 | s36
Goran/Petrinić | goran.petrinic@mailbox.example | | Electrician | neighbours | 0.8 | q36
Ebba/Rosenlind | ebba.rosenlind@mail.example | | Student | neighbours | 0.8 | s12
Ahmed/Osman Nurre | ahmed.nurre@webmail.example | | Bus driver | neighbours | 0.8 | s24
Lennart/Bystrand | lennart.bystrand@mail.example | | | neighbours | 0.6 | q36
Zainab/Kareemi | zainab.kareemi@inbox.example | | Optician | neighbours | 1 | s18
Felix/Wallander-Roos | felix.roos@mailbox.example | | | neighbours | 0.6 | f36-9
Suryanto | suryanto@webmail.example | | Puppeteer | neighbours | 1.2 | s20
Torbjørn/Haugerud | torbjorn.haugerud | skerry-lines | Head of digital | clients | 7 | s20
Kristin/Aasgaard | kristin.aasgaard | skerry-lines | Product owner | clients | 4 | s18
Mounir/El-Khatab | mounir.elkhatab | skerry-lines | Timetable planner | clients | 2 | r10
Beate/Lindgaarden | beate.lindgaarden | vindholm-harbour | Harbour master | clients board | 4 | r11
Harald/Tveitnes | harald.tveitnes | vindholm-harbour | Survey engineer | clients | 2 | s11
Siw/Kallevik | siw.kallevik | vindholm-harbour | Communications | clients | 1.5 | r8
Eleanor/Ashdown | eleanor.ashdown | saltmarsh-museum | Curator of maps | clients conference | \
8 | c17
Rupert/Finchingfield | rupert.finchingfield | saltmarsh-museum | Exhibitions | clients | 5 | c16
姚~欣怡 | xinyi.yao | saltmarsh-museum | Digital archive | clients | 1.5 | c14
Valentina/Moretti-Sala | valentina.morettisala | north-quay-hotels | Brand director | clients | \
3 | f19-2
Jean-Baptiste/Lacassagne | jb.lacassagne | north-quay-hotels | Guest services | clients | 1.5 | \
f18-5
Patrik/Sunneborn | patrik.sunneborn | ostra-energi | Grid planner | clients neighbours | 2.5 | s13
Lotta/Engvaller | lotta.engvaller | ostra-energi | Project lead | clients | 3 | r9
Siobhán/Kearney-Walsh | siobhan.kearneywalsh | brightwater-rail | Procurement | clients | 1.5 | s24
Desmond/Achterberg | desmond.achterberg | brightwater-rail | Stations | clients | 1 | q22
Cornelia/Brandtner | cornelia.brandtner | lantern-law | Partner | vendors | 1.5 | s22
Magnus/Öhlinder | magnus.ohlinder | ledger-lane | Accountant | vendors | 1.8 | s22
Dorota/Maciejak | dorota.maciejak | copperplate-print | Print manager | vendors former | 1.2 | q34
Ville/Laaksola | ville.laaksola | cloudberry-hosting | Account engineer | vendors | 1 | q21
Inés/Barrenechea | ines.barrenechea | meridian-surveys | Survey lead | clients conference | \
2.2 | r12
Thandiwe/Dlaminka | thandiwe.dlaminka | gullwing-drones | Founder | clients conference | 2 | r7
Helena/Castellanos-Ruiz | helena.castellanosruiz | open-harbour-trust | Chair | board | 6 | r26
Abdi/Warfaye | abdi.warfaye | open-harbour-trust | Treasurer | board | 2 | s26
Gunilla/Tornberg | gunilla.tornberg | open-harbour-trust | Secretary | board neighbours | 1.5 | s26
Oluwaseun/Bankole-Price | seun.bankoleprice@mail.example | | Trustee | board | 1.2 | s24
Marguerite/Delacourt-Ny | marguerite.delacourt@mailbox.example | | Trustee | board | 1 | q26
Sigurd/Ringdalen | sigurd.ringdalen@webmail.example | | Trustee | board | 1 | s20
ليلى/المنصوري | layla.almansouri | open-harbour-trust | Fundraising | board | 1.8 | r15
Rosalind/Kettleworth | rosalind.kettleworth@inbox.example | | Trustee | board | 0.8 | f26-6
Nils-Arvid/Utsi-Holm | nilsarvid.utsiholm@mail.example | | Trustee | board | 0.8 | q22
Lars-Göran/Tengvaller | lars-goran.tengvaller | mossgrove-institute | Professor of design | \
mentors university | 2.5 | s36
Ruth/Abernethy-Cole | ruth.abernethycole | juniper-capital | Partner | mentors | 6 | r24
Chidi/Nwosuagu | chidi.nwosuagu | juniper-capital | Associate | mentors clients | 2 | r10
Margit/Hollósi | margit.hollosi@mail.example | | Retired founder | mentors board | 1.8 | s28
Theo/Blackthorn | theo.blackthorn | sundial-press | Editor | conference mentors | 1.2 | s30
Kerstin/Abelsson | kerstin.abelsson | blue-heron-maps | Cartographer | conference | 1.5 | s30
Benedikt/Harlacher | benedikt.harlacher | blue-heron-maps | Founder | conference | 1 | q30
邬~晓彤 | xiaotong.wu | blue-heron-maps | Research | conference | 0.8 | q22
Dafydd/Prys-Morgan | dafydd.prysmorgan | meridian-surveys | Geodesist | conference | 0.8 | f30-6
Оксана/Вербицька | oksana.verbytska | quiet-signal | Data journalist | conference | 1 | r14
María del Carmen Fernanda/de la Concepción Rodríguez-Villanueva y Monteagudo | \
mcf.rodriguezvillanueva | sundial-press | Picture editor | conference | 0.8 | q24
Ngozi/Ekwueme-Lind | ngozi.ekwuemelind@mailbox.example | | Wayfinding designer | conference | \
1.2 | s24
Aleksander/Brzeski | aleksander.brzeski | gullwing-drones | Pilot | conference | 0.6 | q18
Hye-rin/Noh | hyerin.noh@webmail.example | | Type designer | conference | 0.6 | q26
Ferdinand/Oystercatcher-Lane | ferdinand.lane@inbox.example | | Signwriter | conference | 0.5 | \
f32-8
Mahnaz/Shirvani | mahnaz.shirvani | mossgrove-institute | Lecturer | conference mentors | 1 | s26
Cillian/Roscommon-Hart | cillian.hart@mailbox.example | | Accessibility consultant | \
conference | 1 | s20
Tui/Parata-Wells | tui.parata | meridian-surveys | Hydrographer | conference | 0.6 | q16
Anahit/Sarkissova | anahit.sarkissova@webmail.example | | Book designer | conference | 0.6 | q28
"""

_SHAPES = {"s": "steady", "r": "rising", "f": "fading", "c": "cooling", "q": "quarterly"}


def company_name(label: str) -> str:
    """The name of the company whose domain is `<label>.example`."""
    return " ".join(word.capitalize() for word in label.split("-"))


def cast() -> tuple[Person, ...]:
    """Everyone in the sample life but the sample person, in a fixed order."""
    lines = _CAST.strip().splitlines()
    return tuple(_person(*(column.strip() for column in line.split("|"))) for line in lines)


def _person(
    name: str, address: str, company: str, title: str, circles: str, pace: str, arc: str
) -> Person:
    given, slash, family = name.partition("/")
    whole = f"{given} {family}"
    if not slash:
        family, tilde, given = name.partition("~")
        whole = family + given
        if not tilde:
            given, family = family, ""
    email = address if "@" in address else f"{address}@{company}.example"
    begin, _, end = arc[1:].partition("-")
    return Person(
        name=whole,
        given=given,
        family=family,
        email=email,
        company=company,
        title=title,
        circles=tuple(circles.split()),
        pace=float(pace),
        arc=Arc(float(begin), float(end or 0), _SHAPES[arc[0]]),
    )
