"""`horgos network`: build, describe and check the network."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from horgos_geo.cli.options import FormatOption, NetworkOption
from horgos_geo.cli.output import Format, as_json, deliver, note

if TYPE_CHECKING:
    from horgos_geo.build.pipeline import BuildReport

app = typer.Typer(no_args_is_help=True, help="Build, describe and check the network.")


@app.command()
def build(
    more: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILE.osm.pbf]...", help="Further extracts.", show_default=False),
    ] = None,
    osm: Annotated[
        list[Path] | None,
        typer.Option("--osm", metavar="FILE.osm.pbf", help="An OpenStreetMap extract of your own."),
    ] = None,
    raw: Annotated[
        Path | None,
        typer.Option(
            "--raw",
            metavar="DIR",
            help="Folder with the raw packages; the installed ones by default.",
        ),
    ] = None,
    into: Annotated[
        Path | None,
        typer.Option("--into", metavar="DIR", help="Write just the network, into this folder."),
    ] = None,
    format_: FormatOption = None,
) -> None:
    """Make the network, the basemap and the gazetteer anew from their raw sources.

    Needs the raw packages: pip install 'horgos-geo\\[build]', or make network in a checkout. Two
    builds from the same sources give the same bytes.

    With [bold]--osm[/bold], streets and railways of your own extracts are set into the bundled
    network: inside their area the extract, outside it the continent. Every command takes the
    result with --network DIR. Needs pip install 'horgos-geo\\[osm]'. For example:

    horgos network build --osm kyrgyzstan-latest.osm.pbf --into kyrgyzstan
    """
    if osm or more:
        _build_osm([*(osm or []), *(more or [])], into, format_)
        return
    from horgos_geo.build import basemap, dictionary, gazetteer, waits
    from horgos_geo.build.pipeline import build_network
    from horgos_geo.core import datasets

    if into is None:
        note("Making the basemap and the gazetteer …")
        basemap.build_basemap(raw)
        gazetteer.build(raw)
        waits.write()
    target = into or datasets.root() / "network"
    report = build_network(raw, target, lambda sentence: note(f"{sentence} …"))
    if into is None:
        dictionary.write_all()
    if format_ is Format.json:
        deliver(as_json({"network": str(target), **_facts(report)}))
    else:
        deliver(report.text())


def _build_osm(files: list[Path], into: Path | None, format_: Format | None) -> None:
    from horgos_geo.build.osm import build_osm

    target = into or Path(f"network-{files[0].name.partition('.')[0]}")
    built = build_osm(files, target, progress=lambda sentence: note(f"{sentence} …"))
    if format_ is Format.json:
        facts = {"counts": built.network.meta["counts"], **asdict(built.joined)}
        deliver(as_json({"network": str(target), **facts, "controls": built.controls}))
    else:
        deliver(built.text())


def _facts(report: BuildReport) -> dict[str, Any]:
    """Return what was found and done in a build, in keys that say what they count."""
    crossings = [
        {"countries": list(pair), "mode": mode, **counts}
        for (pair, mode), counts in sorted(report.borders.counts.items())
    ]
    return {
        "components": {
            mode: {"raw": before, "built": after}
            for mode, (before, after) in report.components.items()
        },
        "ends_joined": report.healed,
        "links_added": report.links,
        "counts": report.counts,
        "crossings": crossings,
        "problems": report.problems,
    }


@app.command()
def fit(format_: FormatOption = None) -> None:
    """Estimate the waits at border posts anew from the evidence, and write their table.

    The evidence stands in data/reference/evidence/, the table in data/reference/parameters/. The
    same evidence gives the same bytes. horgos trace lists the observations behind a wait.
    """
    from horgos_geo.build import dictionary, waits

    path = waits.write()
    dictionary.write_all()
    found = waits.spreads()
    if format_ is Format.json:
        deliver(as_json({"table": str(path), "spreads": found}))
        return
    lines = [f"Waits written to {path}. How far each kind of effect spreads, log units:"]
    lines += [
        f"{mode}: " + ", ".join(f"{kind} {size:.2f}" for kind, size in sorted(sizes.items()))
        for mode, sizes in found.items()
    ]
    deliver("\n".join(lines))


@app.command()
def info(network: NetworkOption = None, format_: FormatOption = None) -> None:
    """Print sizes, components, snapshot dates and sources."""
    from horgos_geo.cli.network_info import describe, lines
    from horgos_geo.model.network import load_network

    facts = describe(load_network(network))
    deliver(as_json(facts) if format_ is Format.json else "\n".join(lines(facts)))


@app.command()
def verify(network: NetworkOption = None, format_: FormatOption = None) -> None:
    """Compare every data file with its recorded hash, and check that the network is whole."""
    from horgos_geo.core import datasets
    from horgos_geo.core.errors import HorgosError
    from horgos_geo.model.network import load_network

    problems = [] if network else datasets.verify()
    try:
        load_network(network)
    except HorgosError as error:
        problems.append(str(error))
    if format_ is Format.json:
        deliver(as_json({"whole": not problems, "problems": problems}))
    elif problems:
        for problem in problems:
            note(f"horgos: {problem}")
    else:
        deliver("The network is whole." if network else "Every data file is as it was recorded.")
    if problems:
        raise typer.Exit(1)


@app.command()
def screen(
    mode: Annotated[str, typer.Option("--mode", help="road or rail.")] = "road",
    population: Annotated[
        int, typer.Option("--population", min=15_000, help="Least people of a city.")
    ] = 500_000,
    every: Annotated[bool, typer.Option("--all", help="Print the explained pairs too.")] = False,
    network: NetworkOption = None,
    format_: FormatOption = None,
) -> None:
    """Look for holes: near cities whose way is over 1.9 times the great circle.

    Each pair is explained (a closed border, a sea, mountains: data/curation/screen_explained.csv)
    or still to be mended. For example:

    horgos network screen --mode rail --population 300000
    """
    from horgos_geo.core.errors import ScenarioError
    from horgos_geo.model.network import load_network
    from horgos_geo.validation.screen import cities, screen as look

    if mode not in ("road", "rail"):
        raise ScenarioError(f"There is no mode {mode!r} to screen. Use road or rail.")
    whole = load_network(network)
    pairs = look(whole, cities(whole, population), mode)
    shown = pairs if every else pairs[pairs["explained"] == ""]
    if format_ is Format.json:
        deliver(as_json({"pairs": len(pairs), "shown": shown.to_dict("records")}))
        return
    lines = [
        f"{s.circuity:7.2f}  {s.great_circle_km:4.0f} km  {s.city_a} ({s.country_a}) – "
        f"{s.city_b} ({s.country_b})  {s.explained}"
        for s in shown.itertuples()
    ]
    explained = (pairs["explained"] != "").sum()
    lines.append(f"{len(pairs)} pairs over 1.9 times the great circle, {explained} explained.")
    deliver("\n".join(lines))


@app.command()
def calibrate() -> None:
    """Fit the lengths of the bundled network anew on the published distances.

    Writes the coefficients and the errors that they leave (data/curation/calibration.csv), and the
    network with corrected lengths.
    """
    from horgos_geo.build import calibration, dictionary
    from horgos_geo.core import datasets
    from horgos_geo.core.files import write_atomic
    from horgos_geo.model.network import load_network, save_network
    from horgos_geo.validation.fitting import calibrate as fit_both

    network = load_network(datasets.root() / "network")
    table = fit_both(network, lambda sentence: note(f"{sentence} …"))
    write_atomic(
        datasets.root() / calibration.TABLE, table.to_csv(index=False, lineterminator="\n")
    )
    save_network(calibration.calibrated(network), datasets.root() / "network")
    dictionary.write_all()
    errors = table[table["note"] == "each group left out in turn"]
    deliver(errors[["mode", "quantity", "value"]].to_string(index=False))
