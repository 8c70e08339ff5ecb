"""Student's t and Fisher's F in ball arithmetic, by the incomplete beta function.

Source: NIST Digital Library of Mathematical Functions, section 8.17; M. Abramowitz and I. Stegun,
Handbook of Mathematical Functions (1964), 26.6 and 26.7.
"""

from flint import arb, ctx, fmpq

HALF = fmpq(1, 2)
_FLOAT_BITS = 53
_GUARD_BITS = 24


def t_p_value(t: arb, degrees_of_freedom: int) -> arb:
    """Give P(|T| ≥ |t|) for Student's t."""
    v = arb(degrees_of_freedom)
    if abs(t) < 1:  # the middle: quicker there, and nothing cancels
        return 1 - _beta(t**2 / (v + t**2), arb(HALF), v / 2)
    return _beta(v / (v + t**2), v / 2, arb(HALF))


def f_p_value(f: arb, numerator: int, denominator: int) -> arb:
    """Give P(F ≥ f) for Fisher's F with some degrees of freedom."""
    m, n = arb(numerator), arb(denominator)
    return _beta(n / (n + m * f), n / 2, m / 2)


def t_quantile(confidence: fmpq, degrees_of_freedom: int) -> arb:
    """Give the t with P(|T| ≤ t) = confidence, as a ball at the working precision.

    Bisection finds the float next to it, Newton's method the further digits, and the sign of
    the distribution function on both sides proves the ball.
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
    """Give P(|T| ≤ t) - confidence, from the smaller of the two tails so that nothing cancels."""
    if confidence > HALF:
        return (1 - confidence) - t_p_value(t, degrees_of_freedom)
    v = arb(degrees_of_freedom)
    return _beta(t**2 / (v + t**2), arb(HALF), v / 2) - confidence


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


def _beta(x: arb, a: arb, b: arb) -> arb:
    """Give the regularised incomplete beta function."""
    if x == 1:  # the end of its range, where the series do not reach
        return arb(1)
    return x.beta_lower(a, b, regularized=True)
