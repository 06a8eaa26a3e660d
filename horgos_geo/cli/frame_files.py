"""Data frames as files: CSV, spreadsheets, Parquet, and formats of maps."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from horgos_geo.core.tables import csv_text
from horgos_geo.routing.route import ATTRIBUTION

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd


def frame_as_csv(frame: pd.DataFrame) -> str:
    """Return a frame with its index as CSV text, without geometry."""
    flat = _without_geometry(frame).astype(object)
    return csv_text(list(flat.columns), flat.where(flat.notna(), None).itertuples(index=False))


def frame_as_geojson(frame: gpd.GeoDataFrame) -> dict[str, Any]:
    """Return a GeoJSON FeatureCollection; what holds for all rows stands in its properties.

    Parameters
    ----------
    frame
        Rows with a geometry; those without one have a feature with none.

    Examples
    --------
    >>> import geopandas as gpd
    >>> frame = gpd.GeoDataFrame({"name": ["Horgos"]}, geometry=gpd.points_from_xy([80.4], [44.2]))
    >>> frame_as_geojson(frame)["features"][0]["geometry"]
    {'type': 'Point', 'coordinates': (80.4, 44.2)}
    """
    collection: dict[str, Any] = _rounded(frame).reset_index().to_geo_dict(drop_id=True)
    about = {"properties": {**frame.attrs, "attribution": ATTRIBUTION}}
    return {"type": collection["type"], **about, "features": collection["features"]}


def write_frame(frame: pd.DataFrame, file: Path, form: str) -> None:
    """Write a frame to a file.

    Parameters
    ----------
    frame
        With a geometry for the formats of maps.
    file
        Where to; it is written as it stands, so give a temporary one.
    form
        ``xlsx``, ``parquet``, ``gpkg`` or ``kml``.
    """
    match form:
        case "xlsx":
            _write_xlsx(_without_geometry(frame), file)
        case "parquet":
            frame.to_parquet(file)
        case "gpkg":
            frame.reset_index().to_file(file, driver="GPKG", layer="horgos")
        case "kml":
            named = _rounded(frame).reset_index().rename(columns={"name": "Name"})
            named.to_file(file, driver="LIBKML", layer="horgos")


def _without_geometry(frame: pd.DataFrame) -> pd.DataFrame:
    flat = frame.reset_index(drop=frame.index.name is None)
    return flat.drop(columns="geometry", errors="ignore")


def _rounded(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a frame with coordinates to a metre."""
    import shapely

    return frame.set_geometry(shapely.transform(frame.geometry.values, lambda xy: xy.round(5)))


def _write_xlsx(frame: pd.DataFrame, file: Path) -> None:
    import pandas as pd

    with pd.ExcelWriter(file, engine="openpyxl") as book:
        frame.to_excel(book, sheet_name="horgos", index=False, freeze_panes=(1, 0))
        for row in book.sheets["horgos"].iter_rows(min_row=2):
            for cell in row:
                if cell.data_type == "f":  # a name that begins with "=" is no formula
                    cell.data_type = "s"
