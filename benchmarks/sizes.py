"""The rendered set beside the same maps saved by plain folium: `python -m benchmarks.sizes`.

Plain folium writes one page a map and fetches Leaflet and tiles from elsewhere, so its pages are
lines and markers alone. The routes of the route finder are counted in its page; a sample of them
is saved by folium, and its mean size stands for all.
"""

from __future__ import annotations

import json
import random
import re
import tempfile
from pathlib import Path

from benchmarks.graph import SEED

REPORTS = Path(__file__).resolve().parent.parent / "reports"
SAMPLE = 60


def main() -> None:
    """Print the sizes."""
    ours = sum(file.stat().st_size for file in REPORTS.glob("*.html"))
    page = (REPORTS / "index.html").read_text(encoding="utf-8")
    found = re.search(r'id="atlas-data"[^>]*>([^<]*)<', page)
    assert found, "index.html holds no routes"
    maps = len(json.loads(found[1])["routes"])
    with tempfile.TemporaryDirectory() as folder:
        sizes = list(folium_sizes(Path(folder) / "map.html"))
    mean = sum(sizes) / len(sizes)
    print(
        f"All of reports/, {maps:,} routes in the route finder among it: {ours / 1e6:.1f} MB.\n"
        f"Plain folium, one route a map: {mean / 1e3:.0f} kB in the mean of {len(sizes)}, "
        f"{mean * maps / 1e6:,.0f} MB for as many, × {mean * maps / ours:,.0f}."
    )


def folium_sizes(file: Path) -> list[int]:
    """Return the bytes of folium's pages for a random sample of routes."""
    import folium

    import horgos_geo as hg

    chosen = random.Random(SEED)
    places = hg.destinations()
    routers = {mode: hg.Router(hg.load_network(), hg.Scenario(modes=mode, minimise="time"))
               for mode in ("road", "rail", "multimodal")}  # fmt: skip
    sizes: list[int] = []
    while len(sizes) < SAMPLE:
        route = routers[chosen.choice([*routers])].route("Horgos", chosen.choice(places))
        if not route.found:
            continue
        page = folium.Map(location=(48, 60), zoom_start=4)
        for leg in route.legs:
            if len(leg.lonlat) > 1:
                folium.PolyLine(leg.lonlat[:, ::-1].tolist(), tooltip=leg.to_name).add_to(page)
        page.save(file)
        sizes.append(file.stat().st_size)
    return sizes


if __name__ == "__main__":
    main()
