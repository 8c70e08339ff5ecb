"""What is given as MODEL but is none: refused by its first bytes, and its size is bounded."""

import contextlib
import os
import threading
from pathlib import Path

import pytest

from linreg_cli.errors import ModelFileError
from linreg_cli.model import model_file
from linreg_cli.model.model_file import MAX_BYTES, load_model
from tests.conftest import Linreg
from tests.markers import slow_but_every


@pytest.fixture
def model(linreg: Linreg, houses: Path) -> str:
    assert linreg("train", houses.name, "--x", "square_feet", "--y", "price", "-q").status == 0
    return "model.json"


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize("command", ["show", "predict", "evaluate", "plot", "replay", "update"])
def test_a_device_without_end_is_refused_by_its_first_bytes(linreg: Linreg, command: str) -> None:
    data = [] if command in {"show", "plot"} else ["houses.csv"]
    done = linreg(command, "/dev/zero", *data, *(["-o", "o"] if command == "update" else []))
    assert (done.status, done.stderr.splitlines()[0]) == (4, "Error: /dev/zero: is not JSON")


def test_only_the_first_bytes_of_other_files_are_read(folder: Path) -> None:
    with (folder / "big.csv").open("wb") as file:
        file.truncate(10 << 40)
    with pytest.raises(ModelFileError, match=r"big\.csv: is not JSON"):
        load_model("big.csv")


@pytest.mark.parametrize("start", slow_but_every(2, [b" \n{", b"{"]))
def test_a_file_that_is_too_large_is_refused_unread(folder: Path, start: bytes) -> None:
    with (folder / "big.json").open("wb") as file:
        file.write(start)
        file.truncate(10 << 40)
    with pytest.raises(ModelFileError, match=r"big\.json: is larger than 256 MiB") as raised:
        load_model("big.json")
    assert raised.value.hint == "Give a model file that linreg train wrote."


@pytest.mark.usefixtures("folder")
def test_a_pipe_is_read_no_further_than_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_file, "MAX_BYTES", 1 << 20)
    os.mkfifo("pipe")
    written = []

    def write() -> None:
        with Path("pipe").open("wb", buffering=0) as file:
            file.write(b"{")
            with contextlib.suppress(BrokenPipeError):
                while True:
                    written.append(file.write(bytes(1 << 16)))

    writer = threading.Thread(target=write)
    writer.start()
    with pytest.raises(ModelFileError, match="pipe: is larger than 1 MiB"):
        load_model("pipe")
    writer.join()
    assert sum(written) < 4 << 20 < MAX_BYTES


@pytest.mark.parametrize("command", ["predict", "evaluate", "plot", "replay", "update"])
def test_swapped_arguments_get_the_right_order(linreg: Linreg, model: str, command: str) -> None:
    done = linreg(command, "houses.csv", model)
    assert done.status == 4
    assert done.stderr.splitlines() == [
        "Error: houses.csv: is not JSON",
        f"Hint: MODEL comes first: linreg {command} model.json houses.csv",
    ]


def test_swapped_arguments_among_several_keep_their_places(linreg: Linreg, model: str) -> None:
    Path("my houses.csv").write_bytes(Path("houses.csv").read_bytes())
    done = linreg("predict", "my houses.csv", "houses.csv", model)
    assert done.stderr.splitlines()[1] == (
        "Hint: MODEL comes first: linreg predict model.json houses.csv 'my houses.csv'"
    )


@pytest.mark.usefixtures("model")
def test_two_files_that_are_no_models_get_the_usual_hint(linreg: Linreg) -> None:
    done = linreg("predict", "houses.csv", "houses.csv")
    assert done.stderr.splitlines()[1] == "Hint: Give a model file that linreg train wrote."
