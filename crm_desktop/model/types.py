"""Column types of our own."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Dialect, Integer
from sqlalchemy.types import TypeDecorator

from crm_desktop.base.clock import from_seconds, to_seconds


class EpochSeconds(TypeDecorator[datetime]):
    """A timezone-aware datetime, stored as INTEGER epoch seconds UTC and returned in UTC.

    A datetime without a zone is a ValueError.
    """

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else to_seconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else from_seconds(value)
