"""Draws: each parameter as a distribution, the same draw wherever the parameter counts.

A parameter has a split log-normal distribution with the P10, P50 and P90 of its row: one spread
below the median, another above. Its draws come from a counter-based generator keyed by its name
(Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"), so that two routes past one
border post wait there alike, and the difference of two routes has nothing of what they share. The
draws are stratified: those of one parameter have its very quantiles.
"""

from __future__ import annotations

import hashlib
from functools import cache, lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
#: How many draws stand for a distribution.
DRAWS = 2048
#: Normal quantile of P90.
Z90 = NormalDist().inv_cdf(0.9)
#: Least chance at which one of two routes is called the better one; below it they are tied.
LEAST_CHANCE = 0.65


@cache
def _quantiles() -> Floats:
    """Return the normal quantiles of `DRAWS` equal strata, rising."""
    normal = NormalDist()
    return np.array([normal.inv_cdf((i + 0.5) / DRAWS) for i in range(DRAWS)])


@lru_cache(maxsize=4096)
def standard_normals(name: str) -> Floats:
    """Return draws of a standard normal variable, the same for the same name.

    Parameters
    ----------
    name
        Of the parameter.
    """
    key = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=16).digest(), "little")
    generator = np.random.Generator(np.random.Philox(key=key))
    drawn = _quantiles()[generator.permutation(DRAWS)]
    drawn.flags.writeable = False
    return drawn


@lru_cache(maxsize=4096)
def sharing(name: str, common: str, share: float) -> Floats:
    """Return draws of a standard normal variable that varies in part as others do.

    Parameters
    ----------
    name
        Of the parameter.
    common
        Name of what it shares with others.
    share
        Part of the variance that is shared, 0 to 1.
    """
    if share == 0.0:
        return standard_normals(name)
    mixed = share**0.5 * standard_normals(common) + (1.0 - share) ** 0.5 * standard_normals(name)
    drawn = np.empty(DRAWS)
    drawn[np.argsort(mixed, kind="stable")] = _quantiles()
    drawn.flags.writeable = False
    return drawn


def split_lognormal(
    low: float, central: float, high: float, normals: Floats, factor: float = 1.0
) -> Floats:
    """Return draws of a quantity by its P10, P50 and P90.

    Parameters
    ----------
    low, central, high
        Its quantiles. A side that ends at zero falls or rises in a straight line, as a logarithm
        cannot, and never below zero.
    normals
        Draws of a standard normal variable.
    factor
        What both spreads are multiplied by.

    Examples
    --------
    >>> split_lognormal(2.0, 4.0, 16.0, np.array([-Z90, 0.0, Z90])).round(6).tolist()
    [2.0, 4.0, 16.0]
    >>> split_lognormal(0.0, 0.0, 10.0, np.array([-Z90, 0.0, Z90])).round(6).tolist()
    [0.0, 0.0, 10.0]
    """
    if low == high:
        return np.full(normals.shape, central)
    size = normals * (factor / Z90)
    down, up = np.minimum(size, 0.0), np.maximum(size, 0.0)
    if low > 0.0:
        return np.asarray(
            central * np.exp(down * np.log(central / low) + up * np.log(high / central))
        )
    rise = central * np.expm1(up * np.log(high / central)) if central > 0.0 else up * high
    return np.maximum(central + down * (central - low) + rise, 0.0)


def chance(a: Floats, b: Floats) -> float:
    """Return the probability that one quantity is the lesser of two, from draws of both.

    Where both are equal, each has half of the draw.

    Examples
    --------
    >>> chance(np.array([1.0, 2.0, 3.0, 4.0]), np.array([2.0, 2.0, 2.0, 5.0]))
    0.625
    """
    return float(np.mean(a < b) + np.mean(a == b) / 2)
