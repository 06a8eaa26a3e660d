"""Partial pooling: many noisy observations of few things, each drawn towards those like it.

A linear model on the log scale. Every observation is a sum of effects (of its post, its pair of
countries, its region ...) and noise. Effects of one kind share a spread that the data decide: a
post that is seen often keeps its own figure, one that is seen once is drawn to its pair, and one
that is never seen has that of its pair [1]_.

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
#: What an observation is made of: kind of effect, which one of the kind, and how much of it.
Loadings = Sequence[tuple[str, str, float]]
#: Least and greatest spread that is looked for, log units.
BOUNDS = (0.02, 5.0)
#: Decimals of fitted spreads: what is left of the search's last steps does not reach a result.
DECIMALS = 3


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
    gain
        What each observation moves each effect, shape (k, n).
    """

    spread: dict[str, float]
    noise: float
    index: dict[tuple[str, str], int]
    mean: Floats
    covariance: Floats
    gain: Floats

    def _known(self, loadings: Loadings) -> Floats:
        share = np.zeros(len(self.mean))
        for kind, name, part in loadings:
            if (kind, name) in self.index:
                share[self.index[kind, name]] += part
        return share

    def predict(self, loadings: Loadings) -> tuple[float, float]:
        """Return mean and standard deviation of a sum of effects, log units.

        An effect that no observation has is zero, give or take the spread of its kind.
        """
        share = self._known(loadings)
        unseen = [
            part * self.spread.get(kind, 0.0)
            for kind, name, part in loadings
            if (kind, name) not in self.index
        ]
        variance = float(share @ self.covariance @ share) + float(np.square(unseen).sum())
        return float(share @ self.mean), float(np.sqrt(variance))

    def influence(self, loadings: Loadings) -> Floats:
        """Return how far each observation (n) counts in a sum of effects: about one in all."""
        return np.asarray(self._known(loadings) @ self.gain)


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
    from scipy.optimize import minimize

    names = sorted({(kind, name) for row in loadings for kind, name, _ in row})
    index = {name: i for i, name in enumerate(names)}
    design = np.zeros((len(values), len(names)))
    for i, row in enumerate(loadings):
        for kind, name, share in row:
            design[i, index[kind, name]] += share
    kinds = sorted({kind for kind, _ in names} - set(fixed))
    member = np.array([[kind == k for k in kinds] for kind, _ in names], dtype=np.float64)
    given = np.array([fixed.get(kind, 0.0) for kind, _ in names]) ** 2

    def prior(spreads: Floats) -> Floats:
        """Return the prior variance of each effect."""
        return np.asarray(given + member @ spreads[:-1] ** 2)

    def loss(log_spreads: Floats) -> tuple[float, Floats]:
        """Return minus the log of the marginal likelihood times the prior, and its gradient."""
        spreads = np.exp(log_spreads)
        total = (design * prior(spreads)) @ design.T
        total[np.diag_indices_from(total)] += spreads[-1] ** 2 / weights
        inverse = np.linalg.inv(total)
        fitted = inverse @ values
        fit = (values @ fitted + np.linalg.slogdet(total)[1]) / 2
        # Half-normal in the spread; the logarithm is the step to its own logarithm.
        value = fit + np.sum(spreads**2) / (2 * scale**2) - np.sum(log_spreads)
        # How the loss grows with the variance of each effect, and with that of the noise.
        by_effect = np.einsum("ij,ij->j", design, inverse @ design) - (design.T @ fitted) ** 2
        by_noise = np.sum((np.diag(inverse) - fitted**2) / weights)
        slope = np.append(by_effect @ member, by_noise) * spreads**2
        return float(value), slope + spreads**2 / scale**2 - 1.0

    start = np.full(len(kinds) + 1, np.log(scale / 2))
    bounds = [(np.log(BOUNDS[0]), np.log(BOUNDS[1]))] * len(start)
    best = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds)
    spreads = np.round(np.exp(best.x), DECIMALS)
    weighted = design.T * (weights / spreads[-1] ** 2)
    precision = weighted @ design
    precision[np.diag_indices_from(precision)] += 1.0 / prior(spreads)
    covariance = np.linalg.inv(precision)
    gain = covariance @ weighted
    spread = {**fixed, **dict(zip(kinds, spreads[:-1].tolist(), strict=True))}
    return Pooled(spread, float(spreads[-1]), index, gain @ values, covariance, gain)
