"""Look for holes in the network: near cities with a long way between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from horgos_geo.build.draft import distance_km, unit_vectors
from horgos_geo.core import datasets
from horgos_geo.model.network import Network
from horgos_geo.validation import circuity as causes

#: A way longer than this many times the great circle is suspect.
MAX_CIRCUITY = 1.9
#: Large cities farther apart than this are not compared, kilometres.
MAX_APART_KM = 600.0
#: Shorter great circles are left out: there a river or a ridge explains anything.
MIN_APART_KM = 40.0
#: Each city is compared with this many of its nearest.
NEIGHBOURS = 8
SNAP_KM = {"road": 12.0, "rail": 10.0}
_OPEN = ("open", "limited")


@dataclass(frozen=True)
class City:
    """A city to screen from."""

    name: str
    country: str
    lon: float
    lat: float
    population: int = 0


@dataclass(frozen=True)
class Suspect:
    """Two cities whose way by one mode is long.

    Attributes
    ----------
    mode
        ``road`` or ``rail``.
    a, b
        The cities, in alphabetical order.
    network_km, great_circle_km
        The way (inf where there is none) and the straight line.
    explained
        Why it is so, from ``curation/screen_explained.csv`` or found in the data (a post that is
        shut, water, mountains, no line between); empty where nobody has said.
    """

    mode: str
    a: City
    b: City
    network_km: float
    great_circle_km: float
    explained: str = ""

    @property
    def circuity(self) -> float:
        """Network length over great circle."""
        return self.network_km / self.great_circle_km


def _pairs(cities: Sequence[City]) -> list[tuple[int, int, float]]:
    """Return near pairs (i < j, km): the nearest of each city, and the nearest abroad."""
    lon, lat = np.array([c.lon for c in cities]), np.array([c.lat for c in cities])
    tree = cKDTree(unit_vectors(lon, lat))
    found: set[tuple[int, int]] = set()
    near = tree.query_ball_point(tree.data, MAX_APART_KM)
    for i, others in enumerate(near):
        gap = distance_km(lon[i], lat[i], lon[others], lat[others])
        ranked = [others[k] for k in np.argsort(gap, kind="stable") if gap[k] >= MIN_APART_KM]
        abroad = [j for j in ranked if cities[j].country != cities[i].country]
        for j in ranked[:NEIGHBOURS] + abroad[:3]:
            found.add((min(i, j), max(i, j)))
    pairs = sorted(found)
    ends = np.array(pairs)
    km = distance_km(lon[ends[:, 0]], lat[ends[:, 0]], lon[ends[:, 1]], lat[ends[:, 1]])
    return [(a, b, float(d)) for (a, b), d in zip(pairs, km, strict=True)]


def usable(network: Network, mode: str, shut: bool = False) -> tuple[csr_matrix, np.ndarray]:
    """Return the usable graph of a mode and the nodes in it; with `shut`, over shut posts too."""
    passable = np.array([shut or c.status in _OPEN for c in network.crossings] + [True])
    edges = np.flatnonzero(network.is_mode(mode) & passable[network.crossing])
    u, v, km = network.u[edges], network.v[edges], np.maximum(network.length_km[edges], 1e-6)
    a, b, w = np.concatenate([u, v]), np.concatenate([v, u]), np.concatenate([km, km])
    order = np.lexsort((w, b, a))
    a, b, w = a[order], b[order], w[order]
    first = np.ones(len(a), dtype=bool)
    first[1:] = (a[1:] != a[:-1]) | (b[1:] != b[:-1])
    shape = (network.node_count, network.node_count)
    return csr_matrix((w[first], (a[first], b[first])), shape=shape), np.unique(
        np.concatenate([u, v])
    )


def _by_rule(open_pairs: set[frozenset[str]], mode: str, a: City, b: City, way_km: float) -> str:
    """Return what explains a long way without anybody's looking, or an empty text."""
    if a.country != b.country and frozenset((a.country, b.country)) not in open_pairs:
        return f"no open {mode} crossing between {a.country} and {b.country}"
    if not np.isfinite(way_km):
        return f"no way by {mode} at all: another shore, or a network of its own"
    return ""


