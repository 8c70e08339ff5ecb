"""Formulas: what they mean, and what is said of those that mean nothing."""

import shlex
import sys

import pytest
from hypothesis import given, strategies as st

from linreg_cli.design.factors import MAX_POWER, NAME_HINT
from linreg_cli.design.formulas import parse_expression, parse_formula, parse_terms
from linreg_cli.design.terms import (
    Call,
    Category,
    Column,
    Expression,
    Factor,
    Number,
    Operation,
    Term,
)
from linreg_cli.design.transforms import TRANSFORMS
from linreg_cli.errors import FormulaError, UsageError

NAMES = ["price", "sqft", "beds", "city", "sold", "living area", "Sepal.Length", "a:b", "sqft^2"]
PRICE = Column("price")


@pytest.mark.parametrize(
    ("formula", "target", "terms", "intercept"),
    [
        (
            "log(price) ~ log(sqft)*C(city) + beds - 1",
            "log(price)",
            ["log(sqft)", "C(city)", "beds", "log(sqft):C(city)"],
            False,
        ),
        ("price ~ sqft*beds", "price", ["sqft", "beds", "sqft:beds"], True),
        ("price ~ sqft:beds + sqft", "price", ["sqft", "sqft:beds"], True),
        ("price ~ (sqft + beds)^2 - beds", "price", ["sqft", "sqft:beds"], True),
        ("price ~ (sqft + beds)**2 + 0", "price", ["sqft", "beds", "sqft:beds"], False),
        ("price ~ -1 + sqft", "price", ["sqft"], False),
        ("price ~ 0 + sqft", "price", ["sqft"], False),
        ("price ~ sqft/beds", "price", ["sqft", "sqft:beds"], True),
        ("price~sqft + sqft + beds - beds", "price", ["sqft"], True),
        ("price ~ beds^2 + beds**3", "price", ["beds^2", "beds^3"], True),
        ("price ~ sqft:beds^2 + log(beds)^2", "price", ["log(beds)^2", "sqft:beds^2"], True),
        ("price ~ I(beds + sqft^2)", "price", ["I(beds + sqft^2)"], True),
        ("price ~ I((beds + sqft)^2)", "price", ["I((beds + sqft)^2)"], True),
        ("price ~ I(-beds / 2 - +3e2*sqft)", "price", ["I(-1 * beds / 2 - 3e2 * sqft)"], True),
        ("price ~ beds^-1 + I(sqft*-2)", "price", ["beds^-1", "I(sqft * -2)"], True),
        ("price ~ np.log(sqft) + I(beds)", "price", ["log(sqft)", "beds"], True),
        ("price ~ days(sold) + bool(city)", "price", ["days(sold)", "bool(city)"], True),
        ("I(price - sqft) ~ sqft", "I(price - sqft)", ["sqft"], True),
        ("sold ~ `living area` + beds", "sold", ["living area", "beds"], True),
        ("price ~ log(`living area`)", "price", ["log(`living area`)"], True),
        ("price ~ Sepal.Length:`living area`", "price", ["Sepal.Length:`living area`"], True),
        ("price ~ `a:b` + log(sqrt(`a:b`))", "price", ["a:b", "log(sqrt(`a:b`))"], True),
    ],
)  # fmt: skip
def test_formulas(formula: str, target: str, terms: list[str], intercept: object) -> None:
    parsed = parse_formula(formula, NAMES)
    assert Term((parsed.target,)).name == target
    assert [term.name for term in parsed.terms] == terms
    assert parsed.has_intercept is intercept


def test_a_point_means_all_other_columns() -> None:
    parsed = parse_formula("log(price) ~ . + C(city) + days(sold)", NAMES)
    numbers = [Column(name) for name in NAMES if name not in {"price", "city", "sold"}]
    texts: list[Factor] = [Category("city"), Call("days", Column("sold"))]
    assert parsed.terms == tuple(Term((factor,)) for factor in [*numbers, *texts])


def test_the_name_of_a_column_is_that_column() -> None:
    names = ["price", "log(price)", "x"]
    assert parse_formula("log(price) ~ x", names).target == Column("log(price)")
    assert parse_expression("log(price)", names, "--y") == Column("log(price)")
    assert parse_expression("log(x)", names, "--y") == Call("log", Column("x"))


def test_names_are_compared_in_nfc() -> None:
    assert parse_terms("cafe\u0301 + log(cafe\u0301)", ["caf\u00e9"], "--x") == (
        Term((Column("caf\u00e9"),)),
        Term((Call("log", Column("caf\u00e9")),)),
    )


def test_terms_of_an_option() -> None:
    terms = parse_terms("sqft*C(city) + (beds + sqft)^2", NAMES, "--x")
    assert [term.name for term in terms] == ["sqft", "C(city)", "beds", "sqft:C(city)", "beds:sqft"]


# expressions are written as they are read


