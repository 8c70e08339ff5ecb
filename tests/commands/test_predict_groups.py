"""linreg predict with a model of groups: each row by the model of its group."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from linreg_cli.model.grouped_model import GroupedModel
from linreg_cli.model.model_file import load_any_model, save_model
from tests.commands.group_runs import CITIES, HEADER, NUMBERS, RUNS, key_of, write
from tests.conftest import Linreg, Result
from tests.strategies import examples

TRAINED = [
    (city, year, str(n), str(n * n % 5), "pq"[n % 2], str(1 + n % 3), str(3 * n + n * n % 7 - 1.5))
    for city, year, rows in (
        ("a", "2020", 8), ("b", "2020", 5), ("b", "2021", 6), ("", "2020", 7), ("10", "2021", 1),
        ('d,"e', "2021", 6),
    )
    for n in range(rows)
]  # fmt: skip
NEW = st.lists(
    st.tuples(
        st.sampled_from([*CITIES, "elsewhere"]),
        st.sampled_from(["2020", "2021"]),
        NUMBERS,
        NUMBERS,
        st.sampled_from("pqr"),
        st.sampled_from(["1", "2.5"]),
        NUMBERS,
    ),
    max_size=12,
)
OPTIONS = [
    (),
    ("--only",),
    ("--digits", "4"),
    ("--interval", "0.9", "--confidence", "0.8", "--digits", "12"),
    ("--residuals", "--flag-extrapolation", "--column", "p"),
    ("--leverage", "--cooks-distance"),
]
ONE = "city,year,x,z,w,y\n"


def train(linreg: Linreg, run: str = "exact", *more: str) -> None:
    """Learn g.json by city and year, with the groups of missing cities."""
    write("trained.csv", TRAINED)
    options = [*RUNS[run], "--y", "y", "--by", "city", "--by", "year", "--keep-missing", *more]
    done = linreg("train", "trained.csv", *options, "-q", "-o", "g.json")
    assert done.status == 0, done.stderr


def models() -> dict[tuple[str | None, ...], str]:
    """Write the own model of each group that has one; return its file by the key."""
    grouped = load_any_model("g.json")
    assert isinstance(grouped, GroupedModel)
    files = {key: f"group-{number}.json" for number, key in enumerate(grouped.fit_keys)}
    for key, path in files.items():
        save_model(grouped.model_of(key), path)
    return files


def predict(linreg: Linreg, *args: str, stdin: str = "") -> Result:
    done = linreg("predict", *args, stdin=stdin)
    assert "Error" not in done.stderr, done.stderr
    return done


def own_predictions(
    linreg: Linreg, model: str, rows: Sequence[Sequence[str]], options: Sequence[str]
) -> list[str]:
    """Return what the model of a group writes for its rows."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([HEADER, *rows])
    done = predict(linreg, model, "-", "-q", *options, stdin=text.getvalue())
    return done.stdout.splitlines()[-len(rows) :]


@pytest.mark.slow
@pytest.mark.parametrize(
    "run",
    [
        "exact",
        "two features",
        "weighted",
        "categories",
        "a computed term",
        "an interaction",
        "ridge",
    ],
)
def test_a_row_has_the_prediction_of_its_groups_own_model(linreg: Linreg, run: str) -> None:
    train(linreg, run)
    files = models()
    is_ridge = "--l2" in RUNS[run]
    options_of_run = OPTIONS[:4] if is_ridge else OPTIONS

    @examples(20)
    @given(rows=NEW, options=st.sampled_from(options_of_run))
    def check(rows: Sequence[Sequence[str]], options: Sequence[str]) -> None:
        write("new.csv", rows)
        lines = predict(linreg, "g.json", "new.csv", "-q", *options).stdout.splitlines()
        is_only = "--only" in options
        lines = lines if is_only else lines[1:]
        assert len(lines) == len(rows)
        found: dict[str, list[tuple[Sequence[str], str]]] = {}
        for row, line in zip(rows, lines, strict=True):
            found.setdefault(files.get((key_of(row[0]), row[1]), ""), []).append((row, line))
        for _, line in found.pop("", []):
            [cells] = csv.reader([line])
            assert not any(cells if is_only else cells[len(HEADER) :])
        for model, pairs in found.items():
            own = own_predictions(linreg, model, [row for row, _ in pairs], options)
            assert own == [line for _, line in pairs]

    check()


def test_rows_without_a_model_keep_their_place_and_are_counted(linreg: Linreg) -> None:
    train(linreg)
    new = "".join(f"{city},{year},1,2\n" for city, year in [
        ("x", "2020"), ("a", "2020"), ("10", "2021"), ("y", "2020"), ("z", "1"), ("u", "2"),
        ("", "1999"),
    ])  # fmt: skip
    done = predict(linreg, "g.json", "-", "--only", stdin=f"city,year,x,z\n{new}")
    assert [bool(line) for line in done.stdout.split("\n")[:-1]] == [
        False, True, False, False, False, False, False
    ]  # fmt: skip
    assert done.stderr == (
        "Warning: 5 rows without a prediction: the model does not have the group 'x, 2020', "
        "'y, 2020', 'z, 1', ...\nWarning: 1 row without a prediction: there is no fit of the "
        "group '10, 2021'\n"
    )


