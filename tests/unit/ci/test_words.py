"""Tests of the lint of words (.ci/words.py)."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.support.scripts import CI, load

ROOT = CI.parent
words = load("words")
TERMS = words.Terms.read(
    {
        "beginnings": {"words": ["that which", "what", "whether"]},
        "identifiers": {"told": "reported", "claim": "approval subject"},
        "phrases": {
            "is no": {"pattern": r"(?<!there )\bis no (?!longer\b)[\w`{]", "use": "is not a"},
            "in vain": {"use": "has no effect"},
            "claim": {"pattern": r"\bclaims?\b", "use": "approval subject"},
        },
    },
    {
        "allow": [
            {"terms": ["claim"], "context": r"\btoken claims?\b", "reason": "JWT"},
            {"terms": ["claim"], "paths": ["oauth/*"], "reason": "JWT"},
            {"terms": ["*"], "text": r"(?-i:\bSELECT\b)", "reason": "SQL"},
        ]
    },
)


def _terms(source: str, path: str = "module.py") -> list[tuple[int, str]]:
    return [(one.line, one.term) for one in words.check_file(TERMS, path, source)]


@pytest.mark.parametrize("begin", ["What it does.", "Whether it holds.", "That which remains.", "  what it does."])
@pytest.mark.parametrize(
    "source",
    ['"""{}"""\n', 'class A:\n    """{}"""\n', 'async def f() -> None:\n    """{}"""\n', 'LIMIT = 3\n"""{}"""\n'],
    ids=["module", "class", "function", "attribute"],
)
def test_docstring_that_begins_with_a_question_word_is_reported(source: str, begin: str) -> None:
    line = source.count("\n", 0, source.index('"'))
    assert _terms(source.format(begin)) == [(line + 1, "beginning")]


def test_docstring_that_begins_with_a_verb_passes() -> None:
    assert _terms('"""Return whatever: the whatnot."""\n') == []


def test_a_string_that_is_not_a_docstring_may_begin_with_a_question_word() -> None:
    assert _terms('print("What is your name?")\n') == []


@pytest.mark.parametrize(
    "source",
    [
        'raise ValueError("this is no number")\n',
        'raise ValueError(f"{value!r} is no {kind}")\n',
        "x = 1  # this is no number\n",
        "# this is no number\n",
        "def test_a_text_is_no_number() -> None: ...\n",
    ],
    ids=["string", "f-string", "trailing comment", "comment", "name of a test"],
)
def test_phrase_is_reported_once(source: str) -> None:
    assert _terms(source) == [(1, "is no")]


@pytest.mark.parametrize("text", ["there is no tool of this name", "it is no longer valid", "`x is no y`", "is no"])
def test_ordinary_sentence_passes(text: str) -> None:
    assert _terms(f'raise ValueError("{text}")\n') == []


def test_line_of_a_phrase_in_a_long_text_is_reported() -> None:
    assert _terms('"""Check.\n\nThis is\nfine, but in\nvain and in vain.\n"""\n') == [(5, "in vain")]


def test_hash_in_a_string_does_not_start_a_comment() -> None:
    assert _terms('x = "#  # in-vain"\ny = """\n  # SELECT in vain\n"""\n') == []


@pytest.mark.parametrize(
    "source",
    [
        "def _told() -> None: ...\n",
        "class CallsTold: ...\n",
        "def f(told: int) -> None: ...\n",
        "TOLD_TWICE = 1\n",
        "import os as told\n",
        "self.told = 1\n",
    ],
)
def test_word_in_a_defined_name_is_reported(source: str) -> None:
    assert _terms(source) == [(1, "told")]


def test_uses_and_longer_words_are_not_reported() -> None:
    assert _terms("import x\nprint(x.told, x.told())\nretold = untold = 1\n") == []


def test_names_of_modules_and_packages_are_reported() -> None:
    assert _terms("", "a/told.py") == [(1, "told")]
    assert _terms("", "told/__init__.py") == [(1, "told")]
    assert _terms("", "told/a.py") == []


def test_allowed_uses_pass_by_context_path_and_text() -> None:
    assert _terms("# the claim of a call\n") == [(1, "claim")]
    assert _terms("# the token claims of a call\n") == []
    assert _terms("# the claim of a call\n", "oauth/a.py") == []
    assert _terms('x = "SELECT claim, in FROM a WHERE b = c"\n') == []


def test_code_in_a_document_is_not_prose() -> None:
    source = "# In vain\n\n```sh\nin vain\n```\n`in vain` and [this](in%20vain.md)\n\nis no good\n"
    assert _terms(source, "docs/a.md") == [(1, "in vain"), (8, "is no")]


