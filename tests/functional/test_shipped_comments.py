"""The comment that a create returns, where the vendor's response to it has only an id and the newest comment may be another's."""

from __future__ import annotations

from typing import Any

import pytest

import unified.comments
from tests.functional.compiled import Scripted
from unified_runtime import Client, NotFound, bearer, using

CLICKUP = ("clickup", {"workspace": "1"})
ZENDESK = ("zendesk", {"subdomain": "acme"})


def created(vendor: tuple[str, dict[str, str]], *responses: Any) -> Any:
    name, values = vendor
    client = Client(Scripted(list(responses)))
    client.connect(name, bearer("secret"), **values)
    with using(client):
        return unified.comments.create(task_id="7", body="mine")


def test_zendesk_names_the_audit_of_the_comment() -> None:
    def comment(number: int, body: str) -> dict[str, Any]:
        return {"id": number, "audit_id": number + 10, "body": body, "author_id": 1, "created_at": "2031-01-02T03:04:05Z"}

    found = created(ZENDESK, {"audit": {"id": 15}}, {"comments": [comment(6, "another's"), comment(5, "mine")]})
    assert (found.id, found.body) == ("5", "mine")
    with pytest.raises(NotFound):
        created(ZENDESK, {"audit": {"id": 14}}, {"comments": [comment(6, "another's")]})


def test_clickup_returns_the_id_of_the_comment() -> None:
    def comment(number: str, text: str) -> dict[str, Any]:
        return {"id": number, "comment_text": text, "date": "1735786445123", "user": {"id": 1}}

    found = created(CLICKUP, {"id": "5", "hist_id": "h", "date": 1}, {"comments": [comment("6", "another's"), comment("5", "mine")]})
    assert (found.id, found.body) == ("5", "mine")
