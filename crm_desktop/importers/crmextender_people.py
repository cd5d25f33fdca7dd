"""People and companies of a CRMExtender database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from hashlib import blake2b

from crm_desktop.domain.contacts import CardDraft
from crm_desktop.domain.imports import Reject
from crm_desktop.importers.addresses import canonical
from crm_desktop.importers.crmextender_rows import Rows, text
from crm_desktop.importers.vcard_values import one_line, short_line

NAMELESS = "a contact without a name, an address or a number"
NAMELESS_COMPANY = "a company without a name"
MAX_HANDLE = 200

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_PHONES = ("phone", "mobile", "cell", "tel")


def global_key(id_: str, *content: str) -> str:
    """A name for a record that no other record of any file has: its id where that is a UUID, else
    with what the record says, so that two files that count from 1 are not taken for one."""
    if _UUID.fullmatch(id_):
        return f"crmextender:{id_.lower()}"
    digest = blake2b(digest_size=12)
    for part in (id_, *content):
        digest.update(part.encode("utf-8", "surrogatepass") + b"\x00")
    return f"crmextender:{digest.hexdigest()}"


class People:
    """The contacts and companies of a file."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self.uids: dict[str, str] = {}
        """The UID of the card of each contact, by the file's own id; filled by reading."""
        self._read_uids()

    @cached_property
    def companies(self) -> dict[str, tuple[str, str]]:
        """Name and domain of each company with a name, by the file's own id."""
        if not self._rows.has("companies", "id", "name"):
            return {}
        column = self._rows.column
        found = {}
        for id_, name, domain in self._rows.select(
            f"SELECT id, {column('companies', 'name')}, {column('companies', 'domain')}"
            " FROM companies"
        ):
            if shown := short_line(text(name)):
                host = text(domain).strip().strip(".").lower()
                is_domain = host.isascii() and host.isprintable() and "." in host
                found[text(id_)] = (shown, host[:253] if is_domain and " " not in host else "")
        return found

    @cached_property
    def _identifiers(self) -> dict[str, list[tuple[str, str]]]:
        """(type, value) pairs of each contact, the primary ones first."""
        found: dict[str, list[tuple[str, str]]] = {}
        if not self._rows.has("contact_identifiers", "contact_id", "type", "value"):
            return found
        table = "contact_identifiers"
        for contact_id, kind, value in self._rows.select(
            f"SELECT contact_id, {self._rows.column(table, 'type')},"
            f" {self._rows.column(table, 'value')} FROM {table}"
            f" ORDER BY contact_id, {self._rows.column(table, 'is_primary')} DESC, rowid"
        ):
            found.setdefault(text(contact_id), []).append((text(kind).lower(), text(value)))
        return found

    def _contacts(self) -> Iterator[tuple[str, str, str, list[tuple[str, str]]]]:
        """Id, name, organisation and identifiers of each contact."""
        if not self._rows.has("contacts", "id"):
            return
        names = ("name", "company_id", "company", "email", "phone")
        columns = ", ".join(self._rows.column("contacts", name) for name in names)
        for id_, name, company_id, company, email, phone in self._rows.select(
            f"SELECT id, {columns} FROM contacts"
        ):
            key = text(id_)
            identifiers = list(self._identifiers.get(key, ()))
            identifiers += [("email", text(email))] if email else []
            identifiers += [("phone", text(phone))] if phone else []
            known = self.companies.get(text(company_id), ("", ""))[0]
            yield key, short_line(text(name)), known or short_line(text(company)), identifiers

    def _read_uids(self) -> None:
        for id_, name, _, identifiers in self._contacts():
            content = [part for pair in identifiers for part in pair]
            self.uids[id_] = global_key(id_, name, *content)

    def cards(self) -> Iterator[CardDraft | Reject]:
        """A card for every contact that can be recognised."""
        for ordinal, (id_, name, organization, identifiers) in enumerate(self._contacts(), 1):
            emails, phones, handles = _sorted(identifiers)
            shown = name or next(iter((*emails, *phones, *handles)), "")
            offset = self._rows.next_offset()
            if not shown:
                yield Reject(f"{self._rows.name}, contact {ordinal}", NAMELESS, offset)
                continue
            yield CardDraft(
                uid=self.uids[id_],
                name=shown,
                next_offset=offset,
                organization=organization,
                emails=emails,
                phones=phones,
                handles=handles,
            )

    def nameless_companies(self) -> Iterator[Reject]:
        """The companies that have no name to be known by."""
        if self._rows.has("companies", "id", "name"):
            unnamed = self._rows.count("companies") - len(self.companies)
            for _ in range(unnamed):
                yield Reject(
                    f"{self._rows.name}, companies", NAMELESS_COMPANY, self._rows.next_offset()
                )


def _sorted(
    identifiers: list[tuple[str, str]],
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Addresses, numbers and other names, each without repetition."""
    emails: dict[str, None] = {}
    phones: dict[str, None] = {}
    handles: dict[str, None] = {}
    for kind, value in identifiers:
        if "mail" in kind:
            if address := mail_address(value):
                emails[address] = None
        elif any(word in kind for word in _PHONES):
            if number := one_line(value)[:MAX_HANDLE]:
                phones[number] = None
        elif handle := one_line(value)[:MAX_HANDLE]:
            handles[handle] = None
    return tuple(emails), tuple(phones), tuple(handles)


def mail_address(value: str) -> str:
    """The canonical form of a mail address, or "" when it is none."""
    address = canonical(value.strip()) if value.isprintable() else ""
    local, at, domain = address.rpartition("@")
    if not (at and local and domain) or "@" in local or len(address) > 254:
        return ""
    return "" if any(character.isspace() for character in address) else address
