"""Report 02: one of China's land ports beside the others, by distance and time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from horgos_geo.analysis.gateways import standings, summary
from horgos_geo.core.text import Text
from horgos_geo.model import places
from horgos_geo.views.area_map import Catchment, area_map, catchments
from horgos_geo.views.chart_forms import Share, ShareRow, heat_map, share_chart
from horgos_geo.views.display import Figure
from horgos_geo.views.sections import headline, section
from horgos_geo.views.tables import Cell, Column, table

if TYPE_CHECKING:
    import pandas as pd

#: What is held against each other, in this order.
MEASURES = ("distance", "time")
#: How many gateways the differences show, the one on trial first.
MOST_PORTS = 9


class GatewaysReport:
    """The report on one land port beside the others.

    Parameters
    ----------
    frame
        From `horgos_geo.gateways`: the destinations of the verdict.
    gateway
        Id of the port on trial.
    language
        ``en``, ``zh`` or ``ru``.
    title
        Takes the place of the computed headline.
    viewpoint
        Whose view of the boundaries the maps show.
    """

    def __init__(
        self,
        frame: pd.DataFrame,
        gateway: str = "horgos",
        language: str = "en",
        title: str = "",
        viewpoint: str = "ISO",
    ) -> None:
        self.text = Text(language, "gateways_")
        self.gateway, self.title, self.viewpoint = gateway, title, viewpoint
        self._ports = {place.id: place for place in places.gateways()}
        self.standings = standings(frame, gateway)
        self.counts = summary(self.standings)
        self.name = self.port(gateway)
        # The stronger case first.
        self.modes = sorted(dict.fromkeys(frame["mode"]), key=lambda mode: mode != "rail")

    def port(self, gateway: str) -> str:
        """Return the name of a gateway by its id."""
        known = self._ports.get(gateway)
        return self.text.place(known) if known else gateway

    def answer(self) -> Figure:
        """Return the verdict: to how many destinations the port is nearest, alone or tied."""
        text, first, *others = self.text, *self.modes
        top, *more = (text.sentence(self._verdict(mode)) for mode in (first, *others))
        more += [self._rival(first), text.say("tie")]
        return headline(self.title or top, text.paragraph(more), text.say("eyebrow"))

    def _verdict(self, mode: str) -> str:
        text, rows = self.text, [row for _, row in self._regions(mode, "distance")]
        alone = [
            text.say(
                "head_region",
                region=text.say(str(row["region"])),
                a=int(row["first"]),
                n=int(row["reached"]),
            )
            for row in rows
        ]
        return text.say(
            "head",
            by_mode=_capital(text.by(mode)),
            name=self.name,
            alone=text.clauses(alone),
            tied=text.list_of(str(int(row["tied first"])) for row in rows),
        )

    def _regions(self, mode: str, measure: str) -> list[tuple[int, pd.Series]]:
        """Return the counts of each region that is reached, numbered."""
        part = self.counts[(self.counts["mode"] == mode) & (self.counts["measure"] == measure)]
        part = part[(part["region"] != "all") & (part["reached"] > 0)]
        return [(i, row) for i, (_, row) in enumerate(part.iterrows())]

    def _rival(self, mode: str) -> str:
        """Return with which port the ties are, if with one for most."""
        mine = self.standings
        tied = mine[
            (mine["mode"] == mode)
            & (mine["measure"] == "distance")
            & (mine["standing"] == "tied first")
        ]
        others = [
            row.runner_up if row.best == self.gateway else row.best for row in tied.itertuples()
        ]
        if not others:
            return ""
        [(port, count)] = Counter(others).most_common(1)
        return self.text.say("rival", name=self.port(str(port)), k=count, n=len(others))

    def standings_chart(self) -> Figure:
        """Return how the port stands by each mode and measure in each region, as strips."""
        text, rows, parts, total = self.text, [], [], 0
        signs = ("first", "tied", "behind")
        for mode in self.modes:
            for measure in MEASURES:
                counts = [_three(row) for _, row in self._regions(mode, measure)]
                for (_, row), three in zip(self._regions(mode, measure), counts, strict=True):
                    name = text.say(
                        "row",
                        mode=_capital(text.mode(mode)),
                        measure=text.say(measure),
                        region=text.say(str(row["region"])),
                    )
                    shares = [Share(sign, n) for sign, n in zip(signs, three, strict=True)]
                    rows.append(ShareRow(name, shares))
                if measure == "distance":
                    alone, tied, behind = (sum(three[i] for three in counts) for i in range(3))
                    total = max(total, alone + tied + behind)
                    parts.append(
                        text.say(
                            "standings_part",
                            k=alone + tied,
                            t=tied,
                            n=alone + tied + behind,
                            by_mode=text.by(mode),
                        )
                    )
        listed = text.clauses(parts)
        keys = [(sign, text.say(sign)) for sign in signs]
        label = text.say("standings_alt", name=self.name, n=total, list=listed)
        chart = share_chart(rows, keys, text, label, name="standings")
        title = text.say("standings", name=self.name, list=listed)
        sub, short = text.say("standings_sub"), text.say("s_standings")
        return section(title, sub, chart, "standings", short)

    def differences(self, frame: pd.DataFrame) -> Figure:
        """Return kilometres from each port beyond those from the nearest one, tinted.

        Parameters
        ----------
        frame
            From `horgos_geo.gateways`, by one mode.
        """
        text = self.text
        part = frame[frame["length_km"].notna()]
        behind = part.groupby("gateway")["behind_km"].median().sort_values()
        order = [self.gateway, *(port for port in behind.index if port != self.gateway)]
        part = part[part["gateway"].isin(order[:MOST_PORTS])]
        names = self._destinations(part)
        cells = {
            (names[str(end)], self.port(row["gateway"])): row for end, row in part.iterrows()
        }
        mine = part[part["gateway"] == self.gateway]
        title = text.say(
            "heat",
            name=self.name,
            k=int(((mine["rank_distance"] == 1) & ~mine["tied_distance"]).sum()),
            t=int(mine["tied_distance"].sum()),
            n=len(names),
            by_mode=text.by(str(frame["mode"].iloc[0])),
        )
        chart = heat_map(
            list(names.values()),
            [self.port(port) for port in order[:MOST_PORTS]],
            {key: float(row["behind_km"]) for key, row in cells.items()},
            text.language,
            text.say("heat_km"),
            unit="",
            digits=-1,
            striped={key for key, row in cells.items() if row["tied_distance"]},
        )
        sub, short = text.say("heat_sub"), text.say("s_heat")
        return section(title, sub, chart, "differences", short)

    def _destinations(self, frame: pd.DataFrame) -> dict[str, str]:
        known = {place.id: self.text.place(place) for place in places.destinations()}
        rows = zip(frame.index, frame["name"], strict=True)
        return {str(end): known.get(str(end), str(name)) for end, name in rows}

    def catchment(self, frame: pd.DataFrame, mode: str, measure: str = "distance") -> Figure:
        """Return the map of whose catchment is where, ties striped, with the people of each.

        Parameters
        ----------
        frame
            From `horgos_geo.catchments`.
        mode
            The mode asked for.
        measure
            ``distance`` or ``time``.
        """
        text = self.text
        found = catchments(frame, self.gateway)
        mine = [item for item in found if self.gateway in item.ports]
        alone = sum(item.people for item in mine if len(item.ports) == 1)
        ties = [item for item in mine if len(item.ports) > 1]
        values = {"name": self.name, "by_mode": text.by(mode), "a": text.people(alone)}
        title = text.say(f"catch_{measure}_one", **values)
        if ties:
            first = max(ties, key=lambda item: item.people)
            rival = next(port for port in first.ports if port != self.gateway)
            tied = text.people(first.people)
            key = f"catch_{measure}" if alone else f"catch_{measure}_tied"
            title = text.say(key, rival=self.port(rival), b=tied, **values)
        names = [self._catchment_name(item) for item in found]
        drawn = [item.area(name) for item, name in zip(found, names, strict=True) if item.shown]
        ports = dict.fromkeys(port for item in found if item.shown for port in item.ports)
        marked = sorted(ports, key=lambda port: port != self.gateway)
        window = frame[frame["gateway"] != ""][["lon", "lat"]].to_numpy()
        listed = text("semicolon").join(area.words for area in drawn)
        figure = area_map(
            drawn,
            [self._ports[port] for port in marked if port in self._ports],
            text.say("catch_alt", list=listed),
            text,
            self.viewpoint,
            window,
            0.01,
        )
        below = self._catchment_table(frame, found, names, f"catchments-{mode}-{measure}", title)
        sub, short = text.say(f"catch_sub_{measure}"), text.say(f"s_catch_{measure}")
        return section(title, sub, [figure, below], f"catchments-{measure}", short)

    def _catchment_name(self, item: Catchment) -> str:
        ports = [self.port(port) for port in item.ports]
        return self.text.say("catch_pair", a=ports[0], b=ports[1]) if ports[1:] else ports[0]

    def _catchment_table(
        self,
        frame: pd.DataFrame,
        found: Sequence[Catchment],
        names: Sequence[str],
        name: str,
        about: str,
    ) -> Figure:
        text = self.text
        served = sum(item.people for item in found)
        rows: list[list[Any]] = [
            [words, item.towns, item.people / 1e6, 100.0 * item.people / served]
            for item, words in zip(found, names, strict=True)
        ]
        without = frame[frame["gateway"] == ""].groupby("reason")["population"]
        for reason, people in without.agg(["size", "sum"]).iterrows():
            words = text.say(str(reason).replace(" ", "_"))
            rows.append([words, int(people["size"]), float(people["sum"]) / 1e6, None])
        columns = [
            Column(text.say("col_port"), words=True),
            Column(text.say("col_towns")),
            Column(text.say("col_people"), 1),
            Column(text.say("col_served"), 1),
        ]
        return table(columns, rows, text, name, about=about)

    def inland(self, detours: pd.DataFrame, mode: str) -> Figure:
        """Return the port on the shortest route from inland cities, like answers together.

        Parameters
        ----------
        detours
            From `horgos_geo.analysis.gateways.inland`.
        mode
            The mode asked for.
        """
        text = self.text
        known = {
            place.id: text.place(place) for place in (*places.origins(), *places.destinations())
        }
        ends = {
            str(id_): known.get(str(id_), str(name))
            for id_, name in zip(
                detours["destination"], detours["destination_name"], strict=True
            )
        }
        groups: dict[tuple[Any, ...], list[str]] = {}
        for city, part in detours.groupby("origin", sort=False):
            detour = part["detour"].clip(lower=0.0).round(-1)
            answers = zip(part["gateway"], detour, strict=True)
            key = tuple(value for answer in answers for value in answer)
            groups.setdefault(key, []).append(
                known.get(str(city), str(part["origin_name"].iloc[0]))
            )
        columns = [Column(text.say("col_cities"), words=True)]
        for end in ends.values():
            columns.append(Column(text.say("col_port_to", place=end), words=True))
            columns.append(Column(text.say("col_more_to", place=end), -1))
        rows = [
            [
                Cell(text.list_of(cities)),
                *(self.port(value) if isinstance(value, str) else value for value in key),
            ]
            for key, cities in groups.items()
        ]
        title = self._inland_title(detours, next(iter(ends.values())), mode)
        sub = text.say("inland_sub", name=self.name)
        figure = table(columns, rows, text, f"inland-{mode}", about=title)
        return section(title, sub, figure, "inland", text.say("s_inland"))

    def _inland_title(self, detours: pd.DataFrame, place: str, mode: str) -> str:
        first = detours[detours["destination"] == detours["destination"].iloc[0]]
        used = Counter(first[first["value"].notna()]["gateway"])
        values = {"place": place, "by_mode": self.text.by(mode), "name": self.name}
        mine, all_ = used[self.gateway], sum(used.values())
        if mine or not used:
            return self.text.say("inland", k=mine, n=all_, **values)
        [(port, count)] = used.most_common(1)
        return self.text.say("inland_none", n=all_, k=count, port=self.port(str(port)), **values)


def _three(row: pd.Series) -> tuple[int, int, int]:
    """Return for how many destinations a port is alone first, tied first, and behind."""
    alone, tied = int(row["first"]), int(row["tied first"])
    return alone, tied, int(row["reached"]) - alone - tied


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
