"""Stable 63-bit hashes: equal on every machine and run, and they fit SQLite's INTEGER."""

from __future__ import annotations

from hashlib import blake2b


def stable_key(text: str) -> int:
    """A non-negative 63-bit hash of `text` (BLAKE2b). Lone surrogates are hashed as they are."""
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1
