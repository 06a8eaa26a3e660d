"""Small pieces of SVG: escaped text, paths, the glyphs of the design language."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

import numpy as np
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


def esc(text: Any) -> str:
    """Escape a text for HTML and SVG, content or attribute."""
    return escape(str(text), quote=True)


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


def attributes(values: dict[str, Any]) -> str:
    """Write attributes, leaving out those that are None."""
    return "".join(f' {k.rstrip("_")}="{esc(v)}"' for k, v in values.items() if v is not None)


def tag(name: str, content: Iterable[str] | str = "", **values: Any) -> str:
    """Write an element; `content` is markup, values are escaped, `class_` is class."""
    inner = content if isinstance(content, str) else "".join(content)
    names = {k.replace("_", "-") if not k.endswith("_") else k: v for k, v in values.items()}
    return (
        f"<{name}{attributes(names)}>{inner}</{name}>" if inner else f"<{name}{attributes(names)}/>"
    )


#: Drawn around 0, 0; `--s` classes take their colours from the style sheet.
GLYPHS = {
    "gateway": '<circle class="g-casing" r="9.5"/><circle class="g-ring" r="7"/>'
    '<circle class="g-dot" r="3.2"/>',
    "crossing": '<circle class="g-cross" r="3.5"/>',
    "gauge": '<rect class="g-gauge" x="-7.2" y="-7.2" width="14.4" height="14.4" rx="2.4"/>'
    '<path class="g-gauge-rails" d="M-5 -3.8H-1.6L.8 -1.8H5M-5 3.8H-1.6L.8 1.8H5"/>',
    "port": '<circle class="g-port" r="6.4"/>'
    '<path class="g-port-waves" d="M-3.9 -1.4q1.3 -1.6 2.6 0t2.6 0t2.6 0'
    'M-3.9 1.9q1.3 -1.6 2.6 0t2.6 0t2.6 0"/>',
    "destination": '<circle class="g-casing" r="5.4"/><circle class="g-dest" r="4"/>',
    "terminal": '<rect class="g-term" x="-3.6" y="-3.6" width="7.2" height="7.2"/>',
    "letter": '<rect class="g-letter" x="-8.5" y="-8.5" width="17" height="17" rx="3"/>',
    "blocked": '<circle class="g-cross" r="6"/>'
    '<path class="g-x" d="M-2.6 -2.6L2.6 2.6M2.6 -2.6L-2.6 2.6"/>',
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
RIGHTS = (
    "gateway", "destination", "letter", "gauge", "blocked", "port", "terminal", "crossing"
)  # fmt: skip
UPWARDS = (
    "crossing", "terminal", "destination", "port", "gauge", "blocked", "letter", "gateway"
)  # fmt: skip


def glyph(kind: str, x: float, y: float, scale: float = 1.0, **values: Any) -> str:
    """Draw a glyph at a place; a `title` is said on hover, a `letter` stands in it."""
    size = "" if scale == 1.0 else f" scale({scale:g})"
    content, letter = values.pop("title", ""), values.pop("letter", "")
    words = f'<text class="g-letter-t" y="4.2" text-anchor="middle">{esc(letter)}</text>'
    title = f"<title>{esc(content)}</title>" if content else ""
    return (
        f'<g class="g sym-{kind}" transform="translate({num(x)} {num(y)}){size}"'
        f"{attributes(values)}>{title}{GLYPHS[kind]}{words if letter else ''}</g>"
    )


def icon(kind: str, size: int = 18, letter: str = "") -> str:
    """Return a glyph as an inline picture of its own, for keys and running text."""
    words = f'<text class="g-letter-t" y="4.2" text-anchor="middle">{esc(letter)}</text>'
    return (
        f'<svg class="icon" width="{size}" height="{size}" viewBox="-9.5 -9.5 19 19" '
        f'aria-hidden="true">{GLYPHS[kind]}{words if letter else ""}</svg>'
    )


def line_sample(mode: str, width: int = 24) -> str:
    """Return a short piece of line in the style of a mode, for keys."""
    return (
        f'<svg class="icon" width="{width}" height="10" viewBox="0 0 {width} 10" '
        f'aria-hidden="true"><path class="ln m-{esc(mode)}" d="M1 5H{width - 1}"/></svg>'
    )
