"""Social-looking graphs with planted communities, for tests and benchmarks of the map."""

from __future__ import annotations

import numpy as np

from crm_desktop.domain.graph import Graph, GraphEdge, GraphNode
from crm_desktop.domain.relationships import EntityKind

GIVEN = [
    "Ada",
    "Ben",
    "Clara",
    "Dmitri",
    "Elena",
    "Farid",
    "Grace",
    "Hugo",
    "Ines",
    "Jonas",
    "Keiko",
    "Liam",
    "Mara",
    "Noor",
    "Otto",
    "Priya",
    "Rosa",
    "Sven",
    "Uma",
    "Wen",
    "Ximena",
    "Yusuf",
    "Zoe",
]
FAMILY = [
    "Abbott",
    "Baker",
    "Castillo",
    "Evans",
    "Fischer",
    "Grant",
    "Haddad",
    "Ito",
    "Kaur",
    "Lopez",
    "Meyer",
    "Novak",
    "Okafor",
    "Park",
    "Rossi",
    "Tanaka",
    "Ueda",
    "Vargas",
    "Xu",
    "Young",
    "Zhou",
]
SELF = "Sam Ellery"


def _community_sizes(count: int) -> list[int]:
    """Sizes that fall like those of real circles, with a few loners over."""
    loners = max(1, count // 40)
    wanted = max(3, round(count**0.55))
    raw = np.array([1.0 / (index + 2.0) ** 0.65 for index in range(wanted)])
    sizes = np.maximum(3, np.floor(raw / raw.sum() * (count - loners))).astype(int)
    while sizes.sum() > count - loners:
        sizes[int(np.argmax(sizes))] -= 1
    sizes[0] += count - loners - sizes.sum()
    return sorted(sizes.tolist(), reverse=True)


def _spread(x: np.ndarray, y: np.ndarray, distance: float, rounds: int) -> None:
    """Push points apart, in place, that are nearer than `distance`."""
    for _ in range(rounds):
        order = np.argsort(x)
        for step in range(1, min(24, len(x))):
            a, b = order[:-step], order[step:]
            dx, dy = x[b] - x[a], y[b] - y[a]
            length = np.maximum(np.hypot(dx, dy), 1e-6)
            push = np.where(length < distance, (distance - length) / length * 0.3, 0.0)
            np.add.at(x, a, -dx * push)
            np.add.at(y, a, -dy * push)
            np.add.at(x, b, dx * push)
            np.add.at(y, b, dy * push)


def _disc_centres(radii: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Centres of discs packed round the origin, each as near to it as the earlier ones leave."""
    centres = np.zeros((len(radii), 2))
    for index in range(1, len(radii)):
        angles = random.uniform(0, 2 * np.pi) + np.linspace(0, 2 * np.pi, 40, endpoint=False)
        directions = np.stack([np.cos(angles), np.sin(angles)], axis=1)
        best, best_distance = None, np.inf
        for direction in directions:
            for distance in np.arange(0.0, radii.sum() * 2, radii.min() * 0.5):
                if distance >= best_distance:
                    break
                place = direction * distance
                gaps = np.hypot(*(centres[:index] - place).T) - radii[:index] - radii[index]
                if gaps.min() >= 0:
                    best, best_distance = place, distance
                    break
        assert best is not None
        centres[index] = best
    return centres


def _pairs(members: np.ndarray, weight: np.ndarray, wanted: int, random: np.random.Generator):
    share = weight[members] + 0.08
    ends = random.choice(members, size=(wanted * 2, 2), p=share / share.sum())
    ends = np.sort(ends[ends[:, 0] != ends[:, 1]], axis=1)
    return np.unique(ends, axis=0)[: wanted * 2]


def social_graph(count: int, edges: int | None = None, *, seed: int = 7, companies: int = 0):
    """A graph of `count` people (and `companies`) in circles, with about `edges` lines.

    Communities and positions are planted: circles lie apart, the weighty in their middle. Node 0
    is the person whose graph it is. The same arguments give the same graph.
    """
    random = np.random.default_rng(seed)
    edges = edges if edges is not None else count * 4
    sizes = _community_sizes(count)
    community = np.concatenate(
        [
            *(np.full(size, index) for index, size in enumerate(sizes)),
            np.full(count - sum(sizes), -1),
        ]
    )
    weight = np.clip(random.pareto(2.2, count) / 5.0, 0.0, 1.0)
    weight[0] = 1.0
    centres = _disc_centres(1.5 * np.sqrt(np.array(sizes, dtype=float)), random)
    x, y = np.empty(count), np.empty(count)
    for index, size in enumerate(sizes):
        members = np.flatnonzero(community == index)
        ranked = members[np.argsort(-weight[members])]
        radius = 0.85 * np.sqrt(np.arange(size) + random.uniform(0, 3, size))
        angle = random.uniform(0, 2 * np.pi, size)
        stretch = random.uniform(0.7, 1.3)
        x[ranked] = centres[index, 0] + radius * np.cos(angle) * stretch
        y[ranked] = centres[index, 1] + radius * np.sin(angle) / stretch
    loners = np.flatnonzero(community < 0)
    reach = float(np.hypot(centres[:, 0], centres[:, 1]).max()) + 3.0
    x[loners] = random.uniform(-reach, reach, len(loners))
    y[loners] = random.uniform(-reach, reach, len(loners))
    _spread(x, y, 0.9, 30)

    found = []
    for index, size in enumerate(sizes):
        members = np.flatnonzero(community == index)
        found.append(
            _pairs(members, weight, max(size - 1, int(edges * 0.6 * size / count)), random)
        )
    found.append(_pairs(np.arange(count - len(loners)), weight, int(edges * 0.10), random))
    pairs = np.unique(np.concatenate(found), axis=0)
    if len(pairs) > edges:
        pairs = pairs[np.sort(random.choice(len(pairs), edges, replace=False))]
    together = community[pairs[:, 0]] == community[pairs[:, 1]]
    strength = random.beta(1.4, 3.2, len(pairs)) * np.where(together, 1.0, 0.6)
    strength = np.clip(strength + 0.25 * np.minimum(weight[pairs[:, 0]], weight[pairs[:, 1]]), 0, 1)

    names = [f"{random.choice(GIVEN)} {random.choice(FAMILY)}" for _ in range(count)]
    names[0] = SELF
    nodes = [
        GraphNode(
            EntityKind.CONTACT,
            index + 1,
            names[index],
            float(x[index]),
            float(y[index]),
            float(weight[index]),
            int(community[index]),
            organization=f"Circle {community[index]} Ltd" if community[index] >= 0 else None,
            is_self=index == 0,
        )
        for index in range(count)
    ]
    lines = [
        GraphEdge(
            int(a),
            int(b),
            float(s),
            number + 1,
            *(("WORKS_WITH", "Works with") if number % 9 == 0 else ("KNOWS", "Knows")),
        )
        for number, ((a, b), s) in enumerate(zip(pairs.tolist(), strength.tolist(), strict=True))
    ]
    for number in range(companies):
        members = np.flatnonzero(community == number)[:12]
        nodes.append(
            GraphNode(
                EntityKind.COMPANY,
                number + 1,
                f"Circle {number} Ltd",
                float(x[members].mean()) + 0.4,
                float(y[members].mean()) + 0.4,
                0.35,
                number,
            )
        )
        for member in members.tolist():
            lines.append(
                GraphEdge(len(nodes) - 1, member, 0.5, len(lines) + 1, "EMPLOYEE", "Employs")
            )
    return Graph(tuple(nodes), tuple(lines))
