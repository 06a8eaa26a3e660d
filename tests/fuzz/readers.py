"""Fuzz the file readers for a bounded time: `python -m tests.fuzz.readers [--seconds 60]`.

Each reader runs in a process of its own. With Atheris (`pip install atheris`) coverage leads the
search; without it, good files are cut, flipped and spliced at random. Whatever a reader is given it
must return or raise an error of this package in one line; anything else is printed, and the input
that did it is kept.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from horgos_geo.core.errors import HorgosError

Reader = Callable[[Path], object]
WORDS = [b"id,lon,lat\n", b"nan", b"-1e999", b"\x00", b"\xff\xfe", b'"', b"&a [*a]", b"!!python/",
         b"PAR1", b"modes: ", b"\n", b"\r", "霍尔果斯".encode()]  # fmt: skip
MOST_BYTES = 300_000


def main() -> None:
    """Fuzz every reader and print what was found; exit code 1 when anything was."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="for each reader")
    parser.add_argument("--reader", choices=sorted(READERS), help="only this one")
    parser.add_argument("--keep", type=Path, default=Path("fuzz"), help="folder for bad inputs")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        fuzz(given.reader, given.seconds, given.keep)
        return
    given.keep.mkdir(parents=True, exist_ok=True)
    failed = []
    for name in [given.reader] if given.reader else READERS:
        command = [sys.executable, "-m", "tests.fuzz.readers", "--child", "--reader", name,
                   "--seconds", str(given.seconds), "--keep", str(given.keep)]  # fmt: skip
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              errors="replace", check=False)  # fmt: skip
        last = done.stdout.strip().splitlines()[-12 if done.returncode else -1 :]
        print(f"{name}: {'failed' if done.returncode else 'sound'}. " + "\n".join(last), flush=True)
        failed += [name] * bool(done.returncode)
    sys.exit(bool(failed))


# Readers ------------------------------------------------------------------------------------------


def _place_table(suffix: str) -> Reader:
    def read(file: Path) -> object:
        from horgos_geo.model.place_tables import read_blocks

        return [len(block.places) for block in read_blocks(file.rename(f"{file}{suffix}"), 50)]

    return read


def _yaml(file: Path) -> object:
    from horgos_geo.model.scenario import load_scenario
    from horgos_geo.reports.sweep_plan import read_sweep

    with suppress(HorgosError):
        read_sweep(file)
    return load_scenario(file)


def _network_table(name: str) -> Reader:
    def read(file: Path) -> object:
        from horgos_geo.model.network import load_network
        from horgos_geo.routing.router import Router

        folder = _good_network(file.parent)
        good = (folder / name).read_bytes()
        try:
            (folder / name).write_bytes(file.read_bytes())
            return Router(load_network(folder)).route("Horgos", "Almaty").status
        finally:
            (folder / name).write_bytes(good)

    return read


def _extract(suffix: str) -> Reader:
    def read(file: Path) -> object:
        from horgos_geo.build.osm_graph import to_streets
        from horgos_geo.build.osm_read import read_extracts

        extract = read_extracts([file.rename(f"{file}{suffix}")], lambda _: None)
        return to_streets(extract, {})

    return read


READERS: dict[str, Reader] = {
    "csv": _place_table(".csv"),
    "geojson": _place_table(".geojson"),
    "parquet": _place_table(".parquet"),
    "yaml": _yaml,
    "nodes": _network_table("nodes.parquet"),
    "edges": _network_table("edges.parquet"),
    "pbf": _extract(".osm.pbf"),
    "osm": _extract(".osm"),
}


# Good files to start from -------------------------------------------------------------------------


def _good_network(scratch: Path) -> Path:
    from horgos_geo.model.network import save_network
    from tests.fixture import fixture_network

    folder = scratch / "network"
    if not folder.is_dir():
        save_network(fixture_network(), folder)
    return folder


