"""Merging contacts: nothing is lost, imports do not part them again, undo puts everything back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crm_desktop.base.errors import UserError
from crm_desktop.domain.relationships import EntityKind
from crm_desktop.model.database import UnitOfWork
from crm_desktop.services.access import DirectAccess
from crm_desktop.services.contact_edits import add_tags, decide_identity, update_contact
from crm_desktop.services.imports import import_paths
from crm_desktop.services.inference import infer_relationships
from crm_desktop.services.merging import merge_contacts
from crm_desktop.services.relationship_edits import add_note, create_relationship
from crm_desktop.services.relationships import load_relationships
from crm_desktop.services.removal import remove_import
from crm_desktop.services.undo import redo, undo
from tests.contents import PRIMARY_TABLES, contents, rows
from tests.mail_samples import START, message, write_mbox

if TYPE_CHECKING:
    from crm_desktop.domain.imports import ImportReport

TABLES = (*PRIMARY_TABLES, "relationships", "relationship_notes", "relationship_decisions")


def mail(sender: str, to: str, day: int, subject: str) -> bytes:
    return message(sender=sender, to=to, subject=subject, date=START + timedelta(days=day))


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Ada writes to Bob from two addresses that nothing ties together."""
    return write_mbox(
        tmp_path / "mail.mbox",
        [
            mail("ada@work.example", "bob@work.example", 0, "Turbines in the north"),
            mail("bob@work.example", "ada@work.example", 1, "Re: Turbines in the north"),
            mail("a.king@home.example", "bob@work.example", 2, "Tea on the roof"),
            mail(
                "bob@work.example",
                "a.king@home.example, cleo@work.example",
                3,
                "Re: Tea on the roof",
            ),
        ],
    )


@pytest.fixture
def imported(access: DirectAccess, archive: Path) -> ImportReport:
    return import_paths(access, [archive])


def contact(access: DirectAccess, address: str) -> int:
    ((id_,),) = rows(
        access, f"SELECT contact_id FROM contact_identifiers WHERE value = '{address}'"
    )
    return int(str(id_))


@pytest.fixture
def both(access: DirectAccess, imported: ImportReport) -> tuple[int, int]:
    return contact(access, "ada@work.example"), contact(access, "a.king@home.example")


def test_messages_identifiers_and_conversations_move_over(
    access: DirectAccess, both: tuple[int, int]
) -> None:
    ada, other = both
    before = contents(access, TABLES)
    assert merge_contacts(access, ada, [other]).value == ada
    assert contact(access, "a.king@home.example") == ada
    assert rows(access, f"SELECT count(*) FROM message_people WHERE contact_id = {ada}") == [(4,)]
    assert rows(
        access,
        f"SELECT sum(communication_count) FROM conversation_participants WHERE contact_id = {ada}",
    ) == [(2,)]
    assert rows(access, f"SELECT 1 FROM contacts WHERE id = {other}") == []
    after = contents(access, TABLES)
    undo(access)
    assert contents(access, TABLES) == before
    redo(access)
    assert contents(access, TABLES) == after


def test_inference_sees_one_person_afterwards_and_two_after_undo(
    access: DirectAccess, both: tuple[int, int]
) -> None:
    infer_relationships(access)
    apart = {(edge.from_id, edge.to_id) for edge in edges(access)}
    merge_contacts(access, both[0], [both[1]])
    infer_relationships(access)
    bob = contact(access, "bob@work.example")
    pair = (min(both[0], bob), max(both[0], bob))
    (edge,) = [edge for edge in edges(access) if (edge.from_id, edge.to_id) == pair]
    assert edge.shared_conversations == 2
    undo(access)
    infer_relationships(access)
    assert {(edge.from_id, edge.to_id) for edge in edges(access)} == apart


class Edge:
    def __init__(self, row: object) -> None:
        self.from_id = row.from_entity_id  # type: ignore[attr-defined]
        self.to_id = row.to_entity_id  # type: ignore[attr-defined]
        self.shared_conversations = row.shared_conversations  # type: ignore[attr-defined]


def edges(access: DirectAccess) -> list[Edge]:
    return [Edge(row) for row in load_relationships(access)]


def test_what_differs_is_kept_in_the_notes(access: DirectAccess, both: tuple[int, int]) -> None:
    ada, other = both
    update_contact(access, ada, name="Ada King", title="Engineer", notes="Likes tea")
    update_contact(access, other, name="A. Lovelace", title="Countess", birthday="--12-10")
    merge_contacts(access, ada, [other])
    ((name, title, birthday, notes),) = rows(
        access, f"SELECT name, title, birthday, notes FROM contacts WHERE id = {ada}"
    )
    assert (name, title, birthday) == ("Ada King", "Engineer", "--12-10")
    assert str(notes).splitlines() == [
        "Likes tea",
        "Also known as: A. Lovelace",
        "Title: Countess",
    ]


