"""Look up towns in the slim gazetteer; a file is read when the first town is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from horgos_geo.core import datasets
from horgos_geo.core.errors import DataError
from horgos_geo.core.geodesy import distance_km, unit_vectors

FILE = "places/gazetteer.parquet"
#: Large cities of other continents.
OUTSIDE = "places/cities_outside.parquet"
# A town's own name counts so much more than an alias of a larger one.
_OWN_NAME = 3
_LARGE = 15_000
_CANDIDATES = 400


@dataclass(frozen=True)
class Town:
    """One row of the gazetteer; `id` is its GeoNames id, lon and lat are degrees."""

    id: int
    name: str
    country: str
    lon: float
    lat: float
    population: int


class _Gazetteer:
    """The towns, the largest first, and their keys as one run of bytes.

    A row's keys stand between bars, its own name first: ``|warsaw|warszawa|варшава|``. To look for
    bytes in the whole run takes a millisecond and no import of Arrow's functions.
    """

    def __init__(self, table: Any) -> None:
        self._name = table["name"]
        self._country = table["country"]
        self.id = _numbers(table["id"], np.int32)
        self.lon = _numbers(table["lon"], np.float64)
        self.lat = _numbers(table["lat"], np.float64)
        self.population = _numbers(table["population"], np.int32)
        keys = table["keys"].combine_chunks()
        _, offsets, data = keys.buffers()
        self._start = np.frombuffer(offsets, dtype=np.int32)[: len(keys) + 1]
        self._bytes = data.to_pybytes()

    @cached_property
    def unit_vectors(self) -> NDArray[np.float64]:
        """Points of the unit sphere, shape (n, 3)."""
        return unit_vectors(self.lon, self.lat)

    def town(self, row: int) -> Town:
        return Town(
            id=int(self.id[row]),
            name=self.name(row),
            country=self._country[row].as_py(),
            lon=float(self.lon[row]),
            lat=float(self.lat[row]),
            population=int(self.population[row]),
        )

    def name(self, row: int) -> str:
        name: str = self._name[row].as_py()
        return name

    def rows(self, text: str) -> Iterator[tuple[int, bool]]:
        """Yield the rows whose keys contain a text, and whether it begins their own name."""
        wanted = text.encode()
        at = self._bytes.find(wanted)
        while at >= 0:
            row = int(np.searchsorted(self._start, at, side="right")) - 1
            yield row, at == self._start[row]
            at = self._bytes.find(wanted, int(self._start[row + 1]))


def _numbers(column: Any, dtype: Any) -> NDArray[Any]:
    # Arrow's own `to_numpy` first imports pandas, where it is installed: a second or two.
    values = column.combine_chunks()
    _, data = values.buffers()
    return np.frombuffer(data, dtype=dtype, count=len(values))


@cache
def _gazetteer(name: str = FILE) -> _Gazetteer:
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = ["id", "name", "country", "lon", "lat", "population", "keys"]
    file = datasets.path(name)
    try:
        # `read_table` would first import Arrow's data set machinery, which takes a second.
        return _Gazetteer(pq.ParquetFile(file).read(columns=columns))
    except (pa.ArrowException, OSError, KeyError) as error:
        raise DataError(
            f"{name} is damaged: {error}. Reinstall the package or run `horgos network build`."
        ) from error


def find(
    key: str, *, whole: bool = True, country: str = "", limit: int = 20, outside: bool = False
) -> list[Town]:
    """Return towns whose folded name is `key`, or begins with it, the likeliest first.

    Parameters
    ----------
    key
        As `fold` gives it.
    whole
        Whether the whole name must match.
    country
        Only in this country, ISO alpha-3.
    limit
        Give at most so many.
    outside
        Among the large cities of other continents.
    """
    gazetteer = _gazetteer(OUTSIDE if outside else FILE)
    found: list[tuple[int, Town]] = []
    for row, own in gazetteer.rows(f"|{key}|" if whole else f"|{key}"):
        town = gazetteer.town(row)
        if country in ("", town.country):
            found.append(((town.population + 1) * (_OWN_NAME if own else 1), town))
        if len(found) == _CANDIDATES:
            break
    found.sort(key=lambda scored: -scored[0])
    return [town for _, town in found[:limit]]


def get(geonames_id: int) -> Town | None:
    """Return one town by its GeoNames id."""
    gazetteer = _gazetteer()
    rows = np.flatnonzero(gazetteer.id == geonames_id)
    return gazetteer.town(int(rows[0])) if len(rows) else None


def nearest(lon: float, lat: float) -> tuple[Town, float]:
    """Return the town nearest to a point in degrees, and how far away it is, kilometres."""
    gazetteer = _gazetteer()
    points = gazetteer.unit_vectors
    here = unit_vectors(lon, lat)[0]
    row = int(np.argmax(points @ here))
    town = gazetteer.town(row)
    return town, distance_km(lon, lat, town.lon, town.lat)


def countries_near(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> list[str]:
    """Return the country of the town nearest to each point; degrees (n), finite."""
    from scipy.spatial import cKDTree

    gazetteer = _gazetteer()
    _, rows = cKDTree(gazetteer.unit_vectors).query(unit_vectors(lon, lat))
    return [gazetteer._country[int(row)].as_py() for row in rows]


def larger(population: int) -> list[Town]:
    """Return all towns of at least so many people, the largest first."""
    import pyarrow as pa

    gazetteer = _gazetteer()
    rows = np.flatnonzero(gazetteer.population >= population)
    taken = pa.Int64Array.from_buffers(pa.int64(), len(rows), [None, pa.py_buffer(rows)])
    names, lands = (
        column.take(taken).to_pylist() for column in (gazetteer._name, gazetteer._country)
    )
    lon, lat, ids, people = (
        values[rows].tolist()
        for values in (gazetteer.lon, gazetteer.lat, gazetteer.id, gazetteer.population)
    )
    return [Town(*row) for row in zip(ids, names, lands, lon, lat, people, strict=True)]


def names_like(key: str) -> list[str]:
    """Return names of larger towns that begin with the same letter, to guess from."""
    gazetteer = _gazetteer()
    names: list[str] = []
    for row, own in gazetteer.rows(f"|{key[:1]}"):
        if gazetteer.population[row] < _LARGE:
            break
        if own:
            names.append(gazetteer.name(row))
    return names
