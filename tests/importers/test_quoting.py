"""The sender's own words: history, signatures, small print and HTML left out."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.importers.html import to_text
from crm_desktop.importers.quoting import MAX_PREVIEW, html_to_text, own_words, preview

OWN = "See you on Friday."
QUOTE = "> Shall we meet?\n> Yours, Ada\n"


@pytest.mark.parametrize(
    "attribution",
    [
        "On 3 Oct 2021, at 10:00, Ada Lovelace <ada@e.example> wrote:",
        "On Wed, Oct 3, 2021 at 10:00 AM Ada Lovelace <ada@e.example>wrote:",
        "On Wed, Oct 3, 2021 at 10:00 AM, Ada Lovelace\n<ada@e.example> wrote:",
        "On Wed, Oct 3, 2021 at 10:00 AM, Ada\nLovelace <ada@e.example>\nwrote:",
        "Ada Lovelace <ada@e.example> writes:",
        "Am 03.10.2021 um 10:00 schrieb Ada Lovelace:",
        "Am Mi., 3. Okt. 2021 um 10:00 Uhr schrieb Ada <ada@e.example>:",
        "Le 3 oct. 2021 à 10:00, Ada Lovelace a écrit :",
        "El 3/10/2021 a las 10:00, Ada Lovelace escribió:",
        "Il giorno 3 ott 2021, alle ore 10:00, Ada ha scritto:",
        "Em 3 de out de 2021 10:00, Ada Lovelace escreveu:",
        "Op 3 okt. 2021 om 10:00 heeft Ada Lovelace het volgende geschreven:",
        "Den 3. okt. 2021 kl. 10.00 skrev Ada Lovelace:",
        "W dniu 3.10.2021 o 10:00, Ada Lovelace pisze:",
        "3 окт. 2021 г., в 10:00, Ада написала:",
        "Ada Lovelace schrieb am 03.10.2021 10:00:",
        "2021年10月3日 10:00 Ada のメール:",
    ],
)
def test_attributions_of_many_languages_go(attribution: str):
    assert preview(f"{OWN}\n\n{attribution}\n\n{QUOTE}") == OWN
    assert preview(f"{attribution}\n{QUOTE}\n{OWN}\n") == OWN


@pytest.mark.parametrize(
    "tail",
    [
        "-----Original Message-----\nFrom: Ada\nSent: Monday\n\nShall we meet?",
        "---------- Forwarded message ---------\nFrom: Ada\n\nShall we meet?",
        "-----Ursprüngliche Nachricht-----\nVon: Ada\n\nTreffen wir uns?",
        "-------- Message original --------\nDe : Ada\n\nOn se voit ?",
        "Begin forwarded message:\n\nFrom: Ada\n\nShall we meet?",
        "____________________________\nFrom: Ada <ada@e.example>\nSent: Monday\nTo: Bo\n\nMeet?",
        "*From:* Ada [mailto:ada@e.example]\n*Sent:* Monday\n*To:* Bo\n\nMeet?",
        "From: Ada\nSent: Monday, 4 October 2021\nTo: Bo\nSubject: Meeting\n\nMeet?",
        "Von: Ada\nGesendet: Montag\nAn: Bo\n\nTreffen?",
        "От: Ада\nОтправлено: понедельник\nКому: Бо\n\nВстреча?",
        "Ada Lovelace 10/03/2021 10:00 AM\nTo: Bo\n\nMeet?",
        "-- \nBo Berg\nEngines Ltd",
        "--\nBo",
        "Sent from my iPhone",
        "Von meinem iPhone gesendet",
        "Envoyé depuis mon mobile",
        "Get Outlook for iOS",
        "_______________________________________________\nchess mailing list\nchess@l.example",
        "This e-mail is confidential and intended only for the person it is addressed to.",
        "CONFIDENTIALITY NOTICE: for the addressee only.",
        "Diese E-Mail enthält vertrauliche Informationen.",
    ],
)
def test_what_follows_is_left_out(tail: str):
    assert preview(f"{OWN}\n\n{tail}\n") == OWN


@pytest.mark.parametrize(
    "text",
    [
        "On Friday we meet as usual: bring cake.",
        "He wrote:\n\nnothing at all.",
        "From: where I sit it looks fine.",
        "A rule -- like this -- is no signature.",
        "Sent from my desk, which is easier than my phone.",
        "One: first point\n- a\n- b",
        "5 > 3 and x < y",
        "This message is short.",
    ],
)
def test_running_text_stays(text: str):
    assert preview(text) == " ".join(text.split())


def test_answers_between_quotes_are_kept():
    text = f"On 3 Oct 2021 Ada wrote:\n{QUOTE}\nYes.\n\n> Where?\n\nAt home.\n"
    assert preview(text) == "Yes. At home."


def test_an_unmarked_quote_below_an_attribution_goes():
    assert preview(f"{OWN}\n\nOn 3 Oct 2021 Ada <a@e.example> wrote:\n\nShall we?\n") == OWN


def test_a_long_text_is_cut_at_a_word():
    words = preview("wording " * 200)
    assert len(words) <= MAX_PREVIEW
    assert words.endswith("wording…")


def test_line_breaks_are_kept_on_request():
    assert own_words("one\n\ntwo\n-- \nBo") == "one\n\ntwo"


@pytest.mark.parametrize("text", ["", "\n\n", "> only\n> quotes\n", "-- \n"])
def test_nothing_of_ones_own_is_empty(text: str):
    assert preview(text) == ""


@pytest.mark.parametrize(
    "html",
    [
        f"<p>{OWN}</p><script>alert(1)</script><style>p{{}}</style>",
        f"<html><head><title>t</title></head><body><div>{OWN}<br></div></body></html>",
        f"<div>{OWN}</div><blockquote type='cite'>Shall we?</blockquote>",
        f"<div>{OWN}</div><div class='gmail_quote'>On Monday Ada wrote:<br>Shall we?</div>",
        f"{OWN}<div class='moz-cite-prefix'>Ada wrote:</div><blockquote type=cite>x</blockquote>",
        f"{OWN}<hr id='stopSpelling'>Date: Monday<br>Shall we?",
        f"<p>{OWN}</p><div><b>From:</b> Ada<br><b>Sent:</b> Monday<br><b>To:</b> Bo</div>Shall we?",
        f"<p>{OWN}</p><p style='display:none'>tracking</p>",
        f"{OWN}\x00",
    ],
)
def test_html_is_read_as_text(html: str):
    assert preview(html, is_html=True) == OWN


def test_html_keeps_its_lines_and_on_request_its_quotes():
    html = "<p>one</p>two<br>three<ul><li>four</li></ul><blockquote type=cite>old</blockquote>"
    assert html_to_text(html).split() == ["one", "two", "three", "four", "old"]
    assert to_text(html, with_quotes=False).split() == ["one", "two", "three", "four"]


HOSTILE_LINES = [
    "1" * 390 + ":",
    "On " + "x " * 190 + ":",
    "Am schrieb " * 35 + ":",
    "a @b " * 78 + ":",
    "1/1/11 " * 50,
    "sent from my " * 30,
    ">" * 200,
    "From: ",
    " " * 390 + ":",
    "[http:" * 60,
]


@pytest.mark.parametrize("line", HOSTILE_LINES, ids=lambda line: line.strip()[:8])
def test_hostile_texts_take_no_time(line: str):
    started = time.perf_counter()
    own_words(f"{line}\n" * 2_500)
    assert time.perf_counter() - started < 2.0


@pytest.mark.parametrize(
    "html", ["<div>" * 50_000, "<" * 200_000, "<a href='" * 30_000, "<b><p>" * 20_000]
)
def test_hostile_html_takes_no_time(html: str):
    started = time.perf_counter()
    preview(html, is_html=True)
    assert time.perf_counter() - started < 2.0


@given(st.text(max_size=300), st.booleans())
def test_a_preview_is_one_short_storable_line(text: str, is_html: bool):
    words = preview(text, is_html=is_html)
    assert len(words) <= MAX_PREVIEW
    assert "\n" not in words
