"""What is stale, and that renewing it leaves nothing stale."""

from __future__ import annotations

import pytest

from crm_desktop.base.clock import now_seconds
from crm_desktop.domain.derived import Derived
from crm_desktop.model import inference_state, interactions_state
from crm_desktop.services.refresh import (
    mark_changes,
    mark_people,
    mark_stale,
    refresh_derived,
    stale_kinds,
)
from crm_desktop.services.relationships import load_relationships
from tests.archive_builder import ArchiveBuilder, two_friends

pytestmark = pytest.mark.usefixtures("frozen_now")


@pytest.fixture
def friends(access, database, frozen_now) -> tuple[ArchiveBuilder, int, int, int]:
    archive = ArchiveBuilder(database)
    ada, ben, conversation = two_friends(archive)
    access.write(mark_stale)
    refresh_derived(access)
    return archive, ada, ben, conversation


@pytest.mark.usefixtures("friends")
def test_nothing_is_stale_after_a_refresh(access):
    assert stale_kinds(access) == ()


def test_everything_can_be_marked(access, friends):
    access.write(mark_stale)
    assert stale_kinds(access) == (Derived.INFERENCE, Derived.INTERACTIONS)
    refresh_derived(access)
    assert stale_kinds(access) == ()


def test_decisions_on_people_concern_relationships(access, friends):
    _, ada, ben, _ = friends
    access.write(lambda store: mark_people(store, [ada, ben]))
    assert stale_kinds(access) == (Derived.INFERENCE,)
    refresh_derived(access)
    assert stale_kinds(access) == ()


def test_what_the_tables_undergo_is_noted_by_themselves(access, friends):
    archive, ada, ben, conversation = friends
    archive.message(conversation, ada, [ben], now_seconds())
    assert stale_kinds(access) == (Derived.INFERENCE, Derived.INTERACTIONS)
    refresh_derived(access)
    archive.execute("UPDATE contacts SET kind = 'bot' WHERE id = ?", ben)
    assert stale_kinds(access) == (Derived.INFERENCE, Derived.INTERACTIONS)
    refresh_derived(access)
    archive.execute("UPDATE conversations SET subject = 'Boats' WHERE id = ?", conversation)
    assert stale_kinds(access) == (Derived.INFERENCE,)


def test_a_new_day_makes_stale_what_ages(access, friends, monkeypatch):
    monkeypatch.setenv("CRM_DESKTOP_NOW", "2026-05-01T23:59:59Z")
    assert stale_kinds(access) == ()
    monkeypatch.setenv("CRM_DESKTOP_NOW", "2026-05-02T00:00:00Z")
    assert stale_kinds(access) == (Derived.INFERENCE, Derived.INTERACTIONS)
    refresh_derived(access)
    assert stale_kinds(access) == ()


def test_a_database_without_relationships_waits_for_the_first(access):
    assert stale_kinds(access) == (Derived.INTERACTIONS,)
    access.write(lambda store: mark_stale(store, 1))
    assert stale_kinds(access) == (Derived.CONTACTS, Derived.INFERENCE, Derived.INTERACTIONS)


def test_very_many_changes_are_not_noted_one_by_one(access, friends, monkeypatch):
    archive, ada, ben, _ = friends
    for module in (inference_state, interactions_state):
        monkeypatch.setattr(module, "MOST_CONVERSATIONS", 2)
    for subject in ("Boats", "Trains", "Planes"):
        archive.message(archive.conversation(subject), ada, [ben], now_seconds())
    access.write(mark_changes)
    noted = archive.execute("SELECT count(*) FROM interactions_before")
    archive.message(archive.conversation("Bicycles"), ada, [ben], now_seconds())
    assert archive.execute("SELECT count(*) FROM interactions_before") == noted
    refresh_derived(access)
    assert archive.execute("SELECT count(*) FROM interactions_before") == [(0,)]
    [edge] = load_relationships(access)
    assert edge.shared_conversations == 5