def test_a_missing_key_is_counted_where_it_is_no_group(linreg: Linreg) -> None:
    write("trained.csv", TRAINED)
    linreg("train", "trained.csv", "--x", "x", "--y", "y", "--by", "city", "-q", "-o", "g.json")
    done = predict(linreg, "g.json", "-", stdin="x,city\n1,\n1,a\n,a\n")
    assert [line.count(",") for line in done.stdout.splitlines()] == [2, 2, 2, 2]
    assert done.stdout.splitlines()[1] == "1,,"
    assert done.stderr == (
        "Warning: 1 row without a prediction: x 1\n"
        "Warning: 1 row without a prediction: a value of the key of the group is missing\n"
    )


def test_unknown_fail_names_the_line_and_the_key(linreg: Linreg) -> None:
    train(linreg)
    new = "city,year,x\na,2020,1\nelsewhere,2020,1\nnowhere,2020,1\n"
    done = linreg("predict", "g.json", "-", "--unknown", "fail", stdin=new)
    assert (done.status, done.stdout) == (3, "city,year,x,predicted_y\n")
    assert done.stderr == (
        "Error: stdin, line 3, column 'city, year': no training row has the group "
        "'elsewhere, 2020'\n"
        "Hint: Without --unknown fail, such a row gets an empty prediction.\n"
    )


def test_a_group_without_a_fit_is_no_unknown_group(linreg: Linreg) -> None:
    train(linreg)
    new = "city,year,x\n10,2021,1\n"
    assert linreg("predict", "g.json", "-", "--unknown", "fail", stdin=new).status == 0


@pytest.mark.parametrize(
    "typed",
    [
        ("city=b", "year=2021", "3", "4"),
        ("3", "city=b", "4", "year=2021"),
        ("year=2021", "x=3", "city=b", "z=4"),
        ("3", "4", "--group", "b,2021"),
        ("z=4", "x=3", "--group", "year=2021,city=b"),
    ],
)
def test_typed_values_take_the_key_of_a_group(linreg: Linreg, typed: Sequence[str]) -> None:
    train(linreg, "two features")
    own = predict(linreg, models()["b", "2021"], "3", "4", "--interval", "0.9").stdout
    assert predict(linreg, "g.json", *typed, "--interval", "0.9").stdout == own


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (["1"], "g.json has a model for each group by city, year, and no group is named"),
        (["1", "city=a"], "no value for 'year'"),
        (["1", "city=a", "city=b", "year=2020"], "'city' is given twice"),
        (["1", "city=a", "year=2021"], "the model has no group 'a, 2021'; did you mean"),
        (["city=a", "year=2020"], "there is no value to predict for"),
        (["1", "--group", "a,202"], "the model has no group 'a,202'; did you mean 'a,2020'?"),
    ],
)
def test_values_without_a_whole_key_are_refused(
    linreg: Linreg, typed: Sequence[str], message: str
) -> None:
    train(linreg)
    done = linreg("predict", "g.json", *typed)
    assert (done.status, done.stdout) == (2, "")
    assert done.stderr.startswith(f"Error: {message}")


def test_the_hint_for_values_without_a_group_works(linreg: Linreg) -> None:
    train(linreg)
    hint = linreg("predict", "g.json", "1").stderr.splitlines()[1]
    assert hint == "Hint: linreg predict g.json 1 city=a year=2020"
    assert linreg(*hint.split()[2:]).status == 0


def test_a_group_without_a_fit_has_no_typed_prediction(linreg: Linreg) -> None:
    train(linreg)
    done = linreg("predict", "g.json", "1", "city=10", "year=2021")
    assert (done.status, done.stdout) == (5, "")


def test_group_predicts_all_rows_with_one_model(linreg: Linreg) -> None:
    train(linreg)
    own = predict(linreg, models()["a", "2020"], "-", stdin="x\n1\n2.5\n").stdout
    assert predict(linreg, "g.json", "-", "--group", "a,2020", stdin="x\n1\n2.5\n").stdout == own


def test_group_needs_a_model_of_groups(linreg: Linreg) -> None:
    write("trained.csv", TRAINED)
    linreg("train", "trained.csv", "--x", "x", "--y", "y", "-q")
    done = linreg("predict", "model.json", "1", "--group", "a")
    assert done.status == 2
    assert done.stderr == (
        "Error: --group needs a model of groups, and model.json is one model\n"
        "Hint: Leave out --group, or train with --by COLUMN.\n"
    )


