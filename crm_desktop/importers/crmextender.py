"""Databases of CRMExtender, versions 3 and 4: read as they are, never written to.

Types and companies come first, then people as cards, messages, conversations of which only counts
are known, and relationships. What inference found is left to our own. Tables and columns that a
file lacks count as empty.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TypeAlias

from crm_desktop.base.errors import UserError
from crm_desktop.base.jobs import JobContext
from crm_desktop.base.still_files import StillFile, still
from crm_desktop.domain.contacts import CardDraft
from crm_desktop.domain.crmextender import Version
from crm_desktop.domain.imports import Reject, Source
from crm_desktop.domain.messages import Draft
from crm_desktop.domain.records import CompanyDraft, Record
from crm_desktop.importers.crmextender_conversations import Conversations
from crm_desktop.importers.crmextender_mail import Mail
from crm_desktop.importers.crmextender_people import People
from crm_desktop.importers.crmextender_relationships import Relationships
from crm_desktop.importers.crmextender_rows import APPLICATION_ID, Rows
from crm_desktop.importers.sources import require_regular, unreadable

FORMAT = "crmextender"
OUR_OWN = "a database of CRM Desktop; open it instead of importing it"
FOREIGN = "a database of another program"

_Item: TypeAlias = Draft | CardDraft | Record | Reject


def source(path: Path) -> Source:
    """The source that a database file is. Raises UserError when it is no CRMExtender database or
    is damaged, OSError when it cannot be read."""
    require_regular(path)
    with _opened(path) as rows:
        if rows.version is Version.OTHER:
            raise UserError(f"“{path.name}” is {why_not(rows)}. Choose a CRMExtender database.")
        total = rows.count(
            *("contacts", "companies", "communications"),
            *("conversations", "conversation_participants", "relationships"),
        )
    return Source(path, FORMAT, total, _fingerprint(path))


def why_not(rows: Rows) -> str:
    """What a database is that is none of CRMExtender's, in words that follow “it is”."""
    return OUR_OWN if rows.application_id == APPLICATION_ID else FOREIGN


def _fingerprint(path: Path) -> str:
    parts = []
    for suffix in ("", "-wal", "-journal"):
        try:
            status = os.stat(f"{path}{suffix}")
        except FileNotFoundError:
            continue
        parts.append(f"{suffix}{status.st_size}-{status.st_mtime_ns}")
    return " ".join(parts)


def read(
    source: Source, *, start: int = 0, keep_text: bool = False, ctx: JobContext | None = None
) -> Iterator[_Item]:
    """Every record from the `start`th on, in an order that depends on the file alone.

    Raises UserError when the file is damaged or is changed by another program meanwhile.
    """
    job = ctx or JobContext()
    try:
        with _opened(source.path) as rows:
            for item in _items(rows, keep_text):
                job.tick(min(item.next_offset, source.total), source.total, source.path.name)
                if item.next_offset > start:
                    yield item
    except OSError as error:
        raise unreadable(source.path.name, error) from error


def _items(rows: Rows, keep_text: bool) -> Iterator[_Item]:
    people = People(rows)
    relationships = Relationships(rows, people)
    yield from relationships.types()
    for name, domain in people.companies.values():
        yield CompanyDraft(name, rows.next_offset(), domain)
    yield from people.nameless_companies()
    yield from people.cards()
    mail = Mail(rows, keep_text)
    yield from mail.drafts()
    yield from Conversations(rows, people, mail).drafts()
    yield from relationships.drafts()


@contextmanager
def _opened(path: Path) -> Iterator[Rows]:
    with still(path) as found:
        try:
            with closing(_connect(found)) as connection:
                yield Rows(connection, found)
        except sqlite3.DatabaseError as error:
            found.check()  # nonsense may only be half of what another program was writing
            raise UserError(
                f"“{path.name}” is damaged or not a database ({error}). Restore it from a backup."
            ) from error


def _connect(found: StillFile) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{found.path.absolute().as_uri()}?{found.options}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        for setting in ("trusted_schema=OFF", "cell_size_check=ON"):
            connection.execute(f"PRAGMA {setting}")
        if found.is_copy:
            connection.execute("PRAGMA journal_mode=DELETE").fetchone()
            found.hide()
    except BaseException:
        connection.close()
        raise
    connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
    return connection
