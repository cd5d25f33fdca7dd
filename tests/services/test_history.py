"""The history of a contact or company in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm_desktop.domain.relationships import EntityKind
from crm_desktop.services.company_edits import create_company, delete_company, update_company
from crm_desktop.services.contact_edits import (
    add_tags,
    create_contact,
    delete_contacts,
    remove_tags,
    set_photo,
    update_contact,
)
from crm_desktop.services.history import entity_history
from crm_desktop.services.identifier_edits import (
    add_identifier,
    edit_identifier,
    make_primary,
    remove_identifier,
)
from crm_desktop.services.relationship_edits import (
    add_note,
    create_relationship,
    delete_relationships,
    remove_note,
    retype_relationships,
    update_relationship,
)
from crm_desktop.services.relationship_types import (
    create_relationship_type,
    delete_relationship_type,
)
from crm_desktop.services.undo import redo, undo
from tests.life import NOW

if TYPE_CHECKING:
    from crm_desktop.services.access import DirectAccess

PNG = b"\x89PNG\r\n\x1a\n"


def told(access: DirectAccess, entity_id: int, kind: str = "contact") -> list[str]:
    """The lines of the last command about a contact or company."""
    records = entity_history(access, kind, entity_id, limit=1)
    return [line.text for line in records[0].lines] if records else []


@pytest.fixture
def ada(access: DirectAccess) -> int:
    return create_contact(access, "Ada King", email="ada@north.example").value


def test_newest_first_with_time_and_name(access: DirectAccess, ada: int, frozen_now: str) -> None:
    update_contact(access, ada, title="Countess")
    update_contact(access, ada, name="Ada Byron")
    records = entity_history(access, EntityKind.CONTACT, ada)
    assert [record.label for record in records] == [
        "Rename Ada King",
        "Change title of Ada King",
        "Add Ada King",
    ]
    assert records[0].changed_at == NOW
    assert [record.label for record in entity_history(access, "contact", ada, limit=1)] == [
        "Rename Ada King"
    ]
    undo(access)
    assert len(entity_history(access, "contact", ada)) == 2
    redo(access)
    assert len(entity_history(access, "contact", ada)) == 3
    assert entity_history(access, "contact", 999) == ()
    with pytest.raises(ValueError, match="robot"):
        entity_history(access, "robot", ada)


def test_a_new_person(access: DirectAccess) -> None:
    acme = create_company(access, "Acme").value
    ben = create_contact(access, "Ben Day", phone="+49 89 123456", company_id=acme).value
    assert told(access, ben) == ["Name: “Ben Day”", "Company: “Acme”", "Number: “+49 89 123456”"]


def test_fields_in_plain_words(access: DirectAccess, ada: int) -> None:
    acme, bravo = create_company(access, "Acme").value, create_company(access, "Bravo").value
    update_contact(access, ada, company_id=acme, kind="list", cadence_days=1, birthday="--04-12")
    assert told(access, ada) == [
        "Company: “Acme”",
        "Kind: “Person” → “Mailing list”",
        "Birthday: “--04-12”",
        "Rhythm: “every day”",
    ]
    update_company(access, bravo, name="Bravo Ltd")
    update_contact(access, ada, company_id=bravo, cadence_days=30, birthday=None)
    assert told(access, ada) == [
        "Company: “Acme” → “Bravo Ltd”",
        "Birthday: “--04-12” removed",
        "Rhythm: “every day” → “every 30 days”",
    ]
    update_contact(access, ada, notes="x" * 600)
    assert told(access, ada) == [f"Notes: “{'x' * 500}”"]


def test_pictures_are_not_spelt_out(access: DirectAccess, ada: int) -> None:
    for picture, line in (
        (PNG, "Photo: “a picture”"),
        (PNG + b"2", "Photo: “a picture” → “another picture”"),
        (None, "Photo: “a picture” removed"),
    ):
        set_photo(access, ada, picture)
        assert told(access, ada) == [line]


def test_addresses_numbers_handles_and_tags(access: DirectAccess, ada: int) -> None:
    number = add_identifier(access, ada, "phone", "+49 89 123456").value
    assert told(access, ada) == ["Number: “+49 89 123456”"]
    edit_identifier(access, number, "+49 89 654321")
    assert told(access, ada) == ["Number: “+49 89 123456” → “+49 89 654321”"]
    handle = add_identifier(access, ada, "handle", "skype:ada").value
    assert told(access, ada) == ["Handle: “skype:ada”"]
    make_primary(access, handle)
    assert told(access, ada) == ["Shown first: “skype:ada”"]
    remove_identifier(access, handle)
    assert told(access, ada) == [
        "Handle: “skype:ada” removed",
        "Shown first: “ada@north.example”",
    ]
    add_tags(access, [ada], ["choir", "Alps"])
    assert told(access, ada) == ["Tag: “choir”", "Tag: “Alps”"]
    remove_tags(access, [ada], ["alps"])
    assert told(access, ada) == ["Tag: “Alps” removed"]


def test_relationships_from_either_side(access: DirectAccess, ada: int) -> None:
    acme = create_company(access, "Acme").value
    job = create_relationship(access, "rt-employee", acme, ada, attitude=4).value
    assert told(access, ada) == ["Relationship: “Works at Acme”", "Attitude (Acme): “Positive”"]
    assert told(access, acme, "company") == [
        "Relationship: “Employs Ada King”",
        "Attitude (Ada King): “Positive”",
    ]
    update_relationship(
        access, job, attitude=None, proximity=1, started_on="2020", description="Head of sums"
    )
    assert sorted(told(access, ada)) == [
        "Attitude (Acme): “Positive” removed",
        "Closeness (Acme): “Distant”",
        "Description (Acme): “Head of sums”",
        "Since (Acme): “2020”",
    ]
    note = add_note(access, job, "met in Riga").value
    assert told(access, ada) == ["Note on Acme: “met in Riga”"]
    assert told(access, acme, "company") == ["Note on Ada King: “met in Riga”"]
    remove_note(access, note)
    assert told(access, ada) == ["Note on Acme: “met in Riga” removed"]
    delete_relationships(access, [job])
    assert told(access, ada) == ["Relationship: “Works at Acme” removed"]


def test_a_relationship_of_another_type(access: DirectAccess, ada: int) -> None:
    ben = create_contact(access, "Ben Day").value
    pair = create_relationship(access, "rt-reports-to", ada, ben).value
    retype_relationships(access, [pair], "rt-works-with")
    assert "Relationship: “Reports to Ada King” → “Works with Ada King”" in told(access, ben)
    assert "Relationship: “Has direct report Ben Day” → “Works with Ben Day”" in told(access, ada)


def test_who_and_what_is_gone_keeps_its_name(access: DirectAccess, ada: int) -> None:
    ben = create_contact(access, "Ben Day").value
    acme = create_company(access, "Acme").value
    mentors = create_relationship_type(
        access, "Mentors", EntityKind.CONTACT, EntityKind.CONTACT, "Mentors", "Is mentored by"
    ).value
    pair = create_relationship(access, mentors.id, ada, ben).value
    delete_relationships(access, [pair])
    delete_relationship_type(access, mentors.id)
    delete_contacts(access, [ben])
    update_contact(access, ada, company_id=acme)
    update_contact(access, ada, company_id=None)
    delete_company(access, acme)
    lines = [
        [line.text for line in record.lines] for record in entity_history(access, "contact", ada)
    ]
    assert lines[:4] == [
        ["Company: “Acme” removed"],
        ["Company: “Acme”"],
        ["Relationship: “Ben Day” removed"],
        ["Relationship: “Ben Day”"],
    ]


def test_who_went_with_an_import_is_said_to_be_gone(access: DirectAccess, ada: int) -> None:
    acme = create_company(access, "Acme").value
    update_contact(access, ada, company_id=acme)

    def vanish(store: object) -> None:
        execute = store.connection.exec_driver_sql  # type: ignore[attr-defined]
        execute("DELETE FROM companies")
        execute("DELETE FROM history WHERE entity_type = 'company'")

    access.write(vanish)
    assert told(access, ada) == ["Company: “a company that is gone”"]
