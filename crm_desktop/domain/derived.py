"""Data that is computed from the rest, kept, and stale once the rest has changed."""

from __future__ import annotations

from enum import StrEnum


class Derived(StrEnum):
    """The kinds of derived data as `pending` names them, in the order to renew them."""

    CONTACTS = "contacts"  # names, kinds and companies, by import id
    INFERENCE = "inference"  # by contact id; 0 for all
    INTERACTIONS = "interactions"  # by contact id; 0 for all


class Dirty(StrEnum):
    """What else `pending` holds for these: whose conversations changed, noted by the database."""

    INFERENCE_CONVERSATIONS = "inference-conversations"  # who took part, or the subject
    INFERENCE_SUBJECTS = "inference-subjects"  # conversations that came, went or were renamed
    INFERENCE_NAMES = "inference-names"  # contacts that are called otherwise
    INTERACTIONS_CONVERSATIONS = "interactions-conversations"  # their messages
    # Conversations with dates that lie ahead. Nothing to be done for now, but time brings them.
    INFERENCE_AHEAD = "ahead-inference"
    INTERACTIONS_AHEAD = "ahead-interactions"


STALE_KINDS: dict[Derived, frozenset[str]] = {
    Derived.CONTACTS: frozenset({Derived.CONTACTS}),
    Derived.INFERENCE: frozenset(
        {
            Derived.INFERENCE,
            Dirty.INFERENCE_CONVERSATIONS,
            Dirty.INFERENCE_SUBJECTS,
            Dirty.INFERENCE_NAMES,
        }
    ),
    Derived.INTERACTIONS: frozenset({Derived.INTERACTIONS, Dirty.INTERACTIONS_CONVERSATIONS}),
}
"""The marks that make each kind stale."""
