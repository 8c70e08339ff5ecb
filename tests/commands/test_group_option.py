"""--group in the commands that need one model, and its completion."""

import json
import shlex
from collections.abc import Sequence
from pathlib import Path

import pytest

from linreg_cli.errors import ModelFileError
from linreg_cli.model.model_file import load_model
from tests.conftest import Linreg, Shell

ROWS = "city,year,x,y\n" + "".join(
    f"{city},{year},{n},{n * slope + n * n % 3}\n"
    for city, year, slope in (("a", "1", 2), ('"b, c"', "1", 3), ("a", "2", 5), ("", "2", 7))
    for n in range(6)
)
NEEDING_ONE = [
    ("test", "g.json", "x = 2"),
    ("replay", "g.json", "d.csv"),
    ("plot", "g.json", "d.csv", "--kind", "residuals"),
    ("plot", "g.json", "--kind", "loss"),
    ("plot", "g.json", "--kind", "surface"),
]


@pytest.fixture
def groups(linreg: Linreg) -> None:
    """Learn g.json from d.csv, by city and year."""
    Path("d.csv").write_text(ROWS)
    done = linreg("train", "d.csv", "--x", "x", "--y", "y", "--by", "city", "--by", "year",
                  "--keep-missing", "-q", "-o", "g.json")  # fmt: skip
    assert done.status == 0, done.stderr
    linreg("show", "g.json", "--group", "a,2", "-o", "one.json")
    header, *rows = ROWS.splitlines(keepends=True)
    Path("one.csv").write_text(header + "".join(row for row in rows if row.startswith("a,2")))


@pytest.mark.usefixtures("groups")
@pytest.mark.parametrize("command", NEEDING_ONE, ids=" ".join)
def test_a_command_for_one_model_asks_for_a_group(linreg: Linreg, command: Sequence[str]) -> None:
    done = linreg(*command)
    assert (done.status, done.stdout) == (2, "")
    first, hint = done.stderr.splitlines()
    assert first.startswith("Error: g.json has a model for each of 4 groups by city, year, and ")
    assert "Add --group KEY, for example --group a,1;" in hint
    assert linreg(*command, "--group", "a,1").status == 0


@pytest.mark.usefixtures("groups")
@pytest.mark.parametrize(
    "command",
    [
        ("test", "{model}", "x = 2"),
        ("plot", "{model}", "{data}"),
        ("plot", "{model}", "{data}", "--kind", "residuals"),
        ("plot", "{model}", "--kind", "loss"),
        ("replay", "{model}", "{data}", "-o", "-"),
        ("test", "{model}", "{data}", "x = 2", "--robust", "hc3"),
        ("show", "{model}", "{data}", "--robust", "hc1"),
    ],
    ids=" ".join,
)
def test_the_output_is_that_of_the_groups_own_model_and_rows(
    linreg: Linreg, command: Sequence[str]
) -> None:
    own = [word.format(model="one.json", data="one.csv") for word in command]
    words = [word.format(model="g.json", data="d.csv") for word in command]
    done = linreg(*words, "--group", "city=a,year=2")
    assert done.stdout
    assert (done.status, done.stdout) == (0, linreg(*own).stdout)


@pytest.mark.usefixtures("groups")
@pytest.mark.parametrize("command", ["predict", "evaluate", "plot", "replay", "test", "export"])
def test_group_is_refused_for_one_model(linreg: Linreg, command: str) -> None:
    more = {"test": ["x = 2"], "export": ["--to", "c"]}.get(command, ["one.csv"])
    done = linreg(command, "one.json", *more, "--group", "a,2")
    assert (done.status, done.stdout) == (2, "")
    assert done.stderr.startswith(
        "Error: --group needs a model of groups, and one.json is one model"
    )


@pytest.mark.usefixtures("groups")
def test_compare_shows_a_column_for_each_group(linreg: Linreg) -> None:
    found = json.loads(linreg("compare", "g.json", "--json").stdout)
    assert [each["name"] for each in found["models"]] == ["a, 1", "a, 2", "b, c, 1", "(missing), 2"]
    done = linreg("compare", "g.json", "--group", "a,2", "--group", '"b, c",1', "--json")
    [second, third] = json.loads(done.stdout)["models"]
    assert [second, third] == [found["models"][1], found["models"][2]]


