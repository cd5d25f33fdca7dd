"""The map of who knows whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm_desktop.base.errors import UserError
from crm_desktop.base.jobs import JobContext
from crm_desktop.domain.graph import Graph, GraphEdge, GraphNode, node_radius
from crm_desktop.domain.relationships import EntityKind

if TYPE_CHECKING:
    from crm_desktop.engines.layout import Floats, Ints
    from crm_desktop.engines.selection import Selection
    from crm_desktop.model.database import UnitOfWork
    from crm_desktop.services.access import Access

KEEP_SHARE = 0.9
"""With at least this share of the nodes placed before, the map stays as it is and grows."""

_COMPANY_BIT = 1 << 62


@dataclass(frozen=True, slots=True)
class _Material:
    """What was read: the edges' rows and strengths, their ends as keys, and the choice of them."""

    rows: Ints
    strengths: Floats
    selection: Selection
    self_key: int | None
    types: dict[int, tuple[str, str, int]]
    names: dict[int, tuple[str, str | None]]
    before: Floats


def relationship_graph(
    access: Access, *, limit: int = 2_000, ctx: JobContext | None = None
) -> Graph:
    """The best connected `limit` people, the companies entered relationships join them to, and
    their edges, each in its place and community.

    Places are kept: a node stays where it was drawn before, newcomers appear beside those they
    know, and only when more than a tenth are new is everything laid out afresh, turned to lie as
    near as can be to the map before. Self pulls at nobody and stands in the middle.
    """
    if limit < 1:
        raise UserError(f"The map needs at least one person; the limit was {limit}.")
    from crm_desktop.engines.communities import communities

    ctx = ctx or JobContext()
    with access.read(ctx.token) as store:
        ctx.tick(0, 0, "Reading relationships")
        material = _read(store, limit)
    selection = material.selection
    count = len(selection.keys)
    if count == 0:
        return Graph((), ())
    strengths = material.strengths[selection.edges]
    # Self is tied to everyone and would pull all circles into one.
    free = selection.keys[selection.sources] != material.self_key
    free &= selection.keys[selection.targets] != material.self_key
    sources, targets = selection.sources[free], selection.targets[free]
    membership = communities(count, sources, targets, strengths[free])
    positions = _place(material, sources, targets, strengths[free], ctx)
    _keep(access, selection.keys, material.before, positions)
    return _graph(material, positions, membership)


def _read(store: UnitOfWork, limit: int) -> _Material:
    import numpy as np

    from crm_desktop.engines.selection import select

    rows, strengths = store.graph.edges()
    persons = store.graph.person_ids()
    first = rows[:, 2] | (rows[:, 1] * _COMPANY_BIT)
    second = rows[:, 4] | (rows[:, 3] * _COMPANY_BIT)
    first_is_person, second_is_person = np.isin(first, persons), np.isin(second, persons)
    # Lists, bots and roles have no place among people; companies have.
    shown = (first_is_person | (rows[:, 1] == 1)) & (second_is_person | (rows[:, 3] == 1))
    rows, strengths, first, second = rows[shown], strengths[shown], first[shown], second[shown]
    self_key = store.settings.self_person_id
    selection = select(
        first,
        second,
        strengths,
        rows[:, 6] == 1,
        (first_is_person & second_is_person)[shown],
        self_key,
        limit,
    )
    keys = selection.keys.tolist()
    names = store.graph.contacts([key for key in keys if key < _COMPANY_BIT])
    companies = store.graph.companies([key - _COMPANY_BIT for key in keys if key >= _COMPANY_BIT])
    names |= {id_ | _COMPANY_BIT: name for id_, name in companies.items()}
    known = store.graph.positions()
    nowhere = (np.nan, np.nan)
    before = np.array([known.get(_kind_and_id(key), nowhere) for key in keys]).reshape(-1, 2)
    return _Material(rows, strengths, selection, self_key, store.graph.types(), names, before)


def _kind_and_id(key: int) -> tuple[int, int]:
    return (1, key - _COMPANY_BIT) if key >= _COMPANY_BIT else (0, key)


def _place(
    material: _Material, sources: Ints, targets: Ints, strengths: Floats, ctx: JobContext
) -> Floats:
    import numpy as np

    from crm_desktop.engines import layout as engine
    from crm_desktop.engines.packing import remove_overlaps

    selection, before = material.selection, material.before
    is_new = np.isnan(before[:, 0])
    if not is_new.any():
        return before
    radii = np.array([node_radius(weight) for weight in selection.weights.tolist()])
    if np.count_nonzero(~is_new) >= KEEP_SHARE * len(is_new):
        return engine.extend(before, sources, targets, strengths, radii)
    others = np.flatnonzero(selection.keys != material.self_key)
    number = np.full(len(selection.keys), -1)
    number[others] = np.arange(len(others))
    placed = engine.layout(
        len(others), number[sources], number[targets], strengths, radii[others], ctx=ctx
    )
    positions = np.zeros((len(selection.keys), 2))
    positions[others] = engine.align(placed, before[others])
    if len(others) < len(positions):
        is_self = selection.keys == material.self_key
        positions[is_self] = positions[others].mean(axis=0) if len(others) else 0.0
        positions = remove_overlaps(positions, radii, movable=~is_self)
    return positions


def _keep(access: Access, keys: Ints, before: Floats, positions: Floats) -> None:
    import numpy as np

    moved = np.flatnonzero((before != positions).any(axis=1))
    rows = [
        (*_kind_and_id(key), x, y)
        for key, (x, y) in zip(keys[moved].tolist(), positions[moved].tolist(), strict=True)
    ]
    if rows:
        access.write(lambda store: store.graph.save_positions(rows))


def _graph(material: _Material, positions: Floats, membership: Ints) -> Graph:
    selection = material.selection
    kinds = (EntityKind.CONTACT, EntityKind.COMPANY)
    nodes = []
    for key, (x, y), weight, community in zip(
        selection.keys.tolist(),
        positions.tolist(),
        selection.weights.tolist(),
        membership.tolist(),
        strict=True,
    ):
        kind, id_ = _kind_and_id(key)
        name, organization = material.names[key]
        nodes.append(
            GraphNode(
                *(kinds[kind], id_, name, x, y, weight, community, organization),
                is_self=key == material.self_key,
            )
        )
    chosen = material.rows[selection.edges]
    edges = []
    for source, target, strength, id_, type_, is_inferred in zip(
        selection.sources.tolist(),
        selection.targets.tolist(),
        material.strengths[selection.edges].tolist(),
        chosen[:, 0].tolist(),
        chosen[:, 5].tolist(),
        chosen[:, 6].tolist(),
        strict=True,
    ):
        name, label, colour = material.types[type_]
        tint = None if is_inferred else colour
        edges.append(GraphEdge(source, target, min(1.0, strength), id_, name, label, tint))
    return Graph(tuple(nodes), tuple(edges), selection.omitted)
