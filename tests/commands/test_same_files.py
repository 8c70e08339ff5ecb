"""Outputs that are inputs, or one file, by whatever name."""

import os
import tempfile
from pathlib import Path

import pytest

from linreg_cli.commands.overwriting import refuse_overwriting
from linreg_cli.errors import UsageError


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "old.json"
    path.write_bytes(b"old content")
    return path


def refuses(inputs: list[str], *outputs: str | None) -> bool:
    try:
        refuse_overwriting(inputs, *outputs)
    except UsageError:
        return True
    return False


def test_an_output_that_is_an_input_is_refused_by_name() -> None:
    with pytest.raises(UsageError) as caught:
        refuse_overwriting(["a.csv", "b.csv"], "b.csv")
    assert caught.value.message == "b.csv is named twice: it would be overwritten"
    assert caught.value.hint == "Name another file for the output."


def test_two_outputs_that_are_one_file_are_refused() -> None:
    assert refuses(["a.csv"], "model.json", "model.json")


def test_other_outputs_are_fine() -> None:
    assert not refuses(["a.csv", "b.csv"], "model.json", "history.csv")


def test_another_spelling_of_an_input_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert refuses(["a.csv"], str(tmp_path / "x" / ".." / "a.csv"))


def test_a_link_to_an_input_is_refused(old: Path) -> None:
    link = old.with_name("link.json")
    link.symlink_to(old)
    assert refuses([str(old)], str(link))


@pytest.mark.parametrize("output", [None, "-", "/dev/null"])
def test_what_cannot_be_overwritten_may_be_named_again(output: str | None) -> None:
    assert not refuses(["/dev/null"], output, output)


def test_a_hard_link_to_an_input_is_refused(old: Path) -> None:
    os.link(old, old.with_name("hard.json"))
    assert refuses([str(old)], str(old.with_name("hard.json")))


def test_two_outputs_in_one_folder_of_two_names_are_one_file(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    assert refuses([], str(tmp_path / "new.json"), str(tmp_path / "link" / "new.json"))


def test_a_file_in_shared_memory_is_a_file() -> None:
    with tempfile.NamedTemporaryFile(dir="/dev/shm") as file:  # what is tested
        assert refuses([file.name], file.name)


def test_a_file_called_stdin_is_not_standard_input(folder: Path) -> None:
    (folder / "stdin").write_text("x")
    assert not refuses(["-"], "stdin")
