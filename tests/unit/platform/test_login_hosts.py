"""Addresses of authorization servers that depend on a value of the connection, with a default."""

from __future__ import annotations

import pytest

from unified_platform.oauth.declarations import filled, of
from unified_runtime import InvalidInput
from unified_runtime.core.connections import check_values
from unified_runtime.core.vendors import load


@pytest.mark.parametrize(
    ("values", "host"),
    [
        ({}, "login.salesforce.com"),
        ({"login": "test.salesforce.com"}, "test.salesforce.com"),
        ({"login": "acme--dev.sandbox.my.salesforce.com"}, "acme--dev.sandbox.my.salesforce.com"),
    ],
)
def test_salesforce_logs_in_at_the_host_of_the_connection(values: dict[str, str], host: str) -> None:
    declaration = of(load("salesforce"))
    assert filled(declaration.endpoints["token"], values) == f"https://{host}/services/oauth2/token"
    assert filled(declaration.issuer or "", values) == f"https://{host}"


@pytest.mark.parametrize("login", ["evil.example", "salesforce.com.evil.example", "test.salesforce.com/x", "a@login.salesforce.com"])
def test_a_login_is_at_salesforce(login: str) -> None:
    with pytest.raises(InvalidInput):
        check_values(load("salesforce"), {"instance_url": "https://acme.my.salesforce.com", "login": login})


def test_a_value_without_a_default_is_required() -> None:
    with pytest.raises(InvalidInput, match="needs site"):
        filled("https://{site}.example", {})
