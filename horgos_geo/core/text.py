"""Words, numbers and units in the reader's language."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from horgos_geo.core import point_names
from horgos_geo.core.countries import SEA, country_name
from horgos_geo.core.errors import ScenarioError

LANGUAGES = ("en", "zh", "ru")
NBSP = "\u00a0"
THIN = "\u202f"
CATALOGUES = Path(__file__).resolve().parent / "locale"


@cache
def _catalogue() -> dict[str, dict[str, str]]:
    # Every file with a column `key` is part of it: ui.csv here, and those of single reports.
    found: dict[str, dict[str, str]] = {}
    for file in sorted(CATALOGUES.glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as stream:
            rows = csv.DictReader(stream)
            if "key" in (rows.fieldnames or ()):
                found.update((row["key"], row) for row in rows)
    return found


@cache
def _phrases() -> dict[str, dict[str, str]]:
    with (CATALOGUES / "phrases.csv").open(encoding="utf-8", newline="") as stream:
        return {row["en"]: row for row in csv.DictReader(stream)}


def keys() -> tuple[str, ...]:
    """Return the keys of the catalogue."""
    return tuple(_catalogue())


class Text:
    """The catalogue of one language, and how that language writes numbers.

    Parameters
    ----------
    language
        ``en``, ``zh`` or ``ru``.

    Raises
    ------
    ScenarioError
        A language without a catalogue.
    """

    def __init__(self, language: str = "en") -> None:
        if language not in LANGUAGES:
            raise ScenarioError(
                f"There is no language {language[:20]!r}. Choose one of {', '.join(LANGUAGES)}."
            )
        self.language = language

    def __call__(self, key: str, **values: Any) -> str:
        """Return the phrase of a key with `values` put in.

        Raises
        ------
        KeyError
            The catalogue has no such key.
        """
        row = _catalogue()[key]
        phrase = row[self.language] or row["en"]
        return phrase.format(**values) if values else phrase

    def number(self, value: float, digits: int = 0) -> str:
        """Write a number with this language's separators; an en dash where there is none.

        Parameters
        ----------
        value
            The number.
        digits
            Decimals; -1 rounds to tens.
        """
        if not math.isfinite(value):
            return "–"
        if digits < 0:
            value, digits = round(value, digits), 0
        text = f"{value:,.{digits}f}"
        if self.language == "ru":
            text = text.replace(",", THIN).replace(".", ",")
        return text.replace("-", "−")

    def tens(self, value: float) -> str:
        """Write a number to the nearest ten, and a small one to the nearest one."""
        if not math.isfinite(value):
            return "–"
        return self.number(round(value, -1) if abs(value) >= 95 else round(value))

    def percent(self, value: float, digits: int = 0) -> str:
        """Write a percentage; Russian sets the sign apart."""
        return f"{self.number(value, digits)}{NBSP if self.language == 'ru' else ''}%"

    def plain(self, value: float) -> str:
        """Write a number as it stands in a table of data, with no more digits than it has."""
        return f"{value:g}".replace(".", "," if self.language == "ru" else ".")

    def km(self, length_km: float, unit: bool = True) -> str:
        """Write kilometres to the nearest ten, and a short way to the nearest one."""
        number = self.km_number(length_km)
        return f"{number}{NBSP}{self('km')}" if unit and number != "–" else number

    def km_number(self, length_km: float) -> str:
        """Write kilometres as `km` does, without the unit."""
        return self.tens(length_km)

    def error(self, error_km: float) -> str:
        """Write the half-width of a band, to the nearest ten kilometres and at least ten."""
        if not math.isfinite(error_km):
            return ""
        return f"±{NBSP}{self.number(max(10.0, round(error_km, -1)))}"

    def days(self, time_h: float, digits: int = 0, unit: bool = True) -> str:
        """Write hours as days, one at least when rounded to whole ones."""
        if not math.isfinite(time_h):
            return "–"
        days = time_h / 24.0
        if digits == 0:
            days = float(max(1, round(days)))
        number = self.number(days, digits)
        if not unit:
            return number
        return f"{number}{NBSP}{self('day' if digits == 0 and days == 1 else 'days')}"

    def span(self, time_h: float) -> str:
        """Write a time: hours below half a day, else days."""
        if time_h < 12:
            return f"{self.number(time_h, 0 if time_h >= 1 else 1)}{NBSP}{self('h')}"
        return self.days(time_h, 1)

    def days_range(self, low_h: float, high_h: float) -> str:
        """Write two times in hours as a range of whole days."""
        if not (math.isfinite(low_h) and math.isfinite(high_h)):
            return ""
        low, high = (self.days(value, unit=False) for value in (low_h, high_h))
        return low if low == high else f"{low}–{high}"

    def mode(self, mode: str) -> str:
        """Return the name of a mode."""
        return self(mode) if mode in _catalogue() else mode

    def modes(self, modes: list[str] | tuple[str, ...]) -> str:
        """Return the names of modes as a short list, such as ``road / rail``."""
        return " / ".join(self.mode(mode) for mode in modes)

    def country(self, iso3: str) -> str:
        """Return the name of a country, or its code where there is none."""
        return self("sea") if iso3 == SEA else country_name(iso3, self.language)

    def place(self, place: Any) -> str:
        """Return the name of a `Place` in this language."""
        names = getattr(place, "names", None) or {}
        return str(names.get(self.language) or place.name)

    def point(self, name: str) -> str:
        """Return the name of a crossing, terminal or port, given in Latin letters.

        One that the table of names does not have stays as it is.
        """
        border = point_names.unlisted(name)
        if border:
            a, b, what = border
            key = "border_" + what.replace(" ", "_")
            return self(key, a=self.country(a), b=self.country(b))
        return point_names.names(self.language).get(name, name).replace(" - ", " – ")

    def point_of(self, id_: str) -> str:
        """Return the name of a crossing, ferry or terminal by its id."""
        return self.point(point_names.by_id().get(id_, id_))

    def phrase(self, words: str) -> str:
        """Return words that stand in the data in English, where the catalogue has them."""
        row = _phrases().get(words)
        return row[self.language] if row else words

    def said(self, name: str, words: str) -> str:
        """Return a name and what is said of it, joined as the language does: ``name: words``."""
        return self("said", name=name, words=words)

    def aside(self, words: str, more: str) -> str:
        """Return words with more in brackets."""
        return self("aside", words=words, more=more)

    def comma(self, parts: Iterable[str]) -> str:
        """Return parts as a list with commas."""
        return self("comma").join(parts)

    def status(self, status: str) -> str:
        """Return why there is no route, in this language."""
        key = "status_" + status.replace(" ", "_")
        return self(key) if key in _catalogue() else status
