"""How sure a difference between two paths is: what they share cancels out."""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from horgos_geo.model.parameters import Estimate
from horgos_geo.model.places import Place
from horgos_geo.routing.weights import FERRY, RAIL, TRANSFER, Impacts

if TYPE_CHECKING:
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

    @property
    def time_h(self) -> Estimate:
        """Hours with low and high."""
        return _total([measure.time_h for measure in self.parts.values()])

    @property
    def cost_usd_per_teu(self) -> Estimate:
        """US dollars per twenty-foot unit with low and high."""
        return _total([measure.cost_usd_per_teu for measure in self.parts.values()])

    @property
    def cost_usd_per_vehicle(self) -> Estimate:
        """US dollars per vehicle with low and high; nothing where the cargo is a container."""
        return _total([measure.cost_usd_per_vehicle for measure in self.parts.values()])

    @property
    def co2e_kg_per_vehicle(self) -> Estimate:
        """Kilograms of CO2 equivalent per vehicle; nothing where the cargo is a container."""
        return _total([measure.co2e_kg_per_vehicle for measure in self.parts.values()])

    @property
    def co2e_kg_per_t(self) -> Estimate:
        """Kilograms of CO2 equivalent per tonne with low and high."""
        return _total([measure.co2e_kg_per_t for measure in self.parts.values()])


def trace(router: Router, origin: Place, destination: Place) -> Path | None:
    """Return the best path between two places, or None where there is no way."""
    _, elements = router.trace(origin, destination)
    if not elements:
        return None
    network, weights = router.network, router.weights
    edges = np.array([edge for edge, _, _ in elements])
    share = np.array([abs(end - start) for _, start, end in elements])
    parts: dict[Hashable, Impacts] = {}

    def add(key: Hashable, measure: Impacts) -> None:
        """Add a part to those of its key."""
        parts[key] = parts[key] + measure if key in parts else measure

    plain = (network.mode[edges] <= RAIL) & (network.crossing[edges] < 0)
    for code in (0, 1):
        for iso3 in np.unique(network.edge_country[edges[plain & (network.mode[edges] == code)]]):
            mine = plain & (network.mode[edges] == code) & (network.edge_country[edges] == iso3)
            mode, country = ("road", "rail")[code], network.countries[int(iso3)]
            add((mode, country), weights.moving(mode, country, edges[mine], share[mine]))
    for i in np.flatnonzero(~plain):
        edge, (_, start, end) = int(edges[i]), elements[i]
        if network.mode[edge] == FERRY:
            add(("ferry", edge), weights.ferry(edge))
        elif network.mode[edge] == TRANSFER:
            add(("transfer", int(network.link[edge])), weights.transfer(edge))
        else:
            crossing = network.crossings[network.crossing[edge]]
            from_ = network.u[edge] if end >= start else network.v[edge]
            a_to_b = network.countries[network.node_country[from_]] == crossing.country_a
            add((crossing.id, a_to_b), weights.border(crossing, a_to_b))
    for _ in np.flatnonzero(network.gauge_mm[edges] != network.gauge_to_mm[edges]):
        add("gauge", weights.gauge_change())
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


def _total(bands: list[Estimate]) -> Estimate:
    return sum(bands, Estimate(0.0, 0.0, 0.0))
