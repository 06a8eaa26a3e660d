"""Look for holes in the network: near cities with a long route between them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from horgos_geo.core import datasets
from horgos_geo.core.geodesy import chord, distances_km, unit_vectors
from horgos_geo.model import places
from horgos_geo.model.network import Network
from horgos_geo.validation.circuity import CircuityDiagnosis

#: A route longer than this many times the great circle is suspect.
MAX_CIRCUITY = 1.9
#: Large cities farther apart than this are not compared, kilometres.
MAX_APART_KM = 600.0
#: Shorter great circles are left out: there a river or a ridge explains anything.
MIN_APART_KM = 40.0
#: Each city is compared with this many of its nearest, and of its nearest abroad.
NEIGHBOURS, NEIGHBOURS_ABROAD = 8, 3
SNAP_KM = {"road": 12.0, "rail": 10.0}
EXPLAINED = "curation/screen_explained.csv"
COLUMNS = (
    "mode", "city_a", "country_a", "city_b", "country_b", "network_km", "great_circle_km",
    "circuity", "explained",
)  # fmt: skip


def cities(network: Network, population: int) -> pd.DataFrame:
    """Return the cities of the network's countries with at least so many people.

    Parameters
    ----------
    network
        Whose countries count.
    population
        Least number of people.

    Returns
    -------
    DataFrame
        ``name, country, lon, lat``, the largest first.
    """
    rows = [(p.name, p.country, p.lon, p.lat) for p in places.towns(population)]
    found = pd.DataFrame(rows, columns=["name", "country", "lon", "lat"])
    return found[found["country"].isin(network.countries)].reset_index(drop=True)


def neighbours(cities: pd.DataFrame) -> pd.DataFrame:
    """Return near pairs of cities: the nearest of each city, and the nearest abroad.

    Parameters
    ----------
    cities
        As `cities` returns them.

    Returns
    -------
    DataFrame
        ``a, b``, positions in `cities` with a < b, and ``great_circle_km``.
    """
    lon, lat, country = (cities[name].to_numpy() for name in ("lon", "lat", "country"))
    tree = cKDTree(unit_vectors(lon, lat))
    found: set[tuple[int, int]] = set()
    for i, others in enumerate(tree.query_ball_point(tree.data, chord(MAX_APART_KM))):
        near = np.array(others)
        gap = distances_km(lon[i], lat[i], lon[near], lat[near])
        order = np.argsort(gap, kind="stable")
        ranked = near[order[gap[order] >= MIN_APART_KM]]
        abroad = ranked[country[ranked] != country[i]]
        chosen = [*ranked[:NEIGHBOURS].tolist(), *abroad[:NEIGHBOURS_ABROAD].tolist()]
        found |= {(min(i, j), max(i, j)) for j in chosen}
    pairs = pd.DataFrame(sorted(found), columns=["a", "b"], dtype=np.int64)
    ends = (axis[pairs[side]] for side in "ab" for axis in (lon, lat))
    return pairs.assign(great_circle_km=distances_km(*ends))


def screen(network: Network, cities: pd.DataFrame, mode: str) -> pd.DataFrame:
    """Compare the route between near cities with the great circle.

    Parameters
    ----------
    network
        What to look at.
    cities
        As `cities` returns them, in any order.
    mode
        ``road`` or ``rail``.

    Returns
    -------
    DataFrame
        Pairs over `MAX_CIRCUITY`, the longest detour first: ``mode, city_a, country_a, city_b,
        country_b``, in alphabetical order; ``network_km`` (inf where there is no route),
        ``great_circle_km``, and ``circuity``, the first over the second; ``explained`` says why,
        from ``curation/screen_explained.csv`` or found in the data (a post that is shut, water,
        mountains, no line between), and is empty where nothing does.
    """
    diagnosis = CircuityDiagnosis(network, mode)
    tree = cKDTree(unit_vectors(network.lon[diagnosis.nodes], network.lat[diagnosis.nodes]))
    gap, at = tree.query(unit_vectors(cities["lon"], cities["lat"]))
    cities = cities.assign(node=diagnosis.nodes[at])
    served = gap <= chord(SNAP_KM[mode])
    pairs = neighbours(cities)
    pairs = pairs[served[pairs["a"]] & served[pairs["b"]]]
    known = {
        (row["mode"], frozenset((row["city_a"], row["city_b"]))): row["reason"]
        for row in datasets.read_rows(EXPLAINED)
    }
    rows = []
    for start, near in pairs.groupby("a"):
        found = dijkstra(diagnosis.graph, directed=True, indices=cities["node"][start])
        for pair in near.itertuples():
            km, most_km = found[cities["node"][pair.b]], MAX_CIRCUITY * pair.great_circle_km
            if km <= most_km:
                continue
            ends = cities.iloc[[pair.a, pair.b]]
            a, b = ends.sort_values(["name", "country"]).itertuples()
            reason = known.get((mode, frozenset((a.name, b.name))))
            rows.append(
                {
                    "mode": mode,
                    "city_a": a.name,
                    "country_a": a.country,
                    "city_b": b.name,
                    "country_b": b.country,
                    "network_km": float(km),
                    "great_circle_km": pair.great_circle_km,
                    "circuity": km / pair.great_circle_km,
                    "explained": reason or diagnosis.reason(a, b, km, most_km),
                }
            )
    return pd.DataFrame(rows, columns=COLUMNS).sort_values(
        ["circuity", "city_a", "city_b"], ascending=[False, True, True], ignore_index=True
    )
