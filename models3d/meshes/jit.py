"""The compiler for inner loops: numba, with types that the type checker can follow.

Compiled code is cached where NUMBA_CACHE_DIR says; kernels release the GIL.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from numba import njit

P = ParamSpec("P")
R = TypeVar("R")


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function on its first call, with exact IEEE arithmetic."""
    compiled: Callable[P, R] = njit(cache=True, nogil=True)(function)
    return compiled


def picture_kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function whose last digits nobody sees: arithmetic may be reordered, division is unchecked."""
    compiled: Callable[P, R] = njit(cache=True, nogil=True, fastmath=True, error_model="numpy")(function)
    return compiled


def inlined(function: Callable[P, R]) -> Callable[P, R]:
    """Make a function part of the kernels that call it."""
    compiled: Callable[P, R] = njit(inline="always")(function)
    return compiled
