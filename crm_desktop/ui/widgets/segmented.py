"""A row of words of which exactly one is chosen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QToolButton,
    QWidget,
)


class SegmentedControl(QFrame):
    """Choices side by side; Left and Right move between them.

    Signals:
        chosen(key): the person chose another.
    """

    chosen = Signal(str)

    def __init__(
        self, choices: Sequence[tuple[str, str]], name: str, parent: QWidget | None = None
    ) -> None:
        """`choices` are (key, words); the first is chosen. `name` is read out."""
        super().__init__(parent)
        self.setProperty("role", "raised")
        self.setAccessibleName(name)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(2)
        self._rare: set[str] = set()
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QToolButton] = {}
        for key, words in choices:
            button = QToolButton()
            button.setText(words)
            button.setCheckable(True)
            button.setProperty("kind", "segment")
            button.setProperty("key", key)
            button.setAccessibleName(f"{name}: {words}")
            self._group.addButton(button)
            row.addWidget(button)
            self._buttons[key] = button
        self._buttons[choices[0][0]].setChecked(True)
        self._group.buttonClicked.connect(self._on_clicked)

    def key(self) -> str:
        """The key of the choice in force."""
        return next(key for key, button in self._buttons.items() if button.isChecked())

    def set_key(self, key: str) -> None:
        """Choose without a signal; an unknown key leaves things as they are. A choice kept out
        of sight by `hide_unless_chosen` appears."""
        if key in self._buttons:
            self._buttons[key].setChecked(True)
            for rare in self._rare:
                self._buttons[rare].setVisible(rare == key)

    def hide_unless_chosen(self, key: str) -> None:
        """Show this choice only while it is in force."""
        self._rare.add(key)
        self._buttons[key].setVisible(self.key() == key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        buttons = [button for button in self._buttons.values() if not button.isHidden()]
        position = buttons.index(self._buttons[self.key()]) + step
        if 0 <= position < len(buttons):
            buttons[position].setFocus()
            buttons[position].click()

    @Slot(QAbstractButton)
    def _on_clicked(self, button: QAbstractButton) -> None:
        key = str(button.property("key"))
        self.set_key(key)
        self.chosen.emit(key)
