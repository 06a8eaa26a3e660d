"""The words of the studies, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from horgos_geo.core.text import Text
from horgos_geo.model import places


class Words(Text):
    """The reader's language, with the phrases of the studies."""

    def say(self, key: str, **values: Any) -> str:
        """Return a phrase of the studies."""
        return self(f"g_{key}", **values)

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

    def listed(self, parts: Sequence[str]) -> str:
        """Join parts with commas."""
        return ("、" if self.language == "zh" else ", ").join(parts)

    def usd(self, amount: float) -> str:
        """Write US dollars, to the nearest ten."""
        return self.say("usd", n=self.tens(amount))

    def stop(self, sentence: str) -> str:
        """Close a sentence."""
        if sentence.endswith("."):
            return sentence  # after an abbreviation
        return sentence + ("。" if self.language == "zh" else ".")
