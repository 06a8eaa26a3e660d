"""The key of a map: what its lines and symbols mean, and in a live map their switches."""

from __future__ import annotations

from horgos_geo.core.text import Text
from horgos_geo.views.drawing import Drawing
from horgos_geo.views.svg import esc, icon, line_sample

_WIDTHS = (
    '<svg class="icon" width="30" height="10" viewBox="0 0 30 10" aria-hidden="true">'
    '<path class="ln m-road" style="stroke-width:1.6" d="M1 5H15"/>'
    '<path class="ln m-road" style="stroke-width:4.4" d="M16 5H28"/></svg>'
)


def keys(drawing: Drawing, text: Text, live: bool) -> str:
    """Return the list of what stands for what on a map.

    Parameters
    ----------
    drawing
        What the map draws.
    text
        The language.
    live
        Make each key a switch of its layer.
    """
    kinds = {symbol.kind for symbol in drawing.symbols}
    modes = [
        mode for mode in ("road", "rail", "ferry") if any(li.mode == mode for li in drawing.lines)
    ]
    items = []

    def key(name: str, picture: str, words: str) -> None:
        """Add an entry, a button where the map is live."""
        label = f"{picture}<span>{esc(words)}</span>"
        if live:
            label = (
                f'<button type="button" value="{name}" aria-pressed="true" disabled>{label}'
                f"</button>"
            )
        items.append(f"<li>{label}</li>")

    for mode in modes:
        key(mode, line_sample(mode), text(mode))
    if drawing.most_shared > 1:
        words = text("share_corridors" if drawing.lettered else "share_line", n=drawing.most_shared)
        widths = _WIDTHS.replace("m-road", f"m-{modes[0]}")
        items.append(f"<li>{widths}<span>{esc(words)}</span></li>")
    if "gateway" in kinds:
        items.append(f"<li>{icon('gateway')}<span>{esc(text('gateway'))}</span></li>")
    if drawing.lettered:
        items.append(f"<li>{icon('letter', letter='A')}<span>{esc(text('letter'))}</span></li>")
    for kind in ("crossing", "gauge", "port", "blocked"):
        if kind in kinds:
            key(kind, icon(kind), text(kind))
    example = next((s.values for s in drawing.symbols if s.kind == "destination" and s.values), "")
    if example and len(drawing.modes) > 1:
        words = text("km_by_mode", modes=text.modes(drawing.modes))
        items.append(f"<li><b>{esc(example)}</b><span>{esc(words)}</span></li>")
    return f'<ul class="map-keys">{"".join(items)}</ul>'
