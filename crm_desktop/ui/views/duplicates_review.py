"""The review of people who may be here twice: one group after the other, by mouse or keyboard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QApplication, QPushButton, QWidget

from crm_desktop.domain.contacts import name_key
from crm_desktop.domain.duplicates import DuplicateGroup, DuplicateMember, reason_words
from crm_desktop.ui.format import number, plural
from crm_desktop.ui.models.duplicates import GroupKey, key_of
from crm_desktop.ui.views import card_commands as commands
from crm_desktop.ui.views.card_edits import short
from crm_desktop.ui.views.duplicates_face import ReviewFace
from crm_desktop.ui.widgets.progress import show_progress

if TYPE_CHECKING:
    from crm_desktop.base.jobs import Progress
    from crm_desktop.ui.context import WindowContext
    from crm_desktop.ui.editing import Command
    from crm_desktop.ui.views.duplicates_finder import DuplicatesFinder, Found


def merged_words(kept: DuplicateMember, others: Sequence[DuplicateMember]) -> str:
    """What a toast says of a merge."""
    if {name_key(one.name) for one in others} == {name_key(kept.name)}:
        return f"Merged {number(len(others) + 1)} cards of {short(kept.name)}"
    whom = short(others[0].name) if len(others) == 1 else plural(len(others), "contact")
    return f"Merged {whom} into {short(kept.name)}"


def apart_words(kept: DuplicateMember, others: Sequence[DuplicateMember]) -> str:
    """What a toast says of people kept apart."""
    count = number(len(others) + 1)
    if {name_key(one.name) for one in others} == {name_key(kept.name)}:
        return f"{short(kept.name)} stays {count} different people"
    if len(others) == 1:
        return f"{short(kept.name)} and {short(others[0].name)} stay different people"
    return f"{count} people stay apart"


class DuplicatesReview(ReviewFace):
    """Shows what a finder finds, and does what the person decides.

    Signals:
        left(): the person is done with it.
    """

    left = Signal()

    def __init__(
        self, context: WindowContext, finder: DuplicatesFinder, parent: QWidget | None = None
    ) -> None:
        super().__init__(context.theme, parent)
        self._context = context
        self._finder = finder
        self._now = 0
        self._group: DuplicateGroup | None = None
        self._decided: GroupKey = frozenset()
        self._skipped: set[GroupKey] = set()
        self._is_running = False
        self._has_groups = False
        self._connect()

    def _connect(self) -> None:
        keys = {
            "Return": self._enter,
            "Enter": self._enter,
            "N": self.keep_apart,
            "S": self.skip,
            "Escape": self.left.emit,
        }
        for key, action in keys.items():
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(action)
        self.list.selectionModel().currentChanged.connect(self._on_current)
        self.panel.changed.connect(self._allow)
        self.panel.contact_wanted.connect(self._context.navigate.show_contact)
        self._finder.found.connect(self._take)
        self._finder.progressed.connect(self._show_progress)
        self._finder.failed.connect(self._on_failed)
        for button, action in (
            (self.merge_button, self.merge),
            (self.apart_button, self.keep_apart),
            (self.skip_button, self.skip),
            (self.cancel_button, self._cancel),
            (self.back_button, self.left.emit),
        ):
            button.clicked.connect(action)

    def start(self) -> None:
        """Begin with what is known, and look for what is new."""
        if self._finder.last is not None:
            self._take(self._finder.last)
        self.refresh()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self) -> None:
        """Look again if contacts have changed; what is shown stays until then."""
        self._finder.refresh(at_once=True)
        if self._finder.is_searching and not self._has_groups:
            show_progress(self.bar, None, is_still=False)
            self.show_search()

    def group(self) -> DuplicateGroup | None:
        """The group that is looked at."""
        return self._group

    @Slot()
    def merge(self) -> None:
        """Make those who take part one person."""
        group, kept, others = self._group, self.panel.kept(), self.panel.others()
        if group is None or kept is None or not others or self._is_running:
            return
        gone = tuple(one.contact_id for one in others)
        self._run(
            commands.merge_contacts(kept.contact_id, gone),
            merged_words(kept, others),
            partial(self._on_decided, group, kept.contact_id, gone),
        )

    @Slot()
    def keep_apart(self) -> None:
        """Say that those who take part are different people."""
        group, kept, others = self._group, self.panel.kept(), self.panel.others()
        if group is None or kept is None or not others or self._is_running:
            return
        ids = (kept.contact_id, *(one.contact_id for one in others))
        self._run(
            commands.keep_apart(ids),
            apart_words(kept, others),
            partial(self._on_decided, group, None, ()),
        )

    @Slot()
    def skip(self) -> None:
        """Leave this group for later."""
        if self._group is not None:
            self._skipped.add(key_of(self._group))
            self._drop(self._group)

    def _run(self, command: Command[int], said: str, done: Callable[[int], object]) -> None:
        self._is_running = True
        self._allow()
        self._context.editing.run(command, said=said, done=done, finished=self._rest)

    def _on_decided(
        self, group: DuplicateGroup, kept_id: int | None, gone: Sequence[int], _value: int
    ) -> None:
        self._decided = key_of(group)
        self._drop(group, gone)
        if kept_id is not None and self._context.navigate.contact_id in gone:
            self._context.navigate.select_contact.emit(kept_id)

    def _rest(self) -> None:
        self._is_running = False
        self._allow()

    def _drop(self, group: DuplicateGroup, gone: Sequence[int] = ()) -> None:
        row = self.list.currentIndex().row()
        self.model.remove(key_of(group), gone)
        self._go_to(min(row, self.model.rowCount() - 1))
        self._show_state()

    @Slot(object)
    def _take(self, found: Found) -> None:
        self._now = found.now
        self._has_groups = True
        row = self.list.currentIndex().row()
        key = key_of(self._group) if self._group is not None else frozenset()
        was_undone = self._decided in found.keys and not self.model.holds(self._decided)
        groups, keys = found.groups, found.keys
        if self._skipped:
            places = [place for place, own in enumerate(keys) if own not in self._skipped]
            groups = tuple(groups[place] for place in places)
            keys = tuple(keys[place] for place in places)
        self.model.set_groups(groups, keys)
        same = self.model.row_of(self._decided if was_undone else key)
        last = self.model.rowCount() - 1
        self._go_to(same if same >= 0 else min(max(row, 0), last))
        self._show_state()

    def _go_to(self, row: int) -> None:
        index = self.model.index(row) if row >= 0 else QModelIndex()
        self.list.setCurrentIndex(index)
        self.list.scrollTo(index)
        self._show_group(self.model.group_at(row))

    @Slot(QModelIndex)
    def _on_current(self, index: QModelIndex) -> None:
        self._show_group(self.model.group_at(index.row()))

    def _show_group(self, group: DuplicateGroup | None) -> None:
        if group == self._group:
            return
        self._group = group
        self.why.setText(reason_words(group.reasons) if group is not None else "")
        self.panel.show_members(group.members if group is not None else (), self._now)

    def _show_state(self) -> None:
        count, skipped = self.model.rowCount(), len(self._skipped)
        left = f"{plural(count, 'person', 'people')} may be here twice"
        self.facts.set_full_text(left + (f" · {number(skipped)} skipped" if skipped else ""))
        if count:
            self.show_groups()
            return
        leave = ("Back to all people", self.left.emit)
        if skipped:
            again = ("Show them again", self._show_skipped)
            self.empty.set_content(
                "check", "That was everybody", f"{number(skipped)} skipped.", [again, leave]
            )
        else:
            self.empty.set_content("check", "Nobody seems to be here twice", "", [leave])
        self.show_empty()

    def _show_skipped(self) -> None:
        self._skipped.clear()
        if self._finder.last is not None:
            self._take(self._finder.last)

    @Slot()
    def _allow(self) -> None:
        can = not self._is_running and self.panel.kept() is not None and bool(self.panel.others())
        self.merge_button.setEnabled(can)
        self.apart_button.setEnabled(can)
        self.skip_button.setEnabled(self._group is not None)

    @Slot()
    def _enter(self) -> None:
        """Enter presses the button that has the keyboard, and else merges."""
        focus = QApplication.focusWidget()
        if isinstance(focus, QPushButton):
            focus.click()
        elif isinstance(focus, QAbstractButton) or focus is self.list:
            self.merge()

    @Slot(object)
    def _show_progress(self, progress: Progress) -> None:
        show_progress(self.bar, progress, is_still=False)

    @Slot()
    def _cancel(self) -> None:
        self._finder.cancel()
        self._say_stopped("The search was stopped")

    @Slot(object)
    def _on_failed(self, _error: BaseException) -> None:
        if not self._has_groups:
            self._say_stopped("The search could not be done")

    def _say_stopped(self, words: str) -> None:
        again = ("Search again", self.refresh)
        self.empty.set_content("search", words, "", [again, ("Back to all people", self.left.emit)])
        self.show_empty()
