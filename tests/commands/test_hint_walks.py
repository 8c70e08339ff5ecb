"""Files as people have them: what a hint says is added to the command until the command works."""

import shlex
import shutil
from pathlib import Path

import pytest

from tests.commands.hint_walks import FILES, follow, options_in, with_options, write
from tests.conftest import Linreg

COMMANDS = [
    # typed, the options that the hints lead to
    ("train data.csv --x x --y y --delimiter ,", "--delimiter ';' --decimal ,"),
    ("train data.csv --x x --y y --delimiter whitespace", "--delimiter ';' --decimal ,"),
    ("train data.csv --x x --y y --decimal .", "--decimal ,"),
]


@pytest.mark.parametrize("name", FILES)
def test_hints_lead_to_a_command_that_works(linreg: Linreg, name: str) -> None:
    walk = follow(linreg, ["train", write(name), "--x", "x", "--y", "y"])
    assert walk.status == 0, "\n".join([*walk.commands, walk.stderr])
    assert sorted(shlex.split(walk.options)) == sorted(shlex.split(FILES[name][1]))


@pytest.mark.parametrize(("typed", "expected"), COMMANDS)
def test_a_hint_corrects_an_option_that_was_wrong(
    linreg: Linreg, typed: str, expected: str
) -> None:
    Path("data.csv").write_text("x;y\n1,5;2\n2,5;3\n4,5;7\n")
    walk = follow(linreg, shlex.split(typed))
    assert walk.status == 0, "\n".join([*walk.commands, walk.stderr])
    assert walk.commands[-1].endswith(expected)


@pytest.fixture
def model(linreg: Linreg) -> str:
    Path("good.csv").write_text("x,y\n1,2\n2,4\n3,5\n4,9\n")
    assert linreg("train", "good.csv", "--x", "x", "--y", "y", "-o", "kept.json").status == 0
    return "kept.json"


OTHERS = [
    "predict kept.json DATA",
    "evaluate kept.json DATA",
    "update model.json DATA",
    "plot kept.json DATA",
    "replay kept.json DATA -o page.html",
]


@pytest.mark.slow
@pytest.mark.parametrize("typed", OTHERS)
def test_other_commands_read_with_the_options_of_train_and_give_such_hints(
    linreg: Linreg, model: str, typed: str
) -> None:
    for name, (_, options) in FILES.items():
        words = [write(name) if word == "DATA" else word for word in shlex.split(typed)]
        shutil.copy(model, "model.json")
        whole = linreg(*words, *shlex.split(options))
        assert whole.status == 0, (name, whole.stderr)
        shutil.copy(model, "model.json")
        walk = follow(linreg, words)
        assert walk.status == 0, (name, *walk.commands, walk.stderr)


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_columns_leads_to_a_command_that_trains(linreg: Linreg, name: str) -> None:
    file = write(name)
    walk = follow(linreg, ["columns", file])
    assert walk.status == 0, "\n".join([*walk.commands, walk.stderr])
    result = linreg(*shlex.split(walk.commands[-1]))
    if "makes line" in result.stderr:  # a note on a title above the header
        options = options_in(result.stderr.partition("the rows have one field. ")[2])
        result = linreg(*with_options(shlex.split(walk.commands[-1]), options))
    program, *command = shlex.split(result.stdout.splitlines()[-1])
    assert program == "linreg"
    assert linreg(*command).status == 0
    assert command[1:6] == [file, "--x", "x", "--y", "y"]
