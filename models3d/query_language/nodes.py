"""The tree of a search: what parsing makes, printing writes, and `models3d.conditions` turns into a queryset."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Comparison = Literal["", "=", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Words:
    """Words in a row with a blank between. `is_open`: the last one may be a beginning, as it is still being typed."""

    text: str
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """A name, or a part of one. `is_exact`: it stood in quotes. `is_open`: it is still being typed."""

    text: str
    is_exact: bool = False
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers in the base unit of their quantity (see `units`); None has no end."""

    low: float | None = None
    high: float | None = None
    includes_low: bool = True
    includes_high: bool = True


@dataclass(frozen=True, slots=True)
class Days:
    """Days from `first` to before `end`; None has no end."""

    first: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Age:
    """Not longer ago than `days`, or longer ago where `is_older`."""

    days: int
    is_older: bool = False


@dataclass(frozen=True, slots=True)
class Flag:
    """Yes or no."""

    is_yes: bool


@dataclass(frozen=True, slots=True)
class Box:
    """Room for a thing: three lengths in mm, the shortest first."""

    sides_mm: tuple[float, float, float]


Value = Text | Range | Days | Age | Flag | Box


@dataclass(frozen=True, slots=True)
class Field:
    """One field with what was typed for it and what that means."""

    name: str
    comparison: Comparison
    text: str
    value: Value


@dataclass(frozen=True, slots=True)
class Not:
    """Everything but this."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class All:
    """All of these: two or more."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of these: two or more."""

    parts: tuple["Node", ...]


Node = Words | Field | Not | All | Either


@dataclass(frozen=True, slots=True)
class Complaint:
    """What could not be read, where (characters counted from 0) and what to write instead, in a sentence."""

    position: int
    length: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Query:
    """A search that was read: its tree, None where nothing is asked for, and what had to be left out."""

    tree: Node | None = None
    complaints: tuple[Complaint, ...] = ()
