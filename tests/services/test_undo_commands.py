"""All commands in any order, with undo and redo in between: the same contents come back."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from crm_desktop.base.errors import UserError
from crm_desktop.domain.changes import KEEP
from crm_desktop.model.bulk import fetch_raw
from crm_desktop.model.database import Database, UnitOfWork
from crm_desktop.model.undo import RECORDED_TABLES
from crm_desktop.services import (
    company_edits,
    contact_edits,
    identifier_edits,
    merging,
    relationship_edits,
    relationship_types,
)
from crm_desktop.services.access import DirectAccess
from crm_desktop.services.inference import infer_relationships
from crm_desktop.services.undo import record, redo, undo
from tests.contents import rows
from tests.life import DAY_S, NOW, Life

pytestmark = pytest.mark.usefixtures("frozen_now")

Contents = dict[str, dict[Any, tuple[object, ...]]]
Command = Callable[["Pick", list[int]], object]

PNG = b"\x89PNG\r\n\x1a\n"
NAMES = ("Ada King", "ada  KING", "Bob Ray", "Cy Fox", "Dee Low", "Zoe Quell")
WORDS = ("choir", "Choir", "Riga", "Alps", "Ünï")
DATES = (None, "2019", "2020", "2020-02", "2020-02-29")
LABELS = ("Mentors", "Is mentored by", "Works with")
ADDRESSES = ("new@work.example", "ada@home.example", "bob@south.example")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with people, some of them twice, companies, and relationships of every source."""
    path = tmp_path_factory.mktemp("template") / "people.sqlite"
    database = Database.open(path)
    access = DirectAccess(database)
    access.write(_fill)
    infer_relationships(access)
    assert rows(access, "SELECT count(DISTINCT source) FROM relationships") == [(3,)]
    database.close()
    return path


def _fill(store: UnitOfWork) -> None:
    life = Life(store)
    acme, beta = life.company("Acme", "acme.example"), life.company("Beta")
    people = [
        life.contact(name, f"p{number}@south.example", company=acme if number % 2 else None)
        for number, name in enumerate(NAMES)
    ]
    life.contact("Robot", kind="bot")
    store.settings.self_person_id = people[0]
    for number, (one, other) in enumerate(itertools.combinations(people[:5], 2)):
        conversation = life.conversation(f"Plan {number}")
        life.message(conversation, one, other, at=NOW - number * DAY_S)
        life.message(conversation, other, one, at=NOW - number * DAY_S + 60)
    for name in ("Gil Sand", "Hal Moor"):
        life.contact(name)
    mentor = store.relationship_types.add("Mentor", *["contact"] * 2, *LABELS[:2])  # type: ignore[arg-type]
    store.relationship_types.add("Rival", *["contact"] * 2, *LABELS[2:] * 2)  # type: ignore[arg-type]
    life.relationship("rt-knows", people[0], people[3])
    mentoring = life.relationship(mentor, people[3], people[1])
    for text in WORDS[:2]:
        store.relationships.notes.add(mentoring, text)
    life.relationship("rt-works-with", people[1], people[4])
    life.relationship("rt-employee", acme, people[2], "imported")
    life.relationship("rt-vendor", beta, acme)


@contextmanager
def copy_of(template: Path, folder: Path) -> Iterator[DirectAccess]:
    """Access to a fresh copy of the template."""
    path = Path(shutil.copy(template, folder / "people.sqlite"))
    database = Database.open(path)
    try:
        yield DirectAccess(database)
    finally:
        database.close()
        path.unlink()


class Pick:
    """Chooses what a command is about, among what there is, or was."""

    def __init__(self, access: DirectAccess) -> None:
        self.access = access

    def one(self, table: str, choice: int) -> Any:
        """The key of a row of a table; sometimes of one that is gone."""
        ids = [row[0] for row in rows(self.access, f"SELECT id FROM {table} ORDER BY id")]
        ids.append("rt-gone" if table == "relationship_types" else 999)
        return ids[choice % len(ids)]

    def some(self, table: str, choices: list[int]) -> list[Any]:
        """The keys of one to three rows."""
        count = choices[0] % 3 + 1
        return [self.one(table, choice) for choice in choices[1 : 1 + count]]


