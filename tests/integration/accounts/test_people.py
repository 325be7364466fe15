"""The page on which owners manage people, and what must not happen there."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from config.accounts.models import User
from config.accounts.people import LastOwner, change_person
from libraries.models import Library
from tests.factories import EditorFactory, LibraryFactory, Model3DFactory, OwnerFactory, UserFactory

PEOPLE = "/account/people/"


def shown(client: Client, address: str = PEOPLE) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_the_list_tells_role_libraries_and_state(
    as_alice: Client, bob: User, shared_library: Library
) -> None:
    User.objects.filter(pk=bob.pk).update(is_active=False, last_seen_at=timezone.now() - timedelta(hours=3))

    page = shown(as_alice)

    for words in (
        "Owner",
        "Editor",
        "Viewer",
        "Sees Minis",
        "Switched off",
        "Last seen 3 h ago",
        "Never signed in",
    ):
        assert words in page


def test_the_list_asks_no_more_for_many_people(
    as_alice: Client,
    bob: User,
    shared_library: Library,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    group = Group.objects.create(name="Team")
    bob.groups.add(group)
    shared_library.groups.add(group)

    def asked() -> int:
        with django_assert_max_num_queries(14) as queries:
            shown(as_alice)
        return len(queries)

    few = asked()
    for user in UserFactory.create_batch(20):
        user.groups.add(group)
        shared_library.members.add(user)

    assert asked() == few


def test_a_long_list_continues_by_name(as_alice: Client) -> None:
    User.objects.bulk_create(User(username=f"guest{n:03}") for n in range(60))

    first, second = shown(as_alice), shown(as_alice, f"{PEOPLE}?after=guest048")

    assert "guest048" in first and "guest049" not in first and "after=guest048" in first
    assert "guest059" in second and "guest048" not in second
    assert "Nobody comes after" in shown(as_alice, f"{PEOPLE}?after=zzz%00")


def test_an_owner_changes_role_libraries_and_groups(
    as_alice: Client, charlie: User, shared_library: Library
) -> None:
    group = Group.objects.create(name="Team")

    response = as_alice.post(
        f"{PEOPLE}{charlie.pk}/",
        {"role": "editor", "is_active": "on", "libraries": [shared_library.pk], "groups": [group.pk]},
    )

    charlie.refresh_from_db()
    assert response["Location"] == PEOPLE
    assert (charlie.role, charlie.is_staff, charlie.is_active) == ("editor", False, True)
    assert list(charlie.libraries.all()) == [shared_library]
    assert list(charlie.groups.all()) == [group]


def test_who_is_taken_off_a_library_sees_it_no_longer(
    as_alice: Client, as_bob: Client, bob: User, shared_library: Library
) -> None:
    model = Model3DFactory(library=shared_library)
    open_library = LibraryFactory()
    open_library.members.add(bob)

    as_alice.post(f"{PEOPLE}{bob.pk}/", {"role": "viewer", "is_active": "on"})

    assert as_bob.get(model.get_absolute_url()).status_code == 404
    assert list(bob.libraries.all()) == [open_library]


def test_a_group_shows_its_members_a_library(
    charlie: User, as_charlie: Client, shared_library: Library
) -> None:
    model = Model3DFactory(library=shared_library)
    group = Group.objects.create(name="Team")
    shared_library.groups.add(group)
    before = as_charlie.get(model.get_absolute_url()).status_code

    charlie.groups.add(group)

    assert (before, as_charlie.get(model.get_absolute_url()).status_code) == (404, 200)


def test_a_person_switched_off_is_signed_out_everywhere(as_alice: Client, as_bob: Client, bob: User) -> None:
    as_bob.get("/")

    as_alice.post(f"{PEOPLE}{bob.pk}/", {"role": "viewer"})

    assert as_bob.get("/")["Location"].startswith("/account/sign-in/")


@pytest.mark.parametrize(
    "change", [{"role": "editor", "is_active": "on"}, {"role": "owner"}, {"role": "viewer"}]
)
def test_the_last_owner_stays_owner(as_alice: Client, alice: User, change: dict[str, str]) -> None:
    OwnerFactory(is_active=False)

    response = as_alice.post(f"{PEOPLE}{alice.pk}/", change)

    alice.refresh_from_db()
    assert "last owner" in response.content.decode()
    assert (alice.role, alice.is_active) == ("owner", True)


def test_an_owner_among_several_can_step_back(as_alice: Client, alice: User) -> None:
    OwnerFactory()

    as_alice.post(f"{PEOPLE}{alice.pk}/", {"role": "viewer", "is_active": "on"})

    alice.refresh_from_db()
    assert (alice.role, alice.is_staff) == ("viewer", False)


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_demote_each_other_do_not_both_succeed() -> None:
    pks = [OwnerFactory().pk, OwnerFactory().pk]
    both_are_ready = Barrier(2)

    def demote(pk: int) -> bool:
        both_are_ready.wait()
        try:
            change_person(pk, role="viewer", is_active=True, library_ids=[], group_ids=[])
        except LastOwner:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(demote, pks))

    assert sorted(outcomes) == [False, True]
    assert User.objects.filter(is_superuser=True).count() == 1


def test_the_admin_keeps_the_last_owner_too(as_alice: Client, alice: User) -> None:
    address = f"/admin/accounts/user/{alice.pk}/"

    deleted = as_alice.post(f"{address}delete/", {"post": "yes"})
    as_alice.post(
        "/admin/accounts/user/", {"action": "delete_selected", "_selected_action": alice.pk, "post": "yes"}
    )
    changed = as_alice.post(f"{address}change/", {"username": "alice", "page_size": "48"})

    alice.refresh_from_db()
    assert deleted.status_code == 403
    assert "last owner" in changed.content.decode()
    assert (alice.is_superuser, alice.is_active) == (True, True)


@pytest.mark.parametrize("role", ["", "king", "owner\x00"])
def test_a_role_that_is_none_is_told(as_alice: Client, bob: User, role: str) -> None:
    response = as_alice.post(f"{PEOPLE}{bob.pk}/", {"role": role, "is_active": "on", "libraries": "x"})

    assert response.status_code == 200
    assert b"errorlist" in response.content


def test_only_owners_see_people(as_bob: Client, as_charlie: Client, bob: User) -> None:
    editor = Client()
    editor.force_login(EditorFactory())

    for client in (as_bob, as_charlie, editor):
        assert client.get(PEOPLE).status_code == 404
        assert client.post(f"{PEOPLE}{bob.pk}/", {"role": "owner", "is_active": "on"}).status_code == 404


def test_being_here_is_noted_every_ten_minutes(as_bob: Client, bob: User) -> None:
    long_ago = timezone.now() - timedelta(days=2)
    User.objects.filter(pk=bob.pk).update(date_joined=long_ago)

    as_bob.get("/account/preferences/")
    first = User.objects.get(pk=bob.pk).last_seen_at
    as_bob.get("/account/preferences/")

    assert first is not None and first > long_ago
    assert User.objects.get(pk=bob.pk).last_seen_at == first
