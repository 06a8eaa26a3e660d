"""Hostile and broken input: one clear sentence, nothing lost, nothing run, nothing unescaped.

Each case is a command line that must be refused. `{tmp}` is a folder of the case's own, `{net}` a
good network. What a case puts there is made by the function beside it.
"""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from horgos_geo.cli import main
from horgos_geo.model.network import Network, save_network
from horgos_geo.model.places import Place

Make = Callable[[Path], None]
SCRIPT = "<script>alert(1)</script>"


def text(name: str, content: str | bytes) -> Make:
    def make(tmp: Path) -> None:
        data = content.encode() if isinstance(content, str) else content
        (tmp / name).write_bytes(data)

    return make


def nothing(_: Path) -> None:
    pass


def parquet(name: str, **columns: object) -> Make:
    return lambda tmp: pq.write_table(pa.table(columns), tmp / name)


def truncated(name: str, keep: float) -> Make:
    def make(tmp: Path) -> None:
        file = tmp / "net" / name
        data = file.read_bytes()
        file.write_bytes(data[: int(len(data) * keep)])

    return make


def flipped(name: str, position: float) -> Make:
    def make(tmp: Path) -> None:
        file = tmp / "net" / name
        data = bytearray(file.read_bytes())
        for i in range(40):
            data[int(len(data) * position) + i] ^= 0xFF
        file.write_bytes(bytes(data))

    return make


def gone(name: str) -> Make:
    return lambda tmp: (tmp / "net" / name).unlink()


def changed(name: str, **columns: object) -> Make:
    """Replace columns of a table of the network by one value."""

    def make(tmp: Path) -> None:
        file = tmp / "net" / name
        table = pq.read_table(file)
        for column, value in columns.items():
            index = table.schema.get_field_index(column)
            if value is None:
                table = table.remove_column(index)
            else:
                kind = table.schema.field(column).type
                kind = kind.value_type if pa.types.is_dictionary(kind) else kind
                array = pa.array([value] * table.num_rows, None if value == SCRIPT else kind)
                table = table.set_column(index, column, array)
        pq.write_table(table, file)

    return make


def layers(name: str, count: int) -> Make:
    """Write a GeoPackage with some layers of one point."""

    def make(tmp: Path) -> None:
        import geopandas as gpd

        points = gpd.GeoDataFrame({"id": ["a"]}, geometry=gpd.points_from_xy([77], [43]), crs=4326)
        for number in range(count):
            points.to_file(tmp / name, layer=f"layer{number}")

    return make


def both(*makes: Make) -> Make:
    def make(tmp: Path) -> None:
        for one in makes:
            one(tmp)

    return make


GOOD = text("good.csv", "id,lon,lat\na,77.0,43.3\nb,71.4,51.2\n")
BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b]\n"
ROUTE = ["route", "Horgos", "{place}", "--network", "{net}"]


def route(place: str) -> list[str]:
    return ["route", "--network", "{net}", "--", "Horgos", place]


def scenario(name: str) -> list[str]:
    return ["route", "Horgos", "Almaty", "--network", "{net}", "--scenario", "{tmp}/" + name]


def report(*settings: str) -> list[str]:
    return ["report", "1", "--out", "{tmp}/out", *(x for s in settings for x in ("--set", s))]


def matrix(origins: str, destinations: str = "good.csv") -> list[str]:
    return ["matrix", "{tmp}/" + origins, "{tmp}/" + destinations, "-o", "{tmp}/o.parquet",
            "--network", "{net}"]  # fmt: skip


def osm(name: str) -> list[str]:
    return ["network", "build", "--osm", "{tmp}/" + name, "--into", "{tmp}/made"]


def asked(command: str, *options: str) -> list[str]:
    return [*command.split(), "--network", "{net}", *options]


USE = ["route", "Horgos", "Almaty", "--network", "{net}"]

