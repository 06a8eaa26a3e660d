"""A tiny country group that holds every phenomenon of the real network.

CHN --H-- KAZ ------ north corridor ------ RUS        road and rail, break of gauge at H
           |  `-- south corridor -- UZB -- RUS        rail only north; UZB-RUS crossing closed
           |                          `-- AFG         destination only, and a road on to IRN
           `-- port ~~~~ ferry ~~~~ port -- AZE       ferry with a port on each side
An island (JPN) has a road of its own. A second Chinese gateway D lies further north.
"""

from __future__ import annotations

import numpy as np

from horgos_geo.core.choices import MODES, SOURCES
from horgos_geo.core.geodesy import distance_km
from horgos_geo.model.network import Crossing, Network, Terminal


class Builder:
    """Collects nodes and edges by name and turns them into a network."""

    def __init__(self) -> None:
        self.nodes: dict[str, tuple[float, float, str]] = {}
        self.edges: list[dict[str, object]] = []
        self.crossings: list[Crossing] = []
        self.terminals: list[Terminal] = []

    def node(self, name: str, lon: float, lat: float, country: str) -> None:
        self.nodes[name] = (lon, lat, country)

    def edge(self, u: str, v: str, mode: str = "road", **values: object) -> None:
        a, b = self.nodes[u], self.nodes[v]
        km = distance_km(*a[:2], *b[:2])
        row: dict[str, object] = {
            "u": u, "v": v, "mode": mode, "raw_length_km": km, "length_km": km * 1.1,
            "country": a[2] if a[2] == b[2] else "", "gauge_mm": 0, "gauge_to_mm": 0,
            "crossing_id": "", "link_id": "", "source": "osm", "oneway": False,
            "line": [(a[0], a[1]), (b[0], b[1])],
        }  # fmt: skip
        row.update(values)
        if row["gauge_mm"] and not row["gauge_to_mm"]:
            row["gauge_to_mm"] = row["gauge_mm"]
        self.edges.append(row)

    def crossing(self, id_: str, u: str, v: str, mode: str, **values: object) -> None:
        lon, lat, a = self.nodes[u]
        b = self.nodes[v][2]
        gauge = (values.get("gauge_a_mm", 0), values.get("gauge_b_mm", 0))
        self.crossings.append(
            Crossing(
                id=id_,
                name=id_.title(),
                country_a=a,
                country_b=b,
                mode=mode,
                lon=lon,
                lat=lat,
                **values,
            )  # type: ignore[arg-type]
        )
        self.edge(
            u, v, mode, crossing_id=id_, length_km=0.0, raw_length_km=0.0, country="",
            gauge_mm=gauge[0], gauge_to_mm=gauge[1], source="curated",
        )  # fmt: skip

    def build(self, **meta: object) -> Network:
        names = list(self.nodes)
        number = {name: i for i, name in enumerate(names)}
        countries = ("", *sorted({country for _, _, country in self.nodes.values() if country}))
        code = {iso3: i for i, iso3 in enumerate(countries)}
        crossing = {"": -1, **{c.id: i for i, c in enumerate(self.crossings)}}
        links = ("", *sorted({str(e["link_id"]) for e in self.edges} - {""}))
        lines = [e["line"] for e in self.edges]
        points = np.array([p for line in lines for p in line], dtype=float)
        self.terminals = [
            Terminal(**{**t.__dict__, "road_node": number.get(t.aliases.split("|")[0], -1),
                        "rail_node": number.get(t.aliases.split("|")[1], -1), "aliases": ""})
            for t in self.terminals
        ]  # fmt: skip

        def column(key: str, dtype: object) -> np.ndarray:
            return np.array([e[key] for e in self.edges], dtype=dtype)

        return Network(
            lon=np.array([self.nodes[n][0] for n in names], dtype=float),
            lat=np.array([self.nodes[n][1] for n in names], dtype=float),
            node_country=np.array([code[self.nodes[n][2]] for n in names], dtype=np.int16),
            rank=np.arange(len(names), dtype=np.int32),
            u=np.array([number[e["u"]] for e in self.edges], dtype=np.int32),
            v=np.array([number[e["v"]] for e in self.edges], dtype=np.int32),
            mode=np.array([MODES.index(e["mode"]) for e in self.edges], dtype=np.int8),
            length_km=column("length_km", np.float32).astype(float),
            raw_length_km=column("raw_length_km", np.float32).astype(float),
            edge_country=np.array([code[e["country"]] for e in self.edges], dtype=np.int16),
            gauge_mm=column("gauge_mm", np.int16),
            gauge_to_mm=column("gauge_to_mm", np.int16),
            crossing=np.array([crossing[e["crossing_id"]] for e in self.edges], dtype=np.int16),
            link=np.array([links.index(e["link_id"]) for e in self.edges], dtype=np.int16),
            source=np.array([SOURCES.index(e["source"]) for e in self.edges], dtype=np.int8),
            oneway=column("oneway", bool),
            speed_kmh=np.full(len(self.edges), np.nan, dtype=np.float32),
            coord_offset=np.concatenate([[0], np.cumsum([len(line) for line in lines])]).astype(
                np.int64
            ),
            coord_lon=points[:, 0].copy(),
            coord_lat=points[:, 1].copy(),
            countries=countries,
            crossings=tuple(self.crossings),
            terminals=tuple(self.terminals),
            links=links,
            meta={
                "format": 1,
                "name": "fixture",
                "error": {"road": {"band_pct": 5.0}, "rail": {"band_pct": 4.0}},
                **meta,
            },
        )


