"""No command overwrites what it reads, by whatever name or redirection its output is given."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import HOUSES, Linreg, Shell, snapshot

COLUMNS = "--x square_feet --y price"
WRITERS = [
    *(
        f"train d.csv {COLUMNS} -o {{}}|{option} {{}}"
        for option in ("--rejects", "--history", "--plot", "-o")
    ),
    "update m.json d.csv -o {}|-o {}",
    "update m.json d.csv -o o.json|--rejects {}",
    "predict m.json d.csv --column p|--rejects {}",
    "evaluate m.json d.csv|--rejects {}",
    "plot m.json d.csv -o p.svg|--rejects {}",
    "plot m.json d.csv|-o {}",
    "replay m.json d.csv -o p.html|--rejects {}",
    "replay m.json d.csv|-o {}",
    "export m.json --to c|-o {}",
    "merge m.json m2.json|-o {}",
]
"""Commands that write files, and the option whose file takes the place of an input."""
PRINTERS = [
    f"train {{data}} {COLUMNS} -o -",
    f"train {{data}} {COLUMNS} --json -o other",
    "update m.json {data} -o -",
    "columns {data}",
    "predict m.json {data} --only",
    "evaluate m.json {data}",
    "plot m.json {data}",
    "replay m.json {data} -o -",
    "show {model}",
    "predict {model} 1800",
    "export {model} --to c",
    "merge {model} -o -",
    "plot {model}",
    "replay {model} -o -",
    "update {model} d.csv -o -",
]
"""Commands that write to standard output."""


@pytest.fixture
def inputs(linreg: Linreg, folder: Path) -> dict[str, bytes]:
    """Write data and two models; give all that is in the folder."""
    (folder / "d.csv").write_bytes(HOUSES)
    for name in ("m.json", "m2.json"):
        done = linreg("train", "d.csv", *COLUMNS.split(), "-q", "-o", name)
        assert done.status == 0
    return snapshot(folder)


@pytest.fixture
def shared_memory() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir="/dev/shm") as name:  # what is tested
        yield Path(name)


def link_to(name: str, kind: str, ending: str) -> str:
    """Return another name of a file, which has the ending that pictures need."""
    link = f"{kind}{ending}"
    (os.symlink if kind == "soft" else os.link)(name, link)
    return link


@pytest.mark.parametrize("kind", ["soft", "hard"])
@pytest.mark.parametrize("writer", WRITERS)
def test_an_output_that_is_an_input_is_refused(
    linreg: Linreg, inputs: dict[str, bytes], writer: str, kind: str
) -> None:
    command, option = writer.split("|")
    ending = ".svg" if "--plot" in option or command.startswith("plot") else ".x"
    for name in ("d.csv", "m.json"):
        if name not in command or (
            command.startswith("update") and (name, option[:2]) == ("m.json", "-o")
        ):
            continue
        link = link_to(name, kind, ending)
        done = linreg(*command.replace("-o {}", "-o other").split(), *option.format(link).split())
        assert (done.status, done.stdout) == (2, "")
        assert done.stderr.startswith(f"Error: {link} is named twice: it would be overwritten\n")
        Path(link).unlink()
    assert snapshot(Path()) == inputs


@pytest.mark.usefixtures("inputs")
@pytest.mark.parametrize("option", ["-o", "--rejects", "--history"])
def test_data_in_shared_memory_is_not_overwritten(
    linreg: Linreg, shared_memory: Path, option: str
) -> None:
    data = shared_memory / "d.csv"
    data.write_bytes(HOUSES)
    done = linreg("train", str(data), *COLUMNS.split(), "-o", "o.json", option, str(data))
    assert (done.status, done.stdout) == (2, "")
    assert done.stderr.startswith(f"Error: {data} is named twice: it would be overwritten\n")
    assert data.read_bytes() == HOUSES
    assert linreg("update", "m.json", str(data), "-o", str(data)).status == 2
    assert data.read_bytes() == HOUSES


@pytest.mark.parametrize(
    ("command", "name"),
    [
        (f"train - {COLUMNS} -o d.csv < d.csv", "d.csv"),
        (f"train - {COLUMNS} -o o.json --rejects d.csv < d.csv", "d.csv"),
        (f"train - {COLUMNS} -o o.json --history d.csv < d.csv", "d.csv"),
        ("update m.json - -o d.csv < d.csv", "d.csv"),
        ("update - d.csv -o m.json < m.json", "m.json"),
        ("predict m.json --rejects d.csv < d.csv", "d.csv"),
        ("merge - m2.json -o m.json < m.json", "m.json"),
        ("export - --to c -o m.json < m.json", "m.json"),
    ],
)
def test_redirected_input_is_not_overwritten(
    shell: Shell, inputs: dict[str, bytes], command: str, name: str
) -> None:
    done = shell(f"linreg {command}")
    assert (done.status, done.stdout) == (2, "")
    assert done.stderr == (
        f"Error: {name} is standard input too: it would be overwritten\n"
        "Hint: Name another file for the output.\n"
    )
    assert snapshot(Path()) == inputs


@pytest.mark.parametrize("printer", PRINTERS)
def test_no_command_prints_to_the_end_of_its_own_input(
    shell: Shell, inputs: dict[str, bytes], printer: str
) -> None:
    name = "d.csv" if "{data}" in printer else "m.json"
    for source, called in ((name, name), (f"- < {name}", "standard input")):
        command = printer.format(data=source, model=source)
        if "<" in command:  # what follows the source stands before the redirection
            first, _, rest = command.partition(f"< {name}")
            command = f"{first}{rest} < {name}"
        done = shell(f"linreg {command} >> {name}")
        assert done.status == 2, done
        assert done.stderr == (
            f"Error: {called}: the input file is the output file\n"
            "Hint: Redirect standard output to another file.\n"
        )
    assert snapshot(Path()) == inputs


@pytest.mark.usefixtures("inputs")
def test_an_output_that_a_glob_matches_is_refused(shell: Shell) -> None:
    done = shell("linreg predict m.json '*.csv' > all.csv")
    assert done.stderr.startswith("Error: all.csv: the input file is the output file\n")


@pytest.mark.usefixtures("inputs")
def test_rejects_and_predictions_are_not_one_file(shell: Shell) -> None:
    done = shell("linreg predict m.json d.csv --column p --rejects all.csv > all.csv")
    assert done.stderr.startswith(
        "Error: all.csv is standard output too: it would be overwritten\n"
    )


@pytest.mark.usefixtures("inputs")
def test_what_standard_output_got_before_stays(shell: Shell) -> None:
    line = f"echo before > log; linreg train d.csv {COLUMNS} -q -o /dev/stdout >> log"
    assert shell(line).status == 0
    assert Path("log").read_text() == "before\n" + Path("m.json").read_text()
