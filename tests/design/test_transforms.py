"""Transforms against Python's decimals with 100 digits, and against exact fractions."""

from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given, strategies as st

from linreg_cli.design import logarithms, roots
from linreg_cli.design.number_column import NumberColumn
from linreg_cli.design.transformed import transformed
from linreg_cli.design.transforms import TRANSFORMS
from linreg_cli.exact.decimals import ExactDecimal, parse, shortest
from tests.strategies import CELLS, LARGEST, LIMB_EDGES, NUMBER_TEXTS

CONTEXT = Context(prec=100, Emax=MAX_EMAX, Emin=MIN_EMIN)
UNIT = Fraction(1, 10**15)
HALF = Fraction(1, 2)
LOGARITHMS = ["log", "log2", "log10", "log1p"]
BASES = [None, 2, 10]
NUMBERS = st.one_of(
    NUMBER_TEXTS.map(parse), st.builds(ExactDecimal, CELLS, st.sampled_from([0, 2, 17, 18, 19, 40]))
)


def exact(number: ExactDecimal) -> Fraction:
    return Fraction(*number.as_integer_ratio())


def logarithm(argument: Fraction, function: str) -> Fraction:
    """Return a logarithm of a decimal, with an error below 1e-95."""
    x = CONTEXT.divide(Decimal(argument.numerator), Decimal(argument.denominator))
    if function == "log10":
        return Fraction(CONTEXT.log10(x))
    value = CONTEXT.ln(x)
    return Fraction(CONTEXT.divide(value, CONTEXT.ln(Decimal(2))) if function == "log2" else value)


def transform(function: str, number: ExactDecimal) -> Fraction | None:
    """Return a transform as blocks compute it; that of one number must be the same."""
    numbers = NumberColumn.of_decimals([number])
    (result,) = transformed(function, numbers).of_rows()
    alone = TRANSFORMS[function](number)
    assert (result and exact(result)) == (alone and exact(alone))
    return result and exact(result)


def is_nearest(result: Fraction | None, value: Fraction, unit: Fraction) -> bool:
    """Return whether a result is a multiple of the unit, and no other is closer to the value."""
    assert result is not None
    assert (result / unit).denominator == 1
    return abs(result - value) <= unit / 2


# logarithms


@pytest.mark.parametrize("function", LOGARITHMS)
@given(NUMBERS)
def test_a_logarithm_is_the_nearest_decimal(function: str, number: ExactDecimal) -> None:
    argument = exact(number) + (function == "log1p")
    result = transform(function, number)
    if argument <= 0:
        assert result is None
    else:
        assert is_nearest(result, logarithm(argument, function), UNIT)


@pytest.mark.parametrize("function", LOGARITHMS)
@pytest.mark.parametrize("text", ["0", "-1", "-0.5", "-1e300"])
def test_a_logarithm_exists_for_positive_arguments_only(function: str, text: str) -> None:
    exists = function == "log1p" and text in {"0", "-0.5"}
    assert (transform(function, parse(text)) is not None) == exists


def test_logarithms_of_powers_of_the_base_are_integers() -> None:
    for k in range(-50, 51):
        two, ten = Decimal(2) ** k, Decimal(10) ** k
        assert transform("log2", parse(format(two, "f"))) == k
        assert transform("log10", parse(format(ten, "f"))) == k
    assert transform("log", ExactDecimal(1, 0)) == transform("log1p", ExactDecimal(0, 0)) == 0


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("decimals", [0, 17, 300])
def test_the_error_of_a_logarithm_before_its_rounding_is_within_a_quarter_of_the_bound(
    base: int | None, decimals: int
) -> None:
    generator = np.random.default_rng(1)
    values = np.concatenate(
        [
            np.arange(1, 300),
            generator.integers(1, LARGEST, 500),
            np.abs(LIMB_EDGES),
            *(2**59 + 2**52 * i + np.array([-1, 0, 1]) for i in range(129)),  # ends of the table
        ]
    )
    whole, rest = logarithms.in_two_parts(values, decimals, base)
    function = "log" if base is None else f"log{base}"
    worst = max(
        abs(logarithm(Fraction(n, 10**decimals), function) / UNIT - integer - Fraction(part))
        for n, integer, part in zip(values.tolist(), whole.tolist(), rest.tolist(), strict=True)
    )
    assert worst < logarithms.ERROR_BOUND / 4


@pytest.mark.parametrize("base", BASES)
def test_a_logarithm_next_to_the_middle_of_two_decimals_is_not_certain(base: int | None) -> None:
    function = "log" if base is None else f"log{base}"
    rest = np.random.default_rng(2).integers(1, 9 * 10**14, 2000)
    power = Context(prec=60).power
    middles = [
        power(
            CONTEXT.exp(Decimal(1)) if base is None else base,
            (Decimal(int(n)) + Decimal("0.5")).scaleb(-15),
        )
        for n in rest
    ]
    near = np.array([int(middle.scaleb(17)) for middle in middles])
    computed, certain = logarithms.logarithms(near, 17, base)
    exactly = [logarithm(Fraction(n, 10**17), function) / UNIT for n in near.tolist()]
    assert not certain.all()
    assert all(
        abs(value - n) < HALF
        for value, n, is_certain in zip(exactly, computed.tolist(), certain.tolist(), strict=True)
        if is_certain
    )
    numbers = transformed(function, NumberColumn.all_exist(near, 17))
    assert all(abs(v - n) < HALF for v, n in zip(exactly, numbers.values.tolist(), strict=True))