def fixture_network() -> Network:
    """Return the tiny network; lengths are 1.1 times the raw ones."""
    b = Builder()
    # Roads.
    for name, lon, lat, country in [
        ("yining", 81.3, 43.9, "CHN"), ("h_cn", 80.4, 44.2, "CHN"), ("h_kz", 80.4, 44.2, "KAZ"),
        ("d_cn", 82.5, 45.2, "CHN"), ("d_kz", 82.5, 45.2, "KAZ"),
        ("almaty", 77.0, 43.3, "KAZ"), ("astana", 71.4, 51.2, "KAZ"), ("aktau", 51.2, 43.7, "KAZ"),
        ("n_kz", 69.0, 54.6, "KAZ"), ("n_ru", 69.0, 54.6, "RUS"), ("omsk", 73.4, 55.0, "RUS"),
        ("moscow", 37.6, 55.8, "RUS"), ("s_kz", 69.2, 41.5, "KAZ"), ("s_uz", 69.2, 41.5, "UZB"),
        ("tashkent", 69.3, 41.3, "UZB"), ("x_uz", 57.0, 44.0, "UZB"), ("x_ru", 57.0, 44.0, "RUS"),
        ("samara", 50.1, 53.2, "RUS"), ("a_uz", 67.3, 37.2, "UZB"), ("a_af", 67.3, 37.2, "AFG"),
        ("mazar", 67.1, 36.7, "AFG"), ("i_af", 61.2, 34.5, "AFG"), ("i_ir", 61.2, 34.5, "IRN"),
        ("tehran", 51.4, 35.7, "IRN"), ("baku", 49.9, 40.4, "AZE"), ("ganja", 46.4, 40.7, "AZE"),
        ("osaka", 135.5, 34.7, "JPN"), ("tokyo", 139.7, 35.7, "JPN"),
        ("t_uz", 60.5, 41.8, "UZB"), ("t_tk", 60.5, 41.8, "TKM"), ("sarakhs_tk", 61.2, 36.5, "TKM"),
        ("sarakhs_ir", 61.2, 36.5, "IRN"),
    ]:  # fmt: skip
        b.node(name, lon, lat, country)
    bend = [(77.0, 43.3), (74.5, 46.0), (72.0, 49.0), (71.4, 51.2)]
    for u, v in [
        ("yining", "h_cn"), ("yining", "d_cn"), ("h_kz", "almaty"), ("d_kz", "astana"),
        ("astana", "n_kz"), ("n_ru", "omsk"), ("n_ru", "moscow"), ("almaty", "s_kz"),
        ("s_uz", "tashkent"), ("tashkent", "x_uz"), ("x_ru", "samara"), ("samara", "moscow"),
        ("tashkent", "a_uz"), ("a_af", "mazar"), ("mazar", "i_af"), ("i_ir", "tehran"),
        ("almaty", "aktau"), ("osaka", "tokyo"), ("tashkent", "t_uz"), ("t_tk", "sarakhs_tk"),
        ("sarakhs_ir", "tehran"), ("baku", "ganja"),
    ]:  # fmt: skip
        b.edge(u, v)
    b.edge("almaty", "astana", line=bend)
    for id_, u, v, values in [
        ("horgos-road", "h_cn", "h_kz", {}),
        ("dostyk-road", "d_cn", "d_kz", {}),
        ("petropavl-road", "n_kz", "n_ru", {}),
        ("zhibek-road", "s_kz", "s_uz", {"status": "limited"}),
        ("ustyurt-road", "x_uz", "x_ru", {"status": "closed"}),
        ("hairatan-road", "a_uz", "a_af", {}),
        ("islam-qala-road", "i_af", "i_ir", {}),
        ("dashoguz-road", "t_uz", "t_tk", {}),
        ("sarakhs-road", "sarakhs_tk", "sarakhs_ir", {}),
    ]:  # fmt: skip
        b.crossing(id_, u, v, "road", **values)
    # Rail: 1435 mm in China, 1520 beyond; north corridor only. A dead siding of 1435 in Almaty.
    for name, lon, lat, country in [
        ("r_yining", 81.31, 43.91, "CHN"), ("r_h_cn", 80.35, 44.16, "CHN"), ("r_h_kz", 80.35, 44.16, "KAZ"),
        ("r_almaty", 77.05, 43.35, "KAZ"), ("r_almaty_std", 77.05, 43.35, "KAZ"), ("r_depot", 77.3, 43.3, "KAZ"),
        ("r_astana", 71.45, 51.25, "KAZ"), ("r_n_kz", 69.05, 54.65, "KAZ"), ("r_n_ru", 69.05, 54.65, "RUS"),
        ("r_moscow", 37.65, 55.85, "RUS"), ("r_aktau", 51.3, 43.75, "KAZ"), ("r_baku", 49.85, 40.45, "AZE"), ("r_ganja", 46.35, 40.65, "AZE"),
        ("p_aktau", 51.18, 43.6, "KAZ"), ("p_alat", 49.4, 39.95, "AZE"),
    ]:  # fmt: skip
        b.node(name, lon, lat, country)
    broad = {"gauge_mm": 1520}
    b.edge("r_yining", "r_h_cn", "rail", gauge_mm=1435)
    for u, v in [("r_h_kz", "r_almaty"), ("r_almaty", "r_astana"), ("r_astana", "r_n_kz"),
                 ("r_n_ru", "r_moscow"), ("r_almaty", "r_aktau"), ("r_baku", "r_ganja")]:  # fmt: skip
        b.edge(u, v, "rail", **broad)
    b.edge("r_almaty_std", "r_depot", "rail", gauge_mm=1435)
    b.edge(
        "r_almaty",
        "r_almaty_std",
        "rail",
        gauge_mm=1520,
        gauge_to_mm=1435,
        length_km=0.0,
        raw_length_km=0.0,
    )
    b.crossing("horgos-rail", "r_h_cn", "r_h_kz", "rail", gauge_a_mm=1435, gauge_b_mm=1520)
    b.crossing("petropavl-rail", "r_n_kz", "r_n_ru", "rail", gauge_a_mm=1520, gauge_b_mm=1520)
    # Terminals and ports.
    for id_, u, v in [("almaty-terminal", "almaty", "r_almaty"), ("moscow-terminal", "moscow", "r_moscow"),
                      ("aktau-port", "aktau", "p_aktau"), ("aktau-port", "r_aktau", "p_aktau"),
                      ("alat-port", "baku", "p_alat"), ("alat-port", "r_baku", "p_alat")]:  # fmt: skip
        b.edge(u, v, "transfer", link_id=id_, length_km=0.0, raw_length_km=0.0, country="")
    b.crossings.append(
        Crossing("aktau-alat-ferry", "Aktau – Alat", "KAZ", "AZE", "ferry", kind="ferry")
    )
    b.edge(
        "p_aktau",
        "p_alat",
        "ferry",
        crossing_id="aktau-alat-ferry",
        link_id="aktau-alat-ferry",
        country="",
    )
    for id_, road, rail in [
        ("almaty-terminal", "almaty", "r_almaty"),
        ("moscow-terminal", "moscow", "r_moscow"),
    ]:
        lon, lat, country = b.nodes[rail]
        b.terminals.append(Terminal(id_, id_.title(), country, lon, lat, aliases=f"{road}|{rail}"))
    return b.build()
