"""Words, numbers and units in the reader's language."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.lists import format_list
from babel.numbers import NumberPattern, get_decimal_symbol, parse_pattern

from horgos_geo.core import datasets, point_names
from horgos_geo.core.countries import SEA, country_name
from horgos_geo.core.errors import ScenarioError

LANGUAGES = ("en", "zh", "ru")
NBSP = "\u00a0"
THIN = "\u202f"
CATALOGUES = Path(__file__).resolve().parent / "locale"


#: British English: no comma before the last "and", the day before the month.
_LOCALES = {"en": "en_GB", "zh": "zh_Hans", "ru": "ru"}
#: Typography of the pages: a true minus sign, a thin space between thousands.
_SIGNS = str.maketrans({"-": "−", NBSP: THIN})


def read_catalogue(name: str) -> list[dict[str, str]]:
    """Return the rows of one file of phrases, such as ``notebooks``."""
    return datasets.read_rows(CATALOGUES / f"{name}.csv")


@cache
def _catalogue() -> dict[str, dict[str, str]]:
    # Every file with a column `key` is part of it: ui.csv here, and those of single reports.
    files = sorted(file.stem for file in CATALOGUES.glob("*.csv"))
    return {row["key"]: row for file in files for row in read_catalogue(file) if "key" in row}


@cache
def _phrases() -> dict[str, dict[str, str]]:
    return {row["en"]: row for row in read_catalogue("phrases")}


@cache
def _pattern(digits: int) -> NumberPattern:
    return parse_pattern("#,##0" + f".{'0' * digits}" * (digits > 0))


def keys() -> tuple[str, ...]:
    """Return the keys of the catalogue."""
    return tuple(_catalogue())


class Text:
    """The catalogue of one language, and how that language writes numbers and lists.

    Parameters
    ----------
    language
        ``en``, ``zh`` or ``ru``.
    prefix
        How the keys begin that `say` and `plural` give: those of one report.

    Raises
    ------
    ScenarioError
        A language without a catalogue.

    Examples
    --------
    >>> Text("ru").country("KAZ"), Text("en").number(-1234.5, 1), Text("ru").percent(45)
    ('Казахстан', '−1,234.5', '45\xa0%')
    >>> Text("en").list_of(["road", "rail", "sea"]), Text("zh").list_of(["公路", "铁路"])
    ('road, rail and sea', '公路和铁路')
    """

    def __init__(self, language: str = "en", prefix: str = "") -> None:
        if language not in LANGUAGES:
            raise ScenarioError(
                f"There is no language {language[:20]!r}. Choose one of {', '.join(LANGUAGES)}."
            )
        self.language = language
        self.prefix = prefix
        self._locale = Locale.parse(_LOCALES[language])

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

    def say(self, key: str, **values: Any) -> str:
        """Return a phrase of the report whose keys begin with `prefix`.

        Raises
        ------
        KeyError
            As in a call.
        """
        return self(self.prefix + key, **values)

    def plural(self, key: str, n: int, **values: Any) -> str:
        """Return the phrase for a number of things, with the number as `n`.

        The catalogue may hold a phrase for each plural category of the language (Unicode CLDR):
        ``key_one``, ``key_few``, ``key_many``; ``key`` itself serves all others.

        Parameters
        ----------
        key
            Without the prefix.
        n
            How many.
        **values
            More to put in.
        """
        special = f"{key}_{self._locale.plural_form(n)}"
        chosen = special if self.prefix + special in _catalogue() else key
        return self.say(chosen, n=self.number(n), **values)

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
        # Rounded first, since decimal rounding would differ at exact halves; no minus zero.
        rounded = round(value, digits) + 0.0
        digits = max(0, digits)
        written: str = _pattern(digits).apply(f"{rounded:.{digits}f}", self._locale)
        return written.translate(_SIGNS)

    def tens(self, value: float) -> str:
        """Write a number to the nearest ten, and a small one to the nearest one."""
        return self.number(value, -1 if abs(value) >= 95 else 0)

    def percent(self, value: float, digits: int = 0) -> str:
        """Write a percentage; Russian sets the sign apart.

        Parameters
        ----------
        value
            Hundredths: 45 for 45 %.
        digits
            Decimals.
        """
        sign = self._locale.percent_formats[None].suffix[0]
        return f"{self.number(value, digits)}{sign}"

    def plain(self, value: float) -> str:
        """Write a number as it stands in a table of data, with no more digits than it has."""
        return f"{value:g}".replace(".", get_decimal_symbol(self._locale))

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

    def usd(self, amount: float) -> str:
        """Write US dollars, to the nearest ten."""
        return self("usd_amount", n=self.tens(amount))

    def people(self, count: float) -> str:
        """Write a number of people in millions, in Chinese in the units that Chinese counts by.

        Examples
        --------
        >>> Text("en").people(5_432_000), Text("zh").people(125_000_000)
        ('5.4 million', '1.25亿')
        """
        if self.language == "zh":
            unit, digits = (1e8, 2) if count >= 1e8 else (1e4, 0)
            return f"{self.number(count / unit, digits)}{'亿' if digits else '万'}"
        return self("people_millions", n=self.number(count / 1e6, 0 if count >= 1e7 else 1))

    def by(self, mode: str) -> str:
        """Return how one goes by a mode: ``by road``, ``by rail``."""
        return self(f"by_{mode}")

    def sentence(self, words: str) -> str:
        """Return words as a sentence: with a capital, and a full stop unless they end in one."""
        words = words[:1].upper() + words[1:]
        if words.endswith((".", "。")):
            return words
        return words + ("。" if self.language == "zh" else ".")

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

    def parameter(self, name: str) -> str:
        """Return what a parameter is, by the name that its file gives it."""
        key = f"parameter_{name}"
        return self(key) if key in _catalogue() else name.replace("_", " ")

    def said(self, name: str, words: str) -> str:
        """Return a name and what is said of it, joined as the language does: ``name: words``."""
        return self("said", name=name, words=words)

    def aside(self, words: str, more: str) -> str:
        """Return words with more in brackets."""
        return self("aside", words=words, more=more)

    def comma(self, parts: Iterable[str]) -> str:
        """Return clauses one after the other, with commas."""
        return self("comma").join(parts)

    def list_of(self, words: Iterable[str], last_and: bool = True) -> str:
        """Return words as a list: ``road, rail and sea``.

        Parameters
        ----------
        words
            The words; empty ones are left out.
        last_and
            Whether "and" stands before the last one.
        """
        kept = [word for word in words if word]
        if last_and:
            return format_list(kept, locale=self._locale)
        between: str = self._locale.list_patterns["standard"]["middle"].format("", "")
        return between.join(kept)

    def clauses(self, parts: Iterable[str]) -> str:
        """Return parts of a sentence one after the other: "and" before the last, in Chinese commas.

        Examples
        --------
        >>> Text("en").clauses(["27% by road", "46% by rail"])
        '27% by road and 46% by rail'
        """
        return self.comma(parts) if self.language == "zh" else self.list_of(parts)

    def paragraph(self, sentences: Iterable[str]) -> str:
        """Return sentences one after the other; empty ones are left out."""
        return ("" if self.language == "zh" else " ").join(filter(None, sentences))

    def status(self, status: str) -> str:
        """Return why there is no route, in this language."""
        key = "status_" + status.replace(" ", "_")
        return self(key) if key in _catalogue() else status
