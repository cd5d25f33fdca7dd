"""Who an address belongs to: one contact per address set, names and kinds by vote."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from crm_desktop.base.clock import now_seconds
from crm_desktop.base.jobs import JobContext
from crm_desktop.domain.addresses import address_kind
from crm_desktop.domain.changes import ChangeKind, Changes
from crm_desktop.domain.companies import company_domain, company_name_from_domain
from crm_desktop.domain.contacts import ContactKind, IdentifierKind, name_from_address, name_key
from crm_desktop.domain.derived import Derived
from crm_desktop.domain.edits import former_domain, former_name
from crm_desktop.domain.messages import Draft, Mailbox, MessageKind, Role
from crm_desktop.model.contacts import DerivedFields, Evidence, NewContact
from crm_desktop.model.pending import EVERYTHING, TAKEN
from crm_desktop.services.card_relationships import relate_cards

if TYPE_CHECKING:
    from crm_desktop.model.database import UnitOfWork
    from crm_desktop.services.access import Access

FULL_NAME_WEIGHT = 1.5
MIN_COLLEAGUES = 2
MANY_NAMES = 8
"""An address that writes under so many names, none of them usual, is a machine relaying others."""
ADDRESSED = "addressed"
"""The vote of a personal message for the one it is written to: newsletters get no letters."""
DERIVE_BATCH = 150
SETTLED = Changes.of(
    ChangeKind.CONTACTS,
    ChangeKind.COMPANIES,
    ChangeKind.RELATIONSHIPS,
    ChangeKind.RELATIONSHIP_TYPES,
)
"""What settling contacts may change: names, companies, and what follows from cards."""

Resolved = dict[str, tuple[int, int]]
"""(identifier_id, contact_id) by canonical address."""


def people_of(draft: Draft) -> list[tuple[Mailbox, Role]]:
    """Everyone a message names, with the role, sender first."""
    people: list[tuple[Mailbox, Role]] = []
    if draft.sender is not None:
        people.append((draft.sender, Role.SENDER))
    people.extend((mailbox, Role.RECIPIENT) for mailbox in draft.recipients)
    people.extend((mailbox, Role.CC) for mailbox in draft.cc)
    people.extend((mailbox, Role.PARTICIPANT) for mailbox in draft.participants)
    return people


def resolve_people(
    store: UnitOfWork, drafts: Sequence[Draft], import_id: int
) -> tuple[Resolved, int]:
    """Identifier and contact of every address in the drafts; unknown ones become contacts.

    Counts the votes of these drafts. Also returns how many contacts were created.
    """
    mailboxes = [(mailbox, role, draft) for draft in drafts for mailbox, role in people_of(draft)]
    addresses: dict[str, None] = {}
    for draft in drafts:
        addresses.update((mailbox.address, None) for mailbox, _ in people_of(draft))
        if draft.list_address:
            addresses[draft.list_address] = None
    resolved = store.contacts.resolve(IdentifierKind.EMAIL, addresses)
    names: dict[str, str] = {}
    for mailbox, _, _ in mailboxes:
        if mailbox.name and mailbox.address not in names:
            names[mailbox.address] = mailbox.name
    created = _create_missing(store, addresses, resolved, names, import_id)
    store.contacts.add_votes(import_id, _votes(mailboxes, drafts, resolved))
    return resolved, created


def repeat_votes(store: UnitOfWork, drafts: Sequence[Draft], import_id: int) -> None:
    """Count what copies of stored messages say of the addresses that are known."""
    if not drafts:
        return
    mailboxes = [(mailbox, role, draft) for draft in drafts for mailbox, role in people_of(draft)]
    addresses = {mailbox.address for mailbox, _, _ in mailboxes}
    addresses.update(draft.list_address for draft in drafts if draft.list_address)
    known = store.contacts.resolve(IdentifierKind.EMAIL, addresses)
    store.contacts.add_votes(
        import_id,
        _votes(
            [entry for entry in mailboxes if entry[0].address in known],
            [draft for draft in drafts if not draft.list_address or draft.list_address in known],
            known,
        ),
    )


def _create_missing(
    store: UnitOfWork,
    addresses: Iterable[str],
    resolved: Resolved,
    names: dict[str, str],
    import_id: int,
) -> int:
    missing = [address for address in addresses if address not in resolved]
    if not missing:
        return 0
    contact_id, identifier_id = store.contacts.next_ids()
    rows = []
    for index, address in enumerate(missing):
        name = names.get(address, "")
        rows.append(
            NewContact(
                contact_id + index,
                identifier_id + index,
                IdentifierKind.EMAIL,
                address,
                address,
                name or name_from_address(address),
                bool(name),
                address_kind(address, name),
            )
        )
        resolved[address] = (identifier_id + index, contact_id + index)
    store.contacts.insert(rows, import_id, now_seconds())
    return len(rows)


def _votes(
    mailboxes: Sequence[tuple[Mailbox, Role, Draft]], drafts: Sequence[Draft], resolved: Resolved
) -> Counter[tuple[int, str, str]]:
    votes: Counter[tuple[int, str, str]] = Counter()
    for mailbox, role, draft in mailboxes:
        identifier_id = resolved[mailbox.address][0]
        if mailbox.name:
            votes[identifier_id, "name", mailbox.name] += 1
        if role is Role.SENDER:
            kind = ContactKind.BOT if draft.kind is MessageKind.BULK else ContactKind.PERSON
            votes[identifier_id, "kind", kind.value] += 1
        elif draft.kind is MessageKind.PERSONAL:
            votes[identifier_id, "kind", ADDRESSED] += 1
    for draft in drafts:
        if draft.list_address:
            votes[resolved[draft.list_address][0], "kind", ContactKind.LIST.value] += 1
        for address in draft.delivered_to:
            if address in resolved:
                votes[resolved[address][0], "delivered", ""] += 1
    return votes


def derive(evidence: Evidence) -> DerivedFields:
    """The fields of a contact that imports decide, from everything they say of it.

    The newest card wins field by field; without cards the display name most messages used, a
    name of several words counting half as much again.
    """
    cards = evidence.cards[::-1]

    def newest(key: str) -> str | None:
        return next((str(card[key]) for card in cards if card.get(key)), None)

    addresses = [value for _, kind, value in evidence.identifiers if kind == "email"]
    card_name = newest("name")
    name = card_name or _best_name(evidence.votes.get("name", {}))
    shown = name or newest("organization")
    if not shown:
        values = [value for _, _, value in evidence.identifiers]
        shown = name_from_address(addresses[0]) if addresses else (values or ["(no name)"])[0]
    return DerivedFields(
        name=shown,
        name_key=name_key(name) if name else "",
        kind=_kind(evidence, addresses, name),
        given_name=newest("given_name"),
        family_name=newest("family_name"),
        title=newest("title"),
        birthday=newest("birthday"),
        notes=newest("notes"),
        photo=evidence.photo,
        primary_identifier_id=_primary(evidence, cards),
        tags=tuple(sorted({str(tag) for card in cards for tag in _strings(card, "categories")})),
    )


def _strings(card: dict[str, object], key: str) -> list[str]:
    value = card.get(key)
    return [str(item) for item in value] if isinstance(value, list) else []


def _best_name(votes: dict[str, int]) -> str | None:
    if not votes:
        return None

    def weight(name: str) -> tuple[float, int, str]:
        words = len(name.split())
        return votes[name] * (FULL_NAME_WEIGHT if words >= 2 else 1.0), words, name

    return max(votes, key=weight)


def _kind(evidence: Evidence, addresses: Sequence[str], name: str | None) -> ContactKind:
    if any(card.get("name") for card in evidence.cards):
        return ContactKind.PERSON
    if evidence.cards:
        return ContactKind.ROLE
    kinds = [address_kind(address, name or "") for address in addresses]
    for kind in kinds:
        if kind is not ContactKind.PERSON:
            return kind
    votes = evidence.votes.get("kind", {})
    wrote = votes.get(ContactKind.PERSON.value, 0)
    if votes.get(ContactKind.LIST.value, 0) > wrote:
        return ContactKind.LIST
    bot = votes.get(ContactKind.BOT.value, 0)
    if bot and bot >= wrote + votes.get(ADDRESSED, 0):
        return ContactKind.BOT
    names = evidence.votes.get("name", {})
    if len(names) >= MANY_NAMES and 2 * max(names.values()) < sum(names.values()):
        return ContactKind.BOT
    return ContactKind.PERSON


def _primary(evidence: Evidence, cards: Sequence[dict[str, object]]) -> int | None:
    by_value = {value: id_ for id_, kind, value in evidence.identifiers if kind == "email"}
    for card in cards:
        for address in _strings(card, "emails"):
            if address in by_value:
                return by_value[address]
    if by_value:
        return min(by_value.values())
    return min((id_ for id_, _, _ in evidence.identifiers), default=None)


def settle_contacts(access: Access, *, ctx: JobContext | None = None) -> Changes:
    """Elect names and kinds and assign companies wherever an import, finished or stopped part
    way, has brought something new; and find whom cards name among people that were edited."""
    ctx = ctx or JobContext()
    access.write(lambda store: store.pending.take([Derived.CONTACTS]))
    with access.read(ctx.token) as store:
        marks = store.pending.peek(Derived.CONTACTS + TAKEN)
        touched = {id_: store.contacts.touched_by(id_) for id_ in marks if id_ != EVERYTHING}
    for import_id, contact_ids in touched.items():
        derive_contacts(access, contact_ids, ctx)
        assign_companies(access, import_id, ctx)
    changes = SETTLED if touched else relate_cards(access, ctx) if marks else Changes()
    access.write(lambda store: store.pending.clear(Derived.CONTACTS + TAKEN))
    return changes


def derive_contacts(
    access: Access, contact_ids: Sequence[int], ctx: JobContext | None = None
) -> None:
    """Derive the fields of contacts anew and refresh their full text, a few hundred at a time."""
    ctx = ctx or JobContext()
    for start in range(0, len(contact_ids), DERIVE_BATCH):
        ctx.tick(start, len(contact_ids), "Settling names")
        chunk = contact_ids[start : start + DERIVE_BATCH]
        access.write(partial(derive_in, contact_ids=chunk))


def derive_in(store: UnitOfWork, contact_ids: Sequence[int]) -> None:
    """Derive the fields of contacts anew within a running write."""
    rows = [(evidence, derive(evidence)) for evidence in store.contacts.evidence(contact_ids)]
    if rows:
        store.contacts.save_derived(rows)
        store.fulltext.refresh_contacts([evidence.contact_id for evidence, _ in rows])


def assign_companies(access: Access, import_id: int | None, ctx: JobContext | None = None) -> None:
    """Give every person the company of the newest card or, failing that, of the address's domain.

    A domain becomes a company once two people use it, or when the person says so. A function of
    all imported data and of what the person said, so the order of imports does not matter and
    removing one takes its companies back. What the person chose or deleted stays so.
    """
    ctx = ctx or JobContext()
    with access.read(ctx.token) as store:
        addresses = store.contacts.person_addresses()
        organizations = store.address_book.organizations()
        current = store.contacts.derived_companies()
        chosen, deleted = store.companies.chosen_domains(), store.companies.deleted()
    domains: dict[int, str] = {}
    for index, (contact_id, address) in enumerate(addresses):
        if index % 5000 == 0:
            ctx.tick(index, len(addresses), "Finding companies")
        if contact_id not in domains and (domain := company_domain(address)):
            domains[contact_id] = domain
    members = Counter(domains.values())
    wanted: dict[int, tuple[str, str | None]] = {}
    for contact_id, domain in domains.items():
        name = company_name_from_domain(domain)
        if not deleted.isdisjoint((former_domain(domain), former_name(name))):
            continue
        if members[domain] >= MIN_COLLEAGUES or domain in chosen:
            wanted[contact_id] = (name, domain)
    for contact_id, organization in organizations.items():
        if former_name(organization) not in deleted:
            wanted[contact_id] = (organization, None)

    ids = access.write(lambda store: _company_ids(store, wanted.values(), import_id))
    changed: list[tuple[int | None, int]] = []
    for contact_id, company_id in current.items():
        target = ids[wanted[contact_id]] if contact_id in wanted else None
        if target != company_id:
            changed.append((target, contact_id))

    for start in range(0, len(changed), DERIVE_BATCH):
        ctx.tick(start, len(changed), "Finding companies")
        chunk = changed[start : start + DERIVE_BATCH]
        access.write(partial(_assign, rows=chunk))

    relate_cards(access, ctx)

    def tidy(store: UnitOfWork) -> None:
        store.companies.forget_domains(domain for _, domain in wanted.values() if domain)
        store.companies.delete_unused()
        store.fulltext.refresh_companies()

    access.write(tidy)


def _assign(store: UnitOfWork, rows: Sequence[tuple[int | None, int]]) -> None:
    """Save (company_id, contact_id) pairs and refresh the contacts' full text."""
    store.contacts.save_companies(rows)
    store.fulltext.refresh_contacts([contact_id for _, contact_id in rows])


def _company_ids(
    store: UnitOfWork, wanted: Iterable[tuple[str, str | None]], import_id: int | None
) -> dict[tuple[str, str | None], int]:
    """The company of each (name, domain); a name without a domain and a domain of the same name
    are one company."""
    by_domain = store.companies.by_domain()
    distinct = sorted(set(wanted), key=lambda pair: (pair[1] is None, pair[1] or "", pair[0]))
    by_name = store.companies.by_name_key({name_key(name) for name, _ in distinct})
    ids: dict[tuple[str, str | None], int] = {}
    now = now_seconds()
    for name, domain in distinct:
        key = name_key(name)
        known = by_domain.get(domain) if domain else by_name.get(key)
        if known is None and domain and key in by_name and by_name[key] not in by_domain.values():
            known = by_name[key]
            if store.companies.may_get_domain(known):
                store.companies.set_domain(known, domain)
        if known is None:
            known = store.companies.add_imported(name, domain=domain, import_id=import_id, now=now)
        if domain:
            by_domain[domain] = known
        by_name.setdefault(key, known)
        ids[name, domain] = known
    return ids
