"""Who rose and who faded."""

from __future__ import annotations

import pytest

from crm_desktop.base.clock import now_seconds
from crm_desktop.domain.interactions import InvalidWindow, NoSelfPerson
from crm_desktop.services.movement import movement
from tests.archive_builder import ArchiveBuilder

pytestmark = pytest.mark.usefixtures("frozen_now")
DAY_S = 86_400


@pytest.fixture
def archive(database) -> ArchiveBuilder:
    return ArchiveBuilder(database)


@pytest.fixture
def me(access, archive) -> int:
    contact_id = archive.contact("Me")
    access.write(lambda store: store.settings.set("self_person_id", str(contact_id)))
    # Nobody's, but it says how far the archive reaches back.
    archive.message(archive.conversation(), archive.contact("Old"), [], now_seconds() - 60 * DAY_S)
    return contact_id


def write(archive: ArchiveBuilder, sender: int, to: list[int], *days_ago: float) -> None:
    conversation = archive.conversation()
    for days in days_ago:
        archive.message(conversation, sender, to, now_seconds() - round(days * DAY_S))


def test_both_directions_count_and_each_message_once(access, archive, me):
    ben, cleo, dan = (archive.contact(name) for name in ("Ben", "Cleo", "Dan"))
    write(archive, me, [ben, cleo], 1, 2, 3)
    write(archive, ben, [me], 4, 5, 40)
    write(archive, dan, [me], 31, 32, 33, 34, 59)
    write(archive, dan, [cleo], 1, 2, 3, 4)  # not with me
    found = movement(access, window="30d")
    assert [(m.display_name, m.messages_now, m.messages_before) for m in found.risers] == [
        ("Ben", 5, 1)
    ]
    assert [(m.display_name, m.messages_now, m.messages_before) for m in found.faders] == [
        ("Dan", 0, 5)
    ]
    assert found.window_end - found.window_start == 30 * DAY_S


def test_a_message_on_the_border_is_of_the_window_before(access, archive, me):
    ben = archive.contact("Ben")
    write(archive, me, [ben], 30, 30, 30, 30)
    assert [m.messages_before for m in movement(access, window="30d").faders] == [4]
    write(archive, me, [ben], 60)
    assert [m.messages_before for m in movement(access, window="30d").faders] == [4]


def test_small_numbers_and_small_changes_say_nothing(access, archive, me):
    ben, cleo = archive.contact("Ben"), archive.contact("Cleo")
    write(archive, me, [ben], 1, 2, 3)
    write(archive, me, [cleo], 1, 2, 3, 4, 5, 31, 32, 33, 34)
    found = movement(access, window="30d")
    assert (found.risers, found.faders) == ((), ())


def test_someone_else_at_the_centre_and_lists_left_out(access, archive, me):
    ben = archive.contact("Ben")
    robot = archive.contact("Robot", kind="bot")
    write(archive, me, [ben, robot], 1, 2, 3, 4)
    assert [m.person_id for m in movement(access, window="30d").risers] == [ben]
    assert [m.person_id for m in movement(access, self_person_id=ben, window="30d").risers] == [me]


def test_the_greatest_change_comes_first_and_few_are_told(access, archive, me):
    for index in range(8):
        write(archive, me, [archive.contact(f"P{index}")], *range(1, 6 + index))
    risers = movement(access, window="30d", limit=3).risers
    assert [mover.messages_now for mover in risers] == [12, 11, 10]


def test_without_a_whole_window_before_nobody_moved(access, archive, me):
    write(archive, me, [archive.contact("Ben")], 1, 2, 3, 4)
    assert [m.display_name for m in movement(access, window="30d").risers] == ["Ben"]
    assert movement(access, window="31d").risers == ()


def test_bad_input_says_what_is_accepted(access):
    with pytest.raises(NoSelfPerson):
        movement(access)
    with pytest.raises(InvalidWindow):
        movement(access, window="soon")
