"""The table under the charts: every number, sortable, copied and downloaded from the page."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from horgos_geo.core.tables import csv_uri
from horgos_geo.core.text import Text
from horgos_geo.views.chart_parts import Row, group, modes_of
from horgos_geo.views.display import Figure, FigureTable
from horgos_geo.views.svg import esc

if TYPE_CHECKING:
    from horgos_geo.routing.route import Route

#: Columns of the file for download, in the units of the names.
CSV_COLUMNS = (
    "destination",
    "name",
    "country",
    "mode",
    "status",
    "length_km",
    "error_km",
    "raw_length_km",
    "great_circle_km",
    "circuity",
    "borders",
    "gauge_breaks",
    "countries",
    "crossings",
    "time_h",
    "time_h_low",
    "time_h_high",
    "cost_usd_per_teu",
    "co2e_kg_per_t",
)

#: More of them where vehicles are carried.
VEHICLE_COLUMNS = ("cost_usd_per_vehicle", "co2e_kg_per_vehicle")


@dataclass(frozen=True)
class Column:
    """One column: its head, what it shows of a row, how it sorts, and its bar."""

    head: str
    cell: Callable[[Row], tuple[str, str]]
    value: Callable[[Row], float]
    bar: str = ""
    phone: bool = False
    unit_key: str = ""


def data_table(
    routes: Iterable[Route], language: str = "en", name: str = "routes", caption: str = ""
) -> Figure:
    """Return the table of all figures, one row a destination, with download and copy.

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
    text = Text(language)
    routes = list(routes)
    rows = group(routes)
    columns = _columns(rows, modes_of(rows), text)
    most: dict[str, float] = {}
    for column in columns:
        finite = [v for row in rows if math.isfinite(v := column.value(row))]
        key = column.unit_key or column.head
        most[key] = max([most.get(key, 0.0), *finite])
    head = [_head(text("col_destination"), text, "text", phone=True)]
    head += [_head(c.head, text, "number", c.phone, active=i == 0) for i, c in enumerate(columns)]
    body = []
    for row in rows:
        country = text.country(row.place.country)
        name_ = esc(text.place(row.place))
        first = (
            f'<th scope="row" data-s="{name_}"><span class="dt-name">{name_}</span> '
            f'<span class="dt-country">{esc(country)}</span></th>'
        )
        cells = [first]
        cells += [_cell(column, row, most[column.unit_key or column.head]) for column in columns]
        body.append(f"<tr>{''.join(cells)}</tr>")
    foot = f"<figcaption>{esc(caption)}</figcaption>" if caption else ""
    shown = FigureTable(name, *_csv_rows(routes))
    link = f'download="{esc(name)}.csv" href="{csv_uri(shown.head, shown.rows)}"'
    tools = (
        f'<a class="tool" {link}>{esc(text("download_csv"))}</a>'
        f'<button class="tool" type="button" data-copy data-done="{esc(text("copied"))}" hidden>'
        f"{esc(text('copy_table'))}</button>"
    )
    return Figure(
        f'<figure class="datatable" id="t{_digest(routes)}">'
        f'<div class="scroll" tabindex="0" role="region" '
        f'aria-label="{esc(text("show_table"))}"><table class="dt"><thead>'
        f"<tr>{''.join(head)}</tr></thead>"
        f'<tbody>{"".join(body)}</tbody></table></div>{foot}<p class="tools">{tools}</p></figure>',
        tables=[shown],
    )


def _digest(routes: list[Route]) -> str:
    words = "|".join(
        f"{r.destination.id}:{r.scenario.mode_label}:{r.length_km:.1f}" for r in routes
    )
    return hashlib.sha256(words.encode()).hexdigest()[:8]


def _head(words: str, text: Text, kind: str, phone: bool, active: bool = False) -> str:
    wide = "" if phone else ' class="wide"'
    state = ' aria-sort="ascending"' if active else ""
    label = esc(text("sort_by", name=words))
    return (
        f'<th scope="col" data-kind="{kind}"{wide}{state}><button type="button" title="{label}">'
        f'{esc(words)}<i aria-hidden="true"></i></button></th>'
    )


def _cell(column: Column, row: Row, most: float) -> str:
    main, band = column.cell(row)
    value = column.value(row)
    finite = math.isfinite(value)
    bar = ""
    if column.bar and finite and most > 0:
        bar = f'<i class="dt-bar b-{column.bar}" style="--w:{value / most * 100:.1f}%"></i>'
    slot = (
        f'<span class="dt-band">{esc(band)}</span>' if column.bar and column.bar != "plain" else ""
    )
    wide = "" if column.phone else ' class="wide"'
    sort = f"{value:.3f}" if finite else ""
    return f'<td{wide} data-s="{sort}"><span class="dt-num">{esc(main)}</span>{slot}{bar}</td>'


