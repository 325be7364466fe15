"""The compiler for inner loops: numba, with types that the type checker can follow.

Compiled code is cached where NUMBA_CACHE_DIR says; kernels release the GIL.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeAlias, TypeVar, cast

import numba
from numba import njit

# Conversions inside kernels: machine types to the compiler, plain numbers to the type checker.
_ToInt: TypeAlias = Callable[[object], int]
_ToFloat: TypeAlias = Callable[[object], float]
uint32 = cast("_ToInt", numba.uint32)
uint64 = cast("_ToInt", numba.uint64)
int64 = cast("_ToInt", numba.int64)
float32 = cast("_ToFloat", numba.float32)
float64 = cast("_ToFloat", numba.float64)

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
