"""A data frame of routes as a table to read, sort, copy and download."""

from __future__ import annotations

import math
from typing import Any

from horgos_geo.core.text import Text
from horgos_geo.model import places
from horgos_geo.views.display import Figure
from horgos_geo.views.study_charts import table

#: A cell shows no more rows than these; the frame has them all.
MOST_ROWS = 400


def frame_table(
    frame: Any, language: str = "en", name: str = "comparison", caption: str = ""
) -> Figure:
    """Return a table of routes, such as `Router.compare` gives, one row each.

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
    heads = [
        text("col_destination"), text("col_country"), text("col_mode"), text("km"), "±",
        text("great_circle"), text("col_ratio"), text("col_borders"), text("col_gauge_breaks"),
        text("days"), text("col_range"), text("col_usd_teu"), text("col_kg_t"),
    ]  # fmt: skip
    rows = [_row(str(key), one, known, text) for key, one in frame[:MOST_ROWS].iterrows()]
    more = len(frame) - len(rows)
    if more > 0:
        caption = " ".join([caption, text("rows_left", n=text.number(more))]).strip()
    digits = [0, 0, 0, 0, 0, 0, 2, 0, 0, 1, 0, 0, 0]
    return table(heads, rows, text, name, digits, caption)


def _row(key: str, one: Any, known: dict[str, str], text: Text) -> list[Any]:
    found = math.isfinite(one["length_km"])
    band = text.days_range(one["time_h_low"], one["time_h_high"]) if found else ""
    name = known.get(key, str(one["name"]))
    if not found:
        name = text.aside(name, text.status(str(one["status"])))
    counts = [float(one[column]) if found else None for column in ("borders", "gauge_breaks")]
    return [
        name, text.country(str(one["country"])), text.mode(str(one["mode"])),
        float(one["length_km"]), float(one["error_km"]), float(one["great_circle_km"]),
        float(one["circuity"]), *counts, float(one["time_h"]) / 24, band,
        float(one["cost_usd_per_teu"]), float(one["co2e_kg_per_t"]),
    ]  # fmt: skip
