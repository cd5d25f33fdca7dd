"""What inference remembers of its last run, and what has changed since.

The setting `inference_state` (JSON) exists once a run has begun; from then on the database notes
in `pending` and `inference_before` what changes. It holds the numbers of `State`, or nothing
before the first run has ended.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from sqlalchemy import Connection

from crm_desktop.domain.derived import STALE_KINDS, Derived, Dirty
from crm_desktop.model.bulk import MISSING, fetch_raw
from crm_desktop.model.pending import EVERYTHING, TAKEN, PendingStore
from crm_desktop.model.settings import SettingStore

INFERENCE_STATE = "inference_state"
MOST_CONVERSATIONS = 20_000
"""When more have changed, a run from what changed would take longer than one from everything."""
_KINDS = tuple(sorted(STALE_KINDS[Derived.INFERENCE]))

ParticipantRow = tuple[int, int, int, int, int]
"""Conversation id, contact id, messages sent, first and last seen (`bulk.MISSING` if unknown)."""


@dataclass(frozen=True, slots=True)
class State:
    """What the stored edges were found with."""

    as_of: int  # the instant that strengths are as of, epoch seconds UTC
    now: int  # dates after this instant were read as this instant
    max_participants: int
    milestone: int  # up to which conversation id terms were counted
    documents: int  # in how many conversations


@dataclass(frozen=True, slots=True)
class Taken:
    """The marks that a run works off. `before` are rows of `conversation_participants` as they
    were at the last run, by conversation and contact; None where there was none."""

    is_everything: bool
    renamed: tuple[int, ...]
    conversations: tuple[int, ...]
    subjects: tuple[int, ...]
    ahead: tuple[int, ...]
    before: Mapping[tuple[int, int], ParticipantRow | None]


class InferenceStateStore:
    """Reads and writes the `inference_*` tables and inference's marks."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._pending = PendingStore(connection)
        self._settings = SettingStore(connection)

    def take(self) -> None:
        """Take all marks for a run; from now on every change makes new ones."""
        if self._settings.get(INFERENCE_STATE) is None:
            self._settings.set(INFERENCE_STATE, "{}")
            self._connection.exec_driver_sql("DELETE FROM inference_before")
            for kind in _KINDS:
                self._pending.clear(kind)
            self._pending.mark(Derived.INFERENCE)
        self._pending.take(_KINDS)
        for statement in (
            "INSERT INTO inference_before SELECT 1, conversation_id, contact_id,"
            " communication_count, first_seen_at, last_seen_at FROM inference_before"
            " WHERE is_taken = 0 ON CONFLICT DO NOTHING",
            "DELETE FROM inference_before WHERE is_taken = 0",
        ):
            self._connection.exec_driver_sql(statement)

    def is_all_taken(self) -> bool:
        """Whether nothing has changed between `take` and this snapshot."""
        if any(self._pending.has_more_than(kind, 0) for kind in _KINDS):
            return False
        left = self._connection.exec_driver_sql("SELECT 1 FROM inference_before WHERE is_taken = 0")
        return left.first() is None

    def taken(self) -> Taken:
        """The marks taken for this run."""
        return Taken(
            EVERYTHING in self._pending.peek(Derived.INFERENCE + TAKEN),
            self._pending.peek(Dirty.INFERENCE_NAMES + TAKEN),
            self._pending.peek(Dirty.INFERENCE_CONVERSATIONS + TAKEN),
            self._pending.peek(Dirty.INFERENCE_SUBJECTS + TAKEN),
            self._pending.peek(Dirty.INFERENCE_AHEAD),
            self._before(),
        )

    def _before(self) -> dict[tuple[int, int], ParticipantRow | None]:
        rows = fetch_raw(
            self._connection,
            "SELECT conversation_id, contact_id, communication_count, coalesce(first_seen_at, ?1),"
            " coalesce(last_seen_at, ?1) FROM inference_before WHERE is_taken = 1",
            (MISSING,),
        )
        return {(row[0], row[1]): None if row[2] is None else row for row in rows}

    def state(self) -> State | None:
        """What the last run was made with; None when none has ended, or it is of another kind."""
        try:
            return State(**json.loads(self._settings.get(INFERENCE_STATE) or "{}"))
        except (TypeError, ValueError):
            return None

    def finish(self, state: State, ahead: Iterable[int]) -> None:
        """Keep what a run was made with, and which conversations have dates that lie ahead, and
        forget the marks it took."""
        self._settings.set(INFERENCE_STATE, json.dumps(asdict(state)))
        for kind in _KINDS:
            self._pending.clear(kind + TAKEN)
        self._connection.exec_driver_sql("DELETE FROM inference_before WHERE is_taken = 1")
        self._pending.clear(Dirty.INFERENCE_AHEAD)
        self._pending.mark(Dirty.INFERENCE_AHEAD, ahead)

    def mark_changes(self) -> None:
        """Say, after a part of an import or a removal, that conversations changed.

        Which ones the database notes by itself, unless no run has ended yet, or until they are so
        many that the next run had better do everything anew.
        """
        if self._settings.get(INFERENCE_STATE) is None:
            self._pending.mark(Derived.INFERENCE)
        elif self._pending.has_more_than(Dirty.INFERENCE_CONVERSATIONS, MOST_CONVERSATIONS):
            self._settings.delete(INFERENCE_STATE)
            self._pending.mark(Derived.INFERENCE)

    def people(self) -> dict[int, int]:
        """What contacts were counted as, of those that were not counted as themselves."""
        return dict(
            fetch_raw(self._connection, "SELECT contact_id, person_id FROM inference_people")
        )

    def save_people(self, counted_as: Mapping[int, int]) -> None:
        """Keep what contacts count as."""
        before = self.people()
        gone = [(id_,) for id_ in before.keys() - counted_as.keys()]
        new = [(id_, to) for id_, to in counted_as.items() if before.get(id_) != to]
        if gone:
            self._connection.exec_driver_sql(
                "DELETE FROM inference_people WHERE contact_id = ?", gone
            )
        if new:
            self._connection.exec_driver_sql(
                "INSERT OR REPLACE INTO inference_people (contact_id, person_id) VALUES (?, ?)",
                new,
            )

    def blocked(self) -> set[tuple[int, int]]:
        """The pairs that the last run kept away."""
        return {
            (row[0], row[1])
            for row in fetch_raw(
                self._connection, "SELECT low_contact_id, high_contact_id FROM inference_blocked"
            )
        }

    def save_blocked(self, pairs: set[tuple[int, int]]) -> None:
        """Keep which pairs are kept away."""
        before = self.blocked()
        for sql, rows in (
            (
                "DELETE FROM inference_blocked WHERE low_contact_id = ? AND high_contact_id = ?",
                sorted(before - pairs),
            ),
            (
                "INSERT INTO inference_blocked (low_contact_id, high_contact_id) VALUES (?, ?)",
                sorted(pairs - before),
            ),
        ):
            if rows:
                self._connection.exec_driver_sql(sql, rows)

    def terms(self, names: Iterable[str] | None = None) -> dict[str, tuple[int, str | None]]:
        """(conversations, spelling) of all terms, or of these, by name."""
        if names is None:
            rows = fetch_raw(
                self._connection, "SELECT term, conversations, spelling FROM inference_terms"
            )
        else:
            rows = fetch_raw(
                self._connection,
                "SELECT t.term, t.conversations, t.spelling FROM json_each(?) j"
                " CROSS JOIN inference_terms t ON t.term = j.value",
                (json.dumps(list(names)),),
            )
        return {row[0]: (row[1], row[2]) for row in rows}

    def save_terms(self, terms: Mapping[str, tuple[int, str | None]]) -> None:
        """Keep the terms of the archive, if they are others than before."""
        before = self.terms()
        gone = [(name,) for name in before.keys() - terms.keys()]
        new = [(name, *value) for name, value in terms.items() if before.get(name) != value]
        if gone:
            self._connection.exec_driver_sql("DELETE FROM inference_terms WHERE term = ?", gone)
        if new:
            self._connection.exec_driver_sql(
                "INSERT OR REPLACE INTO inference_terms (term, conversations, spelling)"
                " VALUES (?, ?, ?)",
                new,
            )
