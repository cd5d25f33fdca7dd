"""The pane beside the list of types: what the type says, and its fields to change or to fill."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from crm_desktop.ui.format import plural
from crm_desktop.ui.models.type_draft import TypeDraft
from crm_desktop.ui.models.types import BUILT_IN
from crm_desktop.ui.tokens import ICON_SMALL, SPACE_1, SPACE_2, SPACE_3, SPACE_4
from crm_desktop.ui.type_words import between, type_title
from crm_desktop.ui.views.type_fields import TypeFields
from crm_desktop.ui.widgets.labels import ElidedLabel, LinkLabel, plain_label
from crm_desktop.ui.widgets.notice import Notice
from crm_desktop.ui.widgets.page_parts import PageScroll
from crm_desktop.ui.widgets.section import hairline
from crm_desktop.ui.widgets.sentences import SentencePreview

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm_desktop.ui.models.types import TypeRow
    from crm_desktop.ui.theme import ThemeManager

SHOW_THEM = "Show them"
MOST_WIDTH = 640
ANY = 16_777_215
"""As large as Qt allows."""


class TypeForm(QWidget):
    """One type at a time: the one selected, or a new one. Enter saves, Esc cancels.

    Signals:
        create_requested(TypeDraft): the new type is complete.
        change_requested(type_id, TypeDraft): the changes are complete.
        left(): the person is done here, or cancelled.
        delete_requested(): the person wants the type gone.
        uses_requested(type_id): the person wants to see what is of this type.
    """

    create_requested = Signal(object)
    change_requested = Signal(str, object)
    left = Signal()
    delete_requested = Signal()
    uses_requested = Signal(str)

    def __init__(self, theme: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._row: TypeRow | None = None
        self._before = TypeDraft()
        self.is_new = False
        self.heading = ElidedLabel("", "lead", is_strong=True)
        self.facts = plain_label("", "body", "muted")
        self.uses = LinkLabel("", "body", "accent")
        self.preview = SentencePreview(theme)
        self.fields = TypeFields(theme)
        self.notice = Notice(theme)
        self.delete_button = self._button("Delete", "danger", self.delete_requested)
        self.cancel_button = self._button("Cancel", "plain", self.cancel)
        self.save_button = self._button("Save", "primary", self.save)
        self._arrange()
        self.setAccessibleName("Relationship type")
        self.fields.changed.connect(self._on_changed)
        self.fields.pointed.connect(self._bring_into_view)
        self.uses.activated.connect(self._show_uses)
        self.notice.followed.connect(self._show_uses)
        theme.changed.connect(self._draw_lock)
        self._draw_lock()

    def _button(self, words: str, kind: str, clicked: object) -> QPushButton:
        button = QPushButton(words)
        button.setProperty("kind", kind)
        button.setAccessibleName(words)
        button.clicked.connect(clicked)
        return button

    def _arrange(self) -> None:
        self._lock = QWidget()
        lock = QHBoxLayout(self._lock)
        lock.setContentsMargins(0, 0, 0, 0)
        lock.setSpacing(SPACE_1)
        self._lock_icon = QLabel()
        self._lock_icon.setTextFormat(Qt.TextFormat.PlainText)
        lock.addWidget(self._lock_icon)
        lock.addWidget(plain_label(BUILT_IN, "caption", "muted"))
        title = QHBoxLayout()
        title.addWidget(self.heading, 1)
        title.addWidget(self._lock)
        facts = QHBoxLayout()
        facts.setSpacing(SPACE_2)
        facts.addWidget(self.facts)
        facts.addWidget(self.uses, 1)
        head = QVBoxLayout()
        head.setSpacing(SPACE_1)
        head.addLayout(title)
        head.addLayout(facts)
        column = QVBoxLayout()
        column.setContentsMargins(SPACE_4, SPACE_4, SPACE_4, SPACE_4)
        column.setSpacing(SPACE_3)
        column.addLayout(head)
        column.addWidget(self.preview)
        column.addWidget(self.fields)
        column.addStretch(1)
        self._scroll = PageScroll("Relationship type", column, MOST_WIDTH)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(SPACE_4, SPACE_2, SPACE_4, SPACE_3)
        buttons.setSpacing(SPACE_2)
        buttons.addWidget(self.delete_button)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.save_button)
        notice = QVBoxLayout()
        notice.setContentsMargins(SPACE_4, SPACE_2, SPACE_4, 0)
        notice.addWidget(self.notice)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._scroll, 1)
        outer.addWidget(hairline())
        outer.addLayout(notice)
        outer.addLayout(buttons)

    @property
    def type_id(self) -> str | None:
        """The type shown; None for a new one, and for none at all."""
        return None if self._row is None else self._row.id

    @property
    def is_dirty(self) -> bool:
        """Whether something was typed or chosen that is not saved."""
        return self.fields.draft().tidy() != self._before.tidy()

    def show_type(self, row: TypeRow, draft: TypeDraft | None = None) -> None:
        """Show a type, with a draft of it that was not saved yet."""
        self._row, self.is_new = row, False
        self._before = TypeDraft.of(row.type)
        self._fill(draft or self._before)

    def follow(self, row: TypeRow) -> None:
        """Show what became of the type shown, but keep what the person is typing."""
        if self._row is None or row.uses != self._row.uses:
            self.notice.say("")
        is_typing = self.is_dirty
        self._row, self._before = row, TypeDraft.of(row.type)
        if not is_typing and self.fields.draft() != self._before:
            self.fields.set_draft(self._before, is_new=False)
        self._show_state()

    def show_new(self, draft: TypeDraft, taken: Iterable[str]) -> None:
        """Ask for a new type; `taken` are the names of the others."""
        self._row, self.is_new = None, True
        self._before = TypeDraft(color_index=draft.color_index)
        self._fill(draft, taken)
        self.fields.focus(self.fields.name)

    def clear(self) -> None:
        """Show nothing of what was typed; there is no new type to be made."""
        self._row, self.is_new, self._before = None, False, TypeDraft()
        self._fill(self._before)

    def take_place(self, width: int = ANY, height: int = ANY) -> None:
        """Be so wide or so high, and the other as there is room."""
        self.setMinimumSize(0 if width == ANY else width, 0 if height == ANY else height)
        self.setMaximumSize(width, height)

    def settle(self) -> None:
        """Take what the fields hold for saved."""
        self._before = self.fields.draft()
        self._show_state()

    def unsettle(self) -> None:
        """It could not be saved after all."""
        if self._row is not None:
            self._before = TypeDraft.of(self._row.type)
            self._show_state()

    def _fill(self, draft: TypeDraft, taken: Iterable[str] = ()) -> None:
        self.notice.say("")
        self.fields.set_draft(draft, is_new=self.is_new, taken=taken)
        self._show_state()
        self._scroll.verticalScrollBar().setValue(0)

    def draft(self) -> TypeDraft:
        """What the fields hold, as it would be stored."""
        return self.fields.draft().tidy()

    def problems(self) -> dict[str, str]:
        """What keeps it from being stored."""
        return self.fields.problems()

    def explain(self, text: str, *, has_uses: bool = False) -> None:
        """Say in place why something was refused, with the way to what is in the way."""
        self.notice.say(text, SHOW_THEM if has_uses else "")

    @Slot()
    def save(self) -> None:
        """Ask to store what was typed, or say what is missing."""
        if not self.is_new and not self.is_dirty:
            self.left.emit()
        elif self.fields.check():
            self.notice.say("")
            if self._row is None:
                self.create_requested.emit(self.draft())
            else:
                self.change_requested.emit(self._row.id, self.draft())

    @Slot()
    def cancel(self) -> None:
        """Forget what was typed."""
        if not self.is_new:
            self._fill(self._before)
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, focus = event.key(), self.focusWidget()
        if key == Qt.Key.Key_Escape:
            self.cancel()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if isinstance(focus, QPushButton):
                focus.click()
            else:
                self.save()
        else:
            super().keyPressEvent(event)

    @Slot()
    def _on_changed(self) -> None:
        self.notice.say("")
        self._show_state()

    def _show_state(self) -> None:
        draft, row = self.fields.draft(), self._row
        self.preview.set_content(draft.sentences(), draft.color_index)
        self.heading.set_full_text("New type" if row is None else type_title(row.type.name))
        self._lock.setVisible(row is not None and row.type.is_system)
        self.facts.setVisible(row is not None)
        self.uses.setVisible(row is not None and row.uses > 0)
        if row is not None:
            used = "" if row.uses else "  ·  not in use"
            self.facts.setText(between(row.type.from_entity_type, row.type.to_entity_type) + used)
            self.uses.set_full_text(plural(row.uses, "relationship"), "Show them")
        can_save = self.is_new or self.is_dirty
        self.delete_button.setVisible(not self.is_new)
        self.cancel_button.setVisible(can_save)
        self.save_button.setVisible(can_save)
        self.save_button.setText("Create" if self.is_new else "Save")
        self.save_button.setAccessibleName(self.save_button.text())

    @Slot(QWidget)
    def _bring_into_view(self, field: QWidget) -> None:
        self._scroll.ensureWidgetVisible(field, 0, SPACE_4)

    @Slot()
    def _show_uses(self) -> None:
        if self._row is not None:
            self.uses_requested.emit(self._row.id)

    @Slot()
    def _draw_lock(self) -> None:
        self._lock_icon.setPixmap(self._theme.icon("lock").pixmap(ICON_SMALL, ICON_SMALL))
