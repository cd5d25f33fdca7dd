"""Relationships that follow from address-book cards, whatever happens to the cards."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from crm_desktop.domain.changes import ChangeKind
from crm_desktop.domain.derived import Derived
from crm_desktop.domain.relationships import RelationshipSource
from crm_desktop.services.access import DirectAccess
from crm_desktop.services.card_relationships import relate_cards
from crm_desktop.services.contact_edits import create_contact, update_contact
from crm_desktop.services.imports import import_paths
from crm_desktop.services.refresh import refresh_derived, stale_kinds
from crm_desktop.services.relationship_edits import (
    add_note,
    create_relationship,
    delete_relationships,
    retype_relationships,
    update_relationship,
)
from crm_desktop.services.relationship_types import (
    create_relationship_type,
    delete_relationship_type,
    get_relationship_type,
    list_relationship_types,
)
from crm_desktop.services.relationships import load_relationships, relationship_detail
from crm_desktop.services.removal import remove_import
from crm_desktop.services.undo import redo, undo
from tests.contents import contents, mailbox, rows
from tests.mail_samples import START, message


def card(name: str, *lines: str, email: str | None = None) -> str:
    address = email or f"{name.split()[0].lower()}@home.example"
    return "\r\n".join(
        ["BEGIN:VCARD", "VERSION:4.0", f"FN:{name}", f"EMAIL:{address}", *lines, "END:VCARD", ""]
    )


class Book:
    """Imports files of cards, each under its own name."""

    def __init__(self, access: DirectAccess, folder: Path) -> None:
        self._access = access
        self._folder = folder

    def bring(self, *cards: str, name: str = "book") -> int:
        path = self._folder / f"{name}.vcf"
        path.write_text("".join(cards), encoding="utf-8", newline="")
        [import_id] = import_paths(self._access, [path]).import_ids
        return import_id


@pytest.fixture
def book(access: DirectAccess, tmp_path: Path) -> Book:
    return Book(access, tmp_path)


def said(access: DirectAccess, source: RelationshipSource | None = None) -> set[str]:
    """The relationships in words; those without a direction with their names in order."""
    found = set()
    for row in load_relationships(access, source=source):
        if row.forward_label == row.reverse_label and row.from_name > row.to_name:
            row = replace(row, from_name=row.to_name, to_name=row.from_name)
        found.add(row.sentence + (f" ({row.description})" if row.description else ""))
    return found


def the_one(access: DirectAccess) -> int:
    [row] = load_relationships(access)
    return row.id


def contact(access: DirectAccess, name: str) -> int:
    [(id_,)] = rows(access, f"SELECT id FROM contacts WHERE name = '{name}'")
    assert isinstance(id_, int)
    return id_


ADA = card(
    "Ada King",
    "ORG:Acme;Research",
    "TITLE:Architect",
    "RELATED;TYPE=spouse;VALUE=text:Bob Ray",
    "RELATED;TYPE=child;VALUE=text:Cy Fox",
    "RELATED;TYPE=friend:mailto:DEE@home.example",
    "RELATED;TYPE=co-worker:urn:uuid:03A0E51F-D1AA-4385-8A53-E29025ACD8AF",
    "item1.X-ABRELATEDNAMES:Bob Ray",
    "item1.X-ABLabel:_$!<Manager>!$_",
    "RELATED;TYPE=emergency:tel:+49-89-123456",
    "RELATED;TYPE=godfather;VALUE=text:Dee Low <dee@home.example>",
    "RELATED;TYPE=friend;VALUE=text:Nobody Known",
)
OTHERS = (
    card("Bob Ray", "RELATED;TYPE=spouse;VALUE=text:ada  KING", "TEL:+49 89 123456"),
    card("Cy Fox", "RELATED;TYPE=mother;VALUE=text:Ada King"),
    card("Dee Low"),
    card("Eva Moon", "UID:urn:uuid:03a0e51f-d1aa-4385-8a53-e29025acd8af"),
)
WHAT_THEY_SAY = {
    "Acme employs Ada King (Architect)",
    "Ada King is married to Bob Ray",
    "Ada King is a parent of Cy Fox (“mother” on the card of Cy Fox)",
    "Ada King is a friend of Dee Low",
    "Ada King works with Eva Moon",
    "Bob Ray has direct report Ada King",
    "Bob Ray is the emergency contact of Ada King",
    "Ada King is family of Dee Low (“godfather” on the card of Ada King)",
}


def test_organisations_and_related_people(access: DirectAccess, book: Book):
    book.bring(ADA, *OTHERS)
    assert said(access) == WHAT_THEY_SAY
    assert said(access, RelationshipSource.IMPORTED) == WHAT_THEY_SAY
    names = {type_.name for type_ in list_relationship_types(access)}
    assert {"SPOUSE", "PARENT", "FRIEND", "FAMILY", "EMERGENCY_CONTACT"} <= names
    assert "SIBLING" not in names
    assert rows(access, "SELECT DISTINCT updated_by FROM relationships") == [(None,)]


def test_the_order_makes_no_difference_and_coming_again_adds_nothing(
    access: DirectAccess, book: Book
):
    for number, text in enumerate((*OTHERS[::-1], ADA)):
        book.bring(text, name=f"book{number}")
    assert said(access) == WHAT_THEY_SAY
    before = rows(access, "SELECT * FROM relationships")
    for number, text in enumerate((*OTHERS[::-1], ADA)):
        book.bring(text, name=f"book{number}")
    book.bring(ADA, *OTHERS, name="all")
    assert rows(access, "SELECT * FROM relationships") == before
    assert not relate_cards(access)


def test_removing_the_import_removes_them_with_the_types_made_for_them(
    access: DirectAccess, book: Book
):
    empty = contents(access)
    first = book.bring(ADA, name="first")
    alone = contents(access)
    assert said(access) == {"Acme employs Ada King (Architect)"}
    second = book.bring(*OTHERS, name="second")
    assert said(access) == WHAT_THEY_SAY
    remove_import(access, second)
    assert said(access) == {"Acme employs Ada King (Architect)"}
    assert contents(access) == alone
    again = book.bring(*OTHERS, name="second")
    remove_import(access, first)
    assert said(access) == set()
    remove_import(access, again)
    assert contents(access) == empty


def test_whoever_is_named_is_found_when_they_appear_in_mail(
    access: DirectAccess, book: Book, tmp_path: Path
):
    book.bring(card("Ada King", "RELATED;TYPE=friend;VALUE=text:Bob Ray"))
    assert said(access) == set()
    box = mailbox(
        tmp_path,
        message(
            sender="Bob Ray <bob@south.example>", to="ada@home.example", subject="Hi", date=START
        ),
    )
    [import_id] = import_paths(access, [box]).import_ids
    assert said(access, RelationshipSource.IMPORTED) == {"Ada King is a friend of Bob Ray"}
    remove_import(access, import_id)
    assert said(access) == set()
    assert rows(access, "SELECT count(*) FROM contacts") == [(1,)]


def test_names_that_several_people_bear_mean_nobody(access: DirectAccess, book: Book):
    book.bring(
        card("Ada King", "RELATED;TYPE=friend;VALUE=text:Bob Ray"),
        card("Bob Ray", email="bob@a.example"),
        card("Bob Ray", email="bob@b.example"),
    )
    assert said(access) == {"Ada King is a friend of Bob Ray"}  # two cards of one person
    first, second = (id_ for (id_,) in rows(access, "SELECT id FROM contacts WHERE id > 1"))
    access.write(
        lambda store: store.connection.exec_driver_sql(
            "INSERT INTO identity_decisions VALUES (?, ?, 'different', 0)", (first, second)
        )
    )
    relate_cards(access)
    assert said(access) == set()


def test_nobody_is_related_to_themselves_and_one_person_is_not_employed_twice(
    access: DirectAccess, book: Book
):
    book.bring(
        card(
            "Ada King", "RELATED;TYPE=friend;VALUE=text:Ada King", "ORG:Acme", email="a@a.example"
        ),
        card("ada king", "RELATED;TYPE=friend:mailto:a@a.example", "ORG:Acme", email="a@b.example"),
    )
    assert said(access) == {"Acme employs Ada King"}


def test_only_people_are_related(access: DirectAccess, book: Book):
    book.bring(
        "BEGIN:VCARD\r\nVERSION:4.0\r\nKIND:org\r\nFN:Acme\r\nORG:Acme\r\nEMAIL:hi@acme.example\r\n"
        "RELATED;TYPE=agent;VALUE=text:Ada King\r\nEND:VCARD\r\n",
        card("Ada King", "RELATED;TYPE=agent:mailto:hi@acme.example"),
    )
    assert said(access) == set()


def test_a_newer_card_counts(access: DirectAccess, book: Book):
    book.bring(card("Ada King", "UID:1", "ORG:Acme", "TITLE:Architect"), name="old")
    before = the_one(access)
    newer = book.bring(card("Ada King", "UID:1", "ORG:Beta"), name="new")
    assert said(access) == {"Beta employs Ada King"}
    remove_import(access, newer)
    assert said(access) == {"Acme employs Ada King (Architect)"}
    assert the_one(access) != before


def test_what_the_person_said_of_it_stays(access: DirectAccess, book: Book):
    import_id = book.bring(card("Ada King", "UID:1", "ORG:Acme", "TITLE:Architect"), name="old")
    id_ = the_one(access)
    update_relationship(access, id_, description="Head of design", attitude=4)
    add_note(access, id_, "Since May")
    book.bring(card("Ada King", "UID:1", "ORG:Acme", "TITLE:Chief"), name="new")
    assert said(access) == {"Acme employs Ada King (Head of design)"}
    remove_import(access, import_id)
    assert said(access, RelationshipSource.IMPORTED) == {"Acme employs Ada King (Head of design)"}
    book.bring(card("Ada King", "UID:1", "ORG:Beta"), name="newest")
    assert said(access) == {"Acme employs Ada King (Head of design)", "Beta employs Ada King"}
    found = relationship_detail(access, id_)
    assert found is not None
    assert (found.relationship.source, found.relationship.attitude) == ("manual", 4)
    assert [note.content for note in found.notes] == ["Since May"]
    assert rows(access, f"SELECT properties, import_id FROM relationships WHERE id = {id_}") == [
        (None, None)
    ]


def test_a_touched_relationship_outlives_its_import(access: DirectAccess, book: Book):
    import_id = book.bring(
        card("Ada King", "RELATED;TYPE=friend;VALUE=text:Bob Ray"), card("Bob Ray")
    )
    add_note(access, the_one(access), "Met in Riga")
    remove_import(access, import_id)
    assert said(access, RelationshipSource.MANUAL) == {"Ada King is a friend of Bob Ray"}
    assert get_relationship_type(access, "rt-card-friend") is not None


def test_a_deleted_one_stays_away_until_that_is_undone(access: DirectAccess, book: Book):
    text = card("Ada King", "ORG:Acme", "RELATED;TYPE=friend;VALUE=text:Bob Ray")
    book.bring(text, card("Bob Ray"))
    delete_relationships(access, [row.id for row in load_relationships(access)])
    relate_cards(access)
    book.bring(text, card("Bob Ray"), card("Cy Fox"), name="again")
    assert said(access) == set()
    undo(access)
    relate_cards(access)
    assert said(access) == {"Acme employs Ada King", "Ada King is a friend of Bob Ray"}


def test_one_of_another_type_does_not_come_back_as_what_it_was(access: DirectAccess, book: Book):
    book.bring(card("Ada King", "RELATED;TYPE=friend;VALUE=text:Bob Ray"), card("Bob Ray"))
    retype_relationships(access, [the_one(access)], "rt-works-with")
    relate_cards(access)
    assert said(access) == {"Ada King works with Bob Ray"}


def test_what_the_person_entered_is_not_repeated(access: DirectAccess, book: Book):
    book.bring(card("Ada King"), card("Bob Ray"), name="people")
    create_relationship(
        access, "rt-works-with", contact(access, "Ada King"), contact(access, "Bob Ray")
    )
    book.bring(card("Bob Ray", "RELATED;TYPE=colleague;VALUE=text:Ada King"), name="more")
    assert said(access, RelationshipSource.IMPORTED) == set()
    assert said(access) == {"Ada King works with Bob Ray"}


def test_types_the_person_deleted_or_made_otherwise(access: DirectAccess, book: Book):
    for seed in ("rt-employee", "rt-works-with"):
        delete_relationship_type(access, seed)
    create_relationship_type(access, "Friend", "contact", "contact", "Ami de", "Ami de")
    create_relationship_type(access, "Parent", "contact", "contact", "Has parent", "Is parent of")
    book.bring(
        card(
            "Ada King",
            "ORG:Acme",
            "RELATED;TYPE=colleague;VALUE=text:Bob Ray",
            "RELATED;TYPE=friend;VALUE=text:Bob Ray",
            "RELATED;TYPE=parent;VALUE=text:Bob Ray",
        ),
        card("Bob Ray"),
    )
    assert said(access) == {"Ada King ami de Bob Ray", "Bob Ray is a parent of Ada King"}
    parents = [row for row in list_relationship_types(access) if row.name.startswith("P")]
    assert [row.name for row in parents] == ["Parent", "PARENT (address book)", "PARTNER"]
    made = next(row.id for row in load_relationships(access) if row.type.startswith("PARENT"))
    delete_relationships(access, [made])
    relate_cards(access)  # its decision keeps the type
    delete_relationship_type(access, "rt-card-parent")
    relate_cards(access)
    assert get_relationship_type(access, "rt-card-parent") is None
    assert said(access) == {"Ada King ami de Bob Ray"}


def test_a_company_the_person_chose_is_not_overruled(access: DirectAccess, book: Book):
    book.bring(card("Ada King", "ORG:Acme"))
    access.write(
        lambda store: store.connection.exec_driver_sql(
            "UPDATE contacts SET company_id = NULL, edited_fields = '[\"company_id\"]'"
        )
    )
    relate_cards(access)
    assert said(access) == set()


def test_odd_values_do_no_harm(access: DirectAccess, book: Book):
    odd = ("https://example.org/bob.vcf", "mailto:", "tel:x", "urn:uuid:", "<>", "\\n", "@", "%00")
    lines = [f"RELATED;TYPE=friend;VALUE=text:{value}" for value in odd]
    book.bring(card("Ada King", *lines))
    assert said(access) == set()


def test_a_rehearsed_import_changes_nothing(access: DirectAccess, tmp_path: Path):
    path = tmp_path / "book.vcf"
    path.write_text(ADA + "".join(OTHERS), encoding="utf-8", newline="")
    before = contents(access)
    import_paths(access, [path], dry_run=True)
    assert contents(access) == before
    assert said(access) == set()


def test_whoever_the_person_adds_or_renames_is_found_too(access: DirectAccess, book: Book):
    book.bring(card("Ada King", "RELATED;TYPE=friend;VALUE=text:Bob Ray"))
    assert stale_kinds(access) == (Derived.INFERENCE, Derived.INTERACTIONS)
    refresh_derived(access)
    bob = create_contact(access, "Rob Ray").value
    refresh_derived(access)
    assert said(access) == set()
    update_contact(access, bob, name="Bob Ray")
    assert Derived.CONTACTS in stale_kinds(access)
    changes = refresh_derived(access)
    assert ChangeKind.RELATIONSHIPS in changes.kinds
    assert said(access) == {"Ada King is a friend of Bob Ray"}
    assert stale_kinds(access) == ()
    # It does not stand in the way of undoing any of that.
    undo(access)
    refresh_derived(access)
    assert said(access) == set()
    undo(access)
    redo(access)
    redo(access)
    refresh_derived(access)
    assert said(access) == {"Ada King is a friend of Bob Ray"}


def test_without_cards_nobody_is_looked_for(access: DirectAccess):
    create_contact(access, "Bob Ray")
    assert Derived.CONTACTS not in stale_kinds(access)
