"""Hostile input: CPU time of the codecs and readers on texts made to be expensive, at two sizes.

`make bench hostile` prints the worst input of each kind, its cost per KB, and how the cost grows when the size doubles (2 is linear, 4 is
quadratic). `--write` puts the table into docs/reference/benchmarks.md. `tests/attacks/test_cpu.py` checks the growth of every input.
"""

from __future__ import annotations

import argparse
import datetime
import json
import math
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

STORED = Path(__file__).with_name("hostile.json")
PAGE = Path(__file__).parents[1] / "docs" / "reference" / "benchmarks.md"
TITLE = "Hostile input"
TEXT = """
CPU time of the codecs on hostile texts: repeated markup characters, nested and unclosed markup, wide tables with short
rows. If the length of a text doubles, the time of a linear codec grows by 2; garbage collection and other work on the
machine add to it. Texts of more than 20,000 line ends and delimiters are rejected when written, and taken literally
when read. A large text is converted outside the event loop; see [security](../explanation/security.md).
"""

# fmt: off
MARKDOWN = (
    "![", "[", "]", "[]", "[](", "![](", "[a](b", "[a](<b", "[a](b \"", "[a]('", "[a](b (", "**a_b", "*a", "*a ", "a*", "*a_", "a**b",
    "*a **b ", "_a", "_", "*", "~~", "~~a", "~~~~~a ", "a~~~ b ~~~", "*_~~", "*_", "* _ ", "**x* ", "`", "``a`", "<", "<a", "<a@b",
    "<http://a", "&", "&#", "&#x;", "&amp;", "\\", "\\[", "\n", "a\n", "> ", ">\n", "- ", "- a\n", "1. ", "* * ", "> - ", "#", "# \n",
    "# a #\n", "|", "|a", "a|b\n", "a\n-", "---\n", "a\n=\n", "```\n", "```a\nb\n", "~~~\n", "    a\n", "\t", " ", "a  \n", "\u0000",
    "\u00e9", "\u00a0", "a ", "http://a ", "[[a](b)", "![[](x)", "[a]: b\n", "](", "x](y) ", "- [ ] a\n", "- \n", "  - a\n", "!",
    "![a](b)", "<!--", "<div>\n", "*[a](b)", "[*a*](b)", "<>", "a.b", "(", ")", "[a](((((", "[a](\\(\\(",
)
HTML = (
    "<", "<a", "<a ", "<a href=", "<a href=\"", "</", "</a", "</a>", "<b>", "</b>", "<b></i>", "<!", "<!--", "<!-", "-->", "<?",
    "<![CDATA[", "&", "&#", "&amp", "&amp;", "&a", "<p>", "<li>", "<ul>", "<ul><li>", "<ol>", "<table>", "<tr>", "<td>",
    "<table><tr><td>", "<div>", "<blockquote>", "<br>", "<br/>", "<hr>", "<img src=", "<img src=x>", "<input type=checkbox>", "<pre>",
    "<pre>a</pre>", "<code>", "<h1>", "<script>", "<style>", "<title>", "<textarea>", "<head>", "a b ", "\n", "  ", " a", "<a href=x>",
    "<a href=x></a>", "<em><strong>", "</em></strong>", "<s><u>", "<dd><dt>", "<thead>", "<span>", "<x y=z>", "<x y='", "<x/y",
    "\u0000", "\u00e9", "<body>", "<user:@U1>", "<@U1>", "<p><b>a", "</p><p>", "<svg>", "<plaintext>", "<iframe>", "<b>a<i>b</b>",
    "<p></li>", "<div></p>",
)
MRKDWN = (
    "*", "_", "~", "`", "```", "<", "<@", "<@U1>", "<http://a|", "<http://a|b>", "&", "&lt;", "&gt;", "&gt;&gt;&gt;", ">", ">a\n",
    "\u2022 ", "\u2022 a\n", "\u25e6 a\n", "1. a\n", "*a", "a*", "*a* ", "_a_ ", "*a_", "*_~", "`a", "a`", "a\n", "\n", "\u200b",
    "*\u200b", "<!here>", "<!subteam^S1>", "<#C1>", "<!date^1^{date}|x>", "    \u2022 a\n", "  a\n", "\u00e9", " ", "a ", "```a```",
    "*a _b* c_ ", "~a", "<<", ">>", "|", "<a|b", "*`", "`*", "\u2022 \u2022 ", "- ", "- - ", "&amp;", "a:b:", "\u0000", "[a](b)", "**a",
    "\\", "#",
)
# fmt: on
"""Texts that are repeated up to a size."""


