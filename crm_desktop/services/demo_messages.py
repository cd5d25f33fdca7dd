"""Three years of mail, chats and meetings of the sample life, message by message."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from crm_desktop.domain.keys import stable_key
from crm_desktop.domain.messages import Draft, Mailbox, MessageKind
from crm_desktop.services import demo_rhythm as rhythm
from crm_desktop.services.demo_people import (
    MOVED_MONTHS_AGO,
    SELF_CURRENT,
    SELF_FORMER,
    SELF_NAME,
    SELF_PRIVATE,
    Person,
    company_name,
)
from crm_desktop.services.demo_rhythm import MONTH_S, PRIVATE, WORK, Hours
from crm_desktop.services.demo_topics import Topic, draw_words, fill, topics

PACE_SCALE = 0.3
CLOSE_PACE = 15.0
PARTNER = "Elias Nyström"
WORKING = ("current", "former", "old_colleagues", "clients", "vendors", "mentors", "conference")
CHAT_SHARE = {
    "current": 0.45,
    "university": 0.6,
    "climbing": 0.55,
    "family": 0.4,
    "neighbours": 0.35,
    "old_colleagues": 0.15,
}
SHARED_SHARE = 0.4
PET_NAMES = {
    "Karin Lindqvist": "Mum",
    "Anders Lindqvist": "Dad",
    "Astrid Lindqvist": "Grandma",
}
FORMER_ADDRESSES = {"jonas@tidewater-atlas.example": "jonas.brandvold@halyard-works.example"}


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a thread takes place: its circle, whether it is a chat, and the sample person's
    address there."""

    circle: str
    is_chat: bool
    own_address: str

    @property
    def hours(self) -> Hours:
        """When such threads are written."""
        return WORK if self.circle in WORKING else PRIVATE


