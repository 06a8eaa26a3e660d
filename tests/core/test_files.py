"""Files are written whole or not at all."""

from __future__ import annotations

import pytest

from horgos_geo.core.errors import OutputError
from horgos_geo.core.files import atomic_path, write_atomic


def test_text_is_written_as_utf8_into_new_folders(tmp_path):
    file = write_atomic(tmp_path / "a" / "b.txt", "霍尔果斯")
    assert file.read_bytes() == "霍尔果斯".encode()
    assert [p.name for p in file.parent.iterdir()] == ["b.txt"]


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path):
    file = write_atomic(tmp_path / "x.txt", "old")

    def fail_half_way():
        with atomic_path(file) as temporary:
            temporary.write_text("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    assert file.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["x.txt"]


def test_a_folder_in_the_place_of_the_file(tmp_path):
    (tmp_path / "x.txt").mkdir()
    with pytest.raises(OutputError, match=r"Cannot write .*x\.txt"):
        write_atomic(tmp_path / "x.txt", "new")
    assert [p.name for p in tmp_path.iterdir()] == ["x.txt"]


def test_a_file_in_the_place_of_the_folder(tmp_path):
    (tmp_path / "x").write_text("a file")
    with pytest.raises(OutputError, match="Choose a folder"):
        write_atomic(tmp_path / "x" / "y.txt", "new")
    assert (tmp_path / "x").read_text() == "a file"
