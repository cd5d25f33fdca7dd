"""The search box: people, companies and conversations by their words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from crm_desktop.domain.contacts import name_key
from crm_desktop.domain.marks import excerpt, folded_words, marks, matched_words
from crm_desktop.domain.search import Hit, HitKind, SearchResults

if TYPE_CHECKING:
    from crm_desktop.base.jobs import CancelToken
    from crm_desktop.domain.contacts import ContactRow
    from crm_desktop.model.contact_queries import ContactText
    from crm_desktop.model.conversation_queries import FoundConversation
    from crm_desktop.model.database import UnitOfWork
    from crm_desktop.services.access import Access

Words = Sequence[Sequence[str]]

NO_SUBJECT = "(no subject)"
SHOWN_NAMES = 3


def search(
    access: Access, query: str, *, limit: int = 20, token: CancelToken | None = None
) -> SearchResults:
    """What matches every word of `query`: at most `limit` hits of each kind.

    People and companies match by beginnings of words, conversations by whole words and the
    beginning of the last one. People whom self is close to come first among equal matches. Any
    text is a valid query. A set token stops it with Cancelled.
    """
    from crm_desktop.model.fulltext import searchable_words

    words = searchable_words(query)
    if not words:
        return SearchResults(query, ())
    folded = folded_words(words)
    with access.read(token) as store:
        hits = [
            *_people(store, words, folded, limit),
            *_companies(store, words, folded, limit),
            *_conversations(store, words, folded, limit),
        ]
    return SearchResults(query, tuple(hits))


def _people(store: UnitOfWork, words: Sequence[str], folded: Words, limit: int) -> list[Hit]:
    owner = store.settings.self_person_id
    found = store.fulltext.find_contacts(words)
    if owner is not None:
        found = list(dict.fromkeys(found + store.fulltext.find_close_contacts(words, owner)))
    rows = store.people.rows(found, owner)
    typed = name_key(" ".join(words))

    def order(place: int, row: ContactRow) -> tuple[int, float, int]:
        in_name = len(matched_words(row.name, folded)) == len(folded)
        starts = name_key(row.name).startswith(typed)
        return (0 if starts else 1 if in_name else 2, -(row.score or 0.0), place)

    ranked = sorted(enumerate(rows), key=lambda pair: order(*pair))
    chosen = [row for _, row in ranked[:limit]]
    texts = store.people.texts([row.id for row in chosen])
    return [
        Hit(
            HitKind.PERSON,
            row.id,
            row.name,
            _joined(row.title, row.organization) or row.email or "",
            why_person(texts[row.id], folded),
            marks(row.name, folded),
            row.id,
        )
        for row in chosen
    ]


def why_person(text: ContactText, words: Words) -> str:
    """In plain words, what of a person matches: the name, or what the name does not explain."""
    left = set(range(len(words))) - matched_words(text.name, words)
    if not left:
        return "name"
    nouns = {"email": "the address", "phone": "the number", "handle": "the handle"}
    fields = [(f"matches {nouns[kind]} {value}", value) for kind, value in text.identifiers]
    if text.organization:
        fields.append((f"works at {text.organization}", text.organization))
    if text.title:
        fields.append((f"title {text.title}", text.title))
    fields += [(f"tagged {tag}", tag) for tag in text.tags]
    if text.notes:
        fields.append((f"note: {excerpt(text.notes, words)}", text.notes))
    reasons: list[str] = []
    while left and fields:
        matches = [
            (len(matched_words(value, words) & left), reason, value) for reason, value in fields
        ]
        count, reason, value = max(matches, key=lambda match: match[0])
        if not count:
            break
        reasons.append(reason)
        left -= matched_words(value, words)
    return ", ".join(reasons) or "name"


def _companies(store: UnitOfWork, words: Sequence[str], folded: Words, limit: int) -> list[Hit]:
    found = store.cards.companies(store.fulltext.find_companies(words)[:limit])
    hits = []
    for company, people in found:
        in_name = len(matched_words(company.name, folded)) == len(folded)
        in_domain = company.domain is not None and matched_words(company.domain, folded)
        why = "name" if in_name else f"matches {company.domain}" if in_domain else "note"
        count = "1 person" if people == 1 else f"{people:,} people"
        subtitle = _joined(company.domain, count if people else None)
        shown = marks(company.name, folded)
        hits.append(Hit(HitKind.COMPANY, company.id, company.name, subtitle, why, shown))
    return hits


def _conversations(store: UnitOfWork, words: Sequence[str], folded: Words, limit: int) -> list[Hit]:
    matches = store.fulltext.find_conversations(words, limit)
    found = store.conversations.found([match.message_id for match in matches])
    participants = store.conversations.participants([match.conversation_id for match in matches])
    owner = store.settings.self_person_id
    hits = []
    for conversation in found:
        others = [
            person
            for person in participants.get(conversation.conversation_id, ())
            if person.contact_id != owner
        ]
        chief = next((person.contact_id for person in others if person.is_person), None)
        names = ", ".join(person.name for person in others[:SHOWN_NAMES])
        hits.append(
            Hit(
                HitKind.CONVERSATION,
                conversation.conversation_id,
                conversation.subject or NO_SUBJECT,
                names + (" and others" if len(others) > SHOWN_NAMES else ""),
                why_conversation(conversation, folded),
                marks(conversation.subject, folded),
                chief,
            )
        )
    return hits


def why_conversation(found: FoundConversation, words: Words) -> str:
    """In plain words, what of a conversation matches: its subject or words of a message."""
    if len(matched_words(found.subject, words)) == len(words):
        return "subject"
    texts = (found.preview, found.message_subject, found.body or "")
    best = max(texts, key=lambda text: len(matched_words(text, words)))
    if best is found.message_subject and best:
        return f"subject of a message: {best}"
    return f"message: {excerpt(best, words)}"


def _joined(*parts: str | None) -> str:
    return " · ".join(part for part in parts if part)
