"""Portraits made of pictures that people choose."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QColor, QImage

from crm_desktop.base.errors import InvalidInput, UserError
from crm_desktop.base.jobs import JobContext
from crm_desktop.ui import photo_reading
from crm_desktop.ui.photo_reading import (
    SIDE,
    portrait_from_bytes,
    portrait_from_file,
    portrait_from_image,
)


def picture(width: int, height: int, colour: str = "#336699") -> QImage:
    image = QImage(width, height, QImage.Format.Format_ARGB32)
    image.fill(QColor(colour))
    return image


def read(data: bytes) -> QImage:
    return QImage.fromData(QByteArray(data))


def test_a_large_picture_becomes_small(qapp: object, tmp_path: Path) -> None:
    path = tmp_path / "ada.png"
    assert picture(1600, 800).save(str(path))
    data = portrait_from_file(path, JobContext())
    made = read(data)
    assert data.startswith(b"\xff\xd8\xff")
    assert (made.width(), made.height()) == (SIDE, SIDE // 2)
    assert len(data) < 50_000


def test_a_small_picture_stays_as_it_is(qapp: object) -> None:
    made = read(portrait_from_image(picture(40, 30)))
    assert (made.width(), made.height()) == (40, 30)
    assert made.pixelColor(20, 15).blue() > 130


def test_what_is_transparent_becomes_white(qapp: object) -> None:
    clear = QImage(20, 20, QImage.Format.Format_ARGB32)
    clear.fill(0)
    assert read(portrait_from_image(clear)).pixelColor(10, 10).lightness() > 240


def test_a_picture_that_lies_on_its_side_is_turned(qapp: object) -> None:
    # An EXIF block that only says "turn by 90 degrees", behind the mark of a JPEG.
    jpeg = portrait_from_image(picture(60, 20))
    tiff = (
        b"MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00"
        + bytes(4)
    )
    block = b"Exif\x00\x00" + tiff
    turned = jpeg[:2] + b"\xff\xe1" + (len(block) + 2).to_bytes(2, "big") + block + jpeg[2:]
    made = read(portrait_from_bytes(turned))
    assert (made.width(), made.height()) == (20, 60)


@pytest.mark.parametrize("data", [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + bytes(50)])
def test_what_is_no_picture_is_said(data: bytes, qapp: object) -> None:
    with pytest.raises(InvalidInput, match="no picture"):
        portrait_from_bytes(data, "ada.png")


def test_a_damaged_picture_is_said(qapp: object, tmp_path: Path) -> None:
    path = tmp_path / "ada.png"
    assert picture(600, 600).save(str(path))
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(InvalidInput, match=r"“ada\.png” is damaged"):
        portrait_from_file(path)


def test_pictures_that_would_fill_the_memory_are_refused(
    qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "ada.png"
    assert picture(300, 200).save(str(path))
    monkeypatch.setattr(photo_reading, "MAX_PHOTO_PIXELS", 59_999)
    with pytest.raises(InvalidInput, match="300 × 200 pixels"):
        portrait_from_file(path)
    monkeypatch.setattr(photo_reading, "MAX_FILE_BYTES", 10)
    with pytest.raises(InvalidInput, match="too large"):
        portrait_from_file(path)


def test_a_file_that_is_gone_is_said(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        portrait_from_file(tmp_path / "gone.png")


def test_nothing_to_paste_is_said() -> None:
    with pytest.raises(InvalidInput, match="no picture to paste"):
        portrait_from_image(QImage())
