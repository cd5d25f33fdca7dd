from __future__ import annotations

import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from crm_desktop.base.errors import UserError
from crm_desktop.base.paths import default_database, sample_database
from crm_desktop.domain.changes import ChangeKind, Changes
from crm_desktop.domain.relationship_list import RelationshipQuery
from crm_desktop.domain.relationships import RelationshipSource
from crm_desktop.model.database import Database
from crm_desktop.services.access import DirectAccess
from crm_desktop.ui.dialogs.relationship_form import RelationshipForm
from crm_desktop.ui.dialogs.shortcuts import ShortcutsDialog
from crm_desktop.ui.main_window import LEAST_SIZE, MainWindow
from crm_desktop.ui.memory import WindowMemory
from crm_desktop.ui.models import people as columns
from crm_desktop.ui.models.people import PeopleQuery
from crm_desktop.ui.page_host import START
from crm_desktop.ui.pages import PAGES
from crm_desktop.ui.views.graph_page import GraphPage
from crm_desktop.ui.views.people import PeoplePage
from crm_desktop.ui.views.relationships_page import RelationshipsPage
from crm_desktop.ui.views.today import TodayPage
from crm_desktop.ui.views.types_page import TypesPage
from crm_desktop.ui.widgets.skeleton import RowsSkeleton
from crm_desktop.workers.lanes import Lanes
from tests.ui.page_sample import ADA, contact_id_of, small_life, store_life
from tests.ui.window_sample import attach, markup_labels, nameless, open_window, show_page


@pytest.fixture
def window(qtbot: QtBot, lanes: Lanes) -> Iterator[MainWindow]:
    with open_window(qtbot, lanes) as opened:
        yield opened


def test_before_the_database_is_open_the_window_shows_where_things_will_be(
    window: MainWindow,
) -> None:
    assert isinstance(window.pages.currentWidget(), RowsSkeleton)
    enabled = {name for name, action in window.action_set.by_id.items() if action.isEnabled()}
    assert "quit" in enabled
    assert "import-mail" not in enabled
    window.show_page("people")
    window.start_import([Path("x.mbox")])
    assert window.pages.name == ""


def test_an_empty_database_opens_on_the_start_page(
    qtbot: QtBot, window: MainWindow, database: Database
) -> None:
    attach(qtbot, window, database)
    assert window.pages.currentWidget() is window.start_page
    assert window.rail.checked_page() == "today"
    assert window.action_set.by_id["import-mail"].isEnabled()
    assert WindowMemory().recent_databases() == (database.path,)


def test_the_first_import_brings_today(
    qtbot: QtBot, window: MainWindow, database: Database, access: DirectAccess
) -> None:
    attach(qtbot, window, database)
    store_life(access, small_life())
    window.bus.publish(Changes.of(ChangeKind.CONTACTS))
    qtbot.waitUntil(lambda: window.pages.name == "today", timeout=20_000)


def test_every_page_opens_and_every_control_has_a_name(
    qtbot: QtBot, window: MainWindow, database: Database, access: DirectAccess
) -> None:
    store_life(access, small_life())
    attach(qtbot, window, database)
    for page in PAGES:
        show_page(qtbot, window, page.name)
        assert window.rail.checked_page() == page.name
    window.navigate.show_contact.emit(contact_id_of(access, ADA))
    assert window.inspector.is_open
    window.search_box.start(">")
    assert nameless(window) == []
    assert markup_labels(window) == []


def test_a_failure_to_open_says_what_to_do(window: MainWindow, qtbot: QtBot) -> None:
    window.open_failed(UserError("This file is from a newer version. Update CRM Desktop."))
    assert window.pages.currentWidget() is window.start_page
    assert "newer version" in window.start_page.text()
    assert not window.action_set.by_id["import-mail"].isEnabled()
    with qtbot.waitSignal(window.closing):
        window.start_page.chosen.emit("quit")


def test_our_own_failure_to_open_gives_a_reference(
    window: MainWindow, expected_log: object
) -> None:
    window.open_failed(RuntimeError("Ada Lovelace's data"))
    assert "reference" in window.start_page.text()
    assert "Ada" not in window.start_page.text()


def test_the_sample_is_marked_and_has_a_way_out(
    qtbot: QtBot, window: MainWindow, private_folders: Path
) -> None:
    database = Database.open(sample_database())
    try:
        attach(qtbot, window, database)
        assert window.banner.isVisible()
        assert WindowMemory().recent_databases() == ()
        with qtbot.waitSignal(window.open_requested) as asked:
            window.banner.own_requested.emit()
        assert asked.args == [default_database()]
        window.lanes.close()
    finally:
        database.close()


