"""Asks for a new person or a new company, and shows the card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crm_desktop.domain.relationships import EntityKind
from crm_desktop.ui.dialogs.command_dialog import CommandDialog
from crm_desktop.ui.tokens import SPACE_1
from crm_desktop.ui.views import card_commands as commands
from crm_desktop.ui.views.card_edits import short
from crm_desktop.ui.widgets.entity_picker import NEW_ID, EntityPicker
from crm_desktop.ui.widgets.form_field import FormField
from crm_desktop.ui.widgets.labels import plain_label

if TYPE_CHECKING:
    from crm_desktop.ui.context import WindowContext

WIDTH = 420
MOST_OF_A_NAME = 200
MOST_OF_AN_ADDRESS = 320
NO_NAME = "A name needs at least one letter."


class NewContactDialog(CommandDialog):
    """Name, address, number, title and company; only the name is needed."""

    def __init__(self, context: WindowContext, parent: QWidget) -> None:
        super().__init__(context, parent, "New person", "Add", WIDTH)
        self.name = FormField("Name", MOST_OF_A_NAME)
        self.email = FormField("E-mail address", MOST_OF_AN_ADDRESS)
        self.phone = FormField("Phone number", MOST_OF_AN_ADDRESS)
        self.job = FormField("Title", MOST_OF_A_NAME)
        self.company = EntityPicker(
            context, (EntityKind.COMPANY,), can_create=True, name="Company", hint="Company"
        )
        self.email.edit.setInputMethodHints(Qt.InputMethodHint.ImhEmailCharactersOnly)
        self.phone.edit.setInputMethodHints(Qt.InputMethodHint.ImhDialableCharactersOnly)
        for field in (self.name, self.email, self.phone, self.job):
            self.body.addWidget(field)
            field.edit.textEdited.connect(self._forgive)
        column = QVBoxLayout()
        column.setSpacing(SPACE_1)
        caption = plain_label("Company", "caption", "muted", is_strong=True)
        caption.setBuddy(self.company)
        column.addWidget(caption)
        column.addWidget(self.company)
        self.body.addLayout(column)
        self.save_button.setDefault(True)
        self.name.setFocus()

    @Slot()
    def save(self) -> None:
        name = self.name.edit.text().strip()
        if not name:
            self.name.set_problem(NO_NAME)
            self.name.setFocus()
            return
        company = self.company.entity()
        is_known = company is not None and company.entity_id != NEW_ID
        typed = self.company.text().strip()
        command = commands.create_contact(
            name,
            email=self.email.edit.text().strip() or None,
            phone=self.phone.edit.text().strip() or None,
            title=self.job.edit.text().strip() or None,
            company_id=company.entity_id if company is not None and is_known else None,
            # What was typed but not chosen shall not be lost without a word.
            company_name=None if is_known else typed or None,
        )
        self.run(command, f"Added {short(name)}", self._show)

    @Slot()
    def _forgive(self) -> None:
        self.name.set_problem("")
        self.explain("")

    def _show(self, contact_id: int) -> None:
        self.context.navigate.show_contact.emit(contact_id)
        if self.is_alive():
            self.accept()


class NewCompanyDialog(CommandDialog):
    """Name and domain; only the name is needed."""

    def __init__(self, context: WindowContext, parent: QWidget) -> None:
        super().__init__(context, parent, "New company", "Add", WIDTH)
        self.name = FormField("Name", MOST_OF_A_NAME)
        self.domain = FormField("Domain", MOST_OF_AN_ADDRESS)
        self.domain.edit.setPlaceholderText("example.org")
        for field in (self.name, self.domain):
            self.body.addWidget(field)
            field.edit.textEdited.connect(self._forgive)
        self.save_button.setDefault(True)
        self.name.setFocus()

    @Slot()
    def save(self) -> None:
        name = self.name.edit.text().strip()
        if not name:
            self.name.set_problem(NO_NAME)
            self.name.setFocus()
            return
        domain = self.domain.edit.text().strip() or None
        self.run(commands.create_company(name, domain), f"Added {short(name)}", self._show)

    @Slot()
    def _forgive(self) -> None:
        self.name.set_problem("")
        self.explain("")

    def _show(self, company_id: int) -> None:
        self.context.navigate.show_company.emit(company_id)
        if self.is_alive():
            self.accept()
