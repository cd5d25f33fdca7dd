"""Whose list it is: one's own, or somebody else's, named beside the title."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from crm_desktop.domain.relationships import EntityKind, Suggestion
from crm_desktop.ui.tokens import ICON_SMALL, SPACE_2
from crm_desktop.ui.views.top_filters import keep_entity, kept_entity
from crm_desktop.ui.widgets.chips import RemovableChip
from crm_desktop.ui.widgets.entity_picker import EntityPicker
from crm_desktop.ui.widgets.popup_panel import PopupPanel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLabel

    from crm_desktop.ui.context import WindowContext

CENTRE_KEY = "today/centre"


class TopCentre(QWidget):
    """The title and, beside it, from whom the list is seen; remembered.

    Signals:
        changed(): somebody else is at the centre.
    """

    changed = Signal()

    def __init__(self, context: WindowContext, title: QLabel) -> None:
        super().__init__()
        self._context = context
        self._person = kept_entity(context.memory, CENTRE_KEY, EntityKind.CONTACT)
        self.chip = RemovableChip(context.theme, "")
        self.button = QToolButton()
        self.button.setAccessibleName("See from another person")
        self.button.setToolTip("See from another person")
        self.button.clicked.connect(self._open_panel)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_2)
        row.addWidget(title)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.chip, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addStretch(1)
        self.chip.clicked.connect(self.reset)
        context.theme.changed.connect(self._draw_icon)
        self._draw_icon()
        self._show()

    @cached_property
    def picker(self) -> EntityPicker:
        """The field in which somebody is chosen."""
        picker = EntityPicker(
            self._context, (EntityKind.CONTACT,), name="Seen from", hint="Who matters to…"
        )
        picker.picked.connect(self._on_picked)
        return picker

    @cached_property
    def panel(self) -> PopupPanel:
        """The panel below the button; made when it is first wanted."""
        panel = PopupPanel(self.button, "See from another person")
        panel.add_field("Seen from", self.picker)
        return panel

    def person(self) -> Suggestion | None:
        """Who is at the centre; None for oneself."""
        return self._person

    def take(self, person: Suggestion | None) -> None:
        """Show who is at the centre, by the name they have now."""
        self._person = person
        keep_entity(self._context.memory, CENTRE_KEY, person)
        self._show()

    @Slot(object)
    def see_from(self, person: Suggestion | None) -> None:
        """Put somebody else at the centre; None is oneself."""
        if person != self._person:
            self.take(person)
            self.changed.emit()

    @Slot()
    def reset(self) -> None:
        """Put oneself at the centre again."""
        self.see_from(None)

    @Slot(object)
    def _on_picked(self, person: Suggestion) -> None:
        self.panel.hide()
        self.see_from(person)

    @Slot()
    def _open_panel(self) -> None:
        self.panel.open()
        self.picker.set_entity(self._person)
        self.picker.selectAll()

    def _show(self) -> None:
        if self._person is not None:
            self.chip.set_words(f"Seen from: {self._person.name}")
        elif self.chip.hasFocus():
            self.button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.chip.setVisible(self._person is not None)

    @Slot()
    def _draw_icon(self) -> None:
        self.button.setIcon(self._context.theme.icon("target"))
        self.button.setIconSize(QSize(ICON_SMALL, ICON_SMALL))
