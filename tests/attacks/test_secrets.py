"""A vendor, or an attacker that controls its responses, echoes the credential it was sent in an unusual form."""

from __future__ import annotations

import html
import itertools
import json
import random
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.runtime import tasks
from tests.unit.runtime.callers import Caller
from tests.unit.runtime.server import Loopback, Reply
from tests.unit.runtime.test_statuses import ISSUE
from unified_runtime import api_key
from unified_runtime.core import errors
from unified_runtime.core.redactor import REDACTED, Redactor

SECRET = "prodkey/\"a+b&c<d>=e%f'0123456789abcdefghij"


def every_byte(text: str) -> str:
    return "".join(f"%{byte:02x}" for byte in text.encode())


def references(text: str) -> str:
    return "".join(f"&#{ord(character)};" for character in text)


def units(text: str) -> str:
    found = text.encode("utf-16-be").hex()
    return "".join(f"\\u{found[start : start + 4]}" for start in range(0, len(found), 4))


FORMS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "percent": lambda s: quote(s, safe=""),
    "percent, lower case": lambda s: quote(s, safe="").lower(),
    "percent, each character": lambda s: "".join(f"%{byte:02X}" for byte in s.encode()),
    "percent, twice": lambda s: quote(quote(s, safe=""), safe=""),
    "percent, three times, lower case": lambda s: quote(quote(quote(s, safe=""), safe=""), safe="").lower(),
    "html": html.escape,
    "html, decimal": lambda s: "".join(f"&#{ord(c)};" for c in s),
    "html, decimal with zeros, no semicolon": lambda s: "".join(f"&#000{ord(c)}" if not c.isdigit() else c for c in s),
    "html, hexadecimal": lambda s: "".join(f"&#x{ord(c):X};" for c in s),
    "html, named": lambda s: s.replace("&", "&amp;").replace("/", "&sol;").replace("+", "&plus;").replace("=", "&equals;"),
    "html, twice": lambda s: html.escape(html.escape(s)),
    "html, decimal, twice": lambda s: html.escape("".join(f"&#{ord(c)};" for c in s)),
    "json": lambda s: json.dumps(s)[1:-1].replace("/", "\\/"),
    "json, each character": lambda s: "".join(f"\\u{ord(c):04x}" for c in s),
    "json, twice": lambda s: json.dumps(json.dumps(s)[1:-1].replace("/", "\\/"))[1:-1],
    "percent, then json": lambda s: "".join(f"\\u{ord(c):04x}" for c in quote(s, safe="")),
    "html, then json": lambda s: "".join(f"\\u{ord(c):04X}" for c in html.escape(s)),
    "html, then percent": lambda s: quote(html.escape(s), safe=""),
    "percent, then html": lambda s: quote(s, safe="").replace("%", "&#37;"),
    "json, then percent": lambda s: every_byte(json.dumps(s)[1:-1]),
    "percent, each character, twice": lambda s: every_byte(every_byte(s)),
    "html, each character, twice": lambda s: references(references(s)),
    "javascript": lambda s: "".join(f"\\x{ord(c):02x}" for c in s),
    "octal": lambda s: "".join(f"\\{ord(c):03o}" for c in s),
    "percent u": lambda s: "".join(f"%u{ord(c):04X}" for c in s),
    "mixed": lambda s: "".join(random.Random(7).choice([c, f"%{ord(c):02x}", f"&#{ord(c)};", f"&#x{ord(c):x};"]) for c in s),
}


@pytest.mark.parametrize("form", FORMS)
def test_an_echoed_secret_is_removed_from_records(form: str, caller: Caller, server: Loopback) -> None:
    caller.connect(server.url, api_key(key="public-key-1", token=SECRET), scheme="keys")
    echoed = FORMS[form](SECRET)
    server.answers(Reply.of(ISSUE | {"fields": ISSUE["fields"] | {"summary": f"before {echoed} after"}}))
    task = caller.run(tasks.get, "P-1")
    assert task.title == f"before {REDACTED} after"
    assert echoed not in str(task.raw)


