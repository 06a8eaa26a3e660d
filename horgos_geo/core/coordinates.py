"""Read coordinates as people write them: decimal degrees, degrees and minutes, any hemisphere."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from horgos_geo.core.errors import BadCoordinates

EXAMPLE = "Write latitude, then longitude, in degrees, such as 44.21,80.41."
#: Hemispheres as English, Russian and Chinese writers mark them.
_SIDES = {
    **dict.fromkeys(("n", "с", "с.ш", "сш", "北纬", "北"), "N"),
    **dict.fromkeys(("s", "ю", "ю.ш", "юш", "南纬", "南"), "S"),
    **dict.fromkeys(("e", "в", "в.д", "вд", "东经", "東經", "东"), "E"),
    **dict.fromkeys(("w", "з", "з.д", "зд", "西经", "西經", "西"), "W"),
}
_SIDE = "|".join(re.escape(side) for side in sorted(_SIDES, key=len, reverse=True))
_NUMBER = r"[+\-−]?(?:\d+\.?\d*|\.\d+)(?:e[+\-]?\d+)?"
_ANGLE = (
    r"(?:(?P<{0}_before>{side})\.?\s*)?"
    r"(?P<{0}>{number}|nan|inf(?:inity)?)\s*(?:[°º度]\s*"
    r"(?:(?P<{0}_min>\d+(?:\.\d+)?)\s*(?:['′’‘分]\s*"
    r"(?:(?P<{0}_sec>\d+(?:\.\d+)?)\s*(?:[\"″”“秒]|''|′′)\s*)?)?)?)?"
    r"(?:(?P<{0}_after>{side})\.?)?"
)
_A, _B = (_ANGLE.format(name, side=_SIDE, number=_NUMBER) for name in "ab")
_ONE = re.compile(_A, re.IGNORECASE)
_PAIR = re.compile(rf"\(?\s*{_A}\s*[,;，；\s]\s*{_B}\s*\)?", re.IGNORECASE)
_LOOKS_NUMERIC = re.compile(r"[\d\s.,;°+\-−()]*\d[\d\s.,;°+\-−()nsew]*", re.IGNORECASE)


class LatLon(NamedTuple):
    """A point on Earth, degrees."""

    lat: float
    lon: float

    def __str__(self) -> str:
        return f"{short(self.lat)},{short(self.lon)}"


def parse_pair(text: str) -> LatLon | None:
    """Return the point that a text such as ``44.21,80.41`` means, or None where it is no pair.

    Parameters
    ----------
    text
        Latitude, then longitude.

    Raises
    ------
    BadCoordinates
        It looks like coordinates, but is not two finite numbers of one point.

    Examples
    --------
    >>> parse_pair("44°12′36″N 80°24′36″E")
    LatLon(lat=44.21, lon=80.41)
    >>> parse_pair("Almaty") is None
    True
    """
    match = _PAIR.fullmatch(text.strip())
    if not match:
        if _LOOKS_NUMERIC.fullmatch(text):
            raise BadCoordinates(f"“{text[:80]}” is not a pair of coordinates. {EXAMPLE}")
        return None
    (first, side_a), (second, side_b) = (_angle(match, name) for name in "ab")
    if not (math.isfinite(first) and math.isfinite(second)):
        raise BadCoordinates(f"“{text[:80]}” holds no two numbers. {EXAMPLE}")
    if side_a in ("E", "W") or side_b in ("N", "S"):
        raise BadCoordinates(f"“{text[:80]}” names its directions in another order. {EXAMPLE}")
    return LatLon(first, second)


def parse_degrees(text: str, sides: str = "NSEW") -> float:
    """Return the degrees that one cell of a table holds, NaN where it is no such number.

    A comma is taken for a decimal point; degrees, minutes and seconds are understood.

    Parameters
    ----------
    text
        The cell.
    sides
        The hemispheres that it may name: ``NS`` for a latitude, ``EW`` for a longitude.

    Examples
    --------
    >>> parse_degrees("76,91"), parse_degrees("43°15′0″S"), parse_degrees("43.25N", "EW")
    (76.91, -43.25, nan)
    """
    text = text.strip()
    if "," in text and "." not in text:
        text = text.replace(",", ".")
    match = _ONE.fullmatch(text)
    if not match:
        return math.nan
    degrees, side = _angle(match, "a")
    return degrees if side in sides else math.nan


def _angle(match: re.Match[str], name: str) -> tuple[float, str]:
    """Return degrees, negative in the south and west, and the hemisphere if it is named."""
    degrees = float(match[name].replace("−", "-"))
    minutes, seconds = (float(match[f"{name}_{part}"] or 0) for part in ("min", "sec"))
    if minutes or seconds:
        degrees = math.copysign(abs(degrees) + round(minutes / 60 + seconds / 3600, 9), degrees)
    side = _SIDES.get((match[f"{name}_before"] or match[f"{name}_after"] or "").lower(), "")
    return (-degrees if side in ("S", "W") else degrees), side


def short(degrees: float) -> str:
    """Return degrees with at most five decimals, a metre or so."""
    return f"{degrees:.5f}".rstrip("0").rstrip(".")
