"""Decide, border edge by border edge, by which crossing it leaves the country, or cut it."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from horgos_geo.build.countries import CountryMap
from horgos_geo.build.draft import RAIL, ROAD, Draft, Floats, Ints, Rows, spot_of
from horgos_geo.core.choices import MODES
from horgos_geo.core.geodesy import distance_km, distances_km
from horgos_geo.model.network import Crossing

#: A piece of road or line that dips over a border without a post is at most this wide, and has at
#: most so many nodes.
SLIVER_KM, SLIVER_NODES = 50.0, 300
#: An edge this far from the post, and a quarter of its own length, is that of another post.
FAR_KM = 25.0
#: A post belongs to a border edge that crosses the border within this distance of it.
POST_KM = 6.0
#: Edges longer than this may have their post anywhere along them, kilometres.
LONG_KM = 30.0
_SAMPLES, _BISECTIONS, _ROUNDS = 65, 8, 3
_RANK = {"open": 0, "limited": 1, "passenger": 2}

#: What becomes of a border edge.
MATCHED, OPEN_AREA, UNVERIFIED, DOMESTIC, CUT = VERDICTS = (
    "matched",
    "open area",
    "unverified",
    "domestic",
    "cut",
)
#: By verdict, the name of a crossing that no row lists, and what it stands on.
_UNLISTED = {
    OPEN_AREA: ("{}–{} border (no control)", "open_area", "reference/open_areas.csv"),
    DOMESTIC: ("{}–{} line along the border", "open_area", "geometry of the network"),
    UNVERIFIED: ("{}–{} border (unverified)", "unverified", "geometry of the network"),
}

Pair = tuple[str, str]


@dataclass
class Borders:
    """What became of the border edges.

    Attributes
    ----------
    counts
        Border edges by (country pair, mode) and verdict.
    crossings
        The crossings in use, by id.
    """

    counts: dict[tuple[Pair, str], Counter[str]] = field(
        default_factory=lambda: defaultdict(Counter)
    )
    crossings: dict[str, Crossing] = field(default_factory=dict)


def pair_of(a: str, b: str) -> Pair:
    """Return two countries in alphabetical order."""
    return (a, b) if a < b else (b, a)


def relabel_listed(draft: Draft, rows: Rows) -> None:
    """Give the listed road nodes to the country that their road serves.

    Parameters
    ----------
    draft
        Changed in place.
    rows
        Of ``curation/border_edges_road.csv``; those whose action is `relabel` count.
    """
    countries = {spot_of(r, "u"): r["country_b"] for r in rows if r["action"] == "relabel"}
    on_road = draft.on_edges(draft.of_mode(ROAD))
    for node, spot in enumerate(draft.spots()):
        if spot in countries and on_road[node]:
            draft.country[node] = draft.country_code(countries[spot])


def border_points(
    draft: Draft, edges: Ints, country_map: CountryMap
) -> tuple[Floats, Floats, Floats]:
    """Return where the chord of each border edge crosses the border.

    Parameters
    ----------
    draft
        With the countries of nodes.
    edges
        Numbers of edges (K).
    country_map
        Says where the border is.

    Returns
    -------
    tuple
        Longitudes (K), latitudes (K), and the share of the chord from `u` (K).
    """
    u, v = draft.u[edges], draft.v[edges]

    def at(share: Floats) -> tuple[Floats, Floats]:
        """Return the points at a share of each chord."""
        lon = draft.lon[u] + share * (draft.lon[v] - draft.lon[u])
        return lon, draft.lat[u] + share * (draft.lat[v] - draft.lat[u])

    shares = np.linspace(0.0, 1.0, _SAMPLES)
    labels = np.array([country_map.locate(*at(share)) for share in shares])
    labels[0], labels[-1] = draft.country[u], draft.country[v]
    index = np.arange(_SAMPLES)[:, None]
    first_far = np.where(labels == labels[-1], index, _SAMPLES).min(axis=0)
    near = (labels == labels[0]) & (index < first_far)
    low, high = shares[np.where(near, index, 0).max(axis=0)], shares[first_far]
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        still = country_map.locate(*at(middle)) == draft.country[u]
        low, high = np.where(still, middle, low), np.where(still, high, middle)
    share = (low + high) / 2
    lon, lat = at(share)
    return np.round(lon, 4), np.round(lat, 4), share


class BorderMatcher:
    """The posts and false border edges of one mode, with the verdict on an edge.

    Parameters
    ----------
    mode
        `ROAD` or `RAIL`.
    posts
        Of ``reference/crossings_*.csv``.
    edges
        Of ``curation/border_edges_*.csv``.
    open_areas, closed_pairs
        Of the tables of that name in ``reference/``.
    """

    def __init__(
        self, mode: int, posts: Rows, edges: Rows, open_areas: Rows, closed_pairs: Rows
    ) -> None:
        self.mode, self.name = mode, MODES[mode]
        self.posts = {row["id"]: row for row in posts}
        by_pair: dict[Pair, list[str]] = defaultdict(list)
        for id_, row in self.posts.items():
            by_pair[pair_of(row["country_a"], row["country_b"])].append(id_)
        self._of_pair = {pair: self._columns(ids) for pair, ids in by_pair.items()}
        edges = list(edges)
        self._listed = {
            frozenset((spot_of(row, "u"), spot_of(row, "v"))): row for row in edges if row["lon_v"]
        }
        self.open = {
            pair_of(a, b)
            for row in open_areas
            if row["gates"] == "no"
            for a in row["members"].split()
            for b in row["members"].split()
            if a < b
        }
        self.closed = {pair_of(row["country_a"], row["country_b"]): row for row in closed_pairs}
        self._known = {pair_of(row["country_a"], row["country_b"]) for row in edges}
        self._known |= {*self._of_pair, *self.closed}

    def _columns(self, ids: list[str]) -> dict[str, NDArray[Any]]:
        """Return what `match` compares of posts, by column."""
        rows = [self.posts[id_] for id_ in ids]

        def numbers(name: str) -> Floats:
            return np.array([float(row.get(name) or "nan") for row in rows])

        names = ["lon", "lat", "network_lon", "network_lat", "network_edge_km"]
        return {
            "id": np.array(ids),
            "name": np.array([row["name"] for row in rows]),
            "rank": np.array([_RANK.get(row["status"], len(_RANK)) for row in rows]),
            **{name: numbers(name) for name in names},
        }

    def verdict(self, draft: Draft, edge: int, lon: float, lat: float) -> tuple[str, str]:
        """Say what a border edge is.

        Parameters
        ----------
        draft
            With the edge.
        edge
            Its number.
        lon, lat
            Where it crosses the border.

        Returns
        -------
        tuple
            One of `VERDICTS`, and the id of the crossing; empty where it has no name.
        """
        ends = (draft.u[edge], draft.v[edge])
        pair = pair_of(*(draft.countries[draft.country[node]] for node in ends))
        spots = (
            (round(float(draft.lon[node]), 3), round(float(draft.lat[node]), 3)) for node in ends
        )
        listed = self._listed.get(frozenset(spots))
        if self.mode == RAIL and listed is not None:
            return self._by_row(pair, listed["action"], listed["crossing"])
        found = self.match(draft, edge, pair, lon, lat)
        if found:
            return MATCHED, found
        if pair in self.open:
            return OPEN_AREA, f"{'-'.join(pair)}-open-{self.name}".lower()
        if listed is None and pair not in self._known:
            north, east = "n" if lat >= 0 else "s", "e" if lon >= 0 else "w"
            place = f"{abs(lat):.2f}{north}-{abs(lon):.2f}{east}".replace(".", "-")
            return UNVERIFIED, f"{'-'.join(pair)}-{place}-{self.name}".lower()
        return CUT, ""

    def _by_row(self, pair: Pair, action: str, name: str) -> tuple[str, str]:
        """Return the verdict on a rail edge that a row decides."""
        posts = self._of_pair.get(pair)
        same = [] if posts is None else posts["id"][posts["name"] == name].tolist()
        if action in ("open", "shut") and same:
            return MATCHED, same[0]
        if action == "open_domestic":
            return DOMESTIC, same[0] if same else ""
        return (DOMESTIC if action == "allow_domestic" else CUT), ""

    def match(self, draft: Draft, edge: int, pair: Pair, lon: float, lat: float) -> str:
        """Return the listed crossing whose own network edge this is, else one that it passes."""
        posts = self._of_pair.get(pair)
        if posts is None:
            return ""
        u, v, km = draft.u[edge], draft.v[edge], float(draft.km[edge])
        off = distances_km(lon, lat, posts["lon"], posts["lat"])
        exact = np.zeros(len(off), dtype=bool)
        if self.mode == ROAD:
            own_km = np.abs(posts["network_edge_km"] - km)
            near = distances_km(lon, lat, posts["network_lon"], posts["network_lat"])
            exact = (own_km < 0.05) & (near < 5 + 0.2 * km) & (off <= FAR_KM + 0.25 * km)
        over_km = distances_km(draft.lon[u], draft.lat[u], posts["lon"], posts["lat"])
        over_km += distances_km(posts["lon"], posts["lat"], draft.lon[v], draft.lat[v])
        on_line = (over_km <= 1.1 * km + 8) & (off <= 15 + 0.5 * km)
        columns = [~exact, posts["rank"], over_km, posts["id"]]
        fits = exact | (off <= POST_KM) | on_line
        best = min(zip(*(column[fits] for column in columns), strict=True), default=None)
        return str(best[-1]) if best else ""

    def crossing(self, name: str, pair: Pair, what: str) -> Crossing:
        """Return the crossing of an edge: as it is listed, else by its verdict.

        Where a crossing that is not listed lies is not known here.
        """
        row = self.posts.get(name)
        if row is None:
            title, kind, source = _UNLISTED[what]
            return Crossing(name, title.format(*pair), *pair, self.name, kind, source=source)
        closed = self.closed.get(pair, {})
        doubt = closed.get("doubt", "")
        since = closed.get("since", "") if row["status"] != "open" else ""
        return Crossing(
            id=name,
            name=row["name"],
            country_a=row["country_a"],
            country_b=row["country_b"],
            mode=self.name,
            kind="open_area" if pair in self.open or what == DOMESTIC else row["kind"],
            status=row["status"],
            status_date=row["status_date"] or since,
            doubt="" if doubt == "none" else doubt,
            gauge_a_mm=int(row.get("gauge_a_mm") or 0),
            gauge_b_mm=int(row.get("gauge_b_mm") or 0),
            lon=float(row["lon"]),
            lat=float(row["lat"]),
            source=row["source"],
            retrieved=row["retrieved"],
            note=row["note"],
        )


def split_at_borders(
    draft: Draft, matcher: BorderMatcher, country_map: CountryMap, borders: Borders
) -> None:
    """Cut or split every border edge of one mode.

    Parameters
    ----------
    draft
        Changed in place. A kept border edge u–v becomes u–X, a crossing of no length X–X', X'–v.
    matcher
        Of the mode.
    country_map
        Says where the border is.
    borders
        Takes the counts and the crossings that are used.
    """
    for _ in range(_ROUNDS):
        edges = np.flatnonzero(
            draft.of_mode(matcher.mode) & (draft.country[draft.u] != draft.country[draft.v])
        )
        points = np.column_stack(border_points(draft, edges, country_map))
        verdicts = [
            matcher.verdict(draft, edge, lon, lat)
            for edge, (lon, lat, _) in zip(edges.tolist(), points.tolist(), strict=True)
        ]
        if not _absorb_slivers(draft, matcher.mode, edges, [what for what, _ in verdicts]):
            break
    found: dict[str, list[tuple[float, float]]] = defaultdict(list)
    codes = np.zeros(len(edges), dtype=np.int64)
    for i, (edge, (what, name)) in enumerate(zip(edges.tolist(), verdicts, strict=True)):
        ends = (draft.countries[draft.country[node]] for node in (draft.u[edge], draft.v[edge]))
        pair = pair_of(*ends)
        borders.counts[pair, matcher.name][what] += 1
        if what == CUT:
            continue
        name = name or f"{'-'.join(pair)}-weaving-{matcher.name}".lower()
        if name not in borders.crossings:
            borders.crossings[name] = matcher.crossing(name, pair, what)
        if name in matcher.posts:
            points[i] = _at_post(draft, edge, borders.crossings[name], points[i])
        found[name].append((float(points[i, 0]), float(points[i, 1])))
        codes[i] = draft.crossing_code(name)
    for name in found.keys() - matcher.posts.keys():
        lon, lat = _most_central(found[name])
        borders.crossings[name] = replace(borders.crossings[name], lon=lon, lat=lat)
    kept = codes > 0
    _split(draft, edges[kept], points[kept], codes[kept])
    mask = np.ones(draft.m, dtype=bool)
    mask[edges[~kept]] = False
    draft.keep_edges(mask)


def _at_post(
    draft: Draft, edge: int, post: Crossing, point: NDArray[np.float64]
) -> tuple[float, float, float]:
    """Move the crossing of a long chord to the post itself where the post lies on its line."""
    u, v, km = draft.u[edge], draft.v[edge], float(draft.km[edge])
    before = distance_km(draft.lon[u], draft.lat[u], post.lon, post.lat)
    after = distance_km(post.lon, post.lat, draft.lon[v], draft.lat[v])
    if km > LONG_KM and before + after <= 1.05 * km + 2 and min(before, after) > 1:
        return post.lon, post.lat, before / (before + after)
    lon, lat, share = point.tolist()
    return lon, lat, share


def _most_central(points: list[tuple[float, float]]) -> tuple[float, float]:
    """Return the one of several points that is nearest to their middle."""
    middle = np.mean(points, axis=0)
    return min(points, key=lambda p: (abs(p[0] - middle[0]) + abs(p[1] - middle[1]), p))


def _split(draft: Draft, edges: Ints, points: Floats, crossing: Ints) -> None:
    """Split edges (K) at points (K, 3: lon, lat, share) by crossings (K) of no length."""
    lon, lat, share = points.T
    share = np.clip(share, 0.0, 1.0)
    u, v, km = draft.u[edges], draft.v[edges], draft.km[edges]
    near = draft.add_nodes(lon, lat, draft.country[u], keep=True)
    far = draft.add_nodes(lon, lat, draft.country[v], keep=True)
    common = {name: getattr(draft, name)[edges] for name in ("mode", "source", "link")}
    draft.v[edges], draft.km[edges] = near, km * share
    draft.add_edges(near, far, crossing=crossing, **common)
    draft.add_edges(far, v, km=km * (1 - share), **common)


def _absorb_slivers(draft: Draft, mode: int, edges: Ints, verdicts: list[str]) -> bool:
    """Give small pieces that only unposted border edges join to the country they serve.

    In an open area the largest piece of a country is the country itself: San Marino stays.

    Parameters
    ----------
    draft
        Changed in place.
    mode
        `ROAD` or `RAIL`.
    edges
        The border edges (K).
    verdicts
        On each of them (K).

    Returns
    -------
    bool
        Whether any piece changed its country.
    """
    inland = draft.of_mode(mode) & (draft.country[draft.u] == draft.country[draft.v])
    labels = draft.components(inland)
    sizes = np.bincount(labels)
    ends = np.column_stack([draft.u[edges], draft.v[edges]])
    pieces, countries = labels[ends], draft.country[ends]
    touching: dict[int, set[int]] = defaultdict(set)
    posted: set[int] = set()
    in_open: set[int] = set()
    largest: dict[int, tuple[int, int]] = {}
    for (a, b), (home_a, home_b), what in zip(
        pieces.tolist(), countries.tolist(), verdicts, strict=True
    ):
        touching[a].add(home_b)
        touching[b].add(home_a)
        for piece, home in ((a, home_a), (b, home_b)):
            largest[home] = max(largest.get(home, (0, 0)), (int(sizes[piece]), piece))
        if what == OPEN_AREA:
            in_open |= {a, b}
        elif what not in (DOMESTIC, CUT):
            posted |= {a, b}
    posted |= in_open & {piece for _, piece in largest.values()}
    order = np.argsort(labels, kind="stable")
    begin = np.cumsum(sizes) - sizes
    taken: set[int] = set()
    moved = False
    for piece in sorted(touching, key=lambda piece: (sizes[piece], piece)):
        nodes = order[begin[piece] : begin[piece] + sizes[piece]]
        if len(touching[piece]) != 1 or len(nodes) > SLIVER_NODES or piece in taken | posted:
            continue
        lon, lat = draft.lon[nodes], draft.lat[nodes]
        if distance_km(lon.min(), lat.min(), lon.max(), lat.max()) > SLIVER_KM:
            continue
        # Of two small pieces that touch only each other, the larger one stays as it is.
        taken.update(pieces[(pieces == piece).any(axis=1)].ravel().tolist())
        (draft.country[nodes],) = touching[piece]
        moved = True
    return moved
