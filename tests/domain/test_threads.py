"""Subjects: what mail programs and lists add to them, and which of them say anything."""

from __future__ import annotations

import pytest

from crm_desktop.domain.threads import (
    bare_subject,
    is_continued_subject,
    is_reply_subject,
    subject_key,
)


@pytest.mark.parametrize(
    ("subject", "bare", "is_reply", "is_continued"),
    [
        ("Harvest plans", "Harvest plans", False, False),
        ("Re: Harvest plans", "Harvest plans", True, True),
        ("AW: WG: Re[2]:  Harvest\tplans", "Harvest plans", True, True),
        ("Fwd: Harvest plans", "Harvest plans", False, True),
        ("[orchard] Re: Harvest plans", "Harvest plans", True, False),
        ("[orchard] Harvest plans", "Harvest plans", False, False),
        ("回复：Harvest plans", "Harvest plans", True, True),
        ("Resumé of the harvest: plans", "Resumé of the harvest: plans", False, False),
        ("Re:", "", True, True),
    ],
)
def test_what_programs_put_before_a_subject(
    subject: str, bare: str, is_reply: bool, is_continued: bool
) -> None:
    assert bare_subject(subject) == bare
    assert is_reply_subject(subject) is is_reply
    assert is_continued_subject(subject) is is_continued


def test_one_conversation_has_one_key() -> None:
    assert subject_key("Re: Harvest  plans!") == subject_key("[orchard] harvest plans")
    assert subject_key("Harvest plans") != subject_key("Harvest pleas")


@pytest.mark.parametrize("subject", ["", "Hi", "Re: hello", "Thanks", "Lunch tomorrow", "Q3?"])
def test_short_and_generic_subjects_say_nothing(subject: str) -> None:
    assert subject_key(subject) is None
