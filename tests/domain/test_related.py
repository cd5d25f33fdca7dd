"""What cards call people, and which type that is."""

from __future__ import annotations

import pytest

from crm_desktop.domain.related import CARD_TYPES, Relation, relation
from crm_desktop.domain.relationships import SEED_TYPES, EntityKind


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("spouse", Relation("rt-card-spouse")),
        ("Wife", Relation("rt-card-spouse", says_more=True)),
        ("partner", Relation("rt-card-life-partner")),
        ("parent", Relation("rt-card-parent")),
        ("Mother", Relation("rt-card-parent", says_more=True)),
        ("child", Relation("rt-card-parent", named_is_first=False)),
        ("daughter", Relation("rt-card-parent", named_is_first=False, says_more=True)),
        ("sister", Relation("rt-card-sibling", says_more=True)),
        ("Mother in Law", Relation("rt-card-family", says_more=True)),
        ("friend", Relation("rt-card-friend")),
        ("co-worker", Relation("rt-works-with")),
        ("CO_WORKER", Relation("rt-works-with")),
        ("colleague", Relation("rt-works-with")),
        ("manager", Relation("rt-reports-to")),
        ("assistant", Relation("rt-card-assistant")),
        ("agent", Relation("rt-card-agent")),
        ("emergency", Relation("rt-card-emergency-contact")),
        ("related", Relation("rt-card-connection")),
        ("Patentante", Relation("rt-card-connection", says_more=True)),
        ("", Relation("rt-card-connection", says_more=True)),
    ],
)
def test_words_of_cards(word: str, meaning: Relation):
    assert relation(word) == meaning


def test_types_that_cards_need_are_told_apart_from_all_others():
    assert len({type_.name for type_ in CARD_TYPES.values()}) == len(CARD_TYPES)
    assert not {type_.name for type_ in CARD_TYPES.values()} & {type_.name for type_ in SEED_TYPES}
    for type_ in CARD_TYPES.values():
        assert type_.from_entity_type is type_.to_entity_type is EntityKind.CONTACT
        assert 0 <= type_.color_index <= 11
