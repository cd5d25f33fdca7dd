"""Who an address belongs to, what they are called, and who is no person at all."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from crm_desktop.domain.contacts import CardDraft, ContactKind
from crm_desktop.services.access import DirectAccess
from crm_desktop.services.imports import import_items, import_paths, set_self
from tests.contents import VCARD, ada_twice, kinds, mailbox, names, rows
from tests.mail_samples import START, message, people


def test_display_names_are_elected(access: DirectAccess, tmp_path: Path):
    texts = [
        message(
            sender=f"{name} <ada@north.example>",
            to="boris.brandt@north.example",
            subject=f"Letter number {index}",
            date=START + timedelta(days=index),
        )
        for index, name in enumerate(["Ada", "Ada Abel", "Ada Abel", "A."])
    ]
    import_paths(access, [mailbox(tmp_path, *texts)])
    assert names(access)["ada@north.example"] == "Ada Abel"
    assert names(access)["boris.brandt@north.example"] == "Boris Brandt"


def test_lists_newsletters_roles_and_bounces_are_not_people(access: DirectAccess, tmp_path: Path):
    me = "ada@north.example"
    texts = [
        message(
            sender="Boris Brandt <boris@north.example>",
            to="garden@lists.example",
            subject="[garden] Seeds",
            date=START,
            extra="List-Id: <garden.lists.example>\nList-Post: <mailto:garden@lists.example>\n",
        ),
        message(
            sender="Riverbank <riverbank@shop.example>",
            to=me,
            subject="Everything must go",
            date=START,
            extra="List-Unsubscribe: <https://shop.example/u>\nPrecedence: bulk\n",
        ),
        message(sender="no-reply@bank.example", to=me, subject="Your statement", date=START),
        message(sender="support@shop.example", to=me, subject="Ticket seven", date=START),
        message(
            sender="Mail Delivery System <MAILER-DAEMON@north.example>",
            to=me,
            subject="Undelivered Mail Returned to Sender",
            date=START,
            extra=(
                "Auto-Submitted: auto-replied\n"
                'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n'
            ),
            body="--b\nContent-Type: text/plain\n\nlost@nowhere.example failed\n--b--",
        ),
    ]
    import_paths(access, [mailbox(tmp_path, *texts)])
    found = kinds(access)
    assert found["boris@north.example"] == ContactKind.PERSON
    assert found["garden@lists.example"] == ContactKind.LIST
    assert found["riverbank@shop.example"] == ContactKind.BOT
    assert found["no-reply@bank.example"] == ContactKind.BOT
    assert found["support@shop.example"] == ContactKind.ROLE
    assert not any("mailer-daemon" in address or "nowhere" in address for address in found)


def test_a_card_joins_the_addresses_it_names(access: DirectAccess, tmp_path: Path):
    import_paths(access, [ada_twice(tmp_path)])
    assert rows(access, "SELECT count(*) FROM contacts") == [(3,)]
    card = tmp_path / "ada.vcf"
    card.write_text(VCARD, newline="")
    report = import_paths(access, [card])
    assert (report.read, report.imported, report.contacts) == (1, 1, 0)
    assert rows(
        access,
        "SELECT c.name, c.title, c.birthday, k.name, count(DISTINCT m.message_id) FROM contacts c"
        " JOIN companies k ON k.id = c.company_id JOIN message_people m ON m.contact_id = c.id"
        " WHERE c.name = 'Ada Abel'",
    ) == [("Ada Abel", "Architect", "--04-12", "Abel & Sons", 2)]
    assert rows(access, "SELECT tag FROM contact_tags ORDER BY tag") == [("choir",), ("garden",)]
    again = import_paths(access, [card])
    assert (again.imported, again.duplicates) == (0, 1)


def test_cards_that_share_an_office_number_stay_two_people(access: DirectAccess):
    cards = [
        CardDraft(
            "", name, index, emails=(f"{name[0].lower()}@north.example",), phones=("555 0100",)
        )
        for index, name in enumerate(["Ada Abel", "Boris Brandt"])
    ]
    report = import_items(access, "vcard", "cards", cards)
    assert (report.imported, report.contacts) == (2, 2)


def test_a_card_of_another_name_does_not_take_a_shared_address(access: DirectAccess):
    cards = [
        CardDraft("", "Ada Abel", 1, emails=("abels@home.example", "ada@north.example")),
        CardDraft("", "Bob Abel", 2, emails=("abels@home.example", "bob@north.example")),
    ]
    import_items(access, "vcard", "cards", cards)
    assert names(access) == {
        "abels@home.example": "Ada Abel",
        "ada@north.example": "Ada Abel",
        "bob@north.example": "Bob Abel",
    }


def test_colleagues_share_a_company_and_public_providers_are_none(
    access: DirectAccess, tmp_path: Path
):
    texts = [
        message(
            sender="ada.abel@big-sky.example",
            to="boris.brandt@mail.big-sky.example, chen@gmail.com, dilip@gmail.com",
            subject="Company matters",
            date=START,
        )
    ]
    import_paths(access, [mailbox(tmp_path, *texts)])
    assert rows(
        access,
        "SELECT c.name, k.name, k.domain FROM contacts c JOIN companies k ON k.id = c.company_id"
        " ORDER BY c.name",
    ) == [
        ("Ada Abel", "Big Sky", "big-sky.example"),
        ("Boris Brandt", "Big Sky", "big-sky.example"),
    ]


def test_a_relay_that_writes_under_many_names_is_a_machine(access: DirectAccess, tmp_path: Path):
    texts = [
        message(
            sender=f"{name} <gateway@feeds.example>",
            to="ada@north.example",
            subject=f"Story number {index}",
            date=START + timedelta(hours=index),
        )
        for index, (name, _) in enumerate(people(12))
    ]
    import_paths(access, [mailbox(tmp_path, *texts)])
    assert kinds(access)["gateway@feeds.example"] == ContactKind.BOT


def test_one_bulk_message_does_not_make_a_correspondent_a_machine(
    access: DirectAccess, tmp_path: Path
):
    boris, ada = "Boris <boris@north.example>", "Ada <ada@north.example>"
    texts = [
        message(
            sender=boris,
            to=ada,
            subject="To everybody here",
            date=START,
            extra="Precedence: bulk\nList-Unsubscribe: <https://north.example/u>\n",
        ),
        message(sender=ada, to=boris, subject="Just for you", date=START),
        message(sender=ada, to=boris, subject="And once more", date=START),
    ]
    import_paths(access, [mailbox(tmp_path, *texts)])
    assert kinds(access)["boris@north.example"] == ContactKind.PERSON


def test_international_addresses_are_one_in_mail_cards_and_by_hand(
    access: DirectAccess, tmp_path: Path
):
    text = message(
        sender="Ada <ada@b\u00fccher.example>",
        to="boris@north.example",
        subject="Books and more",
        date=START,
    )
    import_paths(access, [mailbox(tmp_path, text)])
    card = tmp_path / "ada.vcf"
    card.write_text(
        "BEGIN:VCARD\nVERSION:4.0\nFN:Ada Abel\nEMAIL:Ada@B\u00fccher.example\nEND:VCARD\n",
        encoding="utf-8",
    )
    import_paths(access, [card])
    contact_id = set_self(access, "ada@b\u00fccher.example")
    assert names(access)["ada@xn--bcher-kva.example"] == "Ada Abel"
    assert rows(access, f"SELECT name FROM contacts WHERE id = {contact_id}") == [("Ada Abel",)]
    assert rows(access, "SELECT count(*) FROM contacts") == [(2,)]
