"""Address lists as they come: well formed, odd, munged, broken and hostile."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.domain.messages import Mailbox
from crm_desktop.importers.addresses import canonical, parse_addresses, unique

LIMIT_S = 1.0


def pairs(value: str) -> list[tuple[str, str]]:
    return [(box.address, box.name) for box in parse_addresses(value)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("ada@engines.example", [("ada@engines.example", "")]),
        ("Ada@Engines.Example", [("ada@engines.example", "")]),
        ("<ada@engines.example>", [("ada@engines.example", "")]),
        ("Ada Lovelace <ada@e.example>", [("ada@e.example", "Ada Lovelace")]),
        ('"Lovelace, Ada" <ada@e.example>', [("ada@e.example", "Ada Lovelace")]),
        ("Lovelace, Ada <ada@e.example>", [("ada@e.example", "Ada Lovelace")]),
        ("ada@e.example (Ada Lovelace)", [("ada@e.example", "Ada Lovelace")]),
        (
            "(Ada (the first) Lovelace) ada@e.example",
            [("ada@e.example", "Ada (the first) Lovelace")],
        ),
        ("a@b.example, Bo <c@d.example>", [("a@b.example", ""), ("c@d.example", "Bo")]),
        ("a@b.example; c@d.example", [("a@b.example", ""), ("c@d.example", "")]),
        ("Team: a@b.example, c@d.example;", [("a@b.example", ""), ("c@d.example", "")]),
        ("Team: a@b.example;, x@y.example", [("a@b.example", ""), ("x@y.example", "")]),
        ("undisclosed-recipients:;", []),
        ("undisclosed recipients: ;", []),
        ("<>", []),
        ("", []),
        (", ,;", []),
        ("root", []),
        ("Nobody In Particular", []),
        ("'ada@e.example' <ada@e.example>", [("ada@e.example", "")]),
        ('"ada@e.example" <ada@e.example>', [("ada@e.example", "")]),
        ("=?utf-8?q?J=C3=B6rg?= <j@e.example>", [("j@e.example", "Jörg")]),
        ("=?utf-8?q?M=C3=BCller=2C_J=C3=B6rg?= <j@e.example>", [("j@e.example", "Jörg Müller")]),
        ('"=?utf-8?q?J=C3=B6rg?=" <j@e.example>', [("j@e.example", "Jörg")]),
        ("J\u00c3\u00b6rg <j@e.example>", [("j@e.example", "Jörg")]),
        ("kim at example.com", [("kim@example.com", "")]),
        ("kim at example.com (Kim Lee)", [("kim@example.com", "Kim Lee")]),
        ("kim [at] example dot com", [("kim@example.com", "")]),
        ("kim (at) mail (dot) example (dot) com", [("kim@mail.example.com", "")]),
        ("mailto:kim@example.com", [("kim@example.com", "")]),
        ("Kim [mailto:kim@example.com]", [("kim@example.com", "Kim")]),
        ("Kim <mailto:kim@example.com>", [("kim@example.com", "Kim")]),
        ("<@relay.example,@b.example:kim@example.com>", [("kim@example.com", "")]),
        ("kim%inner.example@relay.example", [("kim%inner.example@relay.example", "")]),
        ("alpha!beta!kim", [("alpha!beta!kim", "")]),
        ('"kim lee"@example.com', [("kim lee@example.com", "")]),
        ("Kim <kim@example.com", [("kim@example.com", "Kim")]),
        ("Kim <<kim@example.com>>", [("kim@example.com", "Kim")]),
        ("Kim <kim@example.com>>, b@c.example", [("kim@example.com", "Kim"), ("b@c.example", "")]),
        ("Kim kim@example.com", [("kim@example.com", "Kim")]),
        ('Kim "unclosed <kim@example.com>', [("kim@example.com", "Kim unclosed")]),
        ("Kim (unclosed <kim@example.com>", [("kim@example.com", "Kim unclosed")]),
        ("kim@exämple.example", [("kim@xn--exmple-cua.example", "")]),
        ("kim@example.com.", [("kim@example.com", "")]),
        ("kim@example.com?subject=x", [("kim@example.com", "")]),
        ("kim@@example.com", [("kim@@example.com", "")]),
        (
            "Grey, Jo (Legal) </O=ACME/OU=EU/CN=RECIPIENTS/CN=JGREY>",
            [("/o=acme/ou=eu/cn=recipients/cn=jgrey", "Jo Grey")],
        ),
        (
            "<IMCEANOTES-kim+40example+2Ecom@ACME.example>",
            [("kim@example.com", "")],
        ),
        ("Kim (E-mail) <kim@example.com>", [("kim@example.com", "Kim")]),
    ],
)
def test_addresses_are_read(value: str, expected: list[tuple[str, str]]):
    raw = value.encode().decode("latin-1") if "ä" in value else value
    assert pairs(raw) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SMTP:Kim@Example.com", "kim@example.com"),
        ("'kim@example.com'", "kim@example.com"),
        ("kim@[192.0.2.1]", "kim@[192.0.2.1]"),
        ("kim", ""),
        ("@example.com", ""),
        ("kim@", ""),
        ("x" * 400 + "@example.com", ""),
    ],
)
def test_canonical_forms(text: str, expected: str):
    assert canonical(text) == expected


def test_repeated_addresses_keep_the_first_name():
    boxes = [
        Mailbox("a@b.c"),
        Mailbox("d@e.f", "Di"),
        Mailbox("a@b.c", "Ada"),
        Mailbox("a@b.c", "B"),
    ]
    assert unique(boxes) == (Mailbox("a@b.c", "Ada"), Mailbox("d@e.f", "Di"))


LENGTH = 60_000


@pytest.mark.parametrize(
    "value",
    [
        ", ".join(f"Person {number} <p{number}@example.com>" for number in range(20_000)),
        "(" * 5_000 + " a@b.cc",
        "(" * LENGTH,
        "(," * (LENGTH // 2),
        "((,)" * (LENGTH // 4),
        "<" * LENGTH,
        '"' * (LENGTH + 1),
        '"' + '\\"' * (LENGTH // 2),
        '"\\"' * (LENGTH // 3),
        "a" * LENGTH + " x@y.z",
        "a." * (LENGTH // 2) + " x@y.z",
        "a at " * (LENGTH // 5),
        "a at " + "a dot " * (LENGTH // 6),
        "a" + " " * LENGTH + "b",
        "@" * LENGTH,
        "," * LENGTH,
        "X," * (LENGTH // 2),
        "\xe4" * LENGTH + " <x@y.z>",
    ],
    ids=lambda value: f"{value[:6]}…",
)
def test_hostile_lists_take_no_time(value: str):
    started = time.perf_counter()
    parse_addresses(value)
    assert time.perf_counter() - started < LIMIT_S


ODD = st.text(alphabet="aA@.,;:<>()\"'\\ !%=?[]/é\t", max_size=80)


@given(st.one_of(ODD, st.text(max_size=80)))
def test_reading_never_raises_and_every_address_is_canonical(value: str):
    for box in parse_addresses(value):
        assert box.address
        assert box.address == box.address.lower()
        assert "@" in box.address or "!" in box.address or box.address.startswith("/")
        box.name.encode("utf-8")


@given(st.from_regex(r"[a-z]{1,8}(\.[a-z]{1,8})?@[a-z]{1,8}\.(com|org)", fullmatch=True))
def test_a_canonical_address_stays_as_it_is(address: str):
    assert canonical(address) == address
    assert parse_addresses(f"Some One <{address.upper()}>") == (Mailbox(address, "Some One"),)
