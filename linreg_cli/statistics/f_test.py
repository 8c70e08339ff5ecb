"""Fisher's F test of two exact sums of squares."""

from flint import arb, fmpq

from linreg_cli.exact import correctly_rounded, f_p_value, to_float, with_log10


def f_test(
    explained: fmpq, numerator: int, unexplained: fmpq, denominator: int
) -> tuple[float | None, float, float | None]:
    """Return F, P(at least this F) and the decimal logarithm of this probability.

    Parameters
    ----------
    explained, numerator
        The sum of squares in question, and its degrees of freedom.
    unexplained, denominator
        The residual sum of squares, and its degrees of freedom.

    Returns
    -------
    F = (explained / numerator) / (unexplained / denominator). If the fit is perfect, F is None,
    and p is 0 without a logarithm, or 1 if nothing is explained either.

    """
    if not unexplained:
        return (None, 0.0, None) if explained else (None, 1.0, 0.0)
    f = (explained / numerator) / (unexplained / denominator)
    p, p_log10 = correctly_rounded(lambda: with_log10(f_p_value(arb(f), numerator, denominator)))
    return to_float(f), p, p_log10
