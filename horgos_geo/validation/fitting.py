"""Fit the calibration on published distances, leaving out whole groups of routes to judge it.

`calibrate` routes every usable published pair over a network, chooses the terms by the error on
left-out groups and fits the coefficients. Routes change a little when lengths do, so it routes,
fits and applies a few times.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from horgos_geo.build import calibration
from horgos_geo.build.calibration import BANDS, CALIBRATED, TERMS, Model
from horgos_geo.model.network import Network
from horgos_geo.model.scenario import Scenario
from horgos_geo.routing.router import Router
from horgos_geo.validation.distances import LEAST_KM, SPLITS, published, spread, traces

#: What is tried, simplest first; a richer one must leave a band narrower by `GAIN`.
CANDIDATES: tuple[tuple[str, ...], ...] = (
    ("constant",),
    ("constant", "relief"),
    ("constant", "coarse"),
    ("constant", "relief", "sinuosity"),
    ("constant", "coarse", "sinuosity"),
)
GAIN = 0.03
ROUNDS = 2
#: Pairs off by more than this took another road or met a gap: they are judged, not fitted on.
FIT_WITHIN = 0.30
#: Below this relative error the fit minimises squares, above it absolute values.
_KNEE, _STEPS, _RIDGE = 0.01, 100, 1e-3

Floats = NDArray[np.float64]


def collect(network: Network, mode: str) -> pd.DataFrame:
    """Route every usable published pair and sum what the terms multiply.

    Parameters
    ----------
    network
        Its lengths choose the routes; raw lengths and drawn lines are summed.
    mode
        ``road`` or ``rail``.

    Returns
    -------
    DataFrame
        A row for each pair with a route: ``published_km, group, split``; ``least_km``, the raw
        length; and for each of `TERMS` the kilometres that its coefficient multiplies.
    """
    router = Router(network, Scenario().with_(modes=mode))
    least, columns = calibration.least_km(network), calibration.features(network)
    free = ~calibration.is_published(network)
    rows = []
    for pair, _, edge, share in traces(router, published(mode)):
        if not len(edge):
            continue
        part = least[edge] * share
        about = {"published_km": pair.published_km, "group": pair.group, "split": pair.split}
        sums = {term: (part * free[edge] * columns[term][edge]).sum() for term in TERMS}
        rows.append(about | {"least_km": part.sum()} | sums)
    return pd.DataFrame(rows)


def fit(samples: pd.DataFrame, terms: Sequence[str]) -> dict[str, float]:
    """Fit coefficients to relative errors by absolute values, with the same result every time.

    Parameters
    ----------
    samples
        From `collect`.
    terms
        Names of the terms to fit.
    """
    near = samples[np.abs(errors(samples, {})) < FIT_WITHIN]
    left = errors(near, {})
    columns = near[list(terms)].to_numpy() / near[["published_km"]].to_numpy()
    penalty = np.diag([0.0 if term == "constant" else _RIDGE for term in terms])
    weight, beta = np.ones(len(near)), np.zeros(len(terms))
    for _ in range(_STEPS):
        scaled = columns * weight[:, None]
        beta = np.linalg.solve(columns.T @ scaled + penalty, -scaled.T @ left)
        weight = _KNEE / np.maximum(np.abs(left + columns @ beta), _KNEE)
    return {term: round(float(b), 4) for term, b in zip(terms, beta, strict=True)}


def errors(samples: pd.DataFrame, coefficients: dict[str, float]) -> Floats:
    """Return the relative errors (N) that coefficients leave.

    Parameters
    ----------
    samples
        From `collect`.
    coefficients
        By term.
    """
    length = samples["least_km"] + sum(b * samples[term] for term, b in coefficients.items())
    return np.asarray(length / samples["published_km"] - 1)


def left_out_errors(samples: pd.DataFrame, terms: Sequence[str]) -> Floats:
    """Return each sample's error under coefficients fitted without its group.

    Parameters
    ----------
    samples
        From `collect`.
    terms
        Names of the terms to fit.
    """
    found = np.empty(len(samples))
    for group in samples["group"].unique():
        out = (samples["group"] == group).to_numpy()
        found[out] = errors(samples[out], fit(samples[~out], terms))
    return found


def choose(samples: pd.DataFrame) -> tuple[str, ...]:
    """Return the simplest terms whose left-out band no richer ones make clearly narrower.

    Parameters
    ----------
    samples
        From `collect`.
    """
    best, terms = np.inf, CANDIDATES[0]
    for candidate in CANDIDATES:
        # The band is what reports state of a length.
        loss = bands(left_out_errors(samples, candidate))["band_pct"]
        if loss < best * (1 - GAIN):
            best, terms = loss, candidate
    return terms


def bands(relative: Floats) -> dict[str, float]:
    """Summarise relative errors (N) in rounded percent, as `BANDS` names them."""
    figures = spread(relative)
    rounded = {k: round(float(v), 1 if k == "within_5_pct" else 2) for k, v in figures.items()}
    return {name: rounded.get(name, figures["found"]) for name in BANDS}


def table_of(mode: str, samples: pd.DataFrame, terms: Sequence[str]) -> pd.DataFrame:
    """Return the rows of ``curation/calibration.csv`` for one mode.

    Parameters
    ----------
    mode
        ``road`` or ``rail``.
    samples
        From `collect`.
    terms
        Names of the terms to fit.

    Returns
    -------
    DataFrame
        ``mode, quantity, value, note``: the coefficients, then the errors that are left for groups
        left out in turn, for each set of distances added later, and without a correction.
    """
    groups = samples["group"].nunique()
    basis = f"{len(samples)} published distances of {LEAST_KM:.0f} km and more in {groups} groups"
    rows = [(term, b, f"fitted on {basis}") for term, b in fit(samples, terms).items()]
    left = left_out_errors(samples, terms)
    parts = [("", left, "each group left out in turn")]
    for number, split in enumerate(SPLITS[1:], start=1):
        known, mine = samples["split"].isin(SPLITS[:number]), samples["split"] == split
        added = errors(samples[mine], fit(samples[known], terms))
        parts += [
            (f"{split}_", left[mine.to_numpy()], f"of them, the {split} distances"),
            (
                f"{SPLITS[number - 1]}_to_{split}_",
                added,
                "fitted on the distances known before, judged on those added",
            ),
        ]
    parts.append(("raw_", errors(samples, {}), "before the correction"))
    for prefix, relative, note in parts:
        rows += [(f"{prefix}{name}", value, note) for name, value in bands(relative).items()]
    found = pd.DataFrame(rows, columns=["quantity", "value", "note"], dtype=object)
    found.insert(0, "mode", mode)
    return found


def calibrate(network: Network, progress: Callable[[str], None]) -> pd.DataFrame:
    """Fit both modes.

    Parameters
    ----------
    network
        Its raw lengths and drawn lines count, with the stored coefficients to begin from.
    progress
        Called with one sentence before each step.

    Returns
    -------
    DataFrame
        What belongs into ``curation/calibration.csv``; see `table_of`.
    """
    models = calibration.stored()[0]
    tables: list[pd.DataFrame] = []
    for number in range(ROUNDS):
        network = replace(network, length_km=calibration.corrected_km(network, models))
        tables = []
        for mode in CALIBRATED:
            progress(f"Fitting {mode}, round {number + 1} of {ROUNDS}")
            samples = collect(network, mode)
            terms = choose(samples)
            tables.append(table_of(mode, samples, terms))
            models = models | {mode: Model(mode, fit(samples, terms))}
    return pd.concat(tables, ignore_index=True)
