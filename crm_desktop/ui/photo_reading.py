"""Pictures that people choose, made into portraits: small, upright, and without what cameras write
into their files. Runs on a lane; large pictures take their time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QImageWriter, QPainter

from crm_desktop.base.errors import InvalidInput, UserError
from crm_desktop.ui.widgets.avatar import MAX_PHOTO_PIXELS

if TYPE_CHECKING:
    from crm_desktop.base.jobs import JobContext

SIDE = 512
QUALITY = 88
MAX_FILE_BYTES = 60_000_000
CHOOSE_ANOTHER = "Choose a picture such as a JPEG or PNG file."


def portrait_from_file(path: Path, ctx: JobContext | None = None) -> bytes:
    """The picture in a file as a JPEG of at most SIDE × SIDE pixels. Raises UserError when there
    is none that can be read."""
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise InvalidInput(f"“{path.name}” is too large for a portrait. {CHOOSE_ANOTHER}")
        data = path.read_bytes()
    except OSError as error:
        raise UserError(
            f"“{path.name}” cannot be read ({error.strerror}). {CHOOSE_ANOTHER}"
        ) from error
    if ctx is not None:
        ctx.token.raise_if_set()
    return portrait_from_bytes(data, path.name)


def portrait_from_bytes(data: bytes, name: str = "this") -> bytes:
    """The same of a picture in any format that Qt reads."""
    held = QByteArray(data)
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    size = reader.size()
    if not size.isValid() or size.isEmpty():
        raise InvalidInput(f"“{name}” is no picture that we can read. {CHOOSE_ANOTHER}")
    if size.width() * size.height() > MAX_PHOTO_PIXELS:
        raise InvalidInput(
            f"“{name}” has {size.width():,} × {size.height():,} pixels, which is too many for a "
            "portrait. Choose a smaller picture."
        )
    if max(size.width(), size.height()) > SIDE:
        reader.setScaledSize(size.scaled(QSize(SIDE, SIDE), Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    if image.isNull():
        raise InvalidInput(f"“{name}” is damaged and cannot be shown. {CHOOSE_ANOTHER}")
    return portrait_from_image(image)


def portrait_from_image(image: QImage, ctx: JobContext | None = None) -> bytes:
    """The same of a picture from the clipboard."""
    if image.isNull():
        raise InvalidInput(f"There is no picture to paste. {CHOOSE_ANOTHER}")
    if max(image.width(), image.height()) > SIDE:
        image = image.scaled(
            SIDE,
            SIDE,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
    # JPEG knows no transparency, and would show black.
    flat = QImage(image.size(), QImage.Format.Format_RGB32)
    flat.fill(Qt.GlobalColor.white)
    painter = QPainter(flat)
    painter.drawImage(0, 0, image)
    painter.end()
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(b"jpeg"))
    writer.setQuality(QUALITY)
    if not writer.write(flat):
        raise UserError("This picture cannot be kept. Choose another one.")
    return bytes(held.data())
