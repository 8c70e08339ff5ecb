"""Help: every command, option and example that it shows."""

import gzip
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import typer

from linreg_cli import native
from linreg_cli.app import COMMANDS as SENTENCES, app
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


@pytest.mark.parametrize("name", GROUP.commands)
def test_the_list_of_commands_has_the_first_sentence_of_their_help(name: str) -> None:
    sentence, _, _ = COMMANDS[name].help.partition("\n")
    assert SENTENCES[name] == sentence


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_two_examples(name: str) -> None:
    assert [command for command, _ in EXAMPLES].count(name) >= 2


@pytest.mark.slow
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
    for model in ("model.json", "north.json", "south.json", "small.json", "large.json"):
        columns = ["--x", "square_feet", "--y", "price"]
        assert linreg("train", "houses.csv", *columns, "-q", "-o", model).status == 0
    cities = "".join(f"{city},{n},{n * n}\n" for city in ("DAVIS", "GALT") for n in range(5))
    (folder / "sales.csv").write_text(f"city,sqft,price\n{cities}")
    columns = ["--x", "sqft", "--y", "price", "--by", "city"]
    assert linreg("train", "sales.csv", *columns, "-q", "-o", "cities.json").status == 0
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
    # a line is also broken behind a hyphen
    assert "".join(option.help.split()) in "".join(shown.split())


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
     ("--encoding", "utf-8"), ("--missing", "drop"), ("--log-every", "0, 1, 2, 4, 8 ...")],
)  # fmt: skip
def test_help_tells_the_defaults(linreg: Linreg, option: str, default: str) -> None:
    shown = " ".join(help_of(linreg, "train").split())
    after = shown.partition("Columns: ")[2].partition(f"{option} ")[2].partition(" --")[0]
    assert f"[default: {default}" in after


@pytest.mark.parametrize("name", COMMANDS)
def test_what_an_option_takes_is_not_called_by_its_type_in_python(
    linreg: Linreg, name: str
) -> None:
    # the issue writes --x COLUMN, --log-every N, --history FILE.csv
    options = help_of(linreg, name)
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


@pytest.mark.parametrize(
    ("typed", "meant"), [("trian", "train"), ("predct", "predict"), ("fit", "train")]
)
def test_an_unknown_command_offers_the_nearest(linreg: Linreg, typed: str, meant: str) -> None:
    result = linreg(typed, "d.csv", "--only")
    assert (result.status, result.stdout) == (2, "")
    assert result.stderr == (
        f"Error: no such command: {typed}; did you mean {meant}?\n"
        f"Hint: linreg {meant} d.csv --only\n"
    )


def test_an_unknown_command_with_nothing_near_points_to_the_help(linreg: Linreg) -> None:
    result = linreg("frobnicate")
    assert (result.status, result.stderr) == (
        2,
        "Error: no such command: frobnicate\nHint: linreg --help lists the commands.\n",
    )


def test_commands_are_in_the_order_of_use(linreg: Linreg) -> None:
    commands = help_of(linreg, "").partition("Commands:\n")[2].partition("\n\n")[0]
    assert [line.split()[0] for line in commands.splitlines()] == [
        *("train", "predict", "show", "compare", "test", "evaluate", "plot"),
        *("columns", "update", "merge", "export", "replay"),
    ]


GROUPS = [
    *("Arguments", "Columns", "Groups", "Learning", "Validation", "Output", "Reading files"),
    *("Cluster", "Other"),
]


@pytest.mark.parametrize("name", sorted(COMMANDS.keys() - {""}))
def test_options_are_in_groups_in_one_order(linreg: Linreg, name: str) -> None:
    text = help_of(linreg, name)
    found = re.findall(r"^(\S.*):$", text, flags=re.MULTILINE)
    assert found == [group for group in GROUPS if group in found]
    assert text.partition("\nOther:\n")[2] == "  -h, --help  Show this message and exit.\n"


def test_the_groups_of_train_hold_what_they_say(linreg: Linreg) -> None:
    text = help_of(linreg, "train")
    options = {
        group: set(re.findall(r"^  (?:-\w, )?--([\w-]+)", part, flags=re.MULTILINE))
        for group, part in re.findall(r"^(\w[\w ]*):\n((?:  .*\n)+)", text, flags=re.MULTILINE)
    }
    assert options["Columns"] == {
        *("x", "formula", "category", "reference", "max-levels", "without", "y", "weights")
    }
    assert options["Groups"] == {"by", "keep-missing", "strict"}
    assert options["Learning"] >= {"solver", "learning-rate", "epochs", "tolerance", "l2"}
    assert options["Validation"] == {"test-fraction", "folds"}
    assert options["Output"] >= {"output", "quiet", "log-every", "history"}
    assert options["Reading files"] >= {"delimiter", "decimal", "encoding", "rejects", "threads"}
    assert options["Cluster"] == {"cluster"}


