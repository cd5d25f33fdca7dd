"""What a replay of a command must not take along, and what it cannot bring back.

Between a command and its undoing, imports come and go. A row that undo would delete may by now
carry messages or cards; a row that comes back may name an import that is gone.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import TypeAlias

from sqlalchemy import Connection

from crm_desktop.domain.undo import RowImage
from crm_desktop.model.messages import MessageStore

ForeignKey: TypeAlias = tuple[str, str, str, str]
"""Column, parent table, the parent's column, and what happens when the parent goes."""

_OF_IMPORTS = frozenset({"imports", "cards"})
"""Parents that go with the removal of an import, which is not undone."""
_WITH_IMPORTS = _OF_IMPORTS | {"companies"}
"""The same for a row as a whole; a change of nothing but the company would be void."""

_TIES = {
    "contacts": (
        "SELECT 1 FROM message_people WHERE contact_id = ?1",
        "SELECT 1 FROM conversation_participants WHERE contact_id = ?1",
        "SELECT 1 FROM counted_participants WHERE contact_id = ?1",
        "SELECT 1 FROM cards WHERE contact_id = ?1",
        "SELECT 1 FROM contact_identifiers WHERE contact_id = ?1",
    ),
    "contact_identifiers": (
        "SELECT 1 FROM message_people WHERE identifier_id = ?1",
        "SELECT 1 FROM card_identifiers WHERE identifier_id = ?1",
        "SELECT 1 FROM counted_participants WHERE identifier_id = ?1",
    ),
    "companies": ("SELECT 1 FROM contacts WHERE company_id = ?1",),
    "relationship_types": ("SELECT 1 FROM relationships WHERE relationship_type_id = ?1",),
}
"""What would be lost with a row of each table, by the row's id."""

_ENDS = {"contacts": "contact", "companies": "company"}
"""What may be at an end of a relationship, which SQLite knows nothing of."""


def is_tied(connection: Connection, table: str, row_id: object) -> bool:
    """Whether something that is not the command's own hangs on a row that is to be deleted, when
    all that hung on it through the command is deleted already."""
    return any(
        connection.exec_driver_sql(query, (row_id,)).first() is not None
        for query in _TIES.get(table, ())
    )


def take_later_messages_along(
    connection: Connection, identifier_id: object, contact_id: object, known: Collection[object]
) -> None:
    """When an identifier goes to another contact: let the messages that came under it since the
    command follow, which knows only the messages `known`."""
    later = connection.exec_driver_sql(
        "SELECT DISTINCT p.message_id, m.conversation_id FROM message_people p"
        " JOIN messages m ON m.id = p.message_id WHERE p.identifier_id = ? AND p.contact_id <> ?"
        " AND p.message_id NOT IN (SELECT value FROM json_each(?))",
        (identifier_id, contact_id, json.dumps(list(known))),
    ).all()
    if later:
        connection.exec_driver_sql(
            "UPDATE message_people SET contact_id = ? WHERE identifier_id = ?"
            " AND message_id IN (SELECT value FROM json_each(?))",
            (contact_id, identifier_id, json.dumps([row[0] for row in later])),
        )
        MessageStore(connection).rebuild_participants({row[1] for row in later})


def leaves_loose_ends(connection: Connection, table: str, row_id: object) -> bool:
    """Whether relationships name a row that is gone."""
    if table not in _ENDS:
        return False
    return any(
        connection.exec_driver_sql(
            f"SELECT 1 FROM relationships WHERE {end}_entity_id = ? AND {end}_entity_type = ?",
            (row_id, _ENDS[table]),
        ).first()
        is not None
        for end in ("from", "to")
    )


def _foreign_keys(connection: Connection, table: str) -> list[ForeignKey]:
    """The references of a table to others."""
    rows = connection.exec_driver_sql(f"PRAGMA main.foreign_key_list({table})")
    return [(row[3], row[2], row[4] or "id", row[6]) for row in rows]


def settle_references(
    connection: Connection,
    table: str,
    columns: Sequence[str],
    images: Sequence[RowImage],
    *,
    are_new: bool,
) -> bool:
    """Treat rows that came back as removals of imports meanwhile would have treated them; whether
    they then refer to nothing that is gone. `are_new`: they were not there before."""
    may_be_gone = _WITH_IMPORTS if are_new else _OF_IMPORTS
    for column, parent, parent_column, action in _foreign_keys(connection, table):
        position = columns.index(column)
        named = {image[position] for image in images} - {None}
        gone = [
            row[0]
            for row in connection.exec_driver_sql(
                "SELECT j.value FROM json_each(?) j WHERE NOT EXISTS"
                f" (SELECT 1 FROM {parent} p WHERE p.{parent_column} = j.value)",
                (json.dumps(sorted(named, key=str)),),
            )
        ]
        if not gone:
            continue
        concerned, ids = f"{column} IN (SELECT value FROM json_each(?))", (json.dumps(gone),)
        if parent not in may_be_gone:
            query = f"SELECT 1 FROM {table} WHERE {concerned}"
            if connection.exec_driver_sql(query, ids).first() is not None:
                return False
        elif action == "CASCADE" or table == "cards":  # no card outlives its import
            connection.exec_driver_sql(f"DELETE FROM {table} WHERE {concerned}", ids)
        else:
            connection.exec_driver_sql(f"UPDATE {table} SET {column} = NULL WHERE {concerned}", ids)
    return True


def drop_loose_relationships(connection: Connection, ids: Sequence[object]) -> int:
    """Delete, of relationships that came back, those whose people or companies have gone
    meanwhile; how many that were."""
    deleted = connection.exec_driver_sql(
        "DELETE FROM relationships WHERE id IN (SELECT value FROM json_each(?)) AND NOT ("
        " iif(from_entity_type = 'contact',"
        "  EXISTS (SELECT 1 FROM contacts c WHERE c.id = from_entity_id),"
        "  EXISTS (SELECT 1 FROM companies o WHERE o.id = from_entity_id))"
        " AND iif(to_entity_type = 'contact',"
        "  EXISTS (SELECT 1 FROM contacts c WHERE c.id = to_entity_id),"
        "  EXISTS (SELECT 1 FROM companies o WHERE o.id = to_entity_id)))",
        (json.dumps(list(ids)),),
    )
    return deleted.rowcount
