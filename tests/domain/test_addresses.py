"""What addresses stand for."""

from __future__ import annotations

import pytest

from crm_desktop.domain.addresses import address_kind
from crm_desktop.domain.contacts import ContactKind

PERSON, ROLE, LIST, BOT = ContactKind


@pytest.mark.parametrize(
    ("kind", "addresses"),
    [
        (
            PERSON,
            """ada@e.example ada.lovelace@e.example a.lovelace@news.example ada1815@mail.example
            andrews@e.example k.matthews@e.example jo.daily@e.example
            12345678901@qq.com 4ada@e.example hall@e.example j.bot@e.example
            abbott@e.example noel@e.example newsome@e.example listerman@e.example
            auto.smith@e.example bob.lister@e.example
            o'brien@e.example ada+lists@e.example n..grey@e.example robotham@e.example""",
        ),
        (
            BOT,
            """noreply@e.example no-reply@e.example no_reply@e.example donotreply@e.example
            do-not-reply@e.example dontreply@e.example shop.noreply@e.example noreply-7@e.example
            mailer-daemon@e.example bounce@e.example bounces+ada=b.example@e.example
            notifications@e.example alerts@e.example auto-confirm@shop.example cron@e.example
            order-confirmation@shop.example 0123456789abcdef0123@e.example
            reply-1234567890@e.example x1@reply.shop.example something@bounces.shop.example
            offer@news.shop.example""",
        ),
        (
            LIST,
            """owner-chess@e.example chess-owner@e.example chess-request@e.example
            chess-bounces@e.example chess-bounces+ada@e.example chess-list@e.example
            chess-l@e.example chess-devel@e.example dl-all_staff@e.example list@e.example
            majordomo@e.example listserv@e.example chess@lists.e.example anyone@groups.e.example
            wagerlist@e.example news_distribution@e.example""",
        ),
        (
            ROLE,
            """info@e.example support@e.example sales@e.example hr@e.example admin@e.example
            postmaster@e.example webmaster@e.example announcements@e.example
            acme.announcements@e.example announcements.acme@e.example press.office@e.example
            office.chairman@e.example human.resources@e.example all.houston@e.example
            acme.everyone@e.example no.address@e.example undisclosed-recipients@e.example
            40acme@acme.example customer.service@e.example helpdesk.north@e.example
            energydaily@e.example breakingnews@e.example newsletter@e.example
            acmeshop@acmeshop.example contact@e.example team.north@e.example""",
        ),
    ],
)
def test_spelling_decides(kind: ContactKind, addresses: str):
    kinds = {address: address_kind(address) for address in addresses.split()}
    assert {address: found for address, found in kinds.items() if found is not kind} == {}


@pytest.mark.parametrize(
    ("address", "name", "kind"),
    [
        ("acme@acme.example", "Acme", ROLE),
        ("kovacs@kovacs.example", "Ann Kovacs", PERSON),
        ("ada@acme.example", "Office of the Chairman", ROLE),
        ("x7@shop.example", "shop.com", ROLE),
        ("ada@e.example", "Acme Newsletter", ROLE),
        ("ada@e.example", "Jo Robot", PERSON),
        ("ada", "", PERSON),
        ("", "", PERSON),
    ],
)
def test_the_name_counts_where_it_is_telling(address: str, name: str, kind: ContactKind):
    assert address_kind(address, name) is kind
