"""From ways to a draft: cut at junctions and borders, chains merged with all their geometry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from horgos_geo.build import chains
from horgos_geo.build.draft import FERRY, RAIL, ROAD, Bools, Draft, Ints, Line
from horgos_geo.build.gauge import STANDARD_MM
from horgos_geo.build.osm_read import Extract
from horgos_geo.core.geodesy import distances_km, ranges

#: A road that leaves its country for so many vertices and comes back has only touched the border.
SLIVER_VERTICES = 60
#: An extract with this share of its vertices inside whole boundaries is one of countries.
OF_COUNTRIES = 0.5
#: How many of its vertices are looked at for that.
_SAMPLE = 20_000
_GAUGE_ROUNDS = 20


def to_streets(extract: Extract, country_gauge: Mapping[str, int]) -> Draft:
    """Cut the ways of an extract into a graph and merge what nothing branches from.

    Parameters
    ----------
    extract
        As read.
    country_gauge
        Gauge in millimetres by country, where a railway says none and where it says several.

    Returns
    -------
    Draft
        Kept nodes are the last before a border, or a border control.
    """
    counts = np.diff(extract.start)
    way = np.repeat(np.arange(len(counts)), counts)
    mode = np.array([kind.mode for kind in extract.kinds], dtype=np.int64)
    countries, country, stray = _countries(extract, way, mode)
    ids, node = np.unique(extract.node_id, return_inverse=True)
    blocked = np.isin(ids, list(extract.blocked))
    keep = np.isin(ids, list(extract.controls))
    # A run is a stretch of one way inside one country.
    leaves = (way[1:] == way[:-1]) & (country[1:] != country[:-1])
    fresh = np.concatenate([[True], (way[1:] != way[:-1]) | leaves])
    if len(countries) > 1:
        cut = np.flatnonzero(leaves)
        keep[node[cut]] = keep[node[cut + 1]] = True
    stop = fresh | np.append(fresh[1:], True)
    stop |= ((np.bincount(node) > 1) | blocked | keep)[node]
    position = np.flatnonzero(stop)
    first, last = position[:-1], position[1:]
    inside = ~fresh[last] & ~stray[first]
    first, last = first[inside], last[inside]
    # A barrier ends the road on either side: each edge gets an end of its own there.
    u, v, old = _detach(node[first], node[last], blocked, mode[way[first]])
    vertex = np.empty(len(ids), dtype=np.int64)
    vertex[node] = np.arange(len(node))
    at = vertex[old]
    draft = Draft(countries)
    draft.add_nodes(extract.lon[at], extract.lat[at], country[at], keep=keep[old])
    inner = last - first - 1
    between = ranges(first + 1, inner)
    kinds = [extract.kinds[w] for w in way[first]]
    steps = np.zeros(len(way))
    steps[1:] = distances_km(extract.lon[:-1], extract.lat[:-1], extract.lon[1:], extract.lat[1:])
    along_km = np.cumsum(steps)
    draft.add_edges(
        u,
        v,
        Line(inner, extract.lon[between], extract.lat[between]),
        mode=mode[way[first]],
        km=along_km[last] - along_km[first],
        oneway=[kind.oneway != 0 for kind in kinds],
        speed_kmh=[kind.speed_kmh for kind in kinds],
        class_=[kind.class_ for kind in kinds],
        electrified=[kind.electrified for kind in kinds],
        way=np.array(extract.way_id)[way[first]],
    )
    given = [kind.gauges_mm for kind in kinds]
    draft.gauge = _gauges(draft, given, country_gauge)
    draft.gauge_to = draft.gauge.copy()
    against = np.array([kind.oneway == -1 for kind in kinds], dtype=bool)
    draft.take_edges(np.arange(draft.m), against)
    draft.keep_edges(draft.u != draft.v)
    chains.merge(draft)
    return draft


def _countries(extract: Extract, way: Ints, mode: Ints) -> tuple[tuple[str, ...], Ints, Bools]:
    """Return countries, each vertex's position in them (0 none), and which vertices are strays.

    An extract that lies mostly inside the boundaries that are whole in it is one of countries:
    what leaves them is a stray. One that does not, such as that of a city around a tiny state, has
    its countries from the bundled network.
    """
    file = np.array(extract.file, dtype=np.int64)[way]
    shapes: dict[str, Any] = {}
    of_countries = np.zeros(len(extract.borders), dtype=bool)
    for number, borders in enumerate(extract.borders):
        here = np.flatnonzero(file == number)
        sample = here[:: max(1, len(here) // _SAMPLE)]
        within = np.zeros(len(sample), dtype=bool)
        for shape in borders.values():
            shapely.prepare(shape)
            within |= shapely.contains_xy(shape, extract.lon[sample], extract.lat[sample])
        if len(sample) and within.mean() >= OF_COUNTRIES:
            of_countries[number] = True
            shapes |= borders
    codes = ("", *sorted(shapes))
    country = np.zeros(len(way), dtype=np.int64)
    for number, code in enumerate(codes[1:], start=1):
        rest = np.flatnonzero(country == 0)
        inside = shapely.contains_xy(shapes[code], extract.lon[rest], extract.lat[rest])
        country[rest[inside]] = number
    if shapes:
        _absorb_slivers(country, way, mode)
    return codes, country, (country == 0) & of_countries[file]


def _absorb_slivers(country: Ints, way: Ints, mode: Ints) -> None:
    """Let slivers over the border, and ferries, stay with the country that they come back to."""
    fresh = np.append(True, (way[1:] != way[:-1]) | (country[1:] != country[:-1]))
    start = np.flatnonzero(fresh)
    stop = np.append(start[1:], len(way))
    for before, begin, end, after in zip(start, start[1:], stop[1:], start[2:], strict=False):
        long = end - begin > SLIVER_VERTICES and mode[way[begin]] != FERRY
        same_way = way[before] == way[begin] == way[after]
        if same_way and not long and country[before] == country[after]:
            country[begin:end] = country[before]


def _detach(u: Ints, v: Ints, blocked: Bools, mode: Ints) -> tuple[Ints, Ints, Ints]:
    """Give road edges ends of their own at blocked nodes, and rails theirs at level crossings.

    Returns
    -------
    tuple
        New ends (M) and (M), and for each new node the old one.
    """
    ends, modes = np.concatenate([u, v]), np.concatenate([mode, mode])
    alone = blocked[ends] & (modes == ROAD)
    own = 2 * (int(ends.max(initial=0)) + 1) + np.arange(len(ends))
    shared = 2 * ends + (modes == RAIL)
    _, first, index = np.unique(
        np.where(alone, own, shared), return_index=True, return_inverse=True
    )
    return index[: len(u)], index[len(u) :], ends[first]


def _gauges(
    draft: Draft, given: list[tuple[int, ...]], country_gauge: Mapping[str, int]
) -> NDArray[np.int64]:
    """Return a gauge for each edge (M): its only one, else its country's, else its neighbours'."""
    usual = [country_gauge.get(draft.countries[code], 0) for code in draft.country[draft.u]]
    rail = draft.of_mode(RAIL)
    gauge = np.zeros(draft.m, dtype=np.int64)
    for edge in np.flatnonzero(rail).tolist():
        known = given[edge]
        gauge[edge] = usual[edge] if usual[edge] in known else (*known, 0)[0]
    for _ in range(_GAUGE_ROUNDS):
        at_node = np.zeros(draft.n, dtype=np.int64)
        for side in (draft.u, draft.v):
            np.maximum.at(at_node, side, gauge)
        near = np.maximum(at_node[draft.u], at_node[draft.v])
        unknown = rail & (gauge == 0) & (near > 0)
        if not unknown.any():
            break
        gauge[unknown] = near[unknown]
    rest = rail & (gauge == 0)
    gauge[rest] = [usual[edge] or STANDARD_MM for edge in np.flatnonzero(rest)]
    return gauge
