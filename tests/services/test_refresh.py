"""What is stale, and that renewing it leaves nothing stale."""

from __future__ import annotations

import pytest

from crm_desktop.domain.derived import Derived
from crm_desktop.services.refresh import mark_people, mark_stale, refresh_derived, stale_kinds
from tests.archive_builder import ArchiveBuilder, two_friends

pytestmark = pytest.mark.usefixtures("frozen_now")

BOTH = (Derived.INFERENCE, Derived.INTERACTIONS)


def test_marks_make_both_kinds_stale_until_they_are_renewed(access, database):
    ada, ben, _ = two_friends(ArchiveBuilder(database))
    for mark in (mark_stale, lambda store: mark_people(store, [ada, ben])):
        access.write(mark)
        assert stale_kinds(access) == BOTH
        refresh_derived(access)
        assert stale_kinds(access) == ()
