"""Partial pooling: many noisy observations of few things, each drawn towards those like it.

A linear model on the log scale. Every observation is a sum of effects (of its post, its pair of
countries, its region ...) and noise. Effects of one kind share a spread that the data decide; a
post that is seen often keeps its own figure, one that is seen once is drawn to its pair, one that
is never seen is its pair [1]_.

References
----------
.. [1] Gelman and Hill, Data Analysis Using Regression and Multilevel/Hierarchical Models, 2007,
   chapter 12.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
#: What each effect of an observation is: its kind, which one of the kind, and how much of it.
Loadings = Sequence[tuple[str, str, float]]


@dataclass(frozen=True, eq=False)
class Pooled:
    """A fitted model.

    Attributes
    ----------
    spread
        Standard deviation of each kind of effect, log units.
    noise
        Standard deviation of an observation of weight one, log units.
    index
        Position of each effect, by kind and name.
    mean, covariance
        Of all effects given the observations, shapes (k,) and (k, k).
    """

    spread: dict[str, float]
    noise: float
    index: dict[tuple[str, str], int]
    mean: Floats
    covariance: Floats

    def predict(self, loadings: Loadings) -> tuple[float, float]:
        """Return mean and standard deviation of a sum of effects, log units.

        An effect that no observation has is zero, give or take the spread of its kind.
        """
        known = [(self.index[kind, name], share) for kind, name, share in loadings
                 if (kind, name) in self.index]  # fmt: skip
        unseen = [share * self.spread[kind] for kind, name, share in loadings
                  if (kind, name) not in self.index]  # fmt: skip
        at = np.array([position for position, _ in known], dtype=np.int64)
        share = np.array([value for _, value in known])
        variance = float(share @ self.covariance[np.ix_(at, at)] @ share)
        return float(share @ self.mean[at]), float(np.sqrt(variance + np.square(unseen).sum()))


def pool(
    values: Floats,
    loadings: Sequence[Loadings],
    weights: Floats,
    fixed: Mapping[str, float],
    scale: float = 0.7,
) -> Pooled:
    """Fit effects and their spreads to observations.

    Parameters
    ----------
    values
        Observations on the log scale (n).
    loadings
        Effects of each observation.
    weights
        What each observation counts (n): noise variance is divided by it.
    fixed
        Kinds whose spread is given, log units, such as a wide one for the intercept. Spreads of
        all other kinds are estimated.
    scale
        Scale of the half-normal prior of estimated spreads and of the noise, log units; it keeps a
        kind that few observations speak of from a spread of nothing or of any size.

    Returns
    -------
    Pooled
        The same for the same input: no random numbers are drawn.
    """
    from scipy.linalg import cho_factor, cho_solve
    from scipy.optimize import minimize

    names = sorted({(kind, name) for row in loadings for kind, name, _ in row})
    index = {name: i for i, name in enumerate(names)}
    design = np.zeros((len(values), len(names)))
    for i, row in enumerate(loadings):
        for kind, name, share in row:
            design[i, index[kind, name]] += share
    kinds = sorted({kind for kind, _ in names} - set(fixed))
    kind_of = np.array([kinds.index(kind) if kind in kinds else -1 for kind, _ in names])
    given = np.array([fixed.get(kind, 0.0) for kind, _ in names])

    def prior(spreads: Floats) -> Floats:
        return np.where(kind_of >= 0, np.append(spreads, 0.0)[kind_of], given) ** 2

    def loss(log_spreads: Floats) -> float:
        spreads = np.exp(log_spreads)
        total = (design * prior(spreads[:-1])) @ design.T
        total[np.diag_indices_from(total)] += spreads[-1] ** 2 / weights
        factor = cho_factor(total, lower=True)
        fit = values @ cho_solve(factor, values) / 2 + np.log(np.diag(factor[0])).sum()
        # Half-normal in the spread; the logarithm is the step to its own logarithm.
        return float(fit + np.sum(spreads**2) / (2 * scale**2) - np.sum(log_spreads))

    start = np.full(len(kinds) + 1, np.log(scale / 2))
    best = minimize(loss, start, method="L-BFGS-B", bounds=[(-4.0, 2.0)] * len(start))
    spreads = np.exp(best.x)
    precision = design.T @ (design * (weights / spreads[-1] ** 2)[:, None])
    precision[np.diag_indices_from(precision)] += 1.0 / prior(spreads[:-1])
    covariance = np.linalg.inv(precision)
    mean = covariance @ (design.T @ (values * weights / spreads[-1] ** 2))
    spread = {**fixed, **dict(zip(kinds, spreads[:-1].tolist(), strict=True))}
    return Pooled(spread, float(spreads[-1]), index, mean, covariance)
