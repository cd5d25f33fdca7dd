"""What a database says, without what may differ between two ways to the same contents."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from crm_desktop.domain.imports import ImportReport
from crm_desktop.services.access import Access
from tests.mail_samples import START, message, write_mbox

PRIMARY_TABLES = (
    "contacts",
    "contact_identifiers",
    "identifier_votes",
    "cards",
    "card_identifiers",
    "card_imports",
    "contact_tags",
    "companies",
    "conversations",
    "conversation_participants",
    "messages",
    "message_imports",
    "message_people",
    "message_references",
    "message_texts",
    "imports",
    "import_rejects",
    "system_settings",
    "relationship_types",
    "relationship_type_imports",
    "relationship_imports",
    "company_imports",
    "counted_participants",
)
IGNORED_COLUMNS = {"created_at", "updated_at", "started_at", "finished_at"}


def contents(access: Access, tables: tuple[str, ...] = PRIMARY_TABLES) -> dict[str, list[Any]]:
    """Every row of the primary tables, in a stable order, without the times of writing."""
    found: dict[str, list[Any]] = {}
    with access.read() as store:
        for table in tables:
            result = store.connection.exec_driver_sql(f"SELECT * FROM {table}")
            kept = [i for i, name in enumerate(result.keys()) if name not in IGNORED_COLUMNS]
            found[table] = sorted(
                (tuple(row[i] for i in kept) for row in result), key=lambda row: repr(row)
            )
    return found


def rows(access: Access, sql: str) -> list[tuple[object, ...]]:
    """The rows of a query."""
    with access.read() as store:
        return [tuple(row) for row in store.connection.exec_driver_sql(sql)]


def names(access: Access) -> dict[str, str]:
    """The name shown for each address."""
    return {
        str(address): str(name)
        for address, name in rows(
            access,
            "SELECT i.value, c.name FROM contact_identifiers i JOIN contacts c"
            " ON c.id = i.contact_id WHERE i.kind = 'email'",
        )
    }


def kinds(access: Access) -> dict[str, str]:
    """The kind of contact behind each address."""
    return {
        str(address): str(kind)
        for address, kind in rows(
            access,
            "SELECT i.value, c.kind FROM contact_identifiers i JOIN contacts c"
            " ON c.id = i.contact_id WHERE i.kind = 'email'",
        )
    }


def adds_up(report: ImportReport) -> bool:
    """Whether read == imported + duplicates + rejected."""
    return report.read == report.imported + report.duplicates + len(report.rejected)


def mailbox(folder: Path, *messages: str, name: str = "box.mbox") -> Path:
    """An mbox file in `folder` holding the messages."""
    return write_mbox(folder / name, list(messages))


VCARD = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:u1\r\nFN:Ada Abel\r\nN:Abel;Ada;;;\r\n"
    "EMAIL:ada@north.example\r\nEMAIL:ada@home.example\r\nTEL:+49 89 123456\r\n"
    "ORG:Abel & Sons\r\nTITLE:Architect\r\nCATEGORIES:choir,garden\r\nBDAY:--0412\r\nEND:VCARD\r\n"
)
"""A card that names both addresses of `ada_twice`."""


def ada_twice(folder: Path) -> Path:
    """A mailbox in which one person writes from two addresses."""
    return mailbox(
        folder,
        message(
            sender="ada@north.example", to="boris@south.example", subject="From work", date=START
        ),
        message(
            sender="A. <ada@home.example>", to="boris@south.example", subject="At home", date=START
        ),
    )
