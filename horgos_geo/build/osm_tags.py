"""What OpenStreetMap tags say to a lorry and to a freight train."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from horgos_geo.build.draft import FERRY, RAIL, ROAD

# Highway classes that a lorry may be sent along, and the speed in km/h that it keeps on them where
# nothing lower is signed: an assumption, in the range of common lorry routing profiles.
ROAD_KMH = {
    "motorway": 80.0,
    "trunk": 75.0,
    "primary": 65.0,
    "secondary": 55.0,
    "tertiary": 45.0,
    "unclassified": 35.0,
    "residential": 25.0,
    "living_street": 10.0,
    "service": 15.0,
    "road": 35.0,
    "motorway_link": 50.0,
    "trunk_link": 45.0,
    "primary_link": 40.0,
    "secondary_link": 40.0,
    "tertiary_link": 35.0,
}
CLASSES = ("", *ROAD_KMH, "rail", "narrow_gauge", "ferry")
MAJOR = frozenset({"motorway", "trunk", "primary", "secondary", "tertiary"})
_SHUT = frozenset(
    {
        "no",
        "private",
        "agricultural",
        "forestry",
        "emergency",
        "military",
        "psv",
        "bus",
        "taxi",
        "use_sidepath",
        "unsuitable",
        "discouraged",
    }
)
_OPEN = frozenset(
    {
        "yes",
        "designated",
        "permissive",
        "destination",
        "delivery",
        "customers",
        "permit",
        "official",
        "public",
    }
)
_BLOCKS = frozenset(
    {
        "bollard",
        "block",
        "jersey_barrier",
        "log",
        "debris",
        "cycle_barrier",
        "stile",
        "turnstile",
        "kissing_gate",
        "full-height_turnstile",
        "height_restrictor_low",
        "planter",
        "chain",
        "wall",
        "fence",
        "sump_buster",
    }
)
_GATES = frozenset({"gate", "lift_gate", "swing_gate", "sliding_gate", "hampshire_gate"})
_KMH = {
    "walk": 7.0,
    "none": 130.0,
    "urban": 50.0,
    "rural": 90.0,
    "living_street": 10.0,
    "motorway": 110.0,
    "trunk": 100.0,
    "zone30": 30.0,
}


@dataclass(frozen=True)
class WayKind:
    """What an OpenStreetMap way is to the network."""

    mode: int
    class_: int
    oneway: int = 0  # +1 as drawn, -1 against, 0 both
    speed_kmh: float = float("nan")
    gauges_mm: tuple[int, ...] = ()
    electrified: bool = False


def kind_of(tags: Mapping[str, str]) -> WayKind | None:
    """Return what a way is, or None where neither lorry nor freight train may use it."""
    if "highway" in tags:
        return _road(tags)
    if "railway" in tags:
        return _rail(tags)
    if tags.get("route") == "ferry" and _lorries_may(tags, default=True):
        return WayKind(FERRY, CLASSES.index("ferry"))
    return None


def blocks(tags: Mapping[str, str]) -> bool:
    """Whether a node with a barrier stops a lorry."""
    barrier = tags.get("barrier", "")
    if barrier in _BLOCKS:
        return not _said_open(tags)
    return barrier in _GATES and not _lorries_may(tags, default=True)


def _road(tags: Mapping[str, str]) -> WayKind | None:
    class_ = tags["highway"]
    if class_ not in ROAD_KMH or tags.get("area") == "yes":
        return None
    if class_ == "service" and tags.get("service") not in (None, "", "alley"):
        return None
    if not _lorries_may(tags, default=True):
        return None
    speed = ROAD_KMH[class_]
    for key in ("maxspeed:hgv", "maxspeed"):
        signed = speed_kmh(tags.get(key, ""))
        if signed:
            speed = min(speed, signed)
            break
    return WayKind(ROAD, CLASSES.index(class_), _oneway(tags, class_), speed)


def _lorries_may(tags: Mapping[str, str], default: bool) -> bool:
    # The tag that speaks of lorries most closely decides.
    for key in ("hgv", "goods", "motor_vehicle", "vehicle", "access"):
        value = tags.get(key)
        if value in _OPEN:
            return True
        if value in _SHUT:
            return False
    return default


def _said_open(tags: Mapping[str, str]) -> bool:
    keys = ("hgv", "goods", "motor_vehicle", "vehicle", "access")
    return next((tags[key] in _OPEN for key in keys if key in tags), False)


def _oneway(tags: Mapping[str, str], class_: str) -> int:
    value = tags.get("oneway", "")
    if value in ("yes", "true", "1"):
        return 1
    if value in ("-1", "reverse"):
        return -1
    implied = class_ in ("motorway", "motorway_link") or tags.get("junction") in (
        "roundabout",
        "circular",
    )
    return 1 if implied and value not in ("no", "false", "0") else 0


def speed_kmh(text: str) -> float:
    """Return a speed limit (``50``, ``30 mph``, ``RU:urban``) in km/h, 0 where there is none."""
    first = text.partition(";")[0].strip().lower()
    number = re.fullmatch(r"(\d{1,3}(?:\.\d+)?)\s*(km/h|kmh|mph|knots)?", first)
    if number:
        factor = {"mph": 1.609344, "knots": 1.852}.get(number[2] or "", 1.0)
        return min(float(number[1]) * factor, 200.0)
    return _KMH.get(first.rpartition(":")[2], 0.0)


def _rail(tags: Mapping[str, str]) -> WayKind | None:
    class_ = tags["railway"]
    if class_ not in ("rail", "narrow_gauge"):
        return None
    # Crossovers join the tracks of a line; yards, sidings and spurs serve but do not lead on.
    if tags.get("service") not in (None, "crossover") or tags.get("usage") in (
        "tourism",
        "military",
        "test",
        "leisure",
    ):
        return None
    if tags.get("railway:traffic_mode") == "passenger" or tags.get("access") in ("no", "private"):
        return None
    gauges = tuple(int(g) for g in re.findall(r"\d{3,4}", tags.get("gauge", ""))[:4])
    return WayKind(
        RAIL,
        CLASSES.index(class_),
        gauges_mm=tuple(g for g in gauges if 500 <= g <= 1700),
        electrified=tags.get("electrified", "no") not in ("no", ""),
    )