class Storyteller:
    """Writes threads. One random source drives it, so the same calls give the same messages.

    `now` is epoch seconds UTC; nothing is written after it.
    """

    def __init__(self, random: Random, now: int) -> None:
        self._random = random
        self._now = now
        self._count = 0
        self.drafts: list[Draft] = []

    def thread(
        self, at: int, setting: Setting, others: Sequence[Person], *, owner_speaks: bool = True
    ) -> None:
        """A thread of the sample person with `others`, begun at `at`; answers after now are not
        yet written, so some threads wait for one."""
        random = self._random
        topic = self._topic(setting, others)
        words = draw_words(random)
        subject = fill(random.choice(topic.subjects), words)
        lines = self._script(topic, len(others), setting.is_chat, owner_speaks)
        self._count += 1
        ids: list[str] = []
        for index, (speaker, text) in enumerate(lines):
            if index:
                at = rhythm.answer_at(random, at, setting.hours, is_chat=setting.is_chat)
            if at > self._now:
                return
            files = int(topic.has_files and index == 0) * random.choice((1, 1, 1, 2, 3))
            sender = others[speaker] if speaker is not None else None
            body = fill(text, words)
            if not setting.is_chat:
                body = self._letter(body, sender, others, is_first=index == 0)
            heading = subject if index == 0 or setting.is_chat else f"Re: {subject}"
            self._write(at, setting, others, sender, heading, body, ids, files)

    def single(
        self,
        at: int,
        setting: Setting,
        sender: Person | None,
        other: Person,
        subject: str,
        text: str,
    ) -> None:
        """One mail to which nobody has answered yet; `sender` None is the sample person."""
        self._count += 1
        body = self._letter(text, sender, [other], is_first=True)
        self._write(at, setting, [other], sender, subject, body, [], 0)

    def meeting(
        self, at: int, series: str, subject: str, agenda: str, own: str, others: Sequence[Person]
    ) -> None:
        """One meeting of a series, which everybody attended."""
        people = [Mailbox(own, SELF_NAME)] + [Mailbox(p.email, p.name) for p in others]
        name = f"{series}-{at}@calendar.example"
        self.drafts.append(
            _draft("meeting", name, at, subject, agenda, participants=tuple(people), thread=name)
        )

    def bulk(self, at: int, sender: Mailbox, subject: str, text: str, own: str) -> None:
        """A newsletter or a machine's message to the sample person."""
        self._count += 1
        name = f"bulk-{self._count}@{sender.address.rpartition('@')[2]}"
        self.drafts.append(
            _draft(
                "email",
                name,
                at,
                subject,
                text,
                kind=MessageKind.BULK,
                sender=sender,
                recipients=(Mailbox(own, SELF_NAME),),
                delivered_to=(own,),
            )
        )

    def list_post(self, at: int, sender: Person, address: str, subject: str, text: str) -> None:
        """A post to a discussion list that the sample person reads."""
        self._count += 1
        self.drafts.append(
            _draft(
                "email",
                f"list-{self._count}@{address.rpartition('@')[2]}",
                at,
                subject,
                text,
                kind=MessageKind.LIST,
                sender=Mailbox(sender.email, sender.name),
                recipients=(Mailbox(address, "Chart talk"),),
                delivered_to=(SELF_PRIVATE,),
                list_address=address,
            )
        )

    def _topic(self, setting: Setting, others: Sequence[Person]) -> Topic:
        known = topics()
        script = setting.circle
        if setting.is_chat and setting.circle == "current":
            script = "work_chat"
        elif setting.is_chat and len(others) == 1 and others[0].pace >= CLOSE_PACE:
            script = "home_chat" if others[0].name == PARTNER else "chat"
        found: Sequence[Topic] = known[script]
        if len(others) == 1:
            found = [topic for topic in found if not topic.is_shared]
        else:
            found = [topic for topic in found if not topic.is_private]
        if len(others) > 2:
            shared = [topic for topic in found if topic.is_shared]
            found = [topic for topic in found if not topic.is_directed] or found
            found = shared if shared and self._random.random() < SHARED_SHARE else found
        return self._random.choice(found)

    def _script(
        self, topic: Topic, others: int, is_chat: bool, owner_speaks: bool
    ) -> list[tuple[int | None, str]]:
        """Who says what, in order; a speaker is an index into the others or None for self."""
        random = self._random
        everyone: list[int | None] = [*range(others)]
        if owner_speaks:
            everyone.append(None)
        own = owner_speaks and random.random() < (0.5 if others == 1 else 0.3)
        openers = topic.openers + (topic.own_openers if own else topic.their_openers)
        if not openers:
            own = not own
            openers = topic.own_openers if own else topic.their_openers
        first: int | None = None if own else random.randrange(others)
        lines: list[tuple[int | None, str]] = [(first, random.choice(openers))]
        if random.random() < 0.1:
            return lines
        answers = list(topic.answers)
        random.shuffle(answers)
        wanted = random.choice((1, 1, 2, 2) if is_chat else (1, 1, 2, 3))
        if topic.is_directed:
            wanted = min(wanted, 1)
        if others > 1:
            wanted += random.randrange(3)
        last = first
        for answer in answers[:wanted]:
            if topic.is_directed:
                speaker = 0 if own else None
            else:
                speaker = random.choice([one for one in everyone if one != last])
            lines.append((speaker, answer))
            last = speaker
        if random.random() < 0.55:
            ending = first if first != last or others == 1 else random.randrange(others)
            if ending != last:
                lines.append((ending, random.choice(topic.closers)))
        return lines

    def _letter(
        self, text: str, sender: Person | None, others: Sequence[Person], *, is_first: bool
    ) -> str:
        if not is_first and self._random.random() < 0.5:
            return text
        if len(others) > 2:
            return f"{self._random.choice(('Hi all', 'Dear all', 'Hello everyone'))},\n\n{text}"
        first = PET_NAMES.get(others[0].name, others[0].given)
        given = "Nora" if sender is not None else first
        return f"{self._random.choice(('Hi', 'Hi', 'Dear', 'Hello'))} {given},\n\n{text}"

    def _write(
        self,
        at: int,
        setting: Setting,
        others: Sequence[Person],
        sender: Person | None,
        subject: str,
        text: str,
        ids: list[str],
        files: int,
    ) -> None:
        own = Mailbox(setting.own_address, SELF_NAME)
        is_former = setting.circle == "former"
        boxes = [
            Mailbox(FORMER_ADDRESSES.get(p.email, p.email) if is_former else p.email, p.name)
            for p in others
        ]
        speaker = own if sender is None else boxes[others.index(sender)]
        rest = [box for box in (own, *boxes) if box != speaker]
        direct = rest if setting.is_chat else rest[: max(1, (len(rest) + 1) // 2)]
        kind = "chat" if setting.is_chat else "email"
        name = f"{kind}-{self._count}-{len(ids)}@{speaker.address.rpartition('@')[2]}"
        self.drafts.append(
            _draft(
                kind,
                name,
                at,
                subject,
                text,
                sender=speaker,
                recipients=tuple(direct),
                cc=tuple(rest[len(direct) :]),
                references=() if setting.is_chat else tuple(ids),
                attachments=files,
                delivered_to=() if sender is None else (own.address,),
                thread=f"chat-{self._count}" if setting.is_chat else "",
            )
        )
        ids.append(name)


def _draft(
    source: str,
    name: str,
    at: int,
    subject: str,
    text: str,
    *,
    kind: MessageKind = MessageKind.PERSONAL,
    sender: Mailbox | None = None,
    recipients: tuple[Mailbox, ...] = (),
    cc: tuple[Mailbox, ...] = (),
    participants: tuple[Mailbox, ...] = (),
    references: tuple[str, ...] = (),
    delivered_to: tuple[str, ...] = (),
    list_address: str = "",
    attachments: int = 0,
    thread: str = "",
) -> Draft:
    return Draft(
        source_type=source,
        external_id=name,
        content_key=stable_key(f"{source} {name}"),
        sent_at=at,
        subject=subject,
        preview=text,
        kind=kind,
        sender=sender,
        recipients=recipients,
        cc=cc,
        references=references,
        next_offset=0,
        attachment_count=attachments,
        list_address=list_address,
        delivered_to=delivered_to,
        thread_id=thread,
        participants=participants,
    )


def setting_of(random: Random, person: Person, months_ago: float) -> Setting | None:
    """Where a thread with a person takes place at that time; None when nowhere."""
    circles = [circle for circle in person.circles if _is_open(circle, months_ago)]
    if not circles:
        return None
    circle = circles[0]
    if len(circles) > 1 and random.random() < 0.3:
        circle = random.choice(circles[1:])
    if person.name == PARTNER and random.random() < 0.92:
        return Setting("family", True, SELF_PRIVATE)
    if circle == "former" and months_ago < MOVED_MONTHS_AGO:
        circle = "old_colleagues"
    share = CHAT_SHARE.get(circle, 0.0)
    if person.pace >= CLOSE_PACE and circle not in WORKING:
        share = 0.85
    return Setting(circle, random.random() < share, own_address(circle, months_ago))


def own_address(circle: str, months_ago: float) -> str:
    """The address that the sample person uses in a circle at that time."""
    if circle in WORKING and circle != "old_colleagues":
        return SELF_FORMER if months_ago > MOVED_MONTHS_AGO else SELF_CURRENT
    return SELF_PRIVATE


def _is_open(circle: str, months_ago: float) -> bool:
    return circle != "current" or months_ago <= MOVED_MONTHS_AGO


def active(people: Sequence[Person], circle: str, months_ago: float) -> list[Person]:
    """The people of a circle who are around at that time."""
    return [
        person
        for person in people
        if circle in person.circles and rhythm.intensity(person, months_ago) > 0.04
    ]


def weeks(now: int) -> Iterator[tuple[int, float]]:
    """Begin of every week of the sample life (epoch seconds) and its age in months."""
    monday = rhythm.first_monday(now)
    for week in range(rhythm.WEEKS):
        start = monday + week * rhythm.WEEK_S
        yield start, max(0.0, (now - start - rhythm.WEEK_S // 2) / MONTH_S)


def company_colleagues(people: Sequence[Person], person: Person) -> list[Person]:
    """Others of the same company."""
    return [
        other for other in people if other.company == person.company and other.name != person.name
    ]


def sender_of(company: str, local: str, name: str = "") -> Mailbox:
    """A mailbox of a company that is nobody's."""
    return Mailbox(f"{local}@{company}.example", name or company_name(company))
