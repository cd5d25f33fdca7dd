"""The portrait of a person: the photo when there is one, else initials on their own colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImageReader, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from crm_desktop.ui.theme import font
from crm_desktop.ui.widgets.painting import paint_avatar

if TYPE_CHECKING:
    from crm_desktop.ui.theme import ThemeManager

MAX_PHOTO_PIXELS = 40_000_000
"""Larger pictures are not decoded: an address book may hold anything."""


def photo_pixmap(data: bytes | None, side: int) -> QPixmap | None:
    """The photo scaled to cover `side` device pixels, or None when it is no picture."""
    if not data:
        return None
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice

    held = QByteArray(data)
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    size = reader.size()
    if not size.isValid() or size.width() * size.height() > MAX_PHOTO_PIXELS:
        return None
    reader.setScaledSize(size.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatioByExpanding))
    image = reader.read()
    return None if image.isNull() else QPixmap.fromImage(image)


class Avatar(QWidget):
    """A round portrait of a fixed diameter."""

    def __init__(
        self, theme: ThemeManager, diameter: int = 40, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._diameter = diameter
        self._contact_id = 0
        self._name = ""
        self._photo: QPixmap | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def set_person(self, contact_id: int, name: str, photo: bytes | None = None) -> None:
        """Show this person."""
        self._contact_id = contact_id
        self._name = name
        self._photo = photo_pixmap(photo, round(self._diameter * self.devicePixelRatioF()))
        self.setAccessibleName(f"Portrait of {name}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._diameter, self._diameter)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        rect = QRectF(0, 0, self._diameter, self._diameter)
        paint_avatar(
            painter,
            rect,
            self._theme.current,
            self._contact_id,
            self._name,
            font(),
            self._photo,
        )
        painter.end()
