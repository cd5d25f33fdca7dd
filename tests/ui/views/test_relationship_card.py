"""The card of a relationship: what a person says of it, and judging what was found."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from crm_desktop.services.relationship_edits import add_note, update_relationship
from crm_desktop.ui.views.card import CardView
from crm_desktop.ui.views.relationship_notes import NoteRow
from crm_desktop.ui.views.subjects import CardKind, Subject
from crm_desktop.ui.widgets.rows import FactRow
from tests.life import NOW, Life
from tests.ui.views.card_sample import entry, focus, retype, rows, said, undo_and_redo, value

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from crm_desktop.model.database import UnitOfWork
    from crm_desktop.services.access import DirectAccess
    from crm_desktop.ui.context import WindowContext

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

PROPERTIES = (
    '{"strength": 0.58, "shared_conversations": 4, "shared_messages": 21,'
    f' "first_interaction": {NOW - 9_000_000}, "last_interaction": {NOW - 90_000}}}'
)


@pytest.fixture
def ids() -> dict[str, int]:
    """Who and what there is, by name."""
    return {}


@pytest.fixture
def card(
    ids: dict[str, int],
    context: WindowContext,
    access: DirectAccess,
    place: Callable[[QWidget, int, int], None],
    qtbot: QtBot,
) -> CardView:
    """A card over a few relationships: Ada reports to Bob, Ada knows Carol, Acme employs Ada."""

    def write(store: UnitOfWork) -> None:
        life = Life(store)
        for name in ("Ada", "Bob", "Carol"):
            ids[name] = life.contact(name)
        ids["Twin"] = life.contact("Ada")
        ids["Acme"] = life.company("Acme <b>& Co</b>")
        ids["reports"] = life.relationship("rt-reports-to", ids["Bob"], ids["Ada"])
        ids["knows"] = life.relationship("rt-knows", ids["Ada"], ids["Carol"], "inferred")
        ids["twins"] = life.relationship("rt-works-with", ids["Ada"], ids["Twin"])
        ids["employs"] = life.relationship("rt-employee", ids["Acme"], ids["Ada"], "imported")
        store.connection.exec_driver_sql(
            "UPDATE relationships SET properties = ?, description = 'About engines' WHERE id = ?",
            (PROPERTIES, ids["knows"]),
        )

    access.write(write)
    view = CardView(context)
    place(view, 280, 900)
    view.window().activateWindow()
    qtbot.waitUntil(view.window().isActiveWindow)
    return view


def show(card: CardView, relationship_id: int, qtbot: QtBot) -> None:
    card.context.navigate.show_relationship.emit(relationship_id)
    qtbot.waitUntil(lambda: card.relationship.isVisible() and shown_id(card) == relationship_id)


def shown_id(card: CardView) -> int:
    shown = card.relationship.card
    return 0 if shown is None else shown.detail.relationship.id


def facts(card: CardView) -> list[str]:
    source = card.relationship.source
    return [fact.accessibleName() for fact in source.findChildren(FactRow) if fact.isVisible()]


def test_both_ends_and_both_directions(card: CardView, ids: dict[str, int], qtbot: QtBot) -> None:
    show(card, ids["reports"], qtbot)
    ends = card.relationship.ends
    assert (ends.first.accessibleName(), ends.type.words()) == ("Bob", "Has direct report")
    assert ends.second.accessibleName() == "Ada"
    assert ends.reverse.text() == "Ada reports to Bob"
    assert facts(card)[0].startswith("Entered by you")
    ends.second.setFocus()
    qtbot.keyClick(ends.second, Qt.Key.Key_Return)
    qtbot.waitUntil(card.contact.isVisible)
    assert card.contact.isAncestorOf(focus(card))
    qtbot.keyClick(card, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(card.relationship.isVisible)
    show(card, ids["employs"], qtbot)
    assert ends.first.accessibleName() == "Acme <b>& Co</b>"
    assert "<b>" not in ends.first.toolTip()
    qtbot.keyClick(ends.first, Qt.Key.Key_Space)
    qtbot.waitUntil(card.company.isVisible)


def test_what_was_found_shows_its_evidence(
    card: CardView, ids: dict[str, int], qtbot: QtBot
) -> None:
    show(card, ids["knows"], qtbot)
    view = card.relationship
    assert not view.ends.reverse.isVisible()
    assert "Strength: 58 of 100" in facts(card)
    assert "Shared conversations: 4" in facts(card)
    assert "Shared messages: 21" in facts(card)
    assert view.description.notes.toPlainText() == "About engines"
    assert view.confirm_button.isVisible()
    assert view.reject_button.isVisible()
    assert not view.delete_button.isVisible()


def test_confirming_makes_it_ones_own(card: CardView, ids: dict[str, int], qtbot: QtBot) -> None:
    show(card, ids["knows"], qtbot)
    view = card.relationship
    view.confirm_button.click()
    undo_and_redo(qtbot, card, view.confirm_button.isVisible, view.delete_button.isVisible)
    qtbot.waitUntil(lambda: "Confirmed: by you" in facts(card))


@pytest.mark.parametrize(("which", "button"), [("knows", "reject"), ("reports", "delete")])
def test_what_goes_leads_back_and_can_be_undone(
    which: str, button: str, card: CardView, ids: dict[str, int], qtbot: QtBot
) -> None:
    card.show_contact(ids["Ada"])
    qtbot.waitUntil(card.contact.isVisible)
    show(card, ids[which], qtbot)
    getattr(card.relationship, f"{button}_button").click()
    qtbot.waitUntil(card.contact.isVisible)
    assert card.subject == Subject(CardKind.CONTACT, ids["Ada"])
    card.context.editing.undo()
    card.forward()
    qtbot.waitUntil(card.relationship.isVisible)
    assert shown_id(card) == ids[which]


def test_the_type_is_changed(
    card: CardView, ids: dict[str, int], access: DirectAccess, qtbot: QtBot
) -> None:
    show(card, ids["reports"], qtbot)
    type_ = card.relationship.ends.type
    type_.setFocus()
    qtbot.keyClick(type_, Qt.Key.Key_Return)
    assert type_.menu is not None
    offered = [action.text() for action in type_.menu.actions()]
    assert offered == ["Knows", "Reports to", "Works with"]
    type_.menu.close()
    entry(type_.menu, "Works with")
    undo_and_redo(
        qtbot,
        card,
        lambda: type_.words() == "Has direct report",
        lambda: type_.words() == "Works with",
    )
    assert said(card)[0] == "Changed the type of the relationship"


def test_attitude_and_closeness_by_keyboard(
    card: CardView, ids: dict[str, int], qtbot: QtBot
) -> None:
    show(card, ids["knows"], qtbot)
    for scale, name in (
        (card.relationship.opinion.attitude, "Attitude: Positive, 4 of 5"),
        (card.relationship.opinion.closeness, "Closeness: Close, 4 of 5"),
    ):
        scale.setFocus()
        qtbot.keyClick(scale, Qt.Key.Key_4)
        qtbot.keyClick(scale, Qt.Key.Key_Return)
        undo_and_redo(
            qtbot,
            card,
            lambda scale=scale: scale.value() == 0,
            lambda scale=scale: scale.value() == 4,
        )
        assert scale.accessibleName() == name
        assert focus(card) is scale


def test_since_and_until(card: CardView, ids: dict[str, int], qtbot: QtBot) -> None:
    show(card, ids["reports"], qtbot)
    opinion = card.relationship.opinion
    retype(qtbot, opinion.started, "may 2019")
    undo_and_redo(
        qtbot,
        card,
        lambda: opinion.started.text() == "" and not opinion.started.is_saving,
        lambda: opinion.started.text() == "May 2019" and not opinion.started.is_saving,
    )
    retype(qtbot, opinion.ended, "12 May")
    assert "May 2019" in opinion.ended.problem.text()
    qtbot.keyClick(opinion.ended.field, Qt.Key.Key_Escape)
    retype(qtbot, opinion.ended, "2018")
    qtbot.waitUntil(lambda: "before the start" in opinion.ended.problem.text())
    assert opinion.ended.field.text() == "2018"
    qtbot.keyClick(opinion.ended.field, Qt.Key.Key_Escape)
    assert opinion.ended.text() == ""


def test_the_description_is_ones_own(
    card: CardView, ids: dict[str, int], access: DirectAccess, qtbot: QtBot
) -> None:
    show(card, ids["reports"], qtbot)
    notes = card.relationship.description.notes
    notes.setFocus()
    qtbot.keyClicks(notes, "Since the merger")
    qtbot.keyClick(notes, Qt.Key.Key_Escape)
    undo_and_redo(
        qtbot,
        card,
        lambda: notes.toPlainText() == "",
        lambda: notes.toPlainText() == "Since the merger" and not notes.is_touched,
    )
    stored = "SELECT description FROM relationships WHERE id = ?"
    assert value(access, stored, ids["reports"]) == "Since the merger"
    assert focus(card) is card.relationship


def note_texts(card: CardView) -> list[str]:
    found = [row for row in card.relationship.notes.rows() if isinstance(row, NoteRow)]
    return [row.notes.toPlainText() for row in found]


def test_notes_are_added_changed_and_deleted(
    card: CardView, ids: dict[str, int], access: DirectAccess, qtbot: QtBot
) -> None:
    add_note(access, ids["knows"], "The first", created_at=NOW - 86_400 * 3)
    show(card, ids["knows"], qtbot)
    notes = card.relationship.notes
    entry(card.menu(), "Add a note")
    assert notes.new.hasFocus()
    qtbot.keyClicks(notes.new, "The second")
    qtbot.keyClick(notes.new, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    undo_and_redo(
        qtbot,
        card,
        lambda: note_texts(card) == ["The first"],
        lambda: note_texts(card) == ["The second", "The first"],
    )
    assert notes.new.toPlainText() == ""
    second, first = notes.rows()
    assert isinstance(second, NoteRow)
    assert isinstance(first, NoteRow)
    assert (second.date.text(), first.date.text()) == ("just now", "3 days ago")
    first.notes.setFocus()
    first.notes.setPlainText("The <b>first</b>, changed")
    qtbot.keyClick(first.notes, Qt.Key.Key_Tab)
    qtbot.waitUntil(lambda: not first.notes.is_touched)
    stored = "SELECT content FROM relationship_notes ORDER BY id"
    assert rows(access, stored) == [("The <b>first</b>, changed",), ("The second",)]
    second.delete_button.setFocus()
    qtbot.keyClick(second.delete_button, Qt.Key.Key_Space)
    undo_and_redo(
        qtbot, card, lambda: len(note_texts(card)) == 2, lambda: len(note_texts(card)) == 1
    )
    first.notes.setFocus()
    first.notes.clear()
    notes.new.setFocus()
    qtbot.waitUntil(lambda: note_texts(card) == [])


def test_a_note_begun_on_a_person_s_card(card: CardView, ids: dict[str, int], qtbot: QtBot) -> None:
    card.show_contact(ids["Ada"])
    qtbot.waitUntil(card.contact.isVisible)
    [row] = [r for r in card.contact.related.rows() if "Carol" in r.entity.accessibleName()]  # type: ignore[attr-defined]
    entry(row.menu(), "Add a note")  # type: ignore[attr-defined]
    qtbot.waitUntil(card.relationship.isVisible)
    assert focus(card) is card.relationship.notes.new
    card.back()
    qtbot.waitUntil(card.contact.isVisible)
    entry(row.menu(), "Show the relationship")  # type: ignore[attr-defined]
    qtbot.waitUntil(card.relationship.isVisible)
    assert focus(card) is not card.relationship.notes.new


def test_a_refresh_leaves_what_is_being_written(
    card: CardView, ids: dict[str, int], access: DirectAccess, qtbot: QtBot
) -> None:
    show(card, ids["knows"], qtbot)
    view = card.relationship
    view.notes.new.setFocus()
    qtbot.keyClicks(view.notes.new, "Half a no")
    view.opinion.started.begin()
    qtbot.keyClicks(view.opinion.started.field, "20")
    done = update_relationship(access, ids["knows"], attitude=2, started_on="1999")
    card.context.bus.publish(done.changes)
    qtbot.waitUntil(lambda: view.opinion.attitude.value() == 2)
    assert view.opinion.started.field.text() == "20"
    assert view.opinion.started.field.hasFocus()
    qtbot.keyClick(view.opinion.started.field, Qt.Key.Key_Escape)
    assert view.opinion.started.text() == "1999"


def test_one_person_or_two(
    card: CardView, ids: dict[str, int], access: DirectAccess, qtbot: QtBot
) -> None:
    show(card, ids["twins"], qtbot)
    identity = card.relationship.identity
    assert identity.isVisible()
    identity.different_button.click()
    decisions = "SELECT decision FROM identity_decisions"
    qtbot.waitUntil(lambda: rows(access, decisions) == [("different",)])
    qtbot.waitUntil(lambda: not identity.different_button.isVisible())
    identity.same_button.click()
    qtbot.waitUntil(lambda: rows(access, decisions) == [("same",)])
    show(card, ids["knows"], qtbot)
    assert not identity.isVisible()
    entry(card.menu(), "These two are the same person")
    qtbot.waitUntil(lambda: len(rows(access, decisions)) == 2)


def test_a_relationship_that_is_gone(card: CardView, qtbot: QtBot) -> None:
    card.show_relationship(9_999)
    qtbot.waitUntil(lambda: card.empty.title() == "No longer here")
    assert card.empty.isVisible()
    assert not card.bar.more_button.isEnabled()
