"""Report names and sentences that are not in the project's vocabulary (docs/reference/glossary.md), and keep their number from growing.

    .ci/words.py                 fail if a file has more findings than .ci/words/baseline.txt allows
    .ci/words.py PATH...         list the findings of files and folders
    .ci/words.py --write         lower the baseline to the present counts
    .ci/words.py --summary       count the findings by term

`.ci/words/terms.toml` holds the terms, `.ci/words/allow.toml` their legitimate uses. The baseline has one line per file, sorted. A count
only goes down, and a file without a line must be clean. Findings of files that no longer exist may be in new files instead, so a renamed or
split file passes until the baseline is written. Git merges the baseline by union: of two lines for one file, the lower count holds.
"""

from __future__ import annotations

import argparse
import ast
import fnmatch
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import yaml

ROOT = Path(__file__).resolve().parents[1]
SETTINGS = ROOT / ".ci" / "words"
BASELINE = SETTINGS / "baseline.txt"
SUFFIXES = {".py", ".md", ".html", ".j2"}
EXCLUDED = ("generated/*", "specs/*", "cassettes/*", "docs/reference/diagnostics/*", "tests/golden/*/expected/*", "*/_sync/*")
"""Files that a tool writes: their text is checked in its source."""
MAPPINGS = "mappings/*.yaml"

_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_COMMENT = re.compile(r"(?:^\s*|\s\s)#:? (.*)")
_INLINE_CODE = re.compile(r"`[^`\n]*`")
_TAG = re.compile(r"<[^>]*>|\{[%#].*?[%#]\}|\{\{.*?\}\}")
_YAML_KEY = re.compile(r"[\w./-]+:(?=\s|$)")


class Finding(NamedTuple):
    line: int
    term: str
    text: str
    use: str


@dataclass(frozen=True)
class Allowed:
    """Legitimate uses of terms: by the words around, the text or the file they are in."""

    terms: frozenset[str]
    paths: tuple[str, ...]
    context: re.Pattern[str] | None
    text: re.Pattern[str] | None

    def holds(self, path: str, term: str, around: str, text: str) -> bool:
        """Return true if this entry excuses `term`, which has the words `around` it in `text`."""
        if term not in self.terms and "*" not in self.terms:
            return False
        if self.paths and not any(fnmatch.fnmatch(path, pattern) for pattern in self.paths):
            return False
        if self.context is not None and self.context.search(around) is None:
            return False
        return self.text is None or self.text.search(text) is not None


@dataclass
class Terms:
    """Terms to report, compiled."""

    beginnings: re.Pattern[str]
    identifiers: Mapping[str, str]
    phrases: re.Pattern[str]
    uses: list[tuple[str, str]] = field(default_factory=list)
    allowed: list[Allowed] = field(default_factory=list)

    @classmethod
    def read(cls, terms: Mapping[str, Any], allow: Mapping[str, Any]) -> Terms:
        """Compile the contents of terms.toml and allow.toml."""
        words = "|".join(word.replace(" ", r"\s+") for word in terms["beginnings"]["words"])
        phrases = [(name, rule.get("pattern", rf"\b{re.escape(name)}\b"), rule["use"]) for name, rule in terms["phrases"].items()]
        return cls(
            beginnings=re.compile(rf"(?:{words})\b", re.IGNORECASE),
            identifiers=terms["identifiers"],
            phrases=re.compile("|".join(f"({pattern})" for _, pattern, _ in phrases), re.IGNORECASE | re.MULTILINE),
            uses=[(name, use) for name, _, use in phrases],
            allowed=[
                Allowed(
                    frozenset(one["terms"]),
                    tuple(one.get("paths", ())),
                    re.compile(one["context"], re.IGNORECASE) if "context" in one else None,
                    re.compile(one["text"], re.IGNORECASE) if "text" in one else None,
                )
                for one in allow.get("allow", ())
            ],
        )

    def in_prose(self, path: str, line: int, text: str) -> Iterator[Finding]:
        """Yield the phrases in `text`, which starts at `line`."""
        text = _INLINE_CODE.sub(lambda found: " " * len(found.group()), text)
        for found in self.phrases.finditer(text):
            term, use = self.uses[(found.lastindex or 1) - 1]
            around = " ".join(text[max(found.start() - 50, 0) : found.end() + 50].split())
            if not self._excused(path, term, around, text):
                yield Finding(line + text.count("\n", 0, found.start()), term, around, use)

    def in_name(self, path: str, line: int, name: str) -> Iterator[Finding]:
        """Yield the terms in an identifier; the name of a test is read as a sentence."""
        if name.startswith("test_"):
            sentence = name.removeprefix("test_").replace("_", " ")
            yield from self.at_beginning(path, line, sentence)
            yield from self.in_prose(path, line, sentence)
            return
        for part in _PART.findall(name):
            use = self.identifiers.get(part.lower())
            if use is not None and not self._excused(path, part.lower(), name, name):
                yield Finding(line, part.lower(), name, use)

    def at_beginning(self, path: str, line: int, text: str) -> Iterator[Finding]:
        """Yield a finding if the first word of a docstring (or of a test's name) is a question word."""
        found = self.beginnings.match(text.lstrip())
        if found is not None and not self._excused(path, "beginning", text, text):
            yield Finding(line, "beginning", text.strip().splitlines()[0][:100], "begin with a verb, or name the thing")

    def _excused(self, path: str, term: str, around: str, text: str) -> bool:
        return any(one.holds(path, term, around, text) for one in self.allowed)


