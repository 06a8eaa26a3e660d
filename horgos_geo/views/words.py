"""The words of the reports, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from horgos_geo.analysis.corridors import Corridor
from horgos_geo.core.text import Text
from horgos_geo.model import places
from horgos_geo.model.parameters import Row
from horgos_geo.routing.route import Route


class Words(Text):
    """The reader's language, with the names that reports need."""

    def by(self, mode: str) -> str:
        """Return "by road", "by rail" and the like."""
        return self(f"by_{mode}")

    def port(self, gateway: str) -> str:
        """Return a gateway's name, by its id."""
        known = {place.id: place for place in places.gateways()}
        return self.place(known[gateway]) if gateway in known else gateway

    def reason(self, reason: str) -> str:
        """Return why a town has no gateway."""
        return self.say(reason.replace(" ", "_"))

    def millions(self, people: float) -> str:
        """Write people in millions, in Chinese with the unit that Chinese counts them by."""
        if self.language == "zh":
            if people >= 1e8:
                return f"{self.number(people / 1e8, 2)} 亿"
            return f"{self.number(people / 1e4)} 万"
        return self.number(people / 1e6, 0 if people >= 1e7 else 1)

    def listed(self, parts: Iterable[str]) -> str:
        """Join parts with commas."""
        return ("、" if self.language == "zh" else ", ").join(parts)

    def both(self, items: Sequence[str]) -> str:
        """Return a list whose last item is joined by "and"."""
        return self.say("and").join(filter(None, [self.comma(items[:-1]), *items[-1:]]))

    def usd(self, amount: float) -> str:
        """Write US dollars, to the nearest ten."""
        return self("g_usd", n=self.tens(amount))

    def stop(self, sentence: str) -> str:
        """Close a sentence."""
        if sentence.endswith("."):
            return sentence  # after an abbreviation
        return sentence + ("。" if self.language == "zh" else ".")

    def title(self, corridor: Corridor) -> str:
        """Return the name of a corridor."""
        return corridor.names.get(self.language, corridor.name)

    def share(self, part: float) -> str:
        """Write a part of one as a percentage."""
        return self.percent(part * 100)

    def days_and_range(self, route: Route) -> str:
        """Write the days of a route with their band."""
        band = route.time_h
        days = self.number(band.central / 24, 1)
        return self.aside(days, self.days_range(band.low, band.high))

    def shut(self, name: str, route: Route | None = None) -> str:
        """Return the name of what a closure shuts, where need be from a route over it."""
        if len(name) == 3:
            return self.country(name)
        used = route.crossings if route else ()
        return next((self.point(c.name) for c in used if c.id == name), name)

    def applies(self, row: Row) -> str:
        """Return what a parameter's row is about, as its keys say it in other languages."""
        known = dict(row.keys)
        lands = [self.country(known[key]) for key in ("country", "to_country") if key in known]
        if self.language == "en":
            return row.applies_to
        for name in ("crossing", "ferry", "terminal"):
            if name in known:
                return self.point_of(known[name])
        if not lands:
            return self.phrase(row.applies_to)
        mode = [self.mode(known["mode"])] if "mode" in known else []
        return self.comma([*mode, " → ".join(lands)])

    def lands(self, route: Route) -> str:
        """Return the codes of the countries that a route passes."""
        return "–".join(dict.fromkeys(route.countries))
