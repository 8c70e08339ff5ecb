"""Products with categories: right to the last digit, and the same in any order and any parts."""

import json
from fractions import Fraction
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from tests.commands.group_runs import NUMBERS, write
from tests.conftest import Linreg
from tests.exactly import Exactly

HEADER = ("a", "b", "x", "z", "w", "y")
FORMULAS = [
    "C(a)*x",
    "C(a):x",
    "C(a):x - 1",
    "C(a)*x + z - 1",
    "C(a):C(b)",
    "C(a)*C(b) + x",
    "(C(a) + C(b) + x)^2",
    "C(a)*z^2",
    "C(b):x:z + C(a)",
    "x + C(a):C(b):x",
]
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["p", "q", "10", "9", " p"]),
        st.sampled_from("uv"),
        NUMBERS,
        NUMBERS,
        st.sampled_from(["1", "2.5", "0", "3"]),
        NUMBERS,
    ),
    min_size=4,
    max_size=40,
)
RUNS = {
    "all rows": (),
    "weighted": ("--weights", "w"),
    "with test rows": ("--test-fraction", "0.3"),
    "with folds": ("--folds", "2"),
}
BRIEFLY = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
Row = tuple[str, ...]


def train(linreg: Linreg, file: str, *arguments: str, output: str) -> bool:
    """Return whether the rows have a model; errors of the data, or of the fit, say why not."""
    done = linreg("train", file, *arguments, "-q", "-o", output)
    assert done.status in {0, 3, 5}, done.stderr
    return not done.status


def product_of(row: Row, feature: str) -> Fraction:
    """Return a feature of a row from its name, such as a[p]:x."""
    cells = {name: cell.strip() for name, cell in zip(HEADER, row, strict=True)}
    found = Fraction(1)
    for factor in feature.split(":"):
        name, _, level = factor.partition("[")
        column, _, power = name.partition("^")
        if level:
            found *= cells[column] == level.removesuffix("]")
        else:
            found *= Fraction(cells[column]) ** int(power or 1)
    return found


@pytest.mark.slow
@BRIEFLY
@given(rows=ROWS, formula=st.sampled_from(FORMULAS), run=st.sampled_from(["all rows", "weighted"]))
def test_weights_and_errors_are_those_of_fractions(
    linreg: Linreg, rows: list[Row], formula: str, run: str
) -> None:
    write("all.csv", rows, HEADER)
    exactly = ("--formula", f"y ~ {formula}", *RUNS[run], "--solver", "exact")
    if not train(linreg, "all.csv", *exactly, output="model.json"):
        return
    features = json.loads(Path("model.json").read_text())["x"]
    needed = [HEADER.index(name) for name in "abxzwy" if name in formula or name in "wy"]
    used = [
        row
        for row in rows
        if all(row[j] for j in needed) and (run == "all rows" or row[HEADER.index("w")] != "0")
    ]
    expected = Exactly(
        [[*([] if "- 1" in formula else [Fraction(1)]), *(product_of(row, f) for f in features)]
         for row in used],
        [Fraction(row[-1]) for row in used],
        "- 1" not in formula,
        [Fraction(row[-2]) for row in used] if run == "weighted" else [],
    )  # fmt: skip
    found = json.loads(linreg("show", "model.json", "--json").stdout)
    assert [each["least_squares"] for each in found["weights"]] == [
        float(weight) for weight in expected.solution()
    ]
    assert found["residual_sum_of_squares"] == float(expected.error())
    free = len(used) - len(found["weights"])
    for j, weight in enumerate(found["weights"] if free and expected.error() else ()):
        variance = expected.error() / free * expected.inverse[j][j]
        assert weight["standard_error"] ** 2 == pytest.approx(float(variance), rel=1e-14)


@pytest.mark.slow
@BRIEFLY
@given(
    rows=st.lists(ROWS, min_size=1, max_size=3),
    formula=st.sampled_from(FORMULAS),
    run=st.sampled_from(sorted(RUNS)),
)
def test_any_order_and_any_shards_give_the_same_bytes(
    linreg: Linreg, rows: list[list[Row]], formula: str, run: str
) -> None:
    arguments = ("--formula", f"y ~ {formula}", *RUNS[run], "--epochs", "0")
    write("all.csv", chain(*rows), HEADER)
    if not train(linreg, "all.csv", *arguments, output="all.json"):
        return
    write("mixed.csv", [*chain(*rows)][::-1], HEADER)
    with pytest.MonkeyPatch.context() as changed:
        changed.setenv("LINREG_BLOCK_BYTES", "7")
        assert train(linreg, "mixed.csv", *arguments, "--threads", "3", output="mixed.json")
    assert Path("mixed.json").read_bytes() == Path("all.json").read_bytes()
    shards = []
    for number, part in enumerate(rows):
        write(f"{number}.csv", part, HEADER)
        if not train(linreg, f"{number}.csv", *arguments, output=f"{number}.json"):
            return  # a shard may have no row, or one level
        shards.append(f"{number}.json")
    assert train(linreg, "all.json", "--epochs", "0", output="again.json")
    done = linreg("train", *shards[::-1], "--epochs", "0", "-q", "-o", "merged.json")
    assert done.status == 0, done.stderr
    assert Path("merged.json").read_bytes() == Path("again.json").read_bytes()
