"""What another program's database holds is stored once, found by inference, and can be taken back
as a whole."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_desktop.base.errors import UserError
from crm_desktop.domain.imports import ImportReport
from crm_desktop.domain.relationships import EntityKind, RelationshipSource
from crm_desktop.model.crmextender import migrate_to_v4
from crm_desktop.model.database import Database
from crm_desktop.services import records as records_module
from crm_desktop.services.access import DirectAccess
from crm_desktop.services.check import check_database
from crm_desktop.services.imports import import_paths, list_imports
from crm_desktop.services.inference import infer_relationships
from crm_desktop.services.refresh import refresh_derived
from crm_desktop.services.relationship_edits import delete_relationships, update_relationship
from crm_desktop.services.relationships import load_relationships
from crm_desktop.services.removal import remove_import
from crm_desktop.services.undo import undo
from tests.contents import PRIMARY_TABLES, adds_up, contents, names, rows
from tests.crmextender_builder import CrmExtender, small_life
from tests.mail_samples import START, message, write_mbox

FIRST, LAST = "2026-01-02T10:00:00+00:00", "2026-02-03T11:30:00+00:00"
JANUARY, FEBRUARY = 1_767_348_000, 1_770_118_200

DERIVED_SETTINGS = {"aggregated_at", "inferred_at", "inference_state", "interactions_state"}


def said(access: DirectAccess) -> dict[str, list[object]]:
    """The primary contents, without what only says when derived data was worked out."""
    found: dict[str, list[object]] = dict(contents(access, PRIMARY_TABLES))
    found["system_settings"] = [
        row
        for row in found["system_settings"]
        if str(row[0]) not in DERIVED_SETTINGS  # type: ignore[index]
    ]
    return found


def edges(access: DirectAccess) -> set[tuple[str, str, str, str]]:
    """Type, ends by name and source of every relationship that cards do not name."""
    return {
        (row.type, row.from_name, row.to_name, str(row.source))
        for row in load_relationships(access)
        if row.type != "EMPLOYEE"
    }


@contextmanager
def building(tmp_path: Path, name: str = "crm.db", version: int = 3) -> Iterator[CrmExtender]:
    with CrmExtender(tmp_path / name, version) as made:
        yield made


def test_everything_arrives_once(access: DirectAccess, tmp_path: Path):
    path = small_life(tmp_path / "crm.db")
    report = import_paths(access, [path])
    assert adds_up(report)
    assert (report.read, report.imported, report.contacts, report.conversations) == (9, 9, 3, 1)
    refresh_derived(access)
    assert edges(access) == {
        ("MENTOR_OF", "Ada Abel", "Bob Bond", "imported"),
        ("Friend of the family", "Cy Cole", "Ada Abel", "imported"),
        ("KNOWS", "Ada Abel", "Bob Bond", "inferred"),
    }
    assert rows(
        access,
        "SELECT c.name, o.name, o.domain FROM contacts c JOIN companies o ON o.id = c.company_id",
    ) == [("Ada Abel", "Acme", "acme.example"), ("Bob Bond", "Acme", "acme.example")]
    assert check_database(access).is_clean
    again = import_paths(access, [path])
    refresh_derived(access)
    assert (again.read, again.imported, again.duplicates) == (9, 0, 9)
    assert (again.contacts, again.conversations) == (0, 0)
    assert len(edges(access)) == 3


def test_inference_sees_what_was_only_counted(access: DirectAccess, tmp_path: Path):
    import_paths(access, [small_life(tmp_path / "crm.db")])
    infer_relationships(access)
    [knows] = [row for row in load_relationships(access) if row.type == "KNOWS"]
    assert (knows.shared_conversations, knows.shared_messages) == (1, 5)
    assert (knows.first_interaction, knows.last_interaction) == (1_767_261_600, 1_770_026_400)
    assert rows(
        access, "SELECT message_count, first_message_at, last_message_at FROM conversations"
    ) == [(5, 1_767_261_600, 1_770_026_400)]
    assert rows(access, "SELECT count(*) FROM messages") == [(0,)]


@pytest.mark.parametrize("version", [3, 4])
def test_removing_it_leaves_the_database_as_it_was(tmp_path: Path, version: int):
    path = small_life(tmp_path / "crm.db")
    if version == 4:
        migrate_to_v4(path)
    database = Database.open(tmp_path / "people.sqlite")
    access = DirectAccess(database)
    box = write_mbox(
        tmp_path / "box.mbox",
        [
            message(
                sender="Ada <ada@acme.example>",
                to="me@south.example",
                subject="Something else",
                date=START,
            )
        ],
    )
    import_paths(access, [box])
    refresh_derived(access)
    before, edges_before = said(access), edges(access)
    report = import_paths(access, [path])
    refresh_derived(access)
    assert said(access) != before
    remove_import(access, report.import_ids[0])
    refresh_derived(access)
    assert said(access) == before
    assert edges(access) == edges_before
    assert check_database(access).is_clean
    database.close()


def test_what_another_import_also_contains_stays(access: DirectAccess, tmp_path: Path):
    path = small_life(tmp_path / "crm.db")
    first = import_paths(access, [path])
    migrate_to_v4(path)
    second = import_paths(access, [path])
    refresh_derived(access)
    before = edges(access)
    remove_import(access, first.import_ids[0])
    refresh_derived(access)
    assert edges(access) == before
    assert rows(
        access, "SELECT DISTINCT import_id FROM relationships WHERE source = 'imported'"
    ) == [(second.import_ids[0],)]
    assert check_database(access).is_clean
    remove_import(access, second.import_ids[0])
    refresh_derived(access)
    assert edges(access) == set()
    assert rows(access, "SELECT count(*) FROM contacts") == [(0,)]
    assert rows(access, "SELECT count(*) FROM conversations") == [(0,)]
    assert rows(access, "SELECT count(*) FROM companies") == [(0,)]
    assert rows(access, "SELECT count(*) FROM relationship_types") == [(6,)]


def test_a_later_state_of_a_conversation_counts_instead(access: DirectAccess, tmp_path: Path):
    with building(tmp_path) as made:
        ada, bob = made.contact("Ada", "ada@x.example"), made.contact("Bob", "bob@x.example")
        made.conversation(
            "Talk",
            [("ada@x.example", ada, 2, FIRST, FIRST), ("bob@x.example", bob, 1, FIRST, FIRST)],
        )
    first = import_paths(access, [made.path])
    with closing(sqlite3.connect(made.path)) as connection, connection:
        connection.execute(
            "UPDATE conversation_participants SET communication_count = 7, last_seen_at = ?"
            " WHERE address = 'ada@x.example'",
            (LAST,),
        )
    second = import_paths(access, [made.path])
    assert (second.imported, second.duplicates) == (1, 2)
    counted = (
        "SELECT communication_count, first_seen_at, last_seen_at FROM"
        " conversation_participants ORDER BY contact_id"
    )
    assert rows(access, counted) == [(7, JANUARY, FEBRUARY), (1, JANUARY, JANUARY)]
    remove_import(access, second.import_ids[0])
    assert rows(access, counted) == [(2, JANUARY, JANUARY), (1, JANUARY, JANUARY)]
    remove_import(access, first.import_ids[0])
    assert rows(access, counted) == []


def test_mail_in_it_is_correspondence(access: DirectAccess, tmp_path: Path):
    with building(tmp_path) as made:
        made.contact("Ada Abel", "ada@north.example")
        talk = made.conversation("Garden", [("+49 89 123456", None, 2, FIRST, LAST)])
        made.communication(
            talk, "ada@north.example", "me@south.example", at=FIRST, content="Come on Sunday."
        )
        made.communication(talk, "me@south.example", "ada@north.example", at=LAST, content="Yes.")
    report = import_paths(access, [made.path], self_email="me@south.example")
    refresh_derived(access)
    assert adds_up(report)
    assert report.conversations == 1
    assert rows(access, "SELECT message_count FROM conversations") == [(4,)]
    assert rows(
        access,
        "SELECT i.value, p.communication_count FROM conversation_participants p"
        " JOIN contact_identifiers i ON i.contact_id = p.contact_id ORDER BY 1",
    ) == [("+4989123456", 2), ("ada@north.example", 1), ("me@south.example", 1)]
    # Scores follow from messages.
    assert rows(access, "SELECT count(*) FROM crm_relationships") == [(2,)]
    assert check_database(access).is_clean
    again = import_paths(access, [made.path])
    assert (again.imported, again.read) == (0, again.duplicates)


def test_copies_of_its_mail_in_an_archive_are_the_same(access: DirectAccess, tmp_path: Path):
    box = write_mbox(
        tmp_path / "box.mbox",
        [
            message(
                sender="Ada <ada@north.example>",
                to="bo@south.example",
                subject="Plans for us",
                date=START,
                body="As we said.",
            )
        ],
    )
    import_paths(access, [box])
    with building(tmp_path) as made:
        talk = made.conversation("Plans for us", [("+49 89 123456", None, 2, FIRST, LAST)])
        made.communication(
            talk,
            "ada@north.example",
            "bo@south.example",
            at=START.isoformat(),
            subject="Plans for us",
            content="As we said.",
        )
    report = import_paths(access, [made.path])
    assert (report.read, report.imported, report.duplicates) == (2, 1, 1)
    # Whom only the other program counted joins the conversation that is there.
    assert rows(access, "SELECT count(*) FROM conversations") == [(1,)]
    assert rows(access, "SELECT count(*) FROM conversation_participants") == [(3,)]


def test_people_known_by_address_are_the_same_people(access: DirectAccess, tmp_path: Path):
    box = write_mbox(
        tmp_path / "box.mbox",
        [message(sender="ada@x.example", to="bo@x.example", subject="Hello there", date=START)],
    )
    import_paths(access, [box])
    with building(tmp_path) as made:
        ada, cy = made.contact("Ada Abel", "ADA@x.example"), made.contact("Cy", "cy@x.example")
        made.relationship(ada, cy, "MENTOR")
    report = import_paths(access, [made.path])
    assert report.contacts == 1
    assert names(access)["ada@x.example"] == "Ada Abel"
    assert edges(access) == {("MENTOR", "Ada Abel", "Cy", "imported")}


def test_participants_nobody_entered_become_contacts(access: DirectAccess, tmp_path: Path):
    with building(tmp_path) as made:
        talk = made.conversation("Talk", [("new@x.example", None, 1, FIRST, LAST)])
        made.insert(
            "conversation_participants",
            conversation_id=talk,
            address="+49 89 123456",
            name="Doctor Dee",
            communication_count=2,
        )
        made.insert("conversation_participants", conversation_id=talk, address="@dee:chat")
    report = import_paths(access, [made.path])
    assert report.contacts == 3
    assert rows(
        access,
        "SELECT c.name, i.kind, i.value FROM contacts c"
        " JOIN contact_identifiers i ON i.contact_id = c.id ORDER BY 2",
    ) == [
        ("new@x.example", "email", "new@x.example"),
        ("@dee:chat", "handle", "@dee:chat"),
        ("Doctor Dee", "phone", "+4989123456"),
    ]
    remove_import(access, report.import_ids[0])
    assert rows(access, "SELECT count(*) FROM contacts") == [(0,)]


def test_companies_that_nobody_names_are_there(access: DirectAccess, tmp_path: Path):
    with building(tmp_path, version=4) as made:
        one, two = made.company("One", "one.example"), made.company("Two")
        made.company("Alone")
        made.company(" one ")
        made.relationship(one, two, "rt-partner", source="manual", kinds=("company", "company"))
        made.relationship(two, one, "rt-partner", source="manual", kinds=("company", "company"))
    report = import_paths(access, [made.path])
    refresh_derived(access)
    assert adds_up(report)
    assert rows(access, "SELECT name, domain FROM companies ORDER BY name") == [
        ("Alone", None),
        ("One", "one.example"),
        ("Two", None),
    ]
    # PARTNER has no direction, so that the second row says what the first one said.
    [partner] = load_relationships(access)
    assert partner.from_entity_type is EntityKind.COMPANY
    assert report.duplicates == 3  # it, the second “one” and the type
    import_paths(access, [made.path])
    remove_import(access, report.import_ids[0])
    assert rows(access, "SELECT count(*) FROM companies") == [(3,)]
    remove_import(access, list_imports(access)[0].id)
    assert rows(access, "SELECT count(*) FROM companies") == [(0,)]


def test_what_the_person_touched_becomes_their_own(access: DirectAccess, tmp_path: Path):
    report = import_paths(access, [small_life(tmp_path / "crm.db")])
    [mentor] = [row for row in load_relationships(access) if row.type == "MENTOR_OF"]
    update_relationship(access, mentor.id, description="Taught me all of it")
    remove_import(access, report.import_ids[0])
    refresh_derived(access)
    assert edges(access) == {("MENTOR_OF", "Ada Abel", "Bob Bond", "manual")}
    assert check_database(access).is_clean


def test_what_the_person_deleted_stays_away(access: DirectAccess, tmp_path: Path):
    path = small_life(tmp_path / "crm.db")
    import_paths(access, [path])
    before = edges(access)
    [mentor] = [row for row in load_relationships(access) if row.type == "MENTOR_OF"]
    delete_relationships(access, [mentor.id])
    again = import_paths(access, [path])
    assert (again.imported, again.duplicates) == (0, 9)
    assert ("MENTOR_OF", "Ada Abel", "Bob Bond", "imported") not in edges(access)
    undo(access)
    assert edges(access) == before


def test_undoing_a_deletion_keeps_that_two_imports_said_it(access: DirectAccess, tmp_path: Path):
    path = small_life(tmp_path / "crm.db")
    first, _ = import_paths(access, [path]), import_paths(access, [path])
    before = edges(access)
    [mentor] = [row for row in load_relationships(access) if row.type == "MENTOR_OF"]
    delete_relationships(access, [mentor.id])
    undo(access)
    remove_import(access, first.import_ids[0])
    assert edges(access) == before


def test_a_type_whose_name_means_something_else_here(access: DirectAccess, tmp_path: Path):
    with building(tmp_path, version=4) as made:
        a, b, firm = made.contact("A"), made.contact("B"), made.company("Firm")
        mine = made.type("employee", forward="Is a colleague of", reverse="Is a colleague of")
        made.relationship(a, b, mine, source="manual")
        made.relationship(firm, a, "rt-employee", source="manual", kinds=("company", "contact"))
    report = import_paths(access, [made.path])
    assert not report.rejected
    found = {(row.type, row.forward_label) for row in load_relationships(access)}
    assert found == {
        ("employee (contact to contact)", "Is a colleague of"),
        ("EMPLOYEE", "Employs"),
    }
    assert import_paths(access, [made.path]).imported == 0


def test_relationships_that_cannot_be_are_listed(access: DirectAccess, tmp_path: Path):
    with building(tmp_path) as made:
        ada, twin = made.contact("Ada", "ada@x.example"), made.contact("Ada", "ADA@x.example")
        made.relationship(ada, twin, "TWIN")
        made.relationship(ada, made.contact(None), "MENTOR")
    report = import_paths(access, [made.path])
    assert adds_up(report)
    assert sorted(reject.reason for reject in report.rejected) == sorted(
        [
            "a contact without a name, an address or a number",
            records_module.SAME_END,
            records_module.MISSING_END,
        ]
    )


def test_knows_that_somebody_entered_is_kept(access: DirectAccess, tmp_path: Path):
    with building(tmp_path, version=4) as made:
        ada, bob = made.contact("Ada", "a@x.example"), made.contact("Bob", "b@x.example")
        made.conversation(
            "Talk", [("a@x.example", ada, 1, FIRST, LAST), ("b@x.example", bob, 1, FIRST, LAST)]
        )
        made.relationship(bob, ada, "rt-knows", source="manual")
    import_paths(access, [made.path])
    refresh_derived(access)
    [knows] = load_relationships(access)
    assert (knows.type, knows.source) == ("KNOWS", RelationshipSource.IMPORTED)


def test_an_employment_named_by_card_and_file(access: DirectAccess, tmp_path: Path):
    with building(tmp_path, version=4) as made:
        acme = made.company("Acme")
        ada = made.contact("Ada", "ada@x.example", company=acme)
        made.relationship(acme, ada, "rt-employee", source="manual", kinds=("company", "contact"))
    first = import_paths(access, [made.path])
    refresh_derived(access)
    second = import_paths(access, [made.path])
    refresh_derived(access)
    assert second.imported == 0
    assert len(load_relationships(access)) == 1
    remove_import(access, first.import_ids[0])
    refresh_derived(access)
    [row] = load_relationships(access)
    assert (row.type, row.from_name, row.to_name) == ("EMPLOYEE", "Acme", "Ada")


def test_a_dry_run_changes_nothing(access: DirectAccess, tmp_path: Path):
    path = small_life(tmp_path / "crm.db")
    before = said(access)
    rehearsed = import_paths(access, [path], dry_run=True)
    assert said(access) == before
    done = import_paths(access, [path])
    assert (rehearsed.read, rehearsed.imported) == (done.read, done.imported)


class _StoppedError(Exception):
    pass


def test_an_interrupted_import_goes_on(
    access: DirectAccess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = small_life(tmp_path / "crm.db")
    relationship = records_module._Keeper.relationship

    def stop(*_arguments: object) -> None:
        raise _StoppedError

    monkeypatch.setattr(records_module._Keeper, "relationship", stop)
    with pytest.raises(_StoppedError):
        import_paths(access, [path])
    monkeypatch.setattr(records_module._Keeper, "relationship", relationship)
    report = import_paths(access, [path])
    assert (report.read, report.imported, report.duplicates) == (9, 9, 0)
    assert len(list_imports(access)) == 1


def test_the_database_itself_is_refused(access: DirectAccess, database: Database):
    with pytest.raises(UserError, match="open database itself"):
        import_paths(access, [database.path], format="crmextender")


_PERSON = st.integers(0, 4)
_TEXT = st.sampled_from(["KNOWS", "MENTOR", "mentor", "EMPLOYEE", "", "友", "WORKS_WITH"])
_LIFE = st.fixed_dictionaries(
    {
        "people": st.lists(
            st.tuples(st.sampled_from(["Ada", "Bob", "", None]), st.booleans(), st.booleans()),
            min_size=1,
            max_size=5,
        ),
        "talks": st.lists(
            st.lists(st.tuples(_PERSON, st.integers(0, 9)), max_size=4, unique_by=lambda p: p[0]),
            max_size=4,
        ),
        "mails": st.lists(st.tuples(st.integers(0, 3), _PERSON, _PERSON), max_size=5),
        "edges": st.lists(
            st.tuples(_PERSON, _PERSON, _TEXT, st.booleans()), max_size=8, unique_by=lambda e: e[:3]
        ),
    }
)


def random_life(path: Path, life: dict[str, list[tuple[object, ...]]]) -> None:
    with CrmExtender(path) as made:
        firm = made.company("Firm", "firm.example")
        addresses = [f"p{number}@firm.example" for number in range(5)]
        people = [
            made.contact(
                name,  # type: ignore[arg-type]
                *([addresses[number]] if has_address else []),
                company=firm if works else None,
            )
            for number, (name, has_address, works) in enumerate(life["people"])
        ]

        def person(number: object) -> str | None:
            return people[int(str(number))] if int(str(number)) < len(people) else None

        talks = [
            made.conversation(
                f"Talk about {index}",
                [
                    (addresses[number], person(number), count, FIRST, LAST)
                    for number, count in talk  # type: ignore[misc]
                ],
            )
            for index, talk in enumerate(life["talks"])
        ]
        for index, (talk, sender, receiver) in enumerate(life["mails"]):
            if int(str(talk)) < len(talks):
                made.communication(
                    talks[int(str(talk))],
                    addresses[int(str(sender))],
                    addresses[int(str(receiver))],
                    at=LAST,
                    content=f"Words {index}",
                )
        for first, second, text, is_company in life["edges"]:
            if not is_company or first == 0:
                made.relationship(
                    firm if is_company else person(first) or f"nobody {first}",
                    person(second) or f"nobody {second}",
                    str(text),
                    kinds=("company" if is_company else "contact", "contact"),
                )


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(life=_LIFE, version=st.sampled_from([3, 4]))
def test_any_file_adds_up_comes_once_and_goes_without_a_trace(
    tmp_path_factory: pytest.TempPathFactory,
    life: dict[str, list[tuple[object, ...]]],
    version: int,
):
    folder = tmp_path_factory.mktemp("random")
    path = folder / "crm.db"
    random_life(path, life)
    if version == 4:
        migrate_to_v4(path)
    database = Database.open(folder / "people.sqlite")
    access = DirectAccess(database)
    before = said(access)
    reports: list[ImportReport] = []
    for _ in range(2):
        reports.append(import_paths(access, [path]))
        refresh_derived(access)
        assert adds_up(reports[-1])
        assert check_database(access).is_clean
    assert reports[1].imported == 0
    assert reports[1].read == reports[0].read
    assert (reports[1].contacts, reports[1].conversations) == (0, 0)
    for report in reports:
        remove_import(access, report.import_ids[0])
        refresh_derived(access)
        assert check_database(access).is_clean
    assert said(access) == before
    assert load_relationships(access) == ()
    database.close()