def _add_relationship(pick: Pick, n: list[int]) -> object:
    type_id = pick.one("relationship_types", n[0])
    [kinds] = rows(
        pick.access,
        "SELECT max(from_entity_type = 'company'), max(to_entity_type = 'company')"
        f" FROM relationship_types WHERE id = '{type_id}'",
    )
    ends = [
        pick.one("companies" if is_company else "contacts", choice)
        for is_company, choice in zip(kinds, n[1:3], strict=True)
    ]
    return relationship_edits.create_relationship(
        *(pick.access, type_id, *ends),
        attitude=n[3] % 7 or None,
        started_on=DATES[n[4] % 5],
        ended_on=DATES[n[5] % 5],
        note=(None, "", "Met", "Met\nagain")[n[6] % 4],
    )


def _edit_relationship(pick: Pick, n: list[int]) -> object:
    return relationship_edits.update_relationship(
        *(pick.access, pick.one("relationships", n[0])),
        description=(KEEP, None, *WORDS)[n[1] % 7],
        attitude=(KEEP, None, 1, 5)[n[2] % 4],
        proximity=(KEEP, None, 2, 9)[n[3] % 4],
        started_on=(KEEP, *DATES)[n[4] % 6],
        ended_on=(KEEP, *DATES)[n[5] % 6],
    )


def _add_type(pick: Pick, n: list[int]) -> object:
    kinds = ("contact", "company")
    return relationship_types.create_relationship_type(
        *(pick.access, WORDS[n[0] % 5], kinds[n[1] % 2], kinds[n[2] % 2]),
        *(LABELS[n[3] % 3], LABELS[n[4] % 3]),
    )


def _edit_type(pick: Pick, n: list[int]) -> object:
    return relationship_types.update_relationship_type(
        *(pick.access, pick.one("relationship_types", n[0])),
        forward_label=(None, *LABELS)[n[1] % 4],
        reverse_label=(None, *LABELS)[n[2] % 4],
        description=(None, "", *WORDS)[n[3] % 7],
        color_index=(None, 0, 11)[n[4] % 3],
    )


def _edit_contact(pick: Pick, n: list[int]) -> object:
    field, value = (
        ("name", NAMES[n[1] % 6]),
        ("kind", ("person", "role", "bot")[n[1] % 3]),
        ("title", (None, *WORDS)[n[1] % 6]),
        ("notes", (None, *WORDS)[n[1] % 6]),
        ("birthday", (None, "1985", "--02-29")[n[1] % 3]),
        ("cadence_days", (None, 7)[n[1] % 2]),
        ("company_id", pick.one("companies", n[1])),
    )[n[2] % 7]
    return contact_edits.update_contact(pick.access, pick.one("contacts", n[0]), **{field: value})


def _edit_company(pick: Pick, n: list[int]) -> object:
    return company_edits.update_company(
        *(pick.access, pick.one("companies", n[0])),
        name=(KEEP, "Acme", "Beta", "Cargo")[n[1] % 4],
        domain=(KEEP, None, "acme.example", "cargo.example")[n[2] % 4],
        notes=(KEEP, None, *WORDS)[n[3] % 7],
    )


