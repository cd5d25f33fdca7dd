"""One past import in the Jobs page: its counts, what was not read, and its removal."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from crm_desktop.domain.imports import ImportRecord
from crm_desktop.ui.format import exact, number, relative
from crm_desktop.ui.theme import ThemeManager
from crm_desktop.ui.tokens import ICON, SPACE_1, SPACE_2, SPACE_3, SPACE_4
from crm_desktop.ui.widgets.labels import ElidedLabel

SOURCE_ICONS = {
    "vcard": "contacts",
    "maildir": "folder",
    "eml": "folder",
    "chat": "conversation",
    "meeting": "calendar",
}


def counts_of(record: ImportRecord) -> str:
    """The account of an import: "1,204 read: 1,190 new, 11 already here, 3 not read"."""
    parts = [f"{number(record.imported)} new"]
    if record.duplicates:
        parts.append(f"{number(record.duplicates)} already here")
    if record.rejected:
        parts.append(f"{number(record.rejected)} not read")
    return f"{number(record.read)} read: {', '.join(parts)}"


class ImportRow(QFrame):
    """What came from one file or folder.

    Signals:
        rejects_requested(ImportRecord), removal_requested(ImportRecord),
        continue_requested(ImportRecord): what its buttons ask for.
    """

    rejects_requested = Signal(object)
    removal_requested = Signal(object)
    continue_requested = Signal(object)

    def __init__(
        self, theme: ThemeManager, record: ImportRecord, now: int, *, is_busy: bool
    ) -> None:
        super().__init__()
        self.record = record
        self._theme = theme
        self._mark = QLabel()
        name = Path(record.path).name or record.path
        title = ElidedLabel(name, is_strong=True)
        title.set_full_text(name, record.path)
        when = relative(record.finished_at or record.started_at, now)
        is_open = record.finished_at is None
        state = (
            ("Running" if is_busy else "Not finished") if is_open else when[0].upper() + when[1:]
        )
        detail = ElidedLabel("", "caption", "muted")
        detail.set_full_text(f"{state} · {counts_of(record)}", exact(record.started_at))
        words = QVBoxLayout()
        words.setSpacing(SPACE_1)
        words.addWidget(title)
        words.addWidget(detail)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, SPACE_3, 0, SPACE_3)
        row.setSpacing(SPACE_4)
        row.addWidget(self._mark)
        row.addLayout(words, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_2)
        if record.rejected:
            buttons.addWidget(
                self._button("Show what was not read", name, "link", self._ask_rejects)
            )
        if is_open and not is_busy:
            buttons.addWidget(self._button("Go on", name, "plain", self._ask_to_continue))
        if not is_busy:
            buttons.addWidget(self._button("Remove", name, "quiet", self._ask_removal))
        row.addLayout(buttons)
        theme.changed.connect(self._draw_icon)
        self._draw_icon()

    def _button(self, words: str, name: str, kind: str, slot: object) -> QPushButton:
        button = QPushButton(words)
        button.setProperty("kind", kind)
        button.setAccessibleName(f"{words}: {name}")
        button.clicked.connect(slot)
        return button

    @Slot()
    def _ask_rejects(self) -> None:
        self.rejects_requested.emit(self.record)

    @Slot()
    def _ask_removal(self) -> None:
        self.removal_requested.emit(self.record)

    @Slot()
    def _ask_to_continue(self) -> None:
        self.continue_requested.emit(self.record)

    @Slot()
    def _draw_icon(self) -> None:
        name = SOURCE_ICONS.get(self.record.source, "mail")
        self._mark.setPixmap(self._theme.icon(name).pixmap(ICON, ICON))