def _columns(rows: list[Row], modes: list[str], text: Text) -> list[Column]:
    def length(mode: str) -> Column:
        def cell(row: Row) -> tuple[str, str]:
            route = row.routes.get(mode)
            if route is None:
                return "–", ""
            if not math.isfinite(route.length_km):
                return text.status(route.status), ""
            return text.km_number(route.length_km), text.error(route.error_km).replace("\u00a0", "")

        return Column(text(f"col_{mode}_km"), cell, _of(mode, "length_km"), mode, True, "km")

    def days(mode: str) -> Column:
        def cell(row: Row) -> tuple[str, str]:
            route = row.routes.get(mode)
            if route is None or not route.legs:
                return "–", ""
            time = route.time_h
            return text.days(time.central, unit=False), text.days_range(time.low, time.high)

        last = mode == modes[-1]
        return Column(
            text("col_days", mode=text.mode(mode)),
            cell,
            _band(mode, "time_h"),
            "days",
            last,
            "days",
        )

    def money(mode: str, name: str, key: str) -> Column:
        def cell(row: Row) -> tuple[str, str]:
            route = row.routes.get(mode)
            if route is None or not route.legs:
                return "–", ""
            value = getattr(route, name).central
            return text.number(round(value, -2)) if value >= 1000 else text.tens(value), ""

        return Column(text(key, mode=text.mode(mode)), cell, _band(mode, name))

    columns = [length(mode) for mode in modes]
    columns.append(
        Column(
            text("col_great_circle"),
            lambda row: (text.km_number(row.great_circle_km), ""),
            lambda row: row.great_circle_km,
            "plain",
            False,
            "km",
        )
    )
    first = modes[0] if modes else "road"
    columns.append(
        Column(
            text("col_circuity", mode=text.mode(first).capitalize()),
            lambda row: (text.number(_of(first, "circuity")(row), 2), ""),
            _of(first, "circuity"),
        )
    )
    columns.append(_counts(text("col_borders"), "crossings", modes))
    columns.append(_counts(text("col_gauge_breaks"), "gauge_breaks", modes))
    timed = any(r.legs and r.time_h.central > 0 for row in rows for r in row.routes.values())
    if timed:
        columns += [days(mode) for mode in modes]
        cars = any(route.carries_vehicles for row in rows for route in row.routes.values())
        head = "col_cost_vehicle" if cars else "col_cost"
        columns += [money(mode, "cost_usd", head) for mode in modes]
    return columns


def _of(mode: str, name: str) -> Callable[[Row], float]:
    def value(row: Row) -> float:
        route = row.routes.get(mode)
        return float(getattr(route, name)) if route is not None and route.legs else math.nan

    return value


def _band(mode: str, name: str) -> Callable[[Row], float]:
    def value(row: Row) -> float:
        route = row.routes.get(mode)
        return float(getattr(route, name).central) if route is not None and route.legs else math.nan

    return value


def _counts(head: str, name: str, modes: list[str]) -> Column:
    def counts(row: Row) -> list[int]:
        mine = [row.routes[mode] for mode in modes if mode in row.routes]
        return [len(getattr(route, name)) for route in mine if route.legs]

    def cell(row: Row) -> tuple[str, str]:
        values = counts(row)
        if not values:
            return "–", ""
        same = len(set(values)) == 1
        return (str(values[0]) if same else " / ".join(map(str, values))), ""

    return Column(head, cell, lambda row: float(max(counts(row), default=-1)))


def _csv_rows(routes: Sequence[Route]) -> tuple[list[str], list[list[Any]]]:
    rows: list[list[Any]] = []
    cars = any(route.carries_vehicles for route in routes)
    for route in routes:
        found = bool(route.legs)
        rows.append(
            [
                route.destination.id,
                route.destination.name,
                route.destination.country,
                route.scenario.mode_label,
                route.status,
                _plain(route.length_km),
                _plain(route.error_km),
                _plain(route.raw_length_km),
                _plain(route.great_circle_km),
                _plain(route.circuity, 4),
                len(route.crossings) if found else "",
                len(route.gauge_breaks) if found else "",
                "|".join(route.countries),
                "|".join(crossing.id for crossing in route.crossings),
                *(
                    _plain(getattr(route.time_h, level)) if found else ""
                    for level in ("central", "low", "high")
                ),
                _plain(route.cost_usd_per_teu.central) if found else "",
                _plain(route.co2e_kg_per_t.central) if found else "",
                *(
                    _plain(getattr(route, name).central) if found else ""
                    for name in (VEHICLE_COLUMNS if cars else ())
                ),
            ]
        )
    return [*CSV_COLUMNS, *(VEHICLE_COLUMNS if cars else ())], rows


def _plain(value: float, digits: int = 1) -> str:
    return f"{value:.{digits}f}" if math.isfinite(value) else ""
