"""Cassettes: recorded from real products of a named version, without secrets."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import yaml

from tests.support.recording import FOLDER, REDACTED, SECRET_HEADERS, SECRET_MEMBERS, secrets_in

CASSETTES = sorted(FOLDER.rglob("*.yaml"))
_NAMES = [str(path.relative_to(FOLDER)) for path in CASSETTES]
_VERSIONS = {"Redmine": re.compile(r"\d+\.\d+\.\d+\.\w+"), "Roundup": re.compile(r"\d+\.\d+\.\d+"), "Synapse": re.compile(r"\d+\.\d+\.\d+")}
_KEY = re.compile(r"\b[0-9a-f]{40}\b")  # the format of a Redmine API key


def _secrets(text: str) -> Iterator[str]:
    yield from _KEY.findall(text)
    for interaction in yaml.safe_load(text)["interactions"]:
        request, response = interaction["request"], interaction["response"]
        for headers in (request["headers"], response["headers"]):
            for name, values in headers.items():
                if name.lower() in SECRET_HEADERS:
                    yield from (value for value in values if value != REDACTED)
        for name, value in parse_qsl(urlsplit(request["uri"]).query):
            if name in ("key", *SECRET_MEMBERS) and value != REDACTED:
                yield value
        for body in (request["body"], response["body"]["string"]):
            yield from secrets_in(_decoded(body))


def _decoded(body: str | None) -> Any:
    try:
        return json.loads(body or "null")
    except ValueError:
        return None


@pytest.mark.parametrize("path", CASSETTES, ids=_NAMES)
def test_a_cassette_holds_no_secret(path: Path) -> None:
    assert list(_secrets(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("path", CASSETTES, ids=_NAMES)
def test_a_cassette_names_the_real_product_and_its_version(path: Path) -> None:
    cassette = yaml.safe_load(path.read_text(encoding="utf-8"))
    server = cassette["metadata"]["server"]
    assert _VERSIONS[server["product"]].fullmatch(server["version"])
    assert {urlsplit(interaction["request"]["uri"]).netloc for interaction in cassette["interactions"]} <= {f"{path.parent.name}.test"}
    assert "127.0.0.1" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", CASSETTES, ids=_NAMES)
def test_a_cassette_belongs_to_a_test(path: Path) -> None:
    tests = [file.read_text(encoding="utf-8") for file in Path(__file__).parent.glob("test_*.py")]
    assert any(f"def {path.stem.partition('[')[0]}(" in text for text in tests)


_PLANTED = """
version: 1
interactions:
- request: {body: %s, headers: {%s: [%s]}, method: GET, uri: "http://redmine.test/users.json%s"}
  response: {body: {string: %s}, headers: {%s: [%s]}, status: {code: 200, message: OK}}
"""


@pytest.mark.parametrize(
    "text",
    [
        _PLANTED % ("null", "X-Redmine-API-Key", "s3cret", "", "''", "a", "b"),
        _PLANTED % ("null", "a", "b", "?key=s3cret", "''", "a", "b"),
        _PLANTED % ("null", "a", "b", "", '\'{"user": {"api_key": "s3cret"}}\'', "a", "b"),
        _PLANTED % ('\'[{"password": "s3cret"}]\'', "a", "b", "", "''", "a", "b"),
        _PLANTED % ("null", "a", "b", "", "''", "Set-Cookie", "s3cret"),
        _PLANTED % ("null", "a", "b", "", "'" + "0f" * 20 + "'", "a", "b"),
    ],
    ids=["request header", "query", "answer", "request body", "cookie", "bare key"],
)
def test_a_planted_secret_is_found(text: str) -> None:
    assert len(list(_secrets(text))) == 1
