"""Completion of column names, in real shells that a person types into."""

import csv
import gzip
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

from linreg_cli.commands.completion import SHELL_VARIABLE
from linreg_cli.reading.csv.table_start import MAX_HEADER_BYTES
from tests.conftest import TIMEOUT, Linreg, Shell

# what is typed, and the column that it begins
COLUMNS = {
    "pla": "plain",
    "squ": "square feet",
    "gr": "größe",
    "it": 'it\'s "odd" $HOME `x`; rm*(a) & #1 | > 2',
    "pri": "price:usd=a@b",
    "two": "two  blanks",
    "back": "back\\slash",
    r"\*": "*",
    r"\~": "~tilde",
    r"\[": "[b]",
    r"\{": "{c,d}",
    r"\<": "<i>",
    r"\!": "!bang",
}
OPENED = {"'squ": "square feet", '"squ': "square feet", "'it": COLUMNS["it"], '"it': COLUMNS["it"]}
STARTUP = {
    "bash": "PS1=; source {script}; args() {{ printf '⟦%s⟧' \"$@\"; }}",
    "zsh": (
        "PROMPT=; bindkey -e; autoload -Uz compinit; compinit -u; source {script}; "
        "args() {{ printf '⟦%s⟧' \"$@\" }}"
    ),
    "fish": ("source {script}; function args; printf '⟦%s⟧' $argv; end; function fish_prompt; end"),
}
ARGUMENTS = {
    "bash": ["--norc", "--noprofile", "-i"],
    "zsh": ["-f", "-i"],
    "fish": ["--no-config", "-i"],
}
TO_START, TO_END, TAB = "\x01", "\x05", "\t"


class Typist:
    """A person at an interactive shell into which Typer's completion script was read."""

    def __init__(self, shell: str, program: str, folder: Path) -> None:
        self._name, self.folder = shell, folder
        script = folder / "completion"
        asking = os.environ | {SHELL_VARIABLE: f"source_{shell}"}
        source = subprocess.run([program], env=asking, capture_output=True, check=True)
        script.write_bytes(source.stdout)
        environment = os.environ | {
            "PATH": f"{Path(program).parent}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(folder),
            "TERM": "dumb",
            "LC_ALL": "C.UTF-8",
        }
        self._shell = pexpect.spawn(
            str(shutil.which(shell)),
            ARGUMENTS[shell],
            env=environment,
            cwd=str(folder),
            encoding="utf-8",
            timeout=TIMEOUT,
            dimensions=(50, 400),
        )
        self._shell.sendline(f"{STARTUP[shell].format(script=script)}; echo RE''ADY")
        self._shell.expect("READY")

    def arguments(self, line: str) -> list[str]:
        """Type a line, complete it, and give the arguments as the shell then understands it."""
        self._shell.send(f"{line}{TAB}{TO_START}args {TO_END} DONE\r")
        self._shell.expect("⟦linreg⟧(.*?)⟦DONE⟧")
        return str(self._shell.after).split("⟦linreg⟧")[-1].strip("⟦⟧").split("⟧⟦")[:-1]

    def offered(self, line: str) -> str:
        """Ask for all completions of a line, and give what the shell shows."""
        ask = f"complete -C '{line}';" if self._name == "fish" else f"{line}{TAB}{TAB}{TO_START}"
        self._shell.send(f"{ask}echo {TO_END} END''ED\r")
        self._shell.expect("ENDED")
        return str(self._shell.before)

    def leave(self) -> None:
        self._shell.close(force=True)


@pytest.fixture(scope="module", params=["bash", "zsh", "fish"])
def typist(
    request: pytest.FixtureRequest, script: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Typist]:
    if not shutil.which(request.param):
        pytest.skip(f"{request.param} is not installed")
    folder = tmp_path_factory.mktemp(request.param)
    for name, delimiter in (("houses.csv", ","), ("semicolons.csv", ";")):
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter=delimiter)
            writer.writerows([[*COLUMNS.values(), "value", "rooms"], range(len(COLUMNS) + 2)])
    (folder / "houses.csv.gz").write_bytes(gzip.compress((folder / "houses.csv").read_bytes()))
    (folder / "latin.csv").write_bytes("größe,b\n1,2\n".encode("latin-1"))
    (folder / "binary.csv").write_bytes(bytes(range(256)) * 100)
    typist = Typist(request.param, script, folder)
    yield typist
    typist.leave()


@pytest.mark.parametrize(("typed", "column"), [*COLUMNS.items(), *OPENED.items()])
def test_a_name_is_completed_and_quoted(typist: Typist, typed: str, column: str) -> None:
    arguments = typist.arguments(f"linreg train houses.csv --x {typed}")
    assert arguments == ["train", "houses.csv", "--x", column]


