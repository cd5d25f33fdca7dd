"""The type editor, over a real database."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget

from crm_desktop.domain.changes import ChangeKind, Changes
from crm_desktop.domain.relationships import EntityKind, RelationshipType
from crm_desktop.services.relationship_edits import create_relationship, delete_relationships
from crm_desktop.services.relationship_types import (
    create_relationship_type,
    delete_relationship_type,
    get_relationship_type,
    list_relationship_types,
)
from crm_desktop.ui.models import types as columns
from crm_desktop.ui.toast import Toast
from crm_desktop.ui.views.types_page import TypesPage
from tests.ui.page_sample import ADA, GRACE, contact_id_of, small_life, store_life
from tests.ui.window_sample import markup_labels, nameless

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from crm_desktop.services.access import DirectAccess
    from crm_desktop.ui.context import WindowContext

Place = Callable[[QWidget, int, int], None]
ENTER, ESCAPE, DELETE = Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Delete


@pytest.fixture
def page(context: WindowContext, access: DirectAccess, place: Place, qtbot: QtBot) -> TypesPage:
    store_life(access, small_life())
    made = TypesPage(context)
    with qtbot.waitSignal(made.model.loaded):
        place(made, 1100, 640)
    made.table.setFocus()
    return made


def press(widget: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
    """A key, sent to whatever has the keyboard in the widget's window, as a person would."""
    target = widget.window().focusWidget() or widget.window()
    QTest.keyClick(target, key, modifier or Qt.KeyboardModifier.NoModifier)


def type_text(widget: QWidget, text: str) -> None:
    QTest.keyClicks(widget.window().focusWidget(), text)


def choose(page: TypesPage, type_id: str) -> None:
    page.table.select(page.model.position_of(type_id))


