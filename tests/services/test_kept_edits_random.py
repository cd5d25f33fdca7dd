"""Any edits, in any order: imports leave them alone, and each can be undone."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_desktop.base.errors import UserError
from crm_desktop.domain.edits import PRIMARY, TAG, edited_columns, marks_of
from crm_desktop.model.database import Database
from crm_desktop.model.undo import RECORDED_TABLES
from crm_desktop.services import company_edits, contact_edits, identifier_edits
from crm_desktop.services.access import DirectAccess
from crm_desktop.services.identity import derive_contacts
from crm_desktop.services.imports import import_paths
from crm_desktop.services.removal import remove_import
from crm_desktop.services.undo import redo, undo
from tests.contents import contents, rows
from tests.mail_samples import correspondence, people, write_mbox

PHOTOS = (b"\x89PNG\r\n\x1a\n", None)
CROWD = 8


def address_book() -> str:
    """Cards of half the people who write, with second addresses, numbers, companies and tags."""
    cards = []
    for index, (name, address) in enumerate(people(CROWD)):
        if index % 2:
            continue
        cards.append(
            f"BEGIN:VCARD\nVERSION:3.0\nUID:u{index}\nFN:{name}\nEMAIL:{address}\n"
            f"EMAIL:home{index}@home.example\nTEL:+49 89 12345{index}\nTITLE:Chair {index}\n"
            f"ORG:{'Abel' if index % 4 else 'Brandt'}\nCATEGORIES:choir,group {index % 4}\n"
            f"BDAY:--04-1{index}\nNOTE:Met in {index}\nEND:VCARD\n"
        )
    return "".join(cards)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database, and with the files that were imported into it."""
    folder = tmp_path_factory.mktemp("archive")
    write_mbox(folder / "mail.mbox", correspondence(60, seed=5, crowd=CROWD))
    (folder / "people.vcf").write_text(address_book())
    database = Database.open(folder / "people.sqlite")
    for name in ("mail.mbox", "people.vcf"):
        import_paths(DirectAccess(database), [folder / name])
    database.close()
    return folder


@contextmanager
def copy_of(archive: Path, folder: Path) -> Iterator[DirectAccess]:
    """Access to a copy of the database in `archive`."""
    shutil.copy(archive / "people.sqlite", folder / "people.sqlite")
    database = Database.open(folder / "people.sqlite")
    try:
        yield DirectAccess(database)
    finally:
        database.close()


Command = Callable[[DirectAccess], object]


def _picked(access: DirectAccess, table: str, choice: int) -> int:
    ids = rows(access, f"SELECT id FROM {table} ORDER BY id")
    return int(str(ids[choice % len(ids)][0])) if ids else 0


CHOICE = st.integers(0, 200)
WORD = st.sampled_from(["choir", "Choir", "group 0", "Alps", "Ada", "Zoe Quell", "Abel", "x"])
FIELDS = {
    "name": WORD,
    "given_name": st.none() | WORD,
    "title": st.none() | WORD,
    "notes": st.none() | WORD,
    "birthday": st.sampled_from([None, "1985", "--02-29", "1985-04-12"]),
    "cadence_days": st.none() | st.integers(1, 90),
    "kind": st.sampled_from(["person", "role", "bot"]),
}
IDENTIFIERS = st.sampled_from(
    [
        ("email", "new@work.example"),
        ("email", "home0@home.example"),
        ("email", people(1)[0][1]),
        ("phone", "+49 89 123450"),
        ("phone", "+49 89 777777"),
        ("handle", "skype:ada"),
    ]
)
DOMAIN = st.sampled_from([None, "north.example", "abel.example"])


@st.composite
def commands(draw: st.DrawFn) -> tuple[str, Command]:
    """A command on what happens to be there then."""
    one, other = draw(CHOICE), draw(CHOICE)
    kind = draw(st.sampled_from(sorted(_COMMANDS)))
    return kind, _COMMANDS[kind](draw, one, other)


def _field(draw: st.DrawFn, one: int, _: int) -> Command:
    field = draw(st.sampled_from(sorted(FIELDS)))
    value = draw(FIELDS[field])
    return lambda a: contact_edits.update_contact(a, _picked(a, "contacts", one), **{field: value})


