"""A quantity with its range, and the rows of the parameter files that it was computed from."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Estimate:
    """A low, a central and a high value of one quantity.

    `rows` are the rows of the parameter files behind it. Sums, products and quotients carry the
    rows of both sides, so that every result knows where it comes from. Two estimates are equal
    when their values are.

    >>> Estimate(1.0, 2.0, 4.0) + Estimate(1.0, 1.0, 1.0)
    Estimate(low=2.0, central=3.0, high=5.0)
    >>> 120 / Estimate(20.0, 30.0, 40.0)
    Estimate(low=3.0, central=4.0, high=6.0)
    """

    low: float
    central: float
    high: float
    rows: tuple[Any, ...] = field(default=(), compare=False, repr=False, kw_only=True)

    def _with(self, low: float, central: float, high: float, other: object = None) -> Estimate:
        rows = self.rows
        if isinstance(other, Estimate) and other.rows and other.rows is not rows:
            rows = tuple(dict.fromkeys((*rows, *other.rows)))
        return Estimate(low, central, high, rows=rows)

    def __add__(self, other: Estimate) -> Estimate:
        return self._with(
            self.low + other.low, self.central + other.central, self.high + other.high, other
        )

    def __mul__(self, factor: float | Estimate) -> Estimate:
        by = _three(factor)
        return self._with(self.low * by[0], self.central * by[1], self.high * by[2], factor)

    __rmul__ = __mul__

    def __truediv__(self, divisor: float | Estimate) -> Estimate:
        by = _three(divisor)
        return self._with(self.low / by[2], self.central / by[1], self.high / by[0], divisor)

    def __rtruediv__(self, dividend: float) -> Estimate:
        return self._with(dividend / self.high, dividend / self.central, dividend / self.low)

    def at_least(self, other: Estimate) -> Estimate:
        """Return the greater of each of the three values."""
        return self._with(
            max(self.low, other.low),
            max(self.central, other.central),
            max(self.high, other.high),
            other,
        )

    def at(self, level: str) -> Estimate:
        """Return the estimate with its ``low``, ``central`` or ``high`` value as the central."""
        return self._with(self.low, getattr(self, level), self.high)


ZERO = Estimate(0.0, 0.0, 0.0)


def root_sum_of_squares(together: Estimate, apart: Iterable[Estimate]) -> Estimate:
    """Return a total whose parts are not all at their best, nor all at their worst, at once.

    Sums of lows and of highs say what is possible. What is likely is narrower, as the deviations
    of parts that have nothing to do with each other add up by the root of their squares.

    Parameters
    ----------
    together
        The sum of the parts that vary as one.
    apart
        Parts that vary each by itself.
    """
    parts = [together, *apart]
    central = math.fsum(part.central for part in parts)
    return Estimate(
        low=central - math.hypot(*(part.central - part.low for part in parts)),
        central=central,
        high=central + math.hypot(*(part.high - part.central for part in parts)),
    )


def _three(value: float | Estimate) -> tuple[float, float, float]:
    if isinstance(value, Estimate):
        return value.low, value.central, value.high
    return value, value, value
