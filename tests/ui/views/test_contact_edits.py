"""Editing a person in place: every field, by keyboard, with undo and while others change it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QByteArray, QMimeData, Qt, QUrl
from PySide6.QtGui import QColor, QContextMenuEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from crm_desktop.domain.changes import ChangeKind, Changes
from crm_desktop.domain.relationships import EntityKind, Suggestion
from crm_desktop.services.contact_edits import update_contact
from crm_desktop.ui.dialogs.relationship_form import RelationshipEditForm, RelationshipForm
from crm_desktop.ui.dialogs.same_person import SamePersonDialog
from crm_desktop.ui.views.card import CardView
from crm_desktop.ui.views.subjects import CardKind, Subject
from crm_desktop.ui.widgets.entity_picker import NEW_ID
from crm_desktop.ui.widgets.identifier_row import IdentifierRow
from crm_desktop.ui.widgets.tab_order import tab_stops
from tests.ui.page_sample import (
    ADA,
    ARABIC,
    CJK,
    GRACE,
    HOSTILE,
    SELF,
    Mailbox,
    contact_id_of,
)
from tests.ui.views.card_sample import entry, focus, retype, rows, said, undo_and_redo, value

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from crm_desktop.model.database import Database
    from crm_desktop.services.access import DirectAccess
    from crm_desktop.ui.context import WindowContext

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def database(life_database: Database) -> Database:
    return life_database


@pytest.fixture
def card(
    context: WindowContext,
    access: DirectAccess,
    place: Callable[[QWidget, int, int], None],
    qtbot: QtBot,
) -> CardView:
    """The card of Ada."""
    view = CardView(context)
    place(view, 280, 800)
    view.window().activateWindow()
    qtbot.waitUntil(view.window().isActiveWindow)
    show(view, access, ADA, qtbot)
    return view


def show(card: CardView, access: DirectAccess, person: Mailbox, qtbot: QtBot) -> int:
    contact_id = contact_id_of(access, person)
    card.context.navigate.show_contact.emit(contact_id)
    qtbot.waitUntil(lambda: card.contact.isVisible() and _shown_id(card) == contact_id)
    return contact_id


def _shown_id(card: CardView) -> int:
    return 0 if card.contact.card is None else card.contact.card.id


def test_a_name_by_keyboard_alone(card: CardView, access: DirectAccess, qtbot: QtBot) -> None:
    name = card.contact.header.name
    card.contact.setFocus()
    qtbot.keyClick(card.contact, Qt.Key.Key_F2)
    assert name.field.hasFocus()
    qtbot.keyClicks(name.field, "Ada King")
    qtbot.keyClick(name.field, Qt.Key.Key_Return)
    assert name.text() == "Ada King"  # at once, before it is stored
    undo_and_redo(
        qtbot,
        card,
        lambda: name.text() == "Ada Lovelace" and not name.is_saving,
        lambda: name.value() == "Ada King",
    )
    assert name.face.hasFocus()
    assert "Renamed Ada Lovelace to Ada King" in said(card)
    assert value(access, "SELECT name FROM contacts WHERE id = ?", contact_id_of(access, ADA)) == (
        "Ada King"
    )


def test_esc_leaves_a_name_and_a_blank_one_is_refused(card: CardView, qtbot: QtBot) -> None:
    name = card.contact.header.name
    retype(qtbot, name, "Someone", Qt.Key.Key_Escape)
    assert name.text() == "Ada Lovelace"
    retype(qtbot, name, "")
    assert "needs at least one letter" in name.problem.text()
    assert name.is_editing
    qtbot.keyClick(name.field, Qt.Key.Key_Escape)
    assert name.text() == "Ada Lovelace"
    assert said(card) == []


def test_what_the_service_refuses_comes_back_to_the_field(card: CardView, qtbot: QtBot) -> None:
    name = card.contact.header.name
    retype(qtbot, name, "x" * 300)
    qtbot.waitUntil(lambda: name.is_editing and bool(name.problem.text()))
    assert "Shorten it" in name.problem.text()
    assert len(name.field.text()) == 300
    assert name.field.hasFocus()
    qtbot.keyClick(name.field, Qt.Key.Key_Escape)
    assert name.text() == "Ada Lovelace"


@pytest.mark.parametrize(
    ("field", "typed", "shown", "before"),
    [
        ("work", "Countess", "Countess", "Programmer"),
        ("work", "", "", "Programmer"),
        ("given_name", "Ada", "Ada", ""),
        ("family_name", "ليلى الخطيب", "ليلى الخطيب", ""),
        ("birthday", "12 april 1815", "12 April 1815", "10 December 1985 · 40 years"),
        ("birthday", "12 april", "12 April", "10 December 1985 · 40 years"),
        ("birthday", "1985", "1985", "10 December 1985 · 40 years"),
        ("birthday", "", "", "10 December 1985 · 40 years"),
    ],
)
def test_fields_are_changed_in_place(
    field: str, typed: str, shown: str, before: str, card: CardView, qtbot: QtBot
) -> None:
    owner = card.contact.header if field == "work" else card.contact.details
    text = getattr(owner, field)
    retype(qtbot, text, typed, Qt.Key.Key_Tab)
    undo_and_redo(
        qtbot,
        card,
        lambda: text.text() == before and not text.is_saving,
        lambda: text.text() == shown and not text.is_saving,
    )


def test_a_birthday_that_is_none_is_said_at_once(card: CardView, qtbot: QtBot) -> None:
    birthday = card.contact.details.birthday
    retype(qtbot, birthday, "4/12/1985")
    assert "4 December or 12 April" in birthday.problem.text()
    assert birthday.is_editing
    qtbot.keyClick(birthday.field, Qt.Key.Key_Escape)
    assert birthday.text() == "10 December 1985 · 40 years"


def test_a_rhythm_is_chosen_or_typed(card: CardView, qtbot: QtBot) -> None:
    rhythm = card.contact.details.rhythm
    rhythm.setFocus()
    qtbot.keyClick(rhythm.face, Qt.Key.Key_Down)
    assert rhythm.face.menu is not None
    rhythm.face.menu.close()
    entry(rhythm.face.menu, "Every month")
    undo_and_redo(
        qtbot,
        card,
        lambda: rhythm.face.words() == "",
        lambda: rhythm.face.words() == "Every month",
    )
    rhythm.face.open_menu()
    rhythm.face.menu.close()
    entry(rhythm.face.menu, "Another rhythm…")
    assert focus(card) is rhythm.own.field
    qtbot.keyClicks(rhythm.own.field, "now and then")
    qtbot.keyClick(rhythm.own.field, Qt.Key.Key_Return)
    assert "no rhythm" in rhythm.own.problem.text()
    rhythm.own.field.selectAll()
    qtbot.keyClicks(rhythm.own.field, "every 6 weeks")
    qtbot.keyClick(rhythm.own.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: rhythm.face.words() == "Every 42 days")
    assert rhythm.face.isVisible()
    assert focus(card) is rhythm.face


def test_this_is_not_a_person(card: CardView, access: DirectAccess, qtbot: QtBot) -> None:
    menu = card.menu()
    [kinds] = [a for a in menu.actions() if a.text() == "This is not a person"]
    submenu = kinds.menu()
    entry(submenu, "A mailing list")  # type: ignore[arg-type]
    header = card.contact.header
    undo_and_redo(
        qtbot,
        card,
        lambda: not header.what.isVisible(),
        lambda: header.what.isVisible() and header.what.text() == "A mailing list",
    )
    ada = contact_id_of(access, ADA)
    assert value(access, "SELECT kind FROM contacts WHERE id = ?", ada) == "list"


def identifier_rows(card: CardView) -> list[IdentifierRow]:
    return [row for row in card.contact.identifiers.rows() if isinstance(row, IdentifierRow)]


def texts_of(card: CardView) -> list[str]:
    return [row.text.full_text() for row in identifier_rows(card)]


def test_identifiers_are_added_changed_and_removed(card: CardView, qtbot: QtBot) -> None:
    assert texts_of(card) == ["ada@analytical.example", "+44 20 7946 0000"]
    new = card.contact.identifiers.new
    new.link.setFocus()
    qtbot.keyClick(new.link, Qt.Key.Key_Return)
    assert new.field.hasFocus()
    qtbot.keyClicks(new.field, "Ada@Home.example")
    assert new.kind_button.accessibleName() == "Kind: E-mail address"
    assert new.field.inputMethodHints() & Qt.InputMethodHint.ImhEmailCharactersOnly
    qtbot.keyClick(new.field, Qt.Key.Key_Return)
    wanted = ["ada@analytical.example", "ada@home.example", "+44 20 7946 0000"]
    undo_and_redo(qtbot, card, lambda: len(texts_of(card)) == 2, lambda: texts_of(card) == wanted)
    assert new.link.hasFocus()
    home = identifier_rows(card)[1]
    home.setFocus()
    qtbot.keyClick(home.text, Qt.Key.Key_F2)
    home.editor.field.selectAll()
    qtbot.keyClicks(home.editor.field, "nonsense")
    qtbot.keyClick(home.editor.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(home.editor.problem.text()))
    assert home.editor.field.text() == "nonsense"
    home.editor.field.selectAll()
    qtbot.keyClicks(home.editor.field, "ada@far.example")
    qtbot.keyClick(home.editor.field, Qt.Key.Key_Return)
    undo_and_redo(
        qtbot,
        card,
        lambda: "ada@home.example" in texts_of(card),
        lambda: "ada@far.example" in texts_of(card),
    )
    assert home.text.hasFocus()
    assert [row.mark.isVisible() for row in identifier_rows(card)] == [True, False, False]
    entry(home.menu(), "Show first")
    qtbot.waitUntil(lambda: texts_of(card)[0] == "ada@far.example")
    assert home.text.hasFocus()
    qtbot.keyClick(home.text, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: "ada@far.example" not in texts_of(card))
    assert identifier_rows(card)[0].isAncestorOf(focus(card))


def test_an_address_of_somebody_else_is_refused_in_place(card: CardView, qtbot: QtBot) -> None:
    new = card.contact.identifiers.new
    new.begin()
    qtbot.keyClicks(new.field, GRACE.address)
    qtbot.keyClick(new.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: new.is_editing and bool(new.problem.text()))
    assert "belongs to Grace Hopper" in new.problem.text()
    assert new.field.text() == GRACE.address
    qtbot.keyClick(new.field, Qt.Key.Key_Escape)
    assert new.link.isVisible()
    assert len(texts_of(card)) == 2


def test_tags_are_added_and_taken_off(card: CardView, access: DirectAccess, qtbot: QtBot) -> None:
    tags = card.contact.tags

    def shown() -> list[str]:
        return [chip.tag for chip in tags.chips()]

    assert shown() == ["Friends", "Mathematics"]
    tags.link.setFocus()
    qtbot.keyClick(tags.link, Qt.Key.Key_Return)
    qtbot.keyClicks(tags.field, "Poets, <b>Bold</b>")
    qtbot.keyClick(tags.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(shown()) == 4)
    assert shown() == ["<b>Bold</b>", "Friends", "Mathematics", "Poets"]
    assert "<b>" not in tags.chips()[0].toolTip()
    tags.chips()[1].setFocus()
    qtbot.keyClick(tags.chips()[1], Qt.Key.Key_Delete)
    undo_and_redo(qtbot, card, lambda: "Friends" in shown(), lambda: "Friends" not in shown())
    assert tags.chips()[1].hasFocus()
    assert tags.chips()[1].tag == "Mathematics"
    chip = tags.chips()[0]
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton, pos=chip.cross().center().toPoint())
    qtbot.waitUntil(lambda: shown() == ["Mathematics", "Poets"])


def test_tags_in_use_are_proposed(card: CardView, access: DirectAccess, qtbot: QtBot) -> None:
    show(card, access, GRACE, qtbot)
    tags = card.contact.tags
    tags.begin()
    completer = tags.field.completer()
    qtbot.waitUntil(lambda: completer.model().rowCount() == 2)
    qtbot.keyClicks(tags.field, "math")
    qtbot.waitUntil(completer.popup().isVisible)
    qtbot.keyClick(completer.popup(), Qt.Key.Key_Down)
    qtbot.keyClick(completer.popup(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: [chip.tag for chip in tags.chips()] == ["Mathematics"])
    assert tags.link.hasFocus()


def test_notes_are_stored_when_they_are_left(
    card: CardView, access: DirectAccess, qtbot: QtBot
) -> None:
    notes = card.contact.notes.notes
    assert notes.toPlainText() == "Met at the Difference Engine demo."
    notes.setFocus()
    notes.selectAll()
    qtbot.keyClicks(notes, "First programmer.")
    qtbot.keyClick(notes, Qt.Key.Key_Return)
    qtbot.keyClicks(notes, "<b>Bold</b> & clear")
    qtbot.keyClick(notes, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    written = "First programmer.\n<b>Bold</b> & clear"
    undo_and_redo(
        qtbot,
        card,
        lambda: notes.toPlainText() == "Met at the Difference Engine demo.",
        lambda: notes.toPlainText() == written and not notes.is_touched,
    )
    ada = contact_id_of(access, ADA)
    assert value(access, "SELECT notes FROM contacts WHERE id = ?", ada) == written


def test_notes_are_not_lost_on_the_way_to_another_card(
    card: CardView, access: DirectAccess, qtbot: QtBot
) -> None:
    ada = contact_id_of(access, ADA)
    notes = card.contact.notes.notes
    notes.setFocus()
    notes.setPlainText("Written in a hurry")
    show(card, access, GRACE, qtbot)
    assert notes.toPlainText() == ""
    stored = "SELECT notes FROM contacts WHERE id = ?"
    qtbot.waitUntil(lambda: value(access, stored, ada) == "Written in a hurry")
    assert value(access, stored, contact_id_of(access, GRACE)) is None
    notes.setFocus()
    notes.setPlainText("And when the card closes")
    card.hide()
    grace = contact_id_of(access, GRACE)
    qtbot.waitUntil(lambda: value(access, stored, grace) == "And when the card closes")


def test_esc_leaves_the_notes_and_keeps_what_was_written(
    card: CardView, access: DirectAccess, qtbot: QtBot
) -> None:
    notes = card.contact.notes.notes
    notes.setFocus()
    qtbot.keyClicks(notes, "Half a thought. ")
    qtbot.keyClick(notes, Qt.Key.Key_Escape)
    assert focus(card) is card.contact
    ada = contact_id_of(access, ADA)
    stored = "SELECT notes FROM contacts WHERE id = ?"
    qtbot.waitUntil(lambda: value(access, stored, ada).startswith("Half a thought."))


def test_notes_that_cannot_be_kept_stay_in_sight(card: CardView, qtbot: QtBot) -> None:
    notes = card.contact.notes
    notes.notes.setPlainText("x" * 20_001)
    notes.notes.commit()
    qtbot.waitUntil(lambda: bool(notes.problem.text()))
    assert "Shorten it" in notes.problem.text()
    assert len(notes.notes.toPlainText()) == 20_001
    notes.notes.setPlainText("short")
    assert not notes.problem.isVisible()


def test_an_open_edit_outlives_a_refresh(
    card: CardView, access: DirectAccess, qtbot: QtBot
) -> None:
    ada = contact_id_of(access, ADA)
    name, notes = card.contact.header.name, card.contact.notes.notes
    new, birthday = card.contact.identifiers.new, card.contact.details.birthday
    notes.setFocus()
    qtbot.keyClicks(notes, "Half a ")
    new.begin()
    qtbot.keyClicks(new.field, "half@")
    name.begin()
    qtbot.keyClicks(name.field, "Half a name")
    done = update_contact(access, ada, name="Elsewhere", notes="Elsewhere", birthday="1990")
    card.context.bus.publish(done.changes)
    qtbot.waitUntil(lambda: birthday.text() == "1990")
    assert name.field.text() == "Half a name"
    assert name.field.hasFocus()
    assert name.field.cursorPosition() == len("Half a name")
    qtbot.keyClick(name.field, Qt.Key.Key_Escape)
    assert name.text() == "Elsewhere"


def test_the_keyboard_stays_on_a_row_that_is_read_again(
    card: CardView, access: DirectAccess, qtbot: QtBot
) -> None:
    row = card.contact.related.rows()[1]
    row.setFocus()
    held = focus(card)
    done = update_contact(access, contact_id_of(access, ADA), title="Countess")
    card.context.bus.publish(done.changes)
    qtbot.waitUntil(lambda: card.contact.header.work.text() == "Countess")
    assert focus(card) is held


def test_a_company_is_chosen_made_and_taken_away(
    card: CardView, access: DirectAccess, qtbot: QtBot
) -> None:
    company = card.contact.header.company
    company.setFocus()
    qtbot.keyClick(company.link, Qt.Key.Key_F2)
    assert company.picker.hasFocus()
    assert company.picker.selectedText() == "Analytical Engines"
    qtbot.keyClick(company.picker, Qt.Key.Key_Escape)
    assert company.link.hasFocus()
    company.begin()
    qtbot.keyClicks(company.picker, "Difference Ltd")
    qtbot.waitUntil(lambda: any(s.entity_id == NEW_ID for s in company.picker.suggestions()))
    offered = company.picker.popup
    offered.setCurrentIndex(offered.model().index(0, 0))
    qtbot.keyClick(offered, Qt.Key.Key_Return)
    undo_and_redo(
        qtbot,
        card,
        lambda: company.link.full_text() == "Analytical Engines",
        lambda: company.link.full_text() == "Difference Ltd",
    )
    assert rows(access, "SELECT count(*) FROM companies WHERE name = 'Difference Ltd'") == [(1,)]
    company.begin()
    qtbot.keyClick(company.picker, Qt.Key.Key_Backspace)
    qtbot.keyClick(company.picker, Qt.Key.Key_Tab)
    qtbot.waitUntil(company.face.isVisible)
    company.face.setFocus()
    qtbot.keyClick(company.face, Qt.Key.Key_Return)
    qtbot.keyClicks(company.picker, "analy")
    qtbot.waitUntil(lambda: len(company.picker.suggestions()) == 2)
    qtbot.keyClick(company.picker.popup, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: company.link.full_text() == "Analytical Engines")


def picture(width: int = 900, height: int = 600) -> QImage:
    image = QImage(width, height, QImage.Format.Format_ARGB32)
    image.fill(QColor("#336699"))
    return image


def test_a_photo_is_chosen_pasted_dropped_and_removed(
    card: CardView, access: DirectAccess, tmp_path: Path, qtbot: QtBot
) -> None:
    portrait = card.contact.header.portrait
    file = tmp_path / "ada.png"
    assert picture().save(str(file))
    card.contact.header._take_file(contact_id_of(access, ADA), str(file))
    undo_and_redo(qtbot, card, lambda: not portrait.has_photo, lambda: portrait.has_photo)
    data = value(access, "SELECT photo FROM contacts WHERE id = ?", contact_id_of(access, ADA))
    stored = QImage.fromData(QByteArray(data))
    assert data.startswith(b"\xff\xd8\xff")
    assert (stored.width(), stored.height()) == (512, 341)
    portrait.setFocus()
    qtbot.keyClick(portrait, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: not portrait.has_photo)
    QGuiApplication.clipboard().setImage(picture(40, 40))
    qtbot.keyClick(portrait, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: portrait.has_photo)
    entry(portrait.menu(), "Remove the photo")
    qtbot.waitUntil(lambda: not portrait.has_photo)
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(file))])
    portrait.drop(dropped)
    qtbot.waitUntil(lambda: portrait.has_photo)


def test_what_is_no_picture_is_said(
    card: CardView, access: DirectAccess, tmp_path: Path, qtbot: QtBot
) -> None:
    file = tmp_path / "notes.png"
    file.write_text("no picture")
    card.contact.header._take_file(contact_id_of(access, ADA), str(file))
    qtbot.waitUntil(lambda: card.context.messages.dialog is not None)
    dialog = card.context.messages.dialog
    assert dialog is not None
    dialog.accept()
    assert not card.contact.header.portrait.has_photo


def test_two_of_one_name_are_told_apart_and_joined(
    card: CardView, access: DirectAccess, qtbot: QtBot
) -> None:
    grace = contact_id_of(access, GRACE)
    other = value(access, "SELECT id FROM contacts WHERE name = ?", HOSTILE.name)
    done = update_contact(access, other, name="Grace Hopper")
    show(card, access, GRACE, qtbot)
    card.context.bus.publish(done.changes)
    namesakes = card.contact.namesakes
    qtbot.waitUntil(namesakes.isVisible)
    [row] = namesakes.rows()
    assert "counts as the same" in row.entity.accessibleName()  # type: ignore[attr-defined]
    entry(row.menu(), "Not the same person")  # type: ignore[attr-defined]

    def standing() -> str:
        [row] = namesakes.rows()
        return str(row.entity.accessibleName())  # type: ignore[attr-defined]

    undo_and_redo(
        qtbot,
        card,
        lambda: "counts as the same" in standing(),
        lambda: "someone else" in standing(),
    )
    decisions = (
        "SELECT decision FROM identity_decisions WHERE low_contact_id = ?1 OR high_contact_id = ?1"
    )
    assert rows(access, decisions, grace) == [("different",)]
    [row] = namesakes.rows()
    entry(row.menu(), "The same person")  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: "the same person" in standing())
    entry(row.menu(), "Leave it open")  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: rows(access, decisions, grace) == [])


def test_relationships_are_judged_from_their_line(
    card: CardView, access: DirectAccess, qtbot: QtBot
) -> None:
    def names() -> list[str]:
        return [row.entity.accessibleName() for row in card.contact.related.rows()]  # type: ignore[attr-defined]

    before = names()
    [grace] = [r for r in card.contact.related.rows() if "Grace" in r.entity.accessibleName()]  # type: ignore[attr-defined]
    entry(grace.menu(), "Confirm")  # type: ignore[attr-defined]
    undo_and_redo(qtbot, card, lambda: names() == before, lambda: "Grace Hopper, Knows" in names())
    grace.setFocus()
    qtbot.keyClick(grace.entity, Qt.Key.Key_Delete)  # type: ignore[attr-defined]
    undo_and_redo(
        qtbot,
        card,
        lambda: "Grace Hopper, Knows" in names(),
        lambda: not any("Grace" in name for name in names()),
    )
    assert card.contact.related.isAncestorOf(focus(card))


def test_a_relationship_is_added_with_this_end_given(
    card: CardView, access: DirectAccess, qtbot: QtBot
) -> None:
    link = card.contact.related.add_link
    link.setFocus()
    qtbot.keyClick(link, Qt.Key.Key_Return)
    [form] = card.window().findChildren(RelationshipForm)
    entity = form.first.entity()
    assert entity is not None
    assert (entity.entity_id, entity.name) == (contact_id_of(access, ADA), "Ada Lovelace")
    form.reject()
    row = card.contact.related.rows()[1]
    entry(row.menu(), "Edit…")  # type: ignore[attr-defined]
    [edit] = card.window().findChildren(RelationshipEditForm)
    edit.reject()


def test_the_menu_of_a_line_opens_from_the_keyboard(card: CardView) -> None:
    row = card.contact.related.rows()[0]
    position = row.rect().center()
    asked = QContextMenuEvent(
        QContextMenuEvent.Reason.Keyboard, position, row.mapToGlobal(position)
    )
    QApplication.sendEvent(row.entity, asked)  # type: ignore[attr-defined]
    [menu] = [menu for menu in row.findChildren(QMenu) if menu.isVisible()]
    assert [action.text() for action in menu.actions()][1] == "Show the relationship"
    menu.close()


def test_another_contact_is_said_to_be_the_same(
    card: CardView, access: DirectAccess, qtbot: QtBot
) -> None:
    entry(card.menu(), "Same person as…")
    [dialog] = card.window().findChildren(SamePersonDialog)
    qtbot.waitUntil(dialog.isActiveWindow)
    assert not dialog.same_button.isEnabled()
    ada, grace = contact_id_of(access, ADA), contact_id_of(access, GRACE)
    dialog.picker.set_entity(Suggestion(EntityKind.CONTACT, ada, "Ada Lovelace", ""))
    dialog.picker.picked.emit(dialog.picker.entity())
    assert not dialog.same_button.isEnabled()  # nobody is somebody else to themselves
    dialog.picker.clear()
    qtbot.keyClicks(dialog.picker, "grace")
    qtbot.waitUntil(lambda: any(s.entity_id == grace for s in dialog.picker.suggestions()))
    qtbot.keyClick(dialog.picker.popup, Qt.Key.Key_Return)
    qtbot.keyClick(dialog.same_button, Qt.Key.Key_Return)
    qtbot.waitUntil(card.contact.namesakes.isVisible)
    assert rows(access, "SELECT decision FROM identity_decisions") == [("same",)]


def test_somebody_without_messages_can_be_deleted(
    card: CardView, access: DirectAccess, qtbot: QtBot
) -> None:
    from crm_desktop.services.contact_edits import create_contact

    [delete] = [a for a in card.menu().actions() if a.text().startswith("Delete")]
    assert not delete.isEnabled()
    new = create_contact(access, "Charles Babbage").value
    card.show_contact(new)
    qtbot.waitUntil(lambda: _shown_id(card) == new)
    entry(card.menu(), "Delete")
    qtbot.waitUntil(lambda: card.empty.isVisible())
    card.context.editing.undo()
    qtbot.waitUntil(card.contact.isVisible)


def test_history_opens_and_follows(card: CardView, access: DirectAccess, qtbot: QtBot) -> None:
    history = card.contact.history
    assert history.toggle.accessibleName() == "History, hidden"
    history.toggle.setFocus()
    qtbot.keyClick(history.toggle, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: history.texts() == ["Nothing was changed by hand yet."])
    retype(qtbot, card.contact.header.name, "Ada King")
    qtbot.waitUntil(lambda: len(history.texts()) == 1 and "Name:" in history.texts()[0])
    assert history.texts() == ["just now · Name: “Ada Lovelace” → “Ada King”"]
    card.context.editing.undo()
    qtbot.waitUntil(lambda: history.texts() == ["Nothing was changed by hand yet."])
    show(card, access, GRACE, qtbot)
    qtbot.waitUntil(lambda: history.texts() == ["Nothing was changed by hand yet."])


def test_an_edit_of_someone_who_left_the_card_is_told_in_a_dialog(
    card: CardView, access: DirectAccess, qtbot: QtBot
) -> None:
    retype(qtbot, card.contact.header.name, "x" * 300)
    card.show_contact(contact_id_of(access, GRACE))
    qtbot.waitUntil(lambda: card.context.messages.dialog is not None)
    dialog = card.context.messages.dialog
    assert dialog is not None
    dialog.accept()
    qtbot.waitUntil(lambda: card.contact.header.name.text() == "Grace Hopper")
    assert not card.contact.header.name.is_editing


@pytest.mark.parametrize("person", [HOSTILE, CJK, ARABIC, SELF])
def test_any_name_fits_the_narrowest_inspector(
    person: Mailbox, card: CardView, access: DirectAccess, qtbot: QtBot
) -> None:
    contact_id = show(card, access, person, qtbot)
    long = f"{person.name} " + "Wolfeschlegelsteinhausenbergerdorff" * 4
    done = update_contact(access, contact_id, name=long, title=long, notes="x" * 400)
    card.context.bus.publish(done.changes)
    qtbot.waitUntil(lambda: card.contact.header.name.text() == " ".join(long.split()))
    content = card.contact.widget()
    assert content.minimumSizeHint().width() <= card.contact.viewport().width()
    assert content.width() <= card.contact.viewport().width()
    face = card.contact.header.name.face
    qtbot.waitUntil(lambda: face.height() == face.heightForWidth(face.width()) > 60)


def test_tab_goes_as_the_eye_does(card: CardView, qtbot: QtBot) -> None:
    stops = [stop for stop in tab_stops(card) if stop.isVisible()]
    assert len(stops) > 25
    content = card.contact.widget()
    inner = [stop for stop in stops if content.isAncestorOf(stop)]
    heights = [stop.mapTo(content, stop.rect().topLeft()).y() for stop in inner]
    assert all(second >= first - 40 for first, second in pairwise(heights))


def test_relationship_changes_are_heard(card: CardView) -> None:
    assert card.concerns(Changes.of(ChangeKind.RELATIONSHIP_TYPES))
    assert card.subject is not None
    assert card.subject == Subject(CardKind.CONTACT, card.subject.id)
