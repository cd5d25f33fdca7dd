"""What the measuring of contact remembers of its last run, and what has changed since.

The setting `interactions_state` (JSON) exists once a run has begun; from then on the database notes
in `pending` and `interactions_before` what changes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection

from crm_desktop.domain.derived import STALE_KINDS, Derived, Dirty
from crm_desktop.model.bulk import integer_columns
from crm_desktop.model.pending import EVERYTHING, TAKEN, PendingStore
from crm_desktop.model.settings import SettingStore

INTERACTIONS_STATE = "interactions_state"
MOST_CONVERSATIONS = 20_000
"""When more have changed, a run from what changed would take longer than one from everything."""
_KINDS = tuple(sorted(STALE_KINDS[Derived.INTERACTIONS]))


@dataclass(frozen=True, slots=True)
class State:
    """What the stored rows were measured with; both are epoch seconds UTC."""

    as_of: int  # the instant that windows end at and scores are as of
    now: int  # dates after this instant were read as this instant


@dataclass(frozen=True, slots=True)
class Taken:
    """The marks that a run works off, and the conversations with dates that lie ahead."""

    is_everything: bool
    people: tuple[int, ...]
    conversations: tuple[int, ...]
    ahead: tuple[int, ...]


class InteractionsStateStore:
    """Reads and writes the marks of what is to be measured anew."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._pending = PendingStore(connection)
        self._settings = SettingStore(connection)

    def take(self) -> None:
        """Take all marks for a run; from now on every change makes new ones."""
        execute = self._connection.exec_driver_sql
        if self._settings.get(INTERACTIONS_STATE) is None:
            self._settings.set(INTERACTIONS_STATE, "{}")
            execute("DELETE FROM interactions_before")
            for kind in _KINDS:
                self._pending.clear(kind)
            self._pending.mark(Derived.INTERACTIONS)
        self._pending.take(_KINDS)
        # Of a message that an earlier run took, that run knows how it was.
        execute(
            "INSERT INTO interactions_before SELECT 1, message_id, sender_id, receiver_id,"
            " conversation_id, sent_at, attachment_count FROM interactions_before b"
            " WHERE is_taken = 0 AND NOT EXISTS (SELECT 1 FROM interactions_before o"
            " WHERE o.is_taken = 1 AND o.message_id = b.message_id AND o.sender_id = 0)"
        )
        execute("DELETE FROM interactions_before WHERE is_taken = 0")

    def is_all_taken(self) -> bool:
        """Whether nothing has changed between `take` and this snapshot."""
        if any(self._pending.has_more_than(kind, 0) for kind in _KINDS):
            return False
        left = self._connection.exec_driver_sql(
            "SELECT 1 FROM interactions_before WHERE is_taken = 0"
        )
        return left.first() is None

    def taken(self) -> Taken:
        """The marks taken for this run."""
        people = self._pending.peek(Derived.INTERACTIONS + TAKEN)
        return Taken(
            EVERYTHING in people,
            tuple(id_ for id_ in people if id_ != EVERYTHING),
            self._pending.peek(Dirty.INTERACTIONS_CONVERSATIONS + TAKEN),
            self._pending.peek(Dirty.INTERACTIONS_AHEAD),
        )

    def changed_messages(self) -> Any:
        """The ids of messages that are not as they were at the last run, as an int64 array."""
        return integer_columns(
            self._connection,
            "SELECT message_id FROM interactions_before"
            " WHERE is_taken = 1 AND sender_id = 0 AND receiver_id = 0",
            1,
        )[0]

    def deliveries_before(self) -> tuple[Any, ...]:
        """What these messages were at the last run, as columns like those of
        `InteractionStore.deliveries_in`."""
        return integer_columns(
            self._connection,
            "SELECT message_id, conversation_id, sent_at, attachment_count, sender_id, receiver_id"
            " FROM interactions_before WHERE is_taken = 1 AND sender_id <> 0",
            6,
        )

    def state(self) -> State | None:
        """What the last run was made with; None when none has ended."""
        try:
            return State(**json.loads(self._settings.get(INTERACTIONS_STATE) or "{}"))
        except (TypeError, ValueError):
            return None

    def begin_writing(self) -> None:
        """Say that rows are about to be written in several writes: should the last one not come,
        only measuring everything anew will put that right."""
        self._pending.mark(Derived.INTERACTIONS + TAKEN)

    def finish(self, state: State, ahead: Iterable[int]) -> None:
        """Keep what a run was made with, and which conversations have dates that lie ahead, and
        forget the marks it took."""
        self._settings.set(INTERACTIONS_STATE, json.dumps(asdict(state)))
        for kind in _KINDS:
            self._pending.clear(kind + TAKEN)
        self._connection.exec_driver_sql("DELETE FROM interactions_before WHERE is_taken = 1")
        self._pending.clear(Dirty.INTERACTIONS_AHEAD)
        self._pending.mark(Dirty.INTERACTIONS_AHEAD, ahead)

    def mark_changes(self) -> None:
        """Say, after a part of an import or a removal, that messages changed; see
        `InferenceStateStore.mark_changes`."""
        if self._settings.get(INTERACTIONS_STATE) is None:
            self._pending.mark(Derived.INTERACTIONS)
        elif self._pending.has_more_than(Dirty.INTERACTIONS_CONVERSATIONS, MOST_CONVERSATIONS):
            self._settings.delete(INTERACTIONS_STATE)
            self._pending.mark(Derived.INTERACTIONS)
