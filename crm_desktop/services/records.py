"""Storing what another program's database holds besides messages and cards: companies, types,
relationships, and conversations of which only counts are known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from crm_desktop.base.clock import now_seconds
from crm_desktop.base.errors import InvalidInput
from crm_desktop.domain.addresses import address_kind
from crm_desktop.domain.contacts import ContactKind, IdentifierKind, name_from_address, name_key
from crm_desktop.domain.edits import former_name
from crm_desktop.domain.imports import Reject
from crm_desktop.domain.keys import stable_key
from crm_desktop.domain.records import (
    CompanyDraft,
    ConversationDraft,
    ParticipantDraft,
    Record,
    RelationshipDraft,
    TypeDraft,
)
from crm_desktop.domain.relationships import (
    Decision,
    EntityKind,
    RelationshipSource,
    RelationshipType,
)
from crm_desktop.importers.addresses import canonical
from crm_desktop.importers.rfc822 import SOURCE_TYPE
from crm_desktop.model.contacts import NewContact
from crm_desktop.model.counted import CountedParticipant
from crm_desktop.services.phones import canonical_phone

if TYPE_CHECKING:
    from crm_desktop.model.database import UnitOfWork
    from crm_desktop.services.storing import BatchResult

MISSING_END = "the person or company at one end of it could not be read"
DELETED_END = "you deleted the company at one end of it"
SAME_END = "both ends of it are the same person or company here"
NOBODY = "nobody in it could be read"
NO_TYPE = "its type could not be read"


def store_records(
    store: UnitOfWork,
    records: Sequence[Record],
    import_id: int,
    region: str | None,
    result: BatchResult,
) -> None:
    """Store records within a running write and account for each in `result`.

    Companies and types come before the relationships that name them, and people's cards before
    both relationships and conversations.
    """
    keeper = _Keeper(store, import_id, region, result)
    keeper.prepare(records)
    for record in records:
        if isinstance(record, CompanyDraft):
            keeper.company(record)
        elif isinstance(record, TypeDraft):
            keeper.type(record)
        elif isinstance(record, RelationshipDraft):
            keeper.relationship(record)
        else:
            keeper.conversation(record)
    keeper.finish()


class _Keeper:
    """Stores the records of one batch, one by one."""

    def __init__(
        self, store: UnitOfWork, import_id: int, region: str | None, result: BatchResult
    ) -> None:
        self._store = store
        self._import_id = import_id
        self._region = region
        self._result = result
        self._new_companies: list[int] = []
        self._contacts: dict[str, int] = {}  # by UID
        self._identifiers: dict[tuple[IdentifierKind, str], tuple[int, int]] = {}
        self._conversations: dict[tuple[str, str], int] = {}
        self._counted: list[CountedParticipant] = []

    def prepare(self, records: Sequence[Record]) -> None:
        """Look up at once who and what the records name."""
        uids: set[str] = set()
        values: dict[IdentifierKind, set[str]] = {kind: set() for kind in IdentifierKind}
        keys: dict[str, set[str]] = {}
        for record in records:
            if isinstance(record, RelationshipDraft):
                uids.update((record.from_key, record.to_key))
            elif isinstance(record, ConversationDraft):
                keys.setdefault(record.source, set()).add(record.key)
                for person in record.participants:
                    uids.add(person.uid)
                    if (identified := self._identify(person.address)) is not None:
                        values[identified[0]].add(identified[1])
        if uids:
            self._contacts = self._store.address_book.contacts_of(uids)
        for kind, wanted in values.items():
            if wanted:
                for value, ids in self._store.contacts.resolve(kind, wanted).items():
                    self._identifiers[kind, value] = ids
        for source, names in keys.items():
            found = self._store.messages.conversations_by_external_id(source, names)
            self._conversations.update({(source, key): id_ for key, id_ in found.items()})

    def finish(self) -> None:
        """Write what waited for the end of the batch."""
        self._store.counted.save(self._counted, self._import_id)
        if self._new_companies:
            self._store.fulltext.refresh_companies(self._new_companies)

    def _count(self, *, is_new: bool) -> None:
        self._result.imported += is_new
        self._result.duplicates += not is_new

    def _reject(self, where: str, reason: str) -> None:
        self._result.rejects.append(Reject(where, reason, 0))

    # Companies

    @cached_property
    def _deleted_companies(self) -> frozenset[str]:
        return self._store.companies.deleted()

    def _company_id(self, name: str) -> int | None:
        key = name_key(name)
        return self._store.companies.by_name_key([key]).get(key)

    def company(self, draft: CompanyDraft) -> None:
        """Store a company, unless one of its name is there or the person deleted it."""
        if former_name(draft.name) in self._deleted_companies:
            self._count(is_new=False)
            return
        companies = self._store.companies
        domain = draft.domain or None
        if domain is not None and domain in companies.by_domain():
            domain = None
        known = self._company_id(draft.name)
        company_id = known
        if company_id is None:
            company_id = companies.add_imported(
                draft.name, domain=domain, import_id=self._import_id, now=now_seconds()
            )
            self._new_companies.append(company_id)
        elif domain is not None and companies.may_get_domain(company_id):
            companies.set_domain(company_id, domain)
            self._new_companies.append(company_id)
        self._store.claims.claim_company(company_id, self._import_id, draft.domain or None)
        self._count(is_new=known is None)

    # Types and relationships

    @cached_property
    def _types(self) -> dict[str, RelationshipType]:
        return {name_key(known.name): known for known in self._store.relationship_types.list()}

    def _type(self, name: str, ends: tuple[EntityKind, EntityKind]) -> RelationshipType | None:
        """The type of this name, whatever its case, that is for these ends."""
        for candidate in _names(name, ends):
            known = self._types.get(name_key(candidate))
            if known is not None and (known.from_entity_type, known.to_entity_type) == ends:
                return known
        return None

    def type(self, draft: TypeDraft) -> None:
        """Store a type, under a longer name where its own means something else here."""
        ends = (draft.from_entity_type, draft.to_entity_type)
        known = self._type(draft.name, ends)
        if known is not None:
            self._store.claims.claim_type(known.id, self._import_id, is_new=False)
            self._count(is_new=False)
            return
        name = next(name for name in _names(draft.name, ends) if name_key(name) not in self._types)
        type_id = self._store.relationship_types.add(
            name,
            *ends,
            draft.forward_label,
            draft.reverse_label,
            description=draft.description or None,
        )
        self._store.claims.claim_type(type_id, self._import_id, is_new=True)
        del self._types
        self._count(is_new=True)

    def _end_id(self, kind: EntityKind, key: str) -> int | None:
        if kind is EntityKind.COMPANY:
            return self._company_id(key)
        return self._contacts.get(key)

    def relationship(self, draft: RelationshipDraft) -> None:
        """Store a relationship, unless it is there or the person rejected it."""
        ends = (draft.from_entity_type, draft.to_entity_type)
        type_ = self._type(draft.type_name, ends)
        if type_ is None:
            self._reject(draft.where, NO_TYPE)
            return
        keys = (draft.from_key, draft.to_key)
        found = [self._end_id(kind, key) for kind, key in zip(ends, keys, strict=True)]
        from_id, to_id = found
        if from_id is None or to_id is None:
            is_deleted = any(
                kind is EntityKind.COMPANY and former_name(key) in self._deleted_companies
                for kind, key, id_ in zip(ends, keys, found, strict=True)
                if id_ is None
            )
            self._reject(draft.where, DELETED_END if is_deleted else MISSING_END)
            return
        if ends[0] is ends[1] and from_id == to_id:
            self._reject(draft.where, SAME_END)
            return
        if type_.is_symmetric and from_id > to_id:
            from_id, to_id = to_id, from_id
        self._relate(draft.where, type_.id, from_id, to_id)

    def _relate(self, where: str, type_id: str, from_id: int, to_id: int) -> None:
        relationships, claims = self._store.relationships, self._store.claims
        known = claims.known(type_id, from_id, to_id)
        if known is None:
            if relationships.decision(type_id, from_id, to_id) is Decision.REJECTED:
                self._count(is_new=False)
                return
        elif known.source != RelationshipSource.INFERRED or known.is_touched:
            if known.is_of_card and not known.is_touched:
                claims.disown(known.id, self._import_id)
            if known.source == RelationshipSource.IMPORTED:
                claims.claim_relationship(known.id, self._import_id)
            self._count(is_new=False)
            return
        try:
            relationship_id = relationships.add(
                type_id,
                from_id,
                to_id,
                source=RelationshipSource.IMPORTED,
                import_id=self._import_id,
            )
        except InvalidInput as error:
            self._reject(where, str(error))
            return
        claims.disown(relationship_id, self._import_id)
        claims.claim_relationship(relationship_id, self._import_id)
        self._count(is_new=True)

    # Conversations

    def conversation(self, draft: ConversationDraft) -> None:
        """Keep what the source counted in a conversation."""
        people = [
            (person, *found)
            for person in draft.participants
            if (found := self._participant(person)) is not None
        ]
        if not people:
            self._reject(draft.where, NOBODY)
            return
        conversation_id, is_created = self._conversation_id(draft)
        rows = [
            CountedParticipant(
                conversation_id,
                stable_key(person.uid or person.address),
                contact_id,
                identifier_id,
                person.sent,
                person.first_seen_at,
                person.last_seen_at,
            )
            for person, contact_id, identifier_id in people
        ]
        before = set() if is_created else self._store.counted.statements([conversation_id])
        self._counted += rows
        self._result.conversations += is_created
        self._count(is_new=is_created or not before.issuperset(row.statement for row in rows))

    def _conversation_id(self, draft: ConversationDraft) -> tuple[int, bool]:
        """The conversation, and whether it was made for this draft."""
        messages = self._store.messages
        if draft.content_key is not None:
            for known in messages.by_content_key(SOURCE_TYPE, [draft.content_key]).values():
                return known.conversation_id, False
        known_id = self._conversations.get((draft.source, draft.key))
        if known_id is not None:
            return known_id, False
        made = self._store.counted.add_conversation(
            draft.source, draft.key, draft.subject, self._import_id
        )
        self._conversations[draft.source, draft.key] = made
        return made, True

    def _participant(self, person: ParticipantDraft) -> tuple[int, int | None] | None:
        """Contact and, where an address of theirs was used, identifier; None for nobody."""
        contact_id = self._end_id(EntityKind.CONTACT, person.uid) if person.uid else None
        identified = self._identify(person.address)
        if identified is None:
            return None if contact_id is None else (contact_id, None)
        kind, value = identified
        known = self._identifiers.get((kind, value))
        if known is not None:
            identifier_id, owner_id = known
            if contact_id in (None, owner_id):
                return owner_id, identifier_id
        if contact_id is not None:
            return contact_id, None
        return self._new_contact(kind, value, person)

    def _identify(self, address: str) -> tuple[IdentifierKind, str] | None:
        if not address:
            return None
        if "@" in address and (value := canonical(address)):
            return IdentifierKind.EMAIL, value
        if number := canonical_phone(address, self._region):
            return IdentifierKind.PHONE, number
        return IdentifierKind.HANDLE, address.casefold()

    def _new_contact(
        self, kind: IdentifierKind, value: str, person: ParticipantDraft
    ) -> tuple[int, int]:
        is_email = kind is IdentifierKind.EMAIL
        contact_id, identifier_id = self._store.contacts.next_ids()
        contact = NewContact(
            contact_id,
            identifier_id,
            kind,
            value,
            person.address,
            person.name or (name_from_address(value) if is_email else value),
            bool(person.name),
            address_kind(value, person.name) if is_email else ContactKind.PERSON,
        )
        self._store.contacts.insert([contact], self._import_id, now_seconds())
        if person.name:
            self._store.contacts.add_votes(
                self._import_id, {(identifier_id, "name", person.name): 1}
            )
        self._identifiers[kind, value] = (identifier_id, contact_id)
        self._result.contacts += 1
        return contact_id, identifier_id


def _names(name: str, ends: tuple[EntityKind, EntityKind]) -> Iterator[str]:
    """The names under which a type may be here, its own first."""
    yield name
    longer = f"{name} ({ends[0]} to {ends[1]})"
    yield longer
    for number in range(2, 1_000):
        yield f"{longer} {number}"
