"""Tokens of results: counted with a tokenizer, a conservative estimate without one, and results that fit."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from unified_platform.tools import results, token_counts
from unified_platform.tools.page_collector import PageCollector
from unified_platform.tools.response_selection import within
from unified_platform.tools.token_counts import cut, estimate, tokens
from unified_runtime import InvalidInput, Page

CASSETTES = Path(__file__).parents[4] / "cassettes"
LANGUAGES = {
    "German": "Bitte überprüfen Sie die Rechnung vom 3. März und überweisen Sie den Betrag bis zum Monatsende.",
    "French": "L’équipe a décidé de reporter la réunion à mercredi, car plusieurs collègues étaient absents.",
    "Russian": "Пожалуйста, проверьте отчёт за прошлый квартал и сообщите о найденных ошибках до конца недели.",
    "Japanese": "来週の会議の議題を確認して、必要な資料を金曜日までに共有フォルダに保存してください。",
    "Hindi": "कृपया पिछली तिमाही की रिपोर्ट की जाँच करें और किसी भी त्रुटि की सूचना दें।",
    "emoji": "Done ✅ 🎉🎉 thanks 🙏🏽 see you 👋🏻 🚀🔥💯",
    "ids": " ".join(f"{number * 7919 % 65536:04x}b2e4-4d1a-8f{number:02d}-{number * 104729 % 2**32:08x}" for number in range(60)),
}


@pytest.fixture(params=["o200k_base", "estimate"])
def counted(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv(token_counts.VARIABLE, request.param)
    return str(request.param)


def _responses() -> Iterator[str]:
    """Yield responses of real servers, as a model sees JSON."""
    for file in sorted(CASSETTES.rglob("*.yaml")):
        for one in yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)["interactions"]:
            text = one["response"]["body"].get("string") or ""
            if len(text) > 300 and text.startswith(("{", "[")):
                yield results.compact(json.loads(text))


def test_the_estimate_is_conservative(monkeypatch: pytest.MonkeyPatch) -> None:
    """On responses of real servers and other languages: rarely less than a tokenizer counts, and not much more in sum."""
    monkeypatch.setenv(token_counts.VARIABLE, "o200k_base")
    samples = [*_responses(), *LANGUAGES.values()]
    assert len(samples) > 300
    pairs = [(estimate(text), tokens(text)) for text in samples]
    assert sum(guess < count for guess, count in pairs) <= 0.05 * len(pairs)
    assert 1 <= sum(guess for guess, _ in pairs) / sum(count for _, count in pairs) <= 1.3
    for name, text in LANGUAGES.items():
        assert tokens(text) <= estimate(text) <= 4 * tokens(text), name


@pytest.mark.parametrize("name", LANGUAGES)
def test_a_response_fits_with_the_text_around_it(counted: str, name: str) -> None:
    data = {"id": "r1", "lines": [{"sku": f"A-{number}", "note": LANGUAGES[name]} for number in range(60)], "text": LANGUAGES[name] * 50}
    for most in (150, 500, 2000):
        found, more = within(data, most)
        shown = {**found, "more": more} if more else found
        assert tokens(results.fenced(shown, "shop")) <= most
        assert found != {}
        assert more or most > 150


@pytest.mark.parametrize("name", LANGUAGES)
def test_a_page_fits_with_its_cursor(counted: str, name: str) -> None:
    cursor = "3f2a9c" * 30
    collector = PageCollector(limit=100, tokens=900, text=300)
    collector.add(Page(items=[{"id": str(number), "title": LANGUAGES[name]} for number in range(100)], cursor=cursor))
    assert 0 < len(collector.data["items"]) < 100
    assert collector.data["cursor"]
    assert tokens(results.fenced(collector.data, "shop")) <= 900


def test_a_function_of_the_users_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(token_counts.VARIABLE, "estimate")
    data: Any = {"text": "word " * 400}
    token_counts.use_tokenizer(lambda text: len(text))  # a character each
    try:
        assert len(results.compact(within(data, 500)[0])) <= 500
    finally:
        token_counts.use_tokenizer(None)
    assert len(results.compact(within(data, 500)[0])) > 500


def test_the_default_is_the_tokenizer_of_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    text = LANGUAGES["Hindi"]
    monkeypatch.delenv(token_counts.VARIABLE, raising=False)
    default = tokens(text)
    monkeypatch.setenv(token_counts.VARIABLE, "o200k_base")
    assert default == tokens(text) < estimate(text)


def test_names_and_texts_that_are_not_valid(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("o200k_base", "estimate"):
        monkeypatch.setenv(token_counts.VARIABLE, name)
        assert tokens("a\ud800b") > 0
        assert tokens("") == 0
        assert cut("x", 0) == ""
        assert tokens("x y " * 1_000_000) > 500_000, "it is not counted exactly"
    monkeypatch.setenv(token_counts.VARIABLE, "o201k")
    with pytest.raises(InvalidInput, match=r"UNIFIED_TOKENIZER: .*o201k"):
        tokens("text")
