"""Asking for a person or a company: a field that suggests whom the letters typed may mean."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QFocusEvent, QFont, QIcon, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import (
    QCompleter,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from crm_desktop.domain.relationships import EntityKind, Suggestion
from crm_desktop.ui.models.paging import Index
from crm_desktop.ui.theme import BODY, CAPTION, font
from crm_desktop.ui.tokens import ICON_SMALL, RADIUS, SPACE_1, SPACE_2, SPACE_3
from crm_desktop.ui.type_words import KIND_WORDS
from crm_desktop.ui.widgets.painting import colour, one_line, paint_avatar, paint_text
from crm_desktop.workers.latest import Latest

if TYPE_CHECKING:
    from crm_desktop.base.jobs import JobContext
    from crm_desktop.services.access import Access
    from crm_desktop.ui.context import WindowContext
    from crm_desktop.ui.theme import ThemeManager

NEW_ID = 0
"""The id of a suggestion that does not exist yet and is to be made under its name."""

LIMIT = 8
ROW_HEIGHT = 44
PORTRAIT = 26
LEAST_LIST_WIDTH = 300
MOST_CHARACTERS = 200
SUGGESTION_ROLE = Qt.ItemDataRole.UserRole + 1
BOTH = (EntityKind.CONTACT, EntityKind.COMPANY)


def read_suggestions(
    access: Access, text: str, kinds: Sequence[EntityKind], ctx: JobContext
) -> tuple[Suggestion, ...]:
    """Whom `text` may mean. For the search lane."""
    from crm_desktop.services.picking import suggest_entities

    return suggest_entities(access, text, kinds, limit=LIMIT, token=ctx.token)


@dataclass(frozen=True, slots=True)
class _Words:
    """How a suggestion reads in the list."""

    title: str
    detail: str


def _words(suggestion: Suggestion) -> _Words:
    if suggestion.entity_id == NEW_ID:
        kind = KIND_WORDS[suggestion.entity_type].lower()
        return _Words(f"Create “{one_line(suggestion.name)}”", f"A new {kind}")
    return _Words(one_line(suggestion.name), one_line(suggestion.detail))


class SuggestionRows(QAbstractListModel):
    """The suggestions as Qt sees them."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[Suggestion, ...] = ()

    def set_rows(self, rows: Sequence[Suggestion]) -> None:
        """Show these."""
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role == SUGGESTION_ROLE:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return row.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            words = _words(row)
            return ", ".join(part for part in (words.title, words.detail) if part)
        return None


class SuggestionDelegate(QStyledItemDelegate):
    """Draws a suggestion with its portrait and what tells namesakes apart."""

    def __init__(self, theme: ThemeManager, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, ROW_HEIGHT)  # as wide as the list

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: Suggestion = index.data(SUGGESTION_ROLE)
        theme, words = self._theme.current, _words(row)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(option.rect).adjusted(SPACE_1, 1, -SPACE_1, -1)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour(theme.accent_soft))
            painter.drawRoundedRect(rect, RADIUS, RADIUS)
        disc = QRectF(rect.left() + SPACE_2, rect.center().y() - PORTRAIT / 2, PORTRAIT, PORTRAIT)
        paint_portrait(painter, disc, self._theme, row)
        left = disc.right() + SPACE_3
        text = QRectF(left, rect.top() + 3, rect.right() - SPACE_2 - left, rect.height() - 6)
        upper, lower = QRectF(text), QRectF(text)
        if words.detail:
            upper.setBottom(text.center().y() + 1)
            lower.setTop(text.center().y() + 1)
            paint_text(painter, lower, words.detail, font(CAPTION), theme.muted)
        paint_text(painter, upper, words.title, font(BODY, QFont.Weight.Medium), theme.text)
        painter.restore()


def paint_portrait(
    painter: QPainter, rect: QRectF, theme: ThemeManager, suggestion: Suggestion
) -> None:
    """The avatar of a person, the mark of a company, or a plus for what is to be made."""
    if suggestion.entity_id == NEW_ID:
        theme.icon("plus", "accent").paint(painter, rect.adjusted(4, 4, -4, -4).toRect())
    elif suggestion.entity_type is EntityKind.COMPANY:
        theme.icon("company").paint(painter, rect.adjusted(3, 3, -3, -3).toRect())
    else:
        who = suggestion.entity_id, suggestion.name
        paint_avatar(painter, rect, theme.current, *who, font(CAPTION, QFont.Weight.DemiBold))


