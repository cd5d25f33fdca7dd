"""Parts that the cards of contacts, companies and relationships have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from crm_desktop.ui.tokens import SPACE_1
from crm_desktop.ui.widgets.editable_face import PADDING
from crm_desktop.ui.widgets.editable_notes import EditableNotes
from crm_desktop.ui.widgets.editable_text import EditableText
from crm_desktop.ui.widgets.labels import LinkLabel, plain_label
from crm_desktop.ui.widgets.new_identifier import NewIdentifier
from crm_desktop.ui.widgets.rows import EntityRow
from crm_desktop.ui.widgets.scale_field import ScaleField
from crm_desktop.ui.widgets.section import Section
from crm_desktop.ui.widgets.tag_editor import TagEditor

if TYPE_CHECKING:
    from crm_desktop.ui.theme import ThemeManager

MORE = 26
LINK_MARGIN = 3


def link_line(words: str, action: Callable[[], object]) -> LinkLabel:
    """A link on a line of its own, where the words of the rows begin."""
    link = LinkLabel(words, "body", "accent")
    link.setContentsMargins(SPACE_1, LINK_MARGIN, 0, LINK_MARGIN)
    link.activated.connect(action)
    return link


def finish_edits(root: QWidget) -> None:
    """Commit whatever is being typed in the fields below `root`."""
    for child in root.findChildren(QWidget):
        if isinstance(child, EditableText | EditableNotes | TagEditor | NewIdentifier):
            child.finish()
        elif isinstance(child, ScaleField):
            child.commit()


def popup(menu: QMenu, position: QPoint) -> None:
    """Open a menu, which goes when it closes."""
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(position)


def popup_below(menu: QMenu, button: QWidget) -> None:
    """Open a menu below a button at the right edge, whose right sides agree."""
    corner = QPoint(button.width() - menu.sizeHint().width(), button.height())
    popup(menu, button.mapToGlobal(corner))


class NotesSection(Section):
    """Notes that are written where they stand, and why they cannot be kept if so.

    Signals:
        committed(text): what was written.
    """

    committed = Signal(str)

    def __init__(self, title: str, hint: str, least_lines: int = 2) -> None:
        super().__init__(title, has_buttons=True)
        self.notes = EditableNotes(title, hint, least_lines=least_lines)
        self.problem = plain_label("", "caption", "danger", wraps=True)
        self.problem.setContentsMargins(PADDING, 0, PADDING, 0)
        self.add(self.notes)
        self.add(self.problem)
        self.problem.hide()
        self.setFocusProxy(self.notes)
        self.notes.committed.connect(self.committed)
        self.notes.refused.connect(self._complain)
        self.notes.textChanged.connect(self.problem.hide)

    @Slot(str)
    def _complain(self, problem: str) -> None:
        self.problem.setText(problem)
        self.problem.show()


class MenuRow(QWidget):
    """Somebody or something on a line that leads there, with a menu of what can be done.

    Signals:
        clicked(): the line was clicked, not its menu.
    """

    clicked = Signal()

    def __init__(self, theme: ThemeManager) -> None:
        super().__init__()
        self._theme = theme
        self.entity = EntityRow(theme)
        self.entity.clicked.connect(self.clicked)
        self.more_button = QToolButton()
        self.more_button.setFixedSize(MORE, MORE)
        self.more_button.setToolTip("More")
        self.more_button.setAccessibleName("More")
        self.more_button.clicked.connect(self._open_menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_1)
        row.addWidget(self.entity, 1)
        row.addWidget(self.more_button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setFocusProxy(self.entity)
        theme.changed.connect(self._draw_icon)
        self._draw_icon()

    def menu(self) -> QMenu:
        """What can be done."""
        raise NotImplementedError

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        popup(self.menu(), event.globalPos())

    def _name_menu(self, name: str) -> None:
        self.more_button.setAccessibleName(f"More about {name}")

    @Slot()
    def _open_menu(self) -> None:
        popup_below(self.menu(), self.more_button)

    @Slot()
    def _draw_icon(self) -> None:
        self.more_button.setIcon(self._theme.icon("more"))


class Disclosure(Section):
    """A section whose heading opens and closes it.

    Signals:
        toggled(bool): it was opened or closed.
    """

    toggled = Signal(bool)

    def __init__(self, theme: ThemeManager, title: str) -> None:
        super().__init__("", has_buttons=True)
        self._theme = theme
        self._title = title
        self.setAccessibleName(title)
        self.toggle = QToolButton()
        self.toggle.setText(title)
        self.toggle.setObjectName("disclosure")
        self.toggle.setCheckable(True)
        self.toggle.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.toggle.toggled.connect(self._toggle)
        self.content = QWidget()
        self.lines = QVBoxLayout(self.content)
        self.lines.setContentsMargins(SPACE_1, 0, SPACE_1, 0)
        self.lines.setSpacing(SPACE_1)
        self.body.addWidget(self.toggle, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self.content)
        self.content.hide()
        self.setFocusProxy(self.toggle)
        theme.changed.connect(self._draw_icon)
        self._draw_icon()

    @property
    def is_open(self) -> bool:
        """Whether its content shows."""
        return self.toggle.isChecked()

    @Slot(bool)
    def _toggle(self, is_open: bool) -> None:
        self.content.setVisible(is_open)
        self._draw_icon()
        self.toggled.emit(is_open)

    @Slot()
    def _draw_icon(self) -> None:
        name = "chevron-down" if self.is_open else "chevron-right"
        self.toggle.setIcon(self._theme.icon(name, active_role="muted"))
        state = "shown" if self.is_open else "hidden"
        self.toggle.setAccessibleName(f"{self._title}, {state}")
