"""The raw graphs: read from the text of modules that are not run."""

from __future__ import annotations

from pathlib import Path

import pytest

from horgos_geo.build import scgraph
from horgos_geo.core.errors import DataError, MissingData

TEXT = """
from scgraph.core import GeoGraph
graph=[{1: 2.5, 0: 0.0}, {0: 2.5, 2: 1.25}, {1: 1.25}]
nodes=[[43.0, 76.0], [43.01, 76.02], [43.02, 76.03]]
world_geograph = GeoGraph(graph=graph, nodes=nodes)
"""


def test_literals_are_parsed_without_running_the_module() -> None:
    lon, lat, u, v, km = scgraph.parse(TEXT)
    assert lon.tolist() == [76.0, 76.02, 76.03]
    assert lat.tolist() == [43.0, 43.01, 43.02]
    assert list(zip(u.tolist(), v.tolist(), km.tolist(), strict=True)) == [
        (0, 1, 2.5),
        (1, 2, 1.25),
    ]


def test_another_text_is_refused() -> None:
    with pytest.raises(DataError, match="literals"):
        scgraph.parse("graph = 3")


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingData, match="scgraph-data"):
        scgraph.find("scgraph_data", tmp_path)
