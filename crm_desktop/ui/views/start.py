"""The first page: what to begin with when there is nobody yet, or what stands in the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from crm_desktop.ui.format import plain_tooltip
from crm_desktop.ui.icons import icon
from crm_desktop.ui.theme import ThemeManager, font
from crm_desktop.ui.tokens import (
    BODY,
    LEAD,
    SPACE_1,
    SPACE_2,
    SPACE_3,
    SPACE_4,
    SPACE_6,
    SPACE_8,
)
from crm_desktop.ui.widgets.labels import plain_label

WIDTH = 620
LEAST_WIDTH = 280
CARD_HEIGHT = 72
ICON_PIXELS = 24
TILE = 44


class StartCard(QAbstractButton):
    """A large button: icon, what it does, and a sentence about it."""

    def __init__(self, theme: ThemeManager, icon_name: str, title: str, detail: str) -> None:
        super().__init__()
        self._theme = theme
        self._icon_name = icon_name
        self._detail = detail
        self.setText(title)
        self.setAccessibleName(title)
        self.setAccessibleDescription(detail)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, CARD_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(LEAST_WIDTH, CARD_HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._theme.current
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_lit = self.underMouse() or self.hasFocus()
        painter.setPen(QColor(theme.accent if is_lit else theme.hairline))
        painter.setBrush(QColor(theme.raised))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 10, 10)
        tile = QRectF(SPACE_4, (self.height() - TILE) / 2, TILE, TILE)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.accent_soft))
        painter.drawRoundedRect(tile, 10, 10)
        inset = (TILE - ICON_PIXELS) // 2
        icon(self._icon_name, theme.accent).paint(
            painter, int(tile.left()) + inset, int(tile.top()) + inset, ICON_PIXELS, ICON_PIXELS
        )
        left = tile.right() + SPACE_4
        middle = self.height() / 2
        width = self.width() - left - SPACE_8
        painter.setFont(font(LEAD, 600))
        painter.setPen(QColor(theme.text))
        upper = QRectF(left, middle - 22, width, 22)
        painter.drawText(upper, Qt.AlignmentFlag.AlignVCenter, self.text())
        painter.setFont(font(BODY))
        painter.setPen(QColor(theme.muted))
        lower = QRectF(left, middle + 1, width, 20)
        detail = painter.fontMetrics().elidedText(
            self._detail, Qt.TextElideMode.ElideRight, int(width)
        )
        painter.drawText(lower, Qt.AlignmentFlag.AlignVCenter, detail)
        if is_lit:
            icon("arrow-right", theme.accent).paint(
                painter, self.width() - SPACE_8 - SPACE_1, int(middle) - 8, 16, 16
            )


class StartPage(QWidget):
    """Calm, in one column: import mail, import contacts, or look around first.

    Signals:
        chosen(action_id): an action of `ui.actions` by its id.
        open_requested(Path): a recent database.
    """

    chosen = Signal(str)
    open_requested = Signal(object)

    def __init__(self, theme: ThemeManager) -> None:
        super().__init__()
        self.setProperty("role", "paper")
        self._theme = theme
        self._column = QVBoxLayout()
        self._column.setSpacing(SPACE_3)
        inner = QWidget()
        inner.setProperty("role", "page")
        frame = QGridLayout(inner)
        frame.setContentsMargins(SPACE_6, SPACE_6, SPACE_6, SPACE_6)
        frame.setColumnStretch(0, 1)
        frame.setColumnStretch(2, 1)
        frame.setRowStretch(0, 2)
        frame.setRowStretch(2, 3)
        holder = QWidget()
        holder.setLayout(self._column)
        holder.setMaximumWidth(WIDTH)
        self._column.setContentsMargins(0, 0, 0, 0)
        frame.addWidget(holder, 1, 1)
        frame.setColumnStretch(1, 100)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inner)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)

    def show_welcome(self, recent: Iterable[Path] = ()) -> None:
        """What to begin with, and the databases opened before."""
        self._clear()
        self._column.addWidget(plain_label("Who matters to you?", "display"))
        self._column.addWidget(
            plain_label(
                "CRM Desktop reads the mail and contacts you already have and shows the people "
                "in them. Everything stays on this computer.",
                "lead",
                "muted",
                wraps=True,
            )
        )
        self._column.addSpacing(SPACE_4)
        for action_id, icon_name, title, detail in (
            (
                "import-mail",
                "mail",
                "Import your mail",
                "An mbox, Maildir, .eml files or a Gmail Takeout archive",
            ),
            (
                "import-contacts",
                "contacts",
                "Import contacts",
                "vCard files (.vcf) from your phone or address book",
            ),
            (
                "open-sample",
                "sample",
                "Try with sample data",
                "A made-up life to look around in; it does not touch your data",
            ),
        ):
            card = StartCard(self._theme, icon_name, title, detail)
            card.clicked.connect(self._emitter(action_id))
            self._column.addWidget(card)
        self._column.addSpacing(SPACE_2)
        hint = plain_label(
            "Or drop files and folders anywhere on this window.", "body", "muted", wraps=True
        )
        self._column.addWidget(hint)
        self._add_recent(tuple(recent))

    def show_failure(self, sentence: str, reference: str | None = None) -> None:
        """Why the database could not be opened, and what can be done instead."""
        self._clear()
        title = plain_label("Your database could not be opened", "display", wraps=True)
        self._column.addWidget(title)
        self._column.addWidget(plain_label(sentence, "lead", wraps=True))
        note = "Nothing in the file was changed."
        if reference is not None:
            note += f" The details are in the log, reference {reference}."
        self._column.addWidget(plain_label(note, "body", "muted", wraps=True))
        self._column.addSpacing(SPACE_4)
        row = QHBoxLayout()
        row.setSpacing(SPACE_2)
        for position, (action_id, words) in enumerate(
            (("open-database", "Open another database…"), ("quit", "Quit"))
        ):
            button = QPushButton(words)
            button.setAccessibleName(words)
            button.setProperty("kind", "primary" if position == 0 else "plain")
            button.clicked.connect(self._emitter(action_id))
            row.addWidget(button)
        row.addStretch(1)
        self._column.addLayout(row)

    def text(self) -> str:
        """Everything that can be read on the page."""
        found = [
            widget.text()
            for widget in self.findChildren(QWidget)
            if isinstance(widget, QLabel | QAbstractButton)
        ]
        return "\n".join(found)

    def _emitter(self, action_id: str) -> Callable[[], None]:
        def emit() -> None:
            self.chosen.emit(action_id)

        return emit

    def _add_recent(self, recent: tuple[Path, ...]) -> None:
        if not recent:
            return
        self._column.addSpacing(SPACE_4)
        self._column.addWidget(plain_label("Recent databases", "caption", "muted", is_strong=True))
        for path in recent[:4]:
            button = QPushButton(f"{path.stem}  —  {path.parent}".replace("&", "&&"))
            button.setProperty("kind", "link")
            button.setAccessibleName(f"Open {path.name}")
            button.setToolTip(plain_tooltip(str(path)))
            button.setIcon(self._theme.icon("database"))
            button.clicked.connect(lambda _checked=False, chosen=path: self._open(chosen))
            self._column.addWidget(button)

    def _open(self, path: Path) -> None:
        self.open_requested.emit(path)

    def _clear(self) -> None:
        def empty(layout: QVBoxLayout | QHBoxLayout) -> None:
            while (item := layout.takeAt(0)) is not None:
                if widget := item.widget():
                    widget.setParent(None)
                    widget.deleteLater()
                elif isinstance(inner := item.layout(), QHBoxLayout | QVBoxLayout):
                    empty(inner)

        empty(self._column)
