"""What a database says, without what may differ between two ways to the same contents."""

from __future__ import annotations

from typing import Any

from crm_desktop.services.access import Access

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
