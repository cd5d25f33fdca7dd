"""What a person does to addresses, numbers and handles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm_desktop.base.errors import InvalidInput, UserError
from crm_desktop.domain.contacts import IdentifierKind
from crm_desktop.model.undo import RECORDED_TABLES
from crm_desktop.services.contacts import contact_rows
from crm_desktop.services.identifier_edits import (
    add_identifier,
    edit_identifier,
    make_primary,
    remove_identifier,
)
from crm_desktop.services.undo import redo, undo
from tests.contents import contents, rows
from tests.life import NOW, Life

if TYPE_CHECKING:
    from crm_desktop.model.database import UnitOfWork
    from crm_desktop.services.access import DirectAccess

EMAIL, PHONE, HANDLE = IdentifierKind


@pytest.fixture
def ada(access: DirectAccess) -> int:
    """Ada, who wrote to Bob from her first address, and has a second one and a number."""

    def make(store: UnitOfWork) -> int:
        life = Life(store)
        ada = life.contact("Ada King", "ada@north.example", "ada@home.example", phone="+4989123456")
        bob = life.contact("Bob Ray", "bob@south.example")
        golf = life.conversation("Golf")
        life.message(golf, ada, bob, at=NOW)
        life.message(golf, bob, ada, at=NOW)
        store.settings.set("region", "DE")
        return ada

    return access.write(make)


def held(access: DirectAccess, contact_id: int) -> dict[str, bool]:
    query = "SELECT value, is_primary FROM contact_identifiers WHERE contact_id = "
    return {str(value): bool(first) for value, first in rows(access, f"{query}{contact_id}")}


def id_of(access: DirectAccess, value: str) -> int:
    query = f"SELECT id FROM contact_identifiers WHERE value = '{value}'"
    return int(str(rows(access, query)[0][0]))


@pytest.mark.parametrize(
    ("kind", "text", "value", "raw"),
    [
        (EMAIL, " ADA@Work.Example ", "ada@work.example", "ADA@Work.Example"),
        (EMAIL, "Ada King <ada@work.example>", "ada@work.example", "ada@work.example"),
        (EMAIL, "mailto:ada@work.example", "ada@work.example", "ada@work.example"),
        (EMAIL, "ada@b\u00fccher.example", "ada@xn--bcher-kva.example", "ada@b\u00fccher.example"),
        (PHONE, "089 / 98 76 54", "+4989987654", "089 / 98 76 54"),
        (PHONE, "+44 20 7946 0000", "+442079460000", "+44 20 7946 0000"),
        (HANDLE, " Skype:Ada.King ", "skype:ada.king", "Skype:Ada.King"),
    ],
)
def test_what_is_typed_is_read_and_shown_as_typed(
    access: DirectAccess, ada: int, kind: IdentifierKind, text: str, value: str, raw: str
) -> None:
    before = contents(access, RECORDED_TABLES)
    added = add_identifier(access, ada, str(kind), text).value
    assert rows(
        access,
        "SELECT contact_id, home_contact_id, kind, value, raw, is_primary, import_id"
        f" FROM contact_identifiers WHERE id = {added}",
    ) == [(ada, ada, str(kind), value, raw, 0, None)]
    undo(access)
    assert contents(access, RECORDED_TABLES) == before
    redo(access)
    assert value in held(access, ada)


@pytest.mark.parametrize(
    "text",
    [
        *("", "ada", "ada@", "@north.example", "ada@@north.example", "ada king@north.example"),
        *("a@north.example, b@north.example", "a@north.example;b@north.example", "ada@\x00", "<>"),
        *("Ada <ada@north.example", "/o=acme/cn=ada", "host!ada", "x" * 400 + "@north.example"),
    ],
)
def test_what_is_no_address_is_refused(access: DirectAccess, ada: int, text: str) -> None:
    before = contents(access, RECORDED_TABLES)
    with pytest.raises(InvalidInput):
        add_identifier(access, ada, EMAIL, text)
    assert contents(access, RECORDED_TABLES) == before


def test_what_is_no_number_and_no_handle_is_refused(access: DirectAccess, ada: int) -> None:
    for text in ("", "7", "call me"):
        with pytest.raises(InvalidInput, match=f"“{text}” is no number"):
            add_identifier(access, ada, PHONE, text)
    with pytest.raises(InvalidInput, match="at least one letter"):
        add_identifier(access, ada, HANDLE, " \x00")
    with pytest.raises(InvalidInput, match="none of email, phone and handle"):
        add_identifier(access, ada, "fax", "1234567")
    with pytest.raises(UserError, match="no longer there"):
        add_identifier(access, 999, HANDLE, "x:y")
    for command in (make_primary, remove_identifier):
        with pytest.raises(UserError, match="no longer there"):
            command(access, 999)
    with pytest.raises(UserError, match="no longer there"):
        edit_identifier(access, 999, "x")


def test_what_somebody_has_names_them_and_offers_a_way(access: DirectAccess, ada: int) -> None:
    with pytest.raises(UserError, match=r"belongs to Bob Ray.*same person"):
        add_identifier(access, ada, EMAIL, "Bob@South.example")
    with pytest.raises(UserError, match="belongs to Bob Ray"):
        edit_identifier(access, id_of(access, "ada@home.example"), "bob@south.example")
    with pytest.raises(UserError, match=r"Ada King has the number “\+4989123456” already"):
        add_identifier(access, ada, PHONE, "089 12 34 56")


def test_the_first_one_is_shown_first_until_another_is_chosen(
    access: DirectAccess, ada: int
) -> None:
    def first(contact_id: int) -> str | None:
        return contact_rows(access, [contact_id])[0].email

    home = id_of(access, "ada@home.example")
    before = contents(access, RECORDED_TABLES)
    make_primary(access, home)
    assert held(access, ada) == {
        "ada@north.example": False,
        "ada@home.example": True,
        "+4989123456": False,
    }
    assert first(ada) == "ada@home.example"
    assert rows(access, f"SELECT edited_fields FROM contacts WHERE id = {ada}") == [
        ('["primary"]',)
    ]
    undo(access)
    assert contents(access, RECORDED_TABLES) == before
    redo(access)
    remove_identifier(access, home)
    assert first(ada) == "ada@north.example"
    assert held(access, ada)["ada@north.example"]


def test_what_messages_use_stays_and_says_so(access: DirectAccess, ada: int) -> None:
    north = id_of(access, "ada@north.example")
    before = contents(access, (*RECORDED_TABLES, "message_people"))
    with pytest.raises(UserError, match=r"2 messages were exchanged under “ada@north\.example”"):
        remove_identifier(access, north)
    with pytest.raises(UserError, match=r"so Ada King keeps it. Add “ada@new\.example” beside it"):
        edit_identifier(access, north, "ada@new.example")
    assert contents(access, (*RECORDED_TABLES, "message_people")) == before
    edit_identifier(access, north, "Ada@North.Example")
    assert rows(access, f"SELECT value, raw FROM contact_identifiers WHERE id = {north}") == [
        ("ada@north.example", "Ada@North.Example")
    ]
    assert rows(access, "SELECT count(*) FROM message_people") == [(4,)]


def test_a_correction_keeps_the_row_and_its_place(access: DirectAccess, ada: int) -> None:
    number = id_of(access, "+4989123456")
    make_primary(access, number)
    before = contents(access, RECORDED_TABLES)
    edit_identifier(access, number, "089 65 43 21")
    assert held(access, ada)["+4989654321"]
    assert "+4989123456" not in held(access, ada)
    assert access.undo_status.undo_label == "Change number of Ada King"
    undo(access)
    assert contents(access, RECORDED_TABLES) == before
    edit_identifier(access, number, "+4989123456")
    assert access.undo_status.undo_label != "Change number of Ada King"


def test_the_last_one_may_go_and_come_back(access: DirectAccess, ada: int) -> None:
    cy = access.write(lambda store: Life(store).contact("Cy Cole", "cy@west.example"))
    before = contents(access, RECORDED_TABLES)
    remove_identifier(access, id_of(access, "cy@west.example"))
    assert held(access, cy) == {}
    undo(access)
    assert contents(access, RECORDED_TABLES) == before
    redo(access)
    add_identifier(access, cy, EMAIL, "cy@west.example")
    assert held(access, cy) == {"cy@west.example": True}
    assert rows(access, f"SELECT edited_fields FROM contacts WHERE id = {cy}") == [('["kind"]',)]