def test_a_completed_beginning_is_completed_further(typist: Typist) -> None:
    arguments = typist.arguments(r"linreg train houses.csv --x square\ f")
    assert arguments == ["train", "houses.csv", "--x", "square feet"]


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("linreg train houses.csv --y squ", "square feet"),
        ("linreg train houses.csv --weights squ", "square feet"),
        ("linreg columns houses.csv --y squ", "square feet"),
        ("linreg train houses.csv.gz --x squ", "square feet"),
        ("linreg train 'houses.*v' --x squ", "square feet"),
        ("linreg train houses.csv latin.csv --solver exact --x squ", "square feet"),
        ("linreg train semicolons.csv --delimiter ';' --x squ", "square feet"),
        ("linreg train semicolons.csv --x squ", "square feet"),
        ("linreg train latin.csv --encoding latin-1 --x g", "größe"),
        ("linreg train latin.csv --no-header --x 2", "2"),
        ("linreg train houses.csv --x value --x r", "rooms"),
    ],
)
def test_options_before_it_on_the_line_are_respected(
    typist: Typist, line: str, column: str
) -> None:
    assert typist.arguments(line)[-1] == column


def test_a_column_that_is_named_already_is_not_offered(typist: Typist) -> None:
    line = "linreg train houses.csv --x plain --y value --weights"
    assert typist.arguments(f"{line} pla")[-1] == "pla"
    assert typist.arguments(f"{line} val")[-1] == "val"


def test_all_columns_are_offered(typist: Typist) -> None:
    offered = typist.offered("linreg train houses.csv --x ")
    assert all(name in offered for name in ("plain", "größe", "value", "rooms"))


@pytest.mark.parametrize("data", ["missing.csv", "binary.csv", ".", "-", "/dev/zero", "/dev/tty"])
def test_where_there_is_nothing_to_offer_nothing_is_said(typist: Typist, data: str) -> None:
    line = f"linreg train {data} --x squ"
    assert typist.arguments(line) == ["train", data, "--x", "squ"]


# without a shell


def ask(linreg: Linreg, monkeypatch: pytest.MonkeyPatch, *words: str) -> list[str]:
    """Ask as the script of bash does."""
    monkeypatch.setenv(SHELL_VARIABLE, "complete_bash")
    monkeypatch.setenv("COMP_WORDS", "\n".join(["linreg", *words]))
    monkeypatch.setenv("COMP_CWORD", str(len(words)))
    result = linreg(*words, stdin=b"from,stdin\n1,2\n")
    assert (result.status, result.stderr) == (0, "")
    return result.stdout.splitlines()


def test_a_name_that_cannot_be_typed_is_left_out(
    linreg: Linreg, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a.csv").write_text('a,"two\nlines",,"bell\x07",b\n1,2,3,4,5\n')
    assert ask(linreg, monkeypatch, "train", "a.csv", "--x", "") == ["a", "b"]


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["train", "a.csv", "--solver", ""], ["gradient-descent", "exact"]),
        (["train", "a.csv", "--missing", ""], ["drop", "fail"]),
        (["train", "a.csv", "--solver", "ex"], ["exact"]),
        (["train", "a.csv", "--start", ""], ["zeros", "random"]),
        (["plot", "m.json", "--kind", ""], ["fit", "residuals", "loss", "surface"]),
        (["export", "m.json", "--to", "py"], ["python"]),
    ],
)
def test_the_values_of_an_option_are_offered(
    linreg: Linreg, monkeypatch: pytest.MonkeyPatch, words: list[str], offered: list[str]
) -> None:
    assert ask(linreg, monkeypatch, *words) == offered


