"""A few customised metrics of one contraction hierarchy, changed in place where that is faster.

Making a metric takes a tenth of a second for a continent. Closing a country changes a few in a
hundred of its weights, and a metric learns those in a few milliseconds.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from routingkit_cch import CCH, CCHMetric

_MAX = 3
# Above this share of changed arcs a metric is made anew, which then is faster.
_PARTIAL = 0.2


def sequence(numbers: NDArray[np.integer]) -> Any:
    """Return whole numbers as RoutingKit takes them: for a list, in a tenth of its memory."""
    return array("I", np.ascontiguousarray(numbers, dtype=np.uint32).tobytes())


@dataclass
class Slot:
    """A metric and the arc weights that it holds."""

    weights: NDArray[np.uint32]
    metric: CCHMetric


class Metrics:
    """Metrics by their weights; the one unused for longest gives way.

    RoutingKit's queries and updaters may be used, and even let go, by no other thread than the
    one that made them. None is kept from one call to the next, so any thread can ask.
    """

    def __init__(self, cch: CCH) -> None:
        self._cch = cch
        self._slots: list[Slot] = []  # the one used last stands last
        self._lock = Lock()

    @contextmanager
    def holding(self, weights: NDArray[np.uint32]) -> Iterator[CCHMetric]:
        """Lend the metric of arc weights, which must not be changed afterwards.

        One thread at a time has a metric, since the next one may change it.
        """
        with self._lock:
            yield self._slot(weights).metric

    def _slot(self, weights: NDArray[np.uint32]) -> Slot:
        for position, slot in enumerate(self._slots):
            if slot.weights is weights:
                self._slots.append(self._slots.pop(position))
                return slot
        slot = self._changed(weights)
        self._slots.append(slot)
        return slot

    def _changed(self, weights: NDArray[np.uint32]) -> Slot:
        """Return a slot, taken out of the list or new, that holds `weights`."""
        from routingkit_cch import CCHMetric, CCHMetricPartialUpdater

        differ = [slot.weights != weights for slot in self._slots]
        counts = [int(np.count_nonzero(mask)) for mask in differ]
        near = min(range(len(counts)), key=counts.__getitem__, default=None)
        if near is not None and counts[near] <= _PARTIAL * len(weights):
            slot = self._slots.pop(near)
            arcs = np.flatnonzero(differ[near])
            if len(arcs):
                changes = dict(zip(arcs.tolist(), weights[arcs].tolist(), strict=True))
                CCHMetricPartialUpdater(self._cch).apply(slot.metric, changes)
            slot.weights = weights
            return slot
        if len(self._slots) < _MAX:
            return Slot(weights, CCHMetric(self._cch, sequence(weights)))
        slot = self._slots.pop(0)
        slot.metric.reset(sequence(weights))
        slot.weights = weights
        return slot
