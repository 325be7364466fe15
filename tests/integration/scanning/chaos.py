"""Scans of a tree that changes at random, killed at random: a program that ends with a complaint, or silently if all is well.

`python -m tests.integration.scanning.chaos FOLDER SEED` runs in a data folder of its own, because it kills its Postgres too.
What happens, and before which statement of a scan, follows from the seed. Scans are asked for as beat asks for them, by the
rows alone: there is no broker whose loss could matter.
"""

import os
import random
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from config.runtime.errors import StartupError
from config.runtime.folder import DataFolder
from config.runtime.postgres import STOP_SIGNAL, Postgres

if TYPE_CHECKING:
    from django.db.backends.postgresql.base import DatabaseWrapper

ROUNDS = 12
_CHANGES_A_ROUND = 5
_LAST_STATEMENT = 70


class Tree:
    """Files with a content each of their own, and ways to change them.

    Between two whole scans some ways are left out that content alone cannot tell apart: see “Identity” in docs/decisions.md.
    """

    def __init__(self, root: Path, chance: random.Random) -> None:
        self.root = root
        self.chance = chance
        self.made = 0
        self.known = 0
        self.ways = self._ways[0]
        for number in range(12):
            for name in ("body.stl", "head.stl", "photo.png"):
                self.write(root / f"Creator {number % 3}" / f"Model {number}" / name)

    @property
    def _ways(self) -> list[list[Callable[[], None]]]:
        return [
            [self._add, self._delete, self._replace],
            [self._swap, self._delete],
            [self._swap, self._add],
        ]

    def settle(self) -> None:
        """Note that every content was read, and choose the ways in which the tree changes from now on."""
        self.known = self.made
        self.ways = self.chance.choice(self._ways)

    def change(self) -> None:
        """Change one thing."""
        always = [
            self._rename,
            self._move,
            self._rename_folder,
            self._swap_case,
            self._turn_into_folder,
            self._turn_into_file,
        ]
        self.chance.choice(always + self.ways)()

    def files(self) -> list[Path]:
        return sorted(path for path in self.root.rglob("*") if path.is_file())

    def write(self, path: Path) -> None:
        self.made += 1
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"content %06d" % self.made)
        # Two files made within one tick of the kernel's clock would have the same time.
        os.utime(path, ns=(self.made * 10**9, self.made * 10**9))

    def _fresh(self, ending: str) -> str:
        self.made += 1
        return f"new {self.made}{ending}"

    def _file(self) -> Path:
        return self.chance.choice(self.files())

    def _folder(self) -> Path:
        return self.chance.choice(sorted({path.parent for path in self.files()}))

    def _rename(self) -> None:
        path = self._file()
        path.rename(path.with_name(self._fresh(path.suffix)))

    def _move(self) -> None:
        path = self._file()
        path.rename(self._folder() / self._fresh(path.suffix))

    def _rename_folder(self) -> None:
        folder = self._folder()
        folder.rename(folder.with_name(self._fresh("")))

    def _swap(self) -> None:
        read = [path for path in self.files() if int(path.read_bytes().split()[1]) <= self.known]
        one = self.chance.choice(read)
        other = self.chance.choice([path for path in self.files() if path != one])
        aside = one.with_name(self._fresh(""))
        one.rename(aside)
        other.rename(one)
        aside.rename(other)

    def _swap_case(self) -> None:
        path = self._file()
        path.rename(path.with_name(path.name.swapcase()))

    def _add(self) -> None:
        self.write(self._folder() / self._fresh(".stl"))

    def _delete(self) -> None:
        self._file().unlink()

    def _replace(self) -> None:
        self.write(self._file())

    def _turn_into_folder(self) -> None:
        path = self._file()
        aside = path.with_name(self._fresh(path.suffix))
        path.rename(aside)
        path.mkdir()
        aside.rename(path / "inside.stl")

    def _turn_into_file(self) -> None:
        folder = self._folder()
        for path in folder.iterdir():
            if path.is_file() and len(list(folder.iterdir())) == 1:
                aside = folder.with_name(self._fresh(""))
                path.rename(aside)
                folder.rmdir()
                aside.rename(folder)
                return