class Causes:
    """What the data say about a long way."""

    def __init__(self, network: Network, mode: str, graph: csr_matrix) -> None:
        self.network, self.mode = network, mode
        self.unguarded, _ = usable(network, mode, shut=True)
        self.gaps = causes.Gaps(graph, network.lon, network.lat)
        code = [-1 if c.status in _OPEN else k for k, c in enumerate(network.crossings)]
        shut = np.flatnonzero(
            network.is_mode(mode) & (np.array([*code, -1])[network.crossing] >= 0)
        )
        ends = zip(network.u[shut].tolist(), network.v[shut].tolist(), strict=True)
        self.shut = {
            frozenset(pair): network.crossings[network.crossing[edge]]
            for edge, pair in zip(shut.tolist(), ends, strict=True)
        }

    def reason(self, cities: tuple[City, City], nodes: tuple[int, int], km: float) -> str:
        """Return the first cause that holds, or an empty text."""
        a, b = cities
        line = (a.lon, a.lat, b.lon, b.lat)
        most = MAX_CIRCUITY * km
        return (
            self._by_shut_post(*nodes, most)
            or causes.by_water(line, km)
            or causes.by_mountains(line, km)
            or (self.gaps.between(*nodes, most) if self.mode == "rail" else "")
        )

    def _by_shut_post(self, start: int, end: int, most: float) -> str:
        found, before = dijkstra(
            self.unguarded, indices=start, limit=most, return_predecessors=True
        )
        if not np.isfinite(found[end]):
            return ""
        names = []
        node = end
        while node != start:
            back = int(before[node])
            if frozenset((back, node)) in self.shut:
                post = self.shut[frozenset((back, node))]
                names.append(f"{post.name} ({post.status})")
            node = back
        return "post shut: " + ", ".join(reversed(names))


def screen(network: Network, cities: Sequence[City], mode: str) -> list[Suspect]:
    """Compare the way between near cities with the great circle.

    Parameters
    ----------
    network
        What to look at.
    cities
        Large cities, in any order.
    mode
        ``road`` or ``rail``.

    Returns
    -------
    list of Suspect
        Pairs over `MAX_CIRCUITY`, the longest way about first.
    """
    graph, nodes = usable(network, mode)
    tree = cKDTree(unit_vectors(network.lon[nodes], network.lat[nodes]))
    gap, at = tree.query(unit_vectors([c.lon for c in cities], [c.lat for c in cities]))
    at = nodes[at]
    served = gap <= SNAP_KM[mode]
    targets: dict[int, list[tuple[int, float]]] = {}
    for i, j, km in _pairs(cities):
        if served[i] and served[j]:
            targets.setdefault(i, []).append((j, km))
    known = {
        (r["mode"], frozenset((r["city_a"], r["city_b"]))): r["reason"]
        for r in datasets.read_rows("curation/screen_explained.csv")
    }
    open_pairs = {
        frozenset((c.country_a, c.country_b))
        for c in network.crossings
        if c.mode == mode and c.status in _OPEN
    }
    finder = Causes(network, mode, graph)
    suspects = []
    for i in sorted(targets):
        found = dijkstra(graph, directed=True, indices=int(at[i]))
        for j, km in targets[i]:
            way = float(found[at[j]])
            if way > MAX_CIRCUITY * km:
                a, b = sorted((cities[i], cities[j]), key=lambda c: (c.name, c.country))
                reason = known.get((mode, frozenset((a.name, b.name))), "")
                reason = reason or _by_rule(open_pairs, mode, a, b, way)
                reason = reason or finder.reason(
                    (cities[i], cities[j]), (int(at[i]), int(at[j])), km
                )
                suspects.append(Suspect(mode, a, b, way, km, reason))
    return sorted(suspects, key=lambda s: (-min(s.circuity, 1e9), s.a.name, s.b.name))


def cities(network: Network, population: int) -> list[City]:
    """Return the cities of the network's countries with at least so many people."""
    from horgos_geo.model import places

    here = set(network.countries)
    return [
        City(p.name, p.country, p.lon, p.lat, p.population)
        for p in places.towns(population)
        if p.country in here
    ]