def operations(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    powers = st.integers(2, MAX_POWER).map(lambda k: Number(str(k)))
    return st.one_of(
        st.builds(Call, st.sampled_from([*TRANSFORMS]), inner),
        st.builds(Operation, st.sampled_from("+-*/"), inner, inner),
        st.builds(Operation, st.just("^"), inner, powers),
    )


COLUMNS: st.SearchStrategy[Expression] = st.sampled_from([Column(name) for name in NAMES])
NUMBERS: st.SearchStrategy[Expression] = st.sampled_from([Number("2"), Number("0.5"), Number("-3")])


@given(st.recursive(st.one_of(COLUMNS, NUMBERS), operations, max_leaves=8))
def test_the_name_of_a_factor_means_the_factor(expression: Expression) -> None:
    factor = Operation("+", PRICE, expression)
    assert parse_expression(Term((factor,)).name, NAMES, "--y") == factor
    product = Term((Column("sqft"), factor))
    assert parse_terms(product.name, NAMES, "--x") == (product,)


# what means nothing


EXPONENT = "an exponent is an integer from 1 to 20, or minus such an integer"
NUMBER = "a number other than 0 and 1 stands inside I(...)"
FAULTS = [  # a formula with ! before the fault, the problem, the beginning of the hint
    # operators
    ("price ~ sqft !+ * beds", "'+ *' cannot stand here", "Write --formula 'price ~ sqft + beds'"),
    ("price ~ sqft !+", "'+' cannot stand here", "Write --formula 'price ~ sqft'"),
    ("price !~ ~ sqft", "'~ ~' cannot stand here", "Write --formula 'price ~ sqft'"),
    ("price ~ sqft !~ beds", "'~' cannot stand here", ""),
    ("price ~ sqft !| beds", "linreg has no operator '|'", "For another feature, write "),
    ("price ~ sqft!|beds||`living area`", "linreg has no operator '|'", "For another feature, "),
    ("price ~ sqft !== beds", "'==' cannot stand here", "Write --formula 'price ~ sqft + beds'"),
    ("price ~ sqft!, beds", "',' cannot stand here", "Write --formula 'price ~ sqft + beds'"),
    ("price ~ sqft!*-1", "'*-' cannot stand here", ""),
    ("price ~ sqft !3", "an operator is missing before this", ""),
    ("price ~ C(city)*!2", NUMBER, ""),
    ("price ~ !2*sqft + 3*beds", NUMBER, "Write --formula 'price ~ I(2*sqft) + I(3*beds)'"),
    ("price ~ !(sqft + beds", "this parenthesis has no partner", "Close it with ')'."),
    ("price ~ log!(sqrt(sqft)", "this parenthesis has no partner", "Close it with ')'."),
    ("price ~ sqft + beds!)", "this parenthesis has no partner", ""),
    ("price ~ sqft !beds", "an operator is missing before this", "Write --formula 'price ~ sqft +"),
    ("price ~ log!(sqft", "this parenthesis has no partner", "Close it with ')'."),
    ("price ~ !`sqft", "this backquote has no partner", "Write `sqft`."),
    ("price ~ log(!`sqft) + beds", "this backquote has no partner", "Write `sqft`."),
    ("price ~ !`sqtf", "this backquote has no partner", "Write `sqft`."),
    ("price ~ !'sqft", "this is not closed", ""),
    ("price ~ sqft + !{beds}", "linreg has no braces", "Write I(...)."),
    ("price ~ !'sqft'", "text in quotes means nothing in a formula", "A name with spaces"),
    ("price ~ sqft + !3", NUMBER, "--no-intercept leaves out the intercept"),
    ("price ~ !2*sqft", NUMBER, "Write --formula 'price ~ I(2*sqft)'"),
    ("price ~ log(sqft)*!2 + beds", NUMBER, "Write --formula 'price ~ I(log(sqft)*2) + beds'"),
    ("price ~ (sqft + !2*beds)^2", NUMBER, "Write --formula 'price ~ (sqft + I(2*beds))^2'"),
    ("price ~ !2:sqft", NUMBER, "Write --formula 'price ~ I(2*sqft)'"),
    ("price ~ (sqft + beds)^!5", "parentheses have an exponent of at most 4", "Write the products"),
    ("price ~ sqft^!beds", "an exponent is a positive integer", ""),
    # sides
    ("!", "there is no target", "A formula has the form target ~ features"),
    ("!price", "there is no target", "A formula has the form target ~ features"),
    ("!~ sqft", "there is no target", "A formula has the form target ~ features"),
    ("price ~!", "there is no feature", "Name a column on the right side."),
    ("price ~ 1!", "there is no feature", "Name a column on the right side."),
    ("price !+ sqft ~ beds", "the target is one number", "Write arithmetic inside I(...)."),
    ("!C(city) ~ beds", "the target is a number, not a category", ""),
    ("!1 ~ beds", "this is no target", NAME_HINT),
    ("price ~ sqft + !price", "the target price is a feature too", "Leave it out"),
    ("log(price) ~ sqft + !price", "the target log(price) is a feature too", "Leave it out"),
    ("price ~ sqft + beds:!log(price)", "the target price is a feature too", "Leave it out"),
    # factors
    ("price ~ sqft + !bedz", "there is no column 'bedz'", "did you mean 'beds'?"),
    ("price ~ log(!bedz)", "there is no column 'bedz'", "did you mean 'beds'?"),
    ("price ~ C(!town)", "there is no column 'town'", "The columns are price, sqft, beds"),
    ("price ~ !livingarea", "there is no column 'livingarea'", "did you mean `living area`, in "),
    ("price ~ I(sqft + `living area`*!bedz)", "there is no column 'bedz'", "did you mean 'beds'?"),
    ("price ~ !lg(sqft)", "linreg has no function lg()", "did you mean 'log'?"),
    ("price ~ !spline(sqft)", "linreg has no function spline()", "The functions are log, "),
    ("price ~ beds + !bs(sqft, 3)", "linreg has no function bs()", "Write powers"),
    ("price ~ !poly(sqft, 2)", "linreg has no function poly()", "Write powers"),
    ("price ~ !center(sqft)", "linreg has no function center()", "Leave it out"),
    ("price ~ !scale(sqft)", "linreg has no function scale()", "Leave it out"),
    ("price ~ !factor(city)", "linreg has no function factor()", "Write C(column)."),
    ("price ~ !C(city, Treatment('x'))", "C() takes a column and nothing else", "--reference"),
    ("price ~ C(!log(sqft))", "C() takes a column, not an expression", ""),
    ("price ~ log(!C(city))", "C() is a category, not a number", "Write it as a factor"),
    ("price ~ !C(city)^2", "C() is a category, not a number", "Write it as a factor"),
    ("price ~ !log(sqft, 2)", "log() takes one expression", "log2 and log10"),
    ("price ~ !sqrt()", "sqrt() takes one expression", ""),
    ("price ~ days(!log(sold))", "days() takes a column, not an expression", ""),
    ("price ~ sqft^!0.5", EXPONENT, "Write sqrt"),
    ("price ~ sqft^!0", EXPONENT, ""),
    ("price ~ I(sqft^!beds)", EXPONENT, ""),
    ("price ~ sqft^!99", EXPONENT, ""),
    ("price ~ I(!sqft // 2)", "cannot compute sqft // 2", "Expressions have"),
    ("price ~ !sqft[1]", "cannot compute sqft[1]", "Expressions have"),
    ("price ~ log(!not sqft)", "cannot compute not sqft", "Expressions have"),
    ("price ~ log(!True)", "True is not a number", ""),
    ("price ~ I(sqft * !1_000)", "1_000 is not a number", ""),
    ("price ~ I(sqft * !1e999)", "1e999 is outside the range of float64", ""),
    ("price ~ !log(2)", "there is no column in log(2)", NAME_HINT),
    ("price ~ log(!class)", "cannot read log(class)", "Put a name"),
    ("price ~ log(!`living area` sqft)", "cannot read log(`living area` sqft)", "Put a name"),
]  # fmt: skip


@pytest.mark.parametrize(("marked", "problem", "hint"), FAULTS)
def test_a_fault_is_named_at_its_place(marked: str, problem: str, hint: str) -> None:
    formula = marked.replace("!", "")
    with pytest.raises(FormulaError) as caught:
        parse_formula(formula, NAMES)
    assert caught.value.message == f"--formula: {problem}"
    assert caught.value.hint.startswith(hint)
    assert bool(caught.value.hint) == bool(hint)
    assert (caught.value.formula, caught.value.place) == (formula, marked.index("!"))


@pytest.mark.parametrize(
    ("marked", "problem", "hint"),
    [
        ("price !~ sqft", "this is a whole formula", "Write --formula 'price ~ sqft' in place"),
        ("sqft - !1", "a number is no feature", "--no-intercept"),
        ("!0 + sqft", "a number is no feature", "--no-intercept"),
        ("beds + !2*sqft", "a number is no feature", "Write --x 'beds + I(2*sqft)'"),
        ("sqft !+", "'+' cannot stand here", "Write --x sqft"),
        ("sqft + !bedz", "there is no column 'bedz'", "did you mean 'beds'?"),
    ],
)
def test_an_option_has_terms_only(marked: str, problem: str, hint: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse_terms(marked.replace("!", ""), NAMES, "--x")
    assert caught.value.message == f"--x: {problem}"
    assert caught.value.hint.startswith(hint)
    assert caught.value.place == marked.index("!")


@pytest.mark.parametrize(
    "marked", [marked for marked, _, hint in FAULTS if hint.startswith(("Write --", "For another"))]
)
def test_the_formula_of_a_hint_means_something(marked: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse_formula(marked.replace("!", ""), NAMES)
    assert parse_formula(shlex.split(caught.value.hint)[-1], NAMES).terms


def test_a_target_is_one_number() -> None:
    with pytest.raises(FormulaError, match="--y: the target is one number"):
        parse_expression("price - sqft", NAMES, "--y")


def test_without_formulaic_the_message_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "formulaic.errors", None)
    with pytest.raises(UsageError) as caught:
        parse_terms("log(sqft)", NAMES, "--x")
    assert caught.value.message == "--x log(sqft) needs the package formulaic"
    assert caught.value.hint == "pip install 'linreg-cli[formula]'"