def _company(draw: st.DrawFn, one: int, other: int) -> Command:
    none = draw(st.booleans())
    return lambda a: contact_edits.update_contact(
        a, _picked(a, "contacts", one), company_id=None if none else _picked(a, "companies", other)
    )


def _tags(draw: st.DrawFn, one: int, other: int) -> Command:
    command = draw(st.sampled_from([contact_edits.add_tags, contact_edits.remove_tags]))
    words = draw(st.lists(WORD, min_size=1, max_size=2))
    return lambda a: command(a, [_picked(a, "contacts", i) for i in (one, other)], words)


def _add_identifier(draw: st.DrawFn, one: int, _: int) -> Command:
    kind, text = draw(IDENTIFIERS)
    return lambda a: identifier_edits.add_identifier(a, _picked(a, "contacts", one), kind, text)


def _edit_identifier(draw: st.DrawFn, one: int, _: int) -> Command:
    _, text = draw(IDENTIFIERS)
    return lambda a: identifier_edits.edit_identifier(a, _picked(a, TABLE, one), text)


def _create(draw: st.DrawFn, _: int, __: int) -> Command:
    name, (kind, text) = draw(WORD), draw(IDENTIFIERS)
    values = {kind: text} if kind in ("email", "phone") else {}
    return lambda a: contact_edits.create_contact(a, name, **values)


def _decide(draw: st.DrawFn, one: int, other: int) -> Command:
    decision: Any = draw(st.sampled_from(["same", "different", None]))
    return lambda a: contact_edits.decide_identity(
        a, _picked(a, "contacts", one), _picked(a, "contacts", other), decision
    )


def _update_company(draw: st.DrawFn, one: int, _: int) -> Command:
    values: dict[str, Any] = draw(
        st.fixed_dictionaries({}, optional={"name": WORD, "domain": DOMAIN, "notes": WORD})
    )
    return lambda a: company_edits.update_company(a, _picked(a, "companies", one), **values)


def _create_company(draw: st.DrawFn, _: int, __: int) -> Command:
    name, domain = draw(WORD), draw(DOMAIN)
    return lambda a: company_edits.create_company(a, name, domain=domain)


TABLE = "contact_identifiers"
_COMMANDS: dict[str, Callable[[st.DrawFn, int, int], Command]] = {
    "field": _field,
    "company": _company,
    "tags": _tags,
    "photo": lambda _draw, one, other: (
        lambda a: contact_edits.set_photo(a, _picked(a, "contacts", one), PHOTOS[other % 2])
    ),
    "add identifier": _add_identifier,
    "edit identifier": _edit_identifier,
    "remove identifier": lambda _draw, one, _other: (
        lambda a: identifier_edits.remove_identifier(a, _picked(a, TABLE, one))
    ),
    "make primary": lambda _draw, one, _other: (
        lambda a: identifier_edits.make_primary(a, _picked(a, TABLE, one))
    ),
    "create": _create,
    "delete": lambda _draw, one, _other: (
        lambda a: contact_edits.delete_contacts(a, [_picked(a, "contacts", one)])
    ),
    "decide": _decide,
    "update company": _update_company,
    "create company": _create_company,
    "delete company": lambda _draw, one, _other: (
        lambda a: company_edits.delete_company(a, _picked(a, "companies", one))
    ),
}


def run(access: DirectAccess, steps: list[tuple[str, Command]]) -> None:
    """Run what can be run."""
    for _, command in steps:
        try:
            command(access)
        except UserError:
            continue


_OWN_ROWS = {
    "tags": "SELECT contact_id, tag FROM contact_tags WHERE source = 'manual'",
    "identifiers": "SELECT contact_id, kind, value FROM contact_identifiers"
    " WHERE import_id IS NULL",
    "decisions": "SELECT * FROM identity_decisions",
    "contacts": "SELECT id FROM contacts WHERE created_by IS NOT NULL",
}