def seeds(name: str, scratch: Path) -> list[bytes]:
    """Return good files for a reader."""
    if name in ("nodes", "edges"):
        return [(_good_network(scratch) / f"{name}.parquet").read_bytes()]
    if name == "csv":
        return [b"id,lon,lat,country\na,76.9,43.2,KAZ\nb,69.3,41.3,UZB\n",
                "\ufeffid;lon;lat\nКазань;49;55\n".encode()]  # fmt: skip
    if name == "yaml":
        return [b"modes: [rail]\nminimise: time\nclosed_countries: [RUS]\n",
                b"notebooks: [1]\ngrid: {origin: [Horgos], minimise: [time]}\n"]  # fmt: skip
    if name == "geojson":
        point = b'{"type":"Feature","properties":{"id":"a"},"geometry":{"type":"Point",'
        point += b'"coordinates":[76.9,43.2]}}'
        return [b'{"type":"FeatureCollection","features":[%s]}' % point]
    if name == "parquet":
        import pyarrow as pa
        import pyarrow.parquet as pq

        pq.write_table(pa.table({"id": ["a", "b"], "lon": [1.0, 2.0], "lat": [3.0, 4.0]}),
                       scratch / "seed.parquet")  # fmt: skip
        return [(scratch / "seed.parquet").read_bytes()]
    return [_osm(scratch / f"seed.{'osm.pbf' if name == 'pbf' else 'osm'}")]


def _osm(file: Path) -> bytes:
    import osmium

    points = [(76.99, 43.30), (77.00, 43.30), (77.01, 43.31), (77.02, 43.31)]
    with osmium.SimpleWriter(str(file)) as writer:
        for id_, point in enumerate(points, 1):
            writer.add_node(osmium.osm.mutable.Node(location=point, id=id_, version=1))
        ways = (([1, 2, 3], {"highway": "primary", "maxspeed": "60"}),
                ([3, 4], {"railway": "rail", "gauge": "1520"}))  # fmt: skip
        for id_, (nodes, tags) in enumerate(ways, 1):
            writer.add_way(osmium.osm.mutable.Way(nodes=nodes, tags=tags, id=id_, version=1))
    return file.read_bytes()


# The search ---------------------------------------------------------------------------------------


def fuzz(name: str, seconds: int, keep: Path) -> None:
    """Fuzz one reader in this process."""
    keep = keep.resolve()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        good = seeds(name, folder)
        try:
            import atheris
        except ImportError:
            _at_random(name, good, seconds, folder, keep)
            return
        corpus = folder / "corpus"
        corpus.mkdir()
        for number, data in enumerate(good):
            (corpus / str(number)).write_bytes(data)
        with atheris.instrument_imports(include=["horgos_geo"]):
            once(name, good[0], folder)  # which imports the reader
        options = [f"-max_total_time={seconds}", f"-artifact_prefix={keep}/{name}-", "-timeout=60",
                   "-rss_limit_mb=4000", f"-max_len={MOST_BYTES}", str(corpus)]  # fmt: skip
        atheris.Setup([sys.argv[0], *options], lambda data: once(name, data, folder))
        atheris.Fuzz()


def once(name: str, data: bytes, folder: Path) -> None:
    """Give one input to a reader. An error of this package, of one line, is an answer."""
    with tempfile.TemporaryDirectory(dir=folder) as inner:
        # The good network stands beside all inputs.
        file = folder / f"{Path(inner).name}-input"
        file.write_bytes(data)
        try:
            READERS[name](file)
        except HorgosError as error:
            if len(str(error).splitlines()) != 1:
                raise AssertionError(f"not one line: {error!r}") from error
        finally:
            for left in folder.glob(f"{Path(inner).name}-input*"):
                left.unlink()


def _at_random(name: str, good: list[bytes], seconds: int, folder: Path, keep: Path) -> None:
    chance, end, count = random.Random(20230718), time.monotonic() + seconds, 0
    kept = keep / f"{name}-last"
    while time.monotonic() < end:
        data = mutated(chance.choice(good), chance)
        kept.write_bytes(data)  # before it is read: a reader may take the process down
        once(name, data, folder)
        count += 1
    kept.unlink()
    print(f"{count:,} inputs at random in {seconds} s (no atheris here)")


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Return a file with some of it flipped, cut, doubled or replaced."""
    result = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        at = chance.randrange(len(result) + 1)
        span = min(chance.choice((1, 2, 8, 64, 1024)), len(result) - at)
        what = chance.randrange(5)
        if what == 0 and span:
            result[at] ^= 1 << chance.randrange(8)
        elif what == 1:
            del result[at : at + span]
        elif what == 2:
            result[at:at] = result[at : at + span]
        elif what == 3:
            result[at:at] = chance.choice(WORDS)
        else:
            result[at : at + span] = chance.randbytes(span)
    return bytes(result[:MOST_BYTES])


if __name__ == "__main__":
    main()
