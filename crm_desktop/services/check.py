"""The check of a database: is the file whole, and do its parts say the same?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from crm_desktop.base.jobs import JobContext
from crm_desktop.domain.checks import CheckReport
from crm_desktop.domain.derived import STALE_KINDS, Derived

if TYPE_CHECKING:
    from crm_desktop.model.database import UnitOfWork
    from crm_desktop.services.access import Access


def check_database(access: Access, *, ctx: JobContext | None = None) -> CheckReport:
    """What is wrong with the database, in plain sentences; nothing is changed.

    Measures that wait to be recomputed are not held against it.
    """
    ctx = ctx or JobContext()
    steps: tuple[tuple[str, Callable[[UnitOfWork], Iterator[str]]], ...] = (
        ("Checking the file", _damage),
        ("Checking the search index", _fulltext),
        ("Checking conversations", _conversations),
        ("Checking relationships", _relationships),
    )
    problems: list[str] = []
    with access.read(ctx.token) as store:
        for done, (label, step) in enumerate(steps):
            ctx.tick(done, len(steps), label)
            problems.extend(step(store))
        checked = store.checks.counts()
    ctx.tick(len(steps), len(steps), "Checked")
    return CheckReport(tuple(problems), checked)


def _damage(store: UnitOfWork) -> Iterator[str]:
    for problem in store.checks.damage():
        if "fts" in problem:
            yield f"The search index is damaged: {problem}."
        else:
            yield f"The file is damaged: {problem}."


def _fulltext(store: UnitOfWork) -> Iterator[str]:
    # People of an import that is not settled yet are indexed when it is.
    is_settled = Derived.CONTACTS not in store.pending.kinds()
    for state in store.checks.fulltext():
        if state.missing and is_settled:
            yield f"The search cannot find {state.missing:,} of the {state.noun}."
        if state.surplus:
            yield f"The search index keeps {state.surplus:,} {state.noun} that are gone."


def _conversations(store: UnitOfWork) -> Iterator[str]:
    if count := store.checks.wrong_participants():
        yield f"The participants of conversations are out of step with messages ({count:,} rows)."
    if count := store.checks.wrong_conversations():
        yield f"The counts or dates of {count:,} conversations are out of step with messages."


def _relationships(store: UnitOfWork) -> Iterator[str]:
    if count := store.checks.loose_ends():
        yield f"{count:,} relationships lead to a person or company that is gone."
    if not STALE_KINDS[Derived.INTERACTIONS].isdisjoint(store.pending.kinds()):
        return
    if count := store.checks.wrong_pairs():
        yield f"The measures of {count:,} pairs of people are out of step with messages."
