"""A card in a window over the small sample life, and what to ask of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMenu, QWidget

from crm_desktop.ui.toast import Toast

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from crm_desktop.services.access import DirectAccess
    from crm_desktop.ui.views.card import CardView
    from crm_desktop.ui.widgets.editable_text import EditableText


def rows(access: DirectAccess, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """The rows of a query."""
    with access.read() as store:
        return [tuple(row) for row in store.connection.exec_driver_sql(sql, values)]


def value(access: DirectAccess, sql: str, *values: Any) -> Any:
    """The one value of a query."""
    return rows(access, sql, *values)[0][0]


def retype(qtbot: QtBot, field: EditableText, text: str, key: Qt.Key = Qt.Key.Key_Return) -> None:
    """Open a field by its face, type over what is there, and leave it by a key."""
    field.face.setFocus()
    qtbot.keyClick(field.face, Qt.Key.Key_F2)
    assert field.is_editing
    field.field.selectAll()
    if not text.isascii():
        field.field.insert(text)  # no test keyboard has these
    elif text:
        qtbot.keyClicks(field.field, text)
    else:
        qtbot.keyClick(field.field, Qt.Key.Key_Backspace)
    qtbot.keyClick(field.field, key)


def said(card: CardView) -> list[str]:
    """What the toasts say."""
    host: Any = card.context.messages.parent()
    return [
        label.text()
        for toast in host.findChildren(Toast)
        if not toast.isHidden()
        for label in toast.findChildren(QLabel)
        if label.text()
    ]


def undo_and_redo(
    qtbot: QtBot,
    card: CardView,
    before: Callable[[], bool],
    after: Callable[[], bool],
) -> None:
    """Whether the card follows undo and redo of the last edit."""
    qtbot.waitUntil(after)
    card.context.editing.undo()
    qtbot.waitUntil(before)
    card.context.editing.redo()
    qtbot.waitUntil(after)


def entry(menu: QMenu, words: str) -> None:
    """Choose an entry of a menu."""
    [action] = [action for action in menu.actions() if action.text() == words]
    assert action.isEnabled()
    action.trigger()


def focus(card: QWidget) -> QWidget:
    """What has the keyboard."""
    found = card.window().focusWidget()
    assert found is not None
    return found
