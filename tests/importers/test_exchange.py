"""Names that Exchange exports keep beside the addresses."""

from __future__ import annotations

import pytest

from crm_desktop.domain.messages import Mailbox
from crm_desktop.importers.exchange import Entry, entries, with_names

OFFICE = "/O=ACME/OU=EU/CN=RECIPIENTS/CN="


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", []),
        (f"Grey, Jo <{OFFICE}JGREY>", [Entry("Jo Grey", "")]),
        (
            f"Grey, Jo <{OFFICE}JGREY>, Ray, Kim (Legal) <{OFFICE}KRAY>",
            [Entry("Jo Grey", ""), Entry("Kim Ray", "")],
        ),
        ("Kim Ray (E-mail) <Kim@Ray.example>", [Entry("Kim Ray", "kim@ray.example")]),
        ('"Kim Ray" <kim@ray.example>@ACME', [Entry("Kim Ray", "kim@ray.example")]),
        (
            '"Kim Ray" <kim@ray.example>@ACME <IMCEANOTES-x@ACME.example>, Lee <lee@b.example>',
            [Entry("Kim Ray", "kim@ray.example"), Entry("Lee", "lee@b.example")],
        ),
        (
            f"'a@b.example', 'c@d.example', Grey, Jo <{OFFICE}JGREY>",
            [Entry("", "a@b.example"), Entry("", "c@d.example"), Entry("Jo Grey", "")],
        ),
        ("a@b.example, c@d.example", [Entry("", "a@b.example"), Entry("", "c@d.example")]),
        ("All Staff@ACME <??SAll Staff@ACME>", [Entry("All Staff", "")]),
        ("Grey, Jo", [Entry("Jo Grey", "")]),
    ],
)
def test_entries_are_read(value: str, expected: list[Entry]):
    assert entries(value) == expected


def named(addresses: str, value: str) -> list[tuple[str, str]]:
    boxes = tuple(Mailbox(address) for address in addresses.split())
    return [(box.address, box.name) for box in with_names(boxes, value)]


def test_equal_counts_pair_by_position():
    value = f"Grey, Jo <{OFFICE}JGREY>, Ray, Kim <{OFFICE}KRAY>"
    assert named("jo.grey@acme.example k@acme.example", value) == [
        ("jo.grey@acme.example", "Jo Grey"),
        ("k@acme.example", "Kim Ray"),
    ]


def test_a_mangled_address_is_put_right_where_the_export_kept_it():
    assert named(".kim@acme.example", "Kim Ray (E-mail) <kim@ray.example>") == [
        ("kim@ray.example", "Kim Ray")
    ]


def test_with_unequal_counts_only_what_resembles_is_paired():
    value = f"Grey, Jo <{OFFICE}1>, Ray, Kim P. <{OFFICE}2>, Stone, Ann <{OFFICE}3>"
    assert named("p..ray@acme.example stone@acme.example x@acme.example lee@b.example", value) == [
        ("p..ray@acme.example", "Kim P. Ray"),
        ("stone@acme.example", "Ann Stone"),
        ("x@acme.example", ""),
        ("lee@b.example", ""),
    ]


def test_two_that_resemble_the_same_name_nobody():
    value = f"Grey, Jo <{OFFICE}1>, Grey, Ann <{OFFICE}2>"
    assert named("grey@acme.example", value) == [("grey@acme.example", "")]


def test_without_an_export_nothing_changes():
    boxes = (Mailbox("a@b.example", "Ann"),)
    assert with_names(boxes, "") == boxes
