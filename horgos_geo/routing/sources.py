"""Where the numbers of a route come from: each speed, wait, fee and price with its row."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from horgos_geo.core import datasets
from horgos_geo.model.parameters import Row
from horgos_geo.routing.route import Route


@dataclass(frozen=True, eq=False)
class Number:
    """One row of the parameter files, and where a route uses it.

    Attributes
    ----------
    row
        Value, unit, source, year and file of the number.
    used_on
        The legs that it is used on, in words, in order.
    """

    row: Row
    used_on: tuple[str, ...]

    @property
    def is_assumption(self) -> bool:
        """Whether the number has no published source."""
        return self.row.retrieved == "assumption"

    def to_dict(self) -> dict[str, object]:
        """Return the number and its source as plain values."""
        row = self.row
        return {
            "parameter": row.parameter,
            "applies_to": row.applies_to,
            "value": row.band.central,
            "low": row.band.low,
            "high": row.band.high,
            "unit": row.unit,
            "file": row.where.partition(":")[0],
            "line": row.line or None,
            "source": row.source,
            "year": row.year,
            "basis": row.retrieved,
            "note": row.note,
            "used_on": list(self.used_on),
            "evidence": list(row.evidence),
            **({"own_share": row.own_share, "main_post": row.main_post} if row.main_post else {}),
        }

    def observations(self) -> list[dict[str, str]]:
        """Return the rows of evidence behind the number, the weightiest first."""
        found = _evidence()
        return [found[name] for name in self.row.evidence if name in found]


@cache
def _evidence() -> dict[str, dict[str, str]]:
    """Return all observations by id."""
    files = sorted(datasets.path("reference/evidence").glob("*.csv"))
    return {row["id"]: row for file in files for row in datasets.read_rows(file)}


def numbers_behind(route: Route) -> list[Number]:
    """Return every number that the hours, dollars and kilograms of a route rest on.

    Parameters
    ----------
    route
        A route; one that was not found rests on nothing.

    Returns
    -------
    list of Number
        In the order in which they are first used.
    """
    used: dict[Row, dict[str, None]] = {}
    for leg in route.legs:
        if leg.kind == "access":
            continue  # outside the totals
        moves = leg.kind in ("road", "rail")
        words = f"{leg.kind}, {leg.country}" if moves else leg.from_name
        for row in leg.measure.rows:
            used.setdefault(row, {})[words] = None
    return [Number(row, tuple(words)) for row, words in used.items()]