CASES: dict[str, tuple[list[str], Make, str]] = {
    # Places
    "place: script": (route(SCRIPT), nothing, "known"),
    "place: markup with handler": (route('<img src=x onerror="alert(1)">'), nothing, "known"),
    "place: empty": (route(""), nothing, "No place"),
    "place: spaces": (route(" \t "), nothing, "No place"),
    "place: control characters": (route("\x00\x07\x1b[31m"), nothing, "No place"),
    "place: right to left override": (route("\u202eytamlA\u202c\u202e"), nothing, "known"),
    "place: 10,000 characters": (route("x" * 10_000), nothing, "200"),
    "place: 10,000 combining marks": (route("a" + "\u0301" * 10_000), nothing, "200"),
    "place: emoji": (route("🚚🚚🚚"), nothing, "known"),
    "place: sql": (route("'; DROP TABLE places; --"), nothing, "known"),
    "place: path": (route("../../../../etc/passwd"), nothing, "known"),
    "place: template": (route("{{7*7}}${7*7}%(x)s"), nothing, "known"),
    "place: lone surrogate": (route("Alm\udcffaty Nowhere"), nothing, "known"),
    "place: homoglyphs of nothing": (route("Нοrgοѕсzzq"), nothing, "known"),
    # Coordinates
    "coordinates: swapped": (route("80.4,44.2"), nothing, "longitude before latitude"),
    "coordinates: nan": (route("nan,nan"), nothing, "two numbers"),
    "coordinates: infinite": (route("inf,10"), nothing, "two numbers"),
    "coordinates: off Earth": (route("91,181"), nothing, "not on Earth"),
    "coordinates: three": (route("1,2,3"), nothing, "pair"),
    "coordinates: one": (route("44.2"), nothing, "pair"),
    "coordinates: a million": (route("1000000,1000000"), nothing, "not on Earth"),
    "coordinates: nothing to route on": (asked("trace Horgos 0,0"), nothing, "too far"),
    "coordinates: no corridor": (asked("corridors Horgos 0,0"), nothing, "too far"),
    "coordinates: reach from the sea": (asked("isochrones --from 0,0 --within 5h"),
                                        nothing, "starts"),
    # Parameters and options
    "option: unknown": (["route", "Horgos", "Almaty", "--fastest"], nothing, "No such option"),
    "option: unknown mode": (["route", "Horgos", "Almaty", "-m", "air"], nothing, "air"),
    "option: crossing that is not": ([*USE, "--close", "atlantis-road"], nothing, "no crossing"),
    "option: script as crossing": ([*USE, "--close", SCRIPT], nothing, "no crossing"),
    "option: unknown via": ([*USE, "--via", "Nowhereville-xq"], nothing, "known"),
    "option: no such network": (["route", "A", "B", "--network", "{tmp}/no"], nothing, "known"),
    "option: closes nothing": ([*USE, "--close", ""], nothing, "no crossing"),
    "option: no scenario": ([*USE, "--scenario", ""], nothing, "names nothing"),
    "option: no gateway": ([*USE, "--gateway", ""], nothing, "No place"),
    "option: no vehicle": ([*USE, "--cars-per-unit", "0"], nothing, "equal to 1"),
    "option: over-long path": ([*USE, "--scenario", "x" * 10_000], nothing, "too long"),
    "option: hours of what": (asked("isochrones --from Almaty --within 72x"), nothing, "no budget"),
    "option: negative hours": (asked("isochrones --from Almaty --within -5h"), nothing,
                               "no budget"),
    "option: no corridors": (asked("corridors Horgos Almaty --most 0"), nothing, "equal to 1"),
    "output: no name": ([*USE, "-o", ""], nothing, "names no file"),
    "output: over-long name": ([*USE, "-o", "x" * 300], nothing, "too long"),
    "output: below a file": ([*USE, "-o", "{tmp}/f/r.txt"], text("f", ""), "Cannot write"),
    "output: a folder": ([*USE, "-o", "{tmp}"], nothing, "Cannot write"),
    "parameter: unknown": (report("orgin=Horgos"), nothing, "Did you mean origin"),
    "parameter: no value": (report("origin"), nothing, "KEY=VALUE"),
    "parameter: wrong type": (report("ferries=maybe"), nothing, "bool"),
    "parameter: no language": (report("language=tlh"), nothing, "language"),
    "parameter: no mode": (report("modes=teleport"), nothing, "mode"),
    "parameter: country too long": (report("closed_countries=NARNIA"), nothing, "alpha-3"),
    "parameter: list of lists": (report("destinations=[[a],[b]]"), nothing, "list"),
    "parameter: yaml tag": (report("destinations=[!!python/name:os.system x]"), nothing, "list"),
    "parameter: nothing to go to": (report("destinations="), nothing, "is empty"),
    "parameter: no such country": (report("closed_countries=XXX"), nothing, "no country"),
    "parameter: no such gateway": (["report", "8", "--set", "gateway=Paris"], nothing, "land port"),
    "parameter: negative hours": (["report", "5", "--set", "hours=-5"], nothing, "no budget"),
    "parameter: no such mode": (["report", "3", "--set", "mode=air"], nothing, "rail"),
    "report: no such network": (["report", "1", "--network", "{tmp}/no"], nothing, "no network"),
    "route-finder: no such network": (["route-finder", "--network", "{tmp}/no"], nothing,
                                      "no network"),
    "sweep: no such network": (["sweep", "{tmp}/s.yaml", "--network", "{tmp}/no"],
                               text("s.yaml", "notebooks: [1]"), "no network"),
    "report: no such scenario": (["report", "1", "--scenario", "nope"], nothing, "no scenario"),
    "report: none such": (["report", "99", "--out", "{tmp}/out"], nothing, "no report"),
    "report: path that leaves": (["report", "../../etc/passwd"], nothing, "no report"),
    "report: out is a file": (["report", "1", "--out", "{tmp}/f"], text("f", ""), "not a folder"),
    # YAML
    "yaml: missing": (scenario("no.yaml"), nothing, "no scenario"),
    "yaml: python tag": (scenario("s.yaml"), text("s.yaml", "name: !!python/object/apply:os.system "
                         "['touch {tmp}/owned']"), "plain YAML"),
    "yaml: tag": (scenario("s.yaml"), text("s.yaml", "modes: !!set {rail}"), "tag"),
    "yaml: key twice": (scenario("s.yaml"), text("s.yaml", "outbound: yes\noutbound: no"), "twice"),
    "yaml: no such country": (scenario("s.yaml"), text("s.yaml", "closed_countries: [XXX]"), "XXX"),
    "yaml: two documents": (scenario("s.yaml"), text("s.yaml", "outbound: yes\n---\n"), "document"),
    "yaml: bomb": (scenario("s.yaml"), text("s.yaml", BOMB), "aliases"),
    "yaml: deep": (scenario("s.yaml"), text("s.yaml", "[" * 50_000), "levels deep"),
    "yaml: list": (scenario("s.yaml"), text("s.yaml", "- a\n- b"), "mapping"),
    "yaml: number keys": (scenario("s.yaml"), text("s.yaml", "1: 2"), "mapping"),
    "yaml: unknown field": (scenario("s.yaml"), text("s.yaml", "closed: [RUS]"), "no field"),
    "yaml: wrong type": (scenario("s.yaml"), text("s.yaml", "outbound: sometimes"), "outbound"),
    "yaml: bare NO": (scenario("s.yaml"), text("s.yaml", "closed_countries: [NO]"), "closed_count"),
    "yaml: not a number": (scenario("s.yaml"), text("s.yaml", "value_of_time_usd_per_h: .nan"),
                           "value_of_time"),
    "yaml: utf-16": (scenario("s.yaml"), text("s.yaml", "name: x".encode("utf-16")), "UTF-8"),
    "yaml: two megabytes": (scenario("s.yaml"), text("s.yaml", "#" * 2_000_000), "1 MB"),
    "yaml: a folder": (scenario("d"), lambda tmp: (tmp / "d").mkdir(), "no scenario"),
    "yaml: sweep without work": (["sweep", "{tmp}/s.yaml"], text("s.yaml", "name: x"), "names no"),
    "yaml: sweep that leaves": (["sweep", "{tmp}/s.yaml"],
                                text("s.yaml", "name: ../../x\nnotebooks: [1]"), "name"),
    # CSV
    "csv: missing": (["distances", "{tmp}/no.csv"], nothing, "no file"),
    "csv: folder": (["distances", "{tmp}"], nothing, "folder"),
    "csv: no columns": (["distances", "{tmp}/t.csv"], text("t.csv", "a,b\n1,2\n"), "no column"),
    "csv: column twice": (["distances", "{tmp}/t.csv"], text("t.csv", "origin_lon,origin_lon,"
                          "origin_lat,dest_lon,dest_lat\n1,2,3,4,5\n"), "twice"),
    "csv: utf-16": (["distances", "{tmp}/t.csv"], text("t.csv", "a,b".encode("utf-16")),
                    "no column"),
    "csv: endless link": (["distances", "{tmp}/l"], lambda tmp: (tmp / "l").symlink_to("l"),
                          "symbolic links"),
    "csv: empty": (["distances", "{tmp}/t.csv"], text("t.csv", ""), "no column"),
    "csv: binary": (["distances", "{tmp}/t.csv"], text("t.csv", os.urandom(64) + b"\xff\xfe"),
                    ""),
    "csv: wrong encoding": (matrix("t.csv"), both(GOOD, text("t.csv", "id,lon,lat\nКазань,1,2"
                            .encode() + b"\n\xff\xfe,1,2")), "UTF-8"),
    "csv: duplicate ids": (matrix("t.csv"), both(GOOD, text("t.csv", "id,lon,lat\na,1,2\na,1,2\n")),
                           "twice"),
    "csv: ragged": (matrix("t.csv"), both(GOOD, text("t.csv", "id,lon,lat\na,1,2,3\n")), "line 2"),
    "csv: nul bytes": (matrix("t.csv"), both(GOOD, text("t.csv", "id\x00,lon,lat\na,1,2\n")), ""),
    "csv: script as file": (matrix(SCRIPT.replace("/", "") + ".csv"), GOOD, "no file"),
    # Parquet and other tables
    "table: not parquet": (matrix("t.parquet"), both(GOOD, text("t.parquet", "PAR1")), "Parquet"),
    "table: wrong schema": (matrix("t.parquet"), both(GOOD, parquet("t.parquet", x=[1])), "no col"),
    "table: coordinates as text": (matrix("t.parquet"), both(GOOD, parquet("t.parquet", id=["a"],
                                   lon=["x"], lat=["y"])), "numbers"),
    "table: lists for ids": (matrix("t.parquet"), both(GOOD, parquet("t.parquet", id=[["a"]],
                             lon=[1.0], lat=[2.0])), "ids must be"),
    "table: no rows": (matrix("t.csv"), both(GOOD, text("t.csv", "id,lon,lat\n")), "no rows"),
    "table: two layers": (matrix("t.gpkg"), both(GOOD, layers("t.gpkg", 2)), "2 layers"),
    "table: not a geopackage": (matrix("t.gpkg"), both(GOOD, text("t.gpkg", "hello")), "points"),
    "scheduler: no address": ([*matrix("good.csv"), "--scheduler", "here"], GOOD, "no address"),
    "table: no geojson": (matrix("t.geojson"), both(GOOD, text("t.geojson", "{")), "points"),
    "table: lines": (matrix("t.geojson"), both(GOOD, text("t.geojson", json.dumps({
        "type": "Feature", "properties": {}, "geometry": {"type": "LineString",
        "coordinates": [[0, 0], [1, 1]]}}))), "points"),
    "table: no such kind": (matrix("t.exe"), both(GOOD, text("t.exe", "MZ")), "Give .csv"),
    "output: in the way": (matrix("good.csv"), both(GOOD, text("o.parquet", "mine")), "in the way"),
    # Networks
    "network: nodes truncated": (USE, truncated("nodes.parquet", 0.5), "damaged"),
    "network: edges truncated": (USE, truncated("edges.parquet", 0.9), "damaged"),
    "network: edges of no bytes": (USE, truncated("edges.parquet", 0.0), "damaged"),
    "network: head flipped": (USE, flipped("edges.parquet", 0.0), "damaged"),
    "network: middle flipped": (USE, flipped("edges.parquet", 0.3), "damaged"),
    "network: foot flipped": (USE, flipped("nodes.parquet", 0.9), "damaged"),
    "network: nodes gone": (USE, gone("nodes.parquet"), "missing"),
    "network: crossings gone": (USE, gone("crossings.csv"), "missing"),
    "network: json broken": (USE, truncated("network.json", 0.5), "damaged"),
    "network: no column": (USE, changed("edges.parquet", length_km=None), "damaged"),
    "network: ends nowhere": (USE, changed("edges.parquet", u=2_000_000_000), "damaged"),
    "network: negative lengths": (USE, changed("edges.parquet", length_km=-1.0), "damaged"),
    "network: lengths not numbers": (USE, changed("edges.parquet", length_km=float("nan")),
                                     "damaged"),
    "network: absurd lengths": (USE, changed("edges.parquet", length_km=1e30), "damaged"),
    "network: ranks alike": (USE, changed("nodes.parquet", cch_rank=0), "damaged"),
    "network: off Earth": (USE, changed("nodes.parquet", lat=200.0), "damaged"),
    "network: unknown mode": (USE, changed("edges.parquet", mode=SCRIPT), ""),
    "network: unlisted crossing": (USE, changed("edges.parquet", crossing_id=SCRIPT), ""),
    "network: format of tomorrow": (USE, text("net/network.json", '{"format": 99}')
                                    , "format 99"),
    "network: terminals not utf-8": (USE, text("net/terminals.csv", b"id\n\xff\xfe\n"), "UTF-8"),
    # OpenStreetMap
    "pbf: missing": (osm("no.osm.pbf"), nothing, "no file"),
    "pbf: into a file": (["network", "build", "--osm", "{tmp}/f", "--into", "{tmp}/f"],
                         text("f", ""), "not a folder"),
    "pbf: text": (osm("t.osm.pbf"), text("t.osm.pbf", "hello"), "no OpenStreetMap"),
    "pbf: empty": (osm("t.osm.pbf"), text("t.osm.pbf", ""), "no OpenStreetMap"),
    "pbf: absurd size": (osm("t.osm.pbf"), text("t.osm.pbf", b"\x00\x00\x00\x0d\x0a\x09OSMHeader"
                         b"\x18\xff\xff\xff\xff\x0f" + b"\x00" * 50), "damaged"),
    "osm: cut xml": (osm("t.osm"), text("t.osm", "<osm version='0.6'><node id='1'"), "damaged"),
    "osm: entities": (osm("t.osm"), text("t.osm", "<?xml version='1.0'?><!DOCTYPE osm [<!ENTITY a "
                      "'x'><!ENTITY b '&a;&a;'>]><osm version='0.6'>&b;</osm>"), ""),
    "osm: nothing in it": (osm("t.osm"), text("t.osm", "<osm version='0.6'></osm>"), "no road"),
}  # fmt: skip