def persons_words(access: DirectAccess) -> dict[str, object]:
    """All that the person set, added or took away, as the database has it now."""
    found: dict[str, object] = {}
    with access.read() as store:
        execute = store.connection.exec_driver_sql
        for table in ("contacts", "companies"):
            for row in execute(f"SELECT * FROM {table}").mappings():
                marks = marks_of(row["edited_fields"])
                for column in edited_columns(marks) - {PRIMARY}:
                    found[f"{table} {row['id']} {column}"] = row[column]
                if table == "contacts":
                    _note_choices(found, execute, row["id"], marks)
                elif row["created_by"] is not None:
                    found[f"company {row['id']}"] = True
        for name, query in _OWN_ROWS.items():
            found[name] = set(map(tuple, execute(query)))
    return found


def _note_choices(
    found: dict[str, object], execute: Any, contact_id: int, marks: frozenset[str]
) -> None:
    held = {
        f"{kind}:{value}"
        for kind, value in execute(
            "SELECT kind, value FROM contact_identifiers WHERE contact_id = ?", (contact_id,)
        )
    }
    held |= {
        f"{TAG}{tag.casefold()}"
        for (tag,) in execute("SELECT tag FROM contact_tags WHERE contact_id = ?", (contact_id,))
    }
    assert not held & marks, "what was taken off a contact is there again"
    if PRIMARY in marks:
        query = "SELECT id FROM contact_identifiers WHERE contact_id = ? AND is_primary"
        found[f"primary of {contact_id}"] = [row[0] for row in execute(query, (contact_id,))]


def participations(access: DirectAccess) -> list[tuple[object, ...]]:
    """Who took part in which message by which address."""
    return rows(
        access,
        "SELECT m.external_id, p.role, i.value FROM message_people p"
        " JOIN messages m ON m.id = p.message_id"
        " JOIN contact_identifiers i ON i.id = p.identifier_id AND i.contact_id = p.contact_id"
        " ORDER BY 1, 2, 3",
    )


SLOW = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@SLOW
@given(steps=st.lists(commands(), min_size=1, max_size=12))
def test_imports_and_derivation_leave_what_the_person_said(
    archive: Path, tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, Command]]
):
    folder = tmp_path_factory.mktemp("kept")
    with copy_of(archive, folder) as access:
        before = participations(access)
        run(access, steps)
        said = persons_words(access)
        assert participations(access) == before
        for name in ("mail.mbox", "people.vcf"):
            # Under another name the files are read and counted once more.
            import_paths(access, [shutil.copy(archive / name, folder / f"again-{name}")])
        derive_contacts(
            access, [int(str(id_)) for (id_,) in rows(access, "SELECT id FROM contacts")]
        )
        assert persons_words(access) == said
        assert participations(access) == before


@SLOW
@given(steps=st.lists(commands(), min_size=1, max_size=12))
def test_removals_leave_what_the_person_said(
    archive: Path, tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, Command]]
):
    folder = tmp_path_factory.mktemp("removed")
    with copy_of(archive, folder) as access:
        run(access, steps)
        said = persons_words(access)
        for import_id in (2, 1):
            remove_import(access, import_id)
        left = persons_words(access)
        gone = {name: value for name, value in said.items() if left.get(name) != value}
        gone.pop("decisions", None)  # between contacts of which nobody made anything
        for name in ("tags", "identifiers", "contacts"):
            assert said[name] <= left[name]  # type: ignore[operator]
            gone.pop(name, None)
        # Whom nothing speaks for needs no first address.
        assert not {name for name in gone if not name.startswith("primary of")}, gone
        with access.read() as store:
            assert store.connection.exec_driver_sql("PRAGMA foreign_key_check").first() is None


@SLOW
@given(steps=st.lists(commands(), min_size=1, max_size=12))
def test_every_edit_can_be_undone_and_redone(
    archive: Path, tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, Command]]
):
    with copy_of(archive, tmp_path_factory.mktemp("undone")) as access:
        states = [contents(access, RECORDED_TABLES)]
        for step in steps:
            label = access.undo_status.undo_label
            run(access, [step])
            state = contents(access, RECORDED_TABLES)
            if state != states[-1]:
                states.append(state)
            else:
                assert access.undo_status.undo_label == label
        for state in states[-2::-1]:
            assert undo(access).value is not None
            assert contents(access, RECORDED_TABLES) == state
        assert undo(access).value is None
        for state in states[1:]:
            assert redo(access).value is not None
            assert contents(access, RECORDED_TABLES) == state
