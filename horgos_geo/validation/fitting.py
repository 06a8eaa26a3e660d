"""Fit the calibration on published distances, leaving out whole groups of routes to judge it.

`python -m horgos_geo.build.calibration` routes every usable published pair over the committed
network, chooses the terms by the error on left-out groups and writes the coefficients. Routes
change a little when lengths do, so it routes, fits and applies a few times. With `--apply` it
writes the network anew with the stored coefficients instead, as a build would.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from horgos_geo.build import calibration
from horgos_geo.build.calibration import CALIBRATED, TABLE, TERMS, Model
from horgos_geo.core import datasets
from horgos_geo.core.files import write_atomic
from horgos_geo.core.tables import csv_text
from horgos_geo.model.network import Network, load_network, save_network

#: What is tried, simplest first; a richer one must leave a band narrower by `GAIN`.
CANDIDATES: tuple[tuple[str, ...], ...] = (
    ("constant",),
    ("constant", "relief"),
    ("constant", "coarse"),
    ("constant", "relief", "sinuosity"),
    ("constant", "coarse", "sinuosity"),
)
GAIN = 0.03
LEAST_KM = 100.0
ROUNDS = 2
#: Pairs off by more than this took another road or met a gap: they are judged, not fitted on.
FIT_WITHIN = 0.30
#: Below this relative error the fit minimises squares, above it absolute values.
_KNEE, _STEPS, _RIDGE = 0.01, 100, 1e-3

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Sample:
    """The sums over one route: raw kilometres, and those that the terms multiply."""

    published_km: float
    least_km: float
    terms_km: dict[str, float]
    group: str
    split: str


def fit(samples: Sequence[Sample], terms: Sequence[str]) -> dict[str, float]:
    """Fit coefficients to relative errors by absolute values, with the same result every time.

    Parameters
    ----------
    samples
        Routes with published lengths.
    terms
        Names of the terms to fit.
    """
    published = np.array([s.published_km for s in samples])
    left = np.array([s.least_km for s in samples]) / published - 1
    columns = np.array([[s.terms_km[t] for t in terms] for s in samples]) / published[:, None]
    near = np.abs(left) < FIT_WITHIN
    left, columns = left[near], columns[near]
    penalty = np.diag([0.0 if t == "constant" else _RIDGE for t in terms])
    weight = np.ones(len(left))
    beta = np.zeros(len(terms))
    for _ in range(_STEPS):
        scaled = columns * weight[:, None]
        beta = np.linalg.solve(columns.T @ scaled + penalty, -scaled.T @ left)
        weight = _KNEE / np.maximum(np.abs(left + columns @ beta), _KNEE)
    return {term: round(float(b), 4) for term, b in zip(terms, beta, strict=True)}


def errors(samples: Iterable[Sample], coefficients: dict[str, float]) -> Floats:
    """Return the relative errors that coefficients leave."""
    return np.array(
        [
            (s.least_km + sum(b * s.terms_km[t] for t, b in coefficients.items())) / s.published_km
            - 1
            for s in samples
        ]
    )


def left_out_errors(samples: Sequence[Sample], terms: Sequence[str]) -> Floats:
    """Return each sample's error under coefficients fitted without its group."""
    found = np.empty(len(samples))
    for group in sorted({s.group for s in samples}):
        out = [i for i, s in enumerate(samples) if s.group == group]
        kept = [s for s in samples if s.group != group]
        found[out] = errors([samples[i] for i in out], fit(kept, terms))
    return found


def spread(relative: Floats) -> dict[str, float]:
    """Summarise relative errors as percentages, as `calibration.BANDS` names them."""
    size = np.abs(relative) * 100
    return {
        "bias_pct": round(float(np.median(relative)) * 100, 2),
        "median_pct": round(float(np.median(size)), 2),
        "p90_pct": round(float(np.percentile(size, 90)), 2),
        "band_pct": round(float(np.percentile(size, 68)), 2),
        "within_5_pct": round(float((size <= 5).mean()) * 100, 1),
        "n": len(relative),
    }