def python(terms: Terms, path: str, source: str) -> Iterator[Finding]:
    """Yield the findings of a Python file: defined names, docstrings, texts of more than one word, comments."""
    tree = ast.parse(source)
    docstrings: set[int] = set()
    inside: set[int] = set()  # lines that a string of several lines covers
    spans: dict[int, list[tuple[int, int]]] = {}
    pieces: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            docstrings.update(id(one.value) for one in _bare_strings(node.body))
        elif isinstance(node, ast.JoinedStr):
            pieces.update(id(part) for part in node.values)
    file = PurePosixPath(path)
    yield from terms.in_name(path, 1, file.parent.name if file.stem == "__init__" else file.stem)
    for node in ast.walk(tree):
        for defined, name in _defined(node):
            yield from terms.in_name(path, defined, name)
        text = _text(node) if id(node) not in pieces else None
        if text is not None and isinstance(node, ast.expr):
            last = node.end_lineno or node.lineno
            inside.update(range(node.lineno + 1, last + 1))
            spans.setdefault(node.lineno, []).append((node.col_offset, node.end_col_offset or 0 if last == node.lineno else 10**6))
            if id(node) in docstrings:
                yield from terms.at_beginning(path, node.lineno, text)
            elif "\n" in text:
                text = _YAML_KEY.sub("", text)
            if " " in text:
                yield from terms.in_prose(path, node.lineno, text)
    for number, line in enumerate(source.splitlines(), 1):
        comment = _COMMENT.search(line)
        if comment is None or number in inside or any(start <= comment.start(1) < end for start, end in spans.get(number, ())):
            continue
        yield from terms.in_prose(path, number, comment.group(1))


def _bare_strings(body: list[ast.stmt]) -> Iterator[ast.Expr]:
    """Yield docstrings: strings that are statements, also those below an attribute."""
    for statement in body:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant) and isinstance(statement.value.value, str):
            yield statement


def _text(node: ast.AST) -> str | None:
    """Return the text of a literal, with `{}` for each replaced field."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else "{}" for part in node.values)
    return None


def _defined(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the names that a node defines, with their lines."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.lineno, node.name
    elif isinstance(node, ast.arg):
        yield node.lineno, node.arg
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.lineno, node.id
    elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
        yield node.lineno, node.attr
    elif isinstance(node, ast.alias) and node.asname is not None:
        yield node.lineno, node.asname


def markdown(terms: Terms, path: str, source: str) -> Iterator[Finding]:
    """Yield the findings of a Markdown document, without its code."""
    fence = None
    lines = []
    for line in source.splitlines():
        marker = re.match(r"\s*(`{3,}|~{3,})", line)
        if fence is None and marker is not None:
            fence = marker.group(1)
            lines.append("")
        elif fence is not None:
            lines.append("")
            if marker is not None and marker.group(1).startswith(fence):
                fence = None
        else:
            lines.append(re.sub(r"\]\([^)]*\)", "]", line))
    yield from terms.in_prose(path, 1, "\n".join(lines))


def page(terms: Terms, path: str, source: str) -> Iterator[Finding]:
    """Yield the findings of an HTML page or a template, without its tags."""
    for number, line in enumerate(source.splitlines(), 1):
        yield from terms.in_prose(path, number, _TAG.sub(" ", line))


def mapping(terms: Terms, path: str, source: str) -> Iterator[Finding]:
    """Yield the findings of a mapping: summaries, reasons and other texts of more than one word, and comments; not keys and lists."""
    texts: list[yaml.ScalarNode] = []
    nodes = [yaml.compose(source, yaml.SafeLoader)]
    while nodes:
        node = nodes.pop()
        if isinstance(node, yaml.MappingNode):
            nodes += [value for _, value in node.value]
        elif isinstance(node, yaml.SequenceNode):
            nodes += [item for item in node.value if not isinstance(item, yaml.ScalarNode)]
        elif isinstance(node, yaml.ScalarNode) and " " in node.value and node not in texts:  # an alias is the node of its anchor
            texts.append(node)
    inside: set[int] = set()  # lines that a text of several lines covers
    for text in texts:
        inside.update(range(text.start_mark.line + 2, text.end_mark.line + 1))
        yield from terms.in_prose(path, text.start_mark.line + 1, text.value)
    for number, line in enumerate(source.splitlines(), 1):
        comment = _COMMENT.search(line)
        if comment is not None and number not in inside:
            yield from terms.in_prose(path, number, comment.group(1))


def check_file(terms: Terms, path: str, source: str) -> list[Finding]:
    """Return the findings of one file, by line."""
    suffix = PurePosixPath(path).suffix
    reader = {".py": python, ".md": markdown, ".yaml": mapping}.get(suffix, page)
    return sorted(reader(terms, path, source))


def _check(terms: Terms, path: str) -> list[Finding]:
    return check_file(terms, path, (ROOT / path).read_text(encoding="utf-8"))


def files() -> list[str]:
    """Return the files of the project that are checked."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return sorted({path for path in listed.split("\0") if path and checked(path) and (ROOT / path).is_file()})


