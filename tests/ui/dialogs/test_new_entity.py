"""Adding people and companies by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from crm_desktop.services.cards import contact_card
from crm_desktop.services.company_edits import create_company
from crm_desktop.services.contact_edits import create_contact
from crm_desktop.ui.dialogs.new_entity import NewCompanyDialog, NewContactDialog
from tests.ui.views.card_sample import rows, value
from tests.ui.window_sample import markup_labels, nameless

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from crm_desktop.services.access import DirectAccess
    from crm_desktop.ui.context import WindowContext

pytestmark = [
    pytest.mark.usefixtures("frozen_now"),
    pytest.mark.qt_log_ignore("This plugin does not support"),
]


@pytest.fixture
def window(host: QWidget, qtbot: QtBot) -> QWidget:
    with qtbot.waitActive(host):
        host.show()
    return host


def test_a_person_by_keyboard(
    context: WindowContext, access: DirectAccess, window: QWidget, qtbot: QtBot
) -> None:
    dialog = NewContactDialog(context, window)
    dialog.open()
    qtbot.waitUntil(dialog.isActiveWindow)
    assert not nameless(dialog)
    assert not markup_labels(dialog)
    assert dialog.name.edit.hasFocus()
    qtbot.keyClick(dialog.name.edit, Qt.Key.Key_Return)
    assert dialog.name.problem() == "A name needs at least one letter."
    for field, text in (
        (dialog.name, "Ada <b>King</b>"),
        (dialog.email, "ada@example.org"),
        (dialog.phone, "+44 20 7946 0000"),
        (dialog.job, "Programmer"),
    ):
        field.setFocus()
        qtbot.keyClicks(field.edit, text)
    assert dialog.name.problem() == ""
    dialog.company.setFocus()
    qtbot.keyClicks(dialog.company, "Analytical Engines")
    with qtbot.waitSignal(context.navigate.show_contact) as shown:
        qtbot.keyClick(dialog.name.edit, Qt.Key.Key_Return)
    card = contact_card(access, shown.args[0])
    assert (card.name, card.title, card.organization) == (
        "Ada <b>King</b>",
        "Programmer",
        "Analytical Engines",
    )
    assert card.identifiers[0].value == "ada@example.org"
    context.editing.undo()
    qtbot.waitUntil(lambda: rows(access, "SELECT 1 FROM contacts, companies") == [])
    assert value(access, "SELECT count(*) FROM companies") == 0


def test_a_company_that_is_there_is_not_made_twice(
    context: WindowContext, access: DirectAccess, window: QWidget, qtbot: QtBot
) -> None:
    acme = create_company(access, "Acme").value
    dialog = NewContactDialog(context, window)
    dialog.open()
    dialog.name.edit.setText("Bob")
    dialog.company.setText("ACME")
    with qtbot.waitSignal(context.navigate.show_contact) as shown:
        dialog.save()
    assert contact_card(access, shown.args[0]).company_id == acme
    again = NewContactDialog(context, window)
    again.open()
    again.name.edit.setText("Carol")
    qtbot.waitUntil(again.isActiveWindow)
    again.company.setFocus()
    qtbot.keyClicks(again.company, "acm")
    qtbot.waitUntil(lambda: any(s.entity_id == acme for s in again.company.suggestions()))
    qtbot.keyClick(again.company.popup, Qt.Key.Key_Return)
    with qtbot.waitSignal(context.navigate.show_contact) as shown:
        again.save()
    assert contact_card(access, shown.args[0]).company_id == acme


def test_what_is_refused_is_said_in_the_form(
    context: WindowContext, access: DirectAccess, window: QWidget, qtbot: QtBot
) -> None:
    create_contact(access, "Grace", email="grace@example.org")
    dialog = NewContactDialog(context, window)
    dialog.open()
    dialog.name.edit.setText("Ada")
    dialog.email.edit.setText("grace@example.org")
    dialog.save()
    qtbot.waitUntil(lambda: "belongs to Grace" in dialog.problem.text())
    assert dialog.save_button.isEnabled()
    qtbot.keyClicks(dialog.email.edit, "x")
    assert dialog.problem.text() == ""
    dialog.reject()


def test_a_company(
    context: WindowContext, access: DirectAccess, window: QWidget, qtbot: QtBot
) -> None:
    dialog = NewCompanyDialog(context, window)
    dialog.open()
    qtbot.waitUntil(dialog.isActiveWindow)
    assert not nameless(dialog)
    dialog.save()
    assert dialog.name.problem() == "A name needs at least one letter."
    dialog.name.edit.setText("Acme")
    dialog.domain.edit.setText("not a domain")
    dialog.save()
    qtbot.waitUntil(lambda: "no domain" in dialog.problem.text())
    dialog.domain.edit.setText("https://www.acme.example/")
    with qtbot.waitSignal(context.navigate.show_company) as shown:
        qtbot.keyClick(dialog.domain.edit, Qt.Key.Key_Return)
    stored = "SELECT name, domain FROM companies WHERE id = ?"
    assert rows(access, stored, shown.args[0]) == [("Acme", "acme.example")]
