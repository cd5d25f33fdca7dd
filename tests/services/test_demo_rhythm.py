"""When the people of the sample life write."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

import pytest

from crm_desktop.services import demo_rhythm as rhythm
from crm_desktop.services.demo_people import Arc, Person


def person(shape: str, begin: float = 36, end: float = 0, circle: str = "climbing") -> Person:
    return Person("A B", "A", "B", "a@b.example", "", "", (circle,), 3.0, Arc(begin, end, shape))


@pytest.mark.parametrize("shape", ["steady", "rising", "fading", "cooling", "quarterly"])
def test_nobody_writes_outside_their_time(shape: str) -> None:
    someone = person(shape, begin=20, end=5)
    assert rhythm.intensity(someone, 21) == 0
    assert rhythm.intensity(someone, 4) == 0


def test_the_shapes_go_where_they_say() -> None:
    def course(shape: str, circle: str = "climbing") -> list[float]:
        return [rhythm.intensity(person(shape, circle=circle), ago) for ago in (30, 15, 1, 0.2)]

    assert course("steady") == [1, 1, 1, 1]
    assert course("rising") == sorted(course("rising"))
    assert course("fading") == sorted(course("fading"), reverse=True)
    assert course("fading", "former")[0] == 1
    assert course("fading", "former")[-1] < 0.1
    assert course("cooling")[:2] == [1.3, 1.3]
    assert course("cooling")[-1] == 0


def test_work_is_answered_in_working_hours() -> None:
    random = Random(1)
    friday_evening = int(datetime(2026, 4, 24, 20, tzinfo=UTC).timestamp())
    for _ in range(200):
        at = rhythm.answer_at(random, friday_evening, rhythm.WORK, is_chat=False)
        local = datetime.fromtimestamp(at + rhythm.LOCAL_S, UTC)
        assert at > friday_evening
        assert local.weekday() < 5
        assert 8 <= local.hour < 18


def test_a_week_begins_on_monday_and_the_last_one_holds_now() -> None:
    now = int(datetime(2026, 5, 1, 9, tzinfo=UTC).timestamp())
    first = rhythm.first_monday(now)
    local = datetime.fromtimestamp(first + rhythm.LOCAL_S, UTC)
    assert (local.weekday(), local.hour, local.minute) == (0, 0, 0)
    last = first + (rhythm.WEEKS - 1) * rhythm.WEEK_S
    assert last <= now < last + rhythm.WEEK_S


def test_counts_have_their_mean() -> None:
    random = Random(2)
    for draw in (rhythm.poisson, rhythm.steady_count):
        counts = [draw(random, 1.7) for _ in range(4000)]
        assert abs(sum(counts) / len(counts) - 1.7) < 0.1