RELATING: dict[str, Command] = {
    "add relationship": _add_relationship,
    "edit relationship": _edit_relationship,
    "retype": lambda pick, n: relationship_edits.retype_relationships(
        pick.access, pick.some("relationships", n), pick.one("relationship_types", n[4])
    ),
    "delete relationships": lambda pick, n: relationship_edits.delete_relationships(
        pick.access, pick.some("relationships", n)
    ),
    "confirm": lambda pick, n: relationship_edits.confirm_relationships(
        pick.access, pick.some("relationships", n)
    ),
    "reject": lambda pick, n: relationship_edits.reject_relationships(
        pick.access, pick.some("relationships WHERE source = 'inferred'", n)
    ),
    "add note": lambda pick, n: relationship_edits.add_note(
        pick.access, pick.one("relationships", n[0]), WORDS[n[1] % 5]
    ),
    "edit note": lambda pick, n: relationship_edits.edit_note(
        pick.access, pick.one("relationship_notes", n[0]), WORDS[n[1] % 5]
    ),
    "remove note": lambda pick, n: relationship_edits.remove_note(
        pick.access, pick.one("relationship_notes", n[0])
    ),
    "add type": _add_type,
    "edit type": _edit_type,
    "delete type": lambda pick, n: relationship_types.delete_relationship_type(
        pick.access, pick.one("relationship_types", n[0])
    ),
}
PEOPLE: dict[str, Command] = {
    "add contact": lambda pick, n: contact_edits.create_contact(
        *(pick.access, NAMES[n[0] % 6]), email=(None, *ADDRESSES)[n[1] % 4]
    ),
    "edit contact": _edit_contact,
    "add identifier": lambda pick, n: identifier_edits.add_identifier(
        pick.access, pick.one("contacts", n[0]), "email", ADDRESSES[n[1] % 3]
    ),
    "edit identifier": lambda pick, n: identifier_edits.edit_identifier(
        pick.access, pick.one("contact_identifiers", n[0]), ADDRESSES[n[1] % 3]
    ),
    "remove identifier": lambda pick, n: identifier_edits.remove_identifier(
        pick.access, pick.one("contact_identifiers", n[0])
    ),
    "make primary": lambda pick, n: identifier_edits.make_primary(
        pick.access, pick.one("contact_identifiers", n[0])
    ),
    "add tags": lambda pick, n: contact_edits.add_tags(
        pick.access, pick.some("contacts", n), [WORDS[n[4] % 5]]
    ),
    "remove tags": lambda pick, n: contact_edits.remove_tags(
        pick.access, pick.some("contacts", n), [WORDS[n[4] % 5]]
    ),
    "photo": lambda pick, n: contact_edits.set_photo(
        pick.access, pick.one("contacts", n[0]), (None, PNG)[n[1] % 2]
    ),
    "delete contacts": lambda pick, n: contact_edits.delete_contacts(
        pick.access, pick.some("contacts", n)
    ),
    "decide": lambda pick, n: contact_edits.decide_identity(
        *(pick.access, pick.one("contacts", n[0]), pick.one("contacts", n[1])),
        (None, "same", "different")[n[2] % 3],  # type: ignore[arg-type]
    ),
    "merge": lambda pick, n: merging.merge_contacts(
        pick.access, pick.one("contacts", n[4]), pick.some("contacts", n)
    ),
    "add company": lambda pick, n: company_edits.create_company(
        pick.access, ("Acme", "Cargo", "Delta")[n[0] % 3], domain=(None, "delta.example")[n[1] % 2]
    ),
    "add employer": lambda pick, n: company_edits.create_employer(
        pick.access, pick.one("contacts", n[0]), ("Acme", "Cargo")[n[1] % 2]
    ),
    "edit company": _edit_company,
    "delete company": lambda pick, n: company_edits.delete_company(
        pick.access, pick.one("companies", n[0])
    ),
}
COMMANDS = RELATING | PEOPLE
ITS_OWN = {("inferred_at",), ("inference_state",)}
"""The settings that inference keeps for itself."""
UNDO, REDO, INFER = "undo", "redo", "infer"


