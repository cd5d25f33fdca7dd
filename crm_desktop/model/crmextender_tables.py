"""The tables of CRMExtender's versions 3 and 4 that differ, and how the one becomes the other."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from crm_desktop.base.clock import now
from crm_desktop.base.errors import UserError
from crm_desktop.domain.crmextender import (
    RELATIONSHIPS,
    SEEDS,
    TYPES,
    MovedType,
    PlannedType,
    Version,
    end_columns,
    entity_kind,
    plan_types,
    version_of,
)
from crm_desktop.domain.relationships import EntityKind, RelationshipType
from crm_desktop.model.files import APPLICATION_ID

INDEXES = {
    "idx_relationships_from": "from_entity_id",
    "idx_relationships_to": "to_entity_id",
    "idx_relationships_type": "relationship_type_id",
    "idx_relationships_source": "source",
}
_V4_COLUMNS = (
    "id",
    "relationship_type_id",
    "from_entity_type",
    "from_entity_id",
    "to_entity_type",
    "to_entity_id",
    "source",
    "properties",
    "created_by",
    "updated_by",
    "created_at",
    "updated_at",
)


@dataclass(frozen=True, slots=True)
class Moved:
    """What a rebuilding moved."""

    relationships: int
    types: tuple[MovedType, ...]
    broken_references: int


def version_in(connection: Any) -> Version:
    """The version of the open database, or OTHER."""
    if connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID:
        return Version.OTHER
    tables = [
        row[0]
        for row in connection.execute(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
        )
    ]
    wanted = [name for name in tables if name in (RELATIONSHIPS, TYPES)]
    return version_of({name: _columns(connection, name) for name in wanted})


def count_in(connection: Any) -> int:
    """How many relationships the open database holds."""
    return int(connection.execute(f"SELECT count(*) FROM {RELATIONSHIPS}").fetchone()[0])


def prepare(connection: Any) -> None:
    """Settings of a connection that rebuilds tables of a file that may be anybody's. To be called
    outside of a transaction."""
    for setting in (
        "trusted_schema=OFF",
        "cell_size_check=ON",
        "synchronous=FULL",
        "temp_store=MEMORY",
        # Replacing a table must neither cascade nor rename what refers to it.
        "foreign_keys=OFF",
        "legacy_alter_table=ON",
    ):
        connection.execute(f"PRAGMA {setting}").fetchall()


def rebuild(connection: Any, name: str) -> Moved:
    """Turn version 3 into version 4 within the open transaction.

    `name` is what messages call the file. Raises UserError when anything would be lost.
    """
    broken = _broken_references(connection)
    _create_types(connection)
    planned = _plan(connection)
    _refuse_triggers(connection, name)
    further = _further_indexes(connection)
    count = _move(connection, name)
    for index, column in INDEXES.items():
        connection.execute(f"DROP INDEX IF EXISTS {index}")
        connection.execute(f"CREATE INDEX {index} ON {RELATIONSHIPS}({column})")
    for statement in further:
        connection.execute(statement)
    now_broken = _broken_references(connection)
    if now_broken - broken:
        raise UserError(
            f"“{name}” could not be migrated because rows would refer to rows that are gone "
            f"({', '.join(sorted({table for table, _ in now_broken - broken}))}). It is as it was."
        )
    counts = dict(
        connection.execute(
            "SELECT m.number, count(*) FROM temp.moved_types m JOIN relationships r"
            " ON r.relationship_type_id = m.type_id GROUP BY m.number"
        )
    )
    connection.execute("DROP TABLE temp.moved_types")
    types = tuple(_moved(plan, counts.get(number, 0)) for number, plan in planned.items())
    return Moved(count, types, broken.total())


def _moved(plan: PlannedType, count: int) -> MovedType:
    return MovedType(
        plan.text,
        plan.type.id,
        plan.type.name,
        plan.type.forward_label,
        plan.type.reverse_label,
        plan.source,
        plan.is_new,
        count,
    )


def _columns(connection: Any, table: str) -> tuple[str, ...]:
    rows = connection.execute("SELECT name FROM pragma_table_info(?) ORDER BY cid", (table,))
    return tuple(row[0] for row in rows)


def _ends(connection: Any) -> tuple[str, str]:
    ends = end_columns(_columns(connection, RELATIONSHIPS))
    assert ends is not None, "only a table that has ends is rebuilt"
    return ends


def _has_table(connection: Any, name: str) -> bool:
    found = connection.execute(
        "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?", (name,)
    )
    return found.fetchone() is not None


def _broken_references(connection: Any) -> Counter[tuple[str, str]]:
    """How many rows of which table refer to missing rows of which other."""
    return Counter((row[0], row[2]) for row in connection.execute("PRAGMA foreign_key_check"))


def _create_types(connection: Any) -> None:
    person = _person_column(connection)
    connection.execute(
        f"""CREATE TABLE IF NOT EXISTS {TYPES} (
            id               TEXT PRIMARY KEY,
            name             TEXT NOT NULL UNIQUE,
            from_entity_type TEXT NOT NULL DEFAULT 'contact',
            to_entity_type   TEXT NOT NULL DEFAULT 'contact',
            forward_label    TEXT NOT NULL,
            reverse_label    TEXT NOT NULL,
            is_system        INTEGER NOT NULL DEFAULT 0,
            description      TEXT,
            created_by       {person},
            updated_by       {person},
            created_at       TEXT NOT NULL,
            updated_at       TEXT NOT NULL,
            CHECK (from_entity_type IN ('contact', 'company')),
            CHECK (to_entity_type IN ('contact', 'company'))
        )"""
    )
    _insert_types(connection, SEEDS)


def _person_column(connection: Any) -> str:
    """The column for who did something; a reference to a table that is not there would keep
    anybody from writing."""
    return (
        "TEXT REFERENCES users(id) ON DELETE SET NULL"
        if _has_table(connection, "users")
        else ("TEXT")
    )


def _insert_types(connection: Any, types: tuple[RelationshipType, ...]) -> None:
    instant = now().isoformat()
    connection.executemany(
        f"INSERT OR IGNORE INTO {TYPES} (id, name, from_entity_type, to_entity_type,"
        " forward_label, reverse_label, is_system, description, created_at, updated_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                *(known.id, known.name, str(known.from_entity_type), str(known.to_entity_type)),
                *(known.forward_label, known.reverse_label, int(known.is_system)),
                *(known.description, instant, instant),
            )
            for known in types
        ],
    )


def _existing_types(connection: Any) -> list[RelationshipType]:
    return [
        RelationshipType(
            row[0], row[1], entity_kind(row[2]), entity_kind(row[3]), row[4], row[5], bool(row[6])
        )
        for row in connection.execute(
            "SELECT id, name, from_entity_type, to_entity_type, forward_label, reverse_label,"
            f" is_system FROM {TYPES} WHERE typeof(id) = 'text' AND typeof(name) = 'text'"
        )
    ]


def _kind(column: str, known: tuple[str, ...]) -> str:
    """SQL for the end a type is declared for; see `domain.crmextender.entity_kind`."""
    if column not in known:
        return "'contact'"
    return f"CASE WHEN r.{column} = 'company' THEN 'company' ELSE 'contact' END"


def _plan(connection: Any) -> dict[int, PlannedType]:
    """Decide what becomes of each free text, in temp.moved_types; the plans by its `number`.

    The texts stay in SQL, where they are compared byte by byte whatever they hold.
    """
    known = _columns(connection, RELATIONSHIPS)
    connection.execute(
        "CREATE TEMP TABLE moved_types (number INTEGER PRIMARY KEY, text, from_kind TEXT,"
        " to_kind TEXT, type_id TEXT, source TEXT)"
    )
    connection.execute(
        "INSERT INTO temp.moved_types (text, from_kind, to_kind)"
        " SELECT DISTINCT r.relationship_type COLLATE BINARY,"
        f" {_kind('from_entity_type', known)}, {_kind('to_entity_type', known)}"
        f" FROM main.{RELATIONSHIPS} r ORDER BY 1, 2, 3"
    )
    connection.execute("CREATE INDEX temp.moved_types_text ON moved_types(text)")
    found = connection.execute(
        "SELECT number, CAST(text AS BLOB), from_kind, to_kind FROM temp.moved_types"
        " ORDER BY number"
    ).fetchall()
    entries = [
        (bytes(text or b"").decode("utf-8", "replace"), (EntityKind(first), EntityKind(second)))
        for _, text, first, second in found
    ]
    plans = plan_types(entries, _existing_types(connection))
    _insert_types(connection, tuple(plan.type for plan in plans if plan.is_new))
    connection.executemany(
        "UPDATE temp.moved_types SET type_id = ?, source = ? WHERE number = ?",
        [(plan.type.id, str(plan.source), row[0]) for plan, row in zip(plans, found, strict=True)],
    )
    return {row[0]: plan for plan, row in zip(plans, found, strict=True)}


def _refuse_triggers(connection: Any, name: str) -> None:
    """Triggers on the table would be lost with it, and may speak of the column that goes."""
    triggers = [
        row[0]
        for row in connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?",
            (RELATIONSHIPS,),
        )
    ]
    if triggers:
        raise UserError(
            f"“{name}” has triggers of its own on relationships ({', '.join(triggers)}), which "
            "would be lost. Remove them first; nothing was changed."
        )


def _further_indexes(connection: Any) -> list[str]:
    """The statements of further indexes that can be made again, on columns that stay."""
    gone = {"relationship_type", *_ends(connection)} - set(_V4_COLUMNS)
    kept = []
    for name, statement in connection.execute(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ?"
        " AND sql IS NOT NULL",
        (RELATIONSHIPS,),
    ).fetchall():
        columns = {
            row[0] for row in connection.execute("SELECT name FROM pragma_index_info(?)", (name,))
        }
        # An index on an expression names no column and is left out as well.
        if name not in INDEXES and columns and None not in columns and not columns & gone:
            kept.append(statement)
    return kept


def _move(connection: Any, name: str) -> int:
    """Replace the table by one of version 4 with the same rows; how many those are."""
    known = _columns(connection, RELATIONSHIPS)
    ends = _ends(connection)
    replaced = {"relationship_type", *ends, *_V4_COLUMNS}
    further = [column for column in known if column not in replaced]
    new = "relationships_new"
    while _has_table(connection, new):
        new += "_"
    _create_relationships(connection, new, further)
    instant = now().isoformat()
    columns = {
        "id": "r.id",
        "relationship_type_id": "m.type_id",
        "from_entity_type": _or("from_entity_type", known, "'contact'"),
        "from_entity_id": f"r.{ends[0]}",
        "to_entity_type": _or("to_entity_type", known, "'contact'"),
        "to_entity_id": f"r.{ends[1]}",
        "source": _or("source", known, "m.source"),
        "properties": _or("properties", known, "NULL"),
        "created_by": _or("created_by", known, "NULL"),
        "updated_by": _or("updated_by", known, "NULL"),
        "created_at": _or("created_at", known, f"'{instant}'"),
        "updated_at": _or("updated_at", known, f"'{instant}'"),
        **{_quoted(column): f"r.{_quoted(column)}" for column in further},
    }
    connection.execute(
        f"INSERT INTO main.{new} ({', '.join(columns)}) SELECT {', '.join(columns.values())}"
        f" FROM main.{RELATIONSHIPS} r CROSS JOIN temp.moved_types m"
        " ON m.text IS r.relationship_type"
        f" AND m.from_kind = {_kind('from_entity_type', known)}"
        f" AND m.to_kind = {_kind('to_entity_type', known)}"
    )
    count = _compared(connection, new, ends, "properties" in known, name)
    connection.execute(f"DROP TABLE main.{RELATIONSHIPS}")
    connection.execute(f"ALTER TABLE main.{new} RENAME TO {RELATIONSHIPS}")
    return count


def _or(column: str, known: tuple[str, ...], otherwise: str) -> str:
    return f"coalesce(r.{column}, {otherwise})" if column in known else otherwise


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _create_relationships(connection: Any, name: str, further: list[str]) -> None:
    person = _person_column(connection)
    declared = dict(
        connection.execute("SELECT name, type FROM pragma_table_info(?)", (RELATIONSHIPS,))
    )
    more = "".join(f"{_quoted(column)} {declared[column]},\n" for column in further)
    connection.execute(
        f"""CREATE TABLE main.{name} (
            id                   TEXT PRIMARY KEY,
            relationship_type_id TEXT NOT NULL REFERENCES {TYPES}(id) ON DELETE RESTRICT,
            from_entity_type     TEXT NOT NULL DEFAULT 'contact',
            from_entity_id       TEXT NOT NULL,
            to_entity_type       TEXT NOT NULL DEFAULT 'contact',
            to_entity_id         TEXT NOT NULL,
            source               TEXT NOT NULL DEFAULT 'manual',
            properties           TEXT,
            created_by           {person},
            updated_by           {person},
            created_at           TEXT NOT NULL,
            updated_at           TEXT NOT NULL,
            {more}UNIQUE (from_entity_id, to_entity_id, relationship_type_id)
        )"""
    )


def _compared(
    connection: Any, new: str, ends: tuple[str, str], has_properties: bool, name: str
) -> int:
    """The number of rows, which are the same in both tables; else UserError."""

    def count(sql: str) -> int:
        return int(connection.execute(f"SELECT count(*) FROM {sql}").fetchone()[0])

    old_count, new_count = count(f"main.{RELATIONSHIPS}"), count(f"main.{new}")
    # The plus signs let the old table's values take the new one's affinity, and its index be used.
    properties = " AND n.properties IS +o.properties" if has_properties else ""
    missing = count(
        f"main.{RELATIONSHIPS} o WHERE NOT EXISTS (SELECT 1 FROM main.{new} n"
        f" WHERE n.id IS +o.id AND n.from_entity_id IS +o.{ends[0]}"
        f" AND n.to_entity_id IS +o.{ends[1]}{properties})"
    )
    if old_count != new_count or missing:
        raise UserError(
            f"“{name}” could not be migrated: of {old_count:,} relationships {new_count:,} would "
            f"be left, {missing:,} of them changed. It is as it was."
        )
    return old_count
