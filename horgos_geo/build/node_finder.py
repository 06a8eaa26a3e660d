"""Which node of a draft is the nearest."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.spatial import cKDTree

from horgos_geo.build.draft import Draft, Floats, Ints
from horgos_geo.core.geodesy import arc_km, chord, unit_vectors

#: What is farther away than this is not looked for, kilometres.
FARTHEST_KM = 60.0


class NodeFinder:
    """Nearest road or rail nodes of a draft as it stands.

    Parameters
    ----------
    draft
        What is added later is not found.
    mode
        `ROAD` or `RAIL`.
    """

    def __init__(self, draft: Draft, mode: int) -> None:
        self.nodes = np.flatnonzero(draft.on_edges(draft.of_mode(mode)))
        self._tree = cKDTree(unit_vectors(draft.lon[self.nodes], draft.lat[self.nodes]))

    def nearest(self, lon: ArrayLike, lat: ArrayLike) -> tuple[Ints, Floats]:
        """Return for each point (K) the nearest node and how far it is, kilometres.

        Beyond `FARTHEST_KM` the distance is infinite and the node any.
        """
        points = unit_vectors(lon, lat)
        gap, position = self._tree.query(points, distance_upper_bound=chord(FARTHEST_KM))
        return self.nodes[np.minimum(position, len(self.nodes) - 1)], arc_km(gap)

    def within(self, lon: float, lat: float, km: float) -> list[int]:
        """Return the nodes within a distance of a point, the nearest first."""
        (point,) = unit_vectors([lon], [lat])
        found = np.array(self._tree.query_ball_point(point, chord(km)), dtype=np.int64)
        gaps = np.linalg.norm(self._tree.data[found] - point, axis=1)
        order = np.argsort(gaps, kind="stable")
        return [int(node) for node in self.nodes[found[order]]]