def test_standard_input_is_left_alone(linreg: Linreg, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ask(linreg, monkeypatch, "train", "-", "--x", "") == [""]


def test_a_named_pipe_is_left_alone(
    linreg: Linreg, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(folder / "pipe")  # to open it would wait for a writer
    assert ask(linreg, monkeypatch, "train", "pipe", "--x", "") == [""]


@pytest.mark.parametrize(
    ("option", "value"), [("--delimiter", "x"), ("--decimal", "ab"), ("--encoding", "klingon")]
)
def test_options_that_make_no_sense_offer_nothing(
    linreg: Linreg, houses: Path, monkeypatch: pytest.MonkeyPatch, option: str, value: str
) -> None:
    assert houses.exists()
    assert ask(linreg, monkeypatch, "train", "houses.csv", option, value, "--x", "") == [""]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_of_a_large_file_the_head_alone_is_read(
    linreg: Linreg, folder: Path, monkeypatch: pytest.MonkeyPatch, line_end: str
) -> None:
    rows = line_end + f"1,2{line_end}" * (MAX_HEADER_BYTES // 4)
    # a NUL and an open quote, behind what is looked at
    (folder / "a.csv").write_bytes(b"a,b" + rows.encode() + b'\0,"' + b"x" * MAX_HEADER_BYTES)
    assert ask(linreg, monkeypatch, "train", "a.csv", "--x", "") == ["a", "b"]


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_header_beyond_the_head_offers_nothing(
    linreg: Linreg, folder: Path, monkeypatch: pytest.MonkeyPatch, quote: str
) -> None:
    long = "x" * MAX_HEADER_BYTES
    (folder / "a.csv").write_text(f"a,{quote}{long}{quote}\n1,2\n")
    assert ask(linreg, monkeypatch, "train", "a.csv", "--x", "") == [""]


def test_a_file_of_blank_lines_is_not_read_to_its_end(
    linreg: Linreg, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a.csv").write_text("\n" * (MAX_HEADER_BYTES + 1) + "a,b\n1,2\n")
    assert ask(linreg, monkeypatch, "train", "a.csv", "--x", "") == [""]


def test_a_name_that_the_encoding_lacks_is_left_out(shell: Shell, folder: Path) -> None:
    (folder / "a.csv").write_text("größe,b\n1,2\n", encoding="utf-8")
    words = "COMP_WORDS=$'linreg\\ntrain\\na.csv\\n--x\\n' COMP_CWORD=4"
    done = shell(f"{words} {SHELL_VARIABLE}=complete_bash PYTHONIOENCODING=ascii linreg")
    assert (done.stdout, done.stderr) == ("b\n", "")


# levels


@pytest.fixture
def categories(folder: Path, linreg: Linreg) -> None:
    rows = ["Rome,1,A,2", "Old Oslo,2,B,3", "Rome,4,A,9", "Rio,3,B,1", "Old Oslo,9,B,7"]
    (folder / "a.csv").write_text("city,x,type,y\n" + "\n".join(rows * 2) + "\n")
    options = ["--category", "city", "-x", "x", "-y", "y", "--solver", "exact", "-q"]
    assert linreg("train", "a.csv", *options).status == 0


CITIES = ["city=Old Oslo", "city=Rio", "city=Rome"]


def written(names: list[str]) -> list[str]:
    return [name.replace("=", r"\=").replace(" ", r"\ ") for name in names]


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["train", "a.csv", "--category", "city", "--reference", ""], CITIES),
        (["train", "a.csv", "--category", "city", "--reference", "city=R"], CITIES[1:]),
        (["train", "a.csv", "--formula", "y ~ C(city)*x", "--reference", ""], CITIES),
        (["train", "a.csv", "-x", "C(`city`)", "--category", "type", "--reference", ""],
         ["type=A", "type=B", *CITIES]),
        (["train", "model.json", "--reference", "c"], CITIES),
        (["predict", "model.json", "ci"], CITIES),
        (["predict", "model.json", "x=3", "city=Ri"], ["city=Rio"]),
        (["train", "a.csv", "--category", "zip", "--reference", ""], []),
        (["train", "nowhere.csv", "--category", "city", "--reference", ""], []),
        (["predict", "model.json", ""], []),
        (["predict", "nowhere.json", "ci"], []),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("categories")
def test_the_levels_of_categories_are_offered(
    linreg: Linreg, monkeypatch: pytest.MonkeyPatch, words: list[str], offered: list[str]
) -> None:
    quoted = [word if word.startswith("-") else word.replace("=", r"\=") for word in words]
    quoted = [f"'{word}'" if " " in word or "(" in word else word for word in quoted]
    assert [line for line in ask(linreg, monkeypatch, *quoted) if line] == written(offered)


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["train", "a.csv", "--category", "city", "--reference", "city", "="],
         ["Old Oslo", "Rio", "Rome"]),
        (["train", "a.csv", "--category", "city", "--reference", "city", "=", "R"],
         ["Rio", "Rome"]),
        (["predict", "model.json", "x", "=", "3", "city", "=", "Ro"], ["Rome"]),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("categories")
def test_bash_completes_what_stands_behind_an_equals_sign(
    linreg: Linreg, monkeypatch: pytest.MonkeyPatch, words: list[str], offered: list[str]
) -> None:
    monkeypatch.setenv("_LINREG_BEFORE", "")  # restored after the test
    assert ask(linreg, monkeypatch, *words) == written(offered)


def test_levels_are_completed_in_a_shell(typist: Typist) -> None:
    folder = typist.folder
    (folder / "homes.csv").write_text("city,x,y\nRome,1,2\nOld Oslo,2,3\nRome,4,5\nOld Oslo,1,1\n")
    line = "linreg train homes.csv --category city --reference city=O"
    assert typist.arguments(line)[-1] == "city=Old Oslo"
