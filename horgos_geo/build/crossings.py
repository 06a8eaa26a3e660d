"""Decide, border edge by border edge, by which crossing it leaves the country, or cut it."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from horgos_geo.build.countries import CountryMap
from horgos_geo.build.draft import RAIL, ROAD, Draft, distance_km
from horgos_geo.core import datasets

MODE_NAMES = {ROAD: "road", RAIL: "rail"}
#: A piece of road or line that dips over a border without a post is at most this wide.
SLIVER_KM = 50.0
#: An edge this far from the post, and a quarter of its own length, is that of another post.
FAR_KM = 25.0
#: A post belongs to a border edge that crosses the border within this distance of it.
POST_KM = 6.0
_SAMPLES = 65

Pair = tuple[str, str]
Verdict = tuple[str, str]


@dataclass
class Gating:
    """What became of the border edges.

    Attributes
    ----------
    counts
        Border edges by (country pair, mode) and verdict: matched, open area, unverified, cut,
        domestic.
    used
        Crossing id to its row: id, name, country_a, country_b, mode, kind, status, lon, lat …
    relabelled
        Number of nodes given to the country that their road or line serves.
    """

    counts: dict[tuple[Pair, str], Counter[str]] = field(
        default_factory=lambda: defaultdict(Counter)
    )
    used: dict[str, dict[str, str]] = field(default_factory=dict)
    relabelled: int = 0
    cut: list[tuple[str, Pair, float, float, float]] = field(default_factory=list)


def pair_of(a: str, b: str) -> Pair:
    """Return two countries in alphabetical order."""
    return (a, b) if a < b else (b, a)


def open_pairs() -> set[Pair]:
    """Return the country pairs with no border control between them."""
    pairs: set[Pair] = set()
    for row in datasets.read_rows("reference/open_areas.csv"):
        members = row["members"].split()
        if row["gates"] == "no":
            pairs.update(pair_of(a, b) for a in members for b in members if a < b)
    return pairs


def border_points(
    draft: Draft, edges: NDArray[np.int64], country_map: CountryMap
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return where the chord of each border edge crosses the border.

    Returns
    -------
    tuple
        Longitudes, latitudes, and the share of the chord from `u`.
    """
    u, v = draft.u[edges], draft.v[edges]
    shares = np.linspace(0.0, 1.0, _SAMPLES)
    lon = draft.lon[u, None] + shares * (draft.lon[v] - draft.lon[u])[:, None]
    lat = draft.lat[u, None] + shares * (draft.lat[v] - draft.lat[u])[:, None]
    label = country_map.locate(lon.ravel(), lat.ravel()).reshape(lon.shape)
    label[:, 0], label[:, -1] = draft.country[u], draft.country[v]
    index = np.arange(_SAMPLES)
    first_far = np.where(label == draft.country[v][:, None], index, _SAMPLES).min(axis=1)
    near = (label == draft.country[u][:, None]) & (index < first_far[:, None])
    last_near = np.where(near, index, 0).max(axis=1)
    low, high = shares[last_near], shares[first_far]
    for _ in range(8):
        middle = (low + high) / 2
        at_lon = draft.lon[u] + middle * (draft.lon[v] - draft.lon[u])
        at_lat = draft.lat[u] + middle * (draft.lat[v] - draft.lat[u])
        still = country_map.locate(at_lon, at_lat) == draft.country[u]
        low, high = np.where(still, middle, low), np.where(still, high, middle)
    share = (low + high) / 2
    lon_x = draft.lon[u] + share * (draft.lon[v] - draft.lon[u])
    lat_x = draft.lat[u] + share * (draft.lat[v] - draft.lat[u])
    return np.round(lon_x, 4), np.round(lat_x, 4), share


def _node_index(draft: Draft, rail: bool) -> dict[tuple[float, float], list[int]]:
    index: dict[tuple[float, float], list[int]] = defaultdict(list)
    for node in np.flatnonzero(draft.rail == rail).tolist():
        index[round(float(draft.lon[node]), 3), round(float(draft.lat[node]), 3)].append(node)
    return index


