"""The left rail: the pages, as icon and word, or as icons alone when collapsed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QRectF, QSize, Qt, QVariantAnimation, Signal, Slot
from PySide6.QtGui import QColor, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QFrame, QSizePolicy, QVBoxLayout

from crm_desktop.ui.icons import icon
from crm_desktop.ui.pages import Page
from crm_desktop.ui.theme import ThemeManager, font
from crm_desktop.ui.tokens import BODY, ICON, SPACE_1, SPACE_2, SPACE_3

WIDE = 168
NARROW = 56
ROW_HEIGHT = 36


class RailButton(QAbstractButton):
    """One page in the rail; checked when it is the page shown."""

    def __init__(self, page: Page, shortcut: str, theme: ThemeManager) -> None:
        super().__init__()
        self.page = page
        self._theme = theme
        self.setText(page.title)
        self.setAccessibleName(page.title)
        self.setCheckable(True)
        self.setObjectName("railEntry")
        keys = QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.NativeText)
        self.setToolTip(f"{page.title}  {keys}" if keys else page.title)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        return QSize(WIDE - 2 * SPACE_2, ROW_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(NARROW - 2 * SPACE_2, ROW_HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._theme.current
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        body = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        background = None
        if self.isChecked():
            background = theme.accent_soft
        elif self.underMouse() and self.isEnabled():
            background = theme.hover
        painter.setPen(QColor(theme.accent) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(background) if background else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(body, 7, 7)
        ink = theme.accent if self.isChecked() else theme.text if self.underMouse() else theme.muted
        if not self.isEnabled():
            ink = theme.outline
        left = (NARROW - 2 * SPACE_2 - ICON) // 2
        top = (self.height() - ICON) // 2
        icon(self.page.icon, ink).paint(painter, left, top, ICON, ICON)
        if self.width() > NARROW:
            painter.setFont(font(BODY, 600 if self.isChecked() else 450))
            painter.setPen(
                QColor(
                    theme.accent
                    if self.isChecked()
                    else ink
                    if not self.isEnabled()
                    else theme.text
                )
            )
            words = QRectF(left + ICON + SPACE_3, 0, self.width() - left - ICON, self.height())
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.text())


class Rail(QFrame):
    """The pages of the window.

    Signals:
        page_chosen(name): a page was clicked.
    """

    page_chosen = Signal(str)

    def __init__(
        self, theme: ThemeManager, pages: Iterable[Page], shortcuts: Mapping[str, str]
    ) -> None:
        super().__init__()
        self.setObjectName("rail")
        self.setAccessibleName("Pages")
        self._theme = theme
        self._is_collapsed = False
        self._buttons: dict[str, RailButton] = {}
        self._group = QButtonGroup(self)
        self._movement = QVariantAnimation(self)
        self._movement.valueChanged.connect(self._set_width)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_2, SPACE_3, SPACE_2, SPACE_2)
        layout.setSpacing(SPACE_1 // 2)
        ordered = sorted(pages, key=lambda page: page.is_foot)
        stretched = False
        for page in ordered:
            if page.is_foot and not stretched:
                layout.addStretch(1)
                stretched = True
            button = RailButton(page, shortcuts.get(page.name, ""), theme)
            self._buttons[page.name] = button
            self._group.addButton(button)
            layout.addWidget(button)
        if not stretched:
            layout.addStretch(1)
        self._group.buttonClicked.connect(self._on_clicked)
        theme.changed.connect(self.update)
        self.setFixedWidth(WIDE)

    @property
    def is_collapsed(self) -> bool:
        """Whether only the icons show."""
        return self._is_collapsed

    def set_collapsed(self, is_collapsed: bool, *, at_once: bool = False) -> None:
        """Show icons alone, or icons and words."""
        self._is_collapsed = is_collapsed
        target = NARROW if is_collapsed else WIDE
        duration_ms = 0 if at_once else self._theme.motion_ms()
        self._movement.stop()
        if duration_ms == 0:
            self.setFixedWidth(target)
            return
        self._movement.setDuration(duration_ms)
        self._movement.setStartValue(self.width())
        self._movement.setEndValue(target)
        self._movement.start()

    def set_page(self, name: str) -> None:
        """Mark the page that is shown; none for a name the rail does not have."""
        button = self._buttons.get(name)
        if button is not None:
            button.setChecked(True)
            return
        self._group.setExclusive(False)
        for each in self._buttons.values():
            each.setChecked(False)
        self._group.setExclusive(True)

    def checked_page(self) -> str:
        """The page that is marked; "" when none is."""
        button = self._group.checkedButton()
        return button.page.name if isinstance(button, RailButton) else ""

    def set_usable(self, is_usable: bool) -> None:
        """Allow the pages once a database is open."""
        for button in self._buttons.values():
            button.setEnabled(is_usable)

    @Slot(QAbstractButton)
    def _on_clicked(self, button: QAbstractButton) -> None:
        if isinstance(button, RailButton):
            self.page_chosen.emit(button.page.name)

    @Slot(object)
    def _set_width(self, width: object) -> None:
        if isinstance(width, int):
            self.setFixedWidth(width)