def test_the_sample_is_made_once_and_opened(
    qtbot: QtBot, window: MainWindow, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Path] = []

    def make(path: Path, _ctx: object) -> Path:
        made.append(path)
        path.touch()
        return path

    monkeypatch.setattr("crm_desktop.ui.commands.make_sample", make)
    attach(qtbot, window, database)
    for _ in range(2):
        with qtbot.waitSignal(window.open_requested) as asked:
            window.commands.open_sample()
        assert asked.args == [sample_database()]
    assert made == [sample_database()]


def test_place_page_and_rail_survive_a_restart(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, access: DirectAccess, database: Database
) -> None:
    store_life(access, small_life())
    first_lanes, second_lanes = Lanes(), Lanes()
    with open_window(qtbot, first_lanes) as window:
        attach(qtbot, window, database)
        window.resize(1111, 666)
        window.inspector.set_open(True)
        window.splitter.setSizes([600, 400])
        window.rail.set_collapsed(True, at_once=True)
        show_page(qtbot, window, "people")
        card_width = window.splitter.sizes()[1]
        first_lanes.close()
        window.close()
    with open_window(qtbot, second_lanes) as again:
        # The width is cut to the screen of the tests.
        assert again.height() == 666
        assert again.rail.is_collapsed
        attach(qtbot, again, database)
        qtbot.waitUntil(lambda: again.pages.name == "people")
        assert again.inspector.is_open
        qtbot.waitUntil(lambda: again.splitter.sizes()[1] == card_width)
    file = WindowMemory().path
    assert sys.platform == "win32" or stat.S_IMODE(file.stat().st_mode) == 0o600


def test_appearance_is_remembered(qtbot: QtBot, window: MainWindow) -> None:
    window.action_set.by_id["appearance-dark"].trigger()
    assert window.theme.current.is_dark
    assert WindowMemory(window.memory.path).text("appearance") == "dark"
    assert window.action_set.by_id["appearance-dark"].isChecked()


def test_it_fits_the_smallest_screen(
    qtbot: QtBot, window: MainWindow, database: Database, access: DirectAccess
) -> None:
    store_life(access, small_life())
    attach(qtbot, window, database)
    window.inspector.set_open(True)
    for page in PAGES:
        show_page(qtbot, window, page.name)
        window.resize(1024, 640)
        assert (window.width(), window.height()) == (1024, 640), page.name
    assert LEAST_SIZE[0] <= 1024
    assert LEAST_SIZE[1] <= 640


def test_escape_steps_back_from_search_and_card(
    qtbot: QtBot, window: MainWindow, database: Database
) -> None:
    attach(qtbot, window, database)
    window.inspector.set_open(True)
    window.search_box.start(">")
    assert window.search_box.popup.isVisible()
    QTest.keyClick(window.search_box.field, Qt.Key.Key_Escape)
    assert not window.search_box.popup.isVisible()
    assert window.inspector.is_open
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.inspector.is_open


def test_a_new_type_from_anywhere(qtbot: QtBot, window: MainWindow, database: Database) -> None:
    attach(qtbot, window, database)
    window.action_set.by_id["new-type"].trigger()
    qtbot.waitUntil(lambda: isinstance(window.pages.currentWidget(), TypesPage), timeout=20_000)
    page = window.pages.currentWidget()
    assert isinstance(page, TypesPage)
    qtbot.waitUntil(lambda: page.form.is_new)
    assert window.rail.checked_page() == "types"


def test_a_palette_command_runs(qtbot: QtBot, window: MainWindow, database: Database) -> None:
    attach(qtbot, window, database)
    window.search_box.start(">jobs")
    QTest.keyClick(window.search_box.field, Qt.Key.Key_Return)
    assert window.pages.name == "jobs"
    assert window.search_box.field.text() == ""


