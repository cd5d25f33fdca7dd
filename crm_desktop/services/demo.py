"""The sample database: a believable life, written through the same services as anyone's own."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from crm_desktop.base.clock import now_seconds
from crm_desktop.base.errors import UserError
from crm_desktop.base.jobs import JobContext, Progress
from crm_desktop.base.paths import private_directory, sample_database
from crm_desktop.domain.contacts import IdentifierKind, name_key
from crm_desktop.domain.relationships import EntityKind, RelationshipSource
from crm_desktop.services.demo_bonds import FAMILY_TYPE_ID, MENTOR_TYPE_ID

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_desktop.model.database import UnitOfWork
    from crm_desktop.services.access import Access
    from crm_desktop.services.demo_life import SampleBond, SampleLife
    from crm_desktop.services.storing import Item

SAMPLE_SETTING = "is_sample"
REGION = "SE"
OWN_IMPORTS = (
    ("vcard", "Sample address book"),
    ("email", "Sample mailbox"),
    ("chat", "Sample chats"),
    ("meeting", "Sample calendar"),
)
SHARE_TELLING, SHARE_STORED, STEPS = 10, 75, 100


def create_demo(path: Path, *, seed: int = 7, ctx: JobContext | None = None) -> Path:
    """Write the sample life that ends now into a new database at `path`; `path` comes back.

    An older sample there is replaced in one step, so a stopped job leaves it as it was. Raises
    UserError when something else is there, when a person imported into the sample, or when it is
    open elsewhere.
    """
    ctx = ctx or JobContext()
    _refuse_other_databases(path)
    try:
        private_directory(path.parent)
        _write_sample(path, seed, ctx)
    except OSError as error:
        raise UserError(
            f"The sample cannot be written to “{path}” ({error.strerror}). Choose another place."
        ) from error
    ctx.tick(STEPS, STEPS, "Ready")
    return path


def _write_sample(path: Path, seed: int, ctx: JobContext) -> None:
    from crm_desktop.model.database import Database
    from crm_desktop.model.files import part_beside, put_in_place
    from crm_desktop.services.access import DirectAccess

    with part_beside(path) as part:
        database = Database.open(part)
        try:
            fill_database(DirectAccess(database), seed=seed, ctx=ctx)
        finally:
            database.close()
        _drop_side_files(part)
        try:
            _drop_side_files(path)
            put_in_place(part, path, replace=True)
        except OSError as error:
            raise UserError(
                f"“{path.name}” could not be replaced ({error.strerror}). "
                "Close it where it is open and try again."
            ) from error


def fill_database(access: Access, *, seed: int = 7, ctx: JobContext | None = None) -> None:
    """Put the sample life that ends now into an empty database, with everything derived from it."""
    from crm_desktop.services.demo_life import sample_life
    from crm_desktop.services.inference import infer_relationships
    from crm_desktop.services.interactions import aggregate_features

    ctx = ctx or JobContext()
    label = "Inventing a life"
    telling = _part(ctx, 0, SHARE_TELLING, label)
    life = sample_life(seed, now_seconds(), lambda done, total: telling.tick(done, total))
    access.write(lambda store: store.settings.set("region", REGION))
    _import(access, life, ctx)
    access.write(lambda store: _relate(store, life))
    infer_relationships(access, ctx=_part(ctx, SHARE_STORED, 90, "Finding who knows whom"))
    aggregate_features(access, ctx=_part(ctx, 90, STEPS, "Working out scores"))


def _import(access: Access, life: SampleLife, ctx: JobContext) -> None:
    from crm_desktop.services.imports import import_items, set_self

    sources: Sequence[tuple[str, str, Sequence[Item]]] = (
        (*OWN_IMPORTS[0], life.cards),
        *(
            (source, path, [m for m in life.messages if m.source_type == source])
            for source, path in OWN_IMPORTS[1:]
        ),
    )
    total = sum(len(items) for _, _, items in sources)
    done = 0
    for source, path, items in sources:
        first = SHARE_TELLING + (SHARE_STORED - SHARE_TELLING) * done // total
        done += len(items)
        last = SHARE_TELLING + (SHARE_STORED - SHARE_TELLING) * done // total
        part = _part(ctx, first, last, path, of=len(items))
        import_items(access, source, path, items, ctx=part)
    set_self(access, life.self_email)


def _relate(store: UnitOfWork, life: SampleLife) -> None:
    from crm_desktop.model.cadences import CadenceStore
    from crm_desktop.model.tips import TipStore

    store.relationship_types.add(
        "MENTOR",
        EntityKind.CONTACT,
        EntityKind.CONTACT,
        "Mentors",
        "Is mentored by",
        description="Guidance, one way",
        type_id=MENTOR_TYPE_ID,
    )
    store.relationship_types.add(
        "FAMILY",
        EntityKind.CONTACT,
        EntityKind.CONTACT,
        "Is family of",
        "Is family of",
        description="Relatives and partners",
        type_id=FAMILY_TYPE_ID,
    )
    emails = [life.self_email, *(person.email for person in life.people)]
    contacts = {
        email: contact_id
        for email, (_, contact_id) in store.contacts.resolve(IdentifierKind.EMAIL, emails).items()
    }
    names = {name_key(end) for bond in life.bonds for end in (bond.from_key, bond.to_key)}
    companies = store.companies.by_name_key(names)
    for bond in life.bonds:
        _add_bond(store, bond, contacts, companies)
    cadences, tips = CadenceStore(store.connection), TipStore(store.connection)
    for email, days in life.cadences:
        cadences.set(contacts[email], days)
    for tip in life.tips:
        tips.add(tip.kind, contacts[tip.email], tip.reason, evidence=tip.evidence)
    store.settings.set(SAMPLE_SETTING, "1")


def _add_bond(
    store: UnitOfWork, bond: SampleBond, contacts: dict[str, int], companies: dict[str, int]
) -> None:
    found = [
        contacts[key] if "@" in key else companies.get(name_key(key))
        for key in (bond.from_key, bond.to_key)
    ]
    ends = [end for end in found if end is not None]
    if len(ends) < 2:
        return  # a company of which nobody is in the address book
    said = {
        "description": bond.description,
        "attitude": bond.attitude,
        "proximity": bond.proximity,
        "started_on": bond.started_on,
    }
    from_cards = store.relationships.between(bond.type_id, ends[:1], ends[1:])
    if from_cards:
        [bond_id] = from_cards
    else:
        bond_id = store.relationships.add(bond.type_id, *ends, source=RelationshipSource.MANUAL)
    store.relationships.claim(bond_id, **said)
    for created_at, text in bond.notes:
        store.relationships.notes.add(bond_id, text, created_at=created_at)


def _part(ctx: JobContext, first: int, last: int, label: str, *, of: int = 0) -> JobContext:
    """A context whose progress is the stretch from `first` to `last` of the whole; `of` is its
    total where the job itself does not know. A job of several steps counts each from the start;
    the whole never goes back."""
    furthest = 0.0

    def forward(progress: Progress) -> None:
        nonlocal furthest
        total = progress.total or of
        furthest = max(furthest, min(1.0, progress.done / total) if total else 0.0)
        ctx.tick(first + int((last - first) * furthest), STEPS, label)

    return JobContext(forward, ctx.token)


def _refuse_other_databases(path: Path) -> None:
    """Raise UserError unless `path` is free or holds a sample and nothing else."""
    if not os.path.exists(path) or (path.is_file() and path.stat().st_size == 0):
        return
    found = _sample_and_others(path) if path.is_file() else None
    if found is None and path.resolve() == sample_database().resolve():
        return  # of the sample's own file what cannot be read is no loss
    is_sample, others = found or (False, 0)
    if others and is_sample:
        raise UserError(
            f"The sample “{path.name}” also holds what was imported into it "
            f"({others} of its imports), which would be lost. To keep it, write the new sample "
            "elsewhere with “--db FILE demo”; otherwise remove those imports first."
        )
    if not is_sample:
        raise UserError(
            f"“{path.name}” is not a sample database and stays as it is. Choose another name."
        )


def _sample_and_others(path: Path) -> tuple[bool, int] | None:
    """Whether `path` is a sample and how many imports in it are not the sample's own; None when
    it cannot be opened."""
    from crm_desktop.model.database import Database
    from crm_desktop.services.access import DirectAccess
    from crm_desktop.services.imports import list_imports

    try:
        database = Database.open(path)
    except UserError:
        return None
    try:
        with database.read() as store:
            is_sample = store.settings.get(SAMPLE_SETTING) == "1"
        imports = list_imports(DirectAccess(database))
    finally:
        database.close()
    return is_sample, sum((record.source, record.path) not in OWN_IMPORTS for record in imports)


def _drop_side_files(path: Path) -> None:
    """Delete the log of a database that is gone or about to be: it must not be replayed into
    the next one of the same name."""
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
