"""Which Postgres programs are used for a cluster."""

from pathlib import Path

import pytest

from config.runtime.errors import FolderTooNew, MissingProgram
from config.runtime.postgres_programs import find_programs


def make_programs(directory: Path, version: str) -> str:
    """Programs that only tell their version."""
    directory.mkdir()
    for name in ("postgres", "initdb"):
        (directory / name).write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")
        (directory / name).chmod(0o755)
    return str(directory)


def test_the_installed_programs_are_found_without_configuration(tmp_path: Path) -> None:
    programs = find_programs(cluster=tmp_path / "none")

    assert programs.major >= 15
    assert (programs.directory / "initdb").is_file()


def test_configured_programs_are_used(tmp_path: Path) -> None:
    configured = make_programs(tmp_path / "bin", "16.4 (Debian)")

    assert find_programs(configured, cluster=tmp_path / "none").major == 16


def test_programs_that_are_too_old_count_as_missing(tmp_path: Path) -> None:
    configured = make_programs(tmp_path / "bin", "13.1")

    with pytest.raises(MissingProgram, match="Postgres 15 or later"):
        find_programs(configured, cluster=tmp_path / "none")


def test_an_empty_folder_of_programs_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingProgram, match=str(tmp_path)):
        find_programs(str(tmp_path), cluster=tmp_path / "none")


def test_a_cluster_of_another_major_version_is_refused_with_a_way_out(tmp_path: Path) -> None:
    configured = make_programs(tmp_path / "bin", "16.4")
    cluster = tmp_path / "cluster"
    cluster.mkdir()
    (cluster / "PG_VERSION").write_text("19\n")

    with pytest.raises(FolderTooNew, match=r"made by Postgres 19.*Dump it"):
        find_programs(configured, cluster=cluster)
