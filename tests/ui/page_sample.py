"""A small invented life for the pages: stored by the real import, measured by the real engines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crm_desktop.domain.contacts import CardDraft, PartialDate
from crm_desktop.domain.keys import stable_key
from crm_desktop.domain.messages import Draft, Mailbox, MessageKind

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from crm_desktop.model.database import Database
    from crm_desktop.services.access import Access
    from crm_desktop.ui.context import WindowContext
    from crm_desktop.workers.lanes import Lanes

DAY = 86_400
NOW = 1_777_626_000  # 2026-05-01T09:00:00Z
SELF = Mailbox("mira@example.org", "Mira Lindqvist")
ADA = Mailbox("ada@analytical.example", "Ada Lovelace")
GRACE = Mailbox("grace@compilers.example", "Grace Hopper")
HOSTILE = Mailbox("bold@example.net", "<b>Bold</b> & Sons")
CJK = Mailbox("taro@example.jp", "山田 太郎")
ARABIC = Mailbox("layla@example.com", "ليلى الخطيب")
PEOPLE = (ADA, GRACE, HOSTILE, CJK, ARABIC)


@dataclass
class Life:
    """Messages written down one by one; two lives in one database need different series."""

    now: int = NOW
    series: str = "a"
    items: list[Draft | CardDraft] = field(default_factory=list)

    def message(
        self,
        sender: Mailbox,
        recipients: Sequence[Mailbox],
        days_ago: float,
        subject: str,
        preview: str = "See you there.",
    ) -> None:
        """One message, `days_ago` before now."""
        ordinal = len(self.items)
        self.items.append(
            Draft(
                source_type="mbox",
                external_id=f"{self.series}{ordinal}@sample.example",
                content_key=stable_key(f"{self.series}{ordinal}{subject}"),
                sent_at=round(self.now - days_ago * DAY),
                subject=subject,
                preview=preview,
                kind=MessageKind.PERSONAL,
                sender=sender,
                recipients=tuple(recipients),
                cc=(),
                references=(),
                next_offset=ordinal + 1,
            )
        )

    def exchange(self, other: Mailbox, days_ago: Sequence[float], subject: str) -> None:
        """Messages to and fro, the first from `other`."""
        for index, days in enumerate(days_ago):
            ends = (other, SELF) if index % 2 == 0 else (SELF, other)
            self.message(ends[0], [ends[1]], days, f"{subject} {index}")

    def card(self, person: Mailbox) -> None:
        """An address-book card for a person."""
        self.items.append(
            CardDraft(
                uid=f"card-{person.address}",
                name=person.name,
                next_offset=len(self.items) + 1,
                organization="Analytical Engines",
                title="Programmer",
                emails=(person.address,),
                phones=("+44 20 7946 0000",),
                birthday=PartialDate(1985, 12, 10),
                notes="Met at the Difference Engine demo.",
                categories=("Friends", "Mathematics"),
            )
        )


def small_life(now: int = NOW) -> Life:
    """Five people of different freshness; Ada and Grace know each other."""
    life = Life(now)
    life.card(ADA)
    life.exchange(ADA, (2, 1.5, 1, 0.3), "Notes on the engine")
    life.exchange(GRACE, (40, 38, 20, 12), "Compiler manuscript")
    life.exchange(HOSTILE, (70, 69), "<i>Invoice</i>")
    life.exchange(CJK, (5, 4.5), "京都で会いましょう")
    life.exchange(ARABIC, (85, 84), "زيارة")
    life.message(ADA, [SELF, GRACE], 15, "Lunch for three")
    life.message(GRACE, [SELF, ADA], 14, "Re: Lunch for three")
    return life


def many_people(count: int, now: int = NOW) -> Life:
    """`count` people who wrote once and got one answer."""
    life = Life(now)
    for index in range(count):
        person = Mailbox(f"p{index}@crowd.example", f"Person Number{index:04d}")
        days = 1 + 80 * index / count
        life.exchange(person, (days + 0.5, days), f"Topic {index}")
    return life


def store_life(access: Access, life: Life, *, has_self: bool = True) -> None:
    """Import, infer and measure, as the program does."""
    from crm_desktop.services.imports import import_items, set_self
    from crm_desktop.services.inference import infer_relationships
    from crm_desktop.services.interactions import aggregate_features

    import_items(access, "mbox", "sample.mbox", life.items)
    if has_self:
        set_self(access, SELF.address)
    infer_relationships(access)
    aggregate_features(access)


def contact_id_of(access: Access, person: Mailbox) -> int:
    """The contact with a person's address."""
    from crm_desktop.domain.contacts import IdentifierKind

    with access.read() as store:
        found = store.contacts.contact_of(IdentifierKind.EMAIL, person.address)
    assert found is not None
    return found


def window_context(database: Database, lanes: Lanes, host: QWidget) -> WindowContext:
    """What a page is given, over the real lanes."""
    from crm_desktop.ui.context import Navigator, WindowContext
    from crm_desktop.ui.editing import Editing
    from crm_desktop.ui.memory import WindowMemory
    from crm_desktop.ui.messages import Messages
    from crm_desktop.ui.theme import Appearance, ThemeManager
    from crm_desktop.workers.access import LaneAccess
    from crm_desktop.workers.bus import ChangeBus

    theme = ThemeManager(Appearance.LIGHT, host)
    access = LaneAccess(database, lanes.writer)
    bus, messages = ChangeBus(host), Messages(theme, host)
    return WindowContext(
        access=access,
        lanes=lanes,
        bus=bus,
        theme=theme,
        messages=messages,
        navigate=Navigator(host),
        memory=WindowMemory(),
        editing=Editing(access, lanes, bus, messages, host),
    )
