"""Data that is computed from the rest, kept, and stale once the rest has changed."""

from __future__ import annotations

from enum import StrEnum


class Derived(StrEnum):
    """The kinds of derived data as `pending` names them, in the order to renew them."""

    CONTACTS = "contacts"  # names, kinds and companies, by import id
    INFERENCE = "inference"
    INTERACTIONS = "interactions"
