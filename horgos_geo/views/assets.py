"""Style and script of pages: read from the package, made fit to stand inside one HTML file."""

from __future__ import annotations

import base64
import json
import re
from functools import cache
from pathlib import Path

from horgos_geo.views.bundle import bundle

TEMPLATES = Path(__file__).resolve().parent / "templates"
LEAFLET = TEMPLATES / "leaflet"


def read(name: str) -> str:
    """Return one file of the report template."""
    return (TEMPLATES / "report" / name).read_text(encoding="utf-8")


@cache
def cell_style() -> str:
    """Return the style that a figure needs when it stands alone, in a notebook."""
    return squeeze(read("tokens.css") + read("map.css") + read("charts.css"))


@cache
def page_style() -> str:
    """Return the style of a report's page."""
    return squeeze("".join(map(read, ("tokens.css", "map.css", "charts.css", "page.css"))))


def squeeze(css: str) -> str:
    """Drop the comments and line breaks of a style sheet."""
    return re.sub(r"\n+", "", re.sub(r"/\*.*?\*/", "", css, flags=re.S))


def _data_uri(file: Path) -> str:
    return "data:image/png;base64," + base64.b64encode(file.read_bytes()).decode("ascii")


@cache
def leaflet_style() -> str:
    """Return Leaflet's style sheet with its pictures inside."""
    css = (LEAFLET / "leaflet.css").read_text(encoding="utf-8")
    css = re.sub(r"url\((#default#VML)\)", r"url(\1)", css)
    return re.sub(
        r"url\((images/[\w.-]+)\)",
        lambda match: f"url({_data_uri(LEAFLET / match[1])})",
        css,
    )


@cache
def leaflet_script() -> str:
    """Return Leaflet without its source-map line, its marker pictures inside."""
    script = (LEAFLET / "leaflet.js").read_text(encoding="utf-8")
    script = re.sub(r"\n//# sourceMappingURL=.*", "", script)
    icons = {
        "iconUrl": _data_uri(LEAFLET / "images" / "marker-icon.png"),
        "iconRetinaUrl": _data_uri(LEAFLET / "images" / "marker-icon-2x.png"),
        "shadowUrl": _data_uri(LEAFLET / "images" / "marker-shadow.png"),
    }
    # A plain marker otherwise asks for its picture beside the page.
    return (
        f"{script}\nL.Icon.Default.imagePath=' ';L.Icon.Default.mergeOptions({json.dumps(icons)});"
        "L.Icon.Default.prototype._getIconUrl=function(n){return this.options[n+'Url']};"
    )


@cache
def map_script() -> str:
    """Return the script that draws the live maps of a report; it needs Leaflet before it."""
    return bundle("report/map.js")


def script_safe(text: str) -> str:
    """Make JSON safe inside a script element."""
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
