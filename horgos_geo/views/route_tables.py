"""Tables of routes: one row a destination, or one row a route."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from horgos_geo.analysis.comparison import routes_table
from horgos_geo.core.text import NBSP, Text
from horgos_geo.model import places
from horgos_geo.routing.route import Route
from horgos_geo.views.display import Figure
from horgos_geo.views.route_rows import RouteRow, by_destination, modes_of
from horgos_geo.views.tables import Cell, Column, table

#: A table shows no more routes than these; the frame has them all.
MOST_ROWS = 400


def data_table(
    routes: Iterable[Route], language: str = "en", name: str = "routes", caption: str = ""
) -> Figure:
    """Return the table of all figures, one row a destination; the file has one row a route.

    Parameters
    ----------
    routes
        From one origin, by one mode or several.
    language
        ``en``, ``zh`` or ``ru``.
    name
        Name of the downloaded file, without its ending.
    caption
        Words under the table.
    """
    text, routes = Text(language), list(routes)
    rows = by_destination(routes)
    shown = _columns(rows, modes_of(rows), text)
    columns = [Column(text("col_destination"), words=True), *(column for column, _ in shown)]
    cells = [
        [Cell(text.place(row.place), band=text.country(row.place.country))]
        + [cell(row) for _, cell in shown]
        for row in rows
    ]
    file = _file(routes)
    about = text("table_alt", n=len(rows), modes=text.list_of(map(text.mode, modes_of(rows))))
    return table(columns, cells, text, name, about=about, caption=caption, file=file)


_Shown = tuple[Column, Callable[[RouteRow], Cell]]


def _columns(rows: Sequence[RouteRow], modes: Sequence[str], text: Text) -> list[_Shown]:
    """Return the columns after the first, each with what it shows of a row."""
    first = modes[0] if modes else "road"
    circle = Column(text("col_great_circle"), -1, bar="plain", scale="km", phone=False)
    ratio = Column(text("col_circuity", mode=_capital(text.mode(first))), 2, phone=False)
    columns: list[_Shown] = [(_length_column(mode, text), _length(mode, text)) for mode in modes]
    columns += [
        (circle, lambda row: Cell(row.great_circle_km, text.km_number(row.great_circle_km))),
        (ratio, lambda row: _ratio(row.routes.get(first), text)),
        (Column(text("col_borders"), phone=False), _counts("crossings", modes)),
        (Column(text("col_gauge_breaks"), phone=False), _counts("gauge_breaks", modes)),
    ]
    if any(r.legs and r.time_h.central > 0 for row in rows for r in row.routes.values()):
        cars = any(route.carries_vehicles for row in rows for route in row.routes.values())
        cost = "col_cost_vehicle" if cars else "col_cost"
        columns += [
            (_days_column(mode, mode == modes[-1], text), _days(mode, text)) for mode in modes
        ]
        columns += [
            (Column(text(cost, mode=text.mode(mode)), phone=False), _money(mode, text))
            for mode in modes
        ]
    return columns


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _length_column(mode: str, text: Text) -> Column:
    return Column(text(f"col_{mode}_km"), -1, bar=mode, scale="km")


def _days_column(mode: str, phone: bool, text: Text) -> Column:
    head = text("col_days", mode=text.mode(mode))
    return Column(head, bar="days", scale="days", phone=phone)


def _length(mode: str, text: Text) -> Callable[[RouteRow], Cell]:
    def cell(row: RouteRow) -> Cell:
        route = row.routes.get(mode)
        if route is None:
            return Cell(None)
        if not math.isfinite(route.length_km):
            return Cell(None, text.status(route.status))
        error = text.error(route.error_km).replace(NBSP, "")
        return Cell(route.length_km, text.km_number(route.length_km), band=error)

    return cell


def _days(mode: str, text: Text) -> Callable[[RouteRow], Cell]:
    def cell(row: RouteRow) -> Cell:
        route = row.routes.get(mode)
        if route is None or not route.legs:
            return Cell(None)
        time = route.time_h
        words, band = text.days(time.central, unit=False), text.days_range(time.low, time.high)
        return Cell(time.central / 24, words, band=band)

    return cell


def _money(mode: str, text: Text) -> Callable[[RouteRow], Cell]:
    def cell(row: RouteRow) -> Cell:
        route = row.routes.get(mode)
        if route is None or not route.legs:
            return Cell(None)
        value = route.cost_usd.central
        return Cell(value, text.number(value, -2) if value >= 1000 else text.tens(value))

    return cell


def _ratio(route: Route | None, text: Text) -> Cell:
    """Return a route's length over the great circle; none where its ends lie far from the places.

    A route that begins at a terminal can be shorter than the line between the places.
    """
    if route is None or not route.legs or not route.circuity >= 1.0:
        return Cell(None)
    return Cell(route.circuity, text.number(route.circuity, 2))


def _counts(name: str, modes: Sequence[str]) -> Callable[[RouteRow], Cell]:
    def cell(row: RouteRow) -> Cell:
        mine = [row.routes[mode] for mode in modes if mode in row.routes]
        values = [len(getattr(route, name)) for route in mine if route.legs]
        if not values:
            return Cell(None)
        return Cell(
            max(values), " / ".join(map(str, values if len(set(values)) > 1 else values[:1]))
        )

    return cell


def _file(routes: Sequence[Route]) -> tuple[list[str], list[list[Any]]]:
    """Return the file of a table: every figure of each route, to one decimal."""
    frame = routes_table(routes).drop(columns="geometry").reset_index()
    digits = {name: 4 if name == "circuity" else 1 for name in frame.select_dtypes("number")}
    plain = frame.round(digits).astype(object)
    return list(plain.columns), plain.where(plain.notna(), None).to_numpy().tolist()


def frame_table(
    frame: Any, language: str = "en", name: str = "comparison", caption: str = ""
) -> Figure:
    """Return a table of routes, such as `horgos_geo.compare` gives, one row each.

    Parameters
    ----------
    frame
        Columns as in `comparison.COLUMNS`; the geometry may be missing.
    language
        ``en``, ``zh`` or ``ru``.
    name
        Name of the downloaded file, without its ending.
    caption
        Words under the table.
    """
    text = Text(language)
    known = {place.id: text.place(place) for place in places.destinations()}
    columns = [
        Column(text("col_destination"), words=True),
        Column(text("col_country"), words=True),
        Column(text("col_mode"), words=True),
        Column(text("km")),
        Column("±"),
        Column(text("great_circle")),
        Column(text("col_ratio"), 2),
        Column(text("col_borders")),
        Column(text("col_gauge_breaks")),
        Column(text("days"), 1),
        Column(text("col_usd_teu")),
        Column(text("col_kg_t")),
    ]
    rows = [_row(str(key), one, known, text) for key, one in frame[:MOST_ROWS].iterrows()]
    more = len(frame) - len(rows)
    if more > 0:
        caption = " ".join([caption, text("rows_left", n=text.number(more))]).strip()
    return table(columns, rows, text, name, caption=caption)


def _row(key: str, one: Any, known: dict[str, str], text: Text) -> list[Any]:
    found = math.isfinite(one["length_km"])
    name = known.get(key, str(one["name"]))
    if not found:
        name = text.aside(name, text.status(str(one["status"])))
    low, high = one["time_h_low"], one["time_h_high"]
    days = Cell(None)
    if found:
        days = Cell(
            one["time_h"] / 24,
            ends=(low / 24, high / 24),
            band=text.days_range(low, high),
        )
    counts = [int(one[column]) if found else None for column in ("borders", "gauge_breaks")]
    lengths = [float(one[f"{column}_km"]) for column in ("length", "error", "great_circle")]
    return [
        name,
        text.country(str(one["country"])),
        text.mode(str(one["mode"])),
        *lengths,
        float(one["circuity"]),
        *counts,
        days,
        float(one["cost_usd_per_teu"]),
        float(one["co2e_kg_per_t"]),
    ]
