"""Strategies: canonical documents with text that is as similar to markup as possible."""

from __future__ import annotations

from hypothesis import strategies as st

from unified_runtime.adapter_api.codecs import rich_text as d

NASTY = st.sampled_from(
    [
        *"\\`*_[]<>&~|!#-+=:;.()\"'{}^$%@/?1aZ \té世🎉—“\u00a0\u200b\u0301",
        "**", "__", "~~", "```", "~~~", "---", "===", "***", "- ", "+ ", "1. ", "2) ", "# ", "## ", "> ", "[ ] ", "[x] ", "](", "]: ",
        "![", "&amp;", "&#35;", "&copy", "<b>", "</b>", "<!--", "<http://a.b>",
        "http://a.b/c_d?e=f&g", "|--|--|", ":-:", "\\\\", "  ", "a_b",
        "word", "snake_case_name", "C:\\Users", "a\\", "javascript:x", "\x0b", "\x1c", "\x85", "\u2028", "\ufeff", "$", "(", ")",
    ]
)  # fmt: skip
plain_text = st.one_of(
    st.lists(NASTY, max_size=8).map("".join),
    st.text(st.characters(exclude_categories=("Cs",)), max_size=12),
    st.text("ab *_`~[]()!<>&\\#-.1|", max_size=14),
)
any_text = st.one_of(
    st.lists(st.one_of(NASTY, st.sampled_from(["\n", "\n\n", "    ", "\n  ", "\n> ", "\n- ", "\n1. "])), max_size=14).map("".join),
    st.text(max_size=40),
    st.text("ab *_`~[]()!<>&\\#-.1|\n>", max_size=40),
)
hrefs = st.sampled_from(
    [
        "http://a.b", "https://example.com/x?y=1&z=2#f", "mailto:me@example.com", "/relative", "#part", "http://a.b/(c)",
        "http://a.b/c_d*e", "a&amp;b", "http://[::1]/",
    ]
)  # fmt: skip


def inlines(text: st.SearchStrategy[str] = plain_text) -> st.SearchStrategy[d.Inlines]:
    run = st.builds(d.Text, text, st.integers(0, 15), st.one_of(st.none(), st.none(), hrefs))
    return st.lists(st.one_of(run, run, run, st.just(d.Break())), max_size=6).map(d.line)


def _lines(text: st.SearchStrategy[str]) -> st.SearchStrategy[d.Inlines]:
    return inlines(text)


def blocks(text: st.SearchStrategy[str] = plain_text, *, depth: int = 3) -> st.SearchStrategy[d.Blocks]:
    """Generate canonical documents."""
    content = _lines(text)
    leaf = st.one_of(
        content.map(d.paragraph),
        content.map(d.paragraph),
        st.builds(d.heading, st.integers(1, 6), content),
        st.builds(d.code_block, st.one_of(text, any_text), st.sampled_from(["", "python", "c++", "objective-c", "x y"])),
        st.just((d.Rule(),)),
        st.builds(
            lambda rows, header: d.table(rows, has_header=header),
            st.lists(st.lists(content.map(lambda c: d.line(c, breaks=False)), min_size=1, max_size=3), min_size=1, max_size=3),
            st.booleans(),
        ),
    )

    def nested(inner: st.SearchStrategy[d.Blocks]) -> st.SearchStrategy[d.Blocks]:
        several = st.lists(inner, max_size=3).map(lambda parts: tuple(block for part in parts for block in part))
        item = st.builds(d.Item, several, st.sampled_from([None, None, True, False]))
        return st.one_of(
            several.map(d.quote),
            st.builds(d.list_of, st.lists(item, min_size=1, max_size=3), st.sampled_from([None, None, 1, 0, 7, 999_999_999])),
        )

    some = st.recursive(leaf, nested, max_leaves=8)
    return st.lists(some, max_size=4).map(lambda parts: tuple(block for part in parts for block in part))


def letters(text: str, alphabet: str | None = None) -> str:
    """Return the letters of a text in order of their code points; only those of an alphabet, if one is given."""
    return "".join(sorted(char for char in text if char.isalnum() and (alphabet is None or char in alphabet)))
