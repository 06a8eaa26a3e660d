"""How long one waits for a post that is not always open."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from horgos_geo.build.wait_observations import BASE_YEAR

Row = dict[str, str]

WEEK_H = 168
#: Hours a day of a post that works on some days of the week alone, and that says no hours.
DAY_HOURS = 9


def opening_wait(days: int, hours: int) -> NDArray[np.float64]:
    """Return how long one waits for a post to open that one reaches at any hour of the week.

    Parameters
    ----------
    days
        Days a week that it works, one after another.
    hours
        Hours a day, one after another.

    Returns
    -------
    array
        P10, mean and P90, hours.

    Examples
    --------
    >>> opening_wait(7, 24).tolist()
    [0.0, 0.0, 0.0]
    >>> opening_wait(5, 24).round(1).tolist()
    [0.0, 6.9, 31.2]
    """
    step = 0.1
    clock = (np.arange(round(WEEK_H / step)) + 0.5) * step
    opens = np.array([24.0 * day for day in range(days)] + [float(WEEK_H)])
    is_open = (clock // 24 < days) & (clock % 24 < hours)
    until = opens[np.searchsorted(opens, clock)] - clock
    wait = np.where(is_open, 0.0, until)
    low, high = np.quantile(wait, [0.1, 0.9])
    return np.array([low, wait.mean(), high])


def opening_rows(rows: Iterable[Row]) -> list[Row]:
    """Return what post hours add to a wait, a row for each post that is not always open.

    Parameters
    ----------
    rows
        Of the table of opening hours; those that no longer hold are left aside.
    """
    result = []
    for row in rows:
        if row["until"] or not (row["days_per_week"] or row["hours_per_day"]):
            continue
        days = int(row["days_per_week"] or 7)
        hours = int(row["hours_per_day"] or (24 if days == 7 else DAY_HOURS))
        if (days, hours) == (7, 24):
            continue
        low, value, high = opening_wait(days, hours)
        said = "" if row["hours_per_day"] else f" {DAY_HOURS} hours a day assumed."
        result.append(
            {
                "parameter": "opening_h",
                "applies_to": f"{row['crossing']}, {days} days a week",
                "mode": "road",
                "crossing": row["crossing"],
                **numbers(low, value, high),
                "source": row["source"],
                "year": row["since"][:4] or str(BASE_YEAR),
                "retrieved": "fitted",
                "evidence": row["id"],
                "note": f"Waiting for the post to open, averaged over the week.{said}",
            }
        )
    return result


def numbers(low: float, value: float, high: float) -> Row:
    """Return hours as the cells of a row that is in use, three figures each."""
    return {
        **{k: f"{v:.3g}" for k, v in (("low", low), ("value", value), ("high", high))},
        "unit": "h",
        "use": "yes",
    }
