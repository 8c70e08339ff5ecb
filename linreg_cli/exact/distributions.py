"""Student's t and Fisher's F in ball arithmetic, by the incomplete beta function.

Source: NIST Digital Library of Mathematical Functions, section 8.17; M. Abramowitz and I. Stegun,
Handbook of Mathematical Functions (1964), 26.6 and 26.7.
"""

from flint import arb, ctx, fmpq

HALF = fmpq(1, 2)
MANY = 10**5
"""From so many degrees of freedom on the general beta function gets slow."""
_FLOAT_BITS = 53
_GUARD_BITS = 24


def t_p_value(t: arb, degrees_of_freedom: int) -> arb:
    """Give P(|T| ≥ |t|) for Student's t."""
    if abs(t) < 1:  # the middle: quicker there, and nothing cancels
        return 1 - _t_middle(t, degrees_of_freedom)
    v = arb(degrees_of_freedom)
    return _upper(t**2 / (v + t**2), v / (v + t**2), arb(HALF), v / 2)


def f_p_value(f: arb, numerator: int, denominator: int) -> arb:
    """Give P(F ≥ f) for Fisher's F with some degrees of freedom."""
    m, n = arb(numerator), arb(denominator)
    return _upper(m * f / (n + m * f), n / (n + m * f), m / 2, n / 2)


def with_log10(p: arb) -> list[arb]:
    """Return a probability and its decimal logarithm."""
    return [p, p.log() / arb(10).log()]


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
    return _t_middle(t, degrees_of_freedom) - confidence


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
    """Give P(|T| ≤ |t|) for Student's t."""
    v = arb(degrees_of_freedom)
    x, b = t**2 / (v + t**2), v / 2
    return _series(x, arb(HALF), b) if b > MANY else _beta(x, arb(HALF), b)


def _upper(x: arb, rest: arb, a: arb, b: arb) -> arb:
    """Give 1 - I(x; a, b), the incomplete beta function above x, where rest is 1 - x."""
    if not b > MANY:
        return _beta(rest, b, a)
    # it falls with x: between the values at the ends of the ball, which are exact
    low, high = (_upper_at(end, a, b) for end in (x.upper(), x.lower()))
    return low.union(high)


def _upper_at(x: arb, a: arb, b: arb) -> arb:
    if x == 1:
        return arb(0)
    if not x < 1:
        return arb(0).union(1)  # the precision is too low to tell
    size = b * x  # about the natural logarithm of one part in the result
    if size > ctx.prec:
        return _far_tail(x, a, b)
    with ctx.workprec(ctx.prec + int(2 * float(size.upper())) + 64):
        return 1 - _series(x, a, b)


def _far_tail(x: arb, a: arb, b: arb) -> arb:
    """Give 1 - I(x; a, b) where b·x is large, with a small relative error.

    With s = x + (1 - x)u the integral over s from x to 1 of s**(a-1) (1-s)**(b-1) is
    x**(a-1) (1-x)**b times the integral over u from 0 to 1 of (1 + zu)**(a-1) (1-u)**(b-1), for
    z = (1-x)/x. The powers of u in the Taylor series of (1 + zu)**(a-1) are integrated one by
    one. From the power a - 1 on, the remainder lies between 0 and the next term. The smallest
    term is exp(-b·x) or so: enough digits if b·x exceeds the bits of the working precision.
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
    """Give I(x; a, b) by DLMF 8.17.8: quick where b is large and b·x is not."""
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
        if ratio < HALF and term < total * arb(2) ** -ctx.prec:  # ratios fall: the rest is less
            return total.union(total + term)


def _log_beta(a: arb, b: arb) -> arb:
    return a.lgamma() + b.lgamma() - (a + b).lgamma()


def _beta(x: arb, a: arb, b: arb) -> arb:
    """Give the regularised incomplete beta function."""
    if x == 1:  # the end of its range, where the series do not reach
        return arb(1)
    return x.beta_lower(a, b, regularized=True)
