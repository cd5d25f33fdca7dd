"""The inspector in its window: what opens it, and what is half typed when it goes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from crm_desktop.ui.dialogs.new_entity import NewCompanyDialog, NewContactDialog
from crm_desktop.ui.views.subjects import CardKind, Subject
from tests.life import NOW, Life
from tests.ui.views.card_sample import value
from tests.ui.window_sample import attach, open_window

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from crm_desktop.model.database import Database, UnitOfWork
    from crm_desktop.services.access import DirectAccess
    from crm_desktop.ui.main_window import MainWindow
    from crm_desktop.workers.lanes import Lanes

pytestmark = [
    pytest.mark.usefixtures("frozen_now"),
    pytest.mark.qt_log_ignore("This plugin does not support"),
]


@pytest.fixture
def ids(access: DirectAccess) -> dict[str, int]:
    def write(store: UnitOfWork) -> dict[str, int]:
        life = Life(store)
        made = {"ada": life.contact("Ada"), "bob": life.contact("Bob")}
        made["knows"] = life.relationship("rt-works-with", made["ada"], made["bob"])
        made["tea"] = life.conversation("Tea")
        life.message(made["tea"], made["ada"], made["bob"], at=NOW, preview="At four?")
        return made

    return access.write(write)


@pytest.fixture
def window(
    qtbot: QtBot, lanes: Lanes, database: Database, ids: dict[str, int]
) -> Iterator[MainWindow]:
    with open_window(qtbot, lanes) as made:
        attach(qtbot, made, database)
        yield made


def test_relationships_and_conversations_open_it(
    window: MainWindow, ids: dict[str, int], qtbot: QtBot
) -> None:
    inspector = window.inspector
    assert not inspector.is_open
    window.navigate.show_relationship.emit(ids["knows"])
    assert inspector.is_open
    card = inspector.card
    assert card is not None
    assert card.subject == Subject(CardKind.RELATIONSHIP, ids["knows"])
    inspector.set_open(False)
    window.navigate.select_relationship.emit(ids["knows"])
    assert not inspector.is_open
    window.navigate.show_conversation.emit(ids["tea"])
    assert inspector.is_open
    qtbot.waitUntil(card.conversation.isVisible)


def test_what_is_half_typed_is_stored_when_the_window_closes(
    window: MainWindow, ids: dict[str, int], access: DirectAccess, lanes: Lanes, qtbot: QtBot
) -> None:
    window.navigate.show_contact.emit(ids["ada"])
    card = window.inspector.card
    assert card is not None
    qtbot.waitUntil(card.contact.isVisible)
    card.contact.notes.notes.setPlainText("Never lost")
    card.contact.header.name.begin()
    card.contact.header.name.field.setText("Ada King")
    window.closing.connect(lanes.begin_close)
    with qtbot.waitSignal(lanes.closed):
        window.close()
    stored = "SELECT name || ': ' || notes FROM contacts WHERE id = ?"
    assert value(access, stored, ids["ada"]) == "Ada King: Never lost"


def test_what_is_half_typed_is_stored_when_the_card_is_hidden(
    window: MainWindow, ids: dict[str, int], access: DirectAccess, qtbot: QtBot
) -> None:
    window.navigate.show_contact.emit(ids["ada"])
    card = window.inspector.card
    assert card is not None
    qtbot.waitUntil(card.contact.isVisible)
    card.contact.details.given_name.begin()
    card.contact.details.given_name.field.setText("Ada")
    window.commands.toggle_inspector()
    given = "SELECT given_name FROM contacts WHERE id = ?"
    qtbot.waitUntil(lambda: value(access, given, ids["ada"]) == "Ada")


@pytest.mark.parametrize(
    ("action", "kind"), [("new-person", NewContactDialog), ("new-company", NewCompanyDialog)]
)
def test_people_and_companies_are_added_from_the_menu(
    action: str, kind: type[NewContactDialog | NewCompanyDialog], window: MainWindow, qtbot: QtBot
) -> None:
    window.navigate.run_action.emit(action)
    [dialog] = window.findChildren(kind)
    dialog.name.edit.setText("Charles")
    dialog.save()
    qtbot.waitUntil(lambda: window.inspector.is_open)
    card = window.inspector.card
    assert card is not None
    view = card.contact.header if action == "new-person" else card.company
    qtbot.waitUntil(lambda: view.name.text() == "Charles")
