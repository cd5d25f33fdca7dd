"""A titled list of rows that stay the same widgets while what they show changes."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Generic, Protocol, TypeVar, cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crm_desktop.ui.tokens import SPACE_1
from crm_desktop.ui.widgets.section import Section

T = TypeVar("T")
Shown = TypeVar("Shown", contravariant=True)


class ItemRow(Protocol[Shown]):
    """A widget that shows one item of a list."""

    def show_item(self, item: Shown) -> None:
        """Show this item, which has the same key as the one before."""
        ...


class RowSection(Section, Generic[T]):
    """Rows by key, in the order given, over a footer for what adds more.

    A row is kept as long as its key is there, with the keyboard and whatever is being typed in it.
    When the row that has the keyboard goes, the one in its place takes it, or else the footer.
    """

    def __init__(
        self,
        title: str,
        key: Callable[[T], Hashable],
        make: Callable[[T], QWidget],
        *,
        spacing: int = 0,
    ) -> None:
        """`make` gives the row of an item, an ItemRow, which then shows it."""
        super().__init__(title, spacing=spacing, has_buttons=True)
        self._key = key
        self._make = make
        self._rows: dict[Hashable, QWidget] = {}
        self.footer = QVBoxLayout()
        self.footer.setSpacing(SPACE_1)
        self.footer.setContentsMargins(0, 0, 0, 0)
        column = cast("QVBoxLayout", self.layout())
        column.addLayout(self.footer)

    def rows(self) -> list[QWidget]:
        """The rows, in order."""
        return list(self._rows.values())

    def row(self, key: Hashable) -> QWidget | None:
        """The row of the item with this key."""
        return self._rows.get(key)

    def show_items(self, items: Iterable[T]) -> None:
        """List these items."""
        wanted = {self._key(item): item for item in items}
        focused = self._focused_place(wanted)
        for key in [key for key in self._rows if key not in wanted]:
            gone = self._rows.pop(key)
            self.body.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        rows: dict[Hashable, QWidget] = {}
        for place, (key, item) in enumerate(wanted.items()):
            row = self._rows.get(key) or self._make(item)
            rows[key] = row
            if self.body.indexOf(row) != place:
                self.body.insertWidget(place, row)
                # Layouts show their widgets late; the keyboard may be wanted in it now.
                row.show()
            cast("ItemRow[T]", row).show_item(item)
        self._rows = rows
        self.setVisible(bool(rows) or self.footer.count() > 0)
        if focused is not None:
            self._focus_at(focused)

    def _focused_place(self, wanted: dict[Hashable, T]) -> int | None:
        """Where the row with the keyboard was, if it goes now."""
        focus: QWidget | None = self.window().focusWidget()
        for place, (key, row) in enumerate(self._rows.items()):
            if focus is not None and (row is focus or row.isAncestorOf(focus)):
                return None if key in wanted else place
        return None

    def _focus_at(self, place: int) -> None:
        rows = self.rows()
        widget = rows[min(place, len(rows) - 1)] if rows else self._last_of_footer()
        if widget is not None:
            widget.setFocus(Qt.FocusReason.OtherFocusReason)

    def _last_of_footer(self) -> QWidget | None:
        count = self.footer.count()
        item = self.footer.itemAt(count - 1) if count else None
        return None if item is None else item.widget()
