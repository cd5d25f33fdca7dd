"""Storing one batch of read items in one write: duplicates, people, conversations, messages."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crm_desktop.domain.contacts import CardDraft
from crm_desktop.domain.imports import Reject
from crm_desktop.domain.keys import stable_key
from crm_desktop.domain.messages import ACTIVE_KINDS, Draft, Role
from crm_desktop.domain.records import Record
from crm_desktop.model.messages import KnownMessage, NewMessage
from crm_desktop.services.address_book import store_card
from crm_desktop.services.identity import (
    Resolved,
    people_of,
    repeat_votes,
    resolve_people,
)
from crm_desktop.services.records import store_records
from crm_desktop.services.threads import Threader

if TYPE_CHECKING:
    from crm_desktop.model.database import UnitOfWork

Item = Draft | CardDraft | Record | Reject


@dataclass(slots=True)
class BatchResult:
    """The account of one batch: read == imported + duplicates + len(rejects)."""

    read: int = 0
    imported: int = 0
    duplicates: int = 0
    rejects: list[Reject] = field(default_factory=list)
    contacts: int = 0
    conversations: int = 0


def store_batch(
    store: UnitOfWork, items: Sequence[Item], import_id: int, region: str | None
) -> BatchResult:
    """Store a batch within a running write; the outcome does not depend on where batches end."""
    result = BatchResult(read=len(items))
    drafts = [item for item in items if isinstance(item, Draft)]
    result.rejects = [item for item in items if isinstance(item, Reject)]
    for source_type in dict.fromkeys(draft.source_type for draft in drafts):
        own = [draft for draft in drafts if draft.source_type == source_type]
        _store_messages(store, source_type, own, import_id, result)
    recount: list[int] = []
    for card in (item for item in items if isinstance(item, CardDraft)):
        is_new, created, conversations = store_card(store, card, import_id, region)
        result.imported += is_new
        result.duplicates += not is_new
        result.contacts += created
        recount.extend(conversations)
    if recount:
        store.messages.rebuild_participants(dict.fromkeys(recount))
    if records := [item for item in items if isinstance(item, Record)]:
        store_records(store, records, import_id, region, result)
    return result


def _store_messages(
    store: UnitOfWork,
    source_type: str,
    drafts: Sequence[Draft],
    import_id: int,
    result: BatchResult,
) -> None:
    fresh, copies = _without_duplicates(store, source_type, drafts)
    result.imported += len(fresh)
    result.duplicates += len(drafts) - len(fresh)
    elsewhere = [(draft, known) for draft, known in copies if known.import_id != import_id]
    store.messages.note_copies(sorted({known.id for _, known in elsewhere}), import_id)
    # Should the import that brought them first be removed, this one still says who they name.
    repeat_votes(store, [draft for draft, _ in elsewhere if draft.kind in ACTIVE_KINDS], import_id)
    if not fresh:
        return
    active = [draft for draft in fresh if draft.kind in ACTIVE_KINDS]
    resolved, created = resolve_people(store, active, import_id)
    result.contacts += created
    message_id, conversation_id = store.messages.next_ids()
    threader = Threader(store, fresh, conversation_id)
    rows = _Rows(resolved)
    for offset, draft in enumerate(fresh):
        rows.add(message_id + offset, draft, threader)
    store.messages.insert_conversations(threader.new, import_id)
    store.messages.save_conversations(threader.states.values())
    store.messages.insert_messages(rows.messages, import_id)
    store.messages.insert_people(rows.people)
    store.messages.insert_references(rows.references)
    store.messages.insert_texts(rows.texts)
    store.messages.add_participation(rows.participation)
    store.fulltext.add_messages([row.id for row in rows.messages])
    result.conversations += len(threader.new)


class _Rows:
    """The rows of one batch, gathered message by message."""

    def __init__(self, resolved: Resolved) -> None:
        self._resolved = resolved
        self.messages: list[NewMessage] = []
        self.people: list[tuple[int, int, str, int]] = []
        self.references: list[tuple[int, int]] = []
        self.texts: list[tuple[int, str]] = []
        self.participation: list[tuple[int, int, int, int | None]] = []

    def add(self, message_id: int, draft: Draft, threader: Threader) -> None:
        """Take in one message."""
        is_active = draft.kind in ACTIVE_KINDS
        sent_by: dict[int, int] = {}
        if is_active:
            for mailbox, role in people_of(draft):
                identifier_id, contact_id = self._resolved[mailbox.address]
                self.people.append((message_id, contact_id, role.value, identifier_id))
                sent_by[contact_id] = max(sent_by.get(contact_id, 0), int(role is Role.SENDER))
            if draft.list_address:
                identifier_id, contact_id = self._resolved[draft.list_address]
                self.people.append((message_id, contact_id, Role.CC.value, identifier_id))
                sent_by.setdefault(contact_id, 0)
        conversation_id = threader.assign(draft, frozenset(sent_by))
        self.messages.append(
            NewMessage(
                message_id,
                conversation_id,
                draft.source_type,
                draft.external_id,
                draft.content_key,
                draft.sent_at,
                draft.subject,
                draft.preview,
                draft.attachment_count,
                draft.kind.value,
                is_active,
            )
        )
        self.references.extend((stable_key(name), message_id) for name in draft.references)
        if draft.body is not None:
            self.texts.append((message_id, draft.body))
        self.participation.extend(
            (conversation_id, contact_id, sent, draft.sent_at)
            for contact_id, sent in sent_by.items()
        )


def _without_duplicates(
    store: UnitOfWork, source_type: str, drafts: Sequence[Draft]
) -> tuple[list[Draft], list[tuple[Draft, KnownMessage]]]:
    """The drafts that are new, each with the external id it will be stored under, and those that
    are copies of stored messages, each with that message.

    Equal content is a copy whatever its Message-ID. An equal Message-ID is a copy only when
    sender and date agree, for some programs use one id for many messages.
    """
    by_name = store.messages.by_external_id(
        source_type, {draft.external_id for draft in drafts if draft.external_id}
    )
    by_content = store.messages.by_content_key(source_type, {draft.content_key for draft in drafts})
    senders = _senders_in_doubt(store, drafts, by_name)
    seen_content: set[int] = set()
    seen_names: dict[str, tuple[int | None, str]] = {}
    fresh: list[Draft] = []
    copies: list[tuple[Draft, KnownMessage]] = []
    for draft in drafts:
        sender = draft.sender.address if draft.sender else ""
        if draft.content_key in seen_content:
            continue
        if (known := by_content.get(draft.content_key)) is not None:
            copies.append((draft, known))
            continue
        external_id = draft.external_id or f"content:{draft.content_key:x}"
        stored = by_name.get(draft.external_id)
        if stored is not None:
            if (stored.sent_at, senders.get(stored.id, "")) == (draft.sent_at, sender):
                copies.append((draft, stored))
                continue
            external_id = f"{external_id}#{draft.content_key:x}"
        elif draft.external_id in seen_names:
            if seen_names[draft.external_id] == (draft.sent_at, sender):
                continue
            external_id = f"{external_id}#{draft.content_key:x}"
        elif draft.external_id:
            is_active = draft.kind in ACTIVE_KINDS
            seen_names[draft.external_id] = (draft.sent_at, sender if is_active else "")
        seen_content.add(draft.content_key)
        if external_id != draft.external_id:
            draft = dataclasses.replace(draft, external_id=external_id)
        fresh.append(draft)
    return fresh, copies


def _senders_in_doubt(
    store: UnitOfWork, drafts: Iterable[Draft], by_name: dict[str, KnownMessage]
) -> dict[int, str]:
    doubtful = {
        known.id
        for draft in drafts
        if (known := by_name.get(draft.external_id)) is not None
        and known.content_key != draft.content_key
    }
    return store.messages.senders(doubtful) if doubtful else {}
