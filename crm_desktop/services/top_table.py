"""The top list as a file that spreadsheets open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from crm_desktop.base.clock import DAY_S, from_seconds, iso
from crm_desktop.base.jobs import JobContext
from crm_desktop.domain.interactions import DECAY_WORDS, TopRelationship, window_days
from crm_desktop.domain.top import EVERYBODY, TopFilter
from crm_desktop.services.instant import reference_seconds
from crm_desktop.services.table_files import write_csv
from crm_desktop.services.top import centre, ranked_people, relationships_with

if TYPE_CHECKING:
    from crm_desktop.services.access import Access

HEADERS = (
    "rank",
    "name",
    "organization",
    "score",
    "last_contact_at",
    "decay",
    "emails",
    "phones",
)
BLOCK_ROWS = 500


def export_top(
    access: Access,
    path: Path,
    *,
    self_person_id: int | None = None,
    window: str = "90d",
    wanted: TopFilter = EVERYBODY,
    now: int | None = None,
    ctx: JobContext | None = None,
) -> int:
    """How many people were written to a CSV file at `path`: everyone whom `top_relationships`
    would list, in its order, as they are at one moment.

    Instants are UTC ISO 8601; several addresses or numbers stand in one cell, parted by "; ".
    Raises as `top_relationships` and `write_csv` do; a file that is there is replaced only when
    all is written.
    """
    days = window_days(window)
    end = reference_seconds(access) if now is None else now
    ctx = ctx or JobContext()
    with access.read(ctx.token) as store:
        owner = centre(store, self_person_id)
        ids = ranked_people(store, owner, end - days * DAY_S, end, wanted).ids

        def rows() -> Iterator[TopRelationship]:
            for start in range(0, len(ids), BLOCK_ROWS):
                ctx.tick(start, len(ids), "Writing people")
                yield from relationships_with(store, owner, ids[start : start + BLOCK_ROWS], end)

        count = write_csv(path, HEADERS, (_cells(*row) for row in enumerate(rows(), 1)))
    ctx.tick(count, count, "Writing people")
    return count


def _cells(rank: int, row: TopRelationship) -> tuple[object, ...]:
    return (
        rank,
        row.display_name,
        row.organization,
        round(row.score, 2),
        iso(from_seconds(row.last_contact_at)),
        DECAY_WORDS[row.decay_bucket],
        "; ".join(row.emails),
        "; ".join(row.phones),
    )
