"""An archive that changes in every way an archive can, for tests of what is derived from it."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from crm_desktop.domain.relationships import KNOWS_TYPE_ID

if TYPE_CHECKING:
    from crm_desktop.model.database import Database, UnitOfWork

DAY_S = 86_400
START = 1_700_000_000
PEOPLE = 10
FIRST_CONVERSATION = 30
CONVERSATIONS = 12
OLD_CONVERSATIONS = 7
MESSAGES = 25
"""Ids run past 32, so that with one-bit milestones some count for the terms and some do not."""
NAMES = ("", "ada bell", "ben cole", "cy dow", "dee eng", "", "eve fox")
SUBJECTS = ("", "Golf on Sunday", "golf clubs", "ISDA swap", "swap agreements", "Ada and Ben")
TABLES = (
    "relationships",
    "relationship_decisions",
    "crm_relationships",
    "messages",
    "conversations",
    "identity_decisions",
    "contacts",
    "pending",
    "inference_before",
    "inference_people",
    "inference_blocked",
    "inference_terms",
    "interactions_before",
    "system_settings",
)

Step = tuple[str, tuple[Any, ...]]

_person = st.integers(1, PEOPLE)
_pair = st.tuples(_person, _person).filter(lambda pair: pair[0] < pair[1])
_conversation = st.integers(FIRST_CONVERSATION, FIRST_CONVERSATION + CONVERSATIONS - 1)
_age_s = st.one_of(
    st.none(),
    st.integers(-3 * DAY_S, 400 * DAY_S),
    st.sampled_from([0, 30 * DAY_S, 90 * DAY_S, 91 * DAY_S, 365 * DAY_S]),
)
_message = st.tuples(
    _conversation,
    _person,
    st.lists(_person, max_size=3, unique=True),
    _age_s,
    st.integers(0, 2),
    st.sampled_from(SUBJECTS),
)
STEPS: st.SearchStrategy[Step] = st.one_of(
    st.tuples(st.just("write"), _message),
    st.tuples(st.just("write"), _message),
    st.tuples(st.just("write"), _message),
    st.tuples(st.just("forget"), st.tuples(st.integers(0, 30))),
    st.tuples(st.just("fail"), st.tuples(st.integers(0, 30))),
    st.tuples(st.just("move"), st.tuples(st.integers(0, 30), _conversation)),
    st.tuples(st.just("drop"), st.tuples(_conversation)),
    st.tuples(st.just("subject"), st.tuples(_conversation, st.sampled_from(SUBJECTS))),
    st.tuples(st.just("name"), st.tuples(_person, st.sampled_from(NAMES))),
    st.tuples(st.just("kind"), st.tuples(_person, st.sampled_from(("person", "list")))),
    st.tuples(st.just("join"), _pair),
    st.tuples(st.just("decide"), st.tuples(_pair, st.sampled_from(("same", "different", "")))),
    st.tuples(st.just("judge"), st.tuples(_pair, st.sampled_from(("rejected", "confirmed", "")))),
    st.tuples(st.just("enter"), st.tuples(_pair, st.booleans())),
    st.tuples(st.just("note"), _pair),
    st.tuples(st.just("limit"), st.tuples(st.integers(2, 5))),
    st.tuples(st.just("wait"), st.tuples(st.sampled_from((60, 3_600, DAY_S, 31 * DAY_S)))),
)


class ChangingArchive:
    """Messages between a few people, some of whom share a name, written straight to the tables."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = START
        with database._engines.write.connect() as connection:
            # No power is lost in a test, and many are made.
            raw: Any = connection.connection.dbapi_connection
            raw.execute("PRAGMA synchronous=OFF")
        with database.write() as store:
            for table in TABLES:
                store.connection.exec_driver_sql(f"DELETE FROM {table}")
            for person in range(1, PEOPLE + 1):
                self._contact(store, person)
        self.do(self._beginning())

    @staticmethod
    def _beginning() -> list[Step]:
        """Some mail that is there before anything changes."""
        chance = random.Random(3)
        people = range(1, PEOPLE + 1)
        return [
            (
                "write",
                (
                    FIRST_CONVERSATION + place % OLD_CONVERSATIONS,
                    chance.choice(people),
                    chance.sample(people, chance.randint(1, 2)),
                    chance.choice((*[chance.randrange(400 * DAY_S)] * 4, None, -DAY_S)),
                    chance.randint(0, 2),
                    chance.choice(SUBJECTS),
                ),
            )
            for place in range(MESSAGES)
        ]

    def do(self, steps: Sequence[Step]) -> None:
        """Take these steps in one write; those that make no sense do nothing."""
        with self.database.write() as store:
            for name, arguments in steps:
                getattr(self, f"_{name}")(store, *arguments)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        with self.database.read() as store:
            return [tuple(row) for row in store.connection.exec_driver_sql(sql)]

    def _contact(self, store: UnitOfWork, person: int) -> None:
        name = NAMES[person % len(NAMES)]
        store.connection.exec_driver_sql(
            "INSERT OR IGNORE INTO contacts (id, name, name_key, created_at, updated_at)"
            " VALUES (?, ?, ?, 0, 0)",
            (person, name, name),
        )
        store.connection.exec_driver_sql(
            "INSERT OR IGNORE INTO contact_identifiers"
            " (id, contact_id, home_contact_id, kind, value, raw) VALUES (?1, ?1, ?1, 'email',"
            " 'a' || ?1, '')",
            (person,),
        )

    def _write(
        self,
        store: UnitOfWork,
        conversation: int,
        sender: int,
        receivers: list[int],
        age_s: int | None,
        attachments: int,
        subject: str,
    ) -> None:
        execute = store.connection.exec_driver_sql
        for person in (sender, *receivers):
            self._contact(store, person)
        execute(
            "INSERT OR IGNORE INTO conversations (id, source, subject) VALUES (?, 'mail', ?)",
            (conversation, subject),
        )
        number = execute("SELECT coalesce(max(id), 0) + 1 FROM messages").scalar_one()
        sent_at = None if age_s is None else self.now - age_s
        execute(
            "INSERT INTO messages (id, conversation_id, source_type, external_id, content_key,"
            " sent_at, attachment_count) VALUES (?1, ?2, 'mail', ?1, ?1, ?3, ?4)",
            (number, conversation, sent_at, attachments),
        )
        people = [(sender, "sender"), *((person, "recipient") for person in receivers)]
        store.messages.insert_people([(number, id_, role, id_) for id_, role in people])
        if number % 2:
            store.messages.rebuild_participants([conversation])
            return
        # As imports do it, row by row.
        sent = dict.fromkeys(receivers, 0) | {sender: 1}
        store.messages.add_participation(
            [(conversation, person, flag, sent_at) for person, flag in sent.items()]
        )
        [state] = store.messages.load_conversations([conversation]).values()
        state.message_count += 1
        if sent_at is not None:
            state.last_message_at = max(sent_at, state.last_message_at or sent_at)
        store.messages.save_conversations([state])

    def _one_message(self, store: UnitOfWork, place: int) -> tuple[int, int] | None:
        row = store.connection.exec_driver_sql(
            "SELECT id, conversation_id FROM messages ORDER BY id LIMIT 1 OFFSET ?", (place,)
        ).first()
        return None if row is None else (row[0], row[1])

    def _forget(self, store: UnitOfWork, place: int) -> None:
        if found := self._one_message(store, place):
            store.connection.exec_driver_sql("DELETE FROM messages WHERE id = ?", (found[0],))
            store.messages.rebuild_participants([found[1]])

    def _fail(self, store: UnitOfWork, place: int) -> None:
        if found := self._one_message(store, place):
            store.connection.exec_driver_sql(
                "UPDATE messages SET status = iif(status = 'ok', 'failed', 'ok') WHERE id = ?",
                (found[0],),
            )

    def _move(self, store: UnitOfWork, place: int, conversation: int) -> None:
        found = self._one_message(store, place)
        if found and self._is_there(store, "conversations", conversation):
            store.connection.exec_driver_sql(
                "UPDATE messages SET conversation_id = ? WHERE id = ?", (conversation, found[0])
            )
            store.messages.rebuild_participants([found[1], conversation])

    def _drop(self, store: UnitOfWork, conversation: int) -> None:
        store.connection.exec_driver_sql("DELETE FROM conversations WHERE id = ?", (conversation,))

    def _subject(self, store: UnitOfWork, conversation: int, subject: str) -> None:
        store.connection.exec_driver_sql(
            "UPDATE conversations SET subject = ? WHERE id = ?", (subject, conversation)
        )

    def _name(self, store: UnitOfWork, person: int, name: str) -> None:
        store.connection.exec_driver_sql(
            "UPDATE contacts SET name = ?1, name_key = ?1 WHERE id = ?2", (name, person)
        )

    def _kind(self, store: UnitOfWork, person: int, kind: str) -> None:
        store.connection.exec_driver_sql(
            "UPDATE contacts SET kind = ? WHERE id = ?", (kind, person)
        )

    def _join(self, store: UnitOfWork, into: int, other: int) -> None:
        if all(self._is_there(store, "contacts", id_) for id_ in (into, other)):
            conversations = store.connection.exec_driver_sql(
                "SELECT conversation_id FROM conversation_participants WHERE contact_id = ?",
                (other,),
            ).all()
            for sql in (
                "UPDATE contact_identifiers SET contact_id = :into WHERE contact_id = :other",
                "UPDATE message_people SET contact_id = :into WHERE contact_id = :other",
                "DELETE FROM relationships WHERE from_entity_id = :other OR to_entity_id = :other",
                "DELETE FROM contacts WHERE id = :other",
            ):
                store.connection.exec_driver_sql(sql, {"into": into, "other": other})
            store.messages.rebuild_participants([row[0] for row in conversations])

    def _decide(self, store: UnitOfWork, pair: tuple[int, int], decision: str) -> None:
        execute = store.connection.exec_driver_sql
        execute(
            "DELETE FROM identity_decisions WHERE (low_contact_id, high_contact_id) = (?, ?)", pair
        )
        if decision and all(self._is_there(store, "contacts", id_) for id_ in pair):
            execute("INSERT INTO identity_decisions VALUES (?, ?, ?, 0)", (*pair, decision))
        self._decided(store)

    def _judge(self, store: UnitOfWork, pair: tuple[int, int], decision: str) -> None:
        if decision:
            store.relationships.decide(KNOWS_TYPE_ID, *pair, decision)
        else:
            store.connection.exec_driver_sql(
                "DELETE FROM relationship_decisions WHERE (from_entity_id, to_entity_id) = (?, ?)",
                pair,
            )
        self._decided(store)

    def _enter(self, store: UnitOfWork, pair: tuple[int, int], is_there: bool) -> None:
        execute = store.connection.exec_driver_sql
        execute(
            "DELETE FROM relationships WHERE (from_entity_id, to_entity_id) = (?, ?)"
            " AND source = 'manual'",
            pair,
        )
        if is_there and all(self._is_there(store, "contacts", id_) for id_ in pair):
            execute(
                "INSERT INTO relationships (relationship_type_id, from_entity_id, to_entity_id,"
                " created_at, updated_at) VALUES (?, ?, ?, 0, 0)"
                " ON CONFLICT (from_entity_id, to_entity_id, relationship_type_id)"
                " DO UPDATE SET source = 'manual', properties = NULL",
                (KNOWS_TYPE_ID, *pair),
            )
        self._decided(store)

    def _note(self, store: UnitOfWork, low: int, high: int) -> None:
        store.connection.exec_driver_sql(
            "UPDATE relationships SET description = 'My words', updated_by = 1"
            " WHERE (from_entity_id, to_entity_id) = (?, ?)",
            (low, high),
        )

    def _limit(self, store: UnitOfWork, people: int) -> None:
        store.settings.set("inference_max_participants", str(people))
        self._decided(store)

    def _wait(self, _store: UnitOfWork, seconds: int) -> None:
        self.now += seconds

    def _decided(self, store: UnitOfWork) -> None:
        from crm_desktop.services.refresh import mark_people

        mark_people(store, [1])

    def _is_there(self, store: UnitOfWork, table: str, id_: int) -> bool:
        found = store.connection.exec_driver_sql(f"SELECT 1 FROM {table} WHERE id = ?", (id_,))
        return found.first() is not None


def recent_of(properties: str) -> list[int]:
    """The conversations that an inferred row names."""
    return list(json.loads(properties)["recent_conversations"])
