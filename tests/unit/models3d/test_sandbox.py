"""Files are analysed in children; whatever they do to a child, the parent goes on."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from models3d.sandbox import pool as pool_module
from models3d.sandbox.child import EXIT_IDLE
from models3d.sandbox.limits import Limits
from models3d.sandbox.messages import Output, decode_request, encode_request
from models3d.sandbox.pool import Answer, Request, SandboxPool
from tests.unit.models3d.solids import binary_stl, cube, mesh_xml, obj, sphere, threemf
from tests.unit.models3d.test_images import halves, png_of_one_color, saved

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def pool() -> Iterator[SandboxPool]:
    """One pool for all: a child takes seconds to start, and must not mind what was done before."""
    pool = SandboxPool(idle_seconds=600)
    yield pool
    pool.close()


@pytest.fixture
def cube_file(tmp_path: Path) -> str:
    path = tmp_path / "cube.stl"
    path.write_bytes(binary_stl(cube()))
    return str(path)


@pytest.fixture
def endless_file(tmp_path: Path) -> str:
    """A small 3MF that keeps a reader busy for many seconds: thousands of copies of a sphere."""
    path = tmp_path / "endless.3mf"
    path.write_bytes(threemf(mesh_xml(sphere(rings=40)), '<item objectid="1"/>' * 9000))
    return str(path)


def is_sound(answer: Answer) -> bool:
    return answer.ok and answer.facts["triangle_count"] == 12


def children() -> list[int]:
    """Process ids of the children of this process, of all its threads."""
    tasks = Path("/proc/self/task").iterdir()
    return [int(pid) for task in tasks for pid in (task / "children").read_text().split()]


def wait_until_busy(idle: list[int]) -> int:
    """The id of a child that is not among the idle ones, once it has begun to work on its file."""
    while True:
        for pid in set(children()) - set(idle):
            started = Path(f"/proc/{pid}/limits").read_text()
            # Limits of processor time are set when the child begins to work on a file.
            if "Max cpu time              unlimited" not in started and "Max cpu time" in started:
                return pid
        time.sleep(0.02)


def killed_while_working(request: Request, number: signal.Signals) -> Answer:
    pool, before = SandboxPool(), children()
    answers: list[Answer] = []
    thread = threading.Thread(target=lambda: answers.append(pool.run(request)))
    thread.start()
    os.kill(wait_until_busy(before), number)
    thread.join()
    pool.close()
    return answers[0]


def test_mesh_gives_facts_fingerprint_and_three_files(
    pool: SandboxPool, cube_file: str, tmp_path: Path
) -> None:
    out = tmp_path / "previews" / "ab"

    answer = pool.run(
        Request(
            path=cube_file,
            extension="stl",
            out={
                "picture": str(out / "c.webp"),
                "small": str(out / "c.small.webp"),
                "light_mesh": str(out / "c.glb"),
            },
        )
    )

    assert is_sound(answer)
    assert answer.facts["volume_mm3"] == pytest.approx(1000)
    assert answer.fingerprint is not None and len(answer.fingerprint["invariants"]) == 17
    assert answer.made == ("picture", "small", "light_mesh")
    assert sorted(path.name for path in out.iterdir()) == ["c.glb", "c.small.webp", "c.webp"]
    assert (out / "c.glb").read_bytes().startswith(b"glTF")


def test_image_gives_its_size_and_two_files(pool: SandboxPool, tmp_path: Path) -> None:
    path = tmp_path / "cover.png"
    path.write_bytes(saved(halves(), "PNG"))
    out: dict[Output, str] = {
        "picture": str(tmp_path / "a.webp"),
        "small": str(tmp_path / "b.webp"),
        "light_mesh": str(tmp_path / "c.glb"),
    }

    answer = pool.run(Request(path=str(path), extension="png", out=out))

    assert answer.facts == {"width_pixels": 800, "height_pixels": 400}
    assert answer.made == ("picture", "small")


def test_mesh_with_damaged_slicer_settings_is_sound(pool: SandboxPool, tmp_path: Path) -> None:
    path = tmp_path / "project.3mf"
    path.write_bytes(threemf(mesh_xml(cube()), '<item objectid="1"/>'))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("Metadata/slice_info.config", bytes(5 << 20))

    assert is_sound(pool.run(Request(path=str(path), extension="3mf")))


def test_child_that_met_a_bad_cad_file_is_not_used_again(pool: SandboxPool, tmp_path: Path) -> None:
    path = tmp_path / "bad.step"
    path.write_bytes(b"ISO-10303-21;")
    before = set(children())

    answer = pool.run(Request(path=str(path), extension="step"))

    assert not answer.ok
    assert len(before - set(children())) == min(1, len(before))


def test_only_what_is_asked_for_is_written(pool: SandboxPool, cube_file: str, tmp_path: Path) -> None:
    answer = pool.run(Request(path=cube_file, extension="stl", out={"light_mesh": str(tmp_path / "c.glb")}))

    assert answer.made == ("light_mesh",)
    assert {path.name for path in tmp_path.iterdir()} == {"cube.stl", "c.glb"}


def test_unreadable_file_answers_with_code_and_sentence(pool: SandboxPool, tmp_path: Path) -> None:
    path = tmp_path / "empty.stl"
    path.touch()

    answer = pool.run(Request(path=str(path), extension="stl"))

    assert (answer.ok, answer.code) == (False, "empty")
    assert answer.sentence == "The file is empty (0 bytes). Copy or download it again."


def test_file_that_is_gone_answers_too(pool: SandboxPool, tmp_path: Path) -> None:
    answer = pool.run(Request(path=str(tmp_path / "gone.stl"), extension="stl"))

    assert (answer.ok, answer.code) == (False, "unreadable")


def test_pipe_in_place_of_a_file_is_not_waited_for(pool: SandboxPool, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.stl")

    answer = pool.run(Request(path=str(tmp_path / "pipe.stl"), extension="stl"))

    assert not answer.ok


def test_name_that_is_not_utf8_is_opened(pool: SandboxPool, tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/w\xfcrfel\n.stl"
    Path(os.fsdecode(path)).write_bytes(binary_stl(cube()))

    assert is_sound(pool.run(Request(path=os.fsdecode(path), extension="stl")))


def test_warm_child_is_used_again(pool: SandboxPool, cube_file: str) -> None:
    pool.run(Request(path=cube_file, extension="stl"))
    first = children()
    pool.run(Request(path=cube_file, extension="stl"))

    assert children() == first


def test_child_is_replaced_after_its_share_of_files(cube_file: str) -> None:
    pool = SandboxPool(files_per_child=2)

    answers = [pool.run(Request(path=cube_file, extension="stl")) for _ in range(3)]
    pool.close()

    assert all(is_sound(answer) for answer in answers)


def test_child_that_has_grown_is_replaced(cube_file: str) -> None:
    pool = SandboxPool(resident_bytes_per_child=1)
    before = children()

    answer = pool.run(Request(path=cube_file, extension="stl"))

    assert is_sound(answer)
    assert children() == before
    pool.close()


def test_idle_child_ends_and_the_next_file_gets_another(cube_file: str) -> None:
    pool = SandboxPool(idle_seconds=0.1)

    for _ in range(2):
        before = children()
        assert is_sound(pool.run(Request(path=cube_file, extension="stl")))
        (child,) = set(children()) - set(before)
        status = os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
        assert status is not None and status.si_status == EXIT_IDLE
    pool.close()


def test_many_threads_have_a_child_each(cube_file: str) -> None:
    pool = SandboxPool()
    answers: list[Answer] = []
    threads = [
        threading.Thread(target=lambda: answers.append(pool.run(Request(path=cube_file, extension="stl"))))
        for _ in range(3)
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    pool.close()
    assert [is_sound(answer) for answer in answers] == [True] * 3


def test_file_that_takes_too_much_memory_is_too_complex(
    pool: SandboxPool, tmp_path: Path, cube_file: str
) -> None:
    path = tmp_path / "large.png"
    path.write_bytes(png_of_one_color(30_000, 30_000))
    limits = Limits(memory_bytes=1 << 30, max_pixels=10**9)

    answer = pool.run(
        Request(path=str(path), extension="png", out={"picture": str(tmp_path / "a.webp")}, limits=limits)
    )

    assert (answer.ok, answer.code) == (False, "too_complex")
    assert "memory" in answer.sentence and "1.0 GB" in answer.sentence
    assert is_sound(pool.run(Request(path=cube_file, extension="stl")))


def test_file_that_takes_too_much_processor_time_is_too_complex(
    pool: SandboxPool, endless_file: str, cube_file: str
) -> None:
    answer = pool.run(Request(path=endless_file, extension="3mf", limits=Limits(cpu_seconds=1)))

    assert answer.code == "too_complex"
    assert "1 seconds of processor time" in answer.sentence
    assert is_sound(pool.run(Request(path=cube_file, extension="stl")))


def test_file_that_takes_too_long_is_too_complex(
    pool: SandboxPool, endless_file: str, cube_file: str
) -> None:
    answer = pool.run(Request(path=endless_file, extension="3mf", limits=Limits(wall_seconds=0.3)))

    assert answer.code == "too_complex"
    assert "took longer than" in answer.sentence
    assert is_sound(pool.run(Request(path=cube_file, extension="stl")))


def test_child_killed_from_outside_does_not_blame_the_file(endless_file: str) -> None:
    answer = killed_while_working(Request(path=endless_file, extension="3mf"), signal.SIGKILL)

    assert answer.code == "killed"
    assert "4.0 GB" in answer.sentence


def test_child_that_crashes_blames_the_file(endless_file: str) -> None:
    answer = killed_while_working(Request(path=endless_file, extension="3mf"), signal.SIGSEGV)

    assert answer.code == "damaged"
    assert "SIGSEGV" in answer.sentence


def test_too_many_triangles_say_so_with_the_figure(pool: SandboxPool, cube_file: str) -> None:
    answer = pool.run(Request(path=cube_file, extension="stl", limits=Limits(max_triangles=10)))

    assert answer.code == "too_complex"
    assert "12 triangles, the limit is 10" in answer.sentence


def test_preview_that_cannot_be_stored_is_not_blamed_on_the_file(
    pool: SandboxPool, cube_file: str, tmp_path: Path
) -> None:
    answer = pool.run(Request(path=cube_file, extension="stl", out={"picture": f"{cube_file}/a.webp"}))

    assert (answer.ok, answer.code) == (False, "unreadable")
    assert answer.sentence == "Its preview could not be stored: File exists."


def test_output_over_its_limit_leaves_no_half_file(pool: SandboxPool, cube_file: str, tmp_path: Path) -> None:
    out = tmp_path / "out" / "c.glb"

    answer = pool.run(
        Request(
            path=cube_file, extension="stl", out={"light_mesh": str(out)}, limits=Limits(output_bytes=100)
        )
    )

    assert not answer.ok
    assert list(out.parent.iterdir()) == []


def test_children_end_with_their_parent(endless_file: str) -> None:
    script = (
        "from models3d.sandbox.pool import Request, SandboxPool\n"
        "print(flush=True)\n"
        f"SandboxPool().run(Request(path={endless_file!r}, extension='3mf'))\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE)
    listing = Path(f"/proc/{parent.pid}/task/{parent.pid}/children")
    while not (found := listing.read_text().split()):
        time.sleep(0.02)
    child = Path(f"/proc/{found[0]}")

    parent.kill()
    parent.communicate()

    while child.exists() and "State:\tZ" not in (child / "status").read_text():
        time.sleep(0.02)


def test_parent_side_stays_light() -> None:
    script = (
        "import sys, json, models3d.sandbox.pool, models3d.kinds, models3d.meshes.formats\n"
        "print(json.dumps(sorted({'numpy', 'numba', 'PIL', 'DracoPy'} & set(sys.modules))))"
    )

    output = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=True)

    assert json.loads(output.stdout) == []


def test_request_survives_the_way_to_the_child() -> None:
    request = Request(
        path="/a/w\udcfcrfel \n\u202e.stl",
        extension="stl",
        out={"picture": "/b/\U0001f409.webp"},
        up_axis="y",
        limits=Limits(max_triangles=5, wall_seconds=1.5),
    )

    assert decode_request(encode_request(request)) == request


def test_warm_up_leaves_children_ready(cube_file: str) -> None:
    pool, before = SandboxPool(), children()

    pool.warm_up().join()
    ready = set(children()) - set(before)

    assert ready
    assert is_sound(pool.run(Request(path=cube_file, extension="stl")))
    assert set(children()) - set(before) == ready
    pool.close()


def test_second_child_helps_with_a_long_warm_up(cube_file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_module, "_QUICK_WARM_UP_SECONDS", 0.0)
    pool, before = SandboxPool(), children()

    pool.warm_up().join()

    assert len(set(children()) - set(before)) == min(2, len(os.sched_getaffinity(0)))
    assert is_sound(pool.run(Request(path=cube_file, extension="stl")))
    pool.close()


def test_obj_up_axis_is_passed_on(pool: SandboxPool, tmp_path: Path) -> None:
    path = tmp_path / "post.obj"
    path.write_text(obj(cube() * (1, 10, 1)))

    answer = pool.run(Request(path=str(path), extension="obj", up_axis="y"))

    assert answer.facts["size_z_mm"] == 100