@pytest.mark.parametrize("form", FORMS)
def test_an_echoed_secret_is_removed_from_errors(form: str, caller: Caller, server: Loopback) -> None:
    caller.connect(server.url, api_key(key="public-key-1", token=SECRET), scheme="keys")
    echoed = FORMS[form](SECRET)
    server.answers(Reply.of({"errors": {"summary": f"no {echoed}", echoed: "x"}, "errorMessages": [echoed]}, 400))
    with pytest.raises(errors.UnifiedError) as caught:
        caller.run(tasks.update, "P-1", title="x")
    for text in (str(caught.value), repr(caught.value.fields), repr(caught.value.__dict__)):
        assert echoed not in text
        assert repr(echoed)[1:-1] not in text


@given(st.text(st.characters(codec="utf-8", exclude_characters="\\"), min_size=8, max_size=40), st.randoms(use_true_random=False))
def test_no_order_of_encodings_hides_a_secret(secret: str, chance: random.Random) -> None:
    """Percent-encoding and HTML, one over the other, of a random part of the characters each time."""
    written = "".join(chance.choice([c, quote(c, safe=""), f"&#{ord(c)};", f"&#x{ord(c):x};"]) for c in secret)
    for _ in range(chance.randrange(3)):
        written = written.replace("%", "%25") if chance.random() < 0.5 else written.replace("&", "&amp;")
    assert secret not in Redactor([secret]).redact(f"a {written} b")
    assert REDACTED in Redactor([secret]).redact(f"a {written} b")


ENCODERS: list[Callable[[str], str]] = [
    str,
    every_byte,
    lambda s: quote(s, safe=""),
    quote_plus,
    references,
    lambda s: "".join(f"&#x{ord(c):X};" for c in s),
    html.escape,
    lambda s: json.dumps(s)[1:-1],
    units,
    lambda s: repr(s)[1:-1],
    lambda s: repr(s.encode())[2:-1],
    lambda s: "".join(f"\\{byte:03o}" for byte in s.encode()),
]


@pytest.mark.parametrize("secret", [SECRET, "clé-süß-ключ-42", "p😀ss-wörd-77xyz", "a b c secret 99", "p%41ss&amp;w\\u0041rd/1", "ключ"])
def test_no_two_encodings_hide_a_secret(secret: str) -> None:
    redactor = Redactor([secret])
    for inner, outer in itertools.product(ENCODERS, repeat=2):
        assert redactor.redact(f"before {outer(inner(secret))} after") == f"before {REDACTED} after"


def test_a_secret_with_an_escape_of_its_own_is_found_beside_real_ones() -> None:
    assert Redactor(["pass%41/word"]).redact('"pass%41\\/word" %41 é') == f'"{REDACTED}" %41 é'


def test_value_without_a_secret_is_the_same_object() -> None:
    redactor = Redactor([SECRET])
    for body in (b"", b"a&b=%20%7Bx\\u00e9 \\u0041", json.dumps(ISSUE).encode(), b"%41%42" * 100, b"&#112;&#114;" * 50):
        assert redactor.redact_bytes(body) is body
    assert repr(redactor) == f"Redactor({REDACTED})"


def test_search_time_grows_only_with_the_size() -> None:
    """Repeated prefixes of a secret, and escapes of escapes, are read a bounded number of times."""
    import time

    redactor = Redactor([SECRET])

    def cpu(unit: bytes, size: int) -> float:
        body = unit * (size // len(unit))
        started = time.thread_time()
        redactor.redact_bytes(body)
        return time.thread_time() - started

    for unit in (b"%25", b"&amp;", b"prodkey/", b"%70%72%6f", b"&#112;&#114;", b"\\u0070\\u0072", b"\\\\\\\\", b"%2525", b"&#x0000"):
        small, large = min(cpu(unit, 50_000) for _ in range(3)), min(cpu(unit, 400_000) for _ in range(3))
        assert large < 8 * small * 3 + 0.005, unit