class Chaos:
    """The servers, the library and what people said of its files."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.chance = random.Random(seed)
        self.tree = Tree(folder / "tree", self.chance)
        self.server = Postgres(DataFolder(folder / "data"), durable=False)
        self.server.folder.prepare()
        self.notes: dict[str, str] = {}
        self.now = datetime.now().astimezone()
        self.start_postgres()

    def start_postgres(self) -> None:
        """Start it; what an earlier one left behind may take a moment to go."""
        for _ in range(50):
            try:
                self.postgres = self.server.start()
                self.server.wait_ready(self.postgres)
            except StartupError:
                time.sleep(0.1)
            else:
                return
        raise SystemExit("Postgres does not start any more.")

    def run(self) -> None:
        from django.core.management import call_command

        from libraries.models import Library

        call_command("migrate", verbosity=0)
        self.library = Library.objects.create(name="Chaos", path=str(self.tree.root))
        self.scan_undisturbed()
        self._tag_models()
        for number in range(ROUNDS):
            for _ in range(_CHANGES_A_ROUND):
                self.tree.change()
            self.scan_disturbed(kills_postgres=number % 6 == 4)
            if self.chance.random() < 0.4:
                self.scan_undisturbed()
        self.scan_undisturbed()
        self._check()

    def scan_disturbed(self, *, kills_postgres: bool) -> None:
        """Scan in another process, which is killed before its nth statement, or kills Postgres then."""
        from django.db import connection

        last = self.chance.randrange(1, _LAST_STATEMENT)
        self._let_time_pass()
        connection.close()
        cast("DatabaseWrapper", connection).close_pool()
        child = os.fork()
        if child == 0:
            victim = self.postgres.pid if kills_postgres else os.getpid()
            with suppress(BaseException), connection.execute_wrapper(_Killer(victim, last)):
                self._scan()
            os._exit(0)
        while os.waitpid(child, os.WNOHANG)[0] == 0:
            if not self.postgres.is_running():
                self.start_postgres()
            time.sleep(0.01)

    def scan_undisturbed(self) -> None:
        """Scan in this process, to the end."""
        from scanning.models import Scan

        self._let_time_pass()
        self._scan()
        scan = Scan.objects.order_by("-id")[0]
        if scan.state != Scan.State.DONE:
            raise SystemExit(f"The scan ended as {scan.state}: {scan.error}")
        self._analyze()
        self.tree.settle()

    def _let_time_pass(self) -> None:
        self.now += timedelta(minutes=2)  # then whoever was killed has been silent for long

    def _scan(self) -> None:
        from libraries.models import Library
        from scanning.runner import request_due_scans, run_scan

        Library.objects.update(next_scan_at=self.now)
        (scan_id,) = request_due_scans(now=self.now)
        while not run_scan(scan_id, clock=lambda: self.now):
            time.sleep(0.02)  # the session of the killed one is about to end

    def _analyze(self) -> None:
        """Do what matters here of analyzing, and have a person write a note on every new content."""
        from libraries.hashing import sha256_of
        from models3d.models import ModelFile

        for row in ModelFile.objects.waiting():
            row.sha256 = sha256_of(self.tree.root / row.relative_path)
            row.analysis_state = "done"
            row.notes = row.notes or f"note on {row.pk}"
            row.save(update_fields=["sha256", "analysis_state", "notes"])
            self.notes.setdefault(row.sha256, row.notes)

    def _tag_models(self) -> None:
        from collections_app.models import Tag
        from models3d.models import Model3D

        for model in Model3D.objects.all():
            model.tags.add(Tag.objects.create(name=f"tag of {model.pk}"))

    def _check(self) -> None:
        from collections_app.models import Tag
        from libraries.hashing import sha256_of
        from models3d.models import ModelFile

        present = ModelFile.objects.filter(missing_since=None)
        rows = {row.relative_path: row for row in present}
        files = {str(path.relative_to(self.tree.root)): path for path in self.tree.files()}
        complaints = [f"not in the rows: {path}" for path in files.keys() - rows.keys()]
        complaints += [f"not on the disk: {path}" for path in rows.keys() - files.keys()]
        for path in files.keys() & rows.keys():
            sha256 = sha256_of(files[path])
            if rows[path].sha256 != sha256:
                complaints.append(f"another content: {path}")
            if rows[path].notes != self.notes[sha256]:
                complaints.append(f"“{self.notes[sha256]}” went astray: {path} has “{rows[path].notes}”")
        kept = list(ModelFile.objects.values_list("notes", flat=True))
        complaints += [
            f"lost or doubled: {note}" for note in set(self.notes.values()) if kept.count(note) != 1
        ]
        complaints += [f"lost: {tag}" for tag in Tag.objects.filter(models=None)]
        complaints += [f"no model: {row}" for row in present.filter(model=None, kind="mesh")]
        if complaints:
            raise SystemExit("\n".join(complaints))


class _Killer:
    """Lets so many statements through, then kills a process, once."""

    def __init__(self, victim: int, statements: int) -> None:
        self.victim = victim
        self.left = statements

    def __call__(self, execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        self.left -= 1
        if self.left == 0:
            os.kill(self.victim, signal.SIGKILL)
        return execute(sql, params, many, context)


def main() -> None:
    """Run in the folder with the seed that the command line names."""
    folder, seed = Path(sys.argv[1]), int(sys.argv[2])
    os.environ |= {"LAYERSHELF_DATA": str(folder / "data"), "DJANGO_SETTINGS_MODULE": "config.settings"}
    chaos = Chaos(folder, seed)
    try:
        import django

        django.setup()
        chaos.run()
    finally:
        chaos.postgres.stop(STOP_SIGNAL, grace_seconds=10)


if __name__ == "__main__":
    main()
