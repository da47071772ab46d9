"""Writes are whole or not at all, and overwrite only when told to."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mce_utaut import files
from mce_utaut.errors import FileProblem


def leftovers(folder: Path) -> list[str]:
    return [entry.name for entry in folder.iterdir() if entry.name.startswith(".") and entry.name != files.MARKER]


def test_a_missing_file_names_its_neighbour(tmp_path: Path) -> None:
    (tmp_path / "responses.csv").write_bytes(b"a")
    with pytest.raises(FileProblem, match=r"response\.csv.*does not exist.*responses\.csv"):
        files.read(tmp_path / "response.csv")


def test_reading_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="is a folder"):
        files.read(tmp_path)


def test_read_gives_name_content_and_digest(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"abc")
    got = files.read(tmp_path / "a.txt")
    assert (got.name, got.content) == ("a.txt", b"abc")
    assert got.sha256.startswith("ba7816bf")


def test_write_refuses_an_existing_file_and_keeps_it(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    files.write(target, b"old")
    with pytest.raises(FileProblem, match="exists already"):
        files.write(target, b"new")
    assert target.read_bytes() == b"old"
    files.write(target, b"new", overwrite=True)
    assert target.read_bytes() == b"new"
    assert leftovers(tmp_path) == []


def test_a_folder_is_swapped_whole(tmp_path: Path) -> None:
    target = tmp_path / "study"
    files.write_folder(target, {"a.txt": b"1", "tables/b.csv": b"2"})
    with pytest.raises(FileProblem, match="exists already"):
        files.write_folder(target, {"a.txt": b"3"})
    files.write_folder(target, {"a.txt": b"3"}, overwrite=True)
    assert {path.name for path in target.rglob("*")} == {"a.txt", files.MARKER}
    assert (target / "a.txt").read_bytes() == b"3"
    assert leftovers(tmp_path) == []


def test_a_failing_write_leaves_the_old_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "study"
    files.write_folder(target, {"a.txt": b"1"})
    real = os.fsync

    def full_disk(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(FileProblem, match="no space left on device"):
        files.write_folder(target, {"a.txt": b"2"}, overwrite=True)
    with pytest.raises(FileProblem, match="nothing was changed"):
        files.write(target / "a.txt", b"2", overwrite=True)
    monkeypatch.setattr(os, "fsync", real)
    assert (target / "a.txt").read_bytes() == b"1"
    assert leftovers(tmp_path) == [] and leftovers(target) == []


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "study").write_bytes(b"mine")
    with pytest.raises(FileProblem, match="is a file"):
        files.write_folder(tmp_path / "study", {"a": b""}, overwrite=True)
    assert (tmp_path / "study").read_bytes() == b"mine"


def test_the_folder_one_stands_in_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileProblem, match="folder you stand in"):
        files.write_folder(tmp_path, {"a": b""}, overwrite=True)


def test_new_files_have_ordinary_permissions(tmp_path: Path) -> None:
    old = os.umask(0o022)
    try:
        files.write(tmp_path / "a", b"")
        files.write_folder(tmp_path / "f", {"b": b""})
    finally:
        os.umask(old)
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o644
    assert (tmp_path / "f").stat().st_mode & 0o777 == 0o755


def test_a_folder_with_files_of_others_is_not_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    files.write_folder(folder, {"report.html": b"1"})
    (folder / "thesis.txt").write_bytes(b"mine")
    with pytest.raises(FileProblem, match=r"holds thesis\.txt, which this program did not write"):
        files.write_folder(folder, {"report.html": b"2"}, overwrite=True)
    assert (folder / "thesis.txt").read_bytes() == b"mine"
    assert (folder / "report.html").read_bytes() == b"1"


def test_an_empty_folder_may_be_replaced(tmp_path: Path) -> None:
    (tmp_path / "study").mkdir()
    files.write_folder(tmp_path / "study", {"a": b"1"}, overwrite=True)
    assert (tmp_path / "study" / "a").read_bytes() == b"1"


def test_a_folder_that_another_run_made_in_the_meantime_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, made = files._write_through, []

    def slowly(path: Path, content: bytes) -> None:
        if not made:
            made.append(True)
            files.write_folder(tmp_path / "study", {"report.html": b"of the other run"})
        real(path, content)

    monkeypatch.setattr(files, "_write_through", slowly)
    with pytest.raises(FileProblem, match="exists already"):
        files.write_folder(tmp_path / "study", {"report.html": b"mine"})
    assert (tmp_path / "study" / "report.html").read_bytes() == b"of the other run"
    assert leftovers(tmp_path) == []


def test_a_file_is_the_folders_own_before_it_is_added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files.write_folder(tmp_path / "study", {"study.json": b"{}"})
    real, written = files.write, []
    monkeypatch.setattr(files, "write", lambda path, *a, **k: (written.append(Path(path).name), real(path, *a, **k)))
    files.add(tmp_path / "study", "report.html", b"x")
    assert written == [files.MARKER, "report.html"]


def test_several_files_are_written_all_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files.write(tmp_path / "a.csv", b"old")
    (tmp_path / "notes.txt").write_bytes(b"mine")
    real = files._write_through

    def full(path: Path, content: bytes) -> None:
        if content == b"second":
            raise OSError(28, "no space left on device")
        real(path, content)

    monkeypatch.setattr(files, "_write_through", full)
    with pytest.raises(FileProblem, match="nothing was changed"):
        files.write_all(tmp_path, {"a.csv": b"first", "b.csv": b"second"}, overwrite=True)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.csv", "notes.txt"]
    assert (tmp_path / "a.csv").read_bytes() == b"old"
    with pytest.raises(FileProblem, match="exists already"):
        files.write_all(tmp_path, {"a.csv": b"first"})
    files.write_all(tmp_path, {"a.csv": b"first", "b.csv": b"third"}, overwrite=True)
    assert (tmp_path / "b.csv").read_bytes() == b"third" and leftovers(tmp_path) == []


def test_an_empty_folder_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "study").mkdir()
    files.write_folder(tmp_path / "study", {"a.txt": b"1"})
    assert (tmp_path / "study" / "a.txt").read_bytes() == b"1"
