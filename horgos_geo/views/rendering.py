"""Markup from Jinja templates: whatever is put into one is escaped."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from horgos_geo.views.assets import TEMPLATES

_ADDRESS = re.compile(r"https?://[^\s;,)\]]*[^\s;,)\].:]")


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(template: str, **values: Any) -> Markup:
    """Return a template with `values` put in.

    Parameters
    ----------
    template
        Path below the folder of templates, without ``.html.j2``.
    **values
        Texts are escaped; `Markup` and what has ``__html__`` stands as it is.

    Examples
    --------
    >>> render("sections/headline", title="Less than 5 < 6", standfirst="", eyebrow="")
    Markup('<header class="answer"><h1>Less than 5 &lt; 6</h1></header>')
    """
    made = _environment().get_template(f"{template}.html.j2").render(values)
    return Markup(made.strip())  # noqa: S704 — escaped by the templates


def with_links(words: str) -> Markup:
    """Return a text in which each address is a link that shows its host.

    Parameters
    ----------
    words
        Such as the source of a number.

    Examples
    --------
    >>> with_links("Customs https://example.org/2025/x.html (+7%)")
    Markup('Customs <a href="https://example.org/2025/x.html">example.org</a> (+7%)')
    """
    parts, done = [], 0
    for found in _ADDRESS.finditer(words):
        host = found[0].split("/")[2].removeprefix("www.")
        link = Markup('<a href="{}">{}</a>').format(found[0], host)
        parts += [Markup.escape(words[done : found.start()]), link]
        done = found.end()
    return Markup().join([*parts, Markup.escape(words[done:])])
