"""Small pieces of SVG: escaped text, paths, the glyphs of the design language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from markupsafe import Markup
from numpy.typing import ArrayLike

#: Relative widths of characters of a sans-serif face of ordinary width, in ems.
_NARROW = dict.fromkeys("iljI|.,:;'!·ı ", 0.28) | dict.fromkeys("ftr()[]/-ſ\xa0\u202f", 0.36)
_WIDE = dict.fromkeys("ABCDEGHKNOPQRSUVXYZ&ДЖШЩЮФЫж", 0.72) | dict.fromkeys("MWmw@%ШЩшщюы…→÷", 0.88)
#: Fonts differ; what is measured here may come out this much wider.
SLACK = 1.08


def text_width(text: str, size_px: float, weight: int = 400, tracking_em: float = 0.0) -> float:
    """Estimate how wide a text is drawn.

    Parameters
    ----------
    text
        One line.
    size_px
        Font size.
    weight
        Font weight; bold faces are wider.
    tracking_em
        Letter spacing in ems.
    """
    ems = 0.0
    for char in text:
        if ord(char) >= 0x2E80:
            ems += 1.0
        else:
            ems += _NARROW.get(char) or _WIDE.get(char) or 0.57
    bold = 1.0 + (weight - 400) / 300 * 0.06
    return (ems * bold + tracking_em * len(text)) * size_px * SLACK


def num(value: float) -> str:
    """Write a coordinate with one decimal at most."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


def path_data(points: ArrayLike, closed: bool = False) -> str:
    """Write vertices as SVG path data with relative moves, which are shorter."""
    tenths = np.rint(np.asarray(points, dtype=float) * 10).astype(np.int64)
    if len(tenths) < 2:
        return ""
    steps = np.diff(tenths, axis=0)
    steps = steps[(steps != 0).any(axis=1)]
    start = f"M{num(tenths[0, 0] / 10)} {num(tenths[0, 1] / 10)}l"
    parts = []
    for dx, dy in steps.tolist():
        x, y = _short(dx), _short(dy)
        parts.append(f"{x}{y}" if y.startswith("-") else f"{x} {y}")
    body = parts[0] if parts else "0 0"
    for part in parts[1:]:
        body += part if part.startswith("-") else " " + part
    return start + body + ("z" if closed else "")


def _short(tenths: int) -> str:
    text = f"{tenths / 10:.1f}"
    text = text[:-2] if text.endswith(".0") else text
    return text.replace("-0.", "-.").removeprefix("0") if text != "0" and "." in text else text


def tag(name: str, content: Iterable[str] | str = "", **values: Any) -> Markup:
    """Write an element; whatever is no `Markup` is escaped.

    Parameters
    ----------
    name
        Of the element.
    content
        Texts and elements inside it.
    **values
        Attributes; those that are None are left out, `class_` is ``class``, and an underscore
        inside a name is a hyphen.

    Examples
    --------
    >>> tag("text", "A < B", class_="lb", text_anchor="middle", x=None)
    Markup('<text class="lb" text-anchor="middle">A &lt; B</text>')
    """
    inside = Markup().join([content] if isinstance(content, str) else content)
    attributes = Markup().join(
        Markup(' {}="{}"').format(key.rstrip("_").replace("_", "-"), value)
        for key, value in values.items()
        if value is not None
    )
    if not inside:
        return Markup("<{}{}/>").format(name, attributes)
    return Markup("<{0}{1}>{2}</{0}>").format(name, attributes, inside)


#: Drawn around 0, 0; `--s` classes take their colours from the style sheet.
GLYPHS = {
    "gateway": Markup(
        '<circle class="g-casing" r="9.5"/><circle class="g-ring" r="7"/>'
        '<circle class="g-dot" r="3.2"/>'
    ),
    "crossing": Markup('<circle class="g-cross" r="3.5"/>'),
    "gauge": Markup(
        '<rect class="g-gauge" x="-7.2" y="-7.2" width="14.4" height="14.4" rx="2.4"/>'
        '<path class="g-gauge-rails" d="M-5 -3.8H-1.6L.8 -1.8H5M-5 3.8H-1.6L.8 1.8H5"/>'
    ),
    "port": Markup(
        '<circle class="g-port" r="6.4"/>'
        '<path class="g-port-waves" d="M-3.9 -1.4q1.3 -1.6 2.6 0t2.6 0t2.6 0'
        'M-3.9 1.9q1.3 -1.6 2.6 0t2.6 0t2.6 0"/>'
    ),
    "destination": Markup('<circle class="g-casing" r="5.4"/><circle class="g-dest" r="4"/>'),
    "terminal": Markup('<rect class="g-term" x="-3.6" y="-3.6" width="7.2" height="7.2"/>'),
    "letter": Markup('<rect class="g-letter" x="-8.5" y="-8.5" width="17" height="17" rx="3"/>'),
    "blocked": Markup(
        '<circle class="g-cross" r="6"/>'
        '<path class="g-x" d="M-2.6 -2.6L2.6 2.6M2.6 -2.6L-2.6 2.6"/>'
    ),
}
#: Half the size of each glyph with its outline, pixels.
GLYPH_RADIUS = {
    "gateway": 9.5,
    "crossing": 4.6,
    "gauge": 8.4,
    "port": 7.4,
    "destination": 5.4,
    "terminal": 4.6,
    "blocked": 7.0,
    "letter": 9.3,
}
#: Which of two symbols in one place is shown, and which of two near ones lies on top.
RIGHTS = ("gateway", "destination", "letter", "gauge", "blocked", "port", "terminal", "crossing")
UPWARDS = ("crossing", "terminal", "destination", "port", "gauge", "blocked", "letter", "gateway")


def glyph(
    kind: str,
    x: float,
    y: float,
    scale: float = 1.0,
    *,
    title: str = "",
    letter: str = "",
    modes: Iterable[str] = (),
) -> Markup:
    """Draw a glyph at a place.

    Parameters
    ----------
    kind
        A key of `GLYPHS`.
    x, y
        Pixels.
    scale
        1 is full size.
    title
        Said on hover.
    letter
        Stands in it.
    modes
        It goes when all these are switched off.
    """
    size = "" if scale == 1.0 else f" scale({scale:g})"
    content = [tag("title", title)] if title else []
    classes = " ".join(["g", *(f"of-{mode}" for mode in modes), f"sym-{kind}"])
    return tag(
        "g",
        [*content, GLYPHS[kind], _letter(letter)],
        class_=classes,
        transform=f"translate({num(x)} {num(y)}){size}",
    )


def _letter(letter: str) -> Markup:
    if not letter:
        return Markup()
    return tag("text", letter, class_="g-letter-t", y="4.2", text_anchor="middle")


def icon(kind: str, size: int = 18, letter: str = "") -> Markup:
    """Return a glyph as an inline picture of its own, for keys and running text."""
    return tag(
        "svg",
        [GLYPHS[kind], _letter(letter)],
        class_="icon",
        width=size,
        height=size,
        viewBox="-9.5 -9.5 19 19",
        aria_hidden="true",
    )


def line_sample(mode: str, width: int = 24) -> Markup:
    """Return a short piece of line in the style of a mode, for keys."""
    line = tag("path", class_=f"ln m-{mode}", d=f"M1 5H{width - 1}")
    return tag(
        "svg",
        line,
        class_="icon",
        width=width,
        height=10,
        viewBox=f"0 0 {width} 10",
        aria_hidden="true",
    )
