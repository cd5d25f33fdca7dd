"""The dialog that says what went wrong, what is safe and what to do."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from crm_desktop.ui.theme import ThemeManager
from crm_desktop.ui.tokens import SPACE_2, SPACE_3, SPACE_4, SPACE_6
from crm_desktop.ui.widgets.labels import plain_label

MOST_TEXTS = 4


class ErrorDialog(QDialog):
    """One or a few errors in plain words; a reference, where there is one, can be copied."""

    def __init__(
        self,
        theme: ThemeManager,
        heading: str,
        text: str,
        reference: str | None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("CRM Desktop")
        self.setAccessibleName(heading)
        self.setMinimumWidth(440)
        self._references: list[str] = []
        self._texts: list[str] = []
        self._omitted = 0
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_6, SPACE_6, SPACE_6, SPACE_4)
        layout.setSpacing(SPACE_4)
        top = QHBoxLayout()
        top.setSpacing(SPACE_4)
        mark = QLabel()
        mark.setPixmap(theme.icon("warning", "danger").pixmap(24, 24))
        mark.setAlignment(Qt.AlignmentFlag.AlignTop)
        top.addWidget(mark)
        self._body = QVBoxLayout()
        self._body.setSpacing(SPACE_3)
        top.addLayout(self._body, 1)
        layout.addLayout(top)
        self._body.addWidget(plain_label(heading, "lead", is_strong=True))
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_2)
        buttons.addStretch(1)
        self._copy = QPushButton("Copy reference")
        self._copy.setAccessibleName("Copy the reference for the log")
        self._copy.clicked.connect(self._copy_references)
        self._copy.hide()
        buttons.addWidget(self._copy)
        close = QPushButton("Close")
        close.setAccessibleName("Close")
        close.setProperty("kind", "primary")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        buttons.addWidget(close)
        layout.addLayout(buttons)
        self._more = plain_label("", "body", "muted")
        self._show(text, reference)

    def add(self, heading: str, text: str, reference: str | None) -> None:
        """Join a further error to the dialog that is open; the same text is said once."""
        if text in self._texts:
            if reference:
                self._references.append(reference)
            return
        if len(self._texts) >= MOST_TEXTS:
            self._omitted += 1
            self._more.setText(f"And {self._omitted} more, in the log.")
            self._body.addWidget(self._more)
            return
        self._show(text, reference, "" if heading == self.accessibleName() else heading)

    @property
    def text(self) -> str:
        """Everything the dialog says below its heading."""
        return "\n".join(self._texts)

    def _show(self, text: str, reference: str | None, heading: str = "") -> None:
        self._texts.append(text)
        words = plain_label(f"{heading}. {text}" if heading else text, wraps=True)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._body.addWidget(words)
        if reference is not None:
            self._references.append(reference)
            where = plain_label(f"Reference {reference}", "body", "muted")
            where.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._body.addWidget(where)
            self._copy.show()

    @Slot()
    def _copy_references(self) -> None:
        QGuiApplication.clipboard().setText(" ".join(self._references))
