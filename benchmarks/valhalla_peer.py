"""Ask Valhalla for the lengths of pairs; run by an interpreter that has `pyvalhalla`.

Reads JSON from stdin: the extract, a scratch folder and pairs of lon, lat, lon, lat. Needs nothing
of this project.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

import valhalla
from valhalla.config import get_config


def main() -> None:
    """Build tiles, answer the pairs, print JSON."""
    asked = json.load(sys.stdin)
    folder = Path(asked["folder"])
    tiles = folder / "tiles"
    tiles.mkdir(parents=True, exist_ok=True)
    config = get_config(tile_extract="", tile_dir=str(tiles))
    config["mjolnir"]["concurrency"] = 1
    file = folder / "valhalla.json"
    file.write_text(json.dumps(config))
    start = time.perf_counter()
    program = Path(valhalla.__file__).parent / "bin" / "valhalla_build_tiles"
    subprocess.run(
        [str(program), "-c", str(file), asked["pbf"]],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    build_s = time.perf_counter() - start
    actor = valhalla.Actor(str(file))
    options = {
        "shortest": True,
        "use_ferry": 0.5,
        "service_penalty": 0,
        "private_access_penalty": 0,
    }
    km = []
    start = time.perf_counter()
    for lon_a, lat_a, lon_b, lat_b in asked["pairs"]:
        places = [{"lon": lon_a, "lat": lat_a}, {"lon": lon_b, "lat": lat_b}]
        try:
            answer = actor.route(
                {"locations": places, "costing": asked["costing"],
                 "costing_options": {asked["costing"]: options}, "directions_type": "none"}
            )  # fmt: skip
            km.append(answer["trip"]["summary"]["length"])
        except RuntimeError:
            km.append(None)
    json.dump({"build_s": build_s, "route_s": (time.perf_counter() - start) / len(km), "km": km},
              sys.stdout)  # fmt: skip


main()
