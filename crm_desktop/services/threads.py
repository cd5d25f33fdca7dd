"""Which conversation a message belongs to.

By References and In-Reply-To (also when the parent arrives after the answer), else by the
source's own thread id, else by subject, people and time. The nearest reference decides and
stored conversations are never fused, so the result depends only on the order of reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from crm_desktop.domain.keys import stable_key
from crm_desktop.domain.messages import Draft
from crm_desktop.domain.threads import (
    REPEAT_WINDOW_S,
    REPLY_WINDOW_S,
    bare_subject,
    is_reply_subject,
    subject_key,
)
from crm_desktop.model.messages import ConversationState, NewConversation

if TYPE_CHECKING:
    from crm_desktop.model.database import UnitOfWork


MAX_CANDIDATES = 8


class Threader:
    """Assigns conversations within one batch: what is stored, plus what the batch adds.

    Where batches are cut makes no difference to the outcome.
    """

    def __init__(self, store: UnitOfWork, drafts: Sequence[Draft], first_id: int) -> None:
        self.new: list[NewConversation] = []
        self.states: dict[int, ConversationState] = {}
        self._store = store
        self._next_id = first_id
        self._created: set[int] = set()
        self._people: dict[int, set[int]] = {}
        self._by_subject: dict[tuple[str, int], list[int]] = {}
        self._by_message: dict[tuple[str, str], int] = {}
        self._by_thread: dict[tuple[str, str], int] = {}
        self._by_reference: dict[int, int] = {}
        self._load(drafts)

    def _load(self, drafts: Sequence[Draft]) -> None:
        for source in {draft.source_type for draft in drafts}:
            own = [draft for draft in drafts if draft.source_type == source]
            references = {reference for draft in own for reference in draft.references}
            if references:
                for name, known in self._store.messages.by_external_id(source, references).items():
                    self._by_message[source, name] = known.conversation_id
            threads = {draft.thread_id for draft in own if draft.thread_id}
            if threads:
                found = self._store.messages.conversations_by_external_id(source, threads)
                self._by_thread.update({(source, key): id_ for key, id_ in found.items()})
        names = {draft.external_id for draft in drafts if draft.external_id}
        names.update(reference for draft in drafts for reference in draft.references)
        keys = [stable_key(name) for name in names]
        self._by_reference = self._store.messages.conversations_referring_to(keys)

    def assign(self, draft: Draft, people: frozenset[int]) -> int:
        """The id of the conversation for `draft`, whose active contacts are `people`."""
        source = draft.source_type
        conversation_id = self._by_references(draft)
        if conversation_id is None and draft.thread_id:
            conversation_id = self._by_thread.get((source, draft.thread_id))
        key = subject_key(draft.subject) if not draft.thread_id else None
        if conversation_id is None and key is not None and draft.sent_at is not None:
            conversation_id = self._by_subject_and_people(draft, key, people)
        if conversation_id is None:
            conversation_id = self._create(draft, key)
        self._note(conversation_id, draft, key, people)
        return conversation_id

    def _by_references(self, draft: Draft) -> int | None:
        for reference in reversed(draft.references):
            found = self._by_message.get((draft.source_type, reference))
            if found is not None:
                return found
        if draft.external_id:
            found = self._by_reference.get(stable_key(draft.external_id))
            if found is not None:
                return found
        for reference in reversed(draft.references):
            found = self._by_reference.get(stable_key(reference))
            if found is not None:
                return found
        return None

    def _by_subject_and_people(self, draft: Draft, key: int, people: frozenset[int]) -> int | None:
        if not people or draft.sent_at is None:
            return None
        is_reply = is_reply_subject(draft.subject)
        window = REPLY_WINDOW_S if is_reply else REPEAT_WINDOW_S
        earliest, latest = draft.sent_at - window, draft.sent_at + window
        touched = self._by_subject.get((draft.source_type, key), [])
        # Conversations this batch touched may crowd the answer with outdated rows, hence the sum.
        stored = self._store.messages.conversations_about(
            draft.source_type, key, earliest, latest, MAX_CANDIDATES + len(touched)
        )
        candidates = []
        for conversation_id in {*touched, *stored}:
            state = self._state(conversation_id)
            first, last = state.first_message_at, state.last_message_at
            if first is not None and last is not None and earliest <= last and first <= latest:
                candidates.append((-last, conversation_id))
        needed = 1 if is_reply or len(people) == 1 else 2
        for _, conversation_id in sorted(candidates)[:MAX_CANDIDATES]:
            shared = self._people.get(conversation_id, set()) & people
            if len(shared) < needed and conversation_id not in self._created:
                shared |= self._store.messages.shared_people(conversation_id, people)
            if len(shared) >= needed:
                return conversation_id
        return None

    def _create(self, draft: Draft, key: int | None) -> int:
        conversation_id = self._next_id
        self._next_id += 1
        self.new.append(
            NewConversation(
                conversation_id,
                draft.source_type,
                draft.thread_id or None,
                bare_subject(draft.subject) or draft.subject,
                key,
            )
        )
        self.states[conversation_id] = ConversationState(conversation_id, 0, None, None)
        self._created.add(conversation_id)
        return conversation_id

    def _state(self, conversation_id: int) -> ConversationState:
        if conversation_id not in self.states:
            self.states.update(self._store.messages.load_conversations([conversation_id]))
        return self.states[conversation_id]

    def _note(
        self, conversation_id: int, draft: Draft, key: int | None, people: Iterable[int]
    ) -> None:
        state = self._state(conversation_id)
        state.message_count += 1
        if draft.sent_at is not None:
            first, last = state.first_message_at, state.last_message_at
            state.first_message_at = min(
                draft.sent_at, first if first is not None else draft.sent_at
            )
            state.last_message_at = max(draft.sent_at, last if last is not None else draft.sent_at)
        self._people.setdefault(conversation_id, set()).update(people)
        source = draft.source_type
        if key is not None:
            known = self._by_subject.setdefault((source, key), [])
            if conversation_id not in known:
                known.append(conversation_id)
        if draft.external_id:
            self._by_message.setdefault((source, draft.external_id), conversation_id)
        if draft.thread_id:
            self._by_thread.setdefault((source, draft.thread_id), conversation_id)
        for reference in draft.references:
            self._by_reference.setdefault(stable_key(reference), conversation_id)
