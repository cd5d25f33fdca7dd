"""Commands: what follows from them, undone and redone."""

from __future__ import annotations

import pytest

from crm_desktop.base.errors import UserError
from crm_desktop.domain.changes import ChangeKind
from crm_desktop.domain.derived import Derived
from crm_desktop.domain.history import FieldChange
from crm_desktop.domain.relationships import EntityKind, RelationshipSource
from crm_desktop.domain.undo import UndoStatus
from crm_desktop.model.database import UnitOfWork
from crm_desktop.model.fulltext import searchable_words
from crm_desktop.services.access import DirectAccess
from crm_desktop.services.undo import record, redo, undo
from tests.life import NOW, Life


@pytest.fixture
def people(access: DirectAccess) -> tuple[int, int]:
    def make(store: UnitOfWork) -> tuple[int, int]:
        life = Life(store)
        return life.contact("Ada King"), life.contact("Bob Ray")

    return access.write(make)


def rename(store: UnitOfWork, contact_id: int, name: str) -> None:
    store.connection.exec_driver_sql(
        "UPDATE contacts SET name = ?, name_key = ? WHERE id = ?",
        (name, name.casefold(), contact_id),
    )


def found(access: DirectAccess, text: str) -> list[int]:
    with access.read() as store:
        return list(store.fulltext.matching_contacts(searchable_words(text)))


def stale(access: DirectAccess) -> set[str]:
    with access.read() as store:
        return set(store.pending.kinds())


def test_full_text_and_derived_data_follow_every_direction(
    access: DirectAccess, people: tuple[int, int]
) -> None:
    ada, _ = people
    done = record(access, "Rename Ada King", lambda store: rename(store, ada, "Zoe Quell"))
    assert done.changes.kinds == {ChangeKind.CONTACTS}
    assert done.changes.ids == {ada}
    assert (found(access, "quell"), found(access, "king")) == ([ada], [])
    assert Derived.INFERENCE in stale(access)
    assert access.undo_status == UndoStatus("Rename Ada King", None)

    access.write(lambda store: [store.pending.clear(kind) for kind in Derived])
    undone = undo(access)
    assert (undone.value, undone.changes) == ("Rename Ada King", done.changes)
    assert (found(access, "quell"), found(access, "king")) == ([], [ada])
    assert Derived.INFERENCE in stale(access)

    assert redo(access).value == "Rename Ada King"
    assert (found(access, "quell"), found(access, "king")) == ([ada], [])
    assert redo(access).value is None
    assert not redo(access).changes


def test_a_note_makes_nothing_stale_but_is_told(
    access: DirectAccess, people: tuple[int, int]
) -> None:
    def relate(store: UnitOfWork) -> int:
        return store.relationships.add("rt-works-with", *people, source=RelationshipSource.MANUAL)

    relationship_id = record(access, "Add relationship", relate).value
    access.write(lambda store: [store.pending.clear(kind) for kind in Derived])
    done = record(
        access, "Add note", lambda store: store.relationships.notes.add(relationship_id, "Riga")
    )
    assert done.changes.kinds == {ChangeKind.RELATIONSHIPS}
    assert stale(access) == set()


def test_a_company_concerns_the_people_who_show_its_name(access: DirectAccess) -> None:
    company = access.write(lambda store: Life(store).company("Acme"))

    def change(store: UnitOfWork) -> None:
        store.connection.exec_driver_sql(
            "UPDATE companies SET name = 'Zenith' WHERE id = ?", (company,)
        )

    done = record(access, "Rename Acme", change)
    assert {ChangeKind.COMPANIES, ChangeKind.CONTACTS} <= done.changes.kinds


def test_history_tells_both_ends_and_goes_with_its_command(
    access: DirectAccess, people: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, bob = people
    monkeypatch.setenv("CRM_DESKTOP_NOW", "2026-05-01T09:00:00Z")
    record(access, "Rename Ada King", lambda store: rename(store, ada, "Ada Lovelace"))
    relationship_id = record(
        access,
        "Add relationship",
        lambda store: store.relationships.add(
            "rt-works-with", ada, bob, source=RelationshipSource.MANUAL, attitude=4
        ),
    ).value
    record(access, "Add note", lambda store: store.relationships.notes.add(relationship_id, "Riga"))

    def history(contact_id: int) -> list[str]:
        with access.read() as store:
            entries = store.history.of(EntityKind.CONTACT, contact_id, limit=10)
        return [entry.label for entry in entries]

    assert history(ada) == ["Add note", "Add relationship", "Rename Ada King"]
    assert history(bob) == ["Add note", "Add relationship"]
    with access.read() as store:
        oldest = store.history.of(EntityKind.CONTACT, ada, limit=10)[-1]
    assert oldest.changed_at == NOW
    assert oldest.changes == (FieldChange("contacts", "name", "Ada King", "Ada Lovelace"),)
    undo(access)
    assert history(bob) == ["Add relationship"]
    redo(access)
    assert history(bob) == ["Add note", "Add relationship"]


def test_a_command_that_fails_changes_nothing(
    access: DirectAccess, people: tuple[int, int]
) -> None:
    def fail(store: UnitOfWork) -> None:
        rename(store, people[0], "Nobody")
        raise UserError("no")

    with pytest.raises(UserError):
        record(access, "Rename", fail)
    assert found(access, "king") == [people[0]]
    assert access.undo_status == UndoStatus()


def test_a_relationship_does_not_come_back_without_its_people(
    access: DirectAccess, people: tuple[int, int]
) -> None:
    ada, bob = people
    relationship_id = record(
        access,
        "Add relationship",
        lambda store: store.relationships.add(
            "rt-works-with", ada, bob, source=RelationshipSource.MANUAL
        ),
    ).value
    record(
        access,
        "Delete relationship",
        lambda store: store.connection.exec_driver_sql(
            "DELETE FROM relationships WHERE id = ?", (relationship_id,)
        ),
    )

    def leave(store: UnitOfWork) -> None:  # as the removal of an import does
        store.connection.exec_driver_sql("DELETE FROM contacts WHERE id = ?", (bob,))

    access.write(leave)
    with pytest.raises(UserError, match="can no longer be undone"):
        undo(access)
    with access.read() as store:
        count = "SELECT count(*) FROM relationships"
        assert store.connection.exec_driver_sql(count).scalar_one() == 0
