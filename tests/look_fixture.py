"""Made-up routes with every phenomenon that a map or chart draws, no network needed."""

from __future__ import annotations

import itertools

import numpy as np

from horgos_geo.model.estimate import Estimate
from horgos_geo.model.network import Crossing
from horgos_geo.model.places import Place
from horgos_geo.model.scenario import Scenario
from horgos_geo.routing.impacts import Impacts
from horgos_geo.routing.route import Leg, Route

HORGOS = Place(
    id="horgos",
    name="Horgos",
    country="CHN",
    lon=80.41,
    lat=44.21,
    kind="gateway",
    names={"en": "Horgos", "zh": "霍尔果斯", "ru": "Хоргос"},
    gateway={"road": "khorgos-road", "rail": "khorgos-rail"},
)
#: name, zh, ru, country, lon, lat, the stops before it.
TOWNS = {
    "almaty": ("Almaty", "阿拉木图", "Алматы", "KAZ", 76.9, 43.3, ()),
    "bishkek": ("Bishkek", "比什凯克", "Бишкек", "KGZ", 74.6, 42.9, ("almaty",)),
    "tashkent": ("Tashkent", "塔什干", "Ташкент", "UZB", 69.3, 41.3, ("almaty",)),
    "tehran": ("Tehran", "德黑兰", "Тегеран", "IRN", 51.4, 35.7, ("almaty", "tashkent")),
    "moscow": ("Moscow", "莫斯科", "Москва", "RUS", 37.6, 55.8, ("almaty",)),
    "warsaw": ("Warsaw", "华沙", "Варшава", "POL", 21.0, 52.2, ("almaty", "moscow")),
    "duisburg": (
        "Duisburg",
        "杜伊斯堡",
        "Дуйсбург",
        "DEU",
        6.8,
        51.4,
        ("almaty", "moscow", "warsaw"),
    ),
    "istanbul": (
        "Istanbul",
        "伊斯坦布尔",
        "Стамбул",
        "TUR",
        29.0,
        41.0,
        ("almaty", "tashkent", "tehran"),
    ),
    "novosibirsk": ("Novosibirsk", "新西伯利亚", "Новосибирск", "RUS", 82.9, 55.0, ()),
    "baku": ("Baku", "巴库", "Баку", "AZE", 49.9, 40.4, ("almaty", "tashkent")),
}
BAD_NAME = "A<b>&\"'</script>"


def place(key: str) -> Place:
    """Return one of the towns."""
    name, zh, ru, country, lon, lat, _ = TOWNS[key]
    names = {"en": name, "zh": zh, "ru": ru}
    return Place(id=key, name=name, country=country, lon=lon, lat=lat, kind="city", names=names)


def band(value: float) -> Estimate:
    """Return a value with a band around it."""
    return Estimate(0.7 * value, value, 1.4 * value)


def measure(hours: float, km: float = 0.0) -> Impacts:
    """Return hours with costs that follow the kilometres."""
    return Impacts(band(hours), band(km * 0.6 + 50), band(km * 0.02))


def route(key: str, mode: str, **changes: object) -> Route:
    """Make one route along straight lines with a bend, by road or rail."""
    stops = [HORGOS, *(place(stop) for stop in TOWNS[key][6]), place(key)]
    legs = [
        Leg(
            "border",
            "Khorgos",
            "Khorgos",
            "KAZ",
            crossing_id=f"khorgos-{mode}",
            measure=measure(20),
        )
    ]
    crossings = [
        _crossing(
            f"khorgos-{mode}",
            "Khorgos (Horgos) - Altynkol",
            "CHN",
            "KAZ",
            mode,
            HORGOS.lon,
            HORGOS.lat,
        )
    ]
    if mode == "rail":
        at = np.array([[HORGOS.lon, HORGOS.lat]])
        legs.append(
            Leg(
                "gauge",
                "Altynkol",
                "Altynkol",
                "KAZ",
                0,
                0,
                1435,
                1520,
                measure=measure(6),
                lonlat=at,
            )
        )
    for a, b in itertools.pairwise(stops):
        country = "KAZ" if a is HORGOS else a.country
        bend = 0.4 if mode == "road" else -0.4
        step = np.linspace(0, 1, 9)[:, None]
        line = np.array([[a.lon, a.lat]]) * (1 - step) + np.array([[b.lon, b.lat]]) * step
        line[:, 1] += bend * np.sin(step[:, 0] * np.pi)
        half = len(line) // 2
        km = float(np.hypot(*np.diff(line, axis=0).T).sum()) * 85
        ferry = mode == "rail" and b.id == "baku"
        if country == b.country:
            legs.append(_move(mode, a, b, country, km, line))
            continue
        middle = line[half]
        name = f"{a.name} Pass - {b.name} Gate"
        if ferry:
            legs.append(_move("rail", a, b, country, km / 2, line[: half + 1], to="Aktau port"))
            legs.append(
                Leg(
                    "ferry",
                    "Aktau port",
                    "Alat port",
                    "",
                    km / 2,
                    km / 2,
                    measure=measure(30),
                    lonlat=line[half:],
                )
            )
            continue
        legs.append(_move(mode, a, b, country, km / 2, line[: half + 1]))
        crossing = _crossing(f"{a.id}-{b.id}-{mode}", name, country, b.country, mode, *middle)
        crossings.append(crossing)
        legs.append(
            Leg(
                "border",
                name,
                name,
                b.country,
                crossing_id=crossing.id,
                measure=measure(12),
                lonlat=middle[None],
            )
        )
        if mode == "rail" and b.country in {"IRN", "POL"}:
            legs.append(
                Leg(
                    "gauge",
                    name,
                    name,
                    b.country,
                    0,
                    0,
                    1520,
                    1435,
                    measure=measure(8),
                    lonlat=middle[None],
                )
            )
        legs.append(_move(mode, a, b, b.country, km / 2, line[half:]))
    scenario = Scenario(modes=(mode,), closed_countries=("UKR",))
    values = {
        "status": "ok", "origin": HORGOS, "destination": stops[-1], "scenario": scenario,
        "great_circle_km": 400.0,
        "legs": tuple(legs), "crossings": tuple(crossings), "snap_km": (0.5, 0.5), "error_pct": 5.0,
    }  # fmt: skip
    return Route(**{**values, **changes})  # type: ignore[arg-type]


def _crossing(key: str, name: str, a: str, b: str, mode: str, lon: float, lat: float) -> Crossing:
    return Crossing(
        id=key, name=name, country_a=a, country_b=b, mode=mode, lon=float(lon), lat=float(lat)
    )


def _move(
    mode: str, a: Place, b: Place, country: str, km: float, line: np.ndarray, to: str = ""
) -> Leg:
    return Leg(
        mode, a.name, to or b.name, country, km, km, measure=measure(km / 40, km), lonlat=line
    )


def routes(modes: tuple[str, ...] = ("road", "rail")) -> list[Route]:
    """Make all routes by all modes."""
    return [route(key, mode) for mode in modes for key in TOWNS]


def missing(key: str = "tehran", mode: str = "rail") -> Route:
    """Make a route that was not found."""
    return Route("closed by scenario", HORGOS, place(key), Scenario(modes=(mode,)), 3000.0)


def nasty() -> Route:
    """Make a route whose every name is an attack on the page."""
    target = Place(
        id='x"><', name=BAD_NAME, country="KAZ", lon=76.9, lat=43.3, kind="city", names={}
    )
    return route("almaty", "road", destination=target, crossings=(
        _crossing('c"<', BAD_NAME, "CHN", "KAZ", "road", 78.5, 43.8),
    ))  # fmt: skip
