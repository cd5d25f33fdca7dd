"""The small card beside a dot: who it is, where they work and how connected they are."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from crm_desktop.ui.tokens import SPACE_1, SPACE_2, SPACE_3
from crm_desktop.ui.widgets.labels import plain_label

WIDEST_PX = 240


class HoverCard(QFrame):
    """A frame over the map that never takes the mouse."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._around = parent
        self.setProperty("role", "raised")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName("Person under the pointer")
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(SPACE_3, SPACE_2, SPACE_3, SPACE_2)
        self._lines.setSpacing(SPACE_1 // 2)
        self._name = self._line("body", is_strong=True)
        self._organization = self._line("body", "muted")
        self._connections = self._line("caption", "muted")
        self.hide()

    def _line(self, size: str, tone: str = "", *, is_strong: bool = False) -> QLabel:
        label = plain_label("", size, tone, is_strong=is_strong, parent=self)
        label.setMaximumWidth(WIDEST_PX)
        self._lines.addWidget(label)
        return label

    @property
    def text(self) -> tuple[str, ...]:
        """The lines that show."""
        labels = (self._name, self._organization, self._connections)
        return tuple(label.text() for label in labels if not label.isHidden())

    def show_beside(
        self, at: QPointF, radius_px: float, name: str, organization: str, connections: str
    ) -> None:
        """Show the lines beside the dot at `at`, inside the parent."""
        for label, text in (
            (self._name, name),
            (self._organization, organization),
            (self._connections, connections),
        ):
            metrics = label.fontMetrics()
            label.setText(metrics.elidedText(text, Qt.TextElideMode.ElideRight, WIDEST_PX))
            label.setVisible(bool(text))
        self.adjustSize()
        parent = self._around.rect()
        gap = radius_px + SPACE_3
        x = at.x() + gap
        if x + self.width() > parent.width() - SPACE_2:
            x = at.x() - gap - self.width()
        y = at.y() - self.height() / 2
        self.move(
            round(min(max(x, SPACE_2), parent.width() - self.width() - SPACE_2)),
            round(min(max(y, SPACE_2), parent.height() - self.height() - SPACE_2)),
        )
        self.show()
        self.raise_()
