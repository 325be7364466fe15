"""Numbers out of text, compiled: the part that STL, OBJ, OFF and PLY in their text forms have in common.

All functions take the text as a uint8 array and positions in it.
"""

import math

import numpy as np

from models3d.meshes.arrays import Float64, UInt8
from models3d.meshes.jit import float64, inlined, int64, kernel, uint64

NOT_A_NUMBER = -1
DECIMAL_COMMA = -2

_LF, _CR, _SPACE, _COMMA, _DOT, _PLUS, _MINUS, _HASH = 10, 13, 32, 44, 46, 43, 45, 35
_ZERO, _NINE, _LOWER_E = 48, 57, 101
_LAST_MANTISSA = 1 << 60

_POWERS_OF_TEN: Float64 = 10.0 ** np.arange(0, 309, dtype=np.float64)


@inlined
def is_line_end(byte: int) -> bool:
    return byte in (_LF, _CR)


@inlined
def is_blank(byte: int) -> bool:
    """Space, tab and other control characters that are no line end."""
    return byte <= _SPACE and byte != _LF and byte != _CR


@inlined
def is_digit(byte: int) -> bool:
    return _ZERO <= byte <= _NINE


@inlined
def lower(byte: int) -> int:
    return byte | 32


@kernel
def skip_blanks(text: UInt8, at: int) -> int:
    while at < text.shape[0] and is_blank(text[at]):
        at += 1
    return at


@kernel
def skip_line(text: UInt8, at: int) -> int:
    """The position after the next line end."""
    while at < text.shape[0] and not is_line_end(text[at]):
        at += 1
    return at + 1


@kernel
def skip_word(text: UInt8, at: int) -> int:
    while at < text.shape[0] and text[at] > _SPACE:
        at += 1
    return at


@kernel
def starts_with(text: UInt8, at: int, word: bytes) -> bool:
    """Whether `word` (lower case) stands at a position, in any case, as a word of its own."""
    if at + len(word) > text.shape[0]:
        return False
    for i in range(len(word)):
        if lower(text[at + i]) != word[i]:
            return False
    end = at + len(word)
    return bool(end == text.shape[0] or text[end] <= _SPACE)


@inlined
def _scaled(mantissa: int, exponent: int) -> float:
    if mantissa == 0:
        return 0.0
    if exponent >= 0:
        return float(float64(mantissa) * _POWERS_OF_TEN[exponent]) if exponent <= 308 else math.inf
    if exponent >= -308:
        return float(float64(mantissa) / _POWERS_OF_TEN[-exponent])
    if exponent >= -330:
        return float(float64(mantissa) / _POWERS_OF_TEN[308] / _POWERS_OF_TEN[-exponent - 308])
    return 0.0


@kernel
def parse_number(text: UInt8, at: int) -> tuple[float, int]:
    """The decimal number after any blanks at a position, and the position after it.

    The position is NOT_A_NUMBER or DECIMAL_COMMA if there is none. "nan", "inf" and the like of any C library
    give NaN: to a mesh they are all the same. Correct to the last bit but one of a double.
    """
    at = skip_blanks(text, at)
    stop = text.shape[0]
    if at >= stop:
        return 0.0, NOT_A_NUMBER
    negative = text[at] == _MINUS
    if text[at] == _MINUS or text[at] == _PLUS:
        at += 1
    if at < stop and (lower(text[at]) == 110 or lower(text[at]) == 105):  # n(an), i(nf)
        end = skip_word(text, at)
        return (math.nan, end) if end - at >= 3 else (0.0, NOT_A_NUMBER)
    mantissa = uint64(0)
    exponent = int64(0)
    digits = 0
    after_dot = False
    while at < stop:
        byte = text[at]
        if is_digit(byte):
            digits += 1
            if mantissa < uint64(_LAST_MANTISSA):
                mantissa = mantissa * uint64(10) + uint64(byte - _ZERO)
                exponent -= 1 if after_dot else 0
            else:
                exponent += 0 if after_dot else 1
        elif byte == _DOT and not after_dot:
            after_dot = True
        else:
            break
        at += 1
    if digits == 0:
        return 0.0, NOT_A_NUMBER
    if at < stop and text[at] == _HASH and after_dot:  # 1.#QNAN, -1.#IND of old Windows programs
        return math.nan, skip_word(text, at)
    if at < stop and lower(text[at]) == _LOWER_E:
        at, power = _parse_exponent(text, at + 1)
        if at < 0:
            return 0.0, NOT_A_NUMBER
        exponent += power
    if at < stop and text[at] > _SPACE and text[at] != _HASH:
        return 0.0, DECIMAL_COMMA if text[at] == _COMMA else NOT_A_NUMBER
    value = _scaled(mantissa, exponent)
    return (-value if negative else value), at


@kernel
def _parse_exponent(text: UInt8, at: int) -> tuple[int, int]:
    negative = at < text.shape[0] and text[at] == _MINUS
    if at < text.shape[0] and (text[at] == _MINUS or text[at] == _PLUS):
        at += 1
    start = at
    power = int64(0)
    while at < text.shape[0] and is_digit(text[at]):
        power = min(power * 10 + int64(text[at] - _ZERO), int64(100_000))
        at += 1
    if at == start:
        return NOT_A_NUMBER, 0
    return at, (-power if negative else power)


@kernel
def parse_integer(text: UInt8, at: int) -> tuple[int, int]:
    """The integer exactly at a position and the position after it; NOT_A_NUMBER if none, or beyond 2^53."""
    stop = text.shape[0]
    negative = at < stop and text[at] == _MINUS
    if at < stop and (text[at] == _MINUS or text[at] == _PLUS):
        at += 1
    start = at
    value = int64(0)
    while at < stop and is_digit(text[at]):
        value = value * 10 + int64(text[at] - _ZERO)
        if value > int64(1) << 53:
            return 0, NOT_A_NUMBER
        at += 1
    if at == start:
        return 0, NOT_A_NUMBER
    return (-value if negative else value), at
