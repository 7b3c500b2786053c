"""How functions are compiled: once, kept on disk where a folder can be written, else anew in each process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba import njit


def kernel(**options: Any) -> Callable[[Any], Any]:
    """Return a decorator that compiles a function; options are those of numba's ``njit``.

    Compiled code is kept in ``NUMBA_CACHE_DIR``, beside the module or in the user's cache folder, whichever
    can be written first. Numba refuses where none can; then nothing is kept.
    """

    def compiled(function: Any) -> Any:
        try:
            return njit(cache=True, _nrt=False, **options)(function)  # type: ignore[call-overload]
        except RuntimeError:  # "cannot cache function: no locator available"
            return njit(_nrt=False, **options)(function)  # type: ignore[call-overload]

    return compiled
