"""What the window wants to know of a database before it chooses what to show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crm_desktop.base.jobs import JobContext
    from crm_desktop.services.access import Access


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look around the database tells: whether it holds nobody yet, whether it is a sample,
    and when relationships were last found (epoch seconds UTC)."""

    is_empty: bool
    is_sample: bool
    found_at: int | None


def look_around(access: Access, _ctx: JobContext) -> Seen:
    """How the database is; runs on a lane."""
    from crm_desktop.services.contacts import contact_ids
    from crm_desktop.services.demo import SAMPLE_SETTING
    from crm_desktop.services.imports import list_imports
    from crm_desktop.services.inference import INFERRED_AT
    from crm_desktop.services.settings import get_setting

    found_at = get_setting(access, INFERRED_AT)
    return Seen(
        is_empty=not list_imports(access) and not contact_ids(access, kind=None),
        is_sample=get_setting(access, SAMPLE_SETTING) is not None,
        found_at=int(found_at) if found_at else None,
    )
