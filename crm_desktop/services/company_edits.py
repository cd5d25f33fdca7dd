"""What a person does to companies: add, rename, describe and delete them.

Every function is a command that can be undone. An edit takes no people away from a company: to
imports it is still known by its former name and domain.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crm_desktop.base.errors import InvalidInput, UserError
from crm_desktop.domain.changes import KEEP, Done, Keep
from crm_desktop.domain.companies import company_domain
from crm_desktop.domain.contacts import short_name
from crm_desktop.domain.edits import former_domain, former_name
from crm_desktop.domain.wording import one_line, paragraphs, within
from crm_desktop.services.undo import record

if TYPE_CHECKING:
    from crm_desktop.model.database import UnitOfWork
    from crm_desktop.services.access import Access

MAX_NAME = 200
MAX_NOTES = 20_000
_HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")

_EDITS = {
    "name": "Rename {}",
    "domain": "Change domain of {}",
    "notes": "Change notes on {}",
}


def create_company(access: Access, name: str, *, domain: str | None = None) -> Done[int]:
    """The id of a new company. Raises UserError for a blank name, and for a name or domain that
    another company has."""
    name, host = _name(name), parse_domain(domain)

    def create(store: UnitOfWork) -> int:
        _refuse_name(store, name, None)
        _refuse_domain(store, host, None)
        company_id = store.company_edits.add(name, host)
        _welcome(store, company_id, name, host)
        return company_id

    return record(access, f"Add {short_name(name)}", create)


def create_employer(access: Access, contact_id: int, name: str) -> Done[int]:
    """The id of a new company where a contact works from now on, in one step to undo. Raises
    UserError as `create_company` does, and when the contact is gone."""
    name = _name(name)
    with access.read() as store:
        person = str(store.contact_edits.values(contact_id)["name"])

    def create(store: UnitOfWork) -> int:
        store.contact_edits.values(contact_id)
        _refuse_name(store, name, None)
        company_id = store.company_edits.add(name, None)
        _welcome(store, company_id, name, None)
        store.contact_edits.change(contact_id, {"company_id": company_id})
        return company_id

    return record(access, f"Change company of {short_name(person)}", create)


def update_company(
    access: Access,
    company_id: int,
    *,
    name: str | Keep | None = KEEP,
    domain: str | Keep | None = KEEP,
    notes: str | Keep | None = KEEP,
) -> Done[None]:
    """Set fields of a company: KEEP leaves one as it is, None clears it. Raises UserError for
    what cannot be taken, and when the company is gone."""
    values: dict[str, object] = {}
    if name is not KEEP:
        values["name"] = _name(name)
    if domain is not KEEP:
        values["domain"] = parse_domain(domain)
    if notes is not KEEP:
        values["notes"] = within(paragraphs(notes or ""), MAX_NOTES, "The note") or None
    with access.read() as store:
        before = store.company_edits.values(company_id)
    changed = [field for field, value in values.items() if before[field] != value]
    label = _EDITS[changed[0]] if len(changed) == 1 else "Edit {}"

    def change(store: UnitOfWork) -> None:
        known = store.company_edits.values(company_id)
        new = {field: value for field, value in values.items() if known[field] != value}
        marks: list[str] = []
        forget: list[str] = []
        if "name" in new:
            _refuse_name(store, str(new["name"]), company_id)
            marks.append(former_name(str(known["name"])))
            forget.append(former_name(str(new["name"])))
        if "domain" in new:
            host = new["domain"]
            assert host is None or isinstance(host, str)
            _refuse_domain(store, host, company_id)
            if known["domain"] is not None:
                marks.append(former_domain(str(known["domain"])))
            if host is not None:
                forget.append(former_domain(host))
        if new:
            store.company_edits.change(company_id, new, marks, forget)
            _welcome(store, company_id, new.get("name"), new.get("domain"))

    return record(access, label.format(short_name(str(before["name"]))), change)


def _welcome(store: UnitOfWork, company_id: int, name: object, domain: object) -> None:
    """Let imports speak of a company of this name and domain again, should one have been deleted,
    and give it the people who write from there and have no company."""
    if name is not None:
        store.company_edits.welcome_back([former_name(str(name))])
    if domain is None:
        return
    store.company_edits.welcome_back([former_domain(str(domain))])
    seen: dict[int, str] = {}
    for contact_id, address in store.company_edits.unassigned(str(domain)):
        if contact_id not in seen and (found := company_domain(address)):
            seen[contact_id] = found
    store.contacts.save_companies([(company_id, id_) for id_ in seen if seen[id_] == domain])


def delete_company(access: Access, company_id: int) -> Done[None]:
    """Delete a company with its relationships, for good: imports do not bring it back. Its people
    stay, without a company. Raises UserError when it is gone."""
    with access.read() as store:
        name = str(store.company_edits.values(company_id)["name"])

    def delete(store: UnitOfWork) -> None:
        store.company_edits.values(company_id)
        store.company_edits.delete(company_id)

    return record(access, f"Delete {short_name(name)}", delete)


def parse_domain(text: str | None) -> str | None:
    """The domain that people of a company write from, out of a domain, a web address or an e-mail
    address; None for None and for blank text. Raises InvalidInput for anything else."""
    written = one_line(text or "").lower()
    if not written:
        return None
    host = written.partition("://")[2] or written
    host = re.split(r"[/?#]", host, maxsplit=1)[0].rpartition("@")[2].partition(":")[0]
    host = host.strip(".").removeprefix("www.")
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            host = ""
    if len(host) > 253 or not _HOST.fullmatch(host):
        raise InvalidInput(f"“{short_name(written)}” is no domain. Write it like example.org.")
    return company_domain(host) or host


def _refuse_name(store: UnitOfWork, name: str, company_id: int | None) -> None:
    known = store.company_edits.named(name)
    if known is not None and known[0] != company_id:
        raise UserError(f"There is already a company “{known[1]}”. Choose another name.")


def _refuse_domain(store: UnitOfWork, domain: str | None, company_id: int | None) -> None:
    known = store.company_edits.with_domain(domain) if domain else None
    if known is not None and known[0] != company_id:
        raise UserError(
            f"The domain {domain} belongs to the company “{known[1]}”. Take it away there first."
        )


def _name(text: str | Keep | None) -> str:
    name = within(one_line(text) if isinstance(text, str) else "", MAX_NAME, "The name")
    if not any(character.isprintable() and not character.isspace() for character in name):
        raise InvalidInput("A name needs at least one letter. Enter a name.")
    return name