def choose(samples: Sequence[Sample]) -> tuple[str, ...]:
    """Return the simplest terms whose left-out band no richer ones make clearly narrower."""
    best, terms = np.inf, CANDIDATES[0]
    for candidate in CANDIDATES:
        found = spread(left_out_errors(samples, candidate))
        loss = found["band_pct"]  # what reports state of a length
        if loss < best * (1 - GAIN):
            best, terms = loss, candidate
    return terms


def collect(network: Network, mode: str) -> tuple[list[Sample], int]:
    """Route every usable published pair and sum what the terms multiply.

    Returns
    -------
    tuple
        The samples, and how many pairs have no route.
    """
    from horgos_geo.model.scenario import Scenario
    from horgos_geo.routing.router import Router
    from horgos_geo.validation.distances import (
        published,  # the fit stands above the router, the build below
    )

    router = Router(network, Scenario().with_(modes=mode))
    least, columns = calibration.least_km(network), calibration.features(network)
    free = ~calibration.is_published(network)
    samples, missing = [], 0
    for pair in published(mode, LEAST_KM):
        _, elements = router.trace(pair.origin, pair.destination)
        if not elements:
            missing += 1
            continue
        edge = np.array([e for e, _, _ in elements])
        part = least[edge] * np.array([abs(b - a) for _, a, b in elements])
        terms = {t: float(np.sum(part * free[edge] * columns[t][edge])) for t in TERMS}
        samples.append(Sample(pair.km, float(part.sum()), terms, pair.group, pair.split))
    return samples, missing


def rows_of(mode: str, samples: Sequence[Sample], terms: Sequence[str]) -> list[list[object]]:
    """Return the rows of the table for one mode."""
    groups = len({s.group for s in samples})
    basis = f"{len(samples)} published distances of {LEAST_KM:.0f} km and more in {groups} groups"
    rows: list[list[object]] = [
        [mode, term, value, f"fitted on {basis}"] for term, value in fit(samples, terms).items()
    ]
    left = left_out_errors(samples, terms)
    rows += [[mode, k, v, "each group left out in turn"] for k, v in spread(left).items()]
    for name, relative, note in (
        *_by_split(samples, left, terms),
        ("raw", errors(samples, {}), "before the correction"),
    ):
        found = spread(relative)
        rows += [[mode, f"{name}_{k}", found[k], note] for k in calibration.BANDS]
    return rows


def _by_split(
    samples: Sequence[Sample], left: Floats, terms: Sequence[str]
) -> list[tuple[str, Floats, str]]:
    """Return name, errors and note for each set of distances that was added later."""
    from horgos_geo.validation.distances import (
        SPLITS,  # the fit stands above the router, the build below
    )

    found, (known, *later) = [], SPLITS
    before = [s for s in samples if s.split == known]
    for split in later:
        mine = [s for s in samples if s.split == split]
        here = np.array([s.split == split for s in samples])
        found += [
            (split, left[here], f"of them, the {split} distances"),
            (f"{known}_to_{split}", errors(mine, fit(before, terms)),
             "fitted on the distances known before, judged on those added"),
        ]  # fmt: skip
        before, known = before + mine, split
    return found


def main() -> None:
    """Fit both modes and write the table, or apply what is stored."""
    network = load_network()
    if "--apply" in sys.argv:
        save_network(calibration.calibrated(network), datasets.root() / "network")
        return
    network = replace(network, length_km=calibration.corrected_km(network, calibration.stored()[0]))
    tables: dict[str, list[list[object]]] = {}
    models: dict[str, Model] = {}
    for _ in range(ROUNDS):
        for mode in CALIBRATED:
            samples, missing = collect(network, mode)
            terms = choose(samples)
            tables[mode] = rows_of(mode, samples, terms)
            models[mode] = Model(mode, fit(samples, terms))
            sys.stdout.write(f"{mode}: {models[mode].coefficients}, {missing} pairs without way\n")
            for candidate in CANDIDATES:
                sys.stdout.write(f"  {candidate}: {spread(left_out_errors(samples, candidate))}\n")
        corrected = calibration.corrected_km(network, models)
        network = replace(network, length_km=corrected)
    rows = (row for mode in CALIBRATED for row in tables[mode])
    write_atomic(datasets.root() / TABLE, csv_text(("mode", "quantity", "value", "note"), rows))
