"""What stands above and below a map: the key of its signs, and the caption."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from horgos_geo.core.text import Text
from horgos_geo.views.drawing import MODES, Drawing
from horgos_geo.views.rendering import render
from horgos_geo.views.svg import icon, line_sample, tag

_KINDS = ("crossing", "gauge", "port", "blocked")


def keys(drawing: Drawing, text: Text, live: bool) -> Markup:
    """Return the list of what stands for what on a map.

    Parameters
    ----------
    drawing
        What the map draws.
    text
        The language.
    live
        Make each key of a layer a switch.
    """
    return render("maps/keys", items=list(_items(drawing, text)), live=live)


def _items(drawing: Drawing, text: Text) -> Iterator[tuple[str, Markup, str]]:
    """Yield the layer that a key switches (may be empty), its picture and its words."""
    kinds = {symbol.kind for symbol in drawing.symbols}
    modes = [mode for mode in MODES if any(line.mode == mode for line in drawing.lines)]
    for mode in modes:
        yield mode, line_sample(mode), text(mode)
    if drawing.most_shared > 1:
        key = "share_corridors" if drawing.lettered else "share_line"
        yield "", _widths(modes[0]), text(key, n=drawing.most_shared)
    if drawing.has_before:
        yield "", line_sample("road is-shut"), text("route_before")
    if "gateway" in kinds:
        yield "", icon("gateway"), text("gateway")
    if drawing.lettered:
        yield "", icon("letter", letter="A"), text("letter")
    for kind in _KINDS:
        if kind in kinds:
            yield kind, icon(kind), text(kind)
    example = next((s.values for s in drawing.symbols if s.kind == "destination" and s.values), "")
    if example and len(drawing.modes) > 1:
        yield "", tag("b", example), text("km_by_mode", modes=text.modes(drawing.modes))


def _widths(mode: str) -> Markup:
    """Return a thin and a thick piece of line."""
    thin, thick = (
        tag("path", class_=f"ln m-{mode}", style=f"stroke-width:{width}", d=data)
        for width, data in ((1.6, "M1 5H15"), (4.4, "M16 5H28"))
    )
    return tag(
        "svg",
        [thin, thick],
        class_="icon",
        width=30,
        height=10,
        viewBox="0 0 30 10",
        aria_hidden="true",
    )


def caption(text: Text, viewpoint: str, live: bool = False, mercator: bool = False) -> Markup:
    """Return the caption of a map: projection, disputed boundaries, who made the ground.

    Parameters
    ----------
    text
        The language.
    viewpoint
        Whose view of the boundaries the map shows.
    live
        Offer the lines for download.
    mercator
        The live map is no conic one; the picture for paper always is.
    """
    disputed = text("disputed_ISO") if viewpoint == "ISO" else text("disputed_view", view=viewpoint)
    return render(
        "maps/caption",
        words=text("map_caption", disputed=disputed),
        t=text,
        live=live,
        mercator=text("map_caption_mercator", disputed=disputed) if mercator else "",
    )
