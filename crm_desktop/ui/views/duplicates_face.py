"""What the review of people who may be here twice looks like; `duplicates_review` does the work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from crm_desktop.ui.models.duplicates import DuplicatesModel
from crm_desktop.ui.tokens import SPACE_2, SPACE_3, SPACE_4, SPACE_6
from crm_desktop.ui.views.duplicate_members import MembersPanel
from crm_desktop.ui.views.duplicates_list import DuplicatesList
from crm_desktop.ui.widgets.empty_state import EmptyState
from crm_desktop.ui.widgets.labels import ElidedLabel, plain_label
from crm_desktop.ui.widgets.page_parts import PageHeader, PageStack
from crm_desktop.ui.widgets.section import CardScroll

if TYPE_CHECKING:
    from crm_desktop.ui.theme import ThemeManager

LIST_WIDTH = 264
NARROW_LIST_WIDTH = 188
ROOMY_FROM = 700
BAR_WIDTH = 280
HINT = "Everything of the others moves to the card that is kept. Nothing is lost."
KEYS = "↑ ↓ move · Enter merges · N keeps apart · S skips · Esc leaves"


class ReviewFace(QWidget):
    """Groups at the left, the contacts of one at the right; or a search, or an empty state."""

    def __init__(self, theme: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.model = DuplicatesModel()
        self.list = DuplicatesList(theme, self.model)
        self.panel = MembersPanel(theme)
        self.why = plain_label("", "lead", is_strong=True, wraps=True)
        self.facts = ElidedLabel("", "body", "muted")
        self.empty = EmptyState(theme)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Looking for people who are here twice")
        self.merge_button = self._button("Merge", "Enter", "primary")
        self.apart_button = self._button("Not the same person", "N")
        self.skip_button = self._button("Skip", "S")
        self.cancel_button = QPushButton("Cancel")
        self.cancel_button.setAccessibleName("Cancel the search")
        self.back_button = QPushButton("All people")
        self.back_button.setAccessibleName("Back to all people")
        self.back_button.setToolTip("Back to all people (Esc)")
        self._arrange()
        theme.changed.connect(self._draw_icon)
        self._draw_icon()

    def _button(self, words: str, keys: str, kind: str = "plain") -> QPushButton:
        button = QPushButton(words)
        button.setProperty("kind", kind)
        button.setAccessibleName(words)
        button.setToolTip(f"{words} ({keys})")
        return button

    def _arrange(self) -> None:
        title = plain_label("Here twice?", "title")
        header = PageHeader(title, self.facts, self.back_button)
        scroll = CardScroll("Contacts that may be one person")
        scroll.setWidget(self.panel)
        scroll.setWidgetResizable(True)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_2)
        for button in (self.merge_button, self.apart_button, self.skip_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        detail = QVBoxLayout()
        detail.setContentsMargins(SPACE_4, SPACE_3, SPACE_6, SPACE_4)
        detail.setSpacing(SPACE_2)
        detail.addWidget(self.why)
        detail.addWidget(plain_label(HINT, "body", "muted", wraps=True))
        detail.addLayout(buttons)  # not below: messages with “Undo” show there
        detail.addWidget(scroll, 1)
        detail.addWidget(ElidedLabel(KEYS, "caption", "muted"))
        rule = QFrame()
        rule.setProperty("role", "upright")
        self._body = QWidget()
        self._body.setFocusProxy(self.list)
        row = QHBoxLayout(self._body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.list)
        row.addWidget(rule)
        row.addLayout(detail, 1)
        self._search = self._searching()
        self._stack = PageStack(self, self._search, self._body, self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(header)
        column.addLayout(self._stack, 1)

    def _searching(self) -> QWidget:
        page = QWidget()
        page.setFocusProxy(self.cancel_button)
        self.bar.setFixedWidth(BAR_WIDTH)
        column = QVBoxLayout(page)
        column.setSpacing(SPACE_3)
        column.addStretch(2)
        words = plain_label("Looking for people who are here twice…", "lead", is_strong=True)
        for widget in (words, self.bar, self.cancel_button):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        return page

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_roomy = self.width() >= ROOMY_FROM
        self.list.setFixedWidth(LIST_WIDTH if is_roomy else NARROW_LIST_WIDTH)
        self.panel.set_roomy(is_roomy)

    def show_groups(self) -> None:
        """Show the list and the group that is looked at."""
        self._show(self._body)

    def show_search(self) -> None:
        """Show how far the search is."""
        self._show(self._search)

    def show_empty(self) -> None:
        """Show the empty state."""
        self._show(self.empty)

    def _show(self, widget: QWidget) -> None:
        focus = QApplication.focusWidget()
        had_focus = focus is not None and (focus is self or self.isAncestorOf(focus))
        if self._stack.currentWidget() is not widget:
            self._stack.setCurrentWidget(widget)
            if had_focus:
                self.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _draw_icon(self) -> None:
        self.back_button.setIcon(self._theme.icon("arrow-left", "text"))
