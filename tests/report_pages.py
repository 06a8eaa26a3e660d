"""What a report says in words, and what its tables hold: the one held against the other."""

from __future__ import annotations

import html
import re
from typing import Any

import pandas as pd

_NUMBER = re.compile(r"\d[\d.,\u202f]*\d|\d")


def words(markup: str) -> str:
    """Return the words of markup, without its scripts."""
    markup = re.sub(r"<script.*?</script>", " ", markup, flags=re.S)
    return html.unescape(re.sub(r"<[^>]+>", " ", markup))


def headings(figure: Any) -> list[str]:
    return [heading.text for heading in figure.headings]


def head(figure: Any) -> str:
    """Return the first heading of a figure."""
    return headings(figure)[0]


def standfirst(figure: Any) -> str:
    found = re.search(r'class="standfirst">(.*?)</p>', str(figure.html), re.S)
    return words(found[1]) if found else ""


def numbers(text: str, language: str = "en") -> list[float]:
    """Return the numbers in a text, as its language writes them."""
    found = []
    for written in _NUMBER.findall(text):
        plain = written.replace("\u202f", "")
        plain = plain.replace(",", ".") if language == "ru" else plain.replace(",", "")
        found.append(float(plain.rstrip(".")))
    return found


def table(figure: Any, name: str) -> pd.DataFrame:
    """Return a table of a figure by the name of its file; columns are numbered."""
    [found] = [table for table in figure.tables if table.name == name]
    return pd.DataFrame(found.rows, columns=range(len(found.head)))


def tens(value: float) -> float:
    """Round as the pages do: large numbers to tens."""
    return float(round(value, -1) if abs(value) >= 95 else round(value))


def assert_whole(figures: list[Any]) -> str:
    """Return the markup of figures after looking for what no page should show."""
    page = "".join(str(figure.html) for figure in figures)
    assert "{" not in words(page)
    assert "nan" not in words(page).lower().split()
    assert page.count("<h1>") == 1
    return page
