"""The smaller parts of cards: rows by key, tags, identifiers, portraits, text, tab order."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QImage, QPixmap
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget

from crm_desktop.domain.contacts import Identifier, IdentifierKind
from crm_desktop.ui.theme import Appearance, ThemeManager
from crm_desktop.ui.widgets.breaking_label import BreakingLabel
from crm_desktop.ui.widgets.identifier_row import IdentifierRow
from crm_desktop.ui.widgets.new_identifier import NewIdentifier, kind_of
from crm_desktop.ui.widgets.portrait import Portrait, dropped_picture
from crm_desktop.ui.widgets.row_section import RowSection
from crm_desktop.ui.widgets.tag_editor import TagEditor

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def theme(qapp: object) -> ThemeManager:
    return ThemeManager(Appearance.LIGHT)


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    QVBoxLayout(made)
    made.resize(280, 400)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def put(window: QWidget, widget: QWidget) -> None:
    layout = window.layout()
    assert layout is not None
    layout.addWidget(widget)
    widget.show()


class ButtonRow(QPushButton):
    def show_item(self, item: str) -> None:
        self.setText(item)


def test_rows_stay_the_same_widgets(window: QWidget) -> None:
    section: RowSection[str] = RowSection(
        "Letters", key=lambda item: item[0], make=lambda _: ButtonRow()
    )
    put(window, section)
    section.footer.addWidget(footer := QPushButton("Add"))
    footer.show()
    section.show_items(["a1", "b1", "c1"])
    first, second, third = section.rows()
    second.setFocus()
    section.show_items(["c2", "b2", "d2"])
    assert section.rows()[:2] == [third, second]
    assert window.focusWidget() is second
    assert [row.text() for row in section.rows()] == ["c2", "b2", "d2"]  # type: ignore[attr-defined]
    section.show_items(["c2", "d2"])
    assert window.focusWidget() is section.row("d")
    section.show_items([])
    assert window.focusWidget() is footer
    assert section.isVisible()
    assert first.isHidden()


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("", IdentifierKind.EMAIL),
        ("ada@", IdentifierKind.HANDLE),
        ("ada@example.org", IdentifierKind.EMAIL),
        ("@ada", IdentifierKind.HANDLE),
        ("+44 20 7946", IdentifierKind.PHONE),
        ("(089) 123", IdentifierKind.PHONE),
        ("12", IdentifierKind.HANDLE),
        ("ada2000", IdentifierKind.HANDLE),
    ],
)
def test_what_is_typed_tells_what_it_is(typed: str, kind: IdentifierKind) -> None:
    assert kind_of(typed) is kind


def test_the_kind_may_be_chosen(theme: ThemeManager, window: QWidget, qtbot: QtBot) -> None:
    new = NewIdentifier(theme)
    put(window, new)
    new.begin()
    qtbot.keyClicks(new.field, "12345")
    assert new.kind is IdentifierKind.PHONE
    new.menu().actions()[2].trigger()
    assert new.kind is IdentifierKind.HANDLE
    assert new.kind_button.accessibleName() == "Kind: Handle"
    with qtbot.waitSignal(new.entered) as entered:
        qtbot.keyClick(new.field, Qt.Key.Key_Return)
    assert entered.args == ["handle", "12345"]
    new.begin()
    with qtbot.assertNotEmitted(new.entered):
        qtbot.keyClick(new.field, Qt.Key.Key_Escape)
        new.finish()


def test_an_identifier_row_offers_what_it_can(theme: ThemeManager, window: QWidget) -> None:
    row = IdentifierRow(theme)
    put(window, row)
    mail = Identifier(IdentifierKind.EMAIL, "ada@example.org", "Ada@example.org", False, 1)
    row.show_item((mail, True))
    words = [action.text() for action in row.menu().actions() if action.text()]
    assert words == ["Write a mail", "Copy", "Change", "Show first", "Remove"]
    handle = Identifier(IdentifierKind.HANDLE, "@ada", "@ada", True, 2)
    row.show_item((handle, False))
    words = [action.text() for action in row.menu().actions() if action.text()]
    assert words == ["Copy", "Change", "Remove"]
    row.show_item((replace(mail, is_used=True), False))
    assert row.menu().actions()[-1].text() == "Remove (messages use it)"
    assert not row.menu().actions()[-1].isEnabled()
    assert not row.mark.isVisible()


def test_tags_by_comma_and_arrows(theme: ThemeManager, window: QWidget, qtbot: QtBot) -> None:
    tags = TagEditor(theme)
    put(window, tags)
    tags.set_tags(["alpha", "beta", "gamma"])
    tags.begin()
    with qtbot.waitSignal(tags.added) as added:
        qtbot.keyClicks(tags.field, "one,")
    assert added.args == [["one"]]
    assert tags.field.text() == ""
    with qtbot.assertNotEmitted(tags.added):
        qtbot.keyClick(tags.field, Qt.Key.Key_Escape)
    assert tags.link.hasFocus()
    chips = tags.chips()
    chips[0].setFocus()
    qtbot.keyClick(chips[0], Qt.Key.Key_Right)
    assert chips[1].hasFocus()
    qtbot.keyClick(chips[1], Qt.Key.Key_Left)
    assert chips[0].hasFocus()
    qtbot.mouseClick(chips[1], Qt.MouseButton.LeftButton, pos=chips[1].rect().topLeft())
    assert chips[0].hasFocus()
    chips[2].setFocus()
    tags.set_tags(["alpha", "beta"])
    assert tags.chips()[1].hasFocus()
    tags.set_tags([])
    assert tags.link.hasFocus()
    tags.set_tags(["<b>long</b> " * 40])
    assert tags.chips()[0].sizeHint().width() <= 220


def test_a_refused_tag_comes_back(theme: ThemeManager, window: QWidget, qtbot: QtBot) -> None:
    tags = TagEditor(theme)
    put(window, tags)
    tags.begin()
    qtbot.keyClicks(tags.field, "too long")
    qtbot.keyClick(tags.field, Qt.Key.Key_Return)
    tags.refuse("Shorten it.")
    assert tags.field.text() == "too long"
    assert tags.problem.isVisible()


def image(side: int = 8) -> QImage:
    made = QImage(side, side, QImage.Format.Format_RGB32)
    made.fill(QColor("#336699"))
    return made


def data_of(*paths: str, picture: QImage | None = None) -> QMimeData:
    data = QMimeData()
    if paths:
        data.setUrls([QUrl.fromLocalFile(path) for path in paths])
    if picture is not None:
        data.setImageData(picture)
    return data


def test_which_drags_are_pictures() -> None:
    assert dropped_picture(data_of("/tmp/a.PNG")) == Path("/tmp/a.PNG")
    assert dropped_picture(data_of("/tmp/a.mbox")) is None
    assert dropped_picture(data_of("/tmp/a.png", "/tmp/b.png")) is None
    assert dropped_picture(data_of()) is None
    assert dropped_picture(None) is None
    assert isinstance(dropped_picture(data_of(picture=image())), QImage)


def test_a_portrait_takes_pictures_only(theme: ThemeManager, window: QWidget, qtbot: QtBot) -> None:
    portrait = Portrait(theme, 64)
    put(window, portrait)
    portrait.set_person(1, "Ada")
    mail, picture = data_of("/tmp/a.mbox"), data_of("/tmp/a.png")
    for data, is_taken in ((mail, False), (picture, True)):
        enter = QDragEnterEvent(
            portrait.rect().center(),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        enter.ignore()
        portrait.dragEnterEvent(enter)
        assert enter.isAccepted() is is_taken
    drop = QDropEvent(
        QPointF(5, 5),
        Qt.DropAction.CopyAction,
        picture,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    with qtbot.waitSignal(portrait.given) as given:
        portrait.dropEvent(drop)
    assert given.args == [Path("/tmp/a.png")]
    assert [a.isEnabled() for a in portrait.menu().actions()][2] is False
    with qtbot.assertNotEmitted(portrait.removed):
        qtbot.keyClick(portrait, Qt.Key.Key_Delete)
    assert not QPixmap(portrait.grab()).isNull()


def test_running_text_breaks_anywhere_and_is_plain(theme: ThemeManager, qtbot: QtBot) -> None:
    label = BreakingLabel(theme, "<b>" + "x" * 500 + "\nsecond line")
    qtbot.addWidget(label)
    assert label.minimumSizeHint().width() <= 40
    assert label.heightForWidth(200) > 5 * label.heightForWidth(20_000) / 2
    label.resize(200, label.heightForWidth(200))
    assert not label.grab().isNull()
    label.set_text("")
    assert label.heightForWidth(200) < 60
    QApplication.clipboard().clear()
    label.set_text("copied")
    label.copy()
    assert QApplication.clipboard().text() == "copied"
