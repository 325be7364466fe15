"""As whom Postgres is started."""

from pathlib import Path

from config.runtime.privileges import DIRECT, NAMESPACE, OTHER_USER, postgres_identity


def test_a_normal_user_starts_it_directly() -> None:
    assert postgres_identity(is_root=False, namespaces_work=True) == DIRECT
    assert postgres_identity(is_root=False, namespaces_work=False) == DIRECT


def test_root_starts_it_in_a_user_namespace_where_that_is_allowed() -> None:
    identity = postgres_identity(is_root=True, namespaces_work=True)

    assert identity == NAMESPACE
    assert identity.prefix[0] == "/usr/bin/unshare"
    assert identity.user is None


def test_root_starts_it_as_another_user_where_namespaces_are_forbidden() -> None:
    identity = postgres_identity(is_root=True, namespaces_work=False)

    assert identity == OTHER_USER
    assert identity.user == "nobody"
    assert identity.prefix == ()


def test_files_of_a_normal_user_are_left_alone(tmp_path: Path) -> None:
    owner = tmp_path.stat().st_uid

    DIRECT.give(tmp_path)

    assert tmp_path.stat().st_uid == owner