@pytest.mark.parametrize("name", COMMANDS)
def test_h_is_help(linreg: Linreg, name: str) -> None:
    short = linreg(*name.split(), "-h")
    assert (short.status, short.stderr) == (0, "")
    assert short.stdout == help_of(linreg, name)


def test_a_capital_v_is_the_version(linreg: Linreg) -> None:
    assert linreg("-V") == linreg("--version")


@pytest.mark.usefixtures("houses")
def test_columns_have_short_options(linreg: Linreg, folder: Path) -> None:
    linreg("train", "houses.csv", "--x", "square_feet", "--y", "price", "--output", "long.json")
    short = linreg("train", "houses.csv", "-x", "square_feet", "-yprice", "-q", "-o", "short.json")
    assert (short.status, short.stderr) == (0, "")
    assert (folder / "short.json").read_bytes() == (folder / "long.json").read_bytes()
    assert linreg("columns", "houses.csv", "-y", "price").status == 0
    assert linreg("plot", "long.json", "houses.csv", "-x", "square_feet").status == 0


@pytest.mark.parametrize("width", [60, 80, 132, 200])
@pytest.mark.parametrize("name", COMMANDS)
def test_help_is_as_wide_as_the_terminal(
    linreg: Linreg, monkeypatch: pytest.MonkeyPatch, name: str, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    widest = max(map(len, help_of(linreg, name).splitlines()))
    assert widest <= width
    if name == "train" and width < 200:  # whose longest text is wider than all three
        assert widest > width - 12


@pytest.mark.parametrize(
    ("name", "example"), EXAMPLES, ids=[f"{name}: {line}" for name, line in EXAMPLES]
)
def test_an_example_is_one_line_that_can_be_copied(linreg: Linreg, name: str, example: str) -> None:
    assert f"  {example}" in help_of(linreg, name).splitlines()


# names from elsewhere

MISNOMERS = [
    ("train", "--lr 0.1", "--learning-rate 0.1"),
    ("train", "--lr=0.1", "--learning-rate 0.1"),
    ("train", "--learning_rate 0.1", "--learning-rate 0.1"),
    ("train", "--eta 0.1", "--learning-rate 0.1"),
    ("train", "--iterations 9", "--epochs 9"),
    ("train", "--max-iter=9", "--epochs 9"),
    ("train", "--ridge 0.1", "--l2 0.1"),
    ("train", "--separator ,", "--delimiter ,"),
    ("train", "--sep=,", "--delimiter ,"),
    ("train", "--verbose", "--log-every 100"),
    ("train", "--normalize", "--scale"),
    ("train", "--normalize=False", "--no-scale"),
    ("train", "--fit-intercept false", "--no-intercept"),
    ("train", "--no-bias", "--no-intercept"),
    ("train", "--cv 2", "--folds 2"),
    ("train", "--test-size 0.7", "--test-fraction 0.7"),
    ("train", "--optimizer exact", "--solver exact"),
    ("train", "--save best.json", "--output best.json"),
    ("train", "--n-jobs 1", "--threads 1"),
    ("train", "--silent", "--quiet"),
    ("train", "--EPOCHS 9", "--epochs 9"),
    ("predict", "--sep ,", "--delimiter ,"),
    ("predict", "--sep=,", "--delimiter ,"),
    ("show", "--ci 0.9", "--confidence 0.9"),
    ("evaluate", "--drift", "--check-drift"),
    ("plot", "--type loss", "--kind loss"),
    ("columns", "--target price", "--y price"),
]
TYPED = {
    "train": "houses.csv --x square_feet --y price",
    "predict": "model.json houses.csv",
    "show": "model.json",
    "evaluate": "model.json houses.csv",
    "plot": "model.json",
    "columns": "houses.csv",
}


@pytest.mark.usefixtures("houses")
@pytest.mark.parametrize(("name", "typed", "meant"), MISNOMERS)
def test_a_name_from_elsewhere_gets_a_command_that_can_be_pasted(
    linreg: Linreg, shell: Shell, name: str, typed: str, meant: str
) -> None:
    linreg("train", *TYPED["train"].split())
    refused = linreg(name, *TYPED[name].split(), *typed.split())
    option = typed.replace("=", " ").split()[0]
    named = meant.split(maxsplit=1)[0]
    if "alse" in typed:  # the value says no
        named = named.replace("--no-", "--")
    command = f"linreg {name} {TYPED[name]} {meant}"
    assert (refused.status, refused.stdout) == (2, "")
    assert refused.stderr == (
        f"Error: no such option: {option}; did you mean {named}?\nHint: {command}\n"
    )
    pasted = shell(refused.stderr.partition("Hint: ")[2])
    assert (pasted.status, "Error" in pasted.stderr) == (0, False), pasted.stderr


def test_several_names_from_elsewhere_are_replaced_at_once(linreg: Linreg) -> None:
    refused = linreg("train", "d.csv", "--features", "a,b", "--target=c", "--iters", "-3")
    assert refused.stderr == (
        "Error: no such option: --features; did you mean --x?\n"
        "Hint: linreg train d.csv --x a --x b --y c --epochs -3\n"
    )


def test_alpha_may_be_a_learning_rate_or_a_ridge_penalty(linreg: Linreg) -> None:
    refused = linreg("train", "d.csv", "--alpha", "0.1")
    assert "--alpha; did you mean --learning-rate or --l2?\n" in refused.stderr


def test_an_option_of_another_command_is_said_to_be_that(linreg: Linreg) -> None:
    assert linreg("train", "d.csv", "--markdown").stderr == (
        "Error: no such option: --markdown; linreg show and linreg compare have it\n"
        "Hint: linreg train --help lists the options.\n"
    )


def test_the_commands_that_have_an_option_are_listed_with_commas(linreg: Linreg) -> None:
    first, _ = linreg("update", "model.json", "--group", "a").stderr.splitlines()
    assert first.startswith("Error: no such option: --group; linreg predict, linreg show, ")
    assert first.endswith(" and linreg replay have it")


@pytest.mark.parametrize(
    ("typed", "problem", "hint"),
    [
        ("d.csv --x --y price", "--x needs a value, and --y is an option",
         "Type it after the option: --x COLUMN --y ..."),
        ("d.csv --x", "--x needs a value",
         "Type it after the option: --x COLUMN"),
        ("d.csv --quiet=yes", "--quiet takes no value",
         "Type --quiet alone."),
        ("d.csv --epochs 1e4", "--epochs: '1e4' is not a whole number",
         "Give 10000: --epochs 10000"),
        ("d.csv --epochs 10,000", "--epochs: '10,000' is not a whole number",
         "Give 10000: --epochs 10000"),
        ("d.csv --learning-rate 0,1", "--learning-rate: '0,1' is not a number",
         "Give 0.1: --learning-rate 0.1"),
        ("d.csv --solver Exact", "--solver: 'Exact' is not one of gradient-descent, exact",
         "Give exact: --solver exact"),
        ("d.csv --cluster a.b:8786", "--cluster: 'a.b:8786' is neither local nor an address",
         "Give tcp://a.b:8786: --cluster tcp://a.b:8786"),
        ("d.csv --epochs=\x1b[31m", "--epochs: '\\x1b[31m' is not a whole number",
         "Give a whole number from 0 to 1000000000000000000."),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_used_gets_one_that_can(
    linreg: Linreg, typed: str, problem: str, hint: str
) -> None:
    result = linreg("train", *typed.split(" "))
    assert (result.status, result.stdout) == (2, "")
    assert result.stderr == f"Error: {problem}\nHint: {hint}\n"


def test_the_version_is_that_of_the_package(linreg: Linreg) -> None:
    project = (Path(__file__).parents[2] / "pyproject.toml").read_text()
    version = re.search(r'^version = "(.+)"$', project, flags=re.MULTILINE)
    assert version
    reader = "fast" if native.IS_AVAILABLE else "general: no compiler built the fast one"
    assert linreg("--version").stdout == f"linreg {version[1]} (reader: {reader})\n"


def test_the_module_runs_too(script: str) -> None:
    python = str(Path(script).with_name("python"))
    command = [python, "-m", "linreg_cli", "--version"]
    done = subprocess.run(command, capture_output=True, check=False, timeout=TIMEOUT)
    assert (done.returncode, done.stdout[:7]) == (0, b"linreg ")
