from __future__ import annotations

from collections import Counter

from PySide6.QtGui import QKeySequence

from crm_desktop.ui.actions import MENUS, WindowState, all_actions
from crm_desktop.ui.commands import Commands
from crm_desktop.ui.pages import PAGES


def test_ids_and_shortcuts_are_given_once() -> None:
    actions = all_actions()
    ids = Counter(action.id for action in actions)
    keys = Counter(QKeySequence(k).toString() for action in actions for k in action.shortcuts)
    assert max(ids.values()) == 1
    assert max(keys.values()) == 1
    assert "" not in keys


def test_every_action_can_be_carried_out() -> None:
    for action in all_actions():
        assert callable(getattr(Commands, action.callback)), action.id
        assert action.menu in MENUS


def test_pages_have_numbers_in_the_order_of_the_rail() -> None:
    keys = {a.argument: a.shortcuts for a in all_actions() if a.callback == "show_page"}
    main = [page.name for page in PAGES if not page.is_foot]
    assert [keys[name] for name in main] == [(f"Ctrl+{n}",) for n in range(1, len(main) + 1)]


def test_without_a_database_nothing_is_offered_that_needs_one() -> None:
    usable = {a.id for a in all_actions() if a.enabled(WindowState())}
    assert {"open-database", "quit", "shortcuts"} <= usable
    assert not usable & {"import-mail", "go-today", "search", "open-own", "open-sample"}


def test_the_way_out_of_the_sample_is_offered_only_there() -> None:
    own = WindowState(has_database=True)
    sample = WindowState(has_database=True, is_sample=True)
    by_id = {action.id: action for action in all_actions()}
    assert by_id["open-sample"].enabled(own)
    assert not by_id["open-sample"].enabled(sample)
    assert by_id["open-own"].enabled(sample)
    assert not by_id["open-own"].enabled(own)
