"""Where data comes from."""

import gzip
import io
import os
import sys
from pathlib import Path

import pytest

from linreg_cli.errors import DataError, LinregError, UsageError
from linreg_cli.reading.sources.source import Source, find_sources


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with b.csv, a.csv, notes.txt and deep/er/c.csv."""
    (tmp_path / "deep" / "er").mkdir(parents=True)
    for name in ("b.csv", "a.csv", "notes.txt", "deep/er/c.csv"):
        (tmp_path / name).write_bytes(b"x,y\n1,2\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def names(*data: str) -> list[str]:
    return [source.name for source in find_sources(data)]


def error(*data: str) -> LinregError:
    with pytest.raises(LinregError) as raised:
        find_sources(data)
    return raised.value


@pytest.mark.usefixtures("folder")
class TestFindSources:
    def test_files_keep_the_order_and_names_they_are_given(self) -> None:
        assert names("./b.csv", "a.csv") == ["./b.csv", "a.csv"]

    def test_a_glob_gives_its_files_sorted(self) -> None:
        assert names("*.csv") == ["a.csv", "b.csv"]

    def test_a_glob_with_two_stars_goes_into_folders(self) -> None:
        assert names("**/*.csv") == ["a.csv", "b.csv", "deep/er/c.csv"]

    def test_a_glob_leaves_folders_out(self) -> None:
        assert names("[dn]*") == ["notes.txt"]

    def test_an_absolute_glob_works(self, folder: Path) -> None:
        assert names(f"{folder}/a*.csv") == [f"{folder}/a.csv"]

    def test_a_file_whose_name_looks_like_a_glob_is_that_file(self, folder: Path) -> None:
        (folder / "[ab].csv").write_bytes(b"")
        assert names("[ab].csv") == ["[ab].csv"]

    def test_a_glob_without_a_match_is_an_error(self) -> None:
        found = error("*.tsv")
        assert isinstance(found, DataError)
        assert found.message == "*.tsv: matches no file"

    def test_a_dash_is_stdin(self) -> None:
        assert names("a.csv", "-") == ["a.csv", "stdin"]

    def test_stdin_cannot_be_read_twice(self) -> None:
        found = error("-", "a.csv", "-")
        assert isinstance(found, UsageError)
        assert found.message == "stdin (-) is given twice"

    def test_a_missing_file_offers_the_nearest_name(self) -> None:
        found = error("note.txt")
        assert isinstance(found, DataError)
        assert (found.message, found.hint) == (
            "note.txt: no such file",
            "did you mean 'notes.txt'?",
        )

    def test_a_missing_file_with_no_near_name_offers_none(self) -> None:
        assert error("zzzzzzzz").hint == "The CSV files there are a.csv b.csv notes.txt"

    def test_the_hint_for_a_missing_file_can_be_another(self) -> None:
        with pytest.raises(DataError) as raised:
            find_sources(["zzzzzzzz"], hint="Look again.")
        assert raised.value.hint == "Look again."

    def test_a_missing_folder_is_said_to_be_missing(self) -> None:
        found = error("shallow/a.csv")
        assert (found.message, found.hint) == (
            "shallow/a.csv: no such file",
            "Check the path: there is no folder 'shallow'.",
        )

    def test_a_folder_is_no_file(self) -> None:
        found = error("deep")
        assert isinstance(found, DataError)
        assert (found.message, found.hint) == (
            "deep: is a folder",
            "There is no CSV file in it: ls deep",
        )

    def test_a_file_that_may_not_be_read_is_an_error(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(os, "access", lambda _path, mode: mode != os.R_OK)
        assert error("a.csv").message == "a.csv: no permission to read it"


class TestSource:
    def test_a_file_knows_its_size_on_disk(self, folder: Path) -> None:
        assert Source("a.csv", folder / "a.csv").size == 8

    def test_stdin_has_no_size(self) -> None:
        assert Source("stdin").size is None

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
    def test_a_named_pipe_has_no_size(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe")
        assert Source("pipe", tmp_path / "pipe").size is None

    def test_a_file_that_went_away_is_an_error(self, tmp_path: Path) -> None:
        source = Source("a.csv", tmp_path / "a.csv")
        with (
            pytest.raises(DataError, match=r"^a\.csv: cannot be opened: No such file"),
            source.open(),
        ):
            pass

    def test_stdin_is_decompressed_and_decoded_too(self, monkeypatch: pytest.MonkeyPatch) -> None:
        data = gzip.compress("é\n".encode("utf-16"))
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        with Source("stdin").open() as stream:
            assert stream.read(10) == "é\n".encode()

    def test_stdin_stays_open(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"x")))
        with Source("stdin").open():
            pass
        assert not sys.stdin.buffer.closed

    def test_progress_counts_bytes_on_disk(self, tmp_path: Path) -> None:
        path = tmp_path / "a.csv.gz"
        path.write_bytes(gzip.compress(b"1\n" * 10_000))
        with Source("a.csv.gz", path).open() as stream:
            assert len(stream.read(100_000)) == 20_000
            assert stream.bytes_read == path.stat().st_size
