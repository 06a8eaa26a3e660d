"""Own numbers: parameters that whoever asks sets for one question, such as a wait at a border.

An own number is named like the row that it takes the place of: the parameter, then what tells its
rows apart, with points between. ``moving_speed_kmh.road.KAZ`` is the speed by road in Kazakhstan,
``dwell_h.khorgos-altynkol-rail`` the wait at a crossing, in both directions.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from horgos_geo.core.countries import country_code
from horgos_geo.core.errors import ScenarioError
from horgos_geo.core.hints import did_you_mean
from horgos_geo.model.crossing_names import crossing_ids
from horgos_geo.model.estimate import Estimate
from horgos_geo.model.network import Crossing, read_points
from horgos_geo.model.parameters import KEYS, OWN, Parameters, Row, load_parameters

#: A name, and its low, usual and high value.
OwnNumber = tuple[str, tuple[float, float, float]]
_MODES = ("road", "rail", "ferry", "sea")
_MOST = 1e6


def read_own(values: Any) -> tuple[OwnNumber, ...]:
    """Read own numbers as people give them.

    Parameters
    ----------
    values
        A mapping of names to numbers, or texts ``NAME=NUMBER``. In place of a number there may be
        three: low, usual and high, as a list or as text with ``/`` between them.

    Returns
    -------
    tuple
        Sorted by name; of one that stands twice, the last.

    Raises
    ------
    ValueError
        Not a name and a number, or numbers that do not rise from 0.

    Examples
    --------
    >>> read_own(["dwell_h.khorgos-altynkol-rail=10", "gauge_change_h = 1/2/6"])
    (('dwell_h.khorgos-altynkol-rail', (10.0, 10.0, 10.0)), ('gauge_change_h', (1.0, 2.0, 6.0)))
    """
    if isinstance(values, str):
        values = [part for part in values.split(",") if part.strip()]
    pairs = values.items() if isinstance(values, Mapping) else map(_pair, values)
    found = {str(name).strip(): _three(str(name).strip(), value) for name, value in pairs}
    return tuple(sorted(found.items()))


def _pair(item: Any) -> tuple[str, Any]:
    if isinstance(item, str):
        name, equals, value = item.partition("=")
        if equals and name.strip():
            return name, value
    elif isinstance(item, Sequence) and len(item) == 2:
        return item[0], item[1]
    raise ValueError(f"{str(item)[:60]!r} sets no number; write NAME=NUMBER")


def _three(name: str, value: Any) -> tuple[float, float, float]:
    parts = value.split("/") if isinstance(value, str) else value
    parts = [parts] if isinstance(parts, int | float) else list(parts)
    try:
        numbers = [float(part) for part in parts]
    except (TypeError, ValueError):
        numbers = []
    low, central, high = {1: numbers * 3, 3: numbers}.get(len(numbers), [math.nan] * 3)
    if not 0 <= low <= central <= high <= _MOST:
        raise ValueError(
            f"{name[:60]} takes a number of 0 or more, or three that rise, such as 8/10/14"
        )
    return low, central, high


@dataclass(frozen=True, eq=False)
class OwnNumbers:
    """What own numbers may name: the parameters, and the crossings, terminals and lines there are.

    Attributes
    ----------
    parameters
        Those that come with the package, or others.
    crossings
        Of the network, by id.
    links
        Ids of its terminals and ferry lines.
    """

    parameters: Parameters
    crossings: Mapping[str, Crossing]
    links: Iterable[str] = ()

    def in_force(self, own: Iterable[OwnNumber]) -> Parameters:
        """Return the parameters with own numbers in the place of theirs.

        Raises
        ------
        ScenarioError
            A name of nothing, with the nearest that there is.
        """
        rows = {(row.parameter, row.keys): row for row in self.parameters.rows}
        for name, numbers in own:
            for keys in self._keys(name):
                parameter = name.partition(".")[0]
                rows[parameter, keys] = self._row(name, keys, Estimate(*numbers))
                if parameter == "dwell_h":
                    # An own wait is all of it, with that for opening hours.
                    kept = tuple(key for key in keys if key[0] in ("mode", "crossing"))
                    rows.pop(("opening_h", kept), None)
        return Parameters(tuple(rows.values()), self.parameters.evidence)

    def _row(self, name: str, keys: tuple[tuple[str, str], ...], band: Estimate) -> Row:
        parameter = name.partition(".")[0]
        like = self._rows_of(parameter)[0]
        return Row(
            file=OWN,
            line=0,
            parameter=parameter,
            applies_to=" ".join(value for _, value in keys) or like.applies_to,
            keys=keys,
            band=band,
            unit=like.unit,
            source=f"set by the reader: {name}",
            year="",
            retrieved=OWN,
            note="",
        )

    def _keys(self, name: str) -> Iterator[tuple[tuple[str, str], ...]]:
        """Yield the keys of each row that a name stands for."""
        parameter, *parts = (part.strip() for part in name.split("."))
        forms = {tuple(key for key, _ in row.keys) for row in self._rows_of(parameter)}
        if parameter == "dwell_h":
            forms.add(("mode", "crossing", "country", "to_country"))
        columns = {column for form in forms for column in form}
        found: list[dict[str, str]] = [{}]
        for part in parts:
            found = [
                {**keys, column: value}
                for keys in found
                for column, value in self._meanings(part, parameter, columns, keys)
            ]
        every = [keys for given in found for keys in self._with_ends(given, columns)]
        filled = [tuple((key, keys[key]) for key in KEYS if keys.get(key)) for keys in every]
        fitting = [keys for keys in filled if tuple(key for key, _ in keys) in forms]
        if not fitting:
            raise ScenarioError(
                f"{name[:80]!r} does not say what it is of. Write {_forms(parameter, forms)}."
            )
        yield from fitting

    def _rows_of(self, parameter: str) -> list[Row]:
        rows = [row for row in self.parameters.rows if row.parameter == parameter]
        if not rows:
            names = dict.fromkeys(row.parameter for row in self.parameters.rows)
            hint = did_you_mean(parameter, names, f"There are {', '.join(names)}.")
            raise ScenarioError(f"There is no parameter {parameter[:60]!r}. {hint}")
        return rows

    def _meanings(
        self, part: str, parameter: str, columns: set[str], keys: Mapping[str, str]
    ) -> list[tuple[str, str]]:
        """Return the key columns that a part of a name can fill, and with what."""
        used = {(column, row.key(column)) for row in self._rows_of(parameter) for column in columns}
        meanings = [(column, value) for column, value in used if value and value == part]
        if not meanings and "mode" in columns and part in _MODES:
            meanings = [("mode", part)]
        if not meanings and "crossing" in columns:
            meanings = [("crossing", id_) for id_ in crossing_ids(part) if id_ in self.crossings]
        if not meanings and part in self.links:
            meanings = [(column, part) for column in ("terminal", "line") if column in columns]
        code = country_code(part)
        if code and "country" in columns:
            entered = "country" in keys and "to_country" in columns
            return [("to_country" if entered else "country", code)]
        if not meanings:
            known = [*(value for _, value in used if value), *self._ids(columns)]
            hint = did_you_mean(part, known, f"It is set as {parameter}=NUMBER.")
            raise ScenarioError(f"No {parameter} is listed for {part[:60]!r}. {hint}")
        return meanings

    def _ids(self, columns: set[str]) -> Iterator[str]:
        if "crossing" in columns:
            yield from self.crossings
        if columns & {"terminal", "line"}:
            yield from self.links

    def _with_ends(self, keys: dict[str, str], columns: set[str]) -> list[dict[str, str]]:
        """Fill in the mode and the countries of a crossing, in each direction that fits."""
        crossing = self.crossings.get(keys.get("crossing", ""))
        if crossing is None or not {"mode", "country", "to_country"} <= columns:
            return [keys]
        ends = [crossing.ends(a_to_b) for a_to_b in (True, False)]
        both = [{"country": a, "to_country": b} for a, b in ends]
        return [
            {**keys, "mode": crossing.mode, **pair}
            for pair in both
            if all(keys.get(name, value) == value for name, value in pair.items())
        ]


def check_own(own: Iterable[OwnNumber]) -> None:
    """Refuse own numbers of nothing before the whole network is read.

    Raises
    ------
    ScenarioError
        As in `OwnNumbers.in_force`.
    """
    if numbers := tuple(own):
        crossings, terminals = read_points()
        links = [*(point.id for point in terminals), *(point.id for point in crossings)]
        by_id = {crossing.id: crossing for crossing in crossings}
        OwnNumbers(load_parameters(), by_id, links).in_force(numbers)


def _forms(parameter: str, forms: Iterable[Sequence[str]]) -> str:
    """Return how a parameter's numbers are named, in words."""
    names = sorted(".".join([parameter, *(key.upper() for key in form)]) for form in forms)
    return " or ".join(names)