def test_a_group_without_an_interval_has_its_prediction_alone(linreg: Linreg) -> None:
    rows = ["a,1,2", "a,2,3", "b,1,1", "b,2,3", "b,3,4"]  # two rows of a leave nothing over
    text = "\n".join(["city,x,y", *rows]) + "\n"
    linreg("train", "-", "--x", "x", "--y", "y", "--by", "city", "--solver", "exact", "-q",
           "-o", "g.json", stdin=text)  # fmt: skip
    done = predict(linreg, "g.json", "-", "--interval", "0.9", "--residuals", stdin=text)
    found = [line.split(",") for line in done.stdout.splitlines()]
    assert found[0][3:] == [f"predicted_y{end}" for end in ("", "_lower", "_upper", "_residual")]
    assert found[1] == ["a", "1", "2", "2.0", "", "", "0.0"]
    assert all(found[3])
    assert done.stderr == (
        "Warning: 2 rows with a prediction alone: the fit has no other columns of the group 'a'\n"
    )


def test_the_inverse_is_that_of_the_group(linreg: Linreg) -> None:
    rows = "".join(f"{city},{n},{n * n + len(city)}\n" for city in ("a", "bb") for n in range(1, 9))
    Path("d.csv").write_text(f"city,x,y\n{rows}")
    options = ["--x", "x", "--y", "log(y)", "--solver", "exact", "-q"]
    linreg("train", "d.csv", *options, "--by", "city", "-o", "g.json")
    done = predict(linreg, "g.json", "d.csv", "--inverse", "--interval", "0.5", "--only")
    for number, city in enumerate(("a", "bb")):
        path = f"group-{number}.json"
        models()
        own = predict(linreg, path, "d.csv", "--inverse", "--interval", "0.5", "--only")
        part = slice(8 * number, 8 * (number + 1))
        assert done.stdout.splitlines()[part] == own.stdout.splitlines()[part], city
    assert "--inverse predicts the median of y" in done.stderr


def test_a_prediction_beyond_float64_names_its_line(linreg: Linreg) -> None:
    rows = "".join(f"{c},{n}e{e},{n}e{-e}\n" for c, e in (("a", 0), ("b", -100)) for n in (1, 2, 3))
    linreg("train", "-", "--x", "x", "--y", "y", "--by", "c", "--solver", "exact", "-q",
           "-o", "g.json", stdin=f"c,x,y\n{rows}")  # fmt: skip
    done = linreg("predict", "g.json", "-", stdin="c,x\na,1\nb,1e100\na,2\nb,1e120\n")
    assert done.status == 3
    assert done.stderr.startswith("Error: stdin, line 5: a prediction is too large")


def test_values_outside_are_counted_by_the_range_of_their_group(linreg: Linreg) -> None:
    rows = "".join(f"{c},{n + d},{n}\n" for c, d in (("a", 0), ("b", 100)) for n in range(5))
    linreg("train", "-", "--x", "x", "--y", "y", "--by", "c", "--solver", "exact", "-q",
           "-o", "g.json", stdin=f"c,x,y\n{rows}")  # fmt: skip
    done = predict(linreg, "g.json", "-", "--only", stdin="c,x\na,3\na,103\nb,103\nb,3\n")
    assert done.stderr == "Warning: x: 2 values outside the training range of the row's group\n"


@pytest.mark.parametrize("dialect", ["semicolons", "quotes"])
def test_records_stay_as_they_were(linreg: Linreg, dialect: str) -> None:
    train(linreg)
    line = {"semicolons": 'a; 2020 ;"1,5";x', "quotes": '"a","2020","1.5","x, y"'}[dialect]
    comma = ";" if dialect == "semicolons" else ","
    header = comma.join(["city", "year", "x", "note"])
    options = ["--decimal", ","] if dialect == "semicolons" else []
    done = predict(linreg, "g.json", "-", "-q", *options, stdin=f"{header}\r\n{line}\r\n")
    [_, found] = done.stdout.split("\r\n")[:2]
    value = predict(linreg, models()["a", "2020"], "1.5").stdout.strip()
    assert found == f"{line}{comma}{value.replace('.', ',') if options else value}"


def test_threads_and_blocks_give_the_same_bytes(linreg: Linreg) -> None:
    train(linreg)
    names = ["a", "b", "elsewhere", '"d,""e"', ""]
    with Path("big.csv").open("w") as file:
        file.write("city,year,x\n")
        file.writelines(f"{names[n % 5]},{2020 + n % 2},{n % 17}.5\n" for n in range(60_000))
    done = [predict(linreg, "g.json", "big.csv", "--threads", str(n)) for n in (1, 3)]
    assert done[0] == done[1]
    lines = done[0].stdout.splitlines()
    assert len(lines) == 60_001
    first: dict[str, str] = {}
    for line in lines:
        record, _, predicted = line.rpartition(",")
        assert first.setdefault(record, predicted) == predicted