def checked(path: str) -> bool:
    """Return true if a file is checked."""
    if any(fnmatch.fnmatch(path, pattern) for pattern in EXCLUDED):
        return False
    return PurePosixPath(path).suffix in SUFFIXES or fnmatch.fnmatch(path, MAPPINGS)


def parse_baseline(text: str) -> dict[str, int]:
    """Return the allowed count of each file."""
    counts: dict[str, int] = {}
    for line in text.splitlines():
        path, _, count = line.rpartition(" ")
        counts[path] = min(int(count), counts.get(path, int(count)))
    return counts


def over(baseline: Mapping[str, int], counts: Mapping[str, int]) -> list[str]:
    """Return the files with more findings than allowed. Counts of files that no longer exist are shared by the new ones."""
    worse = [path for path, count in counts.items() if path in baseline and count > baseline[path]]
    new = [path for path, count in counts.items() if path not in baseline and count]
    moved = sum(count for path, count in baseline.items() if path not in counts)
    if sum(counts[path] for path in new) > moved:
        worse += new
    return sorted(worse)


def lowered(baseline: Mapping[str, int], counts: Mapping[str, int]) -> dict[str, int]:
    """Return the new baseline. Files that are over keep their old count, and so do files that no longer exist while new ones are over."""
    worse = set(over(baseline, counts))
    unchanged = {path: count for path, count in baseline.items() if path in worse or (path not in counts and worse - baseline.keys())}
    return unchanged | {path: count for path, count in counts.items() if count and path not in worse}


def write_baseline(counts: Mapping[str, int]) -> None:
    BASELINE.write_text("".join(f"{path} {counts[path]}\n" for path in sorted(counts)), encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("paths", nargs="*", help="list the findings of these files and folders")
    parser.add_argument("--write", action="store_true", help="lower the baseline to the present counts")
    parser.add_argument("--summary", action="store_true", help="count the findings by term")
    options = parser.parse_args(arguments)
    with (SETTINGS / "terms.toml").open("rb") as terms_file, (SETTINGS / "allow.toml").open("rb") as allow_file:
        terms = Terms.read(tomllib.load(terms_file), tomllib.load(allow_file))
    paths = files()
    if options.paths:
        chosen = [Path(path).resolve().relative_to(ROOT).as_posix() for path in options.paths]
        paths = [path for path in paths if any(one in (".", path) or path.startswith(f"{one}/") for one in chosen)]
    with ProcessPoolExecutor() as pool:
        findings = dict(zip(paths, pool.map(partial(_check, terms), paths, chunksize=50), strict=True))
    if options.summary:
        for term, count in Counter(one.term for found in findings.values() for one in found).most_common():
            print(f"{count:6} {term}")
        return 0
    if options.paths:
        _print(findings, paths)
        return 0
    counts = {path: len(found) for path, found in findings.items()}
    baseline = parse_baseline(BASELINE.read_text(encoding="utf-8"))
    worse = over(baseline, counts)
    if options.write:
        write_baseline(lowered(baseline, counts))
    if worse:
        _print(findings, worse)
        for path in worse:
            print(f"{path}: {counts[path]} findings, {baseline.get(path, 0)} allowed")
        print("Use the terms of docs/reference/glossary.md. A legitimate use of a word belongs in .ci/words/allow.toml.")
        return 1
    print(f"{sum(counts.values())} findings, {sum(baseline.values())} allowed")
    return 0


def _print(findings: Mapping[str, Iterable[Finding]], paths: Iterable[str]) -> None:
    for path in paths:
        for one in findings[path]:
            print(f"{path}:{one.line}: {one.term}: {one.text!r}; use: {one.use}")


if __name__ == "__main__":
    sys.exit(main())
