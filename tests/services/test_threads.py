"""Which messages make one conversation."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from crm_desktop.services.access import DirectAccess
from crm_desktop.services.imports import (
    import_paths,
)
from tests.contents import mailbox, rows
from tests.mail_samples import START, message


def test_one_conversation_by_references_whatever_the_order(access: DirectAccess, tmp_path: Path):
    ada, boris = "Ada <ada@north.example>", "Boris <boris@north.example>"
    question = message(
        sender=ada, to=boris, subject="Roof garden", date=START, message_id="q@north.example"
    )
    answer = message(
        sender=boris,
        to=ada,
        subject="Something else entirely",
        date=START + timedelta(days=90),
        message_id="a@north.example",
        references="<q@north.example>",
        body="Gladly.",
    )
    import_paths(access, [mailbox(tmp_path, answer, question)])
    assert rows(access, "SELECT message_count FROM conversations") == [(2,)]


def test_one_conversation_by_subject_people_and_time(access: DirectAccess, tmp_path: Path):
    ada, boris, chen = (f"{n} <{n.lower()}@north.example>" for n in ("Ada", "Boris", "Chen"))
    texts = [
        message(sender=ada, to=boris, subject="Roof garden plans", date=START, body="One"),
        message(
            sender=boris,
            to=ada,
            subject="AW: Re: Roof garden plans",
            date=START + timedelta(days=3),
            body="Two",
        ),
        # The same words among other people, and long after, are something else.
        message(sender=chen, to="dilip@north.example", subject="Roof garden plans", date=START),
        message(
            sender=ada,
            to=boris,
            subject="Roof garden plans",
            date=START + timedelta(days=200),
            body="Again",
        ),
        message(sender=ada, to=boris, subject="Hello", date=START, body="a"),
        message(sender=ada, to=boris, subject="Hello", date=START + timedelta(hours=1), body="b"),
    ]
    import_paths(access, [mailbox(tmp_path, *texts)])
    counts = sorted(row[0] for row in rows(access, "SELECT message_count FROM conversations"))
    assert counts == [1, 1, 1, 1, 2]