@pytest.mark.usefixtures("groups")
def test_compare_names_the_groups_of_several_files_by_both(linreg: Linreg) -> None:
    done = linreg("compare", "one.json", "g.json", "--group", "a,1", "--json")
    assert [each["name"] for each in json.loads(done.stdout)["models"]] == [
        "one.json", "g.json a, 1"
    ]  # fmt: skip


@pytest.mark.usefixtures("groups")
def test_compare_refuses_one_group_alone(linreg: Linreg) -> None:
    for more in ([], ["--group", "a,1"]):
        done = linreg("compare", "g.json", "--group", "a,1", *more)
        assert (done.status, done.stdout) == (2, "")
        assert done.stderr == (
            "Error: one model cannot be compared\n"
            "Hint: Name two or more groups: --group KEY --group KEY; linreg show g.json lists "
            "them.\n"
        )


def test_compare_has_room_for_a_few_groups(linreg: Linreg) -> None:
    rows = "".join(f"{g},{n},{g + n * n}\n" for g in range(13) for n in range(3))
    linreg("train", "-", "--x", "x", "--y", "y", "--by", "g", "-q", stdin=f"g,x,y\n{rows}")
    done = linreg("compare", "model.json")
    assert (done.status, done.stdout) == (2, "")
    assert "a model for each of 13 groups; a table has room for 12" in done.stderr


@pytest.mark.usefixtures("groups")
def test_the_file_of_groups_is_no_file_of_one_model(linreg: Linreg) -> None:
    with pytest.raises(ModelFileError) as caught:
        load_model("g.json")
    command = shlex.split(caught.value.hint.partition(" writes ")[0])
    assert command == ["linreg", "show", "g.json", "--group", "a,1", "-o", "one.json"]
    linreg("train", "d.csv", "--x", "x", "--y", "y", "--by", "city", "--keep-missing", "-q")
    grouped = json.loads(Path("model.json").read_text())
    grouped["groups"] = grouped["groups"][1:]
    Path("model.json").write_text(json.dumps(grouped))
    with pytest.raises(ModelFileError) as caught:
        load_model("model.json")
    command = shlex.split(caught.value.hint.partition(" writes ")[0])
    assert command[4] == "b, c"
    Path("one.json").unlink()
    assert linreg(*command[1:]).status == 0
    assert load_model("one.json").moments.rows == 6


def completed(shell: Shell, *words: str) -> list[str]:
    """Return what bash is offered for the last word of a line."""
    line = "".join(f"{word}\\n" for word in words).removesuffix("\\n")
    asked = shell(
        f"COMP_WORDS=$'{line}' COMP_CWORD={len(words) - 1} _LINREG_COMPLETE=complete_bash linreg"
    )
    assert asked.stderr == ""
    return list(filter(None, asked.stdout.splitlines()))


@pytest.mark.shell
@pytest.mark.usefixtures("groups")
def test_bash_is_offered_the_keys_of_the_model(shell: Shell) -> None:
    keys = ["a,1", "a,2", '\\"b,\\ c\\",1', "\\(missing\\),2"]
    for words in (["predict", "g.json"], ["compare", "one.json", "g.json"], ["show", "g.json"],
                  ["export", "g.json"], ["plot", "g.json", "d.csv"]):  # fmt: skip
        assert completed(shell, "linreg", *words, "--group", "") == keys, words
    assert completed(shell, "linreg", "predict", "g.json", "--group", "a") == ["a,1", "a,2"]
    assert completed(shell, "linreg", "predict", "one.json", "--group", "") == []
    assert completed(shell, "linreg", "predict", "nothing.json", "--group", "") == []


@pytest.mark.shell
@pytest.mark.usefixtures("groups")
def test_bash_is_offered_the_values_of_a_key(shell: Shell) -> None:
    offered = completed(shell, "linreg", "predict", "g.json", "ye")
    assert offered == [r"year\=1", r"year\=2"]
    offered = completed(shell, "linreg", "predict", "g.json", "city=b")
    assert offered == [r"city\=b,\ c"]


@pytest.mark.shell
@pytest.mark.usefixtures("groups")
def test_bash_is_offered_the_columns_for_by_that_are_not_named(shell: Shell) -> None:
    line = ["linreg", "train", "d.csv", "--x", "x", "--by", "city", "--by", ""]
    assert completed(shell, *line) == ["year", "y"]
