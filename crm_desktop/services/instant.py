"""What "now" means for a database: the clock, or the time an old archive is looked at from."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from crm_desktop.base import clock
from crm_desktop.base.errors import UserError

if TYPE_CHECKING:
    from crm_desktop.services.access import Access

AS_OF = "as_of"
"""The setting (ISO 8601) with which an old archive is looked at from its own time."""


def reference_instant(access: Access) -> datetime:
    """The instant of the setting `as_of`, or the clock's. Raises UserError when the setting is no
    date and time."""
    with access.read() as store:
        value = store.settings.get(AS_OF)
    if not value:
        return clock.now()
    try:
        return clock.parse(value)
    except ValueError:
        raise UserError(
            f"The setting as_of is “{value}”, which is not a date and time. Clear it in Settings."
        ) from None


def reference_seconds(access: Access) -> int:
    """`reference_instant` as whole epoch seconds UTC."""
    return clock.to_seconds(reference_instant(access))


def day_of(instant: int) -> int:
    """The UTC day of an instant in epoch seconds, as a number."""
    return instant // clock.DAY_S


def newest_message_at(access: Access) -> int | None:
    """When the newest message was sent (epoch seconds UTC), or None without dated messages."""
    with access.read() as store:
        return store.messages.newest_at()
