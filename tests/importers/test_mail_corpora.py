"""The shared corpora of real mail: everything is a draft or a reject, and the counts agree."""

from __future__ import annotations

import mailbox
import time
from collections import Counter
from pathlib import Path

import pytest

from crm_desktop.domain.contacts import CardDraft
from crm_desktop.domain.imports import Reject
from crm_desktop.domain.messages import Draft, MessageKind
from crm_desktop.importers.registry import detect, read

SLOWEST_S = 5.0
FOLDERS = (
    "mail",
    "mail-bounce",
    "mbox",
    "mbox-enron",
    "mbox-spamassassin",
    "maildir-spamassassin",
    "takeout-like",
    "ego-enron",
)

pytestmark = pytest.mark.corpus


@pytest.mark.parametrize("folder", FOLDERS)
def test_everything_is_read_or_rejected_with_a_reason(corpora: Path, folder: str):
    slowest = 0.0
    counts: Counter[str] = Counter()
    for source in detect(corpora / folder):
        before = 0
        started = time.perf_counter()
        for item in read(source):
            slowest = max(slowest, time.perf_counter() - started)
            assert isinstance(item, Draft | Reject)
            assert item.next_offset > before
            before = item.next_offset
            counts[type(item).__name__] += 1
            if isinstance(item, Reject):
                assert item.reason
            else:
                check(item)
            started = time.perf_counter()
        assert before == source.total
    assert counts["Draft"] > counts["Reject"]
    assert slowest < SLOWEST_S


def check(draft: Draft) -> None:
    """What must hold of every draft, whatever it was made from."""
    assert len(draft.preview) <= 500
    assert 0 <= draft.content_key < 1 << 63
    assert draft.sent_at is None or draft.sent_at >= 86_400
    assert len(draft.references) <= 10
    for box in (*draft.recipients, *draft.cc, *([draft.sender] if draft.sender else [])):
        assert box.address
        assert box.address == box.address.lower()
        assert "=?" not in box.name
    "".join((draft.subject, draft.preview, draft.external_id)).encode("utf-8")


# Where the standard library counts otherwise, and by how many more.
EXPLAINED = {
    # It takes "From Russia with love" for two messages, and misses the first behind a byte mark.
    "UnitTests__TestData__mbox__unmunged.mbox.txt": 1,
    # A From_ line with no field after it, which in most mailboxes is text.
    "src__tests__sort-subject.mbox": 1,
}


@pytest.mark.parametrize("folder", ["mbox", "mbox-enron", "mbox-spamassassin", "ego-enron"])
def test_counts_agree_with_an_independent_reader(corpora: Path, folder: str):
    different = {}
    for source in detect(corpora / folder):
        if source.format != "mbox":
            continue
        ours = sum(1 for _ in read(source))
        box = mailbox.mbox(source.path, create=False)
        theirs = len(box)
        box.close()
        if ours != theirs:
            different[source.path.name] = theirs - ours
    assert different == (EXPLAINED if folder == "mbox" else {})


def test_bounces_name_nobody(corpora: Path):
    kinds = {MessageKind.BOUNCE, MessageKind.AUTO_REPLY}
    personal = [
        item.subject
        for source in detect(corpora / "mail-bounce")
        for item in read(source)
        if isinstance(item, Draft) and item.kind not in kinds
    ]
    # Two files of that set are there because they are no bounces.
    assert len(personal) == len(list((corpora / "mail-bounce").rglob("*is-not-bounce*")))


def test_letters_between_people_are_not_taken_for_machines(corpora: Path):
    ham = corpora / "mbox-spamassassin" / "easy-ham-1.mbox"
    (source,) = detect(ham)
    kinds = Counter(item.kind for item in read(source) if isinstance(item, Draft))
    machines = kinds[MessageKind.BOUNCE] + kinds[MessageKind.AUTO_REPLY]
    assert machines / kinds.total() < 0.005
    assert kinds[MessageKind.LIST] / kinds.total() > 0.6


@pytest.mark.parametrize("folder", ["maildir-spamassassin", "takeout-like", "mbox"])
def test_reading_goes_on_from_any_place(corpora: Path, folder: str):
    for source in detect(corpora / folder):
        whole = list(read(source))
        for index in range(0, len(whole), 1 + len(whole) // 7):
            assert list(read(source, start=whole[index].next_offset)) == whole[index + 1 :]


def test_copies_in_several_mailboxes_are_known(corpora: Path):
    keys = Counter(
        item.content_key
        for folder in ("mbox-enron", "ego-enron")
        for source in detect(corpora / folder)
        for item in read(source)
        if isinstance(item, Draft)
    )
    assert sum(count - 1 for count in keys.values()) > 1_000


def test_cards_come_along(corpora: Path):
    items = [item for source in detect(corpora / "vcard") for item in read(source)]
    assert sum(isinstance(item, CardDraft) for item in items) > 1_000
