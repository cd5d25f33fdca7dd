"""The mail of a CRMExtender database, as messages of ours.

Copies in other archives are known for the same; other channels than mail are counted only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from crm_desktop.domain.imports import Reject
from crm_desktop.domain.messages import Draft, Mailbox, MessageKind
from crm_desktop.importers.charsets import clean, clean_lines
from crm_desktop.importers.crmextender_people import global_key, mail_address
from crm_desktop.importers.crmextender_rows import CHUNK, Rows, text
from crm_desktop.importers.names import clean_name
from crm_desktop.importers.quoting import preview
from crm_desktop.importers.rfc822 import (
    MAX_BODY,
    MAX_RECIPIENTS,
    MAX_REFERENCES,
    MAX_SUBJECT,
    SOURCE_TYPE,
    content_key,
    message_id,
)

NOBODY = "a message without a sender or recipient that could be read"

_MACHINES = ("automated", "marketing")
_TABLE = "communications"


class Mail:
    """The messages of a file that are mail."""

    def __init__(self, rows: Rows, keep_text: bool) -> None:
        self._rows = rows
        self._keep_text = keep_text
        self.is_there = rows.has(_TABLE, "id", "sender_address", "timestamp")
        self._has_conversations = rows.has(
            "conversation_communications", "conversation_id", "communication_id"
        )

    @property
    def condition(self) -> str:
        """SQL that tells, of the table as `c`, which of its rows are read."""
        terms = ["trim(coalesce(c.sender_address, '')) LIKE '%_@_%'"]
        if self._rows.has(_TABLE, "channel"):
            terms.append("lower(c.channel) = 'email'")
        if self._rows.has(_TABLE, "is_current"):
            terms.append("coalesce(c.is_current, 1) <> 0")
        return " AND ".join(terms)

    @property
    def placed(self) -> str | None:
        """SQL for the conversation of each message (communication_id, conversation_id), or None.
        One that is in several is read in the first."""
        if not (self.is_there and self._has_conversations):
            return None
        return (
            "SELECT j.communication_id, min(j.conversation_id) AS conversation_id"
            " FROM conversation_communications j GROUP BY j.communication_id"
        )

    def _select(self, placed: str | None, more: str = "") -> str:
        names = (
            *("timestamp", "sender_address", "sender_name", "subject", "content", "snippet"),
            *("header_message_id", "header_references", "header_in_reply_to"),
            *("triage_result", "direction"),
        )
        columns = [self._rows.column(_TABLE, name, "c") for name in names]
        joins = ""
        if placed is None:
            columns += ["NULL", "NULL"]
        else:
            joins = f" LEFT JOIN ({placed}) p ON p.communication_id = c.id"
            columns += ["p.conversation_id", self._rows.column("conversations", "title", "v")]
        if placed is not None and self._rows.has("conversations", "id"):
            joins += " LEFT JOIN conversations v ON v.id = p.conversation_id"
        columns.append(self._rows.column("provider_accounts", "email_address", "a"))
        if self._rows.has("provider_accounts", "id", "email_address"):
            account = "c.account_id" if self._rows.has(_TABLE, "account_id") else "NULL"
            joins += f" LEFT JOIN provider_accounts a ON a.id = {account}"
        return (
            f"SELECT c.id, {', '.join(columns)} FROM {_TABLE} c{joins} WHERE {self.condition}{more}"
        )

    def drafts(self) -> Iterator[Draft | Reject]:
        """Every message."""
        if not self.is_there:
            return
        found = self._rows.select(self._select(self.placed))
        ordinal = 0
        while chunk := list(islice(found, CHUNK)):
            ids = [row[0] for row in chunk]
            people, attachments = self._people(ids), self._attachments(ids)
            for row in chunk:
                ordinal += 1
                draft = self._draft(row, people.get(row[0], ()), attachments.get(row[0], 0))
                offset = self._rows.next_offset()
                if draft is None:
                    yield Reject(f"{self._rows.name}, message {ordinal}", NOBODY, offset)
                else:
                    yield Draft(**draft, next_offset=offset)

    def key_of(self, conversation_id: object) -> int | None:
        """The content key of one of the messages read of a conversation, or None."""
        if self.placed is None:
            return None
        placed = "SELECT communication_id, conversation_id FROM conversation_communications"
        more = " AND p.conversation_id = ? LIMIT 1"
        for row in self._rows.select(self._select(placed, more), (conversation_id,)):
            draft = self._draft(row, self._people([row[0]]).get(row[0], ()), 0)
            return None if draft is None else int(draft["content_key"])
        return None

    def _people(self, ids: Sequence[object]) -> dict[object, list[tuple[str, Mailbox]]]:
        """(role, mailbox) of everyone each message names besides its sender."""
        table = "communication_participants"
        found: dict[object, list[tuple[str, Mailbox]]] = {}
        if not self._rows.has(table, "communication_id", "address", "role"):
            return found
        for id_, address, name, role in self._rows.select(
            f"SELECT communication_id, {self._rows.column(table, 'address')},"
            f" {self._rows.column(table, 'name')}, role FROM {table}"
            f" WHERE communication_id IN ({','.join('?' * len(ids))})",
            ids,
        ):
            if box := mailbox(address, name):
                found.setdefault(id_, []).append((text(role).lower(), box))
        return found

    def _attachments(self, ids: Sequence[object]) -> dict[object, int]:
        if not self._rows.has("attachments", "communication_id"):
            return {}
        counted = self._rows.select(
            "SELECT communication_id, count(*) FROM attachments"
            f" WHERE communication_id IN ({','.join('?' * len(ids))}) GROUP BY 1",
            ids,
        )
        return {row[0]: row[1] for row in counted}

    def _draft(
        self, row: tuple[Any, ...], people: Sequence[tuple[str, Mailbox]], attachments: int
    ) -> dict[str, Any] | None:
        """The fields of a message's draft but its place; None when it names nobody."""
        _, sent, address, name, subject, content, snippet, own_id, references, parent = row[:10]
        triage, direction, conversation_id, title, account = row[10:]
        sender = mailbox(address, name)
        recipients = _unique(box for role, box in people if role not in ("cc", "bcc", "from"))
        others = _unique(box for role, box in people if role in ("cc", "bcc"))
        if sender is None and not (recipients or others):
            return None
        when = self._rows.instant(sent)
        body = text(content) or text(snippet)
        shown = clean(text(subject))[:MAX_SUBJECT]
        is_machine = any(word in text(triage).lower() for word in _MACHINES)
        own = mail_address(text(account)) if text(direction).lower() == "inbound" else ""
        return {
            "source_type": SOURCE_TYPE,
            "external_id": message_id(text(own_id)),
            "content_key": content_key(
                str(when) if when is not None else f"{text(own_id)} {text(sent)}",
                sender.address if sender else "",
                shown,
                body,
            ),
            "sent_at": when,
            "subject": shown,
            "preview": preview(body),
            "kind": MessageKind.BULK if is_machine else MessageKind.PERSONAL,
            "sender": sender,
            "recipients": recipients,
            "cc": tuple(box for box in others if box not in recipients),
            "references": _references(text(references), text(parent)),
            "body": clean_lines(body)[:MAX_BODY] if self._keep_text and body else None,
            "attachment_count": attachments,
            "delivered_to": (own,) if own else (),
            "thread_id": thread_key(conversation_id, title),
        }


def thread_key(conversation_id: object, title: object) -> str:
    """What a conversation of the file is known by among those of all files; "" for none."""
    if conversation_id is None:
        return ""
    return global_key(text(conversation_id), clean(text(title)))


def mailbox(address: object, name: object) -> Mailbox | None:
    """The mailbox of an address with its display name, or None when it is no mail address."""
    canonical = mail_address(text(address))
    return Mailbox(canonical, clean_name(text(name), canonical)) if canonical else None


def _unique(boxes: Iterator[Mailbox]) -> tuple[Mailbox, ...]:
    return tuple({box.address: box for box in boxes}.values())[:MAX_RECIPIENTS]


def _references(references: str, parent: str) -> tuple[str, ...]:
    found = [message_id(word) for word in references.split()[-MAX_REFERENCES:]]
    found.append(message_id(parent))
    return tuple(dict.fromkeys(name for name in found if name))
