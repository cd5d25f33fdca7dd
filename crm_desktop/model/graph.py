"""What the map is drawn from: nodes, edges and the places kept from last time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

import numpy as np
from sqlalchemy import Connection

from crm_desktop.domain.relationships import EntityKind
from crm_desktop.model.bulk import fetch_raw, integer_columns

COMPANY = 1
"""In the arrays a node is (kind, id), where kind 0 is a contact and 1 a company."""
ENTERED_STRENGTH = 0.5
"""How strong a relationship counts that a person entered, which has no measures."""

_KINDS = (EntityKind.CONTACT, EntityKind.COMPANY)


class GraphStore:
    """Reads relationships as arrays; reads and writes `graph_positions`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def person_ids(self) -> Any:
        """The ids of all contacts that are persons, ascending, as int64."""
        return integer_columns(
            self._connection, "SELECT id FROM contacts WHERE kind = 'person' ORDER BY id", 1
        )[0]

    def edges(self) -> tuple[Any, Any]:
        """Every relationship: an int64 array with the columns id, kind and id of the first end,
        kind and id of the second, type number, whether it is inferred; and its strengths."""
        flat = np.fromiter(
            chain.from_iterable(
                fetch_raw(
                    self._connection,
                    "SELECT r.id, r.from_entity_type = 'company', r.from_entity_id,"
                    " r.to_entity_type = 'company', r.to_entity_id, t.rowid,"
                    " r.source = 'inferred', coalesce(json_extract(r.properties, '$.strength'), ?)"
                    " FROM relationships r JOIN relationship_types t"
                    " ON t.id = r.relationship_type_id ORDER BY r.id",
                    (ENTERED_STRENGTH,),
                )
            ),
            np.float64,
        ).reshape(-1, 8)
        return flat[:, :7].astype(np.int64), np.ascontiguousarray(flat[:, 7])

    def types(self) -> dict[int, tuple[str, str, int]]:
        """Name, forward label and colour of each type by its number."""
        rows = self._connection.exec_driver_sql(
            "SELECT rowid, name, forward_label, color_index FROM relationship_types"
        )
        return {row[0]: (row[1], row[2], row[3]) for row in rows}

    def contacts(self, ids: Sequence[int]) -> dict[int, tuple[str, str | None]]:
        """Name and organisation of these contacts."""
        rows = fetch_raw(
            self._connection,
            "SELECT c.id, c.name, o.name FROM json_each(?) j CROSS JOIN contacts c"
            " ON c.id = j.value LEFT JOIN companies o ON o.id = c.company_id",
            (json.dumps(list(ids)),),
        )
        return {row[0]: (row[1], row[2]) for row in rows}

    def companies(self, ids: Sequence[int]) -> dict[int, tuple[str, str | None]]:
        """Names of these companies, in the shape of `contacts`."""
        rows = fetch_raw(
            self._connection,
            "SELECT c.id, c.name, NULL FROM json_each(?) j CROSS JOIN companies c"
            " ON c.id = j.value",
            (json.dumps(list(ids)),),
        )
        return {row[0]: (row[1], row[2]) for row in rows}

    def positions(self) -> dict[tuple[int, int], tuple[float, float]]:
        """Where each (kind, id) was drawn last."""
        rows = fetch_raw(
            self._connection,
            "SELECT entity_type = 'company', entity_id, x, y FROM graph_positions",
        )
        return {(row[0], row[1]): (row[2], row[3]) for row in rows}

    def save_positions(self, rows: Iterable[tuple[int, int, float, float]]) -> None:
        """Keep where these nodes, given as kind, id, x and y, are drawn."""
        values = [(str(_KINDS[kind]), id_, x, y) for kind, id_, x, y in rows]
        if values:
            self._connection.exec_driver_sql(
                "INSERT OR REPLACE INTO graph_positions (entity_type, entity_id, x, y)"
                " VALUES (?, ?, ?, ?)",
                values,
            )
