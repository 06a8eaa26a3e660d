"""Which column of a table says what, whatever an office calls it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from horgos_geo.core.name_keys import fold

#: What a column says of a place, and what it may be called in English, Chinese and Russian.
_NAMES = {
    "id": "id fid gid uid key code no nr number 编号 序号 代码 номер код ид n",
    "name": "name place city town station point label title location address settlement "
    "名称 地名 城市 站名 地点 站 имя название наименование город пункт станция место",
    "lon": "lon lng long longitude x xcoord lond londeg lonwgs84 pointx coordx 经度 东经 долгота "
    "долг вд",
    "lat": "lat latitude y ycoord latd latdeg latwgs84 pointy coordy 纬度 北纬 широта шир сш",
    "country": "country countrycode iso iso2 iso3 isoa2 isoa3 state 国家 国别 страна кодстраны",
    "latlon": "latlon latlong latlng coordinates coordinate coords coord geo wgs84 坐标 координаты",
    "lonlat": "lonlat lnglat longlat xy 经纬度",
    "wkt": "wkt geometry geom shape",
}
ROLES = {name: role for role, names in _NAMES.items() for name in names.split()}
#: How the columns of both ends of a pair begin or end.
_ENDS = {
    "origin": "origin orig from start o src source departure 起点 起 出发地 出发 始发 откуда "
    "отправление отправления начало",
    "dest": "destination dest to end d dst target arrival 终点 终 目的地 到达 到 куда назначение "
    "назначения конец",
}
_UNITS = re.compile(r"[(\[（].*?[)\]）]|°")


def role_of(header: str) -> str:
    """Return what a column says of a place: id, name, lon, lat, country …, or nothing.

    Examples
    --------
    >>> role_of("Longitude (deg)"), role_of("纬度"), role_of("Страна"), role_of("population")
    ('lon', 'lat', 'country', '')
    """
    role = ROLES.get(_key(header), "")
    if role:
        return role
    # Longitude and latitude are known by any word of their head: “GPS lat”, “Долгота, град.”.
    words = [fold(word) for word in re.findall(r"[^\W\d_]{2,}", str(header))]
    if any(word in ends.split() for ends in _ENDS.values() for word in words):
        return ""
    return next((ROLES[word] for word in words if ROLES.get(word) in ("lon", "lat")), "")


def _key(header: str) -> str:
    return fold(_UNITS.sub("", str(header)))


def place_columns(names: Sequence[str]) -> dict[str, int]:
    """Return the positions of the columns that say what of a place, the first of each kind."""
    found: dict[str, int] = {}
    for position, name in enumerate(names):
        role = role_of(name)
        if role:
            found.setdefault(role, position)
    return found


def pair_columns(names: Sequence[str]) -> dict[str, dict[str, int]]:
    """Return the positions of the columns of origin and destination.

    Examples
    --------
    >>> pair_columns(["origin_lon", "origin_lat", "To"])
    {'origin': {'lon': 0, 'lat': 1}, 'dest': {'name': 2}}
    """
    found: dict[str, dict[str, int]] = {"origin": {}, "dest": {}}
    for position, name in enumerate(names):
        key = _key(name)
        for end, words in _ENDS.items():
            role = _role_at(key, sorted(map(fold, words.split()), key=len, reverse=True))
            if role:
                found[end].setdefault(role, position)
                break
    return found


def _role_at(key: str, words: Sequence[str]) -> str:
    """Return what a column says of the end whose words these are."""
    if key in words and len(key) > 1:
        return "name"
    for word in words:
        for rest in (key.removeprefix(word), key.removesuffix(word)):
            if rest != key and rest in ROLES:
                return ROLES[rest]
    return ""
