"""The browser of relationships, through the real lanes and the real widgets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Event
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QModelIndex, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QEnterEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from crm_desktop.domain.relationship_list import RelationshipQuery, RelationshipSort
from crm_desktop.domain.relationships import (
    KNOWS_TYPE_ID,
    EntityKind,
    RelationshipSource,
    Suggestion,
)
from crm_desktop.services.relationships import load_relationships
from crm_desktop.ui.dialogs.relationship_form import RelationshipEditForm, RelationshipForm
from crm_desktop.ui.dialogs.relationship_note import NoteDialog
from crm_desktop.ui.dialogs.retype import RetypeDialog
from crm_desktop.ui.inferring import infer_now
from crm_desktop.ui.models import relationships as columns
from crm_desktop.ui.models.relationships import HEADERS, SORTS
from crm_desktop.ui.views.relationships_page import ENTRIES, RelationshipsPage
from crm_desktop.workers.pipeline import Pipeline
from tests.ui.keys import CONTROL, press, type_text
from tests.ui.page_sample import ADA, GRACE, SELF, contact_id_of, small_life, store_life
from tests.ui.window_sample import markup_labels, nameless

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from crm_desktop.services.access import DirectAccess
    from crm_desktop.ui.context import WindowContext
    from crm_desktop.workers.lanes import Lanes

Place = Callable[[QWidget, int, int], None]
Key = Qt.Key
ALL = 7
"""Six that were found among six people, and one of a company out of the address book."""


@pytest.fixture
def page(
    context: WindowContext, access: DirectAccess, place: Place, qtbot: QtBot
) -> RelationshipsPage:
    store_life(access, small_life())
    made = RelationshipsPage(context)
    with qtbot.waitSignal(made.model.refreshed):
        place(made, 1200, 600)
    qtbot.waitUntil(made.isActiveWindow)
    made.table.setFocus()
    wait_for_rows(qtbot, made)
    return made


@pytest.fixture
def pipeline(context: WindowContext, page: RelationshipsPage) -> Iterator[Pipeline]:
    made = Pipeline(context.access, context.lanes, context.bus)
    yield made
    made.stop()


def wait_for_rows(qtbot: QtBot, page: RelationshipsPage) -> None:
    model = page.model
    qtbot.waitUntil(lambda: all(model.row_at(i) for i in range(model.rowCount())))


def wait_for_count(qtbot: QtBot, page: RelationshipsPage, count: int) -> None:
    qtbot.waitUntil(lambda: page.model.rowCount() == count)
    wait_for_rows(qtbot, page)


def select(page: RelationshipsPage, *ids: int) -> None:
    page.table.clearSelection()
    for id_ in ids:
        page.table.selectionModel().select(
            page.model.index(page.model.position_of(id_), 0),
            page.table.selectionModel().SelectionFlag.Select
            | page.table.selectionModel().SelectionFlag.Rows,
        )
    assert sorted(page.table.selected_ids()) == sorted(ids)


def ids_of(access: DirectAccess, source: RelationshipSource) -> list[int]:
    return [row.id for row in load_relationships(access, source=source)]


def enter_some(access: DirectAccess, *type_ids: str) -> list[int]:
    """Relationships entered by the person, from Grace to Ada, of these types."""
    from crm_desktop.services.relationship_edits import create_relationship

    ends = contact_id_of(access, GRACE), contact_id_of(access, ADA)
    return [create_relationship(access, type_id, *ends).value for type_id in type_ids]


def dialog_of(page: RelationshipsPage, kind: type[QWidget]) -> QWidget:
    (found,) = (child for child in page.findChildren(kind) if child.isVisible())
    return found


def toasts(context: WindowContext) -> list[str]:
    return [toast.accessibleName() for toast in context.messages._toasts._toasts]


# What is shown


def test_the_list_and_the_types_to_choose_from(page: RelationshipsPage, qtbot: QtBot) -> None:
    assert page.count.text() == "7 relationships"
    assert page.table.isVisible()
    qtbot.waitUntil(lambda: page.filters.type_box.findData(KNOWS_TYPE_ID) > 0)
    words = [page.filters.type_box.itemText(i) for i in range(page.filters.type_box.count())]
    assert words[0] == "All types"
    assert "Reports to" in words
    assert not page.filters.clear_button.isVisible()
    assert not page.grab().isNull()


def test_filters_narrow_and_clear(
    page: RelationshipsPage, context: WindowContext, access: DirectAccess, qtbot: QtBot
) -> None:
    filters = page.filters
    qtbot.waitUntil(lambda: filters.type_box.findData("rt-vendor") > 0)
    filters.type_box.setCurrentIndex(filters.type_box.findData("rt-vendor"))
    qtbot.waitUntil(lambda: page.empty.isVisible())
    assert page.empty.title() == "Nothing matches these filters"
    filters.type_box.setCurrentIndex(filters.type_box.findData(KNOWS_TYPE_ID))
    qtbot.waitUntil(lambda: page.count.text() == "6 relationships found")
    filters.source_box.setCurrentIndex(filters.source_box.findData("inferred"))
    filters.strength.setValue(50)
    assert filters.strength_words.text() == "Strength 50 up"
    wanted = [row.id for row in load_relationships(access, min_strength=0.5)]
    wait_for_count(qtbot, page, len(wanted))
    assert 0 < len(wanted) < 6
    filters.text.setText("grace")
    qtbot.waitUntil(lambda: page.model.query().text == "grace")
    assert page.model.query() == RelationshipQuery(
        type_id=KNOWS_TYPE_ID,
        source=RelationshipSource.INFERRED,
        min_strength=0.5,
        text="grace",
    )
    filters.clear_button.click()
    wait_for_count(qtbot, page, ALL)
    assert page.count.text() == "7 relationships"
    assert not filters.clear_button.isVisible()


def test_the_relationships_of_one_person(
    page: RelationshipsPage, access: DirectAccess, qtbot: QtBot
) -> None:
    ada = contact_id_of(access, ADA)
    page.filters.person.setFocus()
    type_text("lovel")
    qtbot.waitUntil(lambda: bool(page.filters.person.suggestions()))
    press(Key.Key_Return)
    wait_for_count(qtbot, page, 3)
    assert page.model.query().contact_id == ada
    press(Key.Key_Escape)
    wait_for_count(qtbot, page, ALL)


def test_letters_typed_into_the_table_filter_by_name(page: RelationshipsPage, qtbot: QtBot) -> None:
    type_text("grace")
    assert page.filters.text.hasFocus()
    assert page.filters.text.text() == "grace"
    wait_for_count(qtbot, page, 2)


def test_a_type_is_shown_alone(page: RelationshipsPage, qtbot: QtBot) -> None:
    page.filters.text.setText("ada")
    page.show_type("rt-employee")
    wait_for_count(qtbot, page, 1)
    assert page.model.query() == RelationshipQuery(type_id="rt-employee")
    assert page.filters.type_box.currentData() == "rt-employee"


def test_what_was_chosen_is_there_next_time(
    page: RelationshipsPage,
    context: WindowContext,
    access: DirectAccess,
    place: Place,
    qtbot: QtBot,
) -> None:
    ada = contact_id_of(access, ADA)
    page.filters.person.set_entity(Suggestion(EntityKind.CONTACT, ada, "Ada", ""))
    page.filters.strength.setValue(10)
    page.filters.source_box.setCurrentIndex(page.filters.source_box.findData("inferred"))
    page.table.header.sectionClicked.emit(columns.TO)
    page.table.header.sectionClicked.emit(columns.TO)
    page.table.header.resizeSection(columns.STRENGTH, 133)
    qtbot.waitUntil(lambda: page.model.query().min_strength == 0.1)
    query = page.model.query()
    assert (query.sort, query.descending) == (RelationshipSort.TO, True)
    again = RelationshipsPage(context)
    with qtbot.waitSignal(again.model.refreshed):
        place(again, 1200, 600)
    assert again.model.query() == query
    assert again.table.columnWidth(columns.STRENGTH) == 133
    qtbot.waitUntil(lambda: again.filters.person.text() == "Ada Lovelace")


def test_a_person_who_is_gone_is_no_filter(
    page: RelationshipsPage, context: WindowContext, place: Place, qtbot: QtBot
) -> None:
    context.memory.keep("relationships/person", 4711)
    again = RelationshipsPage(context)
    place(again, 1200, 600)
    qtbot.waitUntil(lambda: again.filters.person.entity() is None)
    wait_for_count(qtbot, again, ALL)
    assert context.memory.number("relationships/person", -1) == 0


@pytest.mark.parametrize("column", SORTS)
def test_a_header_sorts_and_shows_it(page: RelationshipsPage, qtbot: QtBot, column: int) -> None:
    header = page.table.header
    first = header.sortIndicatorSection(), header.sortIndicatorOrder()
    assert first == (columns.STRENGTH, Qt.SortOrder.DescendingOrder)
    header.sectionClicked.emit(column)
    assert header.sortIndicatorSection() == column
    qtbot.waitUntil(lambda: page.model.query().sort is SORTS[column])
    order = header.sortIndicatorOrder()
    assert page.model.query().descending == (order is Qt.SortOrder.DescendingOrder)
    header.sectionClicked.emit(column)
    assert header.sortIndicatorOrder() is not order
    wait_for_rows(qtbot, page)


def test_the_keyboard_sorts_by_a_menu(page: RelationshipsPage, qtbot: QtBot) -> None:
    menu = page.sort_button.menu()
    assert [action.text() for action in menu.actions()] == list(HEADERS)
    menu.aboutToShow.emit()
    assert [action.text() for action in menu.actions() if action.isChecked()] == ["Strength"]
    menu.actions()[columns.FROM].trigger()
    qtbot.waitUntil(lambda: page.model.query().sort is RelationshipSort.FROM)
    assert not page.model.query().descending


def test_columns_hide_where_there_is_no_room(page: RelationshipsPage) -> None:
    def shown() -> list[str]:
        return [HEADERS[c] for c in SORTS if not page.table.isColumnHidden(c)]

    assert shown() == list(HEADERS)
    page.window().resize(520, 600)
    page.resize(520, 600)
    assert shown() == ["From", "Relationship", "To", "Strength"]
    assert not page.grab().isNull()


def test_without_any_it_says_how_they_come_about(
    context: WindowContext, place: Place, qtbot: QtBot
) -> None:
    page = RelationshipsPage(context)
    with qtbot.waitSignal(page.model.refreshed):
        place(page, 1000, 600)
    assert page.empty.title() == "No relationships yet"


def test_every_control_has_a_name_and_no_name_is_markup(page: RelationshipsPage) -> None:
    assert nameless(page) == []
    assert markup_labels(page) == []


# Looking at one


def test_the_card_of_the_other_end(
    page: RelationshipsPage, context: WindowContext, access: DirectAccess, qtbot: QtBot
) -> None:
    mine, ada, grace = (contact_id_of(access, person) for person in (SELF, ADA, GRACE))
    rows = {
        frozenset((row.from_entity_id, row.to_entity_id)): row
        for row in load_relationships(access, relationship_type_id=KNOWS_TYPE_ID)
    }

    def opened(row_id: int, column: int) -> int:
        index = page.model.index(page.model.position_of(row_id), column)
        with qtbot.waitSignal(context.navigate.show_contact) as shown:
            page.table.opened.emit(index)
        return int(shown.args[0])

    own = rows[frozenset((mine, ada))]
    for column in SORTS:
        assert opened(own.id, column) == ada
    others = rows[frozenset((ada, grace))]
    assert opened(others.id, columns.FROM) == others.from_entity_id
    assert opened(others.id, columns.TO) == others.to_entity_id
    page.filters.person.set_entity(Suggestion(EntityKind.CONTACT, grace, "Grace", ""))
    page.filters.person.picked.emit(None)
    wait_for_count(qtbot, page, 2)
    assert opened(others.id, columns.FROM) == opened(others.id, columns.STRENGTH) == ada


def test_enter_opens_a_company(
    page: RelationshipsPage, context: WindowContext, access: DirectAccess, qtbot: QtBot
) -> None:
    (employed,) = ids_of(access, RelationshipSource.IMPORTED)
    page.table.setCurrentIndex(page.model.index(page.model.position_of(employed), columns.FROM))
    with qtbot.waitSignal(context.navigate.show_company):
        press(Key.Key_Return)


def test_the_card_of_the_relationship_follows_a_single_one(
    page: RelationshipsPage, context: WindowContext, qtbot: QtBot
) -> None:
    heard: list[int] = []
    context.navigate.select_relationship.connect(heard.append)
    page.table.setCurrentIndex(page.model.index(0, 0))
    press(Key.Key_Down)
    assert heard == [page.model.id_at(0), page.model.id_at(1)]
    press(Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert len(heard) == 2
    assert page.count.text() == "7 relationships · 2 selected"


def test_what_can_be_done_depends_on_what_is_selected(
    page: RelationshipsPage, access: DirectAccess
) -> None:
    def usable() -> set[str]:
        return {name for name, action in page.deeds.items() if action.isEnabled()}

    assert usable() == set()
    found = ids_of(access, RelationshipSource.INFERRED)
    select(page, found[0])
    assert usable() == {entry.method for entry in ENTRIES}
    select(page, *found[:2])
    assert usable() == {"confirm", "reject", "retype", "copy", "delete"}
    select(page, *ids_of(access, RelationshipSource.IMPORTED))
    assert usable() == {"edit", "add_note", "retype", "copy", "delete"}


def test_the_context_menu_by_the_keyboard(
    page: RelationshipsPage, context: WindowContext, access: DirectAccess, qtbot: QtBot
) -> None:
    page.table.setCurrentIndex(page.model.index(0, 0))
    place = page.rect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, place, page.mapToGlobal(place))
    QApplication.sendEvent(page.table, event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    words = [action.text() for action in menu.actions() if action.text()]
    row = page.model.row_at(0)
    assert row is not None
    assert words == [
        f"Open {row.relationship.from_name}",
        f"Open {row.relationship.to_name}",
        *(entry.text for entry in ENTRIES),
        "Add a relationship…",
        "Sort by",
    ]
    with qtbot.waitSignal(context.navigate.show_contact) as shown:
        menu.actions()[1].trigger()
    assert shown.args == [row.relationship.to_entity_id]
    menu.close()


def test_copying_gives_a_table_of_text(page: RelationshipsPage, qtbot: QtBot) -> None:
    page.table.selectAll()
    press(Key.Key_C, CONTROL)
    clipboard = QGuiApplication.clipboard()
    qtbot.waitUntil(lambda: clipboard.text().startswith("From\t"))
    lines = [line.split("\t") for line in clipboard.text().split("\n")]
    assert lines[0] == list(HEADERS)
    assert len(lines) == ALL + 1
    first = page.model.row_at(0)
    assert first is not None
    assert lines[1][:3] == [
        first.relationship.from_name,
        "Knows",
        first.relationship.to_name,
    ]


# Changing


def test_delete_undo_and_redo(
    page: RelationshipsPage, context: WindowContext, access: DirectAccess, qtbot: QtBot
) -> None:
    entered = enter_some(access, "rt-works-with", "rt-reports-to", KNOWS_TYPE_ID)
    before = load_relationships(access)
    page.refresh()
    wait_for_count(qtbot, page, ALL + 2)  # the one that was found became the person's own
    select(page, *entered)
    press(Key.Key_Delete)
    wait_for_count(qtbot, page, ALL - 1)
    qtbot.waitUntil(lambda: toasts(context) == ["Deleted 3 relationships."])
    assert context.editing.status.undo_label == "Delete 3 relationships"
    context.editing.undo()
    wait_for_count(qtbot, page, ALL + 2)
    assert load_relationships(access) == before
    context.editing.redo()
    wait_for_count(qtbot, page, ALL - 1)


def test_deleting_leaves_what_was_found_and_offers_to_reject_it(
    page: RelationshipsPage, context: WindowContext, access: DirectAccess, qtbot: QtBot
) -> None:
    (entered,) = enter_some(access, "rt-works-with")
    page.refresh()
    wait_for_count(qtbot, page, ALL + 1)
    found = ids_of(access, RelationshipSource.INFERRED)[0]
    select(page, entered, found)
    press(Key.Key_Delete)
    wait_for_count(qtbot, page, ALL)
    qtbot.waitUntil(lambda: toasts(context) == ["Deleted 1 relationship. 1 found in mail stayed."])
    assert list(page.table.selected_ids()) == [found]
    press(Key.Key_Delete)
    qtbot.waitUntil(lambda: len(toasts(context)) == 2)
    assert "found in your mail" in toasts(context)[1]
    context.messages._toasts._toasts[1]._on_action()
    wait_for_count(qtbot, page, ALL - 1)
    assert found not in ids_of(access, RelationshipSource.INFERRED)


def test_what_is_rejected_stays_away(
    page: RelationshipsPage,
    context: WindowContext,
    access: DirectAccess,
    pipeline: Pipeline,
    qtbot: QtBot,
) -> None:
    found = ids_of(access, RelationshipSource.INFERRED)
    select(page, *found[:2])
    press(Key.Key_Delete, CONTROL)
    wait_for_count(qtbot, page, ALL - 2)
    qtbot.waitUntil(lambda: toasts(context) == ["Rejected 2 relationships."])
    page.infer.button.click()
    qtbot.waitUntil(lambda: page.infer.button.isEnabled())
    assert toasts(context)[-1] in ("Your relationships are up to date.", "There is no news.")
    assert set(ids_of(access, RelationshipSource.INFERRED)) == set(found[2:])
    context.editing.undo()
    wait_for_count(qtbot, page, ALL)


def test_rejecting_ones_own_offers_to_delete(
    page: RelationshipsPage, context: WindowContext, access: DirectAccess, qtbot: QtBot
) -> None:
    (entered,) = enter_some(access, "rt-works-with")
    page.commands.reject([entered])
    qtbot.waitUntil(lambda: len(toasts(context)) == 1)
    context.messages._toasts._toasts[0]._on_action()
    qtbot.waitUntil(lambda: ids_of(access, RelationshipSource.MANUAL) == [])


def test_confirming_makes_it_ones_own(
    page: RelationshipsPage, context: WindowContext, access: DirectAccess, qtbot: QtBot
) -> None:
    found = ids_of(access, RelationshipSource.INFERRED)[:3]
    select(page, *found)
    press(Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: set(ids_of(access, RelationshipSource.MANUAL)) == set(found))
    qtbot.waitUntil(lambda: toasts(context) == ["Confirmed 3 relationships."])

    def sources() -> set[str]:
        rows = [page.model.row_at(page.model.position_of(id_)) for id_ in found]
        return {row.relationship.source for row in rows if row is not None}

    qtbot.waitUntil(lambda: sources() == {RelationshipSource.MANUAL})
    assert set(page.table.selected_ids()) == set(found)
    context.editing.undo()
    qtbot.waitUntil(lambda: sources() == {RelationshipSource.INFERRED})
    page.commands.confirm(ids_of(access, RelationshipSource.IMPORTED))
    qtbot.waitUntil(lambda: "nothing to confirm" in toasts(context)[-1])


def test_several_are_given_another_type_in_one_step(
    page: RelationshipsPage, context: WindowContext, access: DirectAccess, qtbot: QtBot
) -> None:
    before = load_relationships(access)
    found = ids_of(access, RelationshipSource.INFERRED)[:2]
    select(page, *found)
    press(Key.Key_T, CONTROL)
    dialog = dialog_of(page, RetypeDialog)
    assert isinstance(dialog, RetypeDialog)
    qtbot.waitUntil(lambda: dialog.list.count() > 0)
    offered = [dialog.list.item(i).text() for i in range(dialog.list.count())]
    assert {"Works with", "Reports to"} <= set(offered)
    assert not {"Knows", "Employee", "Vendor"} & set(offered)
    assert nameless(dialog) == []
    dialog.list.setCurrentRow(offered.index("Works with"))
    with qtbot.waitSignal(dialog.accepted):
        QTest.keyClick(dialog.list, Key.Key_Return)
    rows = [row for row in load_relationships(access) if row.id in found]
    assert {row.type for row in rows} == {"WORKS_WITH"}
    qtbot.waitUntil(lambda: toasts(context) == ["Changed 2 relationships to “Works with”."])
    context.editing.undo()
    qtbot.waitUntil(lambda: load_relationships(access) == before)


def test_a_type_that_cannot_be_given_is_refused_in_place(
    page: RelationshipsPage, access: DirectAccess, qtbot: QtBot
) -> None:
    entered = enter_some(access, "rt-works-with", "rt-reports-to")
    page.commands.retype(entered)
    dialog = dialog_of(page, RetypeDialog)
    assert isinstance(dialog, RetypeDialog)
    qtbot.waitUntil(lambda: dialog.list.count() > 0)
    offered = [dialog.list.item(i).text() for i in range(dialog.list.count())]
    dialog.list.setCurrentRow(offered.index("Works with"))
    dialog.save()
    qtbot.waitUntil(lambda: bool(dialog.problem.text()))
    assert "would be there twice" in dialog.problem.text()
    assert dialog.isVisible()
    dialog.reject()


def test_no_type_fits_people_and_companies_alike(
    page: RelationshipsPage, access: DirectAccess, qtbot: QtBot
) -> None:
    page.table.selectAll()
    press(Key.Key_T, CONTROL)
    dialog = dialog_of(page, RetypeDialog)
    assert isinstance(dialog, RetypeDialog)
    qtbot.waitUntil(lambda: dialog.note.text().startswith("No other type"))
    assert not dialog.save_button.isEnabled()
    dialog.reject()


def test_a_note_by_the_keyboard(
    page: RelationshipsPage, access: DirectAccess, context: WindowContext, qtbot: QtBot
) -> None:
    found = ids_of(access, RelationshipSource.INFERRED)[0]
    select(page, found)
    press(Key.Key_M, CONTROL)
    dialog = dialog_of(page, NoteDialog)
    assert isinstance(dialog, NoteDialog)
    assert nameless(dialog) == []
    dialog.save()
    assert "empty" in dialog.problem.text()
    qtbot.waitUntil(dialog.isActiveWindow)
    type_text("Met in Riga")
    with qtbot.waitSignal(dialog.accepted):
        press(Key.Key_Return, CONTROL)
    with access.read() as store:
        assert [note.content for note in store.relationships.notes.of(found)] == ["Met in Riga"]
    qtbot.waitUntil(lambda: toasts(context) == ["Added a note."])


def test_add_and_edit_open_the_form(
    page: RelationshipsPage, access: DirectAccess, context: WindowContext, qtbot: QtBot
) -> None:
    press(Key.Key_N, CONTROL)
    form = dialog_of(page, RelationshipForm)
    assert isinstance(form, RelationshipForm)
    assert form.first.entity() is None
    form.reject()
    ada = Suggestion(EntityKind.CONTACT, contact_id_of(access, ADA), "Ada Lovelace", "")
    page.filters.person.set_entity(ada)
    page.add_button.click()
    form = dialog_of(page, RelationshipForm)
    assert isinstance(form, RelationshipForm)
    assert form.first.entity() == ada
    form.reject()
    page.table.setFocus()
    page.table.setCurrentIndex(page.model.index(0, 0))
    press(Key.Key_F2)
    edit = dialog_of(page, RelationshipEditForm)
    assert isinstance(edit, RelationshipEditForm)
    qtbot.waitUntil(lambda: edit.fields.isEnabled())
    edit.reject()


def test_what_was_entered_is_selected(
    page: RelationshipsPage, access: DirectAccess, context: WindowContext, qtbot: QtBot
) -> None:
    grace = Suggestion(EntityKind.CONTACT, contact_id_of(access, GRACE), "Grace Hopper", "")
    page.filters.person.set_entity(grace)
    page.add_button.click()
    form = dialog_of(page, RelationshipForm)
    assert isinstance(form, RelationshipForm)
    qtbot.waitUntil(lambda: form.phrase.count() > 0)
    ada = Suggestion(EntityKind.CONTACT, contact_id_of(access, ADA), "Ada Lovelace", "")
    form.second.set_entity(ada)
    form.phrase.setCurrentIndex(form.phrase.findText("Reports to"))
    with qtbot.waitSignal(form.made) as made:
        form.save()
    qtbot.waitUntil(lambda: list(page.table.selected_ids()) == made.args)
    assert page.count.text() == "3 relationships found"


# Staying where one was


def test_the_selection_survives_other_orders_and_ends_with_its_rows(
    page: RelationshipsPage, access: DirectAccess, context: WindowContext, qtbot: QtBot
) -> None:
    (entered,) = enter_some(access, "rt-works-with")
    page.refresh()
    wait_for_count(qtbot, page, ALL + 1)
    select(page, entered)
    for column in (columns.FROM, columns.TYPE):
        with qtbot.waitSignal(page.model.refreshed):
            page.table.sort_by(column)
        assert list(page.table.selected_ids()) == [entered]
        (selected,) = page.table.selectionModel().selectedRows()
        assert selected.row() == page.model.position_of(entered)
    position = page.model.position_of(entered)
    press(Key.Key_Delete)
    wait_for_count(qtbot, page, ALL)
    qtbot.waitUntil(lambda: list(page.table.selected_ids()) != [entered])
    assert page.table.selectionModel().isRowSelected(min(position, ALL - 1), QModelIndex())
    assert page.table.hasFocus()


def test_what_is_filtered_away_is_no_longer_selected(
    page: RelationshipsPage, access: DirectAccess, qtbot: QtBot
) -> None:
    select(page, ids_of(access, RelationshipSource.INFERRED)[0])
    page.show_type("rt-employee")
    wait_for_count(qtbot, page, 1)
    assert list(page.table.selected_ids()) == []
    page.show_type("rt-vendor")
    qtbot.waitUntil(page.empty.isVisible)
    assert not page.deeds["copy"].isEnabled()


# Inferring


def test_infer_now_runs_once_and_tells(
    page: RelationshipsPage,
    context: WindowContext,
    pipeline: Pipeline,
    lanes: Lanes,
    access: DirectAccess,
    qtbot: QtBot,
) -> None:
    access.write(
        lambda store: store.connection.exec_driver_sql(
            "DELETE FROM relationships WHERE source = 'inferred'"
        )
    )
    page.refresh()
    wait_for_count(qtbot, page, 1)
    names: list[str] = []
    lanes.job_added.connect(lambda handle: names.append(handle.name))
    page.infer.button.click()
    assert not page.infer.button.isEnabled()
    assert page.infer.state_text() == "Waiting for its turn"
    wait_for_count(qtbot, page, ALL)
    qtbot.waitUntil(lambda: page.infer.button.isEnabled())
    assert page.infer.state_text() == ""
    assert names.count("Finding relationships") == 1
    qtbot.waitUntil(lambda: toasts(context) == ["Your relationships are up to date."])


def test_infer_now_can_be_stopped(
    page: RelationshipsPage, context: WindowContext, pipeline: Pipeline, lanes: Lanes, qtbot: QtBot
) -> None:
    gate = Event()
    lanes.compute.submit(lambda _ctx: gate.wait(10))
    page.infer.button.click()
    qtbot.waitUntil(page.infer.stop_button.isVisible)
    assert not page.infer.button.isEnabled()
    page.infer.stop_button.click()
    qtbot.waitUntil(page.infer.button.isEnabled)
    assert not page.infer.stop_button.isVisible()
    gate.set()
    qtbot.waitUntil(lambda: toasts(context) == ["Stopped. The relationships are as they were."])


def test_a_run_that_waits_already_is_the_one_asked_for(
    page: RelationshipsPage, context: WindowContext, pipeline: Pipeline, lanes: Lanes, qtbot: QtBot
) -> None:
    gate = Event()
    names: list[str] = []
    lanes.compute.submit(lambda _ctx: gate.wait(10))
    with qtbot.waitSignal(lanes.job_added):
        infer_now(context)
    lanes.job_added.connect(lambda handle: names.append(handle.name))
    assert page.infer.button.isEnabled()
    qtbot.waitUntil(page.infer.stop_button.isVisible)  # it takes long
    page.infer.button.click()
    gate.set()
    qtbot.waitUntil(page.infer.button.isEnabled)
    assert "Finding relationships" not in names
    qtbot.waitUntil(lambda: toasts(context) == ["There is no news."])


def test_what_filters_and_orders_take_is_read_ahead(
    page: RelationshipsPage, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    done: list[str] = []
    monkeypatch.setattr(page.model, "prepare_list", lambda _ctx: done.append("list"))
    monkeypatch.setattr(page.model, "prepare_names", lambda _ctx: done.append("names"))
    page.filters.text.setFocus()
    qtbot.waitUntil(lambda: done == ["list"])
    QApplication.sendEvent(page.table.header, QEvent(QEvent.Type.Enter))
    qtbot.waitUntil(lambda: done == ["list", "list", "names"])
    place = QPointF(5, 5)
    QApplication.sendEvent(page.filters, QEnterEvent(place, place, place))
    qtbot.waitUntil(lambda: done[3:] == ["list"])
