"""A figure that a notebook shows by itself and a report takes into its page."""

from __future__ import annotations

from typing import Any

from horgos_geo.views.assets import cell_style

#: A report takes this representation and brings its own style.
FRAGMENT_MIME = "application/vnd.horgos.figure+html"


class Figure:
    """Markup with a style of its own in a notebook and none in a report.

    Attributes
    ----------
    html
        The bare markup, every string in it escaped.
    alone
        What a notebook shows instead, where the bare markup cannot do without its page.
    """

    def __init__(self, html: str, alone: str = "") -> None:
        self.html = html
        self.alone = alone or html

    def __str__(self) -> str:
        return self.html

    def __html__(self) -> str:
        return self.html

    def _repr_html_(self) -> str:
        return f'<div class="hg hg-cell"><style>{cell_style()}</style>{self.alone}</div>'

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/html": self._repr_html_(), FRAGMENT_MIME: self.html}
