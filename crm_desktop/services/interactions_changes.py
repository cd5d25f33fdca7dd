"""Bringing measures and scores up to date from what changed since they were last taken.

The database notes which messages change, and what they were. What the changed conversations said of
each pair is taken away, what they say now is added; everyone else's rows are not even read, but on
a new day, when windows have moved on. The result is that of a full run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_desktop.base.jobs import JobContext
from crm_desktop.domain.changes import ChangeKind, Changes
from crm_desktop.model.interactions_state import MOST_CONVERSATIONS, State
from crm_desktop.services.instant import day_of
from crm_desktop.services.interactions import (
    AGGREGATED_AT,
    ROWS_PER_WRITE,
    taken_snapshot,
    write_rows,
)

if TYPE_CHECKING:
    from crm_desktop.engines.deliveries import Deliveries
    from crm_desktop.engines.interactions import PairTotals
    from crm_desktop.engines.ordering import Ints
    from crm_desktop.model.database import UnitOfWork
    from crm_desktop.model.interactions import InteractionRow
    from crm_desktop.services.access import Access

MAX_SHARE = 0.25
"""From such a share of changed conversations, or of messages to look at, a full run is quicker."""
FEW = 1_000
"""... but for so few it never is."""

Pair = tuple[int, int]


class NotFromChangesError(Exception):
    """Everything must be measured anew, with windows that end at `as_of`."""

    def __init__(self, as_of: int) -> None:
        super().__init__("everything must be measured anew")
        self.as_of = as_of


def measure_changes(access: Access, now: int, ctx: JobContext) -> Changes:
    """Write what changed since the last run. Raises NotFromChangesError when that is unknown, or
    so much that it is quicker to measure everything anew."""
    with taken_snapshot(access, ctx) as store:
        ctx.tick(0, 0, "Measuring what changed")
        refresh = _Refresh(store, now, ctx)
        upserts, deletes = refresh.work()

    def finish(store: UnitOfWork) -> None:
        store.settings.set(AGGREGATED_AT, str(refresh.after.as_of))
        store.interactions_state.finish(refresh.after, sorted(refresh.ahead))

    total = len(upserts) + len(deletes)
    batches = (
        upserts[begin : begin + ROWS_PER_WRITE] for begin in range(0, len(upserts), ROWS_PER_WRITE)
    )
    write_rows(access, batches, deletes, finish, ctx, total)
    return Changes.of(ChangeKind.INTERACTIONS) if total else Changes()


class _Refresh:
    """One run, within one snapshot."""

    def __init__(self, store: UnitOfWork, now: int, ctx: JobContext) -> None:
        self._store = store
        self._interactions = store.interactions
        self._ctx = ctx
        self._taken = store.interactions_state.taken()
        before = store.interactions_state.state()
        if before is None or now < before.now:
            raise NotFromChangesError(now)
        is_new_day = day_of(before.as_of) != day_of(now)
        self.before = before
        self.after = State(now if is_new_day else before.as_of, now)
        if self._taken.is_everything:
            raise NotFromChangesError(self.after.as_of)
        self._persons: Ints = self._interactions.persons()
        self.ahead: set[int] = set()
        self._rows: dict[Pair, InteractionRow] = {}

    def work(self) -> tuple[list[InteractionRow], list[Pair]]:
        """The rows to write and the pairs whose rows to delete."""
        from crm_desktop.engines import pair_changes as engine
        from crm_desktop.engines.interaction_rows import interaction_rows, is_same
        from crm_desktop.engines.interactions import Features

        totals = engine.merged(self._changed_totals(), self._totals_of_people())
        if self.after.as_of != self.before.as_of:
            totals = self._aged(totals)
        is_left = totals.low_ever + totals.high_ever > 0
        features = Features(engine.kept(totals, is_left), self.after.as_of)
        upserts: list[InteractionRow] = []
        left = dict(self._rows)
        for part in interaction_rows(features):
            for wanted in part:
                stored = left.pop(wanted[:2], None)
                if stored is None or not is_same(stored, wanted, is_exact=False):
                    upserts.append(wanted)
        return upserts, sorted(left)

    def _changed_totals(self) -> PairTotals:
        """The pairs that the dirty conversations concern."""
        import numpy as np

        from crm_desktop.engines import pair_changes as engine
        from crm_desktop.engines.deliveries import Deliveries, concatenated
        from crm_desktop.engines.interactions import pair_totals

        dirty = sorted({*self._taken.conversations, *self._taken.ahead})
        count = self._store.relationships.inferred.conversation_count()
        if len(dirty) > max(FEW, min(MOST_CONVERSATIONS, int(MAX_SHARE * count))):
            raise NotFromChangesError(self.after.as_of)
        current = Deliveries(*self._interactions.deliveries_in(dirty))
        is_changed = np.isin(current.message_ids, self._store.interactions_state.changed_messages())
        former = concatenated(
            [
                current.take(~is_changed),
                Deliveries(*self._store.interactions_state.deliveries_before()),
            ]
        )
        current = current.among(self._persons)
        self._note_ahead(current)
        old, new = (
            engine.without(
                pair_totals(deliveries.among(self._persons), now=state.now, as_of=state.as_of),
                self._taken.people,
            )
            for deliveries, state in ((former, self.before), (current, self.after))
        )
        pairs = engine.pairs_of(old, new)
        stored = engine.aligned(self._stored(pairs), pairs)
        totals, lost = engine.changed(
            stored, engine.aligned(old, pairs), engine.aligned(new, pairs)
        )
        return engine.merged(totals, self._totals_between(pairs[lost]))

    def _stored(self, pairs: Ints) -> PairTotals:
        """The totals that the rows of these pairs tell of, for those that have both."""
        from crm_desktop.engines.interaction_rows import totals_of

        ways = [pair for low, high in pairs.tolist() for pair in ((low, high), (high, low))]
        self._rows |= self._interactions.rows_of_pairs(ways)
        return totals_of(
            [
                (self._rows[low, high], self._rows[high, low])
                for low, high in map(tuple, pairs.tolist())
                if (low, high) in self._rows and (high, low) in self._rows
            ]
        )

    def _totals_between(self, pairs: Ints) -> PairTotals:
        """The totals of these pairs from all their messages."""
        from crm_desktop.engines.deliveries import Deliveries, between, concatenated
        from crm_desktop.engines.interactions import pair_totals

        wanted = [(low, high) for low, high in pairs.tolist()]
        counts = self._interactions.message_counts({id_ for pair in wanted for id_ in pair})
        self._check_effort(sum(min(counts[low], counts[high]) for low, high in wanted))
        parts = []
        for pair in wanted:
            few, many = sorted(pair, key=counts.__getitem__)
            found = Deliveries(*self._interactions.deliveries_between(few, many))
            parts.append(between(found, [pair]))
        return pair_totals(concatenated(parts), now=self.after.now, as_of=self.after.as_of)

    def _totals_of_people(self) -> PairTotals:
        """The totals of all pairs of people who became persons, or are none any more, from all
        their messages."""
        import numpy as np

        from crm_desktop.engines.deliveries import Deliveries
        from crm_desktop.engines.interactions import pair_totals

        people = self._taken.people
        self._check_effort(sum(self._interactions.message_counts(people).values()))
        pairs = self._interactions.pairs_of(people)
        self._rows |= self._interactions.rows_of_pairs(pairs)
        found = Deliveries(*self._interactions.deliveries_of(people)).among(self._persons)
        self._note_ahead(found)
        is_own = np.isin(found.sender_ids, people) | np.isin(found.receiver_ids, people)
        return pair_totals(found.take(is_own), now=self.after.now, as_of=self.after.as_of)

    def _note_ahead(self, deliveries: Deliveries) -> None:
        is_ahead = deliveries.sent_at > self.after.now
        self.ahead.update(deliveries.thread_ids[is_ahead].tolist())

    def _check_effort(self, messages: int) -> None:
        if messages > max(FEW, MAX_SHARE * self._interactions.message_count()):
            raise NotFromChangesError(self.after.as_of)

    def _aged(self, totals: PairTotals) -> PairTotals:
        """The totals with windows that end later, and those of all pairs that this changes."""
        from crm_desktop.engines import pair_changes as engine
        from crm_desktop.engines.deliveries import Deliveries
        from crm_desktop.engines.interactions import TREND_S, pair_totals

        since = self.after.as_of - TREND_S
        recent = pair_totals(
            Deliveries(*self._interactions.deliveries_since(since)).among(self._persons),
            now=self.after.now,
            as_of=self.after.as_of,
        )
        moved = engine.moved_pairs(self._interactions.ages(), self.before.as_of, self.after.as_of)
        pairs = engine.pairs_of(recent, moved)
        others = engine.without(self._stored(pairs), self._taken.people)
        totals = engine.merged(others, totals)
        pairs = engine.pairs_of(totals)
        return engine.with_windows(totals, engine.aligned(engine.kept_among(recent, pairs), pairs))
