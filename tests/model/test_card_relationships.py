"""What cards say about relationships, and the rows that follow from them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from crm_desktop.domain.related import CARD_TYPES, EMPLOYEE_TYPE_ID
from crm_desktop.domain.relationships import Decision
from crm_desktop.model.card_relationships import CardRelationship, Employment, NamedRelation
from tests.life import Life

FRIEND = CARD_TYPES["rt-card-friend"]


@pytest.fixture
def ids(database) -> dict[str, int]:
    """Two people, a robot and a company, each person with a card of import 1."""
    with database.write() as store:
        life = Life(store)
        found = {
            "ada": life.contact("Ada King"),
            "bob": life.contact("Bob Ray"),
            "bot": life.contact("Robot", kind="bot"),
            "acme": life.company("Acme"),
        }
        execute = store.connection.exec_driver_sql
        execute("INSERT INTO imports (id, source, path, started_at) VALUES (1, 'vcard', 'x', 0)")
        for number, (name, data) in enumerate(
            (
                ("ada", {"organization": "Acme", "title": "Old"}),
                ("ada", {"organization": "Acme", "title": "New", "related": [["friend", "Bob"]]}),
                ("bob", {"related": [["child", "X"], ["friend", "Ada King"]]}),
                ("bot", {"organization": "Acme", "related": [["agent", "Ada King"]]}),
            ),
            start=1,
        ):
            execute(
                "INSERT INTO cards (id, contact_id, import_id, uid, content_key, data)"
                " VALUES (?, ?, 1, ?, ?, ?)",
                (
                    number,
                    found[name],
                    f"U{number}" if name != "bob" else "",
                    number,
                    json.dumps(data),
                ),
            )
        store.relationships.cards.add_type(FRIEND)
        return found


def friends(ids: dict[str, int], **changes: Any) -> CardRelationship:
    row = CardRelationship(FRIEND.id, ids["ada"], ids["bob"], 2, 1, None)
    return replace(row, **changes)


def test_what_cards_of_people_say(database, ids):
    with database.read() as store:
        cards = store.relationships.cards
        assert cards.exist()
        assert cards.employments() == [Employment(2, 1, ids["ada"], "Acme", "New")]
        assert cards.relations() == [
            NamedRelation(2, 1, ids["ada"], "Ada King", "friend", "Bob"),
            NamedRelation(3, 1, ids["bob"], "Bob Ray", "child", "X"),
            NamedRelation(3, 1, ids["bob"], "Bob Ray", "friend", "Ada King"),
        ]
        assert cards.by_uid(["u1", "u4", ""]) == {"u1": ids["ada"]}
        assert cards.by_name_key(["ada king", "robot"]) == {"ada king": [ids["ada"]]}
        assert cards.persons([ids["bob"], ids["bot"], 99]) == {ids["bob"]: "bob ray"}


def test_rows_are_added_changed_and_dropped(database, ids):
    with database.write() as store:
        cards = store.relationships.cards
        cards.add([friends(ids, description="a")], FRIEND)
        [(id_, stored)] = cards.stored().items()
        assert stored == (friends(ids, description="a"), False)
        cards.change([(id_, friends(ids, card_id=3, description="b"))])
        assert cards.stored() == {id_: (friends(ids, card_id=3, description="b"), False)}
        store.relationships.update(id_, attitude=4)
        cards.change([(id_, friends(ids, description="c"))])
        assert cards.stored() == {id_: (friends(ids, description="b"), True)}
        cards.drop([id_])
        assert cards.stored() == {}
        [row] = store.relationships.load()
        assert (row.id, row.source, row.attitude) == (id_, "manual", 4)


def test_rows_are_not_added_where_something_stands_against_it(database, ids):
    with database.write() as store:
        cards = store.relationships.cards
        cards.add(
            [
                friends(ids, card_id=99),
                friends(ids, to_entity_id=99),
                friends(ids, to_entity_id=ids["bot"]),
                friends(ids, type_id="rt-gone"),
            ],
            FRIEND,
        )
        assert store.relationships.load() == ()
        store.relationships.decide(*friends(ids).key, Decision.REJECTED)
        cards.add([friends(ids)], FRIEND)
        assert store.relationships.load() == ()
        assert cards.taken([FRIEND.id]) == {friends(ids).key}
        store.relationships.forget_decision(*friends(ids).key)
        cards.add([friends(ids), friends(ids)], FRIEND)
        assert len(store.relationships.load()) == 1
        assert cards.taken([FRIEND.id]) == set()
        employee = store.relationship_types.get(EMPLOYEE_TYPE_ID)
        assert employee is not None
        cards.add(
            [CardRelationship(EMPLOYEE_TYPE_ID, ids["acme"], ids["ada"], 2, 1, None)], employee
        )
        assert len(store.relationships.load()) == 2


def test_types_come_and_go(database, ids):
    spouse = CARD_TYPES["rt-card-spouse"]
    with database.write() as store:
        cards, types = store.relationships.cards, store.relationship_types
        types.add("spouse", *["contact"] * 2, "a", "b")
        cards.add_type(spouse)
        cards.add_type(spouse)
        found = types.get(spouse.id)
        assert found == replace(spouse, name="SPOUSE (address book)")
        cards.add([friends(ids)], FRIEND)
        assert cards.drop_unused_types([spouse.id, FRIEND.id]) == 1
        assert types.get(FRIEND.id) == FRIEND
        store.relationships.decide(*friends(ids).key, Decision.REJECTED)
        store.relationships.delete(store.relationships.cards.stored())
        assert cards.drop_unused_types([FRIEND.id]) == 0
        store.relationships.forget_decision(*friends(ids).key)
        types.save(FRIEND)
        assert cards.drop_unused_types([FRIEND.id]) == 0
