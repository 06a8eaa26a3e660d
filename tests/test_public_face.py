"""The names that `import horgos_geo as hg` gives: each the same at every access."""

from __future__ import annotations

import subprocess
import sys

import pytest

import horgos_geo as hg


def test_each_name_is_what_it_says_at_every_access():
    for name in dir(hg):
        first = getattr(hg, name)
        assert first is getattr(hg, name) or name == "__version__", name
    assert callable(hg.compare)
    assert callable(hg.explore)
    assert hg.maps.__name__ == "horgos_geo.views.maps"


def test_a_name_stays_the_same_once_its_module_is_imported():
    code = (
        "import horgos_geo as hg; before = {n: getattr(hg, n) for n in dir(hg)};"
        "import horgos_geo.analysis.corridors, horgos_geo.analysis.isochrones;"
        "import horgos_geo.analysis.gateways, horgos_geo.views.explorer, horgos_geo.model.places;"
        "assert all(getattr(hg, n) == v for n, v in before.items())"
    )
    subprocess.run([sys.executable, "-W", "error::RuntimeWarning", "-c", code], check=True)


def test_importing_it_reads_nothing_heavy():
    code = "import sys, horgos_geo; assert not {'numpy', 'geopandas', 'folium'} & {*sys.modules}"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="isochrone"):
        hg.isochrone  # noqa: B018
