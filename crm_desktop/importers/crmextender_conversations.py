"""The conversations of a CRMExtender database as far as only counts are known of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from crm_desktop.domain.imports import Reject
from crm_desktop.domain.records import ConversationDraft, ParticipantDraft
from crm_desktop.importers.crmextender_mail import Mail, thread_key
from crm_desktop.importers.crmextender_people import MAX_HANDLE, People
from crm_desktop.importers.crmextender_rows import Rows, count, text
from crm_desktop.importers.names import clean_name
from crm_desktop.importers.rfc822 import MAX_SUBJECT
from crm_desktop.importers.vcard_values import one_line

SOURCE = "crmextender"
EMPTY = "a conversation in which nobody takes part"
UNKNOWN = "people of a conversation that is not in the database"
NOBODY = "a conversation whose people could not be read"

_TABLE = "conversation_participants"


class Conversations:
    """Those who take part in conversations and in none of the messages read of them."""

    def __init__(self, rows: Rows, people: People, mail: Mail) -> None:
        self._rows = rows
        self._people = people
        self._mail = mail

    def drafts(self) -> Iterator[ConversationDraft | Reject]:
        """Every conversation with people of whom only counts are known, and the empty ones."""
        if not self._rows.has("conversations", "id"):
            return
        ordinal = 0
        if self._rows.has(_TABLE, "conversation_id"):
            for id_, group in groupby(self._rows.select(self._select()), lambda row: row[0]):
                ordinal += 1
                yield self._draft(id_, list(group), f"{self._rows.name}, conversation {ordinal}")
        for _ in self._rows.select(self._select_empty()):
            ordinal += 1
            where = f"{self._rows.name}, conversation {ordinal}"
            yield Reject(where, EMPTY, self._rows.next_offset())

    def _select(self) -> str:
        names = ("address", "name", "contact_id")
        counts = ("communication_count", "first_seen_at", "last_seen_at")
        columns = ", ".join(self._rows.column(_TABLE, name, "n") for name in (*names, *counts))
        title = self._rows.column("conversations", "title", "v")
        joins, condition = "", ""
        if self._mail.placed is not None:
            said, key = self._said(), "n.conversation_id"
            joins = f" LEFT JOIN ({said}) s ON s.conversation_id = {key}"
            if self._rows.has(_TABLE, "address"):
                joins += " AND s.address = lower(trim(n.address))"
            condition = " WHERE s.conversation_id IS NULL"
        return (
            f"SELECT n.conversation_id, v.id, {title}, {columns} FROM {_TABLE} n"
            f" LEFT JOIN conversations v ON v.id = n.conversation_id{joins}{condition}"
            " ORDER BY n.conversation_id"
        )

    def _said(self) -> str:
        """SQL for whom the messages read name in their conversations; without addresses to
        compare, for the conversations that have messages."""
        mails = (
            f"communications c JOIN ({self._mail.placed}) p ON p.communication_id = c.id"
            f" WHERE {self._mail.condition}"
        )
        if not self._rows.has(_TABLE, "address"):
            return f"SELECT DISTINCT p.conversation_id FROM {mails}"
        said = f"SELECT p.conversation_id, lower(trim(c.sender_address)) AS address FROM {mails}"
        table = "communication_participants"
        if self._rows.has(table, "communication_id", "address"):
            said += (
                f" UNION SELECT p.conversation_id, lower(trim(q.address)) FROM {table} q"
                f" JOIN ({self._mail.placed}) p ON p.communication_id = q.communication_id"
                " JOIN communications c ON c.id = q.communication_id"
                f" WHERE {self._mail.condition}"
            )
        return said

    def _select_empty(self) -> str:
        terms = []
        if self._rows.has(_TABLE, "conversation_id"):
            terms.append(
                f"v.id NOT IN (SELECT conversation_id FROM {_TABLE}"
                " WHERE conversation_id IS NOT NULL)"
            )
        if self._mail.placed is not None:
            terms.append(
                "v.id NOT IN (SELECT p.conversation_id FROM communications c"
                f" JOIN ({self._mail.placed}) p ON p.communication_id = c.id"
                f" WHERE p.conversation_id IS NOT NULL AND {self._mail.condition})"
            )
        condition = f" WHERE {' AND '.join(terms)}" if terms else ""
        return f"SELECT v.id FROM conversations v{condition}"

    def _draft(self, id_: object, group: list[Any], where: str) -> ConversationDraft | Reject:
        offset = self._rows.next_offset()
        if group[0][1] is None:
            return Reject(where, UNKNOWN, offset)
        participants = tuple(self._participants(row[3:] for row in group))
        if not participants:
            return Reject(where, NOBODY, offset)
        title = group[0][2]
        return ConversationDraft(
            SOURCE,
            thread_key(id_, title),
            one_line(text(title))[:MAX_SUBJECT],
            participants,
            where,
            offset,
            self._mail.key_of(id_),
        )

    def _participants(self, rows: Iterable[tuple[Any, ...]]) -> Iterator[ParticipantDraft]:
        for address, name, contact_id, sent, first, last in rows:
            uid = self._people.uids.get(text(contact_id), "") if contact_id is not None else ""
            shown = one_line(text(address))[:MAX_HANDLE]
            if not (uid or shown):
                continue
            yield ParticipantDraft(
                uid,
                shown,
                clean_name(text(name), shown),
                count(sent),
                self._rows.instant(first),
                self._rows.instant(last),
            )
