"""`horgos notebooks`: lists them, and copies them without ever overwriting."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from horgos_geo.cli import main
from horgos_geo.core import datasets


def test_notebooks_are_copied_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["notebooks", "--copy", str(tmp_path / "study"), "-f", "json"])
    files = [Path(file) for file in json.loads(capsys.readouterr().out)["notebooks"]]
    assert len(files) >= 8
    for file in files:
        assert file.read_bytes() == (datasets.notebooks() / file.name).read_bytes()
    files[0].write_text("my own")
    with pytest.raises(SystemExit, match="1"):
        main(["notebooks", "--copy", str(tmp_path / "study")])
    assert "is there already" in capsys.readouterr().err
    assert files[0].read_text() == "my own"


def test_notebooks_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    main(["notebooks"])
    assert "01-routes-from-horgos" in capsys.readouterr().out
