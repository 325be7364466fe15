"""A program with a token of alice's that may do everything."""

import pytest
from django.test import Client

from config.accounts.models import ApiToken, User
from config.accounts.tokens import make_token


@pytest.fixture
def program(alice: User) -> Client:
    _, secret = make_token(alice, name="script", scopes=list(ApiToken.Scope.values), expires_at=None)
    return Client(headers={"Authorization": f"Bearer {secret}"})
