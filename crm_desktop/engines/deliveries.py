"""Who sent which message to whom, as arrays."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from crm_desktop.engines.ordering import group_starts, spread, stable_order

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_SMALL = np.iinfo(np.int32)


@dataclass(frozen=True, slots=True)
class Deliveries:
    """One row per message, sender and receiver, as parallel arrays in any order."""

    message_ids: Ints
    thread_ids: Ints
    sent_at: Ints
    attachment_counts: Ints
    sender_ids: Ints
    receiver_ids: Ints

    def __len__(self) -> int:
        return len(self.message_ids)

    def take(self, rows: Flags | Ints) -> Deliveries:
        """These rows alone."""
        return Deliveries(*(getattr(self, field.name)[rows] for field in fields(self)))

    def among(self, persons: Ints) -> Deliveries:
        """The rows between two of these people (ids, ascending)."""
        return self.take(_contains(persons, self.sender_ids, self.receiver_ids))


def joined(messages: Sequence[Ints], people: Sequence[Ints], persons: Ints) -> Deliveries:
    """The deliveries between `persons` (ids, ascending).

    `messages` are ids, ascending, threads, times and attachments; `people` are message, contact,
    and 1 for who sent it, ordered by message. A receiver is everyone who did not send it.
    """
    ids, threads, sent_at, attachments = messages
    of_message, contacts, is_sender = people
    places = np.minimum(np.searchsorted(ids, of_message), max(0, len(ids) - 1))
    known = ids[places] == of_message if len(ids) else np.zeros(len(of_message), np.bool_)
    known &= _contains(persons, contacts)
    places, contacts, sent = places[known], contacts[known], is_sender[known] == 1
    # Somebody may take part by several addresses.
    order = stable_order(places, sent.astype(np.int8), contacts)
    order = order[group_starts(places[order], sent[order], contacts[order])]
    places, contacts, sent = places[order], contacts[order], sent[order]
    senders, receivers = np.flatnonzero(sent), np.flatnonzero(~sent)
    starts = np.searchsorted(places[senders], np.arange(len(ids) + 1))
    of_receiver = places[receivers]
    sizes = starts[of_receiver + 1] - starts[of_receiver]
    sender = contacts[senders][spread(starts[of_receiver], sizes)]
    receiver = np.repeat(contacts[receivers], sizes)
    message = np.repeat(of_receiver, sizes)
    others = sender != receiver
    message = message[others]
    return Deliveries(
        ids[message],
        threads[message],
        sent_at[message],
        attachments[message],
        sender[others],
        receiver[others],
    )


def concatenated(parts: Sequence[Deliveries]) -> Deliveries:
    """All rows of all parts, in the smaller of the two usual types where that holds them."""
    columns = []
    for field in fields(Deliveries):
        arrays = [getattr(part, field.name) for part in parts]
        fits = all(
            _SMALL.min <= int(array.min(initial=0)) and int(array.max(initial=0)) <= _SMALL.max
            for array in arrays
        )
        kind = np.int32 if fits else np.int64
        columns.append(
            np.concatenate([np.empty(0, kind), *(array.astype(kind) for array in arrays)])
        )
    return Deliveries(*columns)


def _contains(ascending: Ints, *columns: Ints) -> Flags:
    found = np.ones(len(columns[0]), np.bool_)
    for column in columns:
        found &= np.isin(column, ascending)
    return found


def between(deliveries: Deliveries, pairs: Collection[tuple[int, int]]) -> Deliveries:
    """The rows between two people who are one of these pairs, lower id first."""
    low = np.minimum(deliveries.sender_ids, deliveries.receiver_ids).tolist()
    high = np.maximum(deliveries.sender_ids, deliveries.receiver_ids).tolist()
    wanted = set(pairs)
    return deliveries.take(
        np.array([pair in wanted for pair in zip(low, high, strict=True)], np.bool_)
    )