@pytest.fixture
def case(tmp_path: Path, network: Network) -> Path:
    save_network(network, tmp_path / "net")
    return tmp_path


@pytest.mark.parametrize("name", CASES)
def test_it_is_refused_in_one_clear_sentence(
    name: str, case: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments, make, words = CASES[name]
    make(case)
    before = {path: path.read_bytes() for path in case.rglob("*") if path.is_file()}
    monkeypatch.chdir(case)
    filled = [a.replace("{tmp}", str(case)).replace("{net}", str(case / "net")) for a in arguments]
    with pytest.raises(SystemExit) as stopped:
        main(filled)
    said = capsys.readouterr().err
    assert stopped.value.code not in (0, None)
    last = said.strip().splitlines()[-1]
    assert last.startswith("horgos: ")
    assert words in last
    assert "Traceback" not in said
    assert "unexpected" not in last
    assert len(last) < 1_500
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e]", last)
    after = {path: path.read_bytes() for path in case.rglob("*") if path.is_file()}
    assert {path: after.get(path) for path in before} == before  # nothing lost
    assert not (case / "owned").exists()  # nothing run
    assert [p.name for p in case.rglob("*") if ".part" in p.name] == []


def test_there_are_sixty_cases() -> None:
    assert len(CASES) >= 60


