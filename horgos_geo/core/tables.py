"""Write CSV: the one writer for data files, commands and reports."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

#: Stands first in a file that a spreadsheet is to open, so that it reads names in any script.
BYTE_ORDER_MARK = "\ufeff"
#: What may not stand in a ``data:`` address as it is; browsers encode letters of any script.
_RESERVED = {ord(sign): quote(sign) for sign in '%#"<>\r\n\t'}


def csv_text(head: Sequence[str], rows: Iterable[Sequence[Any]], newline: str = "\n") -> str:
    r"""Return a table as CSV text; None and NaN are empty cells.

    Parameters
    ----------
    head
        Names of the columns.
    rows
        Cells, in the order of `head`.
    newline
        What ends each line.

    Examples
    --------
    >>> csv_text(["name", "length_km"], [["Osh, Kara-Suu", 884.0], ["Talas", None]])
    'name,length_km\n"Osh, Kara-Suu",884.0\nTalas,\n'
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator=newline)
    writer.writerow(head)
    # NaN is the one value that differs from itself.
    writer.writerows(["" if cell != cell else cell for cell in row] for row in rows)
    return stream.getvalue()


def csv_uri(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return a table as a ``data:`` address that a page can offer for download."""
    text = BYTE_ORDER_MARK + csv_text(head, rows, "\r\n")
    return "data:text/csv;charset=utf-8," + text.translate(_RESERVED)
