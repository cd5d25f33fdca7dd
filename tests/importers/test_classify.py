"""Kinds of messages: bounces, automatic answers, lists, bulk mail and letters of people."""

from __future__ import annotations

import pytest

from crm_desktop.domain.messages import Draft, MessageKind
from crm_desktop.importers.classify import is_junk_folder
from crm_desktop.importers.rfc822 import context, parse_message

PERSONAL, LIST, BULK, BOUNCE, AUTO_REPLY, JUNK = MessageKind


def draft(head: str, body: str = "Hello", folder: str = "") -> Draft:
    fields = {line.partition(":")[0].lower() for line in head.splitlines()}
    if "from" not in fields:
        head = f"From: Ada <ada@e.example>\n{head}"
    if "to" not in fields:
        head = f"To: Bo <bo@e.example>\n{head}"
    raw = f"Date: Mon, 3 May 2021 10:00:00 +0000\n{head}\n\n{body}\n".encode()
    item = parse_message(raw, context(folder), name="x", next_offset=1)
    assert isinstance(item, Draft)
    return item


@pytest.mark.parametrize(
    ("kind", "head"),
    [
        (BOUNCE, "Content-Type: multipart/report; report-type=delivery-status; boundary=b"),
        (BOUNCE, "Content-Type: multipart/report; report-type=feedback-report; boundary=b"),
        (BOUNCE, "X-Failed-Recipients: jo@e.example"),
        (BOUNCE, "From: Mail Delivery System <MAILER-DAEMON@e.example>\nSubject: hm"),
        (BOUNCE, "From: MAILER-DAEMON (Mail Delivery System)\nSubject: Returned"),
        (BOUNCE, "From: postmaster@e.example\nSubject: Undeliverable: lunch"),
        (BOUNCE, "From: postmaster@e.example\nReturn-Path: <>\nSubject: lunch"),
        (BOUNCE, "Return-Path: <>\nSubject: failure notice"),
        (BOUNCE, "From: System Administrator <jo@e.example>\nSubject: Undeliverable: lunch"),
        (BOUNCE, "From: support@e.example\nSubject: Unzustellbar: Essen"),
        (AUTO_REPLY, "Auto-Submitted: auto-replied\nSubject: lunch"),
        (AUTO_REPLY, "X-Autoreply: yes"),
        (AUTO_REPLY, "Precedence: auto_reply"),
        (AUTO_REPLY, "Subject: Automatic reply: lunch"),
        (AUTO_REPLY, "Subject: Out of Office AutoReply: lunch"),
        (AUTO_REPLY, "Subject: Out of office: lunch"),
        (AUTO_REPLY, "Subject: Automatische Antwort: Essen"),
        (AUTO_REPLY, "Subject: =?utf-8?q?R=C3=A9ponse_automatique_=3A_repas?="),
        (AUTO_REPLY, "Subject: Respuesta automática: comida"),
        (AUTO_REPLY, "Subject: Risposta automatica: pranzo"),
        (AUTO_REPLY, "Subject: Automatisch antwoord: lunch"),
        (AUTO_REPLY, "Subject: Odpowiedź automatyczna: obiad"),
        (AUTO_REPLY, "Subject: Автоматический ответ: обед"),
        (AUTO_REPLY, "Subject: 自動応答"),
        (AUTO_REPLY, "Subject: Out of the office\nReturn-Path: <>"),
        (AUTO_REPLY, "Content-Type: multipart/report; report-type=disposition-notification"),
        (LIST, "List-Id: Chess <chess.e.example>"),
        (LIST, "List-Post: <mailto:chess@e.example>\nList-Unsubscribe: <http://e.example>"),
        (LIST, "Precedence: list"),
        (LIST, "Mailing-List: contact chess-help@e.example"),
        (LIST, "X-Mailing-List: <chess@e.example> archive/latest/1"),
        (LIST, "Sender: owner-chess@e.example"),
        (LIST, "Sender: chess-bounces@e.example"),
        (LIST, "To: chess-list@e.example"),
        (LIST, "To: all <dl-everyone@e.example>"),
        (BULK, "List-Unsubscribe: <http://e.example/u>"),
        (BULK, "Precedence: bulk"),
        (BULK, "Feedback-ID: 1:2:3"),
        (BULK, "X-Mailer: MailChimp Mailer"),
        (BULK, "From: Shop <noreply@shop.example>"),
        (BULK, "Auto-Submitted: auto-generated"),
        (JUNK, "X-Spam-Flag: YES"),
        (JUNK, "X-Spam-Status: Yes, score=9"),
        (JUNK, 'X-Gmail-Labels: "Inbox,Spam"'),
        (JUNK, "X-Gmail-Labels: =?utf-8?q?Papierkorb,Ge=C3=B6ffnet?="),
        (PERSONAL, "Subject: lunch"),
        (PERSONAL, "Subject: Out of the office tomorrow"),
        (PERSONAL, "Subject: On vacation next week"),
        (PERSONAL, "Subject: Re: Out of Office AutoReply: lunch"),
        (PERSONAL, "Subject: READ: minutes of Monday"),
        (PERSONAL, "Subject: Undeliverable parcel at my door"),
        (PERSONAL, "Subject: Returned mail for the neighbours"),
        (PERSONAL, "X-Autoreply: no"),
        (PERSONAL, "X-Spam-Status: No, score=1"),
        (PERSONAL, "X-Gmail-Labels: Inbox,Important"),
        (PERSONAL, "From: postmaster@e.example\nSubject: Your question"),
    ],
)
def test_headers_decide(kind: MessageKind, head: str):
    assert draft(head).kind is kind


