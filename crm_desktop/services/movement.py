"""What moved: with whom contact grew or faded from one window to the next."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from crm_desktop.base.clock import DAY_S
from crm_desktop.domain.interactions import window_days
from crm_desktop.domain.top import Movement, Mover
from crm_desktop.services.instant import reference_seconds
from crm_desktop.services.top import centre

if TYPE_CHECKING:
    from crm_desktop.base.jobs import CancelToken
    from crm_desktop.services.access import Access

MIN_MESSAGES = 4
"""Fewer messages than this in the busier window say nothing."""
MIN_CHANGE = math.log(1.5)
MOST = 5


def movement(
    access: Access,
    *,
    self_person_id: int | None = None,
    window: str = "90d",
    limit: int = MOST,
    now: int | None = None,
    token: CancelToken | None = None,
) -> Movement:
    """Who rose and who faded between the window that ends `now` and the one before it.

    The change is ln((1 + messages now) / (1 + messages before)); at least ln 1.5 either way, with
    at least MIN_MESSAGES in the busier window. An archive that does not reach back over the whole
    window before has nothing to compare with: then nobody moved. Raises as `top_relationships`
    does.
    """
    days = window_days(window)
    end = reference_seconds(access) if now is None else now
    start = end - days * DAY_S
    before = start - days * DAY_S
    with access.read(token) as store:
        owner = centre(store, self_person_id)
        is_covered = store.top.reaches_back_to(before)
        counts = store.top.message_counts(owner, before, start, end) if is_covered else []
    moved = [
        (change(mover), mover)
        for mover in counts
        if max(mover.messages_now, mover.messages_before) >= MIN_MESSAGES
        and abs(change(mover)) >= MIN_CHANGE
    ]
    moved.sort(key=lambda pair: (-abs(pair[0]), -_volume(pair[1]), pair[1].person_id))
    return Movement(
        tuple(mover for by, mover in moved if by > 0)[:limit],
        tuple(mover for by, mover in moved if by < 0)[:limit],
        start,
        end,
    )


def change(mover: Mover) -> float:
    """How much contact changed: 0 for not at all, negative for less."""
    return math.log1p(mover.messages_now) - math.log1p(mover.messages_before)


def _volume(mover: Mover) -> int:
    return mover.messages_now + mover.messages_before
