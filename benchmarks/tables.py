"""What the benchmark tables have in common: cells, and the ratio to the fastest peer."""

from __future__ import annotations

from collections.abc import Mapping


def cell(value: float | None, digits: int = 2) -> str:
    """Return a number for a table, or a dash for what a peer cannot do."""
    return "–" if value is None else f"{value:,.{digits}f}"


def beside(ours: float, peers: Mapping[str, float | None]) -> str:
    """Return how many times as fast as the fastest peer we are; say so where it is ahead."""
    known = {name: value for name, value in peers.items() if value}
    if not known:
        return "no peer"
    best = min(known, key=lambda name: known[name])
    ratio = known[best] / ours
    return f"× {ratio:,.1f} ({best})" if ratio >= 1 else f"{best} is ahead, × {1 / ratio:,.1f}"
