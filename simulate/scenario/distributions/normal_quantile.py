"""The standard normal quantile function and its inverse, without loading SciPy's special functions.

Loading them costs as much time as the rest of a small run.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from simulate.scenario.arrays import Floats

# Wichura, M. J. (1988), Algorithm AS 241, Applied Statistics 37(3), 477-484: PPND16. Rows:
# numerator and denominator in descending order of power, for each of three regions.
# fmt: off
_CENTRE = np.array([
    [2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4,
     4.5921953931549871457e4, 1.3731693765509461125e4, 1.9715909503065514427e3,
     1.3314166789178437745e2, 3.3871328727963666080e0],
    [5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4,
     2.1213794301586595867e4, 5.3941960214247511077e3, 6.8718700749205790830e2,
     4.2313330701600911252e1, 1.0],
])
_SHOULDER = np.array([
    [7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1,
     1.27045825245236838258e0, 3.64784832476320460504e0, 5.76949722146069140550e0,
     4.63033784615654529590e0, 1.42343711074968357734e0],
    [1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2,
     1.48103976427480074590e-1, 6.89767334985100004550e-1, 1.67638483018380384940e0,
     2.05319162663775882187e0, 1.0],
])
_TAIL = np.array([
    [2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3,
     2.65321895265761230930e-2, 2.96560571828504891230e-1, 1.78482653991729133580e0,
     5.46378491116411436990e0, 6.65790464350110377720e0],
    [2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5,
     7.86869131145613259100e-4, 1.48753612908506148525e-2, 1.36929880922735805310e-1,
     5.99832206555887937690e-1, 1.0],
])
# fmt: on


def _ratio(coefficients: Floats, x: Floats) -> Floats:
    """Evaluate a rational function by Horner's rule, in place.

    Numerator and denominator are two rows of one array: half as many calls, between which
    threads would wait for each other.
    """
    first, *middle, last = coefficients.T[:, :, np.newaxis]
    rows = first * x
    for pair in middle:
        rows += pair
        rows *= x
    rows += last
    above: Floats = rows[0]
    above /= rows[1]
    return above


def normal_ppf(p: npt.ArrayLike) -> Floats:
    """Quantile function of the standard normal distribution.

    Parameters
    ----------
    p : array_like
        Probabilities in [0, 1], any shape.

    Returns
    -------
    ndarray
        Same shape; about 16 significant digits down to the smallest float, -inf and inf at 0 and 1.

    References
    ----------
    Wichura (1988), Algorithm AS 241, Applied Statistics 37(3), 477-484.

    Examples
    --------
    >>> float(normal_ppf(0.95).round(9))
    1.644853627
    """
    shape = np.shape(p)
    p = np.asarray(p, dtype=np.float64).reshape(-1)
    q = p - 0.5
    r = q * q
    np.subtract(0.180625, r, out=r)
    x = _ratio(_CENTRE, r)
    x *= q
    outer = np.flatnonzero(r < 0)  # |p - 1/2| > 0.425
    if outer.size:
        tail = p[outer]
        np.minimum(tail, 1.0 - tail, out=tail)
        with np.errstate(divide="ignore"):
            s = np.sqrt(-np.log(tail))
        y = _ratio(_SHOULDER, np.minimum(s, 5.0) - 1.6)
        far = np.flatnonzero(s > 5.0)
        if far.size:
            y[far] = _ratio(_TAIL, np.minimum(s[far], 30.0) - 5.0)
            y[np.isinf(s)] = np.inf
        x[outer] = np.copysign(y, q[outer])
    return x.reshape(shape)


def normal_cdf(z: Floats) -> Floats:
    """Distribution function of the standard normal distribution, one by one: for few values."""
    found = [0.5 * math.erfc(-each * math.sqrt(0.5)) for each in z.reshape(-1).tolist()]
    return np.array(found).reshape(z.shape)
