"""What a person does to companies."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from crm_desktop.base.errors import InvalidInput, UserError
from crm_desktop.domain.changes import ChangeKind
from crm_desktop.domain.contacts import CardDraft
from crm_desktop.model.fulltext import searchable_words
from crm_desktop.model.undo import RECORDED_TABLES
from crm_desktop.services.cards import company_card
from crm_desktop.services.company_edits import (
    create_company,
    create_employer,
    delete_company,
    parse_domain,
    update_company,
)
from crm_desktop.services.contact_edits import update_contact
from crm_desktop.services.imports import import_items, import_paths
from crm_desktop.services.removal import remove_import
from crm_desktop.services.undo import redo, undo
from tests.contents import contents, mailbox, rows
from tests.life import Life
from tests.mail_samples import START, message

if TYPE_CHECKING:
    from crm_desktop.model.database import UnitOfWork
    from crm_desktop.services.access import DirectAccess


def companies(access: DirectAccess) -> dict[str, tuple[str | None, int]]:
    """Domain and number of people by name."""
    return {
        str(name): (domain, count)  # type: ignore[misc]
        for name, domain, count in rows(
            access,
            "SELECT o.name, o.domain, (SELECT count(*) FROM contacts c WHERE c.company_id = o.id)"
            " FROM companies o",
        )
    }


def id_of(access: DirectAccess, name: str) -> int:
    return int(str(rows(access, f"SELECT id FROM companies WHERE name = '{name}'")[0][0]))


def found(access: DirectAccess, text: str) -> tuple[list[int], list[int]]:
    """The contacts and companies that match."""
    words = searchable_words(text)
    with access.read() as store:
        return list(store.fulltext.matching_contacts(words)), store.fulltext.find_companies(words)


def write_to(*domains: str, folder: Path, name: str = "box.mbox") -> Path:
    """A mailbox in which two people of each domain get a letter."""
    texts = [
        message(
            sender=f"ann.{domain.split('.')[0]}@{domain}",
            to=f"ben.{domain.split('.')[0]}@{domain}",
            subject=f"News of {domain} {name}",
            date=START,
        )
        for domain in domains
    ]
    return mailbox(folder, *texts, name=name)


@pytest.fixture
def acme(access: DirectAccess, tmp_path: Path) -> int:
    """A company that mail has shown, with two people."""
    import_paths(access, [write_to("acme.example", folder=tmp_path)])
    assert companies(access) == {"Acme": ("acme.example", 2)}
    return id_of(access, "Acme")


def again(access: DirectAccess, folder: Path) -> None:
    """Let imports say again, and more of, what they said."""
    import_paths(access, [write_to("acme.example", folder=folder)])
    import_paths(access, [write_to("acme.example", folder=folder, name="more.mbox")])


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        (None, None),
        ("  ", None),
        ("Acme.Example", "acme.example"),
        ("https://www.acme.example:8080/about?x=1#y", "acme.example"),
        ("ada@mail.acme.co.uk", "acme.co.uk"),
        ("b\u00fccher.example", "xn--bcher-kva.example"),
        ("gmail.com", "gmail.com"),
    ],
)
def test_a_domain_is_read_out_of_what_people_paste(text: str | None, domain: str | None) -> None:
    assert parse_domain(text) == domain


@pytest.mark.parametrize(
    "text", ["acme", "acme.", "http://", "127.0.0.1", "acme example", "-a.b", "a..b", "x" * 300]
)
def test_what_is_no_domain_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="no domain"):
        parse_domain(text)


def test_a_new_company_is_found_described_and_undone(access: DirectAccess) -> None:
    before = contents(access, RECORDED_TABLES)
    done = create_company(access, " Acme\tLtd ", domain="www.acme.example")
    assert ChangeKind.COMPANIES in done.changes.kinds
    update_company(access, done.value, notes="Pays\r\nlate")
    card = company_card(access, done.value)
    assert (card.name, card.domain, card.notes) == ("Acme Ltd", "acme.example", "Pays\nlate")
    assert found(access, "acme") == ([], [done.value])
    undo(access)
    undo(access)
    assert contents(access, RECORDED_TABLES) == before
    assert found(access, "acme") == ([], [])


def test_a_new_employer_is_one_step(access: DirectAccess) -> None:
    bob = access.write(lambda store: Life(store).contact("Bob"))
    before = contents(access, RECORDED_TABLES)
    acme = create_employer(access, bob, " Acme ").value
    assert [person[:2] for person in company_card(access, acme).people] == [(bob, "Bob")]
    with pytest.raises(UserError, match="already a company"):
        create_employer(access, bob, "ACME")
    with pytest.raises(UserError, match="no longer there"):
        create_employer(access, 99, "Globex")
    assert undo(access).value == "Change company of Bob"
    assert contents(access, RECORDED_TABLES) == before


def test_names_and_domains_are_one_companys(access: DirectAccess) -> None:
    acme = create_company(access, "Acme", domain="acme.example").value
    bravo = create_company(access, "Bravo").value
    with pytest.raises(UserError, match="already a company “Acme”"):
        create_company(access, " ACME ")
    with pytest.raises(UserError, match="already a company “Acme”"):
        update_company(access, bravo, name="acme")
    with pytest.raises(UserError, match=r"acme\.example belongs to the company “Acme”"):
        update_company(access, bravo, domain="acme.example")
    with pytest.raises(InvalidInput, match="at least one letter"):
        update_company(access, bravo, name=" \u200b")
    update_company(access, acme, name="ACME")
    assert set(companies(access)) == {"ACME", "Bravo"}


def test_who_is_gone_is_said_to_be(access: DirectAccess) -> None:
    for command in (lambda: update_company(access, 9, name="x"), lambda: delete_company(access, 9)):
        with pytest.raises(UserError, match="no longer there"):
            command()


def test_what_is_the_same_is_no_edit(access: DirectAccess, acme: int) -> None:
    update_company(access, acme)
    update_company(access, acme, name="Acme", domain="acme.example", notes=" ")
    assert access.undo_status.undo_label is None


def test_people_are_found_by_their_companys_new_name(access: DirectAccess, acme: int) -> None:
    update_company(access, acme, name="Zenith")
    assert len(found(access, "zenith")[0]) == 2
    assert found(access, "ann zenith")[0]
    undo(access)
    assert found(access, "zenith") == ([], [])


@pytest.mark.parametrize(
    "edit",
    [
        {"name": "Zenith"},
        {"domain": "zenith.example"},
        {"domain": None},
        {"name": "Zenith", "domain": "zenith.example", "notes": "moved"},
    ],
)
def test_an_edit_lasts_and_moves_nobody(
    access: DirectAccess, acme: int, tmp_path: Path, edit: dict[str, Any]
) -> None:
    update_company(access, acme, **edit)
    before = companies(access)
    again(access, tmp_path)
    assert companies(access) == before
    undo(access)
    again(access, tmp_path)
    assert companies(access) == {"Acme": ("acme.example", 2)}


def test_a_name_from_cards_may_be_changed(access: DirectAccess) -> None:
    cards = [CardDraft("", "Ada Abel", 1, organization="Abel", emails=("ada@north.example",))]
    import_items(access, "vcard", "cards", cards)
    update_company(access, id_of(access, "Abel"), name="Abel & Sons")
    cards.append(CardDraft("", "Bo Bond", 2, organization="ABEL", emails=("bo@north.example",)))
    import_items(access, "vcard", "cards", cards)
    assert companies(access) == {"Abel & Sons": (None, 2)}
    # The old name may come to mean another company.
    create_company(access, "Abel")
    cards.append(CardDraft("", "Cy Cole", 3, organization="Abel", emails=("cy@north.example",)))
    import_items(access, "vcard", "cards", cards)
    assert companies(access) == {"Abel & Sons": (None, 0), "Abel": (None, 3)}


def test_what_a_person_made_of_a_company_outlives_the_import(
    access: DirectAccess, acme: int
) -> None:
    kept = create_company(access, "Bravo", domain="bravo.example").value
    update_company(access, acme, notes="Pays late")
    remove_import(access, 1)
    assert companies(access) == {"Acme": (None, 0), "Bravo": ("bravo.example", 0)}
    assert company_card(access, acme).notes == "Pays late"
    assert company_card(access, kept).domain == "bravo.example"


def test_a_company_nobody_made_anything_of_goes_with_its_people(
    access: DirectAccess, acme: int
) -> None:
    ann = int(str(rows(access, "SELECT min(id) FROM contacts")[0][0]))
    update_contact(access, ann, title="Chair")  # so she stays
    remove_import(access, 1)
    assert companies(access) == {}
    assert rows(access, "SELECT company_id, title FROM contacts") == [(None, "Chair")]


def test_a_chosen_domain_takes_those_without_a_company(
    access: DirectAccess, tmp_path: Path
) -> None:
    other = create_company(access, "X").value

    def make(store: UnitOfWork) -> dict[str, int]:
        life = Life(store)
        return {
            "one": life.contact("One", "one@mail.acme.example"),
            "elsewhere": life.contact("Two", "two@acme.example"),
            "second": life.contact("Three", "three@bravo.example", "three@acme.example"),
            "similar": life.contact("Four", "four@notacme.example"),
            "list": life.contact("Five", "five@acme.example", kind="list"),
            "chose": life.contact("Six", "six@acme.example"),
        }

    ids = access.write(make)
    for name in ("elsewhere", "chose"):
        update_contact(access, ids[name], company_id=other)
    update_contact(access, ids["chose"], company_id=None)
    before = contents(access, RECORDED_TABLES)
    acme = create_company(access, "Acme", domain="acme.example").value
    assert rows(access, f"SELECT id FROM contacts WHERE company_id = {acme}") == [(ids["one"],)]
    assert found(access, "one acme")[0] == [ids["one"]]
    import_paths(access, [write_to("delta.example", folder=tmp_path)])  # says the same
    assert rows(access, f"SELECT id FROM contacts WHERE company_id = {acme}") == [(ids["one"],)]
    remove_import(access, 1)
    undo(access)
    assert contents(access, RECORDED_TABLES) == before


def test_a_deleted_company_stays_away_until_it_is_made_again(
    access: DirectAccess, acme: int, tmp_path: Path
) -> None:
    before = contents(access, RECORDED_TABLES)
    delete_company(access, acme)
    assert rows(access, "SELECT count(*) FROM contacts WHERE company_id IS NULL") == [(2,)]
    again(access, tmp_path)
    assert companies(access) == {}
    create_company(access, "Acme", domain="acme.example")
    assert companies(access) == {"Acme": ("acme.example", 2)}
    undo(access)
    undo(access)
    again(access, tmp_path)
    assert companies(access) == {"Acme": ("acme.example", 2)}
    assert {row[2] for row in before["companies"]} == {"acme"}


def test_deleting_takes_relationships_along_and_brings_them_back(
    access: DirectAccess, acme: int
) -> None:
    def make(store: UnitOfWork) -> None:
        life = Life(store)
        bravo = life.company("Bravo")
        life.relationship("rt-employee", acme, life.contact("Cy"))
        life.relationship("rt-partner", acme, bravo)
        store.relationships.decide("rt-vendor", acme, bravo, "rejected")

    access.write(make)
    before = contents(access, RECORDED_TABLES)
    delete_company(access, acme)
    assert access.undo_status.undo_label == "Delete Acme"
    for table in ("relationships", "relationship_decisions"):
        assert rows(access, f"SELECT count(*) FROM {table}") == [(0,)]
    assert found(access, "acme")[1] == []
    undo(access)
    assert contents(access, RECORDED_TABLES) == before
    assert found(access, "acme")[1] == [acme]
    redo(access)
    assert set(companies(access)) == {"Bravo"}