def relabel_listed(draft: Draft) -> int:
    """Give the listed road nodes to the country that their road serves."""
    index = _node_index(draft, rail=False)
    count = 0
    for row in datasets.read_rows("curation/border_edges_road.csv"):
        if row["action"] == "relabel":
            for node in index.get((float(row["lon_u"]), float(row["lat_u"])), []):
                draft.country[node] = draft.code(row["country_b"])
                count += 1
    return count


def border_edges(draft: Draft, mode: int) -> NDArray[np.int64]:
    """Return the edges of a mode whose ends lie in different countries."""
    return np.flatnonzero((draft.mode == mode) & (draft.country[draft.u] != draft.country[draft.v]))


class BorderMatcher:
    """Lists of crossings and of false border edges of one mode, with the verdict on an edge."""

    def __init__(self, draft: Draft, mode: int) -> None:
        self.draft, self.mode = draft, mode
        self.name = MODE_NAMES[mode]
        self.rows: dict[Pair, list[dict[str, str]]] = defaultdict(list)
        for row in datasets.read_rows(f"reference/crossings_{self.name}.csv"):
            self.rows[pair_of(row["country_a"], row["country_b"])].append(row)
        self.open = open_pairs()
        self.listed: dict[frozenset[tuple[float, float]], dict[str, str]] = {}
        self.false_pairs: set[Pair] = set()
        for row in datasets.read_rows(f"curation/border_edges_{self.name}.csv"):
            self.false_pairs.add(pair_of(row["country_a"], row["country_b"]))
            if row["lon_v"]:
                key = frozenset(
                    (round(float(row[f"lon_{s}"]), 3), round(float(row[f"lat_{s}"]), 3))
                    for s in "uv"
                )
                self.listed[key] = row
        closed = datasets.read_rows("reference/closed_pairs.csv")
        self.closed = {pair_of(r["country_a"], r["country_b"]): r for r in closed}

    def verdict(self, edge: int, lon: float, lat: float) -> Verdict:
        """Return (matched | open area | domestic | unverified | cut, crossing id or reason)."""
        d = self.draft
        a, b = (d.countries[d.country[n]] for n in (d.u[edge], d.v[edge]))
        pair = pair_of(a, b)
        key = frozenset(
            (round(float(d.lon[n]), 3), round(float(d.lat[n]), 3)) for n in (d.u[edge], d.v[edge])
        )
        row = self.listed.get(key)
        if self.mode == RAIL and row is not None:
            if row["action"] in ("open", "shut"):
                named = [r for r in self.rows[pair] if r["name"] == row["crossing"]]
                if named:
                    return "matched", named[0]["id"]
            if row["action"] == "open_domestic":
                named = [r for r in self.rows[pair] if r["name"] == row["crossing"]]
                return "domestic", named[0]["id"] if named else ""
            if row["action"] == "allow_domestic":
                return "domestic", ""
            return "cut", row["reason"]
        found = self._match(edge, pair, lon, lat)
        if found:
            return "matched", found
        if pair in self.open:
            return "open area", f"{pair[0].lower()}-{pair[1].lower()}-open-{self.name}"
        if row is not None:
            return "cut", row["reason"]
        if not self.rows[pair] and pair not in self.false_pairs and pair not in self.closed:
            place = (
                f"{abs(lat):.2f}{'n' if lat >= 0 else 's'}-{abs(lon):.2f}{'e' if lon >= 0 else 'w'}"
            )
            return "unverified", f"{pair[0]}-{pair[1]}-{place}-{self.name}".lower().replace(
                ".", "-"
            )
        return "cut", "no listed post"

    def _match(self, edge: int, pair: Pair, lon: float, lat: float) -> str:
        """Return the listed crossing whose own network edge this is, else one that it passes."""
        d, km = self.draft, float(self.draft.km[edge])
        best: tuple[int, int, float, str] | None = None
        u, v = d.u[edge], d.v[edge]
        for row in self.rows[pair]:
            at_lon, at_lat = float(row["lon"]), float(row["lat"])
            off = float(distance_km(lon, lat, at_lon, at_lat))
            exact = False
            if self.mode == ROAD and row["network_edge_km"]:
                near = float(
                    distance_km(lon, lat, float(row["network_lon"]), float(row["network_lat"]))
                )
                exact = abs(km - float(row["network_edge_km"])) < 0.05 and near < 5 + 0.2 * km
                exact &= off <= FAR_KM + 0.25 * km
            round_km = float(
                distance_km(d.lon[u], d.lat[u], at_lon, at_lat)
                + distance_km(at_lon, at_lat, d.lon[v], d.lat[v])
            )
            on_way = round_km <= 1.1 * km + 8 and off <= 15 + 0.5 * km
            if not (exact or off <= POST_KM or on_way):
                continue
            rank = {"open": 0, "limited": 1, "passenger": 2}.get(row["status"], 3)
            choice = (0 if exact else 1, rank, round_km, row["id"])
            best = min(best, choice) if best else choice
        return best[3] if best else ""