class Input(NamedTuple):
    """One input of a size."""

    name: str
    value: Any
    size: int


class Kind(NamedTuple):
    """A function under attack, and its inputs by their size in characters."""

    name: str
    function: Callable[[Any], object]
    inputs: Callable[[int], Iterator[Input]]


# ------------------------------------------------------------------------------------------------ inputs
def _texts(parts: Sequence[str], size: int, shapes: dict[str, str]) -> Iterator[Input]:
    for part in parts:
        yield Input(repr(part), (part * (size // len(part) + 1))[:size], size)
    for name, text in shapes.items():
        yield Input(name, text, max(len(text), 1))


def markdown_texts(size: int) -> Iterator[Input]:
    """Yield texts for codecs that parse Markdown."""
    root, n = math.isqrt(size), size
    yield from _texts(
        MARKDOWN,
        size,
        {
            "brackets, nested": "[" * (n // 2) + "]" * (n // 2),
            "links, nested": "[" * (n // 5) + "](x)" * (n // 5),
            "images, nested": "![" * (n // 6) + "](x)" * (n // 6),
            "emphasis, opened then closed": "*a " * (n // 6) + "a* " * (n // 6),
            "quote markers in one line": ">" * n + "a",
            "quotes, one deeper per line": "\n".join(">" * i + "a" for i in range(math.isqrt(2 * n))),
            "quotes, deep in each line": (">" * root + "a\n") * root,
            "lists, one deeper per line": "\n".join("  " * i + "- a" for i in range(root)),
            "lists in one line": "- " * (n // 2) + "a",
            "a wide table with short rows": "|" + "a|" * (n // 8) + "\n|" + "-|" * (n // 8) + "\n" + "a\n" * (n // 4),
            "a square table": "|" + "a|" * root + "\n|" + "-|" * root + "\n" + ("|" * root + "\n") * root,
            "tables": "|a|\n|-|\n|b|\n\n" * (n // 14),
            "tables with longer rows": "|a|\n|-|\n|b|c|d|\n\n" * (n // 18),
            "a table with one long row": "|a|\n|-|\n" + "|b" * (n // 2),
            "tables, ended by headings": "|a|b|\n|-|-|\n|\n# x\n" * (n // 18),
            "backticks, longer each time": " ".join("`" * i for i in range(1, math.isqrt(2 * n))),
            "strikethrough, closed in threes": "~~a" * (n // 6) + "~~~" * (n // 6),
            "strong in strong": "**" * (n // 4) + "a" + "**" * (n // 4),
            "a long address": "[a](" + "b" * n + ")",
            "a long title": '[a](b "' + "c" * n + '")',
            "an address of percent signs": "[a](" + "%2" * (n // 2) + ")",
            "an address beyond ASCII": "[a](" + "\u00e9" * n + ")",
            "a host beyond ASCII": "[a](http://" + "\u00e9." * (n // 2) + ")",
            "links": "[a](http://b.c) " * (n // 16),
            "code without an end": "`" + "a" * n,
            "one word of underscores": "a" + "_" * n + "b",
            "words of underscores": "a_" * (n // 2),
            "spaces": "a" + " " * n + "b",
            "digits": "1" * n,
            "quotes of a rule, and text": "> ---\na\n" * (n // 8),
        },
    )


def html_texts(size: int) -> Iterator[Input]:
    """Yield texts for codecs that read HTML."""
    n = size
    yield from _texts(
        HTML,
        size,
        {
            "nested": "<div>" * (n // 11) + "</div>" * (n // 11),
            "a comment without an end": "<!--" + "-" * n,
            "attributes": "<a " + "b=c " * (n // 4) + ">x</a>",
            "quotes without an end": '<a b="' * (n // 6),
            "quotes, the last without an end": "<a b=c " * (n // 7) + 'd=">"',
            "a long attribute": '<a href="' + "x" * n + '">x</a>',
            "a long tag": "<" + "a" * n,
            "spaces in a tag": "<a" + " " * n,
            "a long reference": "&#" + "1" * n + ";",
            "text in a table": "<table>" + "<tr>x" * (n // 5),
            "a wide table with short rows": "<table><tr>" + "<td>a</td>" * (n // 20) + "</tr>" + "<tr></tr>" * (n // 18) + "</table>",
            "marks in turn": "<b>a</b><i>b</i>" * (n // 16),
            "marks, overlapping": "<b>a<i>b</i></b><i>c</i>" * (n // 24),
            "long words": "a" * n,
            "spaces": "a" + " " * n + "b",
        },
    )


def mrkdwn_texts(size: int) -> Iterator[Input]:
    """Yield texts for codecs that read Slack's and Discord's text."""
    n, root = size, math.isqrt(size)
    yield from _texts(
        MRKDWN,
        size,
        {
            "lists, one deeper per line": "\n".join("  " * i + "\u2022 a" for i in range(root)),
            "lists, less deep per line": "\n".join("  " * i + "\u2022 a" for i in range(root, 0, -1)),
            "lists in turn": "\u2022 a\n1. b\n" * (n // 9),
            "a fence without an end": "```" + "a" * n,
            "bold, opened then closed": "*a " * (n // 6) + "a* " * (n // 6),
            "backticks, longer each time": " ".join("`" * i for i in range(1, math.isqrt(2 * n))),
        },
    )


def adf_documents(size: int) -> Iterator[Input]:
    """Yield documents for codecs that read ADF; `size` is about the length of their JSON."""
    k, n = size // 60, size

    def text(words: str, *marks: str) -> dict[str, Any]:
        return {"type": "text", "text": words, "marks": [{"type": mark} for mark in marks]}

    def node(kind: str, *content: Any) -> dict[str, Any]:
        return {"type": kind, "content": list(content)}

    def linked(address: str) -> dict[str, Any]:
        return {"type": "text", "text": "a", "marks": [{"type": "link", "attrs": {"href": address}}]}

    paragraph = node("paragraph", text("a"))
    deep = paragraph
    for _ in range(min(k, 150)):
        deep = node("blockquote", deep)
    cell = node("tableCell", paragraph)
    two, three = ("strong", "em"), (("strong",), ("strong", "em"), ("em",), ("em", "strike"))
    kinds = ("bulletList", "orderedList")
    documents = {
        "marks in turn": node("paragraph", *(text("a", two[i % 2]) for i in range(k))),
        "marks, overlapping": node("paragraph", *(text("a", *three[i % 4]) for i in range(k))),
        "runs that look alike": node("paragraph", *(text("a", "strong") for _ in range(k))),
        "code and text": node("paragraph", *(text("a", *two, *(("code",) if i % 2 else ())) for i in range(k))),
        "spaces with marks": node("paragraph", *(text(" ", two[i % 2]) for i in range(k))),
        "spaces at the edge of marks": node("paragraph", *(text(" a ", "strong") if i % 2 else text("b", "em") for i in range(k))),
        "breaks": node("paragraph", *({"type": "hardBreak"} for _ in range(k))),
        "breaks and marks": node("paragraph", *(text("a", "strong") if i % 2 else {"type": "hardBreak"} for i in range(k))),
        "links": node("paragraph", *(linked(f"http://a/{i}") for i in range(k))),
        "one link in parts": node("paragraph", *(linked("http://a") if i % 2 else text("b") for i in range(k))),
        "paragraphs": node("doc", *[paragraph] * k),
        "items": node("bulletList", *[node("listItem", paragraph)] * k),
        "lists in turn": node("doc", *(node(kinds[i % 2], node("listItem", paragraph)) for i in range(k))),
        "tasks": node("taskList", node("taskItem", text("a")), *[node("taskList", node("taskItem", text("b")))] * k),
        "underscores": node("paragraph", text("_" * n)),
        "one word of underscores": node("paragraph", text("a" + "_" * n + "b")),
        "brackets": node("paragraph", text("[" * n)),
        "backticks in code": node("paragraph", text("`" * n, "code")),
        "backticks, longer each time": node("paragraph", text(" ".join("`" * i for i in range(1, math.isqrt(2 * n))), "code")),
        "asterisks": node("paragraph", text("*" * n)),
        "references": node("paragraph", text("&a" * (n // 2))),
        "spaces": node("paragraph", text(" " * n)),
        "line ends": node("paragraph", text("\n" * n)),
        "a code block of backticks": node("codeBlock", text("`" * n)),
        "a wide table with short rows": node("table", node("tableRow", *[cell] * (k // 2)), *[node("tableRow")] * (k // 2)),
        "a cell of bars": node("table", node("tableRow", node("tableCell", node("paragraph", text("|" * n))))),
        "mentions": node("paragraph", *[{"type": "mention", "attrs": {"id": "x", "text": "@a"}}] * k),
        "unknown nodes": node("paragraph", *[node("zz", text("a"))] * k),
        "nested": deep,
    }
    for name, document in documents.items():
        yield Input(name, {"version": 1, "type": "doc", "content": [document]}, size)


def kinds() -> Sequence[Kind]:
    """Return the functions under attack."""
    from unified_runtime.adapter_api.codecs import adf, asana_html, discord_markdown, html, markdown, matrix_text, mrkdwn

    def matrix(text: str) -> object:
        return matrix_text.decode({"format": matrix_text.HTML, "formatted_body": text})

    return (
        Kind("Markdown, normalized", markdown.normalize, markdown_texts),
        Kind("plain text to Markdown", markdown.text, markdown_texts),
        Kind("Markdown to ADF", adf.encode, markdown_texts),
        Kind("Markdown to HTML", html.encode, markdown_texts),
        Kind("Markdown to Asana's HTML", asana_html.encode, markdown_texts),
        Kind("Markdown to Slack's mrkdwn", mrkdwn.encode, markdown_texts),
        Kind("Markdown to a Matrix message", matrix_text.encode, markdown_texts),
        Kind("Markdown to Discord's", discord_markdown.encode, markdown_texts),
        Kind("ADF to Markdown", adf.decode, adf_documents),
        Kind("HTML to Markdown", html.decode, html_texts),
        Kind("Asana's HTML to Markdown", asana_html.decode, html_texts),
        Kind("a Matrix message to Markdown", matrix, html_texts),
        Kind("Slack's mrkdwn to Markdown", mrkdwn.decode, mrkdwn_texts),
        Kind("Discord's Markdown to Markdown", discord_markdown.decode, mrkdwn_texts),
    )


# ------------------------------------------------------------------------------------------------ measuring
class Cost(NamedTuple):
    """CPU time of one input: seconds at each size, the smaller first."""

    input: str
    size: int
    small: float
    large: float

    @property
    def growth(self) -> float:
        """Factor by which the CPU time grows when the size doubles; 2 is linear."""
        return self.large / max(self.small, 1e-6)

    @property
    def per_kb(self) -> float:
        """Milliseconds per 1024 characters, at the larger size."""
        return self.large * 1e3 / (self.size / 1024)


def seconds(function: Callable[[Any], object], value: Any, times: int = 1) -> float:
    """Return the lowest CPU seconds of this thread for one call, out of `times`."""
    least = math.inf
    for _ in range(times):
        before = time.thread_time()
        function(value)
        least = min(least, time.thread_time() - before)
    return least


def costs(kind: Kind, size: int, times: int = 1) -> list[Cost]:
    """Return the CPU time of all inputs of a kind, at a size and twice the size; the most expensive first."""
    for one in kind.inputs(200):
        kind.function(one.value)  # import and compile what the first use needs
    results = []
    for small, large in zip(kind.inputs(size), kind.inputs(2 * size), strict=True):
        cost = [seconds(kind.function, one.value, times) for one in (small, large)]
        results.append(Cost(large.name, large.size, *cost))
    return sorted(results, key=lambda cost: -cost.per_kb)


def lines(size: int) -> list[str]:
    """Measure all kinds, and return the worst input of each as a table."""
    table = [
        f"| input | inputs tried | worst | ms of CPU per KB | at {2 * size // 1000} thousand characters | growth per doubling |",
        "|---|--:|---|--:|--:|--:|",
    ]
    for kind in kinds():
        results = costs(kind, size, 2)
        worst = results[0]
        name = worst.input.replace("|", "\\|")
        table.append(
            f"| {kind.name} | {len(results)} | {name} | {worst.per_kb:.2f} | {worst.large * 1e3:.0f} ms | \u00d7 {worst.growth:.1f} |"
        )
    return table


def stored_table() -> Sequence[str]:
    """Return the table as it was measured last."""
    stored = json.loads(STORED.read_text(encoding="utf-8"))
    return [*stored["lines"], "", f"Measured on {stored['date']}."]


def main() -> None:
    """Print the table; with `--write`, store it and put it into docs/reference/benchmarks.md."""
    parser = argparse.ArgumentParser(prog="python -m bench hostile", description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    table = lines(500 if options.quick else 8_000)
    sys.stdout.write("\n".join(table) + "\n")
    if not options.write or options.quick:
        return
    date = datetime.datetime.now(datetime.UTC).date().isoformat()
    STORED.write_text(json.dumps({"date": date, "lines": table}, indent=2) + "\n", encoding="utf-8")
    head, *blocks = PAGE.read_text(encoding="utf-8").split("\n## ")
    blocks = [block.strip() for block in blocks if not block.startswith(f"{TITLE}\n")]
    blocks.append("\n".join([TITLE, "", TEXT.strip(), "", *stored_table()]))
    PAGE.write_text("\n\n## ".join([head.rstrip(), *blocks]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
