"""Student's t, Fisher's F and chi-squared in ball arithmetic, by incomplete beta and gamma.

Source: NIST Digital Library of Mathematical Functions, sections 8.2 and 8.17; M. Abramowitz and
I. Stegun, Handbook of Mathematical Functions (1964), 26.4, 26.6 and 26.7.
"""

from functools import lru_cache

from flint import arb, ctx, fmpq

HALF = fmpq(1, 2)
MANY = 10**5
"""FLINT's incomplete beta function is slow for more degrees of freedom than twice this."""
_FLOAT_BITS = 53
_GUARD_BITS = 24


def t_p_value(t: arb, degrees_of_freedom: int) -> arb:
    """Return P(|T| ≥ |t|) for Student's t, as a ball at the working precision."""
    if abs(t) < 1:  # faster there, and no digits cancel
        return 1 - _t_middle(t, degrees_of_freedom)
    v = arb(degrees_of_freedom)
    return _upper(t**2 / (v + t**2), v / (v + t**2), arb(HALF), v / 2)


def f_p_value(f: arb, numerator: int, denominator: int) -> arb:
    """Return P(F ≥ f) for Fisher's F, as a ball at the working precision.

    Parameters
    ----------
    f
        A ratio of two variances, at least 0.
    numerator, denominator
        The degrees of freedom of the two variances.

    """
    m, n = arb(numerator), arb(denominator)
    return _upper(m * f / (n + m * f), n / (n + m * f), m / 2, n / 2)


def chi_squared_p_value(x: arb, degrees_of_freedom: int) -> arb:
    """Return P(X ≥ x) for a chi-squared X, x at least 0, as a ball at the working precision."""
    return (x / 2).gamma_upper(arb(degrees_of_freedom) / 2, regularized=True)


def with_log10(p: arb) -> list[arb]:
    """Return a probability and its decimal logarithm, which stays finite for p below 1e-308."""
    return [p, p.log() / arb(10).log()]


def t_quantile(confidence: fmpq, degrees_of_freedom: int) -> arb:
    """Return the t with P(|T| ≤ t) = confidence, as a ball at the working precision.

    Parameters
    ----------
    confidence
        A probability, above 0 and below 1.
    degrees_of_freedom
        At least 1.

    Notes
    -----
    Bisection finds the float next to it, and Newton's method further digits. The ball is proven by
    the values of the distribution function at its two ends.

    """
    v = degrees_of_freedom
    t = arb(_bisect(confidence, v))
    slope = 2 * _t_density(t, v).mid()
    bits = _FLOAT_BITS - 3
    while bits < ctx.prec:
        t = (t - _above(t, confidence, v) / slope).mid()
        bits += _FLOAT_BITS - 8
    radius = t.mid() * arb(2) ** (_GUARD_BITS - ctx.prec)
    while not (_above(t - radius, confidence, v) < 0 and _above(t + radius, confidence, v) > 0):
        radius *= 2
    return (t - radius).union(t + radius)


def _above(t: arb, confidence: fmpq, degrees_of_freedom: int) -> arb:
    """Return P(|T| ≤ t) - confidence, from the smaller probability so that no digits cancel."""
    if confidence > HALF:
        return (1 - confidence) - t_p_value(t, degrees_of_freedom)
    return _t_middle(t, degrees_of_freedom) - confidence


@lru_cache(maxsize=4096)  # models of groups ask for few different ones
def _bisect(confidence: fmpq, degrees_of_freedom: int) -> float:
    low, high = 0.0, 1.0
    while _above(arb(high), confidence, degrees_of_freedom) < 0:
        low, high = high, high * 2
    while True:
        middle = (low + high) / 2
        if middle in {low, high}:
            return high
        if _above(arb(middle), confidence, degrees_of_freedom) < 0:
            low = middle
        else:
            high = middle


def _t_density(t: arb, degrees_of_freedom: int) -> arb:
    v = arb(degrees_of_freedom)
    scale = ((v + 1) / 2).lgamma() - (v / 2).lgamma() - (v * arb.pi()).log() / 2
    return (scale - (v + 1) / 2 * (1 + t**2 / v).log()).exp()


def _t_middle(t: arb, degrees_of_freedom: int) -> arb:
    """Return P(|T| ≤ |t|) for Student's t."""
    v = arb(degrees_of_freedom)
    x, b = t**2 / (v + t**2), v / 2
    return _series(x, arb(HALF), b) if b > MANY else _beta(x, arb(HALF), b)


def _upper(x: arb, rest: arb, a: arb, b: arb) -> arb:
    """Return 1 - I(x; a, b), with I the regularised incomplete beta function; rest is 1 - x."""
    if not b > MANY:
        return _beta(rest, b, a)
    # the function decreases in x, so its values at the exact ends of the ball enclose it
    low, high = (_upper_at(end, a, b) for end in (x.upper(), x.lower()))
    return low.union(high)


def _upper_at(x: arb, a: arb, b: arb) -> arb:
    if x == 1:
        return arb(0)
    if not x < 1:
        return arb(0).union(1)  # the precision is too low to tell
    size = b * x  # the result is about exp(-size)
    if size > ctx.prec:
        return _far_tail(x, a, b)
    with ctx.workprec(ctx.prec + int(2 * float(size.upper())) + 64):
        return 1 - _series(x, a, b)


def _far_tail(x: arb, a: arb, b: arb) -> arb:
    """Return 1 - I(x; a, b) with a small relative error; b·x must be large.

    With s = x + (1 - x)u the integral over s from x to 1 of s**(a-1) (1-s)**(b-1) is
    x**(a-1) (1-x)**b times the integral over u from 0 to 1 of (1 + zu)**(a-1) (1-u)**(b-1), for
    z = (1-x)/x. The powers of u in the Taylor series of (1 + zu)**(a-1) are integrated one by
    one. From the power a - 1 on, the remainder lies between 0 and the next term. The smallest
    term is about exp(-b·x), which is small enough if b·x exceeds the bits of the working precision.
    """
    z = (1 - x) / x
    term = total = arb(1)
    count = 0
    while True:
        ratio = (a - 1 - count) / (b + 1 + count) * z
        term, count = term * ratio, count + 1
        is_small = not abs(term) > abs(total) * arb(2) ** -ctx.prec
        if count > a and (is_small or not abs(ratio) < 1):
            break
        total += term
    scale = ((a - 1) * x.log() + b * (-x).log1p() - _log_beta(a, b)).exp() / b
    return scale * total.union(total + term)


def _series(x: arb, a: arb, b: arb) -> arb:
    """Return I(x; a, b) by DLMF 8.17.8, which is fast if b is large and b·x is not."""
    if x == 0:
        return arb(0)
    if not x > 0:
        return arb(0).union(1)  # the precision is too low to tell
    term = total = (a * x.log() + b * (-x).log1p() - _log_beta(a, b)).exp() / a
    count = 0
    while True:
        ratio = (a + b + count) / (a + 1 + count) * x
        term, count = term * ratio, count + 1
        total += term
        if (
            ratio < HALF and term < total * arb(2) ** -ctx.prec
        ):  # ratios decrease, so the rest is less than term
            return total.union(total + term)


def _log_beta(a: arb, b: arb) -> arb:
    return a.lgamma() + b.lgamma() - (a + b).lgamma()


def _beta(x: arb, a: arb, b: arb) -> arb:
    """Return the regularised incomplete beta function I(x; a, b)."""
    if x == 1:  # where the series do not converge
        return arb(1)
    return x.beta_lower(a, b, regularized=True)