def _absorb_slivers(draft: Draft, judge: BorderMatcher, verdicts: dict[int, Verdict]) -> int:
    """Give small pieces that only unposted border edges join to the country they serve.

    In an open area the largest piece of a country is the country itself: San Marino stays.
    """
    same = (draft.mode == judge.mode) & (draft.country[draft.u] == draft.country[draft.v])
    labels = draft.components(same)
    sizes = np.bincount(labels)
    largest: dict[int, tuple[int, int]] = {}
    touching: dict[int, set[int]] = defaultdict(set)
    posted: set[int] = set()
    in_open: set[int] = set()
    for edge, (what, _) in verdicts.items():
        for near, far in ((draft.u[edge], draft.v[edge]), (draft.v[edge], draft.u[edge])):
            label, home = int(labels[near]), int(draft.country[near])
            touching[label].add(int(draft.country[far]))
            largest[home] = max(largest.get(home, (0, 0)), (int(sizes[label]), label))
            if what == "open area":
                in_open.add(label)
            elif what not in ("domestic", "cut"):
                posted.add(label)
    posted |= in_open & {label for _, label in largest.values()}
    order = np.argsort(labels, kind="stable")
    starts = np.searchsorted(labels[order], np.arange(labels.max() + 2))
    count = 0
    taken: set[int] = set()
    for label in sorted(touching, key=lambda part: (starts[part + 1] - starts[part], part)):
        nodes = order[starts[label] : starts[label + 1]]
        if len(touching[label]) != 1 or len(nodes) > 300 or label in taken | posted:
            continue
        (country,) = touching[label]
        lon, lat = draft.lon[nodes], draft.lat[nodes]
        wide = float(distance_km(lon.min(), lat.min(), lon.max(), lat.max()))
        if wide > SLIVER_KM:
            continue
        # Of two small pieces that touch only each other, the larger one stays as it is.
        taken.update(
            int(labels[n]) for e in verdicts for n in (draft.u[e], draft.v[e])
            if int(labels[draft.u[e]]) == label or int(labels[draft.v[e]]) == label
        )  # fmt: skip
        draft.country[nodes] = country
        count += len(nodes)
    return count


def split_at_borders(draft: Draft, mode: int, country_map: CountryMap, gating: Gating) -> None:
    """Cut or split every border edge of one mode.

    Parameters
    ----------
    draft
        Changed in place. A kept border edge u–v becomes u–X, a crossing of no length X–X', X'–v.
    mode
        `ROAD` or `RAIL`.
    country_map
        Says where the border is.
    gating
        Takes the counts and the crossings that are used.
    """
    judge = BorderMatcher(draft, mode)
    for _ in range(3):
        edges = border_edges(draft, mode)
        lon, lat, share = border_points(draft, edges, country_map)
        verdicts = {
            int(e): judge.verdict(int(e), float(x), float(y))
            for e, x, y in zip(edges, lon, lat, strict=True)
        }
        moved = _absorb_slivers(draft, judge, verdicts)
        gating.relabelled += moved
        if not moved:
            break
    rows = {row["id"]: row for group in judge.rows.values() for row in group}
    cut = np.zeros(draft.m, dtype=bool)
    places: dict[str, list[tuple[float, float]]] = defaultdict(list)
    splits = []
    for edge, x, y, s in zip(
        edges.tolist(), lon.tolist(), lat.tolist(), share.tolist(), strict=True
    ):
        what, name = verdicts[edge]
        a, b = (draft.countries[draft.country[n]] for n in (draft.u[edge], draft.v[edge]))
        pair = pair_of(a, b)
        gating.counts[pair, judge.name][what] += 1
        if what == "cut":
            cut[edge] = True
            gating.cut.append((judge.name, pair, x, y, float(draft.km[edge])))
            continue
        if not name:
            name = f"{pair[0].lower()}-{pair[1].lower()}-weaving-{judge.name}"
        row = rows.get(name)
        if row is not None:
            x, y, s = _place(draft, edge, row, x, y, s)
        places[name].append((x, y))
        gating.used.setdefault(name, _record(name, pair, judge, row, what))
        splits.append((edge, x, y, s, name))
    _split_all(draft, splits)
    mask = np.ones(draft.m, dtype=bool)
    mask[: len(cut)] = ~cut
    draft.keep_edges(mask)
    for name, found in places.items():
        record = gating.used[name]
        if not record["lon"]:
            middle = np.mean(found, axis=0)
            nearest = min(found, key=lambda p: (abs(p[0] - middle[0]) + abs(p[1] - middle[1]), p))
            record["lon"], record["lat"] = f"{nearest[0]:.4f}", f"{nearest[1]:.4f}"


