"""The portrait on a card: shows the photo, and takes another by menu, drop and paste."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QPoint, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy

from crm_desktop.ui.theme import font
from crm_desktop.ui.widgets.avatar import photo_pixmap
from crm_desktop.ui.widgets.painting import colour, paint_avatar

if TYPE_CHECKING:
    from crm_desktop.ui.theme import ThemeManager

RING = 2.0
HINT = "Enter or a click changes the photo; drop or paste a picture"
PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".heic", ".tif", ".tiff")


def dropped_picture(data: QMimeData | None) -> Path | QImage | None:
    """The one picture in a drag or on the clipboard: a file of this machine, or an image."""
    if data is None:  # an empty clipboard of some systems
        return None
    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    if len(paths) == 1 and paths[0].suffix.lower() in PICTURES:
        return paths[0]
    if data.hasImage() and not paths:
        image = data.imageData()
        if isinstance(image, QPixmap):
            image = image.toImage()
        return image if isinstance(image, QImage) and not image.isNull() else None
    return None


class Portrait(QAbstractButton):
    """A round portrait of a fixed diameter, which is a button.

    Signals:
        choose_wanted(): a file is to be asked for.
        given(picture): a picture was dropped or pasted, as a Path or a QImage.
        removed(): the photo is to go.
    """

    choose_wanted = Signal()
    given = Signal(object)
    removed = Signal()

    def __init__(self, theme: ThemeManager, diameter: int) -> None:
        super().__init__()
        self._theme = theme
        self._diameter = diameter
        self._contact_id = 0
        self._name = ""
        self._data: bytes | None = None
        self._photo: QPixmap | None = None
        self._is_target = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAcceptDrops(True)
        self.setToolTip(HINT)
        self.setAccessibleName("Portrait")
        self.clicked.connect(self._open_menu)
        theme.changed.connect(self.update)

    def set_person(self, contact_id: int, name: str, photo: bytes | None = None) -> None:
        """Show this person."""
        if photo is None or photo != self._data:
            self._photo = photo_pixmap(photo, round(self._diameter * self.devicePixelRatioF()))
        self._contact_id, self._name, self._data = contact_id, name, photo
        self.setAccessibleName(f"Portrait of {name}")
        self.setAccessibleDescription(HINT)
        self.update()

    @property
    def has_photo(self) -> bool:
        """Whether a photo is shown, not initials."""
        return self._photo is not None

    def sizeHint(self) -> QSize:
        return QSize(self._diameter, self._diameter)

    def menu(self) -> QMenu:
        """What can be done with the photo."""
        menu = QMenu(self)
        menu.addAction("Choose a photo…", self.choose_wanted.emit)
        paste = menu.addAction("Paste", self.paste)
        paste.setEnabled(dropped_picture(QGuiApplication.clipboard().mimeData()) is not None)
        remove = menu.addAction("Remove the photo", self.removed.emit)
        remove.setEnabled(self.has_photo)
        return menu

    @Slot()
    def paste(self) -> None:
        """Take the picture on the clipboard."""
        picture = dropped_picture(QGuiApplication.clipboard().mimeData())
        if picture is not None:
            self.given.emit(picture)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.has_photo:
            self.removed.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._popup(event.globalPos())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_picture(event.mimeData()) is not None:
            event.acceptProposedAction()
            self._aim(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._aim(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._aim(False)
        if self.drop(event.mimeData()):
            event.acceptProposedAction()

    def drop(self, data: QMimeData) -> bool:
        """Take the picture in a drag; whether there is one."""
        picture = dropped_picture(data)
        if picture is not None:
            self.given.emit(picture)
        return picture is not None

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = self._theme.current
        rect = QRectF(0, 0, self._diameter, self._diameter)
        paint_avatar(painter, rect, theme, self._contact_id, self._name, font(), self._photo)
        if self.hasFocus() or self._is_target or self.underMouse():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(colour(theme.accent), RING))
            painter.drawEllipse(rect.adjusted(RING / 2, RING / 2, -RING / 2, -RING / 2))
        painter.end()

    def _aim(self, is_target: bool) -> None:
        self._is_target = is_target
        self.update()

    @Slot()
    def _open_menu(self) -> None:
        self._popup(self.mapToGlobal(QPoint(0, self.height())))

    def _popup(self, position: QPoint) -> None:
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(position)