def begin_mentor(page: TypesPage) -> None:
    """A new type, all by keyboard: name, kinds, both labels."""
    press(page, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    type_text(page, "Mentorship")
    press(page, Qt.Key.Key_Tab)  # between: person and person
    press(page, Qt.Key.Key_Tab)
    type_text(page, "Mentors")
    press(page, Qt.Key.Key_Tab)  # both sides read the same: no
    press(page, Qt.Key.Key_Tab)
    type_text(page, "Is mentored by")


def create_mentor(page: TypesPage, access: DirectAccess, qtbot: QtBot) -> RelationshipType:
    begin_mentor(page)
    press(page, ENTER)
    qtbot.waitUntil(lambda: page.form.heading.full_text() == "Mentorship")
    found = next(t for t in list_relationship_types(access) if t.name == "Mentorship")
    assert page.form.type_id == found.id
    return found


def toasts(page: TypesPage) -> list[str]:
    host = page.context.navigate.parent()
    assert isinstance(host, QWidget)
    return [t.accessibleName() for t in host.findChildren(Toast) if not t.isHidden()]


def test_the_list_and_the_first_type(page: TypesPage) -> None:
    assert page.count.text() == "6 types"
    assert page.form.heading.full_text() == "Employee"
    assert page.form.preview.texts() == ["Acme employs Bob", "Bob works at Acme"]
    assert page.table.hasFocus()
    assert nameless(page) == []
    assert markup_labels(page) == []
    for dark in ("light", "dark"):
        page.context.theme.set_appearance(dark)
        assert not page.grab().isNull()


def test_create_use_fail_to_delete_free_delete_undo_redo(
    page: TypesPage, access: DirectAccess, qtbot: QtBot
) -> None:
    mentor = create_mentor(page, access, qtbot)
    assert (mentor.forward_label, mentor.reverse_label) == ("Mentors", "Is mentored by")
    assert toasts(page)[-1] == "Created the type “Mentorship”"
    assert page.table.hasFocus()

    used = create_relationship(
        access, mentor.id, contact_id_of(access, ADA), contact_id_of(access, GRACE)
    )
    page.context.bus.publish(used.changes)
    qtbot.waitUntil(lambda: page.form.uses.full_text() == "1 relationship")

    press(page, DELETE)
    qtbot.waitUntil(lambda: bool(page.form.notice.text()))
    assert "1 relationship uses “Mentorship”" in page.form.notice.text()
    with qtbot.waitSignal(page.context.navigate.show_relationships_of_type) as asked:
        qtbot.mouseClick(page.form.notice.link, Qt.MouseButton.LeftButton)
    assert asked.args == [mentor.id]

    freed = delete_relationships(access, [used.value])
    page.context.bus.publish(freed.changes)
    qtbot.waitUntil(lambda: page.form.notice.text() == "")  # it no longer holds
    page.table.setFocus()
    press(page, DELETE)
    qtbot.waitUntil(lambda: page.model.position_of(mentor.id) < 0)
    assert get_relationship_type(access, mentor.id) is None
    assert page.form.type_id == page.table.selected().id  # type: ignore[union-attr]
    assert toasts(page)[-1] == "Deleted the type “Mentorship”"

    page.context.editing.undo()
    qtbot.waitUntil(lambda: page.model.position_of(mentor.id) >= 0)
    assert get_relationship_type(access, mentor.id) == mentor
    page.context.editing.redo()
    qtbot.waitUntil(lambda: page.model.position_of(mentor.id) < 0)
    assert get_relationship_type(access, mentor.id) is None


def test_a_type_that_the_program_needs_stays(page: TypesPage, qtbot: QtBot) -> None:
    choose(page, "rt-knows")
    assert page.form._lock.isVisible()
    qtbot.mouseClick(page.form.delete_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(page.form.notice.text()))
    assert "“Knows”" in page.form.notice.text()
    assert page.form.notice.link.isHidden()
    choose(page, "rt-vendor")
    assert page.form.notice.text() == ""


def test_labels_are_changed_by_enter_and_left_alone_by_escape(
    page: TypesPage, access: DirectAccess, qtbot: QtBot
) -> None:
    choose(page, "rt-vendor")
    press(page, Qt.Key.Key_F2)
    type_text(page, "Supplies")
    assert page.form.preview.texts()[0] == "Acme supplies Globex"
    assert page.form.save_button.isVisible()
    press(page, ESCAPE)
    assert page.form.preview.texts()[0] == "Acme is a vendor of Globex"
    assert page.table.hasFocus()
    assert not page.form.save_button.isVisible()

    press(page, ENTER)
    type_text(page, "Supplies")
    press(page, ENTER)
    row = page.model.position_of("rt-vendor")
    qtbot.waitUntil(lambda: page.model.index(row, columns.FORWARD).data() == "Supplies")
    changed = get_relationship_type(access, "rt-vendor")
    assert changed is not None
    assert (changed.forward_label, changed.reverse_label) == ("Supplies", "Is a client of")
    assert toasts(page)[-1] == "Changed the type “Vendor”"
    press(page, ENTER)
    press(page, ENTER)  # nothing was changed: back to the list
    assert page.table.hasFocus()


def test_the_cell_that_is_opened_decides_which_field(page: TypesPage) -> None:
    choose(page, "rt-employee")
    for column, field in (
        (columns.REVERSE, page.form.fields.reverse),
        (columns.DESCRIPTION, page.form.fields.description),
        (columns.USES, page.form.fields.forward),
    ):
        page.table.opened.emit(page.model.index(0, column))
        assert field.edit.hasFocus()


def test_description_and_colour(page: TypesPage, access: DirectAccess, qtbot: QtBot) -> None:
    choose(page, "rt-partner")
    page.form.fields.focus(page.form.fields.description)
    type_text(page, "Joint work")
    press(page, Qt.Key.Key_Tab)
    press(page, Qt.Key.Key_Right)
    assert page.form.fields._colour_name.text() == "Teal"
    with qtbot.waitSignal(page.context.editing.status_changed):
        press(page, ENTER)
    changed = get_relationship_type(access, "rt-partner")
    assert changed is not None
    assert (changed.description, changed.color_index) == ("Joint work", 5)


def test_a_name_that_is_taken_is_said_while_typing(
    page: TypesPage, access: DirectAccess, qtbot: QtBot
) -> None:
    qtbot.mouseClick(page.new_button, Qt.MouseButton.LeftButton)
    name = page.form.fields.name
    type_text(page, "works wit")
    assert name.problem() == ""
    type_text(page, "h")
    assert name.problem() == "There is already a type “Works with”. Choose another name."
    page.form.fields.focus(page.form.fields.forward)
    type_text(page, "Toils with")
    page.form.fields.is_same.setChecked(True)
    press(page, ENTER)
    assert name.edit.hasFocus()
    assert len(list_relationship_types(access)) == 6
    type_text(page, "Toil")
    assert name.problem() == ""
    press(page, ENTER)
    qtbot.waitUntil(lambda: page.form.heading.full_text() == "Toil")
    toil = next(t for t in list_relationship_types(access) if t.name == "Toil")
    assert toil.is_symmetric
    assert page.form.preview.texts() == ["Alice toils with Bob"]


def test_what_is_blank_is_said_under_its_field(page: TypesPage, access: DirectAccess) -> None:
    page.start_new()
    press(page, ENTER)
    fields = page.form.fields
    assert all(f.problem() for f in (fields.name, fields.forward, fields.reverse))
    assert fields.name.edit.hasFocus()
    type_text(page, "Advice")
    assert fields.name.problem() == ""
    fields.kinds.setCurrentIndex(1)
    assert page.form.preview.texts() == ["Alice … Acme", "Acme … Alice"]
    assert fields.forward.caption() == "On the person’s card"
    assert not fields.is_same.isVisible()
    press(page, ESCAPE)
    assert not page.form.is_new
    assert page.table.hasFocus()
    assert len(list_relationship_types(access)) == 6


def test_a_refusal_of_the_new_type_is_said_in_the_form(
    page: TypesPage, access: DirectAccess, qtbot: QtBot
) -> None:
    begin_mentor(page)
    # Somebody else takes the name before Enter.
    create_relationship_type(access, "mentorship", EntityKind.CONTACT, EntityKind.CONTACT, "A", "B")
    press(page, ENTER)
    qtbot.waitUntil(lambda: bool(page.form.notice.text()))
    assert "already" in page.form.notice.text()
    assert page.form.is_new
    assert page.form.fields.name.edit.text() == "Mentorship"


def test_labels_that_would_lose_a_direction_are_refused_in_place(
    page: TypesPage, access: DirectAccess, qtbot: QtBot
) -> None:
    choose(page, "rt-knows")
    page.form.fields.is_same.setChecked(False)
    page.form.fields.focus(page.form.fields.reverse)
    type_text(page, "Is known by")
    press(page, ENTER)
    qtbot.waitUntil(lambda: bool(page.form.notice.text()))
    assert "“Knows” has no direction" in page.form.notice.text()
    assert page.form.fields.reverse.edit.text() == "Is known by"  # to be mended
    assert page.form.is_dirty
    press(page, ESCAPE)
    knows = get_relationship_type(access, "rt-knows")
    assert knows is not None
    assert knows.is_symmetric


def test_another_row_saves_what_is_finished_and_keeps_what_is_not(
    page: TypesPage, access: DirectAccess, qtbot: QtBot
) -> None:
    choose(page, "rt-vendor")
    page.form.fields.forward.edit.setText("Supplies")
    with qtbot.waitSignal(page.context.editing.status_changed):
        choose(page, "rt-partner")
    assert get_relationship_type(access, "rt-vendor").forward_label == "Supplies"  # type: ignore[union-attr]
    assert page.form.type_id == "rt-partner"

    page.form.fields.description.edit.setText("Hand in hand")
    page.form.fields.is_same.setChecked(False)
    page.form.fields.forward.edit.setText(" ")
    choose(page, "rt-employee")
    assert "“Partner” is not finished" in toasts(page)[-1]
    assert get_relationship_type(access, "rt-partner").description == "Partnership"  # type: ignore[union-attr]
    host = page.context.navigate.parent()
    assert isinstance(host, QWidget)
    links = [b for b in host.findChildren(QPushButton) if b.text() == "Go back"]
    links[-1].click()
    assert page.form.type_id == "rt-partner"
    assert page.form.fields.description.edit.text() == "Hand in hand"
    assert page.form.fields.forward.problem()


def test_an_unfinished_new_type_is_gone_on_with(page: TypesPage) -> None:
    begin_mentor(page)
    choose(page, "rt-vendor")
    assert page.form.type_id == "rt-vendor"
    page.start_new()
    assert page.form.fields.name.edit.text() == "Mentorship"
    press(page, ESCAPE)
    page.start_new()
    assert page.form.fields.name.edit.text() == ""


def test_a_new_type_asked_for_before_the_list_is_there(
    context: WindowContext, place: Place, qtbot: QtBot
) -> None:
    page = TypesPage(context)
    page.start_new()
    with qtbot.waitSignal(page.model.loaded):
        place(page, 1000, 600)
    assert page.form.is_new
    assert page.form.fields.name.edit.hasFocus()


def test_changes_from_elsewhere_do_not_touch_what_is_being_typed(
    page: TypesPage, access: DirectAccess, qtbot: QtBot
) -> None:
    choose(page, "rt-vendor")
    page.form.fields.forward.edit.setText("Supplie")
    made = create_relationship_type(
        access, "Adviser", EntityKind.CONTACT, EntityKind.COMPANY, "Advises", "Is advised by"
    )
    page.context.bus.publish(made.changes)
    qtbot.waitUntil(lambda: page.count.text() == "7 types")
    assert page.form.fields.forward.edit.text() == "Supplie"
    assert page.table.selected().id == "rt-vendor"  # type: ignore[union-attr]
    gone = delete_relationship_type(access, made.value.id)
    page.window().hide()
    page.context.bus.publish(gone.changes)
    page.context.bus.publish(Changes.of(ChangeKind.INTERACTIONS))
    assert page.is_stale
    page.window().show()
    qtbot.waitUntil(lambda: page.count.text() == "6 types")


def test_sorting_is_remembered_and_keeps_the_selection(
    page: TypesPage, context: WindowContext, place: Place, qtbot: QtBot
) -> None:
    choose(page, "rt-knows")
    header = page.table.header
    header.sectionClicked.emit(columns.USES)
    assert page.model.position_of("rt-knows") == 0
    assert header.sortIndicatorOrder() is Qt.SortOrder.DescendingOrder
    header.sectionClicked.emit(columns.USES)
    assert page.model.position_of("rt-knows") == 5
    assert page.form.type_id == "rt-knows"
    assert page.table.selected().id == "rt-knows"  # type: ignore[union-attr]
    again = TypesPage(context)
    with qtbot.waitSignal(again.model.loaded):
        place(again, 1100, 640)
    assert again.model.position_of("rt-knows") == 5


@pytest.mark.parametrize(
    ("width", "height", "hidden"),
    [
        (1600, 800, set()),
        (1100, 640, {columns.DESCRIPTION}),
        (856, 470, {columns.DESCRIPTION, columns.BETWEEN, columns.REVERSE}),
        (500, 470, {columns.DESCRIPTION, columns.BETWEEN, columns.REVERSE}),
    ],
)
def test_everything_has_its_place_at_every_width(
    page: TypesPage, qtbot: QtBot, width: int, height: int, hidden: set[int]
) -> None:
    page.window().resize(width, height)
    page.resize(width, height)
    table, form = page.table, page.form
    qtbot.waitUntil(
        lambda: hidden == {c for c in range(len(columns.HEADERS)) if table.isColumnHidden(c)}
    )
    assert page.rect().contains(form.geometry().translated(form.parentWidget().pos()))
    corner = form.delete_button.mapTo(page, form.delete_button.rect().bottomRight())
    assert page.rect().contains(corner)
    assert not table.geometry().intersects(form.geometry())
    assert not table.grab().isNull()


def test_the_menu_offers_what_the_keys_do(page: TypesPage, qtbot: QtBot) -> None:
    choose(page, "rt-knows")
    row = page.table.selected()
    assert row is not None
    menu = page.menu_of(row)
    actions = {action.text(): action for action in menu.actions() if action.text()}
    assert list(actions) == ["Change", "Show its relationships", "Delete"]
    with qtbot.waitSignal(page.context.navigate.show_relationships_of_type) as asked:
        actions["Show its relationships"].trigger()
    assert asked.args == ["rt-knows"]
    choose(page, "rt-reports-to")
    reports = page.table.selected()
    assert reports is not None
    assert not page.menu_of(reports).actions()[1].isEnabled()
    actions["Change"].trigger()
    assert page.form.fields.forward.edit.hasFocus()


def test_tab_leads_from_the_list_through_the_form(page: TypesPage) -> None:
    choose(page, "rt-knows")
    form, fields = page.form, page.form.fields
    fields.description.edit.setText("Met")  # there is something to save
    reached = []
    for _ in range(8):
        press(page, Qt.Key.Key_Tab)
        reached.append(page.window().focusWidget())
    assert reached == [
        form.uses,
        fields.forward.edit,
        fields.is_same,
        fields.description.edit,
        fields.colour.swatches[0],
        form.delete_button,
        form.cancel_button,
        form.save_button,
    ]
    press(page, Qt.Key.Key_Backtab)
    press(page, ENTER)  # on “Cancel”
    assert not form.is_dirty
    assert page.table.hasFocus()


def test_without_any_type_it_says_what_one_is(
    context: WindowContext, access: DirectAccess, place: Place, qtbot: QtBot
) -> None:
    access.write(lambda store: store.connection.exec_driver_sql("DELETE FROM relationship_types"))
    page = TypesPage(context)
    with qtbot.waitSignal(page.model.loaded):
        place(page, 1000, 600)
    assert page.empty.title() == "No types yet"
    page.empty.findChild(QPushButton).click()
    assert page.form.fields.name.edit.hasFocus()
    press(page, ESCAPE)
    assert page.empty.isVisible()