def _drag(paths: list[Path]) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def test_dropped_files_are_imported(
    qtbot: QtBot,
    window: MainWindow,
    database: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    frame = window.frame
    data = _drag([tmp_path / "a.mbox", tmp_path / "b.vcf"])

    def enter() -> QDragEnterEvent:
        event = QDragEnterEvent(
            QPoint(9, 9),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        event.ignore()
        QApplication.sendEvent(frame, event)
        return event

    assert not enter().isAccepted()
    attach(qtbot, window, database)
    overlay = window.overlay
    assert enter().isAccepted()
    assert overlay.isVisible()
    QApplication.sendEvent(frame, QDragLeaveEvent())
    assert not overlay.isVisible()
    enter()
    begun: list[list[Path]] = []
    monkeypatch.setattr(window, "start_import", begun.append)
    overlay.dropped.disconnect()
    overlay.dropped.connect(window.start_import)
    drop = QDropEvent(
        QPointF(9, 9),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(frame, drop)
    assert begun == [[tmp_path / "a.mbox", tmp_path / "b.vcf"]]
    assert not overlay.isVisible()


def test_a_failed_job_opens_the_error_dialog(
    qtbot: QtBot, window: MainWindow, database: Database
) -> None:
    attach(qtbot, window, database)

    def fail(_ctx: object) -> None:
        raise UserError("The disk is full. Free some space and try again.")

    window.lanes.reader.submit(fail)
    qtbot.waitUntil(lambda: window.messages.dialog is not None)
    dialog = window.messages.dialog
    assert dialog is not None
    assert dialog.text == "The disk is full. Free some space and try again."
    dialog.accept()


def test_a_request_for_a_contact_made_before_the_card_exists_is_heard(
    qtbot: QtBot, window: MainWindow, database: Database, access: DirectAccess
) -> None:
    store_life(access, small_life())
    attach(qtbot, window, database)
    window.navigate.show_contact.emit(contact_id_of(access, ADA))
    view = window.inspector.card
    assert view is not None

    def texts() -> str:
        return " ".join(child.accessibleName() for child in view.findChildren(QWidget))

    qtbot.waitUntil(lambda: "Ada Lovelace" in texts())


def test_a_request_for_the_graph_made_before_it_exists_is_heard(
    qtbot: QtBot, window: MainWindow, database: Database, access: DirectAccess
) -> None:
    store_life(access, small_life())
    attach(qtbot, window, database)
    ada = contact_id_of(access, ADA)
    with qtbot.waitSignal(window.navigate.select_contact, timeout=20_000) as selected:
        window.navigate.show_on_graph.emit(ada)
    assert window.pages.name == "graph"
    assert selected.args == [ada]
    page = window.pages.widget_of("graph")
    assert isinstance(page, GraphPage)
    assert page.view.describe(page.view.stage.selected)[0] == ADA.name


def test_the_relationships_of_a_type_are_shown_on_their_page(
    qtbot: QtBot, window: MainWindow, database: Database, access: DirectAccess
) -> None:
    store_life(access, small_life())
    attach(qtbot, window, database)
    window.navigate.show_relationships_of_type.emit("rt-employee")
    page = show_page(qtbot, window, "relationships")
    assert isinstance(page, RelationshipsPage)
    qtbot.waitUntil(lambda: page.count.text() == "1 relationship found")
    assert window.pages.name == "relationships"


def test_relationships_are_inferred_and_entered_from_the_palette(
    qtbot: QtBot, window: MainWindow, database: Database, access: DirectAccess
) -> None:
    store_life(access, small_life())
    attach(qtbot, window, database)
    with qtbot.waitSignal(window.bus.refresh_wanted):
        window.navigate.run_action.emit("infer-now")
    window.navigate.run_action.emit("new-relationship")
    page = show_page(qtbot, window, "relationships")
    form = page.findChild(RelationshipForm)
    assert form is not None
    assert form.isVisible()
    form.reject()


def test_what_was_set_on_the_pages_survives_a_restart(
    qtbot: QtBot, access: DirectAccess, database: Database
) -> None:
    store_life(access, small_life())
    ada = contact_id_of(access, ADA)
    first_lanes, second_lanes = Lanes(), Lanes()
    with open_window(qtbot, first_lanes) as window:
        attach(qtbot, window, database)
        today = show_page(qtbot, window, "today")
        assert isinstance(today, TodayPage)
        today.set_window("365d")
        people = show_page(qtbot, window, "people")
        assert isinstance(people, PeoplePage)
        people.table.header.sectionClicked.emit(columns.SCORE)
        people.table.header.resizeSection(columns.SCORE, 171)
        people.filter.setText("love")
        qtbot.waitUntil(lambda: people.count.text() == "1 person found")
        ties = show_page(qtbot, window, "relationships")
        assert isinstance(ties, RelationshipsPage)
        qtbot.waitUntil(lambda: ties.filters.type_box.count() > 1)
        ties.filters.type_box.setCurrentText("Knows")
        ties.filters.source_box.setCurrentText("Found in mail")
        graph = show_page(qtbot, window, "graph")
        assert isinstance(graph, GraphPage)
        qtbot.waitUntil(lambda: graph.view.stage.data is not None, timeout=20_000)
        graph.canvas.filters.strength.setValue(20)
        graph.canvas.filters._types["KNOWS"].setChecked(False)
        graph.list_button.click()
        window.navigate.select_contact.emit(ada)
        first_lanes.close()
        window.close()
    with open_window(qtbot, second_lanes) as again:
        attach(qtbot, again, database)
        assert again.navigate.contact_id == ada
        today = show_page(qtbot, again, "today")
        assert isinstance(today, TodayPage)
        assert today.window_key() == "365d"
        people = show_page(qtbot, again, "people")
        assert isinstance(people, PeoplePage)
        qtbot.waitUntil(lambda: people.count.text() == "1 person found")
        assert people.model.query() == PeopleQuery("love", "score", is_turned=True)
        assert people.table.header.sortIndicatorSection() == columns.SCORE
        assert people.table.columnWidth(columns.SCORE) == 171
        ties = show_page(qtbot, again, "relationships")
        assert isinstance(ties, RelationshipsPage)
        qtbot.waitUntil(lambda: ties.filters.type_box.currentText() == "Knows")
        assert ties.query() == RelationshipQuery(
            type_id="rt-knows", source=RelationshipSource.INFERRED
        )
        graph = show_page(qtbot, again, "graph")
        assert isinstance(graph, GraphPage)
        qtbot.waitUntil(lambda: graph.view.stage.data is not None, timeout=20_000)
        wanted = graph.canvas.filters.filter()
        assert (wanted.min_strength, wanted.hidden_types) == (0.2, {"KNOWS"})
        assert graph.filter_button.text() == "Filtered"
        assert graph.list.isVisible()


def test_tab_leads_from_the_rail_over_the_page_to_the_card_and_back(
    qtbot: QtBot, window: MainWindow, database: Database, access: DirectAccess
) -> None:
    store_life(access, small_life())
    attach(qtbot, window, database)
    window.navigate.show_contact.emit(contact_id_of(access, ADA))
    card = window.inspector.card
    assert card is not None
    qtbot.waitUntil(lambda: bool(card.contact.header.name.text()))
    show_page(qtbot, window, "people")
    parts = (window.rail, window.header, window.pages, window.inspector)

    def part_after(key: Qt.Key) -> QWidget:
        focus = window.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, key)
        reached = window.focusWidget()
        assert reached is not None
        assert reached is not focus
        return next(part for part in parts if part.isAncestorOf(reached))

    def parts_passed(key: Qt.Key) -> list[QWidget]:
        passed = [part_after(key)]
        while len(passed) < 5:
            if (part := part_after(key)) is not passed[-1]:
                passed.append(part)
        return passed

    rail, header, pages, inspector = parts
    qtbot.waitUntil(window.isActiveWindow)
    rail.findChildren(QAbstractButton)[0].setFocus()
    # Within the rail the arrows lead, as among all buttons of which one is chosen.
    assert parts_passed(Qt.Key.Key_Tab) == [header, pages, inspector, rail, header]
    assert parts_passed(Qt.Key.Key_Backtab) == [rail, inspector, pages, header, rail]


def test_the_keyboard_goes_along_to_another_page(
    qtbot: QtBot, window: MainWindow, database: Database, access: DirectAccess
) -> None:
    store_life(access, small_life())
    attach(qtbot, window, database)
    people = show_page(qtbot, window, "people")
    assert isinstance(people, PeoplePage)
    qtbot.waitUntil(lambda: window.focusWidget() is people.table)
    window.search_box.start()
    show_page(qtbot, window, "relationships")
    assert window.focusWidget() is window.search_box.field
    window.action_set.by_id["go-people"].trigger()
    assert window.focusWidget() is people.table
    window.inspector.set_open(True)
    card = window.inspector.card
    assert card is not None
    card.bar.back_button.setFocus()
    window.inspector.set_open(False)
    assert window.focusWidget() is people.table


def test_keys_switch_pages_and_open_search_and_sheet(
    qtbot: QtBot, window: MainWindow, database: Database
) -> None:
    attach(qtbot, window, database)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    control = Qt.KeyboardModifier.ControlModifier
    for number, name in ((2, "people"), (3, "relationships"), (4, "graph"), (1, START)):
        QTest.keyClick(window, Qt.Key(int(Qt.Key.Key_0) + number), control)
        assert window.pages.name == name
    QTest.keyClick(window, Qt.Key.Key_J, control)
    assert window.pages.name == "jobs"
    QTest.keyClick(window, Qt.Key.Key_K, control)
    assert window.search_box.field.hasFocus()
    QTest.keyClick(window.search_box.field, "?")
    assert window.search_box.field.text() == "?"
    QTest.keyClick(window.search_box.field, Qt.Key.Key_Escape)
    window.search_box.field.clear()
    window.pages.setFocus()
    QTest.keyClick(window, "?")
    (sheet,) = window.findChildren(ShortcutsDialog)
    sheet.accept()


def test_the_start_page_is_there_when_asked_for(
    qtbot: QtBot, window: MainWindow, database: Database, access: DirectAccess
) -> None:
    store_life(access, small_life())
    attach(qtbot, window, database)
    window.navigate.show_page.emit(START)
    assert window.pages.currentWidget() is window.start_page
    assert "Import your mail" in window.start_page.text()