def _place(
    draft: Draft, edge: int, row: dict[str, str], x: float, y: float, s: float
) -> tuple[float, float, float]:
    """Move the crossing of a long chord to the post itself where the post lies on its way."""
    u, v, km = draft.u[edge], draft.v[edge], float(draft.km[edge])
    lon, lat = float(row["lon"]), float(row["lat"])
    before = float(distance_km(draft.lon[u], draft.lat[u], lon, lat))
    after = float(distance_km(lon, lat, draft.lon[v], draft.lat[v]))
    if km > 30 and before + after <= 1.05 * km + 2 and min(before, after) > 1:
        return lon, lat, before / (before + after)
    return x, y, s


def _record(
    name: str, pair: Pair, judge: BorderMatcher, row: dict[str, str] | None, what: str
) -> dict[str, str]:
    if row is not None:
        kind = "open_area" if pair in judge.open or what == "domestic" else row["kind"]
        about = judge.closed.get(pair, {"doubt": "", "since": ""})
        doubt = "" if about["doubt"] in ("", "none") else about["doubt"]
        date = row["status_date"] or (about["since"] if row["status"] != "open" else "")
        return {**row, "mode": judge.name, "kind": kind, "doubt": doubt, "status_date": date}
    kinds = {"open area": "open_area", "domestic": "open_area", "unverified": "unverified"}
    titles = {
        "open area": "{}–{} border (no control)",
        "domestic": "{}–{} line along the border",
        "unverified": "{}–{} border (unverified)",
    }
    return {
        "id": name, "name": titles[what].format(*pair), "country_a": pair[0], "country_b": pair[1],
        "mode": judge.name, "kind": kinds[what], "status": "open", "status_date": "", "lon": "",
        "lat": "", "gauge_a_mm": "", "gauge_b_mm": "", "note": "", "retrieved": "",
        "source": "reference/open_areas.csv" if what == "open area" else "geometry of the network",
    }  # fmt: skip


def _split_all(draft: Draft, splits: list[tuple[int, float, float, float, str]]) -> None:
    if not splits:
        return
    e = np.array([s[0] for s in splits])
    lon, lat = np.array([s[1] for s in splits]), np.array([s[2] for s in splits])
    share = np.clip(np.array([s[3] for s in splits]), 0.0, 1.0)
    code = np.array([draft.crossing_code(s[4]) for s in splits])
    rail = draft.mode[e] == RAIL
    near = draft.add_nodes(lon, lat, draft.country[draft.u[e]], rail, True)
    far = draft.add_nodes(lon, lat, draft.country[draft.v[e]], rail, True)
    km, v = draft.km[e].copy(), draft.v[e].copy()
    common = {"mode": draft.mode[e], "source": draft.source[e], "link": draft.link[e]}
    draft.v[e], draft.km[e] = near, km * share
    draft.add_edges(near, far, km=0.0, crossing=code, **common)
    draft.add_edges(far, v, km=km * (1 - share), **common)