def test_relationships_that_both_had_become_one_with_every_word(
    access: DirectAccess, both: tuple[int, int]
) -> None:
    ada, other = both
    bob, cleo = contact(access, "bob@work.example"), contact(access, "cleo@work.example")
    kept = create_relationship(access, "rt-works-with", ada, bob, attitude=4).value
    double = create_relationship(
        access, "rt-works-with", bob, other, attitude=2, description="Same desk", proximity=3
    ).value
    add_note(access, double, "Met in Riga")
    moved = create_relationship(access, "rt-reports-to", cleo, other).value
    between = create_relationship(access, "rt-reports-to", ada, other).value
    before = contents(access, TABLES)
    merge_contacts(access, ada, [other])
    found = {row.id: row for row in load_relationships(access)}
    assert set(found) == {kept, moved}
    assert (found[kept].description, found[kept].attitude) == ("Same desk", 4)
    assert found[kept].proximity == 3
    assert found[moved].to_entity_id == ada
    notes = rows(access, f"SELECT content FROM relationship_notes WHERE relationship_id = {kept}")
    assert sorted(str(note) for (note,) in notes) == ["Attitude before the merge: 2", "Met in Riga"]
    assert between not in found
    undo(access)
    assert contents(access, TABLES) == before


def test_a_company_with_the_same_number_is_left_alone(
    access: DirectAccess, both: tuple[int, int]
) -> None:
    ada, other = both

    def companies(store: UnitOfWork) -> None:
        for id_ in (other, ada, 999):
            store.connection.exec_driver_sql(
                "INSERT OR IGNORE INTO companies (id, name, name_key, created_at, updated_at)"
                f" VALUES ({id_}, 'Firm {id_}', 'firm {id_}', 0, 0)"
            )

    access.write(companies)
    relationship = create_relationship(access, "rt-partner", other, 999, attitude=5).value
    twin = create_relationship(access, "rt-partner", ada, 999, attitude=1).value
    merge_contacts(access, ada, [other])
    found = {row.id: (row.from_entity_id, row.attitude) for row in load_relationships(access)}
    assert found == {relationship: (other, 5), twin: (ada, 1)}


def test_tags_decisions_and_history_move_over(access: DirectAccess, both: tuple[int, int]) -> None:
    ada, other = both
    cleo = contact(access, "cleo@work.example")
    add_tags(access, [other], ["friend"])
    decide_identity(access, other, cleo, "different")
    merge_contacts(access, ada, [other])
    assert rows(access, f"SELECT tag FROM contact_tags WHERE contact_id = {ada}") == [("friend",)]
    assert rows(access, "SELECT low_contact_id, high_contact_id FROM identity_decisions") == [
        (min(ada, cleo), max(ada, cleo))
    ]
    with access.read() as store:
        labels = [e.label for e in store.history.of(EntityKind.CONTACT, ada, limit=9)]
    assert labels == ["Merge A King into ada@work.example", "Tag A King"]


def test_imports_do_not_part_what_the_person_merged(
    access: DirectAccess, both: tuple[int, int], tmp_path: Path
) -> None:
    ada, other = both
    merge_contacts(access, ada, [other])
    more = write_mbox(
        tmp_path / "more.mbox",
        [mail("a.king@home.example", "dora@home.example", 9, "Rain")],
    )
    import_id = import_paths(access, [more]).import_ids[0]
    assert contact(access, "a.king@home.example") == ada
    remove_import(access, import_id)
    assert contact(access, "a.king@home.example") == ada
    assert contact(access, "ada@work.example") == ada


def test_merging_several_is_one_step(access: DirectAccess, both: tuple[int, int]) -> None:
    before = contents(access, TABLES)
    cleo = contact(access, "cleo@work.example")
    merge_contacts(access, both[0], [both[1], cleo, both[1], both[0]])
    assert rows(access, "SELECT count(*) FROM contacts") == [(2,)]
    assert access.undo_status.undo_label == "Merge 2 contacts into ada@work.example"
    undo(access)
    assert contents(access, TABLES) == before


def test_someone_merged_before_can_be_merged_again(
    access: DirectAccess, both: tuple[int, int]
) -> None:
    before = contents(access, TABLES)
    cleo = contact(access, "cleo@work.example")
    merge_contacts(access, both[1], [both[0]])
    merge_contacts(access, cleo, [both[1]])
    assert contact(access, "ada@work.example") == cleo
    undo(access)
    undo(access)
    assert contents(access, TABLES) == before


@pytest.mark.parametrize(("into", "others"), [(1, [1]), (1, []), (1, [12345]), (12345, [1])])
def test_nobody_to_merge_is_one_sentence(
    access: DirectAccess, both: tuple[int, int], into: int, others: list[int]
) -> None:
    before = contents(access, TABLES)
    with pytest.raises(UserError):
        merge_contacts(access, into, others)
    assert contents(access, TABLES) == before
