"""What is known of a conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_desktop.domain.contacts import ContactKind
from crm_desktop.services.conversations import MAX_MESSAGES, conversation_detail
from tests.life import DAY_S, NOW, Life

if TYPE_CHECKING:
    from crm_desktop.model.database import UnitOfWork
    from crm_desktop.services.access import DirectAccess


def test_a_conversation_is_read_in_order(access: DirectAccess) -> None:
    ids: dict[str, int] = {}

    def write(store: UnitOfWork) -> None:
        life = Life(store)
        ids["bob"] = bob = life.contact("Bob")
        ids["me"] = me = life.contact("Me")
        ids["list"] = mailing_list = life.contact("Club", kind="list")
        ids["tea"] = tea = life.conversation("Tea")
        life.message(tea, me, bob, at=NOW, subject="Re: Tea", preview="At four.")
        life.message(tea, bob, me, mailing_list, at=NOW - DAY_S, subject="Tea", preview="When?")
        life.message(tea, bob, me, at=None, preview="Undated")
        life.message(tea, bob, me, at=NOW - 2 * DAY_S, preview="Away", is_active=False)

    access.write(write)
    detail = conversation_detail(access, ids["tea"])
    assert detail is not None
    assert (detail.subject, detail.message_count) == ("Tea", 4)
    assert [(p.contact_id, p.kind, p.sent) for p in detail.people] == [
        (ids["bob"], ContactKind.PERSON, 2),
        (ids["me"], ContactKind.PERSON, 1),
        (ids["list"], ContactKind.LIST, 0),
    ]
    assert [(m.preview, m.sender, m.sent_at, m.is_active) for m in detail.messages] == [
        ("Undated", "Bob", None, True),
        ("Away", "", NOW - 2 * DAY_S, False),
        ("When?", "Bob", NOW - DAY_S, True),
        ("At four.", "Me", NOW, True),
    ]
    assert detail.messages[1].sender_id is None
    assert detail.messages[3].sender_id == ids["me"]


def test_of_a_long_conversation_the_end_is_read(access: DirectAccess) -> None:
    def write(store: UnitOfWork) -> int:
        life = Life(store)
        me, bob, talk = life.contact("Me"), life.contact("Bob"), life.conversation("Talk")
        for number in range(MAX_MESSAGES + 5):
            life.message(talk, me, bob, at=NOW + number, preview=str(number))
        return talk

    detail = conversation_detail(access, access.write(write))
    assert detail is not None
    assert detail.message_count == MAX_MESSAGES + 5
    assert [m.preview for m in detail.messages] == [str(n) for n in range(5, MAX_MESSAGES + 5)]


def test_a_conversation_that_is_gone(access: DirectAccess) -> None:
    assert conversation_detail(access, 99) is None