@pytest.mark.parametrize(
    ("kind", "subject", "body"),
    [
        (BULK, "Spring sale", "Everything must go.\n\nTo unsubscribe, click here."),
        (BULK, "Angebote", "Alles muss raus.\nNewsletter abbestellen: hier"),
        (PERSONAL, "FW: Spring sale", "Look!\n\nTo unsubscribe, click here."),
        (PERSONAL, "Spring sale", "Look!\n-----Original Message-----\nTo unsubscribe, click."),
        (AUTO_REPLY, "Read: minutes", "Your message was read on Monday."),
        (AUTO_REPLY, "Recall: minutes", "Ada Lovelace would like to recall the message."),
    ],
)
def test_the_text_decides_where_headers_leave_doubt(kind: MessageKind, subject: str, body: str):
    assert draft(f"Subject: {subject}", body).kind is kind


@pytest.mark.parametrize(
    ("name", "is_junk"),
    [
        ("Spam", True),
        ("[Gmail]/Trash", True),
        ("INBOX.Junk", True),
        ("Papierkorb", True),
        ("Courrier indésirable", True),
        ("Inbox", False),
        ("Trash metal", False),
        ("", False),
    ],
)
def test_folders_of_junk_are_known_by_name(name: str, is_junk: bool):
    assert is_junk_folder(name) is is_junk
    assert (draft("Subject: x", folder=name).kind is JUNK) is is_junk


@pytest.mark.parametrize(
    ("head", "address"),
    [
        ("List-Post: <mailto:chess@e.example>", "chess@e.example"),
        ("List-Id: <chess.e.example>\nTo: chess@e.example", "chess@e.example"),
        ("X-Mailing-List: <chess@e.example> archive", "chess@e.example"),
        ("Mailing-List: list chess@e.example; contact x@e.example", "chess@e.example"),
        ("Sender: owner-chess@e.example", "chess@e.example"),
        ("Sender: chess-bounces+ada@e.example", "chess@e.example"),
        ("To: chess-list@e.example", "chess-list@e.example"),
        ("Precedence: list", ""),
    ],
)
def test_the_list_is_named(head: str, address: str):
    assert draft(head).list_address == address
