from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from crm_desktop.ui.actions import all_actions
from crm_desktop.ui.dialogs.about import AboutDialog
from crm_desktop.ui.dialogs.shortcuts import (
    ON_RELATIONSHIPS,
    ON_THE_MAP,
    ON_TODAY,
    ShortcutsDialog,
)
from crm_desktop.ui.graph.keys import command_for
from crm_desktop.ui.theme import ThemeManager
from crm_desktop.ui.views.relationships_page import ENTRIES
from crm_desktop.ui.views.top_commands import ENTRIES as TODAY_ENTRIES


def test_every_shortcut_is_on_the_sheet(qtbot: QtBot) -> None:
    dialog = ShortcutsDialog(all_actions())
    qtbot.addWidget(dialog)
    said = {label.text() for label in dialog.findChildren(QLabel)}
    for action in all_actions():
        for keys in action.shortcuts:
            native = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
            assert native in said
            assert action.plain_text in said


def test_the_keys_of_the_map_are_those_it_answers() -> None:
    for words, keys in ON_THE_MAP:
        for each in keys:
            if each == "/":  # a shortcut of the page, not of the map
                continue
            key = QKeySequence(each)[0]
            event = QKeyEvent(QEvent.Type.KeyPress, key.key(), key.keyboardModifiers())
            assert command_for(event) is not None, words


def test_about_says_the_version_and_where_the_log_is(qtbot: QtBot) -> None:
    from crm_desktop import __version__
    from crm_desktop.base.paths import log_directory

    dialog = AboutDialog(ThemeManager("light"))
    qtbot.addWidget(dialog)
    said = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert __version__ in said
    assert str(log_directory()) in said


def test_the_keys_of_the_relationships_are_those_of_their_page() -> None:
    said = dict(ON_RELATIONSHIPS)
    assert said.pop("Add") == ("Ctrl+N",)
    assert said == {entry.text.rstrip("…"): (entry.keys,) for entry in ENTRIES}


def test_the_keys_of_the_top_contacts_are_those_of_their_list() -> None:
    said = dict(ON_TODAY)
    assert said.pop("Why this score") == ("Space",)
    opens, *others = TODAY_ENTRIES
    assert opens.keys == "Return"  # as everywhere
    assert said == {entry.text: (entry.keys,) for entry in others}
