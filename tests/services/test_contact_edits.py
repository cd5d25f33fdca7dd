"""What a person does to contacts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from crm_desktop.base.errors import InvalidInput, UserError
from crm_desktop.domain.changes import ChangeKind
from crm_desktop.domain.contacts import ContactKind, IdentifierKind
from crm_desktop.domain.derived import Derived
from crm_desktop.model.fulltext import searchable_words
from crm_desktop.model.undo import RECORDED_TABLES
from crm_desktop.services.cards import contact_card
from crm_desktop.services.contact_edits import (
    MAX_PHOTO_BYTES,
    add_tags,
    create_contact,
    decide_identity,
    delete_contacts,
    remove_tags,
    set_photo,
    update_contact,
)
from crm_desktop.services.undo import redo, undo
from tests.contents import contents, rows
from tests.life import NOW, Life

if TYPE_CHECKING:
    from crm_desktop.domain.cards import ContactCard
    from crm_desktop.model.database import UnitOfWork
    from crm_desktop.services.access import DirectAccess

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 40


@pytest.fixture
def people(access: DirectAccess) -> dict[str, int]:
    """Ada, who wrote to Bob; Cy, whom nobody wrote to; a company; the person using the program."""

    def make(store: UnitOfWork) -> dict[str, int]:
        life = Life(store)
        ids = {
            "acme": life.company("Acme"),
            "ada": life.contact("Ada King", "ada@north.example"),
            "bob": life.contact("Bob Ray", "bob@south.example"),
            "cy": life.contact("Cy Cole", "cy@west.example", tags=["choir"]),
        }
        life.message(life.conversation("Golf"), ids["ada"], ids["bob"], at=NOW)
        ids["knows"] = life.relationship("rt-works-with", ids["ada"], ids["cy"])
        store.connection.exec_driver_sql(
            "INSERT INTO relationship_notes (relationship_id, content, created_at)"
            " VALUES (?, 'met in Riga', 5)",
            (ids["knows"],),
        )
        return ids

    return access.write(make)


def card(access: DirectAccess, contact_id: int) -> ContactCard:
    return contact_card(access, contact_id, now=NOW)


def found(access: DirectAccess, text: str) -> list[int]:
    with access.read() as store:
        return list(store.fulltext.matching_contacts(searchable_words(text)))


def test_a_new_person_s_company_is_made_where_there_is_none(
    access: DirectAccess, people: dict[str, int]
) -> None:
    dora = create_contact(access, "Dora Day", company_name=" acme ").value
    assert card(access, dora).company_id == people["acme"]
    before = contents(access, RECORDED_TABLES)
    eve = create_contact(access, "Eve Elm", company_name="Globex").value
    assert card(access, eve).organization == "Globex"
    undo(access)
    assert contents(access, RECORDED_TABLES) == before


def test_a_new_person_has_what_was_entered(access: DirectAccess, people: dict[str, int]) -> None:
    done = create_contact(
        access,
        "  Dora\tDay ",
        email="Dora <Dora@Acme.Example>",
        phone="+49 89 123456",
        company_id=people["acme"],
        title=" Chair ",
    )
    dora = card(access, done.value)
    assert (dora.name, dora.kind, dora.title) == ("Dora Day", ContactKind.PERSON, "Chair")
    assert dora.organization == "Acme"
    assert [(i.kind, i.value, i.raw, i.is_primary) for i in dora.identifiers] == [
        (IdentifierKind.EMAIL, "dora@acme.example", "Dora@Acme.Example", True),
        (IdentifierKind.PHONE, "+4989123456", "+49 89 123456", False),
    ]
    assert done.changes.kinds == {ChangeKind.CONTACTS}
    assert done.changes.ids == {done.value}
    assert access.undo_status.undo_label == "Add Dora Day"
    assert found(access, "dora acme") == [done.value]
    undo(access)
    assert found(access, "dora") == []


def test_a_name_is_enough(access: DirectAccess) -> None:
    contact_id = create_contact(access, "Ada", email=" ", phone="", title="").value
    assert card(access, contact_id).identifiers == ()
    assert card(access, contact_id).title is None


@pytest.mark.parametrize("name", ["", "  \t", "\x00\x07", "\u200b", "\u2028"])
def test_a_name_that_shows_nothing_is_none(access: DirectAccess, name: str) -> None:
    with pytest.raises(InvalidInput, match="at least one letter"):
        create_contact(access, name)
    assert rows(access, "SELECT count(*) FROM contacts") == [(0,)]


def test_names_are_stored_clean_and_bounded(access: DirectAccess) -> None:
    contact_id = create_contact(access, "A\x00da\ud800\r\nKing\x1b").value
    assert rows(access, "SELECT name, name_key FROM contacts") == [("A da King", "a da king")]
    with pytest.raises(InvalidInput, match="201 characters long"):
        update_contact(access, contact_id, name="x" * 201)
    update_contact(access, contact_id, name="x" * 200)


def test_new_people_need_an_address_of_their_own(
    access: DirectAccess, people: dict[str, int]
) -> None:
    with pytest.raises(UserError, match=r"“ada@north\.example” belongs to Ada King"):
        create_contact(access, "Ada King", email="ADA@north.example")
    with pytest.raises(UserError, match="company is no longer there"):
        create_contact(access, "Ada", company_id=999)
    assert len(rows(access, "SELECT 1 FROM contacts")) == 3


EDITS: dict[str, tuple[Any, Any]] = {
    "name": ("Ada Byron", "Ada Byron"),
    "given_name": (" Ada ", "Ada"),
    "family_name": ("Byron", "Byron"),
    "title": ("Countess", "Countess"),
    "birthday": ("--2-29", "--02-29"),
    "notes": ("Likes tea\r\nand\x00 maths\n", "Likes tea\nand  maths"),
    "cadence_days": (30, 30),
    "kind": ("role", "role"),
}


@pytest.mark.parametrize("field", EDITS)
def test_each_field_is_set_remembered_cleared_and_undone(
    access: DirectAccess, people: dict[str, int], field: str
) -> None:
    ada = people["ada"]
    before = contents(access, RECORDED_TABLES)
    value, stored = EDITS[field]
    update_contact(access, ada, **{field: value})
    query = f"SELECT {field}, edited_fields FROM contacts WHERE id = {ada}"
    assert rows(access, query) == [(stored, f'["{field}"]')]
    assert access.undo_status.undo_label is not None
    assert "Ada King" in access.undo_status.undo_label
    undo(access)
    assert contents(access, RECORDED_TABLES) == before
    redo(access)
    assert rows(access, query) == [(stored, f'["{field}"]')]
    if field not in ("name", "kind"):
        update_contact(access, ada, **{field: None})
        assert rows(access, query) == [(None, f'["{field}"]')]


def test_what_is_kept_or_the_same_is_no_edit(access: DirectAccess, people: dict[str, int]) -> None:
    update_contact(access, people["ada"])
    update_contact(access, people["ada"], name="Ada King", title=None, kind=ContactKind.PERSON)
    assert access.undo_status.undo_label is None
    assert rows(access, "SELECT DISTINCT edited_fields FROM contacts") == [("[]",)]


def test_several_fields_are_one_step(access: DirectAccess, people: dict[str, int]) -> None:
    update_contact(access, people["ada"], title="Countess", company_id=people["acme"])
    ada = card(access, people["ada"])
    assert (ada.title, ada.organization) == ("Countess", "Acme")
    assert access.undo_status.undo_label == "Edit Ada King"
    assert found(access, "countess acme") == [people["ada"]]
    undo(access)
    assert card(access, people["ada"]).company_id is None


def test_a_new_name_or_kind_makes_edges_stale(access: DirectAccess, people: dict[str, int]) -> None:
    for edit in ({"name": "Ada Byron"}, {"kind": "bot"}):
        access.write(lambda store: [store.pending.clear(kind) for kind in Derived])
        update_contact(access, people["ada"], **edit)  # type: ignore[arg-type]
        with access.read() as store:
            assert Derived.INFERENCE in store.pending.kinds()
    assert found(access, "byron") == []  # only persons are among people


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"name": None}, "at least one letter"),
        ({"kind": "robot"}, "no kind of contact"),
        ({"cadence_days": 0}, "from 1 to 3,650 days; it was 0"),
        ({"cadence_days": -4}, "from 1 to"),
        ({"cadence_days": 10**9}, "from 1 to"),
        ({"birthday": "31.2."}, "no date"),
        ({"company_id": 999}, "company is no longer there"),
        ({"notes": "x" * 20_001}, "20,001 characters long"),
        ({"title": "x" * 201}, "The title is 201 characters"),
    ],
)
def test_what_cannot_be_taken_is_refused_and_changes_nothing(
    access: DirectAccess, people: dict[str, int], values: dict[str, Any], sentence: str
) -> None:
    before = contents(access, RECORDED_TABLES)
    with pytest.raises(UserError, match=sentence):
        update_contact(access, people["ada"], **{"given_name": "Ada", **values})
    assert contents(access, RECORDED_TABLES) == before


@pytest.mark.parametrize(
    "command",
    [
        lambda access: update_contact(access, 999, title="x"),
        lambda access: set_photo(access, 999, PNG),
        lambda access: add_tags(access, [999], ["x"]),
        lambda access: remove_tags(access, [999], ["x"]),
        lambda access: delete_contacts(access, [999]),
        lambda access: decide_identity(access, 1, 999, "same"),
    ],
)
def test_who_is_gone_is_said_to_be(
    access: DirectAccess, people: dict[str, int], command: Callable[[DirectAccess], object]
) -> None:
    with pytest.raises(UserError, match="no longer there"):
        command(access)


def test_the_person_using_the_program_stays_a_person(
    access: DirectAccess, people: dict[str, int]
) -> None:
    access.write(lambda store: store.settings.set("self_person_id", str(people["cy"])))
    with pytest.raises(UserError, match="Cy Cole is you"):
        update_contact(access, people["cy"], kind="bot")
    with pytest.raises(UserError, match="Cy Cole is you"):
        delete_contacts(access, [people["cy"]])
    update_contact(access, people["cy"], title="Me")


class TestPhoto:
    def test_comes_goes_and_comes_back(self, access: DirectAccess, people: dict[str, int]) -> None:
        ada = people["ada"]
        for picture in (PNG, JPEG, None):
            set_photo(access, ada, picture)
            assert card(access, ada).photo == picture
        undo(access)
        assert card(access, ada).photo == JPEG
        undo(access)
        assert card(access, ada).photo == PNG

    @pytest.mark.parametrize("data", [b"", b"GIF89a", b"<svg/>", b"\xff\xd8", PNG[1:]])
    def test_is_jpeg_or_png(
        self, access: DirectAccess, people: dict[str, int], data: bytes
    ) -> None:
        with pytest.raises(InvalidInput, match="JPEG or PNG"):
            set_photo(access, people["ada"], data)

    def test_may_be_so_large_and_no_larger(
        self, access: DirectAccess, people: dict[str, int]
    ) -> None:
        set_photo(access, people["ada"], PNG.ljust(MAX_PHOTO_BYTES, b"\0"))
        with pytest.raises(InvalidInput, match=r"2\.1 MB. Choose one of at most 2 MB"):
            set_photo(access, people["ada"], PNG.ljust(2_100_000, b"\0"))


class TestTags:
    def tags(self, access: DirectAccess, contact_id: int) -> dict[object, object]:
        query = f"SELECT tag, source FROM contact_tags WHERE contact_id = {contact_id}"
        return dict(rows(access, query))  # type: ignore[arg-type]

    def test_capitals_and_blanks_make_no_other_tag(
        self, access: DirectAccess, people: dict[str, int]
    ) -> None:
        ids = [people["ada"], people["cy"], people["ada"]]
        assert add_tags(access, ids, [" Choir ", "choir", "old\tfriend"]).value == 2
        assert self.tags(access, people["ada"]) == {"Choir": "manual", "old friend": "manual"}
        assert self.tags(access, people["cy"]) == {"choir": "manual", "old friend": "manual"}
        assert add_tags(access, ids, ["CHOIR"]).value == 0
        assert remove_tags(access, ids, ["cHOIR"]).value == 2
        assert self.tags(access, people["cy"]) == {"old friend": "manual"}
        assert remove_tags(access, ids, ["choir"]).value == 0
        assert access.undo_status.undo_label == "Remove tags from 2 contacts"

    def test_each_step_can_be_undone(self, access: DirectAccess, people: dict[str, int]) -> None:
        before = contents(access, RECORDED_TABLES)
        add_tags(access, [people["ada"]], ["x"])
        assert access.undo_status.undo_label == "Tag Ada King"
        assert found(access, "x") == [people["ada"]]
        undo(access)
        assert contents(access, RECORDED_TABLES) == before
        assert found(access, "x") == []
        remove_tags(access, [people["cy"]], ["choir"])
        undo(access)
        assert contents(access, RECORDED_TABLES) == before
        assert found(access, "choir") == [people["cy"]]

    @pytest.mark.parametrize("tags", [[], [""], ["\x00", " "], ["x" * 61]])
    def test_a_tag_is_a_short_word(
        self, access: DirectAccess, people: dict[str, int], tags: list[str]
    ) -> None:
        for command in (add_tags, remove_tags):
            with pytest.raises(InvalidInput):
                command(access, [people["ada"]], tags)


class TestDeleting:
    def test_takes_relationships_and_notes_along_and_brings_them_back(
        self, access: DirectAccess, people: dict[str, int]
    ) -> None:
        decide_identity(access, people["cy"], people["ada"], "different")
        access.write(
            lambda store: store.relationships.decide(
                "rt-knows", people["ada"], people["cy"], "rejected"
            )
        )
        before = contents(access, RECORDED_TABLES)
        assert delete_contacts(access, [people["cy"], people["cy"]]).value == 1
        for table in ("relationships", "relationship_notes", "identity_decisions"):
            assert rows(access, f"SELECT count(*) FROM {table}") == [(0,)]
        assert rows(access, "SELECT count(*) FROM relationship_decisions") == [(0,)]
        assert found(access, "cole") == []
        undo(access)
        assert contents(access, RECORDED_TABLES) == before
        assert found(access, "cole") == [people["cy"]]
        redo(access)
        with pytest.raises(UserError):
            card(access, people["cy"])

    def test_decisions_about_a_company_of_the_same_id_stay(self, access: DirectAccess) -> None:
        def make(store: UnitOfWork) -> tuple[int, int]:
            life = Life(store)
            acme, bob = life.company("Acme"), life.company("Bravo")
            contact = life.contact("Cy")
            assert contact in (acme, bob)
            store.relationships.decide("rt-partner", acme, bob, "rejected")
            return contact, bob

        contact, _ = access.write(make)
        delete_contacts(access, [contact])
        assert rows(access, "SELECT count(*) FROM relationship_decisions") == [(1,)]

    def test_who_has_messages_cannot_go(self, access: DirectAccess, people: dict[str, int]) -> None:
        before = contents(access, RECORDED_TABLES)
        with pytest.raises(UserError, match=r"^Ada King has messages and cannot be deleted"):
            delete_contacts(access, [people["cy"], people["ada"]])
        with pytest.raises(UserError, match=r"^Ada King and 1 more have messages"):
            delete_contacts(access, [people["ada"], people["bob"]])
        assert contents(access, RECORDED_TABLES) == before

    def test_nobody_is_none(self, access: DirectAccess) -> None:
        assert delete_contacts(access, []).value == 0
        assert access.undo_status.undo_label is None


class TestIdentity:
    def decisions(self, access: DirectAccess) -> list[tuple[object, ...]]:
        return rows(
            access, "SELECT low_contact_id, high_contact_id, decision FROM identity_decisions"
        )

    def test_is_kept_replaced_and_taken_back(
        self, access: DirectAccess, people: dict[str, int]
    ) -> None:
        ada, bob = people["ada"], people["bob"]
        decide_identity(access, bob, ada, "same")
        assert self.decisions(access) == [(ada, bob, "same")]
        decide_identity(access, ada, bob, "different")
        assert self.decisions(access) == [(ada, bob, "different")]
        label = "Say that Ada King and Bob Ray are different people"
        assert access.undo_status.undo_label == label
        undo(access)
        assert self.decisions(access) == [(ada, bob, "same")]
        decide_identity(access, ada, bob, None)
        assert self.decisions(access) == []
        undo(access)
        assert self.decisions(access) == [(ada, bob, "same")]

    def test_makes_edges_stale(self, access: DirectAccess, people: dict[str, int]) -> None:
        access.write(lambda store: [store.pending.clear(kind) for kind in Derived])
        decide_identity(access, people["ada"], people["bob"], "different")
        with access.read() as store:
            assert Derived.INFERENCE in store.pending.kinds()

    def test_needs_two_and_a_word_that_is_known(
        self, access: DirectAccess, people: dict[str, int]
    ) -> None:
        with pytest.raises(InvalidInput):
            decide_identity(access, people["ada"], people["ada"], "same")
        with pytest.raises(InvalidInput):
            decide_identity(access, people["ada"], people["bob"], "perhaps")  # type: ignore[arg-type]
