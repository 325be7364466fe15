"""Figures: measuring them, and printing them as a table and as JSON."""

import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value. `name` says what and of how many; `floor` is the least that any program would need for it."""

    name: str
    value: float
    unit: str
    target: float | None = None
    floor: float | None = None
    floor_name: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times the floor the value is; independent of how busy the machine is."""
        return self.value / self.floor if self.floor else None

    def as_json(self) -> dict[str, object]:
        """Plain values for a JSON file."""
        return asdict(self) | {"ratio": self.ratio}


def seconds_of(work: Callable[[], object], *, repeat: int = 1) -> float:
    """Wall seconds of the fastest of `repeat` runs: the least disturbed one."""
    return min(_once(work) for _ in range(repeat))


def milliseconds_of(work: Callable[[], object], *, repeat: int) -> tuple[float, float]:
    """Median and 95th percentile of `repeat` runs, after one that does not count."""
    work()
    times = sorted(_once(work) * 1000 for _ in range(repeat))
    return statistics.median(times), times[min(len(times) - 1, int(len(times) * 0.95))]


def print_table(figures: Iterable[Figure]) -> None:
    """The figures as a Markdown table, fit for the README."""
    print("| figure | value | target | floor | ratio |")
    print("|---|---:|---:|---:|---:|")
    for figure in figures:
        target = f"{_rounded(figure.target)} {figure.unit}" if figure.target is not None else ""
        floor = f"{_rounded(figure.floor)} {figure.unit} ({figure.floor_name})" if figure.floor else ""
        ratio = f"{figure.ratio:.1f}×" if figure.ratio else ""
        print(f"| {figure.name} | {_rounded(figure.value)} {figure.unit} | {target} | {floor} | {ratio} |")


def _once(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _rounded(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
