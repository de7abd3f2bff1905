"""Student's t distribution, to twelve digits; `static/student_t.js` is its twin.

The policy, held together by tests/twins/group_statistics.json, which both test suites run. SciPy takes seconds to
import and JavaScript has nothing, so both languages do the same operations in the same order:

- With x = df / (df + t²), the chance of a t as large in either direction is the regularised incomplete beta function
  I_x(df/2, 1/2) (DLMF 8.17.6). Its continued fraction is DLMF 8.17.22, taken two steps at a time as in DiDonato and
  Morris, "Algorithm 708", ACM TOMS 18 (1992): written out singly it loses a digit for each digit of df.
- Where 1 - x is at most (b + 1) / (a + b + 2) the fraction is slow, and the other side is computed: I_x(a, b) =
  1 - I_1-x(b, a).
- The fraction is summed from its front by the modified Lentz method (Thompson and Barnett, 1986; DLMF 3.10(iii)).
- B(a, 1/2) needs only Γ(a + 1/2) / Γ(a). A difference of two log-gammas was not taken: at df = 1e6 it has eight good
  digits. The difference of their Stirling series (DLMF 5.11.8 with h = 1/2 and h = 0) keeps them all.
- Quantiles come from Newton's method on the logarithm of the probability over the logarithm of t. That curve is
  concave, so it converges from anywhere.
"""

import math

# Beyond it t and the normal distribution differ by less than a double can tell, as far as probabilities reach.
MAX_DF = 1e30
_GREATEST = 1.7976931348623157e308
_EPSILON = 2.0**-52
_TINY = 1e-300
# From here on the sixth term of the series is below 1e-16.
_SERIES_FROM = 20.0
# Of 60,000 random cases with df from 1e-3 to 1e30 none needed more than 74 terms and 10 steps.
_MAX_TERMS = 1000
_MAX_NEWTON_STEPS = 100
# What is left after a step so short is the square of it.
_SHORT_STEP = 1e-10


def student_t_p_value(t: float, df: float) -> float:
    """Return the chance of a t at least this far from 0, in either direction."""
    if not (t == t and df > 0):
        return math.nan
    if t in (math.inf, -math.inf):
        return 0.0
    return math.exp(_log_probabilities(abs(t), df)[1])


def student_t_quantile(p: float, df: float) -> float:
    """Return the t below which lies the share p of the distribution."""
    if not (0 <= p <= 1 and df > 0):
        return math.nan
    if p == 0.5:
        return 0.0
    if p in (0, 1):
        return -math.inf if p == 0 else math.inf
    tail = 2 * p if p < 0.5 else 2 * (1 - p)
    size = _solve(tail, df, outside=1) if tail <= 0.5 else _solve(1 - tail, df, outside=0)
    return -size if p < 0.5 else size


def _solve(probability: float, df: float, *, outside: int) -> float:
    """Find the t > 0 outside of which, or else within which, lies that share."""
    wanted = math.log(probability)
    # The quantile of the normal distribution is less than the first; the second is of the right size.
    t = math.sqrt(-2 * wanted) if outside else probability
    for _ in range(_MAX_NEWTON_STEPS):
        log_slope, log_outside, log_within = _log_probabilities(t, df)
        found = log_outside if outside else log_within
        step = (found - wanted) / (2 * math.exp(log_slope - found))
        step = step if outside else -step
        t *= math.exp(min(step, 700.0))
        if abs(step) < _SHORT_STEP or t == math.inf:
            break
    return t


def _log_probabilities(t: float, df: float) -> tuple[float, float, float]:
    """Return the logarithms of t times the density at t, and of the shares outside of ±t and within."""
    df = min(df, MAX_DF)
    a, r = df / 2, min(t / math.sqrt(df), _GREATEST)
    if r == 0:
        return -math.inf, 0.0, -math.inf
    # r * r leaves the doubles above 1e154, and is no number to add 1 to.
    small = 1 / r * (1 / r) if r > 1 else r * r
    log_x = -(2 * math.log(r) + math.log1p(small)) if r > 1 else -math.log1p(small)
    x, y = (small / (1 + small), 1 / (1 + small)) if r > 1 else (1 / (1 + small), small / (1 + small))
    root_y = 1 / math.sqrt(1 + small) if r > 1 else r / math.sqrt(1 + small)
    log_front = a * log_x + math.log(root_y * _gamma_ratio(a) / math.sqrt(math.pi))
    if y > 1.5 / (a + 2.5):
        log_outside = log_front - math.log(_beta_fraction(a, 0.5, x, y))
        return log_front, log_outside, math.log1p(-math.exp(log_outside))
    log_within = log_front - math.log(_beta_fraction(0.5, a, y, x))
    return log_front, math.log1p(-math.exp(log_within)), log_within


def _beta_fraction(a: float, b: float, x: float, y: float) -> float:
    """Return x^a y^b / (B(a, b) I_x(a, b)), where y is 1 - x."""
    value = a * (a * y - b * x + 1) / (a + 1)
    numerator, denominator = value, 0.0
    for m in range(1, _MAX_TERMS):
        odd = a + 2 * m - 1
        above = (a + m - 1) / odd * ((a + b + m - 1) / odd) * (m * (b - m) * x * x)
        below = m + m * (b - m) * x / odd + (a + m) * (a * y - b * x + 1 + m * (2 - x)) / (odd + 2)
        denominator = 1 / (below + above * denominator or _TINY)
        numerator = below + above / numerator or _TINY
        change = numerator * denominator
        value *= change
        if abs(change - 1) < _EPSILON:
            break
    return value


def _gamma_ratio(a: float) -> float:
    """Return Γ(a + 1/2) / Γ(a)."""
    ratio = 1.0
    while a < _SERIES_FROM:
        ratio *= a / (a + 0.5)
        a += 1
    z = 1 / (a * a)
    series = (-1 / 8 + z * (1 / 192 + z * (-1 / 640 + z * (17 / 14336 - z * 31 / 18432)))) / a
    return ratio * math.sqrt(a) * math.exp(series)
