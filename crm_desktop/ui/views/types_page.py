"""Types: what relationships can be, in words for both sides; a list, and a form beside it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPoint, Qt, Slot
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QBoxLayout, QFrame, QMenu, QPushButton, QVBoxLayout, QWidget

from crm_desktop.domain.changes import ChangeKind
from crm_desktop.ui.format import plural
from crm_desktop.ui.models.type_draft import TypeDraft, free_colour
from crm_desktop.ui.models.types import DESCRIPTION, REVERSE, TypeRow, TypesModel
from crm_desktop.ui.style import restyle
from crm_desktop.ui.type_words import COLOUR_NAMES
from crm_desktop.ui.views.live_page import LivePage
from crm_desktop.ui.views.type_commands import TypeCommands
from crm_desktop.ui.views.type_form import TypeForm
from crm_desktop.ui.views.types_table import ROW_HEIGHT, TypesTable
from crm_desktop.ui.widgets.empty_state import EmptyState
from crm_desktop.ui.widgets.labels import plain_label
from crm_desktop.ui.widgets.page_parts import PageHeader, PageStack
from crm_desktop.ui.widgets.skeleton import RowsSkeleton

if TYPE_CHECKING:
    from crm_desktop.domain.relationships import RelationshipType
    from crm_desktop.ui.context import WindowContext

FORM_WIDTH, FORM_NARROW = 360, 320
FORM_SHARE = 0.5
"""How much of the height the form takes where it stands below the list."""
ROOMY, BESIDE = 960, 640
"""From which width of the page the form is wide, and beside the list at all."""
LEAST_WIDTH = 320


class TypesPage(LivePage):
    """The list of types with the form that shows, changes and makes them."""

    CONCERNS = frozenset({ChangeKind.RELATIONSHIP_TYPES, ChangeKind.RELATIONSHIPS})

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.model = TypesModel(context.access, context.lanes.reader, self)
        self.commands = TypeCommands(context, self)
        self._wanted: str | None = None  # to be selected as soon as it is listed
        self._starts_new = False  # asked for a new type before there was a list
        self._position = 0
        self._kept: TypeDraft | None = None  # a new type that was not finished
        self.count = plain_label("", "body", "muted")
        self.new_button = QPushButton("New type")
        self.new_button.setProperty("kind", "primary")
        self.new_button.setAccessibleName("New type")
        self.table = TypesTable(context, self.model)
        self.form = TypeForm(context.theme)
        self.empty = EmptyState(context.theme)
        self._arrange()
        self._connect()
        # Given outright: the form goes below the list when they no longer fit side by side.
        self.setMinimumWidth(LEAST_WIDTH)

    def _arrange(self) -> None:
        keys = QKeySequence("Ctrl+N").toString(QKeySequence.SequenceFormat.NativeText)
        self.new_button.setToolTip(f"New type  {keys}")
        header = PageHeader(plain_label("Types", "title"), self.count, self.new_button)
        self._line = QFrame()
        self._body = QWidget()
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._body)
        self._sides.setContentsMargins(0, 0, 0, 0)
        self._sides.setSpacing(0)
        self._sides.addWidget(self.table, 1)
        self._sides.addWidget(self._line)
        self._sides.addWidget(self.form)
        self._body.setFocusProxy(self.table)
        skeleton = RowsSkeleton(self.context.theme, ROW_HEIGHT)
        self._stack = PageStack(self, skeleton, self._body, self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(header)
        column.addLayout(self._stack, 1)

    def _connect(self) -> None:
        self.model.loaded.connect(self._show)
        self.model.load_failed.connect(self.context.messages.error)
        self.table.selectionModel().selectionChanged.connect(self._follow)
        self.table.opened.connect(self._edit_cell)
        self.table.delete_requested.connect(self.delete)
        self.table.customContextMenuRequested.connect(self._show_menu)
        self.new_button.clicked.connect(self.start_new)
        self.form.create_requested.connect(self.commands.create)
        self.form.change_requested.connect(self._change)
        self.form.delete_requested.connect(self.delete)
        self.form.left.connect(self._leave_form)
        self.form.uses_requested.connect(self.context.navigate.show_relationships_of_type)
        self.commands.created.connect(self._on_created)
        self.commands.changed.connect(self.model.load)
        self.commands.deleted.connect(self._on_deleted)
        self.commands.refused.connect(self._explain)
        # Works while the page shows, wherever in the window the keyboard is.
        QShortcut(QKeySequence("Ctrl+N"), self, self.start_new)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        directions, is_beside = QBoxLayout.Direction, self.width() >= BESIDE
        self._sides.setDirection(directions.LeftToRight if is_beside else directions.TopToBottom)
        self._line.setProperty("role", "upright" if is_beside else "line")
        restyle(self._line)
        if is_beside:
            width = FORM_WIDTH if self.width() >= ROOMY else FORM_NARROW
            self.form.take_place(width=width)
        else:
            self.form.take_place(height=round(self.height() * FORM_SHARE))
        self.table.show_current()

    def refresh(self) -> None:
        self.model.load()

    @Slot()
    def start_new(self) -> None:
        """Ask for a new type, going on with what was typed for one before."""
        if not self.model.is_loaded:
            self._starts_new = True
        elif self.form.is_new:
            self.form.fields.focus(self.form.fields.name)
        else:
            self._settle()
            types = self.model.types()
            draft = self._kept or TypeDraft(color_index=free_colour(types, len(COLOUR_NAMES)))
            self._stack.setCurrentWidget(self._body)
            self.table.clearSelection()
            self.form.show_new(draft, [type_.name for type_ in types])

    @Slot()
    def delete(self) -> None:
        """Delete the type selected, or say in the form why that cannot be."""
        row = self.table.selected()
        if row is not None:
            self.commands.delete(row)

    @Slot(str, object)
    def _change(self, type_id: str, draft: TypeDraft) -> None:
        row = self.model.row_at(self.model.position_of(type_id))
        if row is not None:
            self.form.settle()
            self._leave_form()
            self.commands.change(row, draft)

    @Slot(object)
    def _on_created(self, created: RelationshipType) -> None:
        self._wanted = created.id
        self.form.settle()
        self.table.setFocus()
        self.model.load()

    @Slot()
    def _on_deleted(self) -> None:
        self.form.settle()
        self.table.setFocus()
        self.model.load()

    @Slot(object, str)
    def _explain(self, row: TypeRow | None, text: str) -> None:
        if row is None and self.form.is_new:
            self.form.explain(text)
        elif row is not None and row.id == self.form.type_id:
            self.form.unsettle()
            self.form.explain(text, has_uses=not row.type.is_system)
        else:
            self.context.messages.toast(text, icon="warning")
        self.model.load()

    @Slot()
    def _show(self) -> None:
        self.count.setText(plural(self.model.rowCount(), "type"))
        if not self.form.is_new or self._wanted is not None:
            self._show_types()
        if self._starts_new:
            self._starts_new = False
            self.start_new()

    def _show_types(self) -> None:
        if not self.model.rowCount():
            self.empty.set_content(
                "types",
                "No types yet",
                "A type says how two people or companies are connected.",
                [("New type", self.start_new)],
            )
            self._stack.setCurrentWidget(self.empty)
            return
        self._stack.setCurrentWidget(self._body)
        position = self.model.position_of(self._wanted or self.form.type_id)
        self._wanted = None
        self._select(self._position if position < 0 else position)

    def _select(self, position: int) -> None:
        position = min(max(position, 0), self.model.rowCount() - 1)
        row = self.model.row_at(position)
        if row is not None and row.id == self.form.type_id:
            self.form.follow(row)
        self.table.select(position)

    @Slot()
    def _follow(self) -> None:
        row = self.table.selected()
        if row is None:
            return
        self._position = self.model.position_of(row.id)
        if row.id != self.form.type_id:
            self._settle()
            self.form.show_type(row)

    def _settle(self) -> None:
        """Leave what the form shows: a finished change is saved, an unfinished one is kept."""
        form = self.form
        if form.is_new:
            self._kept = form.draft() if form.is_dirty else None
            return
        row = self.model.row_at(self.model.position_of(form.type_id))
        if row is None or not form.is_dirty:
            return
        if not form.problems():
            draft = form.draft()
            form.settle()
            self.commands.change(row, draft)
            return
        self.context.messages.toast(
            f"What you changed in “{row.title}” is not finished and was not saved.",
            "Go back",
            partial(self._go_back, row.id, form.draft()),
            icon="warning",
        )

    def _go_back(self, type_id: str, draft: TypeDraft) -> None:
        position = self.model.position_of(type_id)
        row = self.model.row_at(position)
        if row is not None:
            self.table.select(position)
            self.form.show_type(row, draft)
            self.form.fields.check()

    @Slot()
    def _leave_form(self) -> None:
        if self.form.is_new:
            self.form.clear()
            self._kept = None
            self._show()
        self.table.setFocus()

    @Slot(QModelIndex)
    def _edit_cell(self, index: QModelIndex) -> None:
        fields = self.form.fields
        field = {REVERSE: fields.reverse, DESCRIPTION: fields.description}.get(index.column())
        fields.focus(field or fields.forward)

    @Slot(QPoint)
    def _show_menu(self, place: QPoint) -> None:
        row = self.table.selected()
        if row is not None:
            menu = self.menu_of(row)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(self.table.viewport().mapToGlobal(place))

    def menu_of(self, row: TypeRow) -> QMenu:
        """The context menu of the type selected."""
        menu, icon = QMenu(self), self.context.theme.icon
        menu.setAccessibleName(row.title)
        cell = self.table.currentIndex()
        menu.addAction(icon("edit"), "Change", partial(self._edit_cell, cell))
        show = menu.addAction(icon("relationships"), "Show its relationships")
        show.triggered.connect(partial(self.form.uses_requested.emit, row.id))
        show.setEnabled(row.uses > 0)
        menu.addSeparator()
        menu.addAction(icon("trash"), "Delete", self.delete)
        return menu