ROWS = {
    "poles": "0,90,0,-90", "antimeridian": "180,65,-180,65", "nan": "nan,nan,77,43",
    "words": "here,there,77,43", "swapped": "44,80,43,77", "empty": ",,,",
    "huge": "1e308,1e308,77,43", "script": f"{SCRIPT},1,2,3", "too many": "80,44,77,43,5,6",
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_a_bad_row_gets_a_status_and_the_others_are_answered(
    name: str, case: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head = "origin_lon,origin_lat,dest_lon,dest_lat"
    (case / "p.csv").write_text(f"{head}\n{ROWS[name]}\n77.0,43.3,71.4,51.2\n", encoding="utf-8")
    main(["distances", str(case / "p.csv"), "--network", str(case / "net"), "-f", "json"])
    bad, good = json.loads(capsys.readouterr().out)
    assert bad["status"] != "ok"
    assert bad["distance_km"] is None
    assert good["status"] == "ok"
    assert good["distance_km"] > 1000


def test_a_read_only_folder_is_said_so(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    locked = case / "locked"
    locked.mkdir()
    locked.chmod(stat.S_IREAD | stat.S_IEXEC)
    if os.access(locked, os.W_OK):
        pytest.skip("this user may write anywhere")
    with pytest.raises(SystemExit) as stopped:
        main(["route", "Horgos", "Almaty", "--network", str(case / "net"), "-o",
              str(locked / "r.txt")])  # fmt: skip
    assert stopped.value.code == 1
    assert "Cannot write" in capsys.readouterr().err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_leaves_the_old_file(
    case: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import horgos_geo.core.files

    target = case / "r.json"
    target.write_text("the last good result")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(horgos_geo.core.files.os, "fsync", full)
    with pytest.raises(SystemExit) as stopped:
        main(["route", "Horgos", "Almaty", "--network", str(case / "net"), "-f", "json", "-o",
              str(target)])  # fmt: skip
    assert stopped.value.code == 1
    assert "No space left" in capsys.readouterr().err
    assert target.read_text() == "the last good result"
    assert [p.name for p in case.iterdir() if ".part" in p.name] == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_device_is_written_to_and_stays_one(
    case: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    full = case / "full"
    full.symlink_to("/dev/full")
    use = ["route", "Horgos", "Almaty", "--network", str(case / "net"), "-o"]
    with pytest.raises(SystemExit) as stopped:
        main([*use, str(full)])
    assert stopped.value.code == 1
    assert "No space left" in capsys.readouterr().err
    assert Path("/dev/full").is_char_device()
    (case / "link.txt").symlink_to("real.txt")
    main([*use, str(case / "link.txt")])
    assert (case / "link.txt").is_symlink()
    assert (case / "real.txt").read_text(encoding="utf-8").startswith("Horgos – Almaty")


NASTY = [SCRIPT, '"><svg onload=alert(1)>', "</script><script>alert(1)</script>", "'onmouseover='x"]


@pytest.mark.parametrize("name", NASTY)
def test_no_name_reaches_html_unescaped(name: str, network: Network) -> None:
    from horgos_geo.model.scenario import Scenario
    from horgos_geo.routing.router import Router
    from horgos_geo.views import charts, maps

    router = Router(network, Scenario())
    start = Place("a", name, "KAZ", 77.0, 43.3, "point", names={"en": name, "zh": name, "ru": name})
    end = Place(name, name, "KAZ", 71.4, 51.2, "point")
    routes = [router.route(start, end)]
    shown = [
        routes[0]._repr_html_(), charts.headline(name, name, name), charts.data_table(routes, "en"),
        charts.itinerary(routes[0]), charts.distance_chart(routes, "en"),
        charts.country_strips(routes), maps.route_map(routes), maps.route_figure(routes),
        charts.section(name, name, charts.data_table(routes, "en"), "anchor", name),
    ]  # fmt: skip
    for item in shown:
        for html in _html(item):
            assert name not in _without_data(html)


def _html(item: object) -> list[str]:
    if isinstance(item, str):
        return [item]
    if hasattr(item, "_repr_mimebundle_"):
        bundle = item._repr_mimebundle_()
        bundle = bundle[0] if isinstance(bundle, tuple) else bundle
        return [text for text in bundle.values() if isinstance(text, str)]
    return [item._repr_html_()]  # type: ignore[attr-defined]


def _without_data(html: str) -> str:
    # Inside a JSON block for the page's script only what ends the block could do harm.
    return re.sub(r'(<script type="application/json"[^>]*>)((?!</script).)*', r"\1", html,
                  flags=re.DOTALL)  # fmt: skip