def test_tags_of_a_page_are_not_prose() -> None:
    assert _terms('<p title="claim">in vain {{ claim }}</p>\n', "a.html") == [(1, "in vain")]


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("unsupported:\n  recurring: an issue is no series\n", 2),
        ("unsupported:\n  recurring: &reason >-\n    an issue is\n    no series\n  type: *reason\n", 2),
        ("summary: |\n  Set it\n  in vain\n", 2),
        ("connection: {site: {summary: 'a claim, in vain #1', pattern: a}}\n", 1),
        ("steps:\n  - get: list\n    not_found: this is no list\n", 3),
        ("fields: {}\n# an issue is no series\n", 2),
        ("fields: {}  # is no series\n", 1),
    ],
    ids=["reason", "reason of two lines", "block", "flow", "step", "comment", "trailing comment"],
)
def test_texts_and_comments_of_a_mapping_are_prose(source: str, line: int) -> None:
    assert {one for one, _ in _terms(source, "mappings/a.yaml")} == {line}


def test_reason_that_is_used_twice_is_reported_once() -> None:
    assert _terms("a: &reason is no series\nb: *reason\n", "mappings/a.yaml") == [(1, "is no")]


@pytest.mark.parametrize(
    "source",
    ["claim x: {claim: claim}\n", "synonyms: [in vain, claim]\n", "a: is `claim` set\n", "a: >-\n  see\n  # SELECT in vain\n"],
    ids=["keys and names", "list", "code", "hash in a text"],
)
def test_keys_names_and_lists_of_a_mapping_are_not_prose(source: str) -> None:
    assert _terms(source, "mappings/a.yaml") == []


def test_files_that_a_tool_writes_are_not_checked() -> None:
    assert words.checked("runtime/a.py")
    assert words.checked("mappings/models/tasks.yaml")
    assert not words.checked("generated/unified/__init__.py")
    assert not words.checked("tests/golden/acme/expected/generated/a.py")
    assert not words.checked("specs/jira/slice.yaml")


def test_counts_only_go_down() -> None:
    baseline = {"a.py": 2, "b.py": 1}
    assert words.over(baseline, {"a.py": 2, "b.py": 0, "c.py": 0}) == []
    assert words.over(baseline, {"a.py": 3, "b.py": 0}) == ["a.py"]
    assert words.over(baseline, {"a.py": 2, "b.py": 1, "c.py": 1}) == ["c.py"]


def test_counts_move_with_renamed_and_split_files() -> None:
    baseline = {"a.py": 2, "b.py": 1}
    assert words.over(baseline, {"b.py": 1, "c.py": 1, "d.py": 1}) == []
    assert words.over(baseline, {"b.py": 1, "c.py": 1, "d.py": 2}) == ["c.py", "d.py"]


def test_a_written_baseline_never_allows_more() -> None:
    baseline = {"a.py": 2, "b.py": 3, "gone.py": 1}
    assert words.lowered(baseline, {"a.py": 1, "b.py": 0, "new.py": 1}) == {"a.py": 1, "new.py": 1}
    assert words.lowered(baseline, {"a.py": 5, "b.py": 3, "new.py": 1}) == {"a.py": 2, "b.py": 3, "new.py": 1}


def test_counts_of_renamed_files_are_not_lost_before_their_new_names_pass() -> None:
    baseline = {"a.py": 2, "gone.py": 2}
    assert words.lowered(baseline, {"a.py": 1, "new.py": 3}) == {"a.py": 1, "gone.py": 2}


def test_lower_count_holds_after_a_merge_by_union() -> None:
    assert words.parse_baseline("a.py 2\na.py 1\na b.md 4\na.py 3\n") == {"a.py": 1, "a b.md": 4}


def test_shipped_terms_compile_and_suggest_a_replacement() -> None:
    settings = ROOT / ".ci" / "words"
    terms, allow = (tomllib.loads((settings / name).read_text(encoding="utf-8")) for name in ("terms.toml", "allow.toml"))
    source = '"""What this is no part of."""\ndef _told() -> None: ...\n# ID token claims\n# a health check\n'
    found = words.check_file(words.Terms.read(terms, allow), "a.py", source)
    assert [(one.line, one.term) for one in found] == [(1, "beginning"), (1, "is no"), (2, "told")]
    assert all(one.use for one in found)


def test_command_exits_with_1_for_a_worse_file_and_0_after_it_is_fixed(tmp_path: Path) -> None:
    (tmp_path / ".ci").mkdir()
    for name in ("words.py", "words/terms.toml", "words/allow.toml"):
        target = tmp_path / ".ci" / name
        target.parent.mkdir(exist_ok=True)
        target.write_bytes((ROOT / ".ci" / name).read_bytes())
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    (tmp_path / ".gitignore").write_text(".ci/\n", encoding="utf-8")
    baseline, source = tmp_path / ".ci" / "words" / "baseline.txt", tmp_path / "a.py"
    baseline.write_text("a.py 1\n", encoding="utf-8")

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, tmp_path / ".ci" / "words.py", *arguments], capture_output=True, text=True, check=False)

    source.write_text("# in vain\n# at birth\n", encoding="utf-8")
    failed = run("--write")
    assert failed.returncode == 1
    assert "a.py:2: at birth: 'at birth'; use: on create" in failed.stdout
    assert baseline.read_text(encoding="utf-8") == "a.py 1\n"
    source.write_text("# no effect\n", encoding="utf-8")
    assert run("--write").returncode == 0
    assert baseline.read_text(encoding="utf-8") == ""
