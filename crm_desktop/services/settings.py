"""Settings of one database, and who the person using the program is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_desktop.domain.changes import ChangeKind, Changes

if TYPE_CHECKING:
    from crm_desktop.model.database import UnitOfWork
    from crm_desktop.services.access import Access


def get_setting(access: Access, key: str, default: str | None = None) -> str | None:
    """The value kept under `key`, or `default`."""
    with access.read() as store:
        value = store.settings.get(key)
    return default if value is None else value


def set_setting(access: Access, key: str, value: str | None) -> Changes:
    """Keep `value` under `key`; None forgets it."""

    def save(store: UnitOfWork) -> None:
        if value is None:
            store.settings.delete(key)
        else:
            store.settings.set(key, value)

    access.write(save)
    return Changes.of(ChangeKind.SETTINGS)


def self_person_id(access: Access) -> int | None:
    """The contact that is the person using the program, or None while nobody said."""
    with access.read() as store:
        return store.settings.self_person_id
