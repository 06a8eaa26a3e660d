"""The table of routes as a notebook and a report show it."""

from __future__ import annotations

from typing import Any

import geopandas as gpd

from horgos_geo.views.frame_table import frame_table


class RouteTable(gpd.GeoDataFrame):  # type: ignore[misc]
    """A GeoDataFrame of routes that shows itself as a table to read, sort, copy and download.

    What pandas makes of it, such as a selection of rows, is a plain GeoDataFrame again;
    `charts.frame_table` shows that one, too.
    """

    def _repr_html_(self) -> str:
        return frame_table(self)._repr_html_()

    def _repr_mimebundle_(self, **options: Any) -> dict[str, str]:
        return frame_table(self)._repr_mimebundle_(**options)
