"""How sure a difference between two paths is: what they share cancels out."""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from horgos_geo.core.choices import MODES
from horgos_geo.model.estimate import Estimate
from horgos_geo.model.places import Place
from horgos_geo.routing.impacts import ZERO_IMPACTS, Impacts, total
from horgos_geo.routing.router import Router

# What a share of the spread between low and high is: they bound a value, its error is half.
_HALF = 0.5


@dataclass(frozen=True, eq=False)
class Path:
    """A bare path: its edges with the share of each, and what its parts take.

    `parts` has a key for each thing that one parameter decides: moving by a mode in a country, one
    crossing in one direction, a change of gauge.
    """

    edges: NDArray[np.int_]
    km: NDArray[np.float64]
    parts: dict[Hashable, Impacts]

    @property
    def length_km(self) -> float:
        """Kilometres over the network."""
        return float(self.km.sum())

    @cached_property
    def impacts(self) -> Impacts:
        """Hours, dollars and kilograms of the whole path."""
        return total(self.parts.values())


def bare_path(router: Router, origin: Place, destination: Place) -> Path | None:
    """Return the best path between two places, or None where there is none."""
    _, elements = router.path(origin, destination)
    if not elements:
        return None
    network, costs = router.network, router.weights.costs
    edges = np.array([edge for edge, _, _ in elements])
    share = np.array([abs(end - start) for _, start, end in elements])
    parts: dict[Hashable, Impacts] = {}
    for edge, start, end in elements:
        for event in costs.events(edge, end >= start):
            parts[event.key] = parts.get(event.key, ZERO_IMPACTS) + event.impacts
    plain = ~costs.eventful[edges]
    modes, countries = network.mode[edges], network.edge_country[edges]
    for mode, iso3 in np.unique(np.column_stack([modes, countries])[plain], axis=0).tolist():
        mine = plain & (modes == mode) & (countries == iso3)
        key = MODES[mode], network.countries[iso3]
        parts[key] = costs.moving(*key, edges[mine], share[mine])
    return Path(edges, network.length_km[edges] * share, parts)


def lead_error(best: Path, other: Path, measure: str, pct: float) -> float:
    """Return the error of the difference between two paths.

    Parameters
    ----------
    best, other
        The two paths.
    measure
        ``distance``, ``time`` or ``cost``.
    pct
        Error of a length, percent.

    Returns
    -------
    float
        Kilometres, hours or dollars. Kilometres on edges that both use cancel out; so do waits at
        the same crossing, and speeds and prices as far as both use the same parameter.
    """
    if measure == "distance":
        alone = [
            float(a.km[~np.isin(a.edges, b.edges)].sum()) for a, b in ((best, other), (other, best))
        ]
        return pct / 100.0 * math.hypot(*alone)
    name = {"time": "time_h", "cost": "cost_usd_per_teu"}[measure]
    gaps = [
        _spread(best, key, name) - _spread(other, key, name)
        for key in {**best.parts, **other.parts}
    ]
    return math.hypot(*gaps) if gaps else 0.0


def _spread(path: Path, key: Hashable, name: str) -> float:
    if key not in path.parts:
        return 0.0
    band: Estimate = getattr(path.parts[key], name)
    return _HALF * (band.high - band.low)
