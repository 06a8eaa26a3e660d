"""Countries by ISO 3166-1: their codes and what they are called, in three languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from babel import Locale
from babel.core import get_global

from horgos_geo.core import datasets
from horgos_geo.core.name_keys import fold

CHINA, KAZAKHSTAN, RUSSIA, UZBEKISTAN = "CHN", "KAZ", "RUS", "UZB"
#: Stands in the place of a country for what goes by sea.
SEA = "SEA"
#: The countries of the news report that the study grew from.
STORY = (KAZAKHSTAN, UZBEKISTAN, RUSSIA)


@dataclass(frozen=True)
class Country:
    """A country or territory of Europe or Asia; `capital` is a place id.

    `by_land` tells whether land can reach it from Horgos.
    """

    iso2: str
    iso3: str
    name: str
    names: Mapping[str, str] = field(hash=False)
    region: str
    capital: str
    by_land: bool


@cache
def _tables() -> tuple[dict[str, Country], dict[str, Country]]:
    """Return the countries by code, and by the folded key of each of their names and codes."""
    by_code: dict[str, Country] = {}
    by_key: dict[str, Country] = {}
    for row in datasets.read_rows("reference/countries.csv"):
        country = Country(
            iso2=row["iso2"],
            iso3=row["iso3"],
            name=row["name"],
            names={"en": row["name"], "zh": row["name_zh"], "ru": row["name_ru"]},
            region=row["region"],
            capital=row["capital_id"],
            by_land=row["land_reachable"] == "yes",
        )
        by_code[country.iso3] = country
        names = (country.iso2, country.iso3, *country.names.values(), *row["aliases"].split(";"))
        for name in filter(None, names):
            by_key.setdefault(fold(name), country)
    return by_code, by_key


def countries() -> Mapping[str, Country]:
    """Return the countries and territories of Europe and Asia by ISO 3166-1 alpha-3 code."""
    return _tables()[0]


def countries_by_key() -> Mapping[str, Country]:
    """Return the countries of Europe and Asia by the folded key of each code, name and alias."""
    return _tables()[1]


def country_code(text: str) -> str:
    """Return the ISO 3166-1 alpha-3 code of a country of Europe or Asia, or nothing.

    Parameters
    ----------
    text
        A code of two or three letters, or a name in English, Chinese or Russian.

    Examples
    --------
    >>> country_code("ru"), country_code("俄罗斯"), country_code("Kazakhstan"), country_code("Oz")
    ('RUS', 'RUS', 'KAZ', '')
    """
    country = countries_by_key().get(fold(text))
    return country.iso3 if country else ""


def country_name(iso3: str, language: str = "en") -> str:
    """Return the name of a country, or its code where the tables do not have it.

    Parameters
    ----------
    iso3
        ISO 3166-1 alpha-3 code.
    language
        ``en``, ``zh`` or ``ru``.

    Examples
    --------
    >>> country_name("KAZ", "ru"), country_name("KAZ", "zh"), country_name("QQQ")
    ('Казахстан', '哈萨克斯坦', 'QQQ')
    """
    country = countries().get(iso3)
    return country.names[language] if country else iso3


@cache
def _outside(locale: str) -> dict[str, str]:
    """Return the English names of countries on other continents by folded name in a language."""
    english = Locale.parse("en").territories
    known = {country.iso2 for country in countries().values()}
    return {
        fold(name): english[code]
        for code, name in Locale.parse(locale).territories.items()
        if len(code) == 2 and code not in known and fold(name) not in countries_by_key()
    }


def country_outside(text: str) -> str:
    """Return the name of a country on another continent that a text means, or nothing.

    Parameters
    ----------
    text
        An ISO 3166-1 code in capitals, or a name in English, Chinese or Russian.

    Examples
    --------
    >>> country_outside("USA"), country_outside("Бразилия"), country_outside("Kazakhstan")
    ('United States', 'Brazil', '')
    """
    if text.isascii() and text.isupper() and len(text) in (2, 3):
        codes = get_global("territory_aliases").get(text) or [text]
        if codes[0] in {country.iso2 for country in countries().values()}:
            return ""
        return str(Locale.parse("en").territories.get(codes[0], "")) if len(codes[0]) == 2 else ""
    languages = ("en",) if text.isascii() else ("zh_Hans", "ru")
    return next(filter(None, (_outside(language).get(fold(text)) for language in languages)), "")
