"""The database as everything above sees it: open a file, read a snapshot, write a transaction."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm_desktop.base import held_files
from crm_desktop.base.errors import UserError
from crm_desktop.base.jobs import CancelToken
from crm_desktop.base.log import LOGGER
from crm_desktop.base.paths import private_directory
from crm_desktop.model import files
from crm_desktop.model.engine import (
    Engines,
    cancellable,
    check_sqlite_version,
    open_engines,
    storage_errors,
)
from crm_desktop.model.undo import UndoHistory, UndoStore

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from crm_desktop.model.address_book import AddressBookStore
    from crm_desktop.model.backup import BackupStore
    from crm_desktop.model.card_queries import CardQueries
    from crm_desktop.model.check_queries import CheckQueries
    from crm_desktop.model.claims import ClaimStore
    from crm_desktop.model.companies import CompanyStore
    from crm_desktop.model.company_edits import CompanyEditStore
    from crm_desktop.model.contact_edits import ContactEditStore
    from crm_desktop.model.contact_queries import ContactQueries
    from crm_desktop.model.contacts import ContactStore
    from crm_desktop.model.conversation_queries import ConversationQueries
    from crm_desktop.model.counted import CountedStore
    from crm_desktop.model.duplicate_queries import DuplicateQueries
    from crm_desktop.model.evidence import EvidenceQueries
    from crm_desktop.model.fulltext import FulltextStore
    from crm_desktop.model.graph import GraphStore
    from crm_desktop.model.history import HistoryStore
    from crm_desktop.model.identifier_edits import IdentifierEditStore
    from crm_desktop.model.imports import ImportStore
    from crm_desktop.model.inference_state import InferenceStateStore
    from crm_desktop.model.interactions import InteractionStore
    from crm_desktop.model.interactions_state import InteractionsStateStore
    from crm_desktop.model.joining import JoiningStore
    from crm_desktop.model.merging import MergeStore
    from crm_desktop.model.messages import MessageStore
    from crm_desktop.model.pending import PendingStore
    from crm_desktop.model.relationship_types import RelationshipTypeStore
    from crm_desktop.model.relationships import RelationshipStore
    from crm_desktop.model.removal import RemovalStore
    from crm_desktop.model.settings import SettingStore
    from crm_desktop.model.tag_edits import TagEditStore
    from crm_desktop.model.top_queries import TopQueries

CANCEL_POLL_S = 0.05


class UnitOfWork:
    """One transaction with one store per noun. Use it only inside its block and on its thread.

    The functions in `after_commit` are called, in order, once the transaction is committed.
    """

    def __init__(
        self, connection: Connection, path: Path, key: str | None, history: UndoHistory
    ) -> None:
        self.connection = connection
        self._path = path
        self._key = key
        self._history = history
        self.after_commit: list[Callable[[], object]] = []

    @cached_property
    def undo(self) -> UndoStore:
        return UndoStore(self.connection, self._history, self.after_commit)

    @cached_property
    def contacts(self) -> ContactStore:
        from crm_desktop.model.contacts import ContactStore

        return ContactStore(self.connection)

    @cached_property
    def companies(self) -> CompanyStore:
        from crm_desktop.model.companies import CompanyStore

        return CompanyStore(self.connection)

    @cached_property
    def contact_edits(self) -> ContactEditStore:
        from crm_desktop.model.contact_edits import ContactEditStore

        return ContactEditStore(self.connection)

    @cached_property
    def identifier_edits(self) -> IdentifierEditStore:
        from crm_desktop.model.identifier_edits import IdentifierEditStore

        return IdentifierEditStore(self.connection)

    @cached_property
    def tag_edits(self) -> TagEditStore:
        from crm_desktop.model.tag_edits import TagEditStore

        return TagEditStore(self.connection)

    @cached_property
    def company_edits(self) -> CompanyEditStore:
        from crm_desktop.model.company_edits import CompanyEditStore

        return CompanyEditStore(self.connection)

    @cached_property
    def messages(self) -> MessageStore:
        from crm_desktop.model.messages import MessageStore

        return MessageStore(self.connection)

    @cached_property
    def address_book(self) -> AddressBookStore:
        from crm_desktop.model.address_book import AddressBookStore

        return AddressBookStore(self.connection)

    @cached_property
    def joining(self) -> JoiningStore:
        from crm_desktop.model.joining import JoiningStore

        return JoiningStore(self.connection)

    @cached_property
    def removal(self) -> RemovalStore:
        from crm_desktop.model.removal import RemovalStore

        return RemovalStore(self.connection)

    @cached_property
    def claims(self) -> ClaimStore:
        from crm_desktop.model.claims import ClaimStore

        return ClaimStore(self.connection)

    @cached_property
    def counted(self) -> CountedStore:
        from crm_desktop.model.counted import CountedStore

        return CountedStore(self.connection)

    @cached_property
    def imports(self) -> ImportStore:
        from crm_desktop.model.imports import ImportStore

        return ImportStore(self.connection)

    @cached_property
    def relationships(self) -> RelationshipStore:
        from crm_desktop.model.relationships import RelationshipStore

        return RelationshipStore(self.connection)

    @cached_property
    def relationship_types(self) -> RelationshipTypeStore:
        from crm_desktop.model.relationship_types import RelationshipTypeStore

        return RelationshipTypeStore(self.connection)

    @cached_property
    def evidence(self) -> EvidenceQueries:
        from crm_desktop.model.evidence import EvidenceQueries

        return EvidenceQueries(self.connection)

    @cached_property
    def inference_state(self) -> InferenceStateStore:
        from crm_desktop.model.inference_state import InferenceStateStore

        return InferenceStateStore(self.connection)

    @cached_property
    def interactions_state(self) -> InteractionsStateStore:
        from crm_desktop.model.interactions_state import InteractionsStateStore

        return InteractionsStateStore(self.connection)

    @cached_property
    def interactions(self) -> InteractionStore:
        from crm_desktop.model.interactions import InteractionStore

        return InteractionStore(self.connection)

    @cached_property
    def graph(self) -> GraphStore:
        from crm_desktop.model.graph import GraphStore

        return GraphStore(self.connection)

    @cached_property
    def settings(self) -> SettingStore:
        from crm_desktop.model.settings import SettingStore

        return SettingStore(self.connection)

    @cached_property
    def fulltext(self) -> FulltextStore:
        from crm_desktop.model.fulltext import FulltextStore

        return FulltextStore(self.connection)

    @cached_property
    def history(self) -> HistoryStore:
        from crm_desktop.model.history import HistoryStore

        return HistoryStore(self.connection)

    @cached_property
    def merging(self) -> MergeStore:
        from crm_desktop.model.merging import MergeStore

        return MergeStore(self.connection)

    @cached_property
    def duplicates(self) -> DuplicateQueries:
        from crm_desktop.model.duplicate_queries import DuplicateQueries

        return DuplicateQueries(self.connection)

    @cached_property
    def top(self) -> TopQueries:
        from crm_desktop.model.top_queries import TopQueries

        return TopQueries(self.connection)

    @cached_property
    def pending(self) -> PendingStore:
        from crm_desktop.model.pending import PendingStore

        return PendingStore(self.connection)

    @cached_property
    def cards(self) -> CardQueries:
        from crm_desktop.model.card_queries import CardQueries

        return CardQueries(self.connection)

    @cached_property
    def people(self) -> ContactQueries:
        from crm_desktop.model.contact_queries import ContactQueries

        return ContactQueries(self.connection)

    @cached_property
    def conversations(self) -> ConversationQueries:
        from crm_desktop.model.conversation_queries import ConversationQueries

        return ConversationQueries(self.connection)

    @cached_property
    def backup(self) -> BackupStore:
        from crm_desktop.model.backup import BackupStore

        return BackupStore(self.connection, self._path, self._key)

    @cached_property
    def checks(self) -> CheckQueries:
        from crm_desktop.model.check_queries import CheckQueries

        return CheckQueries(self.connection)


class Database:
    """An open database file. Any thread may read; writers queue for the one write connection."""

    def __init__(self, path: Path, engines: Engines, key: str | None) -> None:
        self.path = path
        self._key = key
        self._engines = engines
        self._writing = threading.Lock()
        self._writer: int | None = None
        self._is_held = False
        self.undo_history = UndoHistory()

    @classmethod
    def open(cls, path: Path, *, key: str | None = None) -> Database:
        """The database at `path`, created with mode 0600 if there is none, migrated if it is old.

        Raises UserError, and leaves the file as it is, when it is a folder, not a database, of
        another program, of a newer version of this one, damaged, locked or out of reach.
        """
        check_sqlite_version()
        if os.path.isdir(path):  # unlike the path's own method false for a name too long
            raise UserError(f"“{path.name}” is a folder. Choose a database file.")
        # Through a link the database behind it is meant, not the link.
        path = path.resolve()
        try:
            private_directory(path.parent)
            with storage_errors(path):
                files.prepare(path, key)
                return cls._opened(path, key)
        except OSError as error:
            raise UserError(
                f"“{path.name}” cannot be opened or created in “{path.parent}” "
                f"({error.strerror}). Choose another place for the database."
            ) from error

    @classmethod
    def _opened(cls, path: Path, key: str | None) -> Database:
        database = cls(path, open_engines(path, key=key), key)
        try:
            with database.read() as store:
                files.check_schema_version(path, files.schema_version(store.connection))
        except BaseException:
            database._engines.dispose()
            raise
        held_files.hold(path)
        database._is_held = True
        return database

    @contextmanager
    def read(self, token: CancelToken | None = None) -> Iterator[UnitOfWork]:
        """One snapshot, taken now. A token that is set stops a running statement with Cancelled."""
        with (
            storage_errors(self.path, token),
            self._engines.read.connect() as connection,
            connection.begin(),
        ):
            # BEGIN alone takes no snapshot; the first read does.
            connection.exec_driver_sql("SELECT 1 FROM sqlite_schema LIMIT 1").close()
            with cancellable(connection, token):
                yield self._unit(connection)

    @contextmanager
    def write(self, token: CancelToken | None = None) -> Iterator[UnitOfWork]:
        """One write transaction: committed at the end of the block, rolled back on any exception.

        Waits for other writers. A write inside a write on one thread is a RuntimeError.
        """
        self._wait_for_turn(token)
        try:
            with (
                storage_errors(self.path, token),
                self._engines.write.connect() as connection,
                connection.begin(),
                cancellable(connection, token),
            ):
                unit = self._unit(connection)
                yield unit
            for function in unit.after_commit:
                function()
        finally:
            self._writer = None
            self._writing.release()

    def _unit(self, connection: Connection) -> UnitOfWork:
        return UnitOfWork(connection, self.path, self._key, self.undo_history)

    def _wait_for_turn(self, token: CancelToken | None) -> None:
        if self._writer == threading.get_ident():
            raise RuntimeError("a write is already open on this thread")
        if token is None:
            self._writing.acquire()
        else:
            token.raise_if_set()
            while not self._writing.acquire(timeout=CANCEL_POLL_S):
                token.raise_if_set()
        self._writer = threading.get_ident()

    def close(self) -> None:
        """Move the write-ahead log into the file, if that is possible now, and close every
        connection.

        On a full disk the log stays beside the file, with everything in it; the next closing
        tries again.
        """
        with self._writing:
            self._engines.read.dispose()
            try:
                with storage_errors(self.path), self._engines.write.connect() as connection:
                    raw: Any = connection.connection.dbapi_connection
                    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            except UserError as error:
                code = getattr(error.__cause__, "sqlite_errorcode", "unknown")
                LOGGER.info("the write-ahead log stays as it is: SQLite error %s", code)
            finally:
                self._engines.dispose()
                if self._is_held:
                    self._is_held = False
                    held_files.release(self.path)
