"""The mapped tables are the migrated tables, column by column."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from crm_desktop.model import derived_tables, import_tables, relationship_tables
from crm_desktop.model.tables import Base, Contact
from crm_desktop.model.types import EpochSeconds

if TYPE_CHECKING:
    from crm_desktop.model.database import Database

NOT_MAPPED = {"alembic_version"}


def described(connection: Connection) -> dict[str, Any]:
    """Columns, keys, references and indexes of every ordinary table, in comparable form."""

    def ask(pragma: str) -> list[Any]:
        return list(connection.exec_driver_sql(f"PRAGMA {pragma}"))

    tables = {}
    for row in ask("table_list"):
        schema, name, kind, _columns, without_rowid = row[:5]
        if schema != "main" or kind != "table" or name.startswith("sqlite_") or name in NOT_MAPPED:
            continue
        indexes = set()
        for index in ask(f"index_list({name})"):
            columns = tuple(
                (part[2], part[3], part[4]) for part in ask(f"index_xinfo({index[1]})") if part[5]
            )
            own_name = index[1] if index[3] == "c" else None
            if index[3] != "pk":
                indexes.add((own_name, index[2], columns))
        tables[name] = {
            "without_rowid": without_rowid,
            "columns": [
                # SQLite has no booleans; a key is never null whether it says so or not.
                (c[1], c[2].replace("BOOLEAN", "INTEGER"), c[3] or bool(c[5]), c[4], c[5])
                for c in ask(f"table_info({name})")
            ],
            "references": {(r[3], r[2], r[4], r[6]) for r in ask(f"foreign_key_list({name})")},
            "indexes": indexes,
        }
    return tables


def test_mapping_equals_the_migrated_schema(database: Database) -> None:
    with database.read() as store:
        migrated = described(store.connection)
    engine = sqlalchemy.create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with engine.connect() as connection:
        mapped = described(connection)
    engine.dispose()
    migrated = {name: table for name, table in migrated.items() if "_fts" not in name}
    assert set(mapped) == set(migrated)
    for name, table in migrated.items():
        for aspect, expected in table.items():
            assert mapped[name][aspect] == expected, f"{name}: {aspect}"


def test_every_module_with_tables_is_compared() -> None:
    assert derived_tables.CrmRelationship.metadata is Base.metadata
    assert relationship_tables.Relationship.metadata is Base.metadata
    assert import_tables.CompanyImport.metadata is Base.metadata


def test_orm_reads_back_what_it_wrote(database: Database) -> None:
    instant = datetime(2026, 5, 1, 9, 30, tzinfo=timezone(timedelta(hours=2)))
    with database.write() as store, Session(store.connection) as session:
        session.add(Contact(name="Ada", name_key="ada", created_at=instant, updated_at=instant))
        session.flush()
    with database.read() as store, Session(store.connection) as session:
        contact = session.scalars(sqlalchemy.select(Contact)).one()
        assert contact.created_at == instant
        assert contact.created_at.tzinfo is UTC
        assert contact.kind == "person"
        stored = store.connection.exec_driver_sql("SELECT typeof(created_at) FROM contacts")
        assert stored.scalar_one() == "integer"


def test_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        EpochSeconds().process_bind_param(
            datetime(2026, 5, 1), sqlalchemy.dialects.sqlite.dialect()
        )
