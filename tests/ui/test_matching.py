from __future__ import annotations

import pytest

from crm_desktop.ui.actions import all_actions
from crm_desktop.ui.matching import match, rank


def test_nothing_typed_matches_everything_in_order() -> None:
    actions = all_actions()
    assert [action for action, _ in rank("", actions)] == list(actions)


@pytest.mark.parametrize(
    ("query", "text", "marks"),
    [
        ("imp", "Import mail", ((0, 3),)),
        ("mail", "Import mail", ((7, 4),)),
        ("port", "Import mail", ((2, 4),)),
        ("IMPORT M", "Import mail", ((0, 8),)),
        ("impm", "Import mail", ((0, 3), (7, 1))),
        ("itmi", "Import mail", None),
        ("zz", "Import mail", None),
        ("xyz", "", None),
    ],
)
def test_marks_say_what_matched(
    query: str, text: str, marks: tuple[tuple[int, int], ...] | None
) -> None:
    found = match(query, text)
    assert (found[1] if found else None) == marks


def test_the_start_of_a_word_wins_over_the_middle_and_over_loose_letters() -> None:
    scores = [match("ma", text) for text in ("Import mail", "Gamma", "Me, and All")]
    values = [score[0] for score in scores if score is not None]
    assert len(values) == 3
    assert values == sorted(values, reverse=True)


def test_commands_are_found_by_their_keywords_last() -> None:
    found = [action.id for action, _ in rank("theme", all_actions())]
    assert found == ["appearance-system", "appearance-light", "appearance-dark"]


def test_every_action_is_found_by_its_own_words() -> None:
    for action in all_actions():
        assert rank(action.plain_text, all_actions())[0][0].id == action.id
