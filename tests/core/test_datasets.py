"""Finding, reading and checking the data files."""

from __future__ import annotations

import pytest

from horgos_geo.core import datasets
from horgos_geo.core.errors import DataError, MissingData
from horgos_geo.model.network import load_network, save_network


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(datasets, "root", lambda: tmp_path)
    return tmp_path


def test_rows_are_dictionaries_with_or_without_byte_order_mark(folder):
    (folder / "a.csv").write_text("id,name\n1,Horgos\n2\n", encoding="utf-8-sig")
    assert datasets.read_rows("a.csv") == [{"id": "1", "name": "Horgos"}, {"id": "2", "name": ""}]


def test_a_missing_file_says_how_to_get_it(folder):
    with pytest.raises(MissingData, match=r"reference/none\.csv.*horgos network build"):
        datasets.read_rows("reference/none.csv")


@pytest.mark.parametrize(
    ("content", "says"),
    [("名".encode("gbk"), "UTF-8"), (b"a,b\n1,2,3\n", "line 2")],
)
def test_damaged_tables_are_refused(folder, content, says):
    (folder / "a.csv").write_bytes(content)
    with pytest.raises(DataError, match=says):
        datasets.read_rows("a.csv")


def test_verify_names_what_is_missing_or_changed(folder):
    good = folder / "good.csv"
    good.write_text("a\n")
    (folder / "changed.csv").write_text("b\n")
    rows = [f"good.csv,{datasets.sha256(good)}", "changed.csv,00", "gone.csv,00"]
    (folder / "sources.csv").write_text("\n".join(["path,sha256", *rows]))
    assert datasets.verify() == [
        "changed.csv is damaged: its SHA-256 is not the recorded one.",
        "gone.csv is missing.",
    ]


def test_a_network_of_ones_own_takes_the_place_of_the_bundled_one(tmp_path, network, monkeypatch):
    monkeypatch.delenv(datasets.OWN_NETWORK, raising=False)
    save_network(network, tmp_path / "own")
    bundled = datasets.network()
    with datasets.using_network(tmp_path / "own"):
        assert load_network().node_count == network.node_count
        with datasets.using_network(None):
            assert datasets.network() == tmp_path / "own"
    assert datasets.network() == bundled == datasets.root() / "network"
