"""The card of a company: editing it, and who works there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from crm_desktop.services.company_edits import create_company
from crm_desktop.services.contact_edits import update_contact
from crm_desktop.ui.views.card import CardView
from crm_desktop.ui.views.company_card import FIRST_PEOPLE, PersonRow
from tests.life import Life
from tests.ui.views.card_sample import entry, focus, retype, said, undo_and_redo, value

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from crm_desktop.model.database import UnitOfWork
    from crm_desktop.services.access import DirectAccess
    from crm_desktop.ui.context import WindowContext

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

HOSTILE = "<b>Bold</b> & Sons " + "Donaudampfschifffahrtsgesellschaft" * 3


@pytest.fixture
def ids() -> dict[str, int]:
    """Who there is, by name."""
    return {}


@pytest.fixture
def card(
    ids: dict[str, int],
    context: WindowContext,
    access: DirectAccess,
    place: Callable[[QWidget, int, int], None],
    qtbot: QtBot,
) -> CardView:
    """The card of Acme, where Bob works."""

    def write(store: UnitOfWork) -> None:
        life = Life(store)
        ids["acme"] = acme = life.company("Acme", "acme.example", notes="Pays late")
        ids["globex"] = globex = life.company("Globex")
        ids["bob"] = life.contact("Bob", company=acme, title="Engineer")
        ids["carol"] = life.contact("Carol")
        life.relationship("rt-employee", acme, ids["bob"])
        life.relationship("rt-vendor", acme, globex)

    access.write(write)
    view = CardView(context)
    place(view, 280, 800)
    view.window().activateWindow()
    qtbot.waitUntil(view.window().isActiveWindow)
    view.show_company(ids["acme"])
    qtbot.waitUntil(view.company.isVisible)
    return view


def people(card: CardView) -> list[str]:
    return [
        row.entity.accessibleName()
        for row in card.company.people.rows()
        if isinstance(row, PersonRow)
    ]


def test_name_domain_and_notes_are_changed_in_place(card: CardView, qtbot: QtBot) -> None:
    company = card.company
    qtbot.keyClick(card, Qt.Key.Key_F2)
    assert company.name.field.hasFocus()
    qtbot.keyClick(company.name.field, Qt.Key.Key_Escape)
    for field, typed, before, after in (
        (company.name, "Acme Ltd", "Acme", "Acme Ltd"),
        (company.domain, "https://www.acme.org/x", "acme.example", "acme.org"),
    ):
        retype(qtbot, field, typed)
        undo_and_redo(
            qtbot,
            card,
            lambda field=field, before=before: field.text() == before and not field.is_saving,
            lambda field=field, after=after: field.text() == after and not field.is_saving,
        )
    notes = company.notes.notes
    notes.setFocus()
    notes.setPlainText("Pays at last")
    qtbot.keyClick(notes, Qt.Key.Key_Tab)
    undo_and_redo(
        qtbot,
        card,
        lambda: notes.toPlainText() == "Pays late",
        lambda: notes.toPlainText() == "Pays at last" and not notes.is_touched,
    )
    assert "Saved the notes on Acme Ltd" in said(card)


def test_a_name_that_another_company_has_is_refused_in_place(card: CardView, qtbot: QtBot) -> None:
    name = card.company.name
    retype(qtbot, name, "globex")
    qtbot.waitUntil(lambda: bool(name.problem.text()))
    assert "already a company" in name.problem.text()
    assert name.field.text() == "globex"
    qtbot.keyClick(name.field, Qt.Key.Key_Escape)
    assert name.text() == "Acme"


def test_people_come_and_go(
    card: CardView, ids: dict[str, int], access: DirectAccess, qtbot: QtBot
) -> None:
    assert people(card) == ["Bob, Engineer"]
    adder = card.company.people.adder
    adder.setFocus()
    qtbot.keyClick(adder.link, Qt.Key.Key_Return)
    qtbot.keyClicks(adder.picker, "caro")
    qtbot.waitUntil(lambda: any(s.name == "Carol" for s in adder.picker.suggestions()))
    qtbot.keyClick(adder.picker.popup, Qt.Key.Key_Return)
    undo_and_redo(
        qtbot,
        card,
        lambda: people(card) == ["Bob, Engineer"],
        lambda: people(card) == ["Bob, Engineer", "Carol"],
    )
    assert adder.link.hasFocus()
    adder.begin()
    qtbot.keyClicks(adder.picker, "Dave New")
    qtbot.waitUntil(lambda: bool(adder.picker.suggestions()))
    offered = adder.picker.popup
    offered.setCurrentIndex(offered.model().index(0, 0))
    qtbot.keyClick(offered, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Dave New" in people(card))
    bob = card.company.people.rows()[0]
    assert isinstance(bob, PersonRow)
    bob.setFocus()
    entry(bob.menu(), "No longer works here")
    qtbot.waitUntil(lambda: people(card) == ["Carol", "Dave New"])
    assert card.company.people.isAncestorOf(focus(card))
    assert value(access, "SELECT company_id FROM contacts WHERE id = ?", ids["bob"]) is None


def test_a_picker_is_left_by_esc(card: CardView, qtbot: QtBot) -> None:
    adder = card.company.people.adder
    adder.begin()
    qtbot.keyClick(adder.picker, Qt.Key.Key_Escape)
    if adder.is_editing:  # the first Esc closed the list that had come by then
        qtbot.keyClick(adder.picker, Qt.Key.Key_Escape)
    assert not adder.is_editing
    assert adder.link.hasFocus()


def test_many_people_are_listed_on_request(
    card: CardView, ids: dict[str, int], access: DirectAccess, qtbot: QtBot
) -> None:
    def write(store: UnitOfWork) -> None:
        for number in range(FIRST_PEOPLE + 8):
            Life(store).contact(f"Person {number:02d}", company=ids["acme"])

    access.write(write)
    done = update_contact(access, ids["bob"], title="Director")
    card.context.bus.publish(done.changes)
    qtbot.waitUntil(lambda: len(people(card)) == FIRST_PEOPLE)
    link = card.company.people.all_link
    assert link.full_text() == f"Show all {FIRST_PEOPLE + 9}"
    qtbot.keyClick(link, Qt.Key.Key_Return)
    assert len(people(card)) == FIRST_PEOPLE + 9
    assert not link.isVisible()


def test_relationships_beyond_the_people_and_history(
    card: CardView, ids: dict[str, int], qtbot: QtBot
) -> None:
    [row] = card.company.related.rows()
    assert row.entity.accessibleName() == "Globex, Is a vendor of"  # type: ignore[attr-defined]
    row.setFocus()
    qtbot.keyClick(row.entity, Qt.Key.Key_Return)  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: card.company.name.text() == "Globex")
    assert card.company.isAncestorOf(focus(card))
    card.back()
    qtbot.waitUntil(lambda: card.company.name.text() == "Acme")
    card.company.history.toggle.click()
    retype(qtbot, card.company.name, "Acme Ltd")
    qtbot.waitUntil(lambda: any("“Acme Ltd”" in text for text in card.company.history.texts()))


def test_a_company_is_deleted_and_its_people_stay(
    card: CardView, ids: dict[str, int], access: DirectAccess, qtbot: QtBot
) -> None:
    entry(card.menu(), "Delete")
    qtbot.waitUntil(card.empty.isVisible)
    assert value(access, "SELECT count(*) FROM contacts WHERE name = 'Bob'") == 1
    card.context.editing.undo()
    qtbot.waitUntil(card.company.isVisible)
    assert people(card) == ["Bob, Engineer"]


def test_any_name_fits_the_narrowest_inspector(
    card: CardView, access: DirectAccess, qtbot: QtBot
) -> None:
    card.show_company(create_company(access, HOSTILE[:200]).value)
    qtbot.waitUntil(lambda: card.company.name.text().startswith("<b>"))
    content = card.company.widget()
    assert content.minimumSizeHint().width() <= card.company.viewport().width()
    assert "<b>" not in card.company.name.face.toolTip()
