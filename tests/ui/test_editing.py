"""Commands from the window: run, told, undone and done again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton

from crm_desktop.base.errors import UserError
from crm_desktop.domain.changes import ChangeKind, Changes, Done
from crm_desktop.domain.undo import UndoStatus
from crm_desktop.services.undo import record
from crm_desktop.ui.toast import Toast
from tests.ui.window_sample import attach, open_window

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from crm_desktop.model.database import Database
    from crm_desktop.services.access import Access
    from crm_desktop.ui.context import WindowContext
    from crm_desktop.ui.editing import Editing
    from crm_desktop.workers.lanes import Lanes


def set_region(value: str) -> object:
    def command(access: Access) -> Done[str]:
        def write(store: object) -> str:
            store.settings.set("region", value)  # type: ignore[attr-defined]
            return value

        return record(access, f"Set region to {value}", write)

    return command


def region(database: Database) -> str | None:
    with database.read() as store:
        return store.settings.get("region")


def toasts(host: object) -> list[str]:
    return [toast.accessibleName() for toast in host.findChildren(Toast) if not toast.isHidden()]  # type: ignore[attr-defined]


def run(qtbot: QtBot, editing: Editing, command: object, **more: object) -> None:
    with qtbot.waitSignal(editing.status_changed):
        editing.run(command, **more)  # type: ignore[arg-type]


def test_a_command_is_told_everywhere_and_its_link_undoes_it(
    qtbot: QtBot, context: WindowContext, database: Database, host: object
) -> None:
    heard: list[Changes] = []
    context.bus.changed.connect(heard.append)
    values: list[str] = []
    run(
        qtbot,
        context.editing,
        set_region("DE"),
        said=lambda value: f"The region is {value}",
        done=values.append,
    )
    assert values == ["DE"]
    assert [changes.kinds for changes in heard] == [{ChangeKind.SETTINGS}]
    assert toasts(host) == ["The region is DE"]
    link = next(b for b in host.findChildren(QPushButton) if b.text() == "Undo")  # type: ignore[attr-defined]
    with qtbot.waitSignal(context.editing.status_changed):
        qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    assert region(database) is None
    assert toasts(host) == ["Undone: set region to DE"]
    assert context.editing.status == UndoStatus(None, "Set region to DE")


def test_the_link_of_an_older_command_does_not_undo_a_newer(
    qtbot: QtBot, context: WindowContext, database: Database, host: object
) -> None:
    run(qtbot, context.editing, set_region("DE"), said="First")
    link = next(b for b in host.findChildren(QPushButton) if b.text() == "Undo")  # type: ignore[attr-defined]
    run(qtbot, context.editing, set_region("GB"))
    qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    assert "Something else has been changed since" in toasts(host)[-1]
    assert region(database) == "GB"


def test_links_of_equal_commands_and_of_replays_do_not_act_on_others(
    qtbot: QtBot, context: WindowContext, database: Database, host: object
) -> None:
    for value in ("DE", "GB"):
        run(qtbot, context.editing, set_region(value), said="Set")
    first = next(b for b in host.findChildren(QPushButton) if b.text() == "Undo")  # type: ignore[attr-defined]
    qtbot.mouseClick(first, Qt.MouseButton.LeftButton)
    assert region(database) == "GB"
    with qtbot.waitSignal(context.editing.status_changed):
        context.editing.undo()
    with qtbot.waitSignal(context.editing.status_changed):
        context.editing.redo()
    stale = [b for b in host.findChildren(QPushButton) if b.text() == "Redo"]  # type: ignore[attr-defined]
    for link in stale:
        qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    assert region(database) == "GB"
    assert context.editing.status == UndoStatus("Set region to GB", None)


def test_an_error_is_shown_unless_somebody_takes_it(qtbot: QtBot, context: WindowContext) -> None:
    def fail(_access: Access) -> Done[None]:
        raise UserError("That name is taken.")

    taken: list[BaseException] = []
    context.editing.run(fail, failed=taken.append)
    qtbot.waitUntil(lambda: bool(taken))
    assert context.messages.dialog is None
    run(qtbot, context.editing, fail)
    assert context.messages.dialog is not None
    context.messages.dialog.close()


@pytest.mark.parametrize("keys", ["Ctrl+Shift+Z", "Ctrl+Y"])
def test_menu_header_and_keys_follow(
    qtbot: QtBot, lanes: Lanes, database: Database, keys: str
) -> None:
    with open_window(qtbot, lanes, pages=()) as window:
        undo, redo = window.action_set.by_id["undo"], window.action_set.by_id["redo"]
        assert not undo.isEnabled()
        context = attach_bare(qtbot, window, database)
        run(qtbot, context.editing, set_region("R&D"))
        assert undo.isEnabled()
        assert undo.text() == "Undo set region to R&&D"
        assert "Undo set region to R&amp;D (Ctrl+Z)" in window.header.undo_button.toolTip()
        with qtbot.waitSignal(context.editing.status_changed):
            undo.trigger()
        assert region(database) is None
        assert not undo.isEnabled()
        assert redo.text() == "Redo set region to R&&D"
        assert keys in {sequence.toString() for sequence in redo.shortcuts()}
        with qtbot.waitSignal(context.editing.status_changed):
            qtbot.mouseClick(window.header.redo_button, Qt.MouseButton.LeftButton)
        assert region(database) == "R&D"


def attach_bare(qtbot: QtBot, window: object, database: Database) -> WindowContext:
    return attach(qtbot, window, database)  # type: ignore[arg-type]


def test_a_text_field_undoes_its_own_typing_first(
    qtbot: QtBot, context: WindowContext, host: object
) -> None:
    field = QLineEdit(host)  # type: ignore[arg-type]
    field.show()
    QTest.keyClicks(field, "Riga")
    QTest.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert field.text() == ""
