"""Adding an S3 bucket in a browser: a wrong key is told, the right one brings the library."""

import pytest
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from libraries.models import Library
from libraries.storage.s3.address import Bucket
from tests.browser.conftest import CheckPage
from tests.factories import OwnerFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def alice(page: Page, live_server: LiveServer, transactional_db: None) -> None:
    """The owner, signed in in the browser."""
    client = Client()
    client.force_login(OwnerFactory(username="alice"))
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )


def test_a_bucket_is_added_once_its_keys_are_right(
    page: Page, live_server: LiveServer, bucket: Bucket, check_page: CheckPage
) -> None:
    page.goto(f"{live_server.url}/libraries/add/")
    page.get_by_role("link", name="Add an S3 bucket").click()
    page.get_by_label("Endpoint").fill(bucket.endpoint_url)
    page.get_by_label("Bucket", exact=True).fill(bucket.name)
    page.get_by_label("Access key ID").fill(bucket.access_key_id)
    page.get_by_label("Secret access key").fill("mistyped")
    page.get_by_label("Name").fill("Minis in the cloud")
    page.get_by_role("button", name="Try, add and scan").click()
    expect(page.get_by_role("alert")).to_contain_text("does not take the secret access key")
    check_page(page, "add-bucket")

    page.get_by_label("Secret access key").fill(bucket.secret_access_key)
    page.get_by_role("button", name="Try, add and scan").click()
    expect(page).to_have_url(f"{live_server.url}/activity/")
    page.goto(f"{live_server.url}/libraries/")
    expect(page.get_by_text("Bucket at 127.0.0.1")).to_be_visible()
    check_page(page, "libraries-with-bucket")

    page.goto(f"{live_server.url}/libraries/{Library.objects.get().pk}/")
    page.get_by_role("link", name="Endpoint and keys").click()
    expect(page.get_by_label("Secret access key")).to_have_value("")
    check_page(page, "bucket-connection")
