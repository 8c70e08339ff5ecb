"""Help: every command, option and example that it shows."""

import gzip
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import typer

from linreg_cli import native
from linreg_cli.app import app
from tests.conftest import HOUSES, TIMEOUT, Linreg, Shell

GROUP: Any = typer.main.get_command(app)
"""The commands as typer made them; the class is one of its private ones."""
COMMANDS: dict[str, Any] = {"": GROUP, **GROUP.commands}
EXAMPLES = [
    (name, line.strip())
    for name, command in COMMANDS.items()
    for line in re.sub(r"\\\n|(?<=\S)\n(?=\S)", " ", command.help).splitlines()
    if line.strip().startswith("linreg ")
]
OPTIONS = [
    (name, option)
    for name, command in COMMANDS.items()
    for option in command.params
    if option.param_type_name == "option"
]


def help_of(linreg: Linreg, name: str) -> str:
    result = linreg(*name.split(), "--help")
    assert (result.status, result.stderr) == (0, "")
    return result.stdout


def test_the_commands_are_those_of_the_issue() -> None:
    assert {"train", "predict"} <= set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_help_starts_with_the_usage_and_a_sentence(linreg: Linreg, name: str) -> None:
    usage, empty, sentence, *_ = help_of(linreg, name).splitlines()
    assert usage.startswith(f"Usage: linreg {name}".rstrip() + " [OPTIONS]")
    assert empty == ""
    assert re.fullmatch(r"  [A-Z].*\.", sentence)


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_two_examples(name: str) -> None:
    assert [command for command, _ in EXAMPLES].count(name) >= 2


@pytest.mark.parametrize(
    ("name", "example"), EXAMPLES, ids=[f"{name}: {line}" for name, line in EXAMPLES]
)
def test_an_example_runs_as_it_is_shown(
    linreg: Linreg, shell: Shell, folder: Path, name: str, example: str
) -> None:
    (folder / "houses.csv").write_bytes(HOUSES)
    (folder / "new.csv").write_text("square_feet,price\n600,180000\n700,210000\n")
    sales = b"rooms,age,price\n3,10,300\n4,2,420\n2,30,180\n5,12,460\n"
    (folder / "sales-1.csv.gz").write_bytes(gzip.compress(sales))
    (folder / "withdrawn.csv").write_text("square_feet,price\n1500,450000\n")
    for model in ("model.json", "north.json", "south.json"):
        columns = ["--x", "square_feet", "--y", "price"]
        assert linreg("train", "houses.csv", *columns, "-q", "-o", model).status == 0
    done = shell(example)
    assert (done.status, "Error" in done.stderr) == (0, False), done.stderr
    assert name in example


@pytest.mark.parametrize(
    ("name", "option"), OPTIONS, ids=[f"{name} {option.name}" for name, option in OPTIONS]
)
def test_every_option_is_documented(linreg: Linreg, name: str, option: Any) -> None:
    assert option.help.endswith(".")
    shown = " ".join(help_of(linreg, name).split())
    for spelling in (*option.opts, *option.secondary_opts):
        assert re.search(rf"(?<!\S){re.escape(spelling)}(?![\w-])", shown)
    assert " ".join(option.help.split()) in shown


def test_every_option_of_the_issue_exists() -> None:
    spelled = {
        name: {spelling for option in command.params for spelling in option.opts}
        | {spelling for option in command.params for spelling in option.secondary_opts}
        for name, command in COMMANDS.items()
    }
    assert spelled["train"] >= {
        "--x", "--y", "--delimiter", "--encoding", "--no-header", "--decimal", "--thousands",
        "--missing", "--solver", "--learning-rate", "--epochs", "--tolerance", "--scale",
        "--no-scale", "--intercept", "--no-intercept", "--start", "--seed", "--log-every",
        "--history", "--output", "-o", "--quiet", "-q",
    }  # fmt: skip
    assert spelled["predict"] >= {
        "--column", "--only", "--quiet", "-q", "--delimiter", "--encoding", "--no-header",
        "--decimal", "--thousands",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("option", "default"),
    [("--epochs", "5000"), ("--tolerance", "1e-12"), ("--learning-rate", "auto"),
     ("--solver", "gradient-descent"), ("--start", "zeros"), ("--output", "model.json"),
     ("--encoding", "utf-8"), ("--missing", "drop"), ("--log-every", "(0, 1, 2, 4, 8 ...)")],
)  # fmt: skip
def test_help_tells_the_defaults(linreg: Linreg, option: str, default: str) -> None:
    shown = " ".join(help_of(linreg, "train").split())
    after = shown.partition("Options: ")[2].partition(f"{option} ")[2].partition(" --")[0]
    assert f"[default: {default}" in after


@pytest.mark.parametrize("name", COMMANDS)
def test_what_an_option_takes_is_not_called_by_its_type_in_python(
    linreg: Linreg, name: str
) -> None:
    # the issue writes --x COLUMN, --log-every N, --history FILE.csv
    # (behind an argument typer writes its type, whatever one asks for)
    options = help_of(linreg, name).partition("\nOptions:\n")[2]
    assert re.findall(r"<\w*(?:str|int|float|list)\b[^>]*>", options) == []


@pytest.mark.parametrize("name", COMMANDS)
def test_help_fits_into_80_columns(linreg: Linreg, name: str) -> None:
    assert max(map(len, help_of(linreg, name).splitlines())) <= 80


def test_the_list_of_commands_shows_whole_sentences(linreg: Linreg) -> None:
    listed = help_of(linreg, "").partition("Commands:\n")[2]
    assert "train " in listed
    assert "..." not in listed


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_alone_shows_its_help(linreg: Linreg, name: str) -> None:
    result = linreg(*name.split())
    assert (result.status, result.stdout) == (2, "")
    assert result.stderr == help_of(linreg, name)


@pytest.mark.parametrize(("typed", "meant"), [("trian", "train"), ("predct", "predict")])
def test_an_unknown_command_offers_the_nearest(linreg: Linreg, typed: str, meant: str) -> None:
    result = linreg(typed)
    assert (result.status, result.stdout) == (2, "")
    assert result.stderr.endswith(f"Error: No such command '{typed}'. Did you mean '{meant}'?\n")


def test_an_unknown_command_with_nothing_near_points_to_the_help(linreg: Linreg) -> None:
    result = linreg("frobnicate")
    assert result.status == 2
    assert "Try 'linreg --help' for help.\n" in result.stderr
    assert result.stderr.endswith("Error: No such command 'frobnicate'.\n")


def test_the_version_is_that_of_the_package(linreg: Linreg) -> None:
    project = (Path(__file__).parents[1] / "pyproject.toml").read_text()
    version = re.search(r'^version = "(.+)"$', project, flags=re.MULTILINE)
    assert version
    reader = "fast" if native.IS_AVAILABLE else "general: no compiler built the fast one"
    assert linreg("--version").stdout == f"linreg {version[1]} (reader: {reader})\n"


def test_the_module_runs_too(script: str) -> None:
    python = str(Path(script).with_name("python"))
    command = [python, "-m", "linreg_cli", "--version"]
    done = subprocess.run(command, capture_output=True, check=False, timeout=TIMEOUT)
    assert (done.returncode, done.stdout[:7]) == (0, b"linreg ")
