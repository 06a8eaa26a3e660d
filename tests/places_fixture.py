"""Places of the fixture network."""

from __future__ import annotations

from horgos_geo.model.places import Place

PLACES = {
    place.id: place
    for place in [
        Place("horgos", "Horgos", "CHN", 80.4, 44.2, kind="gateway",
              gateway={"road": "horgos-road", "rail": "horgos-rail"}),
        Place("dostyk", "Dostyk gateway", "CHN", 82.5, 45.2, kind="gateway",
              gateway={"road": "dostyk-road", "rail": ""}),
        Place("almaty", "Almaty", "KAZ", 77.0, 43.3, kind="city"),
        Place("astana", "Astana", "KAZ", 71.4, 51.2, kind="city"),
        Place("omsk", "Omsk", "RUS", 73.4, 55.0, kind="city"),
        Place("moscow", "Moscow", "RUS", 37.6, 55.8, kind="city"),
        Place("samara", "Samara", "RUS", 50.1, 53.2, kind="city"),
        Place("tashkent", "Tashkent", "UZB", 69.3, 41.3, kind="city"),
        Place("tehran", "Tehran", "IRN", 51.4, 35.7, kind="city"),
        Place("mazar", "Mazar-i-Sharif", "AFG", 67.1, 36.7, kind="city"),
        Place("baku", "Baku", "AZE", 49.9, 40.4, kind="city"),
        Place("yining", "Yining", "CHN", 81.3, 43.9, kind="city"),
        Place("tokyo", "Tokyo", "JPN", 139.7, 35.7, kind="city"),
        Place("bend", "Half way to Astana", "KAZ", 72.0, 49.0, kind="city"),
        Place("sea", "In the sea", "", 60.0, 10.0, kind="point"),
    ]
}  # fmt: skip