class EntityPicker(QLineEdit):
    """A field that holds a person or a company, or nothing; what is only typed is nothing.

    Arrows move in the suggestions, Enter takes the one that is lit, and so does Tab; Esc closes
    them, and then empties the field.

    Signals:
        picked(Suggestion): the person chose somebody; with NEW_ID, somebody to be made.
        cleared(): the field holds nobody any more.
    """

    picked = Signal(object)
    cleared = Signal()

    def __init__(
        self,
        context: WindowContext,
        kinds: Collection[EntityKind] = BOTH,
        *,
        can_create: bool = False,
        name: str = "Person or company",
        hint: str = "",
        parent: QWidget | None = None,
    ) -> None:
        """`can_create` offers to make somebody of the name typed."""
        super().__init__(parent)
        self._context = context
        self._kinds = tuple(kinds)
        self._can_create = can_create
        self._entity: Suggestion | None = None
        self._shown = ""  # the text while it names somebody
        self._latest = Latest(context.lanes.search, self)
        self.setAccessibleName(name)
        self.setPlaceholderText(hint or name)
        self.setMaxLength(MOST_CHARACTERS)
        self.setClearButtonEnabled(True)
        # Files dropped here belong to the window.
        self.setAcceptDrops(False)
        self._portrait = self.addAction(QIcon(), QLineEdit.ActionPosition.LeadingPosition)
        self._portrait.setVisible(False)
        self._rows = SuggestionRows(self)
        self._completer = QCompleter(self._rows, self)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.setMaxVisibleItems(LIMIT + len(BOTH))
        # Not setCompleter: that would offer the suggestions for what was typed before.
        self._completer.setWidget(self)
        self.popup = QListView()
        self.popup.setAccessibleName("Suggestions")
        self.popup.setProperty("role", "raised")
        self.popup.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._completer.setPopup(self.popup)
        self.popup.setItemDelegate(SuggestionDelegate(context.theme, self.popup))
        activated: Any = self._completer.activated
        activated[QModelIndex].connect(self._on_activated)
        self.textEdited.connect(self._on_edited)
        self.textChanged.connect(self._on_text)
        context.theme.changed.connect(self._draw)

    def entity(self) -> Suggestion | None:
        """Whom the field holds."""
        return self._entity

    def set_entity(self, entity: Suggestion | None) -> None:
        """Hold somebody else, or nobody, without a signal."""
        self._latest.cancel()
        self.popup.hide()
        self._entity = None  # changing the text says nothing about whom it names
        self.setText("" if entity is None else one_line(entity.name))
        self.setCursorPosition(0)
        self._entity, self._shown = entity, self.text()
        self._draw()

    def set_kinds(self, kinds: Collection[EntityKind]) -> None:
        """Ask for these only. Whoever is of another kind goes."""
        self._kinds = tuple(kinds)
        if self._entity is not None and self._entity.entity_type not in kinds:
            self.set_entity(None)
            self.cleared.emit()

    def kinds(self) -> tuple[EntityKind, ...]:
        """What is asked for."""
        return self._kinds

    def suggestions(self) -> tuple[Suggestion, ...]:
        """What is offered now; nothing while the list is closed."""
        return self._rows.rows if self.popup.isVisible() else ()

    def suggest(self) -> None:
        """Offer whom the text may mean; without text, the closest people."""
        text = "" if self._entity is not None else self.text()
        access, kinds = self._context.access, self._kinds
        self._latest.submit(
            lambda ctx: (text, read_suggestions(access, text, kinds, ctx)), done=self._offer
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Down and not self.popup.isVisible():
            self.suggest()
        elif key == Qt.Key.Key_Escape and self.popup.isVisible():
            event.ignore()  # the list hears it next, and closes
        elif key == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        if event.reason() in (
            Qt.FocusReason.TabFocusReason,
            Qt.FocusReason.BacktabFocusReason,
        ):
            self._take_lit()
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._latest.cancel()
        super().focusOutEvent(event)

    def _take_lit(self) -> None:
        """Take the suggestion that is lit, but make nobody just because the person went on."""
        if not self.popup.isVisible() or self._entity is not None or not self.text():
            return
        index = self.popup.currentIndex()
        suggestion: Suggestion | None = index.data(SUGGESTION_ROLE) if index.isValid() else None
        if suggestion is not None and suggestion.entity_id != NEW_ID:
            self._on_activated(index)

    @Slot(str)
    def _on_edited(self, text: str) -> None:
        if text:
            self.suggest()
        else:
            self._latest.cancel()
            self.popup.hide()

    @Slot(str)
    def _on_text(self, text: str) -> None:
        """However the text changed: what no longer names the one held, lets go of them."""
        if self._entity is not None and text != self._shown:
            self._entity = None
            self._draw()
            self.cleared.emit()

    @Slot(object)
    def _offer(self, answer: tuple[str, tuple[Suggestion, ...]]) -> None:
        text, found = answer
        rows = list(found)
        name = " ".join(text.split())
        if self._can_create and name:
            rows += [Suggestion(kind, NEW_ID, name, "") for kind in self._kinds]
        self._rows.set_rows(rows)
        if not rows or not self.hasFocus():
            self.popup.hide()
            return
        self.popup.setMinimumWidth(max(LEAST_LIST_WIDTH, self.width()))
        self._completer.complete()
        # Enter takes the best answer.
        self.popup.setCurrentIndex(self._completer.completionModel().index(0, 0))

    @Slot(QModelIndex)
    def _on_activated(self, index: QModelIndex) -> None:
        suggestion = index.data(SUGGESTION_ROLE)
        if suggestion is not None:
            self.set_entity(suggestion)
            self.picked.emit(suggestion)

    @Slot()
    def _draw(self) -> None:
        entity = self._entity
        self._portrait.setVisible(entity is not None)
        if entity is None:
            return
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(round(ICON_SMALL * ratio), round(ICON_SMALL * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_portrait(painter, QRectF(0, 0, ICON_SMALL, ICON_SMALL), self._context.theme, entity)
        painter.end()
        self._portrait.setIcon(QIcon(pixmap))
