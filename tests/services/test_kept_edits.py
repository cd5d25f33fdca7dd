"""What a person entered or took away outlives imports, joins by cards and removals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crm_desktop.base.errors import UserError
from crm_desktop.domain.contacts import CardDraft, ContactKind, IdentifierKind
from crm_desktop.domain.relationships import RelationshipSource
from crm_desktop.services.access import DirectAccess
from crm_desktop.services.contact_edits import (
    add_tags,
    create_contact,
    decide_identity,
    delete_contacts,
    remove_tags,
    set_photo,
    update_contact,
)
from crm_desktop.services.identifier_edits import (
    add_identifier,
    edit_identifier,
    make_primary,
    remove_identifier,
)
from crm_desktop.services.imports import import_items, import_paths, set_self
from crm_desktop.services.merging import merge_contacts
from crm_desktop.services.removal import remove_import
from crm_desktop.services.undo import redo, undo
from tests.contents import VCARD, ada_twice, contents, mailbox, names, rows
from tests.mail_samples import START, message

EMAIL, PHONE, HANDLE = IdentifierKind
PNG = b"\x89PNG\r\n\x1a\n"


def contact_of(access: DirectAccess, address: str) -> int:
    query = f"SELECT contact_id FROM contact_identifiers WHERE value = '{address}'"
    return int(str(rows(access, query)[0][0]))


def id_of(access: DirectAccess, value: str) -> int:
    query = f"SELECT id FROM contact_identifiers WHERE value = '{value}'"
    return int(str(rows(access, query)[0][0]))


def values(access: DirectAccess, contact_id: int, *columns: str) -> tuple[Any, ...]:
    return rows(access, f"SELECT {', '.join(columns)} FROM contacts WHERE id = {contact_id}")[0]


def tags(access: DirectAccess, contact_id: int) -> dict[str, str]:
    query = f"SELECT tag, source FROM contact_tags WHERE contact_id = {contact_id}"
    return {str(tag): str(source) for tag, source in rows(access, query)}


def addresses(access: DirectAccess, contact_id: int) -> set[str]:
    query = f"SELECT value FROM contact_identifiers WHERE contact_id = {contact_id}"
    return {str(value) for (value,) in rows(access, query)}


def import_card(access: DirectAccess, *cards: CardDraft) -> int:
    """The id of an import of these cards."""
    return import_items(access, "vcard", f"cards {cards}", cards).import_ids[0]


def import_vcard(access: DirectAccess, folder: Path, text: str = VCARD) -> int:
    path = folder / f"{abs(hash(text))}.vcf"
    path.write_text(text, newline="")
    return import_paths(access, [path]).import_ids[0]


def letter(folder: Path, sender: str, subject: str, to: str = "boris@south.example") -> Path:
    text = message(sender=sender, to=to, subject=subject, date=START)
    return mailbox(folder, text, name=f"{subject}.mbox")


def said_newly(text: str = VCARD) -> str:
    """The same card with other words: a new version of it, as an export after a year."""
    return text.replace("TITLE:Architect", "TITLE:Chief").replace("choir", "Choir,sums")


@pytest.fixture
def ada(access: DirectAccess, tmp_path: Path) -> int:
    """Ada as mail and a card know her."""
    import_paths(access, [ada_twice(tmp_path)])
    import_vcard(access, tmp_path)
    return contact_of(access, "ada@north.example")


class TestLaterImports:
    EDITS: dict[str, Any] = {  # noqa: RUF012
        "name": "Ada Lovelace",
        "given_name": "A.",
        "family_name": None,
        "title": "Countess",
        "birthday": None,
        "notes": "Likes tea",
        "kind": "role",
        "company_id": None,
        "cadence_days": 9,
    }

    @pytest.mark.parametrize("field", EDITS)
    def test_change_no_field_that_was_edited(
        self, access: DirectAccess, ada: int, tmp_path: Path, field: str
    ):
        value = self.EDITS[field]
        update_contact(access, ada, **{field: "other" if field == "title" else value})
        update_contact(access, ada, **{field: value})
        import_paths(access, [letter(tmp_path, "A. A. <ada@north.example>", "Once more")])
        import_vcard(access, tmp_path, said_newly() + VCARD)
        assert values(access, ada, field) == (value,)
        others = set(self.EDITS) - {field, "notes", "cadence_days", "kind", "company_id"}
        found = dict(zip(sorted(others), values(access, ada, *sorted(others)), strict=True))
        whole = {"title": "Chief", "birthday": "--04-12", "given_name": "Ada"}
        whole |= {"family_name": "Abel", "name": "Ada Abel"}
        assert found == {name: whole[name] for name in others}

    def test_leave_a_picture_that_was_taken_away_away(self, access: DirectAccess):
        card = CardDraft("u", "Cy Cole", 1, emails=("cy@west.example",), photo=PNG)
        import_card(access, card)
        cy = contact_of(access, "cy@west.example")
        set_photo(access, cy, None)
        import_card(access, card, CardDraft("u", "Cy Cole", 2, title="Chair", photo=PNG + b"2"))
        assert values(access, cy, "title", "photo") == ("Chair", None)

    def test_leave_tags_as_the_person_wants_them(
        self, access: DirectAccess, ada: int, tmp_path: Path
    ):
        add_tags(access, [ada], ["Friend", "GARDEN"])
        remove_tags(access, [ada], ["choir"])
        assert tags(access, ada) == {"Friend": "manual", "garden": "manual"}
        import_vcard(access, tmp_path, said_newly())
        assert tags(access, ada) == {"Friend": "manual", "garden": "manual", "sums": "imported"}
        add_tags(access, [ada], ["choir"])
        import_vcard(access, tmp_path, said_newly().replace("UID:u1", "UID:u1\r\nNOTE:x"))
        assert tags(access, ada)["choir"] == "manual"
        undo(access)
        assert "choir" not in tags(access, ada)

    def test_a_tag_nobody_imported_may_come_with_a_card_later(
        self, access: DirectAccess, ada: int, tmp_path: Path
    ):
        add_tags(access, [ada], ["sums"])
        remove_tags(access, [ada], ["sums"])
        assert values(access, ada, "edited_fields") == ("[]",)
        import_vcard(access, tmp_path, said_newly())
        assert tags(access, ada)["sums"] == "imported"

    def test_keep_the_address_that_was_chosen_first(
        self, access: DirectAccess, ada: int, tmp_path: Path
    ):
        make_primary(access, id_of(access, "ada@home.example"))
        import_vcard(access, tmp_path, said_newly())
        first = f"SELECT value FROM contact_identifiers WHERE contact_id = {ada} AND is_primary"
        assert rows(access, first) == [("ada@home.example",)]

    def test_do_not_bring_back_a_number_that_was_removed_or_corrected(
        self, access: DirectAccess, ada: int, tmp_path: Path
    ):
        remove_identifier(access, id_of(access, "+4989123456"))
        import_vcard(access, tmp_path, said_newly())
        assert "+4989123456" not in addresses(access, ada)
        undo(access)
        edit_identifier(access, id_of(access, "+4989123456"), "+49 89 654321")
        import_vcard(access, tmp_path, said_newly().replace("Chief", "Chair"))
        assert {a for a in addresses(access, ada) if a[0] == "+"} == {"+4989654321"}
        edit_identifier(access, id_of(access, "+4989654321"), "+49 89 123456")
        import_vcard(access, tmp_path, said_newly().replace("Chief", "Chairman"))
        assert {a for a in addresses(access, ada) if a[0] == "+"} == {"+4989123456"}


class TestAddressesByHand:
    def test_mail_comes_to_whoever_has_the_address(self, access: DirectAccess, tmp_path: Path):
        cy = create_contact(access, "Cy Cole", email="cy@west.example").value
        add_identifier(access, cy, EMAIL, "Support@West.example")
        import_paths(access, [letter(tmp_path, "Desk <support@west.example>", "First")])
        import_paths(access, [letter(tmp_path, "C. <cy@west.example>", "Second")])
        count = f"SELECT count(*) FROM message_people WHERE contact_id = {cy}"
        assert rows(access, count) == [(2,)]
        found = values(access, cy, "name", "kind", "import_id")
        assert found == ("Cy Cole", ContactKind.PERSON, None)

    def test_undo_takes_no_message_along(self, access: DirectAccess, tmp_path: Path):
        cy = create_contact(access, "Cy Cole", email="cy@west.example").value
        import_paths(access, [letter(tmp_path, "cy@west.example", "First")])
        before = contents(access)
        with pytest.raises(UserError, match="“Add Cy Cole” can no longer be undone"):
            undo(access)
        assert contents(access) == before
        add_identifier(access, cy, EMAIL, "cole@west.example")
        import_paths(access, [letter(tmp_path, "cole@west.example", "Second")])
        before = contents(access)
        with pytest.raises(UserError, match="can no longer be undone"):
            undo(access)
        assert contents(access) == before

    def test_redo_takes_no_message_along(self, access: DirectAccess, tmp_path: Path):
        cy = create_contact(access, "Cy Cole", email="cy@west.example").value
        delete_contacts(access, [cy])
        undo(access)
        import_paths(access, [letter(tmp_path, "cy@west.example", "First")])
        before = contents(access)
        with pytest.raises(UserError, match="“Delete Cy Cole” can no longer be redone"):
            redo(access)
        assert contents(access) == before

    def test_a_card_for_one_of_them_is_no_robot_and_no_stranger(self, access: DirectAccess):
        cy = create_contact(access, "C. Cole", email="cy@west.example").value
        card = CardDraft("", "Cy Cole", 1, title="Chair", emails=("cy@west.example",))
        import_card(access, card)
        assert contact_of(access, "cy@west.example") == cy
        assert values(access, cy, "name", "title") == ("C. Cole", "Chair")
        assert rows(access, "SELECT count(*) FROM contacts") == [(1,)]
        with pytest.raises(UserError, match="can no longer be undone"):
            undo(access)

    def test_what_was_removed_by_hand_may_be_somebody_elses(
        self, access: DirectAccess, tmp_path: Path
    ):
        card = CardDraft("", "Cy Cole", 1, emails=("cy@west.example", "old@west.example"))
        import_card(access, card)
        cy = contact_of(access, "cy@west.example")
        remove_identifier(access, id_of(access, "old@west.example"))
        import_paths(access, [letter(tmp_path, "New Owner <old@west.example>", "First")])
        other = contact_of(access, "old@west.example")
        assert other != cy
        newer = CardDraft("", "Cy Cole", 2, title="Chair", emails=card.emails)
        import_card(access, newer)  # still names the old address
        assert contact_of(access, "old@west.example") == other
        assert values(access, cy, "title") == ("Chair",)


class TestJoinsByCards:
    BOTH = ("ada@north.example", "ada@home.example")

    def test_the_contact_a_person_entered_stays(self, access: DirectAccess, tmp_path: Path):
        import_paths(access, [ada_twice(tmp_path)])
        hers = create_contact(access, "Ada L.", phone="+49 89 1", title="Countess").value
        add_tags(access, [hers], ["friend"])
        add_identifier(access, hers, EMAIL, "ada@work.example")
        before = contents(access, PARTED)
        card = CardDraft("", "Ada Abel", 1, emails=(*self.BOTH, "ada@work.example"))
        import_id = import_card(access, card)
        assert {contact_of(access, a) for a in card.emails} == {hers}
        assert values(access, hers, "name", "title") == ("Ada L.", "Countess")
        remove_import(access, import_id)
        assert contents(access, PARTED) == before

    def test_what_was_entered_on_both_is_kept(self, access: DirectAccess, tmp_path: Path):
        import_paths(access, [ada_twice(tmp_path)])
        one, two = (contact_of(access, address) for address in self.BOTH)
        boris = contact_of(access, "boris@south.example")
        update_contact(access, one, notes="Likes tea", birthday="1985")
        update_contact(access, two, notes="Met in Riga", birthday="1986", title="Countess")
        update_contact(access, two, cadence_days=30)
        add_tags(access, [one], ["friend"])
        add_tags(access, [two], ["friend", "Alps"])
        decide_identity(access, two, boris, "different")

        def relate(store: Any) -> None:
            manual = RelationshipSource.MANUAL
            for ends in ((one, boris), (boris, two)):
                pair = store.relationships.add("rt-works-with", *ends, source=manual)
                store.relationships.notes.add(pair, f"note {ends[0] == one}")
            store.relationships.add("rt-reports-to", boris, two, source=manual)
            store.relationships.decide("rt-knows", *sorted((boris, two)), "rejected")

        access.write(relate)
        import_card(access, CardDraft("", "Ada Abel", 1, emails=self.BOTH))
        assert {contact_of(access, address) for address in self.BOTH} == {one}
        fields = ("notes", "birthday", "title", "cadence_days")
        assert values(access, one, *fields) == (
            "Likes tea\n\nMet in Riga",
            "1985",
            "Countess",
            30,
        )
        assert tags(access, one) == {"friend": "manual", "Alps": "manual"}
        assert rows(access, "SELECT low_contact_id, high_contact_id FROM identity_decisions") == [
            tuple(sorted((one, boris)))
        ]
        query = "SELECT relationship_type_id, from_entity_id, to_entity_id FROM relationships"
        assert set(rows(access, f"{query} WHERE source = 'manual'")) == {
            ("rt-works-with", *sorted((one, boris))),
            ("rt-reports-to", boris, one),
        }
        assert rows(access, "SELECT content FROM relationship_notes ORDER BY 1") == [
            ("note False",),
            ("note True",),
        ]
        decisions = "SELECT from_entity_id, to_entity_id FROM relationship_decisions"
        assert rows(access, decisions) == [tuple(sorted((one, boris)))]

    def test_what_a_person_said_of_a_found_relationship_goes_along(
        self, access: DirectAccess, tmp_path: Path
    ):
        import_paths(access, [ada_twice(tmp_path)])
        one, two = (contact_of(access, address) for address in self.BOTH)
        boris = contact_of(access, "boris@south.example")

        def find(store: Any) -> None:
            for id_, contact in ((1, one), (2, two)):
                store.connection.exec_driver_sql(
                    "INSERT INTO relationships (id, relationship_type_id, from_entity_id,"
                    " to_entity_id, source, attitude, updated_by, created_at, updated_at)"
                    " VALUES (?, 'rt-knows', ?, ?, 'inferred', ?, ?, 0, 0)",
                    (id_, *sorted((contact, boris)), *((None, None) if id_ == 1 else (5, 1))),
                )

        access.write(find)
        import_card(access, CardDraft("", "Ada Abel", 1, emails=self.BOTH))
        query = "SELECT id, from_entity_id, to_entity_id, attitude FROM relationships"
        assert rows(access, query) == [(2, *sorted((one, boris)), 5)]

    @pytest.mark.parametrize("is_named", [True, False])
    def test_two_who_are_different_stay_so(
        self, access: DirectAccess, tmp_path: Path, is_named: bool
    ):
        import_paths(access, [ada_twice(tmp_path)])
        one, two = (contact_of(access, address) for address in self.BOTH)
        if is_named:
            update_contact(access, one, name="Ada Abel")
            update_contact(access, two, name="Ada Bell")
        else:
            decide_identity(access, two, one, "different")
        import_card(access, CardDraft("", "Ada Abel", 1, title="Chair", emails=self.BOTH))
        assert [contact_of(access, address) for address in self.BOTH] == [one, two]
        assert values(access, one, "title") == ("Chair",)
        assert values(access, two, "title") == (None,)

    def test_names_that_are_one_are_no_obstacle(self, access: DirectAccess, tmp_path: Path):
        import_paths(access, [ada_twice(tmp_path)])
        one, two = (contact_of(access, address) for address in self.BOTH)
        update_contact(access, one, name="Ada King")
        update_contact(access, two, name="ada  king")
        import_card(access, CardDraft("", "Ada Abel", 1, emails=self.BOTH))
        assert {contact_of(access, address) for address in self.BOTH} == {one}


class TestMerges:
    def test_mail_that_came_since_follows_its_address(self, access: DirectAccess, tmp_path: Path):
        import_paths(access, [ada_twice(tmp_path)])
        one, two = (contact_of(access, f"ada@{host}.example") for host in ("north", "home"))
        merge_contacts(access, one, [two])
        import_paths(access, [letter(tmp_path, "ada@home.example", "Later")])
        counts = "SELECT contact_id, count(*) FROM conversation_participants GROUP BY 1"
        told_by = "SELECT contact_id, count(*) FROM message_people GROUP BY 1"
        boris = contact_of(access, "boris@south.example")
        for _ in range(2):
            assert set(rows(access, told_by)) == {(one, 3), (boris, 3)}
            assert set(rows(access, counts)) == {(one, 3), (boris, 3)}
            undo(access)
            assert set(rows(access, told_by)) == {(one, 1), (two, 2), (boris, 3)}
            assert set(rows(access, counts)) == {(one, 1), (two, 2), (boris, 3)}
            redo(access)


PARTED = ("contacts", "contact_identifiers", "contact_tags", "message_people", "companies")


class TestRemovals:
    @pytest.mark.parametrize(
        "touch",
        [
            lambda access, ada: update_contact(access, ada, title="Countess"),
            lambda access, ada: update_contact(access, ada, cadence_days=30),
            lambda access, ada: set_photo(access, ada, PNG),
            lambda access, ada: add_tags(access, [ada], ["friend"]),
            lambda access, ada: add_identifier(access, ada, HANDLE, "skype:ada"),
            lambda access, ada: make_primary(access, id_of(access, "ada@home.example")),
            lambda access, ada: access.write(
                lambda store: store.relationships.add(
                    "rt-works-with",
                    ada,
                    create_contact_in(store),
                    source=RelationshipSource.MANUAL,
                )
            ),
        ],
    )
    def test_keep_whom_the_person_made_something_of(
        self, access: DirectAccess, tmp_path: Path, touch: Any
    ):
        import_id = import_vcard(access, tmp_path)
        ada = contact_of(access, "ada@north.example")
        touch(access, ada)
        kept = values(access, ada, "cadence_days", "photo")
        chosen = {tag for tag, source in tags(access, ada).items() if source == "manual"}
        before = addresses(access, ada)
        remove_import(access, import_id)
        # Her name and addresses stay, by which later imports know her again.
        assert values(access, ada, "name", "kind") == ("Ada Abel", "person")
        assert addresses(access, ada) == before
        assert values(access, ada, "cadence_days", "photo") == kept
        assert set(tags(access, ada)) == chosen
        assert values(access, ada, "given_name", "birthday", "company_id") == (None, None, None)
        assert values(access, ada, "title")[0] in (None, "Countess")
        assert rows(access, "SELECT count(*) FROM companies") == [(0,)]
        import_vcard(access, tmp_path)
        assert contact_of(access, "ada@north.example") == ada
        assert values(access, ada, "given_name", "birthday") == ("Ada", "--04-12")

    def test_take_whom_the_person_only_took_a_tag_from(self, access: DirectAccess, tmp_path: Path):
        import_id = import_vcard(access, tmp_path)
        remove_tags(access, [contact_of(access, "ada@north.example")], ["choir"])
        remove_import(access, import_id)
        assert rows(access, "SELECT count(*) FROM contacts") == [(0,)]

    def test_part_no_address_that_was_entered(self, access: DirectAccess, tmp_path: Path):
        import_paths(access, [ada_twice(tmp_path)])
        ada = contact_of(access, "ada@north.example")
        before = contents(access, PARTED)
        import_id = import_vcard(access, tmp_path)
        add_identifier(access, ada, EMAIL, "ada@work.example")
        import_paths(access, [letter(tmp_path, "ada@work.example", "From work", "x@y.example")])
        remove_import(access, import_id)
        assert addresses(access, ada) == {"ada@north.example", "ada@work.example"}
        assert contact_of(access, "ada@home.example") != ada
        query = f"SELECT count(*) FROM message_people WHERE contact_id = {ada}"
        assert rows(access, query) == [(2,)]
        assert len(before["message_people"]) + 2 == len(contents(access, PARTED)["message_people"])

    def test_part_what_a_card_joined_to_an_entered_contact(
        self, access: DirectAccess, tmp_path: Path
    ):
        hers = create_contact(access, "Ada", email="ada@north.example").value
        import_id = import_vcard(access, tmp_path)
        import_paths(access, [letter(tmp_path, "ada@home.example", "From home")])
        assert contact_of(access, "ada@home.example") == hers
        remove_import(access, import_id)
        assert addresses(access, hers) == {"ada@north.example"}
        assert contact_of(access, "ada@home.example") != hers
        assert values(access, hers, "name", "title") == ("Ada", None)

    def test_give_back_no_address_that_was_removed(self, access: DirectAccess, tmp_path: Path):
        import_vcard(access, tmp_path)
        ada = contact_of(access, "ada@north.example")
        remove_identifier(access, id_of(access, "ada@home.example"))
        other = import_paths(access, [letter(tmp_path, "cy@west.example", "Hello")])
        remove_import(access, other.import_ids[0])
        assert "ada@home.example" not in addresses(access, ada)

    def test_keep_what_a_person_said_of_a_found_relationship(
        self, access: DirectAccess, tmp_path: Path
    ):
        report = import_paths(access, [letter(tmp_path, "Ada Abel <ada@north.example>", "One")])
        ends = sorted(contact_of(access, a) for a in ("ada@north.example", "boris@south.example"))

        def find(store: Any) -> None:
            store.connection.exec_driver_sql(
                "INSERT INTO relationships (relationship_type_id, from_entity_id, to_entity_id,"
                " source, attitude, updated_by, created_at, updated_at)"
                " VALUES ('rt-knows', ?, ?, 'inferred', 5, 1, 0, 0)",
                tuple(ends),
            )

        access.write(find)
        remove_import(access, report.import_ids[0])
        assert rows(access, "SELECT attitude FROM relationships") == [(5,)]
        assert names(access)["ada@north.example"] == "Ada Abel"

    def test_leave_those_alone_of_whom_they_say_nothing(self, access: DirectAccess, tmp_path: Path):
        cy = create_contact(access, "Cy Cole", email="cy@west.example").value
        report = import_paths(access, [letter(tmp_path, "ada@north.example", "One")])
        set_self(access, "ada@north.example")
        before = rows(access, f"SELECT * FROM contacts WHERE id = {cy}")
        remove_import(access, report.import_ids[0])
        assert rows(access, f"SELECT * FROM contacts WHERE id = {cy}") == before
        assert set(names(access)) == {"cy@west.example", "ada@north.example"}

    def test_undo_after_a_removal_brings_back_what_there_was_without_it(
        self, access: DirectAccess, tmp_path: Path
    ):
        import_id = import_vcard(access, tmp_path)
        ada = contact_of(access, "ada@north.example")
        delete_contacts(access, [ada])
        remove_import(access, import_id)
        undo(access)
        assert values(access, ada, "name", "import_id") == ("Ada Abel", None)
        assert rows(access, "SELECT count(*) FROM cards") == [(0,)]
        with access.read() as store:
            assert store.connection.exec_driver_sql("PRAGMA foreign_key_check").first() is None

    def test_undo_that_needs_what_is_gone_says_so(self, access: DirectAccess, tmp_path: Path):
        import_id = import_vcard(access, tmp_path)
        ada = contact_of(access, "ada@north.example")
        update_contact(access, ada, company_id=None)
        remove_import(access, import_id)
        before = contents(access)
        with pytest.raises(UserError, match="can no longer be undone"):
            undo(access)
        assert contents(access) == before


def create_contact_in(store: Any) -> int:
    return int(store.contact_edits.add("Cy Cole", {}, ["name"]))