@st.composite
def steps(
    draw: st.DrawFn, commands: dict[str, Command], *others: str
) -> list[tuple[str, list[int]]]:
    """Names of commands, or of `others`, each with the numbers that decide what it is about.

    Numbers drawn one by one would mostly be alike, and most commands never be tried.
    """
    random = draw(st.randoms(use_true_random=True))
    names = [*commands, *(name for name in others for _ in range(len(commands) // 6))]
    count = draw(st.integers(1, 20))
    walk = [(random.choice(names), [random.randrange(60) for _ in range(7)]) for _ in range(20)]
    return walk[:count]


_PLACES: dict[str, list[int]] = {}


def places(store: UnitOfWork) -> dict[str, list[int]]:
    """Where the key of each table stands among its columns."""
    for table in () if _PLACES else RECORDED_TABLES:
        columns = store.connection.exec_driver_sql(f"PRAGMA table_info({table})")
        _PLACES[table] = [row[0] for row in columns if row[5]]
    return _PLACES


def contents(access: DirectAccess) -> Contents:
    """Every row that a command may change, by its key."""
    with access.read() as store:
        return {
            table: {
                tuple(row[place] for place in key): row
                for row in fetch_raw(store.connection, f"SELECT * FROM {table}")
            }
            for table, key in places(store).items()
        }


def words(access: DirectAccess) -> list[tuple[object, ...]]:
    """What the full text of people and companies holds."""

    def read(store: UnitOfWork) -> list[tuple[object, ...]]:
        found: list[tuple[object, ...]] = []
        for table in ("contact_fts", "company_fts"):
            execute = store.connection.exec_driver_sql
            execute(f"CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, {table}, instance)")
            found += sorted((table, *row) for row in execute("SELECT * FROM temp.words"))
            execute("DROP TABLE temp.words")
        return found

    return access.write(read)


def assert_same(before: Contents, after: Contents, *, but_inferred: bool = False) -> None:
    """Whether two contents are equal; what inference owns in either of them may be left out."""
    left_out: set[Any] = set()
    if but_inferred:
        for side in (before, after):
            left_out |= {key for key, row in side["relationships"].items() if "inferred" in row}
    for table, expected in before.items():
        ignored = left_out if table == "relationships" else ITS_OWN if but_inferred else set()
        for key in expected.keys() | after[table].keys():
            if key not in ignored:
                assert after[table].get(key) == expected.get(key), (table, key)


class Walk:
    """Runs steps, and knows the contents to which undo and redo must lead."""

    def __init__(self, access: DirectAccess, *, infers: bool) -> None:
        self.access = access
        self.infers = infers
        self.before: list[Contents] = []  # of each step that can be undone
        self.after: list[Contents] = []  # of each step that can be redone, the next one last

    def step(self, name: str, numbers: list[int]) -> None:
        """One step, checked when it is an undo or redo."""
        if name == UNDO:
            self.undo()
        elif name == REDO:
            self.redo()
        elif name == INFER:
            infer_relationships(self.access)
        else:
            self.run(COMMANDS[name], numbers)

    def run(self, command: Command, numbers: list[int]) -> None:
        """A command, which changes nothing when it is refused."""
        before, status = contents(self.access), self.access.undo_status
        try:
            command(Pick(self.access), numbers)
        except UserError:
            assert_same(before, contents(self.access))
            assert self.access.undo_status == status
            return
        if contents(self.access) != before:
            self.before.append(before)
            self.after.clear()

    def undo(self) -> bool:
        """Whether there was a step to undo."""
        after = contents(self.access)
        if undo(self.access).value is None:
            assert not self.before
            return False
        assert_same(self.before.pop(), contents(self.access), but_inferred=self.infers)
        self.after.append(after)
        return True

    def redo(self) -> bool:
        """Whether there was a step to redo."""
        before = contents(self.access)
        if redo(self.access).value is None:
            assert not self.after
            return False
        assert_same(self.after.pop(), contents(self.access), but_inferred=self.infers)
        self.before.append(before)
        return True

    def there_and_back(self) -> None:
        """Redo what is left to be redone, undo all, redo all, and undo all once more."""
        while self.redo():
            pass
        final, final_words = contents(self.access), words(self.access)
        while self.undo():
            pass
        assert self.access.undo_status.undo_label is None
        while self.redo():
            pass
        assert_same(final, contents(self.access), but_inferred=self.infers)
        assert words(self.access) == final_words
        while self.undo():
            pass


SLOW = settings(
    deadline=None,
    phases=set(Phase) - {Phase.explain},
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@settings(SLOW, max_examples=15)
@given(steps=steps(COMMANDS, UNDO, REDO))
def test_undo_and_redo_come_back_to_identical_contents(
    template: Path, tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, list[int]]]
):
    with copy_of(template, tmp_path_factory.mktemp("walk")) as access:
        initial, initial_words = contents(access), words(access)
        walk = Walk(access, infers=False)
        for name, numbers in steps:
            walk.step(name, numbers)
        walk.there_and_back()
        assert_same(initial, contents(access))
        assert words(access) == initial_words


@settings(SLOW, max_examples=15)
@given(steps=steps(RELATING, UNDO, REDO, INFER))
def test_so_they_do_while_relationships_are_found_anew(
    template: Path, tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, list[int]]]
):
    with copy_of(template, tmp_path_factory.mktemp("walk")) as access:
        initial = contents(access)
        walk = Walk(access, infers=True)
        for name, numbers in steps:
            walk.step(name, numbers)
        walk.there_and_back()
        assert_same(initial, contents(access), but_inferred=True)


def test_every_command_is_among_them():
    modules = (
        *(relationship_edits, relationship_types, contact_edits, identifier_edits),
        *(company_edits, merging),
    )
    tried = {name for command in COMMANDS.values() for name in command.__code__.co_names}
    commands = {
        name
        for module in modules
        for name, function in vars(module).items()
        if not name.startswith("_")
        and function is not record
        and callable(function)
        and getattr(function, "__annotations__", {}).get("return", "").startswith("Done[")
    }
    assert commands <= tried, commands - tried
