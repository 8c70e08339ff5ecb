"""linreg train --explain: a calculator computes each number from the printed ones."""

import ast
import operator
import re
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import Linreg
from tests.output.explanations import (
    EVERY_RUN,
    KNOWN_ROWS,
    ROOM,
    RUNS,
    SHOWN_WHOLE,
    Part,
    epochs_of,
    explain,
    notation_of,
    parts_of,
    rows_of,
)

pytestmark = pytest.mark.usefixtures("explained_data")


OPERATIONS: dict[type[ast.AST], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def calculate(text: str, **values: Fraction) -> Fraction:
    """Work out an expression of numbers and names."""

    def value(node: ast.AST) -> Fraction:
        match node:
            case ast.Constant():
                return Fraction(ast.get_source_segment(text, node) or "")
            case ast.Name():
                return values[node.id]
            case ast.UnaryOp(op=ast.USub()):
                return -value(node.operand)
            case ast.BinOp():
                return OPERATIONS[type(node.op)](value(node.left), value(node.right))
        raise ValueError(text)

    return value(ast.parse(text, mode="eval").body)


def is_rounded(text: str, value: Fraction) -> bool:
    """Return whether a printed number is a value, rounded to the digits that are printed."""
    mantissa, _, exponent = text.partition("e")
    unit = Fraction(10) ** (int(exponent or 0) - len(mantissa.partition(".")[2]))
    return abs(Fraction(text) - value) <= unit / 2


def results(parts: dict[str, Part]) -> Iterator[tuple[str, Fraction, str]]:
    """Return each formula of numbers, what it gives, and the result that is printed."""
    for part in parts.values():
        for line in part.formulas:
            for arithmetic, result in pairwise(line.split(" = ")):
                if re.fullmatch(r"[-+*/ ()\d.e]+", arithmetic + result):
                    yield line, calculate(arithmetic), result


@EVERY_RUN
def test_a_calculator_gives_every_result_that_is_printed(
    linreg: Linreg, arguments: Sequence[str]
) -> None:
    found = list(results(explain(linreg, arguments)))
    assert found or arguments == RUNS["many"]
    for line, by_hand, result in found:
        assert is_rounded(result, by_hand), line


@pytest.mark.parametrize("name", SHOWN_WHOLE)
def test_a_calculator_gives_every_cell_of_the_tables(linreg: Linreg, name: str) -> None:
    parts = explain(linreg, RUNS[name])
    notation, epochs = notation_of(parts), epochs_of(parts)
    formulas = dict(line.split(" = ", 1) for line in notation.formulas)
    named = [RUNS[name][i + 1] for i, option in enumerate(RUNS[name]) if option == "--x"]
    symbols = ["x"] if len(named) == 1 else [f"x{j + 1}" for j in range(len(named))]
    inputs = []
    for feature, symbol in zip(named, symbols, strict=True):
        cells = notation.numbers(feature)
        if formulas[symbol] != feature:
            for cell, x in zip(cells, notation.columns[symbol], strict=True):
                assert is_rounded(x, calculate(formulas[symbol], **{feature: cell}))
            cells = notation.numbers(symbol)
        inputs.append(cells)
    targets = notation.numbers(formulas["y"])
    for epoch, after in zip(epochs, [*epochs[1:], None], strict=True):
        values = dict(zip(epoch.columns["weight"], epoch.numbers("value"), strict=True))
        for i, row in enumerate(zip(*inputs, targets, strict=True)):
            known = values | dict(zip(symbols, row, strict=False))
            predicted, error = epoch.columns["prediction"][i], epoch.numbers("error")[i]
            assert is_rounded(predicted, calculate(formulas["prediction"], **known))
            assert is_rounded(epoch.columns["error"][i], Fraction(predicted) - row[-1])
            assert is_rounded(epoch.columns["error²"][i], error * error)
            for symbol, x in zip(symbols, row, strict=False):
                assert is_rounded(epoch.columns[f"error * {symbol}"][i], error * x)
        for i, weight in enumerate(values):
            x = f"error * {weight.replace('m', 'x')}" if weight != "b" else "error"
            kind = weight if len(symbols) == 1 or weight == "b" else "each m"
            formula = formulas[f"gradient of {kind}"].replace("2 * mean of error * its x", "2 * q")
            formula = formula.replace("2 * mean of error * x", "2 * q")
            formula = formula.replace("2 * mean of error", "2 * q")
            known = {"q": epoch.numbers(x)[-1], "m": values[weight]}
            gradient = epoch.columns["gradient"][i]
            assert is_rounded(gradient, calculate(formula, **known))
            if "new value" in epoch.columns:
                known = {"weight": values[weight], "gradient": Fraction(gradient)}
                new = epoch.columns["new value"][i]
                assert is_rounded(new, calculate(formulas["new weight"], **known))
                assert after is None or after.columns["value"][i] == new


@pytest.mark.parametrize("name", ["houses", "unscaled", "diverging", "random"])
def test_where_all_rows_are_shown_a_calculator_gives_their_means(linreg: Linreg, name: str) -> None:
    epochs = epochs_of(explain(linreg, RUNS[name]))
    assert epochs
    for epoch in epochs:
        for column in ("error", "error²", "error * x"):
            *rows, mean = epoch.columns[column]
            assert len(rows) == 5
            assert is_rounded(mean, sum(map(Fraction, rows), Fraction()) / 5)
        assert epoch.value("loss") == Fraction(epoch.columns["error²"][-1])


def test_a_weighted_mean_is_that_of_the_weights_in_the_file(linreg: Linreg, folder: Path) -> None:
    (folder / "w.csv").write_text("x,w,y\n1,2,3.5\n2,0,9\n3,0.5,9.25\n,1,4\n5,1,16\n7,3,20\n")
    parts = explain(linreg, ["w.csv", "--x", "x", "--y", "y", "--weights", "w"])
    assert notation_of(parts).columns["line"] == ["2", "4", "6", "7"]
    weights = notation_of(parts).numbers("w")
    assert weights == [2, Fraction(1, 2), 1, 3]
    for epoch in epochs_of(parts):
        assert epoch.columns["row"][-1] == "weighted mean"
        *squares, _ = epoch.numbers("error²")
        total = sum((w * s for w, s in zip(weights, squares, strict=True)), Fraction())
        assert is_rounded(epoch.columns["error²"][-1], total / sum(weights))


@pytest.mark.parametrize("name", KNOWN_ROWS)
def test_the_numbers_are_those_of_the_textbooks_loop(linreg: Linreg, name: str) -> None:
    arguments = RUNS[name]
    parts = explain(linreg, arguments)
    rows = rows_of(arguments)
    has_intercept = "--no-intercept" not in arguments
    l2 = 0.25 if "--l2" in arguments else 0.0
    penalised = np.ones(rows.X.shape[1])
    penalised[0] = not has_intercept
    found = re.search(r"weight - ([-+.e\d]+) \* gradient", " ".join(notation_of(parts).formulas))
    assert found is not None
    rate, epochs = float(found[1]), epochs_of(parts)
    size = np.abs(rows.y).max()
    w = np.array(list(map(float, epochs[0].numbers("value"))))
    assert "--start" in arguments or not w.any()
    for epoch in epochs:
        np.testing.assert_allclose(list(map(float, epoch.numbers("value"))), w, 1e-7, 1e-7 * size)
        error = rows.X @ w - rows.y
        loss = np.average(error**2, weights=rows.counts) + l2 * (penalised * w**2).sum()
        gradient = 2 * np.average(rows.X * error[:, None], axis=0, weights=rows.counts)
        gradient += 2 * l2 * penalised * w
        assert float(epoch.value("loss")) == pytest.approx(loss, rel=1e-6, abs=1e-7 * size)
        np.testing.assert_allclose(
            list(map(float, epoch.numbers("gradient"))),
            gradient,
            rtol=1e-6,
            atol=1e-7 * np.abs(rows.X.T @ rows.y).max(),
        )
        if "new value" in epoch.columns:
            w = w - rate * gradient
    if "--no-scale" not in arguments:
        slopes = w[int(has_intercept) :] / rows.scale
        names = ["m"] if len(slopes) == 1 else [f"m{j + 1}" for j in range(len(slopes))]
        printed = [float(parts["What changed"].value(name)) for name in names]
        np.testing.assert_allclose(printed, slopes, rtol=1e-6, atol=1e-9)
        if has_intercept:
            b = w[0] - (slopes * rows.center).sum()
            terms = np.abs(slopes * rows.center).max() + np.abs(w[0])
            np.testing.assert_allclose(
                float(parts["What changed"].value("b")), b, rtol=0, atol=1e-6 * terms
            )


def test_losses_are_those_of_the_table_below(linreg: Linreg) -> None:
    result = linreg("train", *ROOM, "--explain", "--l2", "0.1")
    epochs = epochs_of(parts_of(result.stderr))
    table = result.stderr[result.stderr.index("         epoch") :].splitlines()[1:4]
    for line, epoch in zip(table, epochs, strict=True):
        assert float(line.split()[1]) == pytest.approx(float(epoch.value("loss")), rel=1e-6)
