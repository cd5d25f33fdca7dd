"""Where a contact works: leads to the company, and is changed by choosing or making another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from crm_desktop.domain.relationships import EntityKind, Suggestion
from crm_desktop.ui.tokens import SPACE_1
from crm_desktop.ui.views import card_commands as commands
from crm_desktop.ui.views.card_edits import short
from crm_desktop.ui.views.card_parts import popup
from crm_desktop.ui.widgets.editable_face import Face
from crm_desktop.ui.widgets.entity_picker import NEW_ID
from crm_desktop.ui.widgets.in_place_picker import InPlacePicker
from crm_desktop.ui.widgets.labels import LinkLabel, plain_label

if TYPE_CHECKING:
    from crm_desktop.ui.context import WindowContext
    from crm_desktop.ui.views.card_edits import CardEdits

BUTTON = 22


class CompanyField(QWidget):
    """The company's name as a link with a pencil, or a hint to add one. F2 and the pencil open a
    picker; Enter takes what it offers, Esc leaves it, and an empty one means no company.

    Signals:
        company_wanted(company_id): the link was followed.
    """

    company_wanted = Signal(int)

    def __init__(self, context: WindowContext, edits: CardEdits) -> None:
        super().__init__()
        self._context = context
        self._edits = edits
        self._contact_id = 0
        self._person = ""
        self._company_id: int | None = None
        self._was_cleared = False
        self.link = LinkLabel("", "body", "accent")
        self.link.activated.connect(self._follow)
        self.edit_button = QToolButton()
        self.edit_button.setFixedSize(BUTTON, BUTTON)
        self.edit_button.setToolTip("Change the company (F2)")
        self.edit_button.setAccessibleName("Change the company")
        self.edit_button.clicked.connect(self.begin)
        self.face = Face(context.theme, "Company", "plus", ink="muted")
        self.face.set_face("", "Add a company")
        self.face.clicked.connect(self.begin)
        self.picker = InPlacePicker(
            context, (EntityKind.COMPANY,), can_create=True, name="Company", hint="Company"
        )
        self.picker.picked.connect(self._pick)
        self.picker.cleared.connect(self._note_cleared)
        self.picker.returnPressed.connect(self._enter)
        self.picker.escaped.connect(self._cancel)
        self.picker.left.connect(self.finish)
        self.problem = plain_label("", "caption", "danger", wraps=True)
        self._arrange()
        context.theme.changed.connect(self._draw_icon)
        self._draw_icon()

    def _arrange(self) -> None:
        self._line = QWidget()
        row = QHBoxLayout(self._line)
        row.setContentsMargins(SPACE_1, 0, 0, 0)
        row.setSpacing(SPACE_1)
        row.addWidget(self.link, 1)
        row.addWidget(self.edit_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self._line, self.face, self.picker, self.problem):
            column.addWidget(widget)
        self.picker.hide()
        self.problem.hide()

    def show_company(
        self, contact_id: int, person: str, company_id: int | None, name: str | None
    ) -> None:
        """Show where a contact works; not while another company is being chosen."""
        if contact_id != self._contact_id:
            self.forget()
        self._contact_id, self._person, self._company_id = contact_id, person, company_id
        self.link.set_full_text(name or "")
        if not self.is_editing:
            self._show_value()

    @property
    def is_editing(self) -> bool:
        """Whether the picker is open."""
        return not self.picker.isHidden()

    @Slot()
    def begin(self) -> None:
        """Open the picker."""
        if self.is_editing:
            return
        self._was_cleared = False
        held = None
        if self._company_id is not None:
            held = Suggestion(EntityKind.COMPANY, self._company_id, self.link.full_text(), "")
        self.picker.set_entity(held)
        self._line.hide()
        self.face.hide()
        self.problem.hide()
        self.picker.show()
        self.setFocusProxy(self.picker)
        self.picker.setFocus(Qt.FocusReason.OtherFocusReason)
        self.picker.selectAll()

    @Slot()
    def remove(self) -> None:
        """Say that the contact works nowhere that is known."""
        self._move(None, f"Took {short(self._person)} off {short(self.link.full_text())}")

    def forget(self) -> None:
        """Somebody else is shown from now on."""
        if self.is_editing:
            self._close(takes_focus=False)
        self.problem.hide()

    @Slot()
    def finish(self) -> None:
        """Close the picker; emptied, it means no company."""
        if self.is_editing:
            self._leave(takes_focus=False)

    def saved(self) -> None:
        """It is stored."""

    def revert(self) -> None:
        """It could not be stored."""

    def refuse(self, problem: str) -> None:
        """It cannot be taken, and why."""
        self.problem.setText(problem)
        self.problem.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F2:
            self.begin()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if not self.is_editing:
            popup(self.menu(), event.globalPos())

    def menu(self) -> QMenu:
        """What can be done about the company."""
        menu = QMenu(self)
        if self._company_id is not None:
            menu.addAction("Show the company", self._follow)
        menu.addAction("Change the company" if self._company_id else "Add a company", self.begin)
        if self._company_id is not None:
            menu.addAction("Remove the company", self.remove)
        return menu

    @Slot()
    def _follow(self) -> None:
        if self._company_id is not None:
            self.company_wanted.emit(self._company_id)

    @Slot()
    def _cancel(self) -> None:
        self._close(takes_focus=True)

    @Slot(object)
    def _pick(self, company: Suggestion) -> None:
        self._close(takes_focus=True)
        name, person = short(company.name), short(self._person)
        if company.entity_id == NEW_ID:
            self.link.set_full_text(company.name)
            self._edits.run(
                commands.create_employer(self._contact_id, company.name),
                f"Added {name}, where {person} works",
                field=self,
            )
        else:
            self._move(company.entity_id, f"{person} works at {name} from now on")

    @Slot()
    def _note_cleared(self) -> None:
        self._was_cleared = True

    @Slot()
    def _enter(self) -> None:
        if self.picker.text().strip() and self.picker.entity() is None:
            self.picker.suggest()
        elif not self.picker.popup.isVisible():
            self._leave(takes_focus=True)

    def _leave(self, *, takes_focus: bool) -> None:
        is_emptied = self._was_cleared and not self.picker.text().strip()
        self._close(takes_focus=takes_focus)
        if is_emptied and self._company_id is not None:
            self.remove()

    def _move(self, company_id: int | None, said: str) -> None:
        if company_id != self._company_id:
            command = commands.update_contact(self._contact_id, company_id=company_id)
            self._edits.run(command, said, field=self)

    def _close(self, *, takes_focus: bool) -> None:
        # Before it is hidden, which makes it lose the keyboard and come here once more.
        self.picker.blockSignals(True)
        self._show_value()
        if takes_focus:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.picker.hide()
        self.picker.blockSignals(False)

    def _show_value(self) -> None:
        has_company = self._company_id is not None
        self._line.setVisible(has_company)
        self.face.setVisible(not has_company)
        self.setFocusProxy(self.link if has_company else self.face)

    @Slot()
    def _draw_icon(self) -> None:
        self.edit_button.setIcon(self._context.theme.icon("edit"))
