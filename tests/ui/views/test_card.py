"""The inspector's cards, through the real lanes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from crm_desktop.domain.changes import ChangeKind, Changes
from crm_desktop.ui.views.card import CardView
from crm_desktop.ui.views.subjects import CardKind, Subject
from crm_desktop.ui.widgets.identifier_row import IdentifierRow
from crm_desktop.ui.widgets.labels import LinkLabel
from crm_desktop.ui.widgets.rows import ConversationRow, EntityRow, FactRow
from tests.ui.page_sample import (
    ADA,
    ARABIC,
    GRACE,
    HOSTILE,
    SELF,
    Life,
    Mailbox,
    contact_id_of,
    store_life,
)

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from crm_desktop.model.database import Database
    from crm_desktop.services.access import DirectAccess
    from crm_desktop.ui.context import WindowContext


@pytest.fixture
def database(life_database: Database) -> Database:
    return life_database


@pytest.fixture
def card(
    context: WindowContext, access: DirectAccess, place: Callable[[QWidget, int, int], None]
) -> CardView:
    view = CardView(context)
    place(view, 360, 800)
    return view


def show(card: CardView, access: DirectAccess, person: Mailbox, qtbot: QtBot) -> None:
    card.context.navigate.show_contact.emit(contact_id_of(access, person))
    qtbot.waitUntil(
        lambda: card.contact.isVisible() and card.contact.header.name.text() == person.name
    )


def texts(card: CardView, kind: type[QWidget]) -> list[str]:
    return [w.accessibleName() for w in card.contact.findChildren(kind) if w.isVisible()]


def test_nobody_chosen_yet(card: CardView) -> None:
    assert card.empty.title() == "Nobody chosen"
    assert not card.bar.back_button.isEnabled()


def test_a_full_card(card: CardView, access: DirectAccess, qtbot: QtBot) -> None:
    show(card, access, ADA, qtbot)
    header = card.contact.header
    assert header.work.text() == "Programmer"
    assert header.company.link.full_text() == "Analytical Engines"
    assert header.decay.accessibleName() == "past day · last contact 7 hours ago"
    assert 60 < int(card.contact.score.number.text()) < 80
    assert texts(card, EntityRow) == [
        "Analytical Engines, Works at",
        "Mira Lindqvist, Knows, strength 58 of 100",
        "Grace Hopper, Knows, strength 43 of 100",
    ]
    assert len(texts(card, ConversationRow)) == 5
    facts = texts(card, FactRow)
    assert card.contact.details.birthday.text() == "10 December 1985 · 40 years"
    assert "Messages: 6" in facts
    assert card.contact.chart.reading() == "6 messages in 3 years"
    assert card.contact.tags.isVisible()
    assert card.contact.notes.isVisible()


def test_an_address_is_copied(card: CardView, access: DirectAccess, qtbot: QtBot) -> None:
    show(card, access, ADA, qtbot)
    row = card.contact.findChildren(IdentifierRow)[0]
    qtbot.mouseClick(row.copy_button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "ada@analytical.example"
    assert row.copy_button.accessibleName() == "Copied"


def test_lines_lead_on_and_the_way_back_is_kept(
    card: CardView, access: DirectAccess, qtbot: QtBot
) -> None:
    show(card, access, ADA, qtbot)
    row = next(r for r in card.contact.findChildren(EntityRow) if "Grace" in r.accessibleName())
    row.click()
    qtbot.waitUntil(lambda: card.contact.header.name.text() == GRACE.name)
    qtbot.keyClick(card, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: card.contact.header.name.text() == ADA.name)
    assert not card.bar.back_button.isEnabled()
    qtbot.keyClick(card, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: card.contact.header.name.text() == GRACE.name)
    assert not card.bar.forward_button.isEnabled()


def test_the_keyboard_stays_in_the_card_from_person_to_person(
    card: CardView, access: DirectAccess, qtbot: QtBot
) -> None:
    show(card, access, ADA, qtbot)
    row = next(r for r in card.contact.findChildren(EntityRow) if "Grace" in r.accessibleName())
    row.setFocus()
    qtbot.keyClick(row, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: card.contact.header.name.text() == GRACE.name)
    focus = card.window().focusWidget()
    assert focus is not None
    assert card.isAncestorOf(focus)


def test_the_company_and_its_people(card: CardView, access: DirectAccess, qtbot: QtBot) -> None:
    show(card, access, ADA, qtbot)
    qtbot.keyClick(card.contact.header.company.link, Qt.Key.Key_Return)
    qtbot.waitUntil(card.company.isVisible)
    assert card.company.name.text() == "Analytical Engines"
    (row,) = [r for r in card.company.people.findChildren(EntityRow) if r.isVisible()]
    assert row.accessibleName() == "Ada Lovelace, Programmer"
    row.click()
    qtbot.waitUntil(card.contact.isVisible)


def test_someone_who_is_gone(card: CardView, qtbot: QtBot) -> None:
    card.show_contact(99_999)
    qtbot.waitUntil(lambda: card.empty.title() == "No longer here")
    assert card.empty.isVisible()


def test_names_are_never_markup(card: CardView, access: DirectAccess, qtbot: QtBot) -> None:
    show(card, access, HOSTILE, qtbot)
    formats = {label.textFormat() for label in card.findChildren(QLabel) if label.text()}
    assert formats == {Qt.TextFormat.PlainText}
    for widget in card.findChildren(QWidget):
        assert "<b>Bold" not in widget.toolTip()
        assert "<i>Invoice" not in widget.toolTip()


def test_a_card_without_details_hides_their_sections(
    card: CardView, access: DirectAccess, qtbot: QtBot
) -> None:
    show(card, access, ARABIC, qtbot)
    assert card.contact.tags.chips() == []
    assert not card.contact.namesakes.isVisible()
    assert not card.contact.header.company.link.isVisible()
    assert card.contact.header.company.face.accessibleDescription() == "Add a company"


def test_self_has_no_score(card: CardView, access: DirectAccess, qtbot: QtBot) -> None:
    show(card, access, SELF, qtbot)
    assert not card.contact.score.isVisible()
    assert card.contact.header.what.text() == "This is you"


def test_all_relationships_on_request(card: CardView, access: DirectAccess, qtbot: QtBot) -> None:
    life = Life(series="b")
    for index in range(30):
        friend = Mailbox(f"f{index}@circle.example", f"Friend Number{index}")
        life.message(GRACE, [friend], 3 + index, f"Circle {index}")
    store_life(access, life)
    show(card, access, GRACE, qtbot)
    assert len(texts(card, EntityRow)) == 8
    more = card.contact.related.all_link
    assert more.full_text() == "Show all 32"
    qtbot.keyClick(more, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(texts(card, EntityRow)) == 32)


def test_it_follows_changes_that_concern_it(
    card: CardView, access: DirectAccess, qtbot: QtBot
) -> None:
    show(card, access, ADA, qtbot)
    ada = contact_id_of(access, ADA)
    other = Changes(frozenset({ChangeKind.CONTACTS}), frozenset({ada + 1000}))
    assert not card.concerns(other)
    assert card.concerns(Changes(frozenset({ChangeKind.CONTACTS}), frozenset({ada})))
    assert card.concerns(Changes.of(ChangeKind.RELATIONSHIPS))
    assert not card.concerns(Changes.of(ChangeKind.IMPORTS))
    life = Life(series="b")
    life.message(ADA, [SELF], 0.1, "A further thought")
    store_life(access, life)
    card.context.bus.publish(Changes.of(ChangeKind.CONTACTS))
    qtbot.waitUntil(lambda: "Messages: 7" in texts(card, FactRow))


def test_a_hidden_card_reads_when_it_is_shown(
    card: CardView, access: DirectAccess, qtbot: QtBot
) -> None:
    card.hide()
    card.show_contact(contact_id_of(access, GRACE))
    assert card.subject == Subject(CardKind.CONTACT, contact_id_of(access, GRACE))
    card.show()
    qtbot.waitUntil(lambda: card.contact.header.name.text() == GRACE.name)


def test_everything_that_takes_the_focus_has_a_name(
    card: CardView, access: DirectAccess, qtbot: QtBot
) -> None:
    show(card, access, ADA, qtbot)
    for widget in card.findChildren(QWidget):
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus and widget.isVisible():
            is_named = bool(widget.accessibleName())
            is_inner = not isinstance(widget, QAbstractButton | LinkLabel)
            assert is_named or is_inner, widget


def test_the_chart_reads_single_months(card: CardView, access: DirectAccess, qtbot: QtBot) -> None:
    show(card, access, ADA, qtbot)
    chart = card.contact.chart
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    assert chart.reading() == "May 2026 · 1 message"
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    assert chart.reading() == "April 2026 · 5 messages"
    assert not chart.grab().isNull()


class ShownWindows(QObject):
    """Notes which widgets are shown as windows of their own."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_shown = event.type() == QEvent.Type.Show
        if is_shown and isinstance(watched, QWidget) and watched.isWindow():
            self.names.append(type(watched).__name__)
        return False


def test_making_a_card_flashes_no_window(context: WindowContext, host: QWidget) -> None:
    shown = ShownWindows()
    application = QGuiApplication.instance()
    assert application is not None
    application.installEventFilter(shown)
    card = CardView(context, host)
    assert card.company.parent() is not None
    assert card.relationship.parent() is not None
    assert card.conversation.parent() is not None
    application.removeEventFilter(shown)
    assert shown.names == []
