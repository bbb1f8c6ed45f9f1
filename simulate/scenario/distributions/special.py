"""SciPy's special functions, loaded when the first one is called: `special.gammainc(a, z)`.

Loading them takes about 150 ms, a third of a small run, and the common families need none. Use
them as attributes of this module: `from ... import gammainc` would load SciPy with the program.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    import numpy.typing as npt


def __getattr__(name: str) -> Callable[..., npt.NDArray[np.float64]]:
    import scipy.special

    function: Callable[..., npt.NDArray[np.float64]] = getattr(scipy.special, name)
    return function
