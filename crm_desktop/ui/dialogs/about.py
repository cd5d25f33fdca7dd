"""Name, version and licence."""

from __future__ import annotations

from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QVBoxLayout, QWidget

from crm_desktop import __version__
from crm_desktop.base.paths import log_directory
from crm_desktop.ui.icons import app_pixmap
from crm_desktop.ui.theme import ThemeManager
from crm_desktop.ui.tokens import SPACE_2, SPACE_4, SPACE_6, SPACE_8
from crm_desktop.ui.widgets.labels import plain_label

MARK = 72


class AboutDialog(QDialog):
    """What this is, and where its log lies."""

    def __init__(self, theme: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("About CRM Desktop")
        self.setAccessibleName("About CRM Desktop")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_8 + SPACE_4, SPACE_8, SPACE_8 + SPACE_4, SPACE_6)
        layout.setSpacing(SPACE_2)
        mark = QLabel()
        pixmap: QPixmap = app_pixmap(MARK, self.devicePixelRatioF())
        mark.setPixmap(pixmap)
        labels = [
            mark,
            plain_label("CRM Desktop", "title"),
            plain_label(f"Version {__version__}", "body", "muted"),
            plain_label("Your people, on your own disk. Nothing leaves this computer."),
            plain_label(f"Apache License 2.0  ·  Qt {qVersion()}", "caption", "muted"),
            plain_label(f"Log: {log_directory()}", "caption", "muted"),
        ]
        labels[-1].setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        for label in labels:
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            layout.addWidget(label)
        layout.addSpacing(SPACE_4)
        close = QPushButton("Close")
        close.setAccessibleName("Close")
        close.setProperty("kind", "primary")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        layout.addWidget(close, 0, Qt.AlignmentFlag.AlignCenter)
        self.finished.connect(self.deleteLater)
