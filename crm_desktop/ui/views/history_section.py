"""What was changed about somebody, command by command, behind a heading that opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crm_desktop.domain.relationships import EntityKind
from crm_desktop.ui.format import exact, plain_tooltip, relative
from crm_desktop.ui.tokens import SPACE_2
from crm_desktop.ui.views.card_parts import Disclosure
from crm_desktop.ui.views.card_reading import read_history
from crm_desktop.ui.widgets.breaking_label import BreakingLabel
from crm_desktop.ui.widgets.labels import plain_label
from crm_desktop.ui.widgets.section import clear_layout
from crm_desktop.workers.job import VIEW
from crm_desktop.workers.latest import Latest

if TYPE_CHECKING:
    from crm_desktop.domain.history import HistoryRecord
    from crm_desktop.ui.context import WindowContext
    from crm_desktop.ui.views.card_reading import ReadHistory

MOST_CHARACTERS = 240


class HistorySection(Disclosure):
    """Read when it is opened, and again when the card is while it is open."""

    def __init__(self, context: WindowContext) -> None:
        super().__init__(context.theme, "History")
        self._context = context
        self._latest = Latest(context.lanes.reader, self)
        self._entity: tuple[EntityKind, int] | None = None
        self.lines.setSpacing(SPACE_2)
        self.toggled.connect(self._read)

    def show_entity(self, kind: EntityKind, entity_id: int) -> None:
        """Tell of this contact or company."""
        if (kind, entity_id) != self._entity:
            clear_layout(self.lines)
        self._entity = kind, entity_id
        self._read()

    def texts(self) -> list[str]:
        """What is shown, entry by entry."""
        return [
            widget.accessibleName()
            for index in range(self.lines.count())
            if (item := self.lines.itemAt(index)) and (widget := item.widget())
        ]

    @Slot()
    def _read(self) -> None:
        if not self.is_open or self._entity is None:
            return
        access, (kind, entity_id) = self._context.access, self._entity
        self._latest.submit(
            lambda ctx: read_history(access, kind, entity_id, ctx),
            priority=VIEW,
            done=self._show,
            failed=self._context.messages.error,
        )

    @Slot(object)
    def _show(self, read: ReadHistory) -> None:
        if (read.kind, read.entity_id) != self._entity:
            return
        records = read.records
        clear_layout(self.lines)
        for record in records:
            self.lines.addWidget(self._entry(record, read.now))
        if not records:
            nothing = plain_label("Nothing was changed by hand yet.", "caption", "muted")
            nothing.setAccessibleName(nothing.text())
            self.lines.addWidget(nothing)

    def _entry(self, record: HistoryRecord, now: int) -> QWidget:
        words = [line.text for line in record.lines] or [record.label]
        entry = QWidget()
        column = QVBoxLayout(entry)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for text in words:
            cut = text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - 1] + "…"
            column.addWidget(BreakingLabel(self._context.theme, cut))
        when = plain_label(relative(record.changed_at, now), "caption", "muted")
        when.setToolTip(plain_tooltip(exact(record.changed_at)))
        column.addWidget(when)
        entry.setAccessibleName(f"{when.text()} · {'; '.join(words)}")
        return entry
