"""What is known of a conversation, and the way there and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QWidget

from crm_desktop.ui.views.card import CardView
from crm_desktop.ui.views.conversation_view import FIRST_MESSAGES, MessageEntry
from crm_desktop.ui.widgets.breaking_label import BreakingLabel
from crm_desktop.ui.widgets.labels import LinkLabel
from crm_desktop.ui.widgets.rows import ConversationRow
from tests.life import DAY_S, NOW, Life
from tests.ui.views.card_sample import focus

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from crm_desktop.model.database import UnitOfWork
    from crm_desktop.services.access import DirectAccess
    from crm_desktop.ui.context import WindowContext

HOSTILE = "<img src=x> " + "Rindfleischetikettierungsüberwachung" * 8


@pytest.fixture
def ids() -> dict[str, int]:
    return {}


@pytest.fixture
def card(
    ids: dict[str, int],
    context: WindowContext,
    access: DirectAccess,
    place: Callable[[QWidget, int, int], None],
    qtbot: QtBot,
) -> CardView:
    def write(store: UnitOfWork) -> None:
        life = Life(store)
        ids["bob"], ids["me"] = life.contact("Bob"), life.contact("Me")
        ids["tea"] = tea = life.conversation(HOSTILE)
        for number in range(FIRST_MESSAGES + 3):
            pair = (ids["bob"], ids["me"]) if number % 2 else (ids["me"], ids["bob"])
            at = NOW - (FIRST_MESSAGES + 3 - number) * DAY_S
            life.message(tea, *pair, at=at, preview=f"Message {number}\n{HOSTILE}")

    access.write(write)
    view = CardView(context)
    place(view, 280, 800)
    view.show_contact(ids["bob"])
    qtbot.waitUntil(view.contact.isVisible)
    [row] = [row for row in view.contact.findChildren(ConversationRow) if row.isVisible()]
    row.setFocus()
    qtbot.keyClick(row, Qt.Key.Key_Return)
    qtbot.waitUntil(view.conversation.isVisible)
    return view


def entries(card: CardView) -> list[MessageEntry]:
    found = card.conversation.findChildren(MessageEntry)
    return [entry for entry in found if not entry.isHidden()]


def test_it_reads_from_the_latest_message(card: CardView, qtbot: QtBot) -> None:
    view = card.conversation
    assert view.subject.text() == HOSTILE
    assert view.facts.text().startswith("33 messages · ")
    assert len(entries(card)) == FIRST_MESSAGES
    assert entries(card)[0].accessibleName().startswith("Me, yesterday, Message 32")
    assert [row.accessibleName() for row in view.people.rows()] == ["Me, 17 sent", "Bob, 16 sent"]
    [more] = [
        link
        for link in view.messages.findChildren(LinkLabel)
        if link.full_text().startswith("Show ")
    ]
    assert more.full_text() == "Show 3 earlier messages"
    qtbot.keyClick(more, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(entries(card)) == FIRST_MESSAGES + 3)
    assert card.isAncestorOf(focus(card))


def test_nothing_in_it_is_markup_and_everything_fits(card: CardView) -> None:
    view = card.conversation
    assert {label.textFormat() for label in view.findChildren(QLabel) if label.text()} == {
        Qt.TextFormat.PlainText
    }
    content = view.widget()
    assert content.minimumSizeHint().width() <= view.viewport().width()
    assert content.width() <= view.viewport().width()


def test_its_words_can_be_copied(card: CardView, qtbot: QtBot) -> None:
    label = entries(card)[0].findChildren(BreakingLabel)[0]
    label.copy()
    assert QGuiApplication.clipboard().text().startswith("Message 32\n<img src=x>")


def test_people_lead_on_and_back_leads_back(
    card: CardView, ids: dict[str, int], qtbot: QtBot
) -> None:
    card.conversation.people.rows()[0].click()  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: card.contact.header.name.text() == "Me")
    qtbot.keyClick(card, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(card.conversation.isVisible)
    qtbot.keyClick(card, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: card.contact.header.name.text() == "Bob")
    assert not card.bar.back_button.isEnabled()


def test_a_conversation_that_is_gone(card: CardView, qtbot: QtBot) -> None:
    card.context.navigate.show_conversation.emit(999)
    qtbot.waitUntil(lambda: card.empty.title() == "No longer here")
