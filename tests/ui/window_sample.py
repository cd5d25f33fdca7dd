"""A whole window over the real lanes and a database in a test's folder, and what to ask of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QProgressBar,
    QWidget,
)

from crm_desktop.ui.main_window import MainWindow
from crm_desktop.ui.pages import PAGES, Page
from crm_desktop.ui.theme import Appearance, ThemeManager
from crm_desktop.workers.bus import ChangeBus

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from crm_desktop.model.database import Database
    from crm_desktop.ui.context import WindowContext
    from crm_desktop.workers.lanes import Lanes

CONTROLS = (
    QAbstractButton,
    QLineEdit,
    QComboBox,
    QAbstractSpinBox,
    QAbstractItemView,
    QProgressBar,
)


@contextmanager
def open_window(qtbot: QtBot, lanes: Lanes, pages: Sequence[Page] = PAGES) -> Iterator[MainWindow]:
    """A window without a database, shown."""
    window = MainWindow(ThemeManager(Appearance.LIGHT), lanes, ChangeBus(), pages=pages)
    qtbot.addWidget(window)
    window.show()
    try:
        yield window
    finally:
        lanes.close()
        window.close()


def attach(qtbot: QtBot, window: MainWindow, database: Database) -> WindowContext:
    """Show `database` in the window, and wait for the first page."""
    from crm_desktop.ui.context import WindowContext
    from crm_desktop.ui.editing import Editing
    from crm_desktop.workers.access import LaneAccess

    access = LaneAccess(database, window.lanes.writer)
    context = WindowContext(
        access,
        window.lanes,
        window.bus,
        window.theme,
        window.messages,
        window.navigate,
        window.memory,
        Editing(access, window.lanes, window.bus, window.messages, window),
    )
    window.attach(context, database.path)
    qtbot.waitUntil(lambda: bool(window.pages.name))
    return context


def show_page(qtbot: QtBot, window: MainWindow, name: str) -> QWidget:
    """The page, once it is made and in front."""
    window.show_page(name)
    qtbot.waitUntil(
        lambda: window.pages.currentWidget() is window.pages.widget_of(name), timeout=20_000
    )
    page = window.pages.widget_of(name)
    assert page is not None
    return page


def nameless(root: QWidget) -> list[str]:
    """The controls below `root` that a screen reader could not name."""
    found = []
    for widget in root.findChildren(QWidget):
        if not isinstance(widget, CONTROLS) or _is_inner(widget):
            continue
        face = QAccessible.queryAccessibleInterface(widget)
        name = face.text(QAccessible.Text.Name) if face is not None else ""
        if not (name or widget.accessibleName()).strip():
            parent = widget.parentWidget()
            found.append(f"{type(parent).__name__} > {type(widget).__name__}")
    return found


def _is_inner(widget: QWidget) -> bool:
    """Whether a widget is a part that Qt made of a control, which is named as a whole."""
    parent = widget.parentWidget()
    return (
        isinstance(widget, QHeaderView)
        or isinstance(parent, QLineEdit)
        or widget.objectName().startswith("qt_")
        or (parent is not None and parent.metaObject().className() == "QComboBoxPrivateContainer")
    )


def markup_labels(root: QWidget) -> list[str]:
    """The labels below `root` that would read a contact's name as markup."""
    return [
        f"{type(label.parentWidget()).__name__} > {label.text()}"
        for label in root.findChildren(QLabel)
        if label.text() and label.textFormat() is not Qt.TextFormat.PlainText
    ]
