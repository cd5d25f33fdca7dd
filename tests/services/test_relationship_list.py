"""Long lists of relationships: which, in which order, and what can be done with several."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_desktop.base.errors import Cancelled
from crm_desktop.base.jobs import CancelToken
from crm_desktop.domain.marks import name_order
from crm_desktop.domain.relationship_list import RelationshipQuery, RelationshipSort
from crm_desktop.domain.relationships import (
    KNOWS_TYPE_ID,
    EntityKind,
    Relationship,
    RelationshipSource,
)
from crm_desktop.services.relationship_list import (
    fitting_types,
    prepare_list,
    prepare_names,
    relationship_ids,
    relationship_rows,
    relationship_selection,
)
from crm_desktop.services.relationships import load_relationships
from tests.archive_builder import ArchiveBuilder
from tests.crowd import store_crowd

if TYPE_CHECKING:
    from crm_desktop.model.database import Database
    from crm_desktop.services.access import DirectAccess

MEASURES = ("strength", "shared_conversations", "shared_messages", "last_interaction")
HOSTILE = (
    *("'; DROP TABLE contacts; --", '"', '""', "'", "%", "_", "\\", "*", "-", "NOT", "a OR b"),
    *(
        "name : x",
        "NEAR(",
        "(",
        "\0",
        "a\0b",
        "\ud800",
        "\u202e",
        "{}",
        "^a",
        " ",
        "\t\n",
        "a" * 500,
    ),
)


@pytest.fixture
def crowd(database: Database, access: DirectAccess) -> DirectAccess:
    store_crowd(database, people=120, relationships=400)
    return access


def listed(access: DirectAccess, **query: object) -> list[Relationship]:
    ids = relationship_ids(access, RelationshipQuery(**query))  # type: ignore[arg-type]
    rows = relationship_rows(access, ids)
    assert [row.id for row in rows] == list(ids)
    return rows


def test_as_it_comes_it_is_the_list_of_everything(crowd: DirectAccess) -> None:
    assert listed(crowd) == list(load_relationships(crowd))


@pytest.mark.parametrize("sort", MEASURES)
@pytest.mark.parametrize("descending", [True, False])
def test_measures_sort_both_ways_and_what_has_none_comes_last(
    crowd: DirectAccess, sort: str, descending: bool
) -> None:
    rows = listed(crowd, sort=RelationshipSort(sort), descending=descending)
    values = [getattr(row, sort) for row in rows]
    measured = [value for value in values if value is not None]
    assert measured == sorted(measured, reverse=descending)
    assert 0 < len(measured) < len(values) == 400
    assert set(values[len(measured) :]) == {None}


@pytest.mark.parametrize("descending", [True, False])
def test_names_sort_by_their_letters_and_each_ones_rows_by_strength(
    crowd: DirectAccess, descending: bool
) -> None:
    for sort, end in ((RelationshipSort.FROM, "from"), (RelationshipSort.TO, "to")):
        rows = listed(crowd, sort=sort, descending=descending)
        names = [name_order(getattr(row, f"{end}_name")) for row in rows]
        assert names == sorted(names, reverse=descending)
        for before, after in pairwise(rows):
            if _end(before, end) == _end(after, end):
                assert (before.strength or 0) >= (after.strength or 0)


def _end(row: Relationship, end: str) -> tuple[str, int]:
    return getattr(row, f"{end}_entity_type"), getattr(row, f"{end}_entity_id")


@pytest.mark.parametrize(
    ("sort", "value"),
    [
        (RelationshipSort.TYPE, lambda row: row.type.casefold()),
        (RelationshipSort.LABEL, lambda row: row.forward_label.casefold()),
        (RelationshipSort.SOURCE, lambda row: ["manual", "inferred", "imported"].index(row.source)),
    ],
)
def test_types_labels_and_sources_sort(crowd: DirectAccess, sort: RelationshipSort, value) -> None:
    for descending in (True, False):
        values = [value(row) for row in listed(crowd, sort=sort, descending=descending)]
        assert values == sorted(values, reverse=descending)
        assert len(set(values)) > 2


def test_conditions_narrow_together(crowd: DirectAccess) -> None:
    everything = load_relationships(crowd)
    assert listed(crowd, type_id="rt-employee") == [
        row for row in everything if row.relationship_type_id == "rt-employee"
    ]
    strong = listed(crowd, min_strength=0.5, source=RelationshipSource.INFERRED)
    assert strong == [row for row in everything if (row.strength or 0) >= 0.5]
    assert listed(crowd, min_strength=0.5, source=RelationshipSource.MANUAL) == []
    mine = listed(crowd, contact_id=1, type_id=KNOWS_TYPE_ID)
    assert mine == list(load_relationships(crowd, contact_id=1, relationship_type_id=KNOWS_TYPE_ID))
    assert len(mine) > 3


def test_a_person_brings_whoever_counts_as_the_same(
    access: DirectAccess, database: Database
) -> None:
    archive = ArchiveBuilder(database)
    ada, other_ada, grace = (archive.contact(name) for name in ("Ada", "ada ", "Grace"))
    for first, second in ((ada, grace), (other_ada, grace)):
        with database.write() as store:
            store.relationships.add(
                "rt-works-with", first, second, source=RelationshipSource.MANUAL
            )
    assert len(listed(access, contact_id=ada)) == 2
    assert len(listed(access, contact_id=other_ada)) == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("lovelace", ["Ada Lovelace"]),
        ("  ADA   love ", ["Ada Lovelace"]),
        ("elod", ["Élodie Dubois"]),
        ("Élod", ["Élodie Dubois"]),
        ("lodie", ["Élodie Dubois"]),
        ("bois engines", ["Élodie Dubois"]),
        ("山田", ["山田 太郎"]),
        ("bold</b>", ["<b>Bold</b>"]),
        ("engines", ["Ada Lovelace", "Élodie Dubois", "山田 太郎", "<b>Bold</b>"]),
        ("lovelace dubois", []),
        ("", ["Ada Lovelace", "Élodie Dubois", "山田 太郎", "<b>Bold</b>"]),
    ],
)
def test_text_finds_any_part_of_either_name_whatever_its_marks(
    access: DirectAccess, database: Database, text: str, expected: list[str]
) -> None:
    archive = ArchiveBuilder(database)
    company = archive.company("Analytical Engines")
    names = ["Ada Lovelace", "Élodie Dubois", "山田 太郎", "<b>Bold</b>"]
    people = [archive.contact(name) for name in names]
    with database.write() as store:
        for person in people:
            store.relationships.add(
                "rt-employee", company, person, source=RelationshipSource.MANUAL
            )
        store.fulltext.rebuild()
    assert {row.to_name for row in listed(access, text=text)} == set(expected)


@pytest.mark.parametrize("text", HOSTILE)
def test_any_text_is_a_valid_one(crowd: DirectAccess, text: str) -> None:
    for sort in (RelationshipSort.STRENGTH, RelationshipSort.TO):
        assert len(listed(crowd, text=text, sort=sort)) <= 400


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    query=st.builds(
        RelationshipQuery,
        sort=st.sampled_from(RelationshipSort),
        descending=st.booleans(),
        type_id=st.none() | st.sampled_from([KNOWS_TYPE_ID, "rt-employee", "nothing"]),
        source=st.none() | st.sampled_from(RelationshipSource),
        min_strength=st.floats(0, 1),
        contact_id=st.none() | st.integers(0, 130),
        text=st.text(max_size=8) | st.sampled_from(["a", "ada", "bjorn", "hopper i", "Ö"]),
    )
)
def test_a_list_never_depends_on_how_it_is_sorted(
    crowd: DirectAccess, query: RelationshipQuery
) -> None:
    usual = replace(query, sort=RelationshipSort.STRENGTH, descending=True)
    assert sorted(relationship_ids(crowd, query)) == sorted(relationship_ids(crowd, usual))


def test_what_is_read_ahead_is_never_old(crowd: DirectAccess, database: Database) -> None:
    query = RelationshipQuery(RelationshipSort.FROM, descending=False, text="kowal")
    prepare_list(crowd)
    prepare_names(crowd)
    before = list(relationship_ids(crowd, query))
    archive = ArchiveBuilder(database)
    first, second = archive.contact("Aaron Kowalski"), archive.contact("Zoë")
    with database.write() as store:
        made = store.relationships.add(
            "rt-reports-to", first, second, source=RelationshipSource.MANUAL
        )
    assert list(relationship_ids(crowd, query)) == [made, *before]
    archive.execute("UPDATE contacts SET name = 'Zz', name_key = 'zz' WHERE id = ?", first)
    assert list(relationship_ids(crowd, query)) == before


def test_nothing_at_all(access: DirectAccess) -> None:
    for sort in RelationshipSort:
        assert listed(access, sort=sort, descending=False, text="a") == []


def test_rows_that_are_gone_are_left_out(crowd: DirectAccess) -> None:
    ids = relationship_ids(crowd, RelationshipQuery())[:3]
    rows = relationship_rows(crowd, [ids[2], 10_000, ids[0]])
    assert [row.id for row in rows] == [ids[2], ids[0]]


def test_what_was_not_measured_in_numbers_counts_as_nothing(
    access: DirectAccess, database: Database
) -> None:
    archive = ArchiveBuilder(database)
    ada, ben = archive.contact("Ada"), archive.contact("Ben")
    for properties in ("no JSON", '"text"', "[1]", '{"strength": "high", "last_interaction": {}}'):
        archive.execute("DELETE FROM relationships")
        archive.execute(
            "INSERT INTO relationships (relationship_type_id, from_entity_id, to_entity_id,"
            " properties, created_at, updated_at) VALUES (?, ?, ?, ?, 0, 0)",
            *(KNOWS_TYPE_ID, ada, ben, properties),
        )
        for sort in RelationshipSort:
            assert len(relationship_ids(access, RelationshipQuery(sort))) == 1


def test_a_cancelled_question_stops(crowd: DirectAccess) -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        relationship_ids(crowd, RelationshipQuery(), token=token)


def test_a_selection_says_what_was_found_and_which_types_fit(crowd: DirectAccess) -> None:
    rows = load_relationships(crowd)
    found = [row.id for row in rows if row.source is RelationshipSource.INFERRED][:2]
    own = [row.id for row in rows if row.relationship_type_id == "rt-employee"][:1]
    selection = relationship_selection(crowd, [*found, *own, 10_000])
    assert set(selection.found) == set(found)
    assert selection.own == tuple(own)
    assert selection.kinds == {
        (EntityKind.CONTACT, EntityKind.CONTACT),
        (EntityKind.COMPANY, EntityKind.CONTACT),
    }
    assert selection.type_ids == {KNOWS_TYPE_ID, "rt-employee"}


def test_types_fit_all_of_a_selection_whichever_way_round(crowd: DirectAccess) -> None:
    def fitting(*type_ids: str) -> set[str]:
        rows = load_relationships(crowd)
        chosen = [next(r.id for r in rows if r.relationship_type_id == id_) for id_ in type_ids]
        return {type_.id for type_ in fitting_types(crowd, chosen)}

    assert fitting(KNOWS_TYPE_ID) == {"rt-reports-to", "rt-works-with"}
    assert fitting("rt-vendor") == {"rt-partner"}
    assert fitting("rt-employee") == set()
    assert fitting(KNOWS_TYPE_ID, "rt-works-with") == {
        KNOWS_TYPE_ID,
        "rt-reports-to",
        "rt-works-with",
    }
    assert fitting(KNOWS_TYPE_ID, "rt-vendor") == set()
    assert fitting_types(crowd, [10_000]) == ()
