"""Asking for a person or a company where the answer will stand."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crm_desktop.domain.relationships import EntityKind
from crm_desktop.ui.tokens import SPACE_1
from crm_desktop.ui.widgets.editable_text import PASSING_REASONS
from crm_desktop.ui.widgets.entity_picker import EntityPicker
from crm_desktop.ui.widgets.labels import LinkLabel, plain_label

if TYPE_CHECKING:
    from crm_desktop.ui.context import WindowContext


class InPlacePicker(EntityPicker):
    """A picker that is left by Esc, and by going elsewhere.

    Signals:
        escaped(): Esc was pressed while nothing was offered.
        left(): the keyboard went elsewhere for good.
    """

    escaped = Signal()
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self.popup.isVisible():
            self.escaped.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in PASSING_REASONS:
            self.left.emit()


class PickLink(QWidget):
    """A link that turns into a picker for somebody to add.

    Signals:
        picked(Suggestion): the person chose somebody, who may have to be made.
    """

    picked = Signal(object)

    def __init__(
        self,
        context: WindowContext,
        words: str,
        kinds: Collection[EntityKind],
        name: str,
        *,
        can_create: bool,
    ) -> None:
        """`words` are on the link, `name` says what is asked for."""
        super().__init__()
        self.link = LinkLabel(words, "body", "accent")
        self.link.activated.connect(self.begin)
        self.picker = InPlacePicker(context, kinds, can_create=can_create, name=name)
        self.picker.picked.connect(self._pick)
        self.picker.escaped.connect(self._cancel)
        self.picker.left.connect(self._leave)
        self.picker.returnPressed.connect(self._enter)
        self.problem = plain_label("", "caption", "danger", wraps=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_1, SPACE_1, 0, 0)
        column.setSpacing(0)
        for widget in (self.link, self.picker, self.problem):
            column.addWidget(widget)
        self.picker.hide()
        self.problem.hide()
        self.setFocusProxy(self.link)

    @property
    def is_editing(self) -> bool:
        """Whether the picker is open."""
        return not self.picker.isHidden()

    @Slot()
    def begin(self) -> None:
        """Open the picker."""
        self.picker.set_entity(None)
        self.problem.hide()
        self.link.hide()
        self.picker.show()
        self.setFocusProxy(self.picker)
        self.picker.setFocus(Qt.FocusReason.OtherFocusReason)
        self.picker.suggest()

    def forget(self) -> None:
        """Something else is shown from now on."""
        if self.is_editing:
            self._close(takes_focus=False)
        self.problem.hide()

    def saved(self) -> None:
        """The choice is stored."""
        self.problem.hide()

    def revert(self) -> None:
        """The choice could not be stored."""

    def refuse(self, problem: str) -> None:
        """The choice cannot be taken, and why."""
        self.problem.setText(problem)
        self.problem.show()

    @Slot(object)
    def _pick(self, suggestion: object) -> None:
        self._close(takes_focus=True)
        self.picked.emit(suggestion)

    @Slot()
    def _enter(self) -> None:
        if self.picker.entity() is None:
            self.picker.suggest()

    @Slot()
    def _cancel(self) -> None:
        self._close(takes_focus=True)

    @Slot()
    def _leave(self) -> None:
        self._close(takes_focus=False)

    def _close(self, *, takes_focus: bool) -> None:
        # Before it is hidden, which makes it lose the keyboard and come here once more.
        self.picker.blockSignals(True)
        self.link.show()
        self.setFocusProxy(self.link)
        if takes_focus:
            self.link.setFocus(Qt.FocusReason.OtherFocusReason)
        self.picker.hide()
        self.picker.blockSignals(False)