# roots


@given(NUMBERS)
@example(ExactDecimal(LARGEST, 12))
@example(parse("0.000000000000000250"))
def test_a_root_is_the_nearest_decimal(number: ExactDecimal) -> None:
    result = transform("sqrt", number)
    if number.integer < 0:
        assert result is None
        return
    assert result is not None
    assert (result / UNIT).denominator == 1
    middle = UNIT / 2
    assert max(result - middle, Fraction(0)) ** 2 <= exact(number) <= (result + middle) ** 2


@given(st.integers(0, 10**25), st.integers(0, 15))
def test_the_root_of_a_square_is_exact(integer: int, decimals: int) -> None:
    root = ExactDecimal(integer, decimals)
    assert transform("sqrt", ExactDecimal(integer**2, 2 * decimals)) == exact(root)


@given(st.integers(0, 10**20))
def test_a_root_halfway_between_two_decimals_is_the_even_one(integer: int) -> None:
    middle = 10 * integer + 5  # in units of 10**-16
    even = integer + integer % 2
    assert transform("sqrt", ExactDecimal(middle**2, 32)) == even * UNIT


@given(st.integers(2, 10**9), st.sampled_from([-1, 1]))
def test_a_root_next_to_a_decimal_is_not_mistaken_for_another(root: int, step: int) -> None:
    values = np.array([root**2 + step])
    for decimals in (12, 13, 16, 17, 18):
        computed, certain = roots.roots(values, decimals)
        if certain[0]:
            square = Fraction(int(values[0]), 10**decimals)
            low, high = ((int(computed[0]) + side) * UNIT for side in (-HALF, HALF))
            assert max(low, Fraction(0)) ** 2 < square < high**2


# exponentials and absolute values


@given(
    st.one_of(
        st.builds(ExactDecimal, st.integers(-750, 750), st.integers(0, 20)),
        st.builds(ExactDecimal, st.integers(-(10**20), 10**20), st.integers(17, 60)),
    )
)
@example(ExactDecimal(709, 0))
@example(ExactDecimal(-745, 0))
@example(parse("2.302585092994046"))
@example(parse("-2.302585092994046"))
def test_an_exponential_has_17_digits_and_is_the_nearest(number: ExactDecimal) -> None:
    numerator, denominator = map(Decimal, number.as_integer_ratio())
    value = CONTEXT.exp(CONTEXT.divide(numerator, denominator))
    result = transform("exp", number)
    if not Decimal("5e-324") / 2 < value < Decimal("1.8e308"):
        assert result is None
    else:
        unit = Fraction(Decimal(1).scaleb(value.adjusted() - 16))
        assert is_nearest(result, Fraction(value), unit)


@pytest.mark.parametrize("text", ["710", "-746", "1e15", "-1e15", "1e300"])
def test_an_exponential_beyond_float64_does_not_exist(text: str) -> None:
    assert transform("exp", parse(text)) is None


@given(NUMBERS)
def test_an_absolute_value_is_exact(number: ExactDecimal) -> None:
    assert transform("abs", number) == abs(exact(number))


# blocks


@pytest.mark.parametrize("function", TRANSFORMS)
def test_rows_are_transformed_one_by_one(function: str) -> None:
    texts = ["2.5", "-3", "0", "1000000000000", "2.5", "1", "7e-30", "-1", "9999999.5"]
    given_numbers = [parse(text) for text in texts]
    results = transformed(function, NumberColumn.of_decimals(given_numbers)).of_rows()
    alone = [TRANSFORMS[function](number) for number in given_numbers]
    assert [x and exact(x) for x in results] == [x and exact(x) for x in alone]


@pytest.mark.parametrize("function", TRANSFORMS)
def test_what_does_not_exist_has_no_transform(function: str) -> None:
    numbers = transformed(function, NumberColumn.of_decimals([None, ExactDecimal(2, 0)]))
    assert numbers.exists.tolist() == [False, True]


@pytest.mark.parametrize("function", TRANSFORMS)
def test_a_block_of_no_rows_is_transformed(function: str) -> None:
    assert len(transformed(function, NumberColumn.of_decimals([])).values) == 0


def test_many_rows_are_transformed_in_pieces() -> None:
    values = np.arange(1, 30_000)
    numbers = transformed("log2", NumberColumn.all_exist(values, 0))
    powers = [2**k for k in range(15)]
    assert [numbers.values[n - 1] for n in powers] == [k * 10**15 for k in range(15)]
    assert (np.diff(numbers.values) > 0).all()


@pytest.mark.parametrize("function", ["log", "log2", "log10", "log1p", "sqrt"])
@pytest.mark.parametrize("decimals", [0, 3])
def test_small_integers_of_many_rows_have_the_same_transforms(function: str, decimals: int) -> None:
    rng = np.random.default_rng(1)
    for high in (40, 65535, 65536, 70000):  # in the table, at its end and beyond it
        values = np.concatenate([rng.integers(-3, high, 1500), [0, 1, high]])
        found = transformed(function, NumberColumn.all_exist(values, decimals))
        few = [0, 1, 2, 3, 700, -1, -2, -3]
        for row in few:
            exact = TRANSFORMS[function](ExactDecimal(int(values[row]), decimals))
            assert bool(found.exists[row]) == (exact is not None)
            if exact is not None:
                assert shortest(int(found.values[row]), found.decimals) == shortest(*exact)
