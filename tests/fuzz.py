"""Damaging sound files by the thousand, and watching what becomes of the process that opens them.

    python -m tests.fuzz [COUNT] [SEED]

Each damaged file goes the way of a user's file: through the limited child, with facts, fingerprint, picture and light
mesh. A child that crashes, hangs, stumbles over what no reader foresaw or keeps growing is what this looks for. Files
that did such a thing are kept in the folder that is printed.
"""

import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Final

from models3d.sandbox.limits import Limits
from models3d.sandbox.messages import Output
from models3d.sandbox.pool import Request, SandboxPool
from tests.unit.models3d.seeds import IMAGE_SEEDS, SEEDS

_LIMITS: Final = Limits(max_triangles=200_000, max_pixels=2_000_000, cpu_seconds=20, wall_seconds=40.0)
_ODD_PIECES: Final = (
    b"nan",
    b"-1",
    b"9" * 25,
    b",",
    b"\x00\x00\x00\x00",
    b"\xff\xff\xff\xff",
    b"<",
    b'"',
    b"1e999",
)
_UNFORESEEN: Final = ("made its reader", "took longer", "more than")
_DRAWN_EVERY: Final = 4  # drawing takes longer than all else, and works on what is sound by then
_PAGE_BYTES: Final = 4096


def damaged(content: bytes, chance: random.Random) -> bytes:
    """The content with a few bytes changed, cut out, put in, repeated, or its end cut off."""
    made = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(made) or 1)
        match chance.randrange(6):
            case 0:
                made[at : at + 1] = chance.randbytes(1)
            case 1:
                del made[at : at + chance.randint(1, 40)]
            case 2:
                made[at:at] = chance.choice(_ODD_PIECES)
            case 3:
                made[at:at] = made[at : at + chance.randint(1, 200)]
            case 4:
                made[at : at + 4] = chance.choice((b"\xff" * 4, b"\x00" * 4, chance.randbytes(4)))
            case _:
                if chance.random() < 0.3:
                    del made[at:]
    return bytes(made)


def run(count: int, seed: int) -> int:
    """Open `count` damaged files; returns how many did what they must not."""
    chance = random.Random(seed)
    seeds = [(extension, content) for extension, contents in SEEDS.items() for content in contents]
    seeds += [("png", content) for content in IMAGE_SEEDS]  # what they are is told by their content
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    pool = SandboxPool(files_per_child=count + 1, resident_bytes_per_child=8 << 30, idle_seconds=600)
    codes: Counter[str] = Counter()
    bad, first_bytes, slowest = 0, 0, 0.0
    print(
        f"{count:,} files from {len(seeds)} seeds of {len(SEEDS)} mesh formats and pictures, random seed {seed}, in {folder}"
    )
    for number in range(count):
        extension, content = chance.choice(seeds)
        path = folder / f"{number}.{extension}"
        path.write_bytes(damaged(content, chance))
        out: dict[Output, str] = {}
        if number % _DRAWN_EVERY == 0:
            out = {"picture": str(folder / "a.webp"), "light_mesh": str(folder / "a.glb")}
        started = time.monotonic()
        answer = pool.run(Request(path=str(path), extension=extension, out=out, limits=_LIMITS))
        slowest = max(slowest, time.monotonic() - started)
        codes["read" if answer.ok else answer.code] += 1
        if answer.ok or not any(words in answer.sentence for words in _UNFORESEEN):
            path.unlink()
        else:
            bad += 1
            print(f"{path.name}: {answer.sentence}")
        if number == count // 10:
            first_bytes = _children_bytes()
    print(f"{bad} did what they must not; {dict(codes.most_common())}; the slowest took {slowest:.1f} s")
    print(
        f"memory of the child: {first_bytes >> 20} MB after a tenth, {_children_bytes() >> 20} MB at the end"
    )
    pool.close()
    return bad


def _children_bytes() -> int:
    """Resident bytes of the processes that this one has started."""
    total = 0
    for children in Path("/proc/self/task").glob("*/children"):
        for pid in children.read_text().split():
            total += int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE_BYTES
    return total


if __name__ == "__main__":
    arguments = [int(text) for text in sys.argv[1:]]
    sys.exit(1 if run(*(arguments + [20_000, 1][len(arguments) :])) else 0)
