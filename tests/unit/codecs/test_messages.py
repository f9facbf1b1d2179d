"""Markdown and the texts of messages and comments: Slack's mrkdwn, Matrix content, comments of ClickUp."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.codecs.documents import any_text, blocks, letters, plain_text
from unified_runtime.adapter_api.codecs import (
    clickup_comment,
    discord_markdown,
    google_chat_message,
    html,
    markdown,
    matrix_text,
    mrkdwn,
)
from unified_runtime.adapter_api.codecs import rich_text as d
from unified_runtime.adapter_api.codecs.markdown_writer import write

LAW = settings(max_examples=100, deadline=None)


# ------------------------------------------------------------------ Slack
@LAW
@given(any_text)
def test_any_text_is_read_back_from_slack_normalized(text: str) -> None:
    value = mrkdwn.encode(text)
    normal = mrkdwn.normalize(text)
    assert mrkdwn.decode(value) == normal
    assert mrkdwn.normalize(normal) == normal
    assert mrkdwn.encode(normal) == value


@LAW
@given(blocks())
def test_any_document_is_read_back_from_slack_normalized(document: d.Blocks) -> None:
    text = write(document)
    value = mrkdwn.encode(text)
    assert mrkdwn.decode(value) == mrkdwn.normalize(text)
    assert mrkdwn.encode(mrkdwn.decode(value)) == value


@LAW
@given(plain_text)
def test_no_text_is_a_command_to_slack(text: str) -> None:
    value = mrkdwn.encode(markdown.text(text))
    assert "<" not in value
    assert d.plain(markdown.parse(mrkdwn.decode(value))).split() == d.clean(text).replace("\u200b", "").split()


@LAW
@given(blocks(st.text("jkq x", max_size=9)))
def test_no_letter_is_lost_to_slack(document: d.Blocks) -> None:
    assert letters(mrkdwn.encode(write(document)), "jkq") == letters(d.plain(document), "jkq")


@LAW
@given(st.one_of(any_text, st.text("<>|@#!*_~`&;^ a\n•>-1.\u200b", max_size=30)))
def test_nothing_slack_sends_makes_decoding_fail(value: str) -> None:
    text = mrkdwn.decode(value)
    assert mrkdwn.decode(mrkdwn.encode(text)) == mrkdwn.normalize(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Done & dusted", "Done &amp; dusted"),
        ("**b** *i* ~~s~~ `c`", "*b* _i_ ~s~ `c`"),
        ("# Title\n\n[l](http://a.b?x=1&y=2)", "*Title*\n\n<http://a.b?x=1&amp;y=2|l>"),
        ("Text:\n\n- a\n  1. b\n- [x] c", "Text:\n• a\n    1. b\n• [x] c"),
        ("> q\\\n> r", "> q\n> r"),
        ("```py\nx < y\n```", "```\nx &lt; y\n```"),
        ("2 * 3 = snake_case", "2 * 3 = snake_case"),
        ("\\*not bold\\*", "\u200b*\u200bnot bold\u200b*\u200b"),
        ("un**frigging**believable", "un\u200b*frigging*\u200bbelievable"),
        ("\\<!channel>", "&lt;!channel&gt;"),
        ("\\<@U123>", "&lt;@U123&gt;"),
        ("[Ann *B*](user:U123), see [x](channel:C012) and [y](group:S012)", "<@U123>, see <#C012> and <!subteam^S012>"),
        ("[Ada](user:@ada:example.org)", "<user:@ada:example.org|Ada>"),
        ("\\- not a list", "\u200b- not a list"),
    ],
)
def test_slack_written(text: str, value: str) -> None:
    assert mrkdwn.encode(text) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("*b* and _i_ &lt;3", "**b** and _i_ <3"),
        (
            "<@U123|ann> see <#C1|general> <!here> <!subteam^S1|@team>",
            "[@ann](user:U123) see [#general](channel:C1) @here [@team](group:S1)",
        ),
        ("<@U123>", "[@U123](user:U123)"),
        ("<!date^1392734382^{date}|Feb 18, 2014>", "Feb 18, 2014"),
        ("<https://a.b/c>", "<https://a.b/c>"),
        ("<mailto:me@a.b|me@a.b>", "[me@a.b](mailto:me@a.b)"),
        ("&gt; quoted\n&gt; more\nplain", "> quoted\\\n> more\n\nplain"),
        ("a\nb", "a\\\nb"),
        ("```code```", "```\ncode\n```"),
        ("say `a*b*c`", "say `a*b*c`"),
        ("4*5*6", "4\\*5\\*6"),
        ("<javascript:alert(1)|x>", "x"),
    ],
)
def test_slack_read(value: str, text: str) -> None:
    assert mrkdwn.decode(value) == text


# ------------------------------------------------------------------ Matrix
@LAW
@given(any_text)
def test_any_text_is_read_back_from_matrix_normalized(text: str) -> None:
    content = matrix_text.encode(text)
    assert matrix_text.decode({"msgtype": "m.text", **content}) == matrix_text.normalize(text)
    assert matrix_text.normalize(matrix_text.normalize(text)) == matrix_text.normalize(text)


@LAW
@given(any_text.filter(lambda text: "matrix.to" not in text))
def test_matrix_holds_what_html_holds(text: str) -> None:
    assert matrix_text.normalize(text) == html.normalize(text)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ({"body": "plain *text*"}, "plain \\*text\\*"),
        ({"body": "x", "format": matrix_text.HTML, "formatted_body": "<b>x</b>"}, "**x**"),
        ({"body": "x", "format": "other", "formatted_body": "<b>x</b>"}, "x"),
        ({"body": "x", "format": matrix_text.HTML, "formatted_body": 3}, "x"),
        ({"format": matrix_text.HTML, "formatted_body": "<mx-reply><blockquote>old</blockquote></mx-reply>new"}, "new"),
        ({"body": None}, ""),
        ("text", "text"),
        (None, ""),
    ],
)
def test_matrix_read(content: Any, text: str) -> None:
    assert matrix_text.decode(content) == text


def test_a_plain_matrix_message_is_its_body() -> None:
    assert matrix_text.encode("Hello world.") == {"body": "Hello world.", "m.mentions": {}}
    assert matrix_text.encode("Hello **world**.") == {
        "body": "Hello **world**.",
        "format": "org.matrix.custom.html",
        "formatted_body": "<p>Hello <strong>world</strong>.</p>",
        "m.mentions": {},
    }


def test_a_matrix_user_is_mentioned_by_an_address_and_by_id() -> None:
    text = "Ask [Ada](user:@ada:example.org) in [Ops](channel:!ops:example.org), not [Eve](user:U012)."
    content = matrix_text.encode(text)
    assert content == {
        "body": "Ask Ada in Ops, not [Eve](user:U012).",
        "format": "org.matrix.custom.html",
        "formatted_body": (
            '<p>Ask <a href="https://matrix.to/#/@ada:example.org">Ada</a> in <a href="https://matrix.to/#/!ops:example.org">Ops</a>,'
            ' not <a href="user:U012">Eve</a>.</p>'
        ),
        "m.mentions": {"user_ids": ["@ada:example.org"]},
    }
    assert matrix_text.decode(content) == text


def test_the_latest_edit_of_a_matrix_message_is_read() -> None:
    edit = {"content": {"body": "* new", "m.new_content": {"body": "new"}}}
    event = {"content": {"body": "old"}, "unsigned": {"m.relations": {"m.replace": edit}}}
    assert matrix_text.decode(event) == "new"
    assert matrix_text.decode({"content": {"body": "old"}, "unsigned": {"m.relations": {"m.replace": {}}}}) == "old"


# ------------------------------------------------------------------ Discord
MENTIONING = st.lists(
    st.sampled_from(
        ["<@12>", "<@!12>", "<@&12>", "<#12>", "<@", "<#x>", "[a](user:12)", "[](channel:7)", "[b c](group:7)", "![a](user:12)"]
    )
    | st.sampled_from(["`", "``", "```\n", "\\", "\\\\", "[", "](", ")", "<", ">", "a ", "\n", "**", "@everyone", "user:12"]),
    max_size=12,
).map("".join)


@LAW
@given(any_text | MENTIONING)
def test_any_text_is_read_back_from_discord_normalized(text: str) -> None:
    value = discord_markdown.encode(text)
    normal = discord_markdown.normalize(text)
    assert discord_markdown.decode(value) == normal
    assert discord_markdown.normalize(normal) == normal


@LAW
@given(any_text | MENTIONING)
def test_discord_texts_round_trip(value: str) -> None:
    text = discord_markdown.decode(value)
    assert discord_markdown.decode(discord_markdown.encode(text)) == discord_markdown.normalize(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("**b** [Ada](user:123) in [ops](channel:7) of [all](group:9)", "**b** <@123> in <#7> of <@&9>"),
        ("<@123> is no mention", "\\<@123> is no mention"),
        ("nor `<@123>` in code", "nor `<@123>` in code"),
        ("[Ada](user:@ada:example.org)", "[Ada](user:@ada:example.org)"),
    ],
)
def test_discord_written(text: str, value: str) -> None:
    assert discord_markdown.encode(text) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("<@!123> <@123> <#7> <@&9>", "[@123](user:123) [@123](user:123) [#7](channel:7) [@9](group:9)"),
        ("\\<@123>", "<@123>"),
        ("`<@123>` <a:wave:5> <t:0:R>", "`<@123>` <a:wave:5> <t:0:R>"),
    ],
)
def test_discord_read(value: str, text: str) -> None:
    assert discord_markdown.decode(value) == text


# ------------------------------------------------------------------ Google Chat
CHATTING = st.lists(
    st.sampled_from(["<users/12>", "<users/all>", "<users/", "users/all>", "[a](user:12)", "![a](user:12)", "[b](user:all)"])
    | st.sampled_from(["`", "``", "```\n", "\\", "\\\\", "[", "](", ")", "<", ">", "a ", "\n", "**", "\u200b"]),
    max_size=12,
).map("".join)


@LAW
@given(any_text | CHATTING)
def test_any_text_is_read_back_from_google_chat_normalized(text: str) -> None:
    value = google_chat_message.encode(text)
    normal = google_chat_message.normalize(text)
    assert google_chat_message.decode(value) == normal
    assert google_chat_message.normalize(normal) == normal
    assert google_chat_message.encode(normal) == value.replace("\u200b\u200b", "\u200b")


@LAW
@given(any_text | CHATTING)
def test_no_text_mentions_everyone_in_google_chat(text: str) -> None:
    """Only a link to a user is a mention, of this user; code has none."""
    assert "<users/all" not in google_chat_message.encode(text)
    assert set(re.findall("<users/[^0-9]*", google_chat_message.encode(text))) <= {"<users/"}
    if "](user:" not in text:
        assert "<users/" not in google_chat_message.encode(text)


@LAW
@given(any_text | CHATTING)
def test_texts_of_google_chat_round_trip(value: str) -> None:
    text = google_chat_message.decode(value)
    assert google_chat_message.decode(google_chat_message.encode(text)) == google_chat_message.normalize(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("**b** [Ada](user:123), done", "**b** <users/123>, done"),
        ("<users/123> and <users/all> are text", "<\u200busers/123> and <\u200busers/all> are text"),
        ("nor `<users/all>` in code, nor `[Ada](user:123)`", "nor `<\u200busers/all>` in code, nor `[Ada](user:123)`"),
        ("[all](user:all)", "[all](user:all)"),
    ],
)
def test_google_chat_written(text: str, value: str) -> None:
    assert google_chat_message.encode(text) == value
    assert google_chat_message.decode(value) == google_chat_message.normalize(text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"text": "Hi Ada", "formattedText": "Hi <users/123> and <users/all>"}, "Hi [@123](user:123) and @all"),
        ({"text": "plain"}, "plain"),
        (
            {
                "formattedText": "<users/123> <users/4>",
                "annotations": [
                    {"type": "USER_MENTION", "userMention": {"user": {"name": "users/123", "displayName": "Ada [L]"}}},
                    {"type": "RICH_LINK"},
                ],
            },
            "[@Ada L](user:123) [@4](user:4)",
        ),
        ({"annotations": 1}, ""),
        (None, ""),
    ],
)
def test_google_chat_read(value: Any, text: str) -> None:
    assert google_chat_message.decode(value) == text


# ------------------------------------------------------------------ ClickUp
@LAW
@given(any_text)
def test_any_text_is_read_back_from_clickup_normalized(text: str) -> None:
    value = clickup_comment.encode(text)
    normal = clickup_comment.normalize(text)
    assert clickup_comment.decode(value) == normal
    assert clickup_comment.normalize(normal) == normal
    assert clickup_comment.encode(normal) == value


@LAW
@given(blocks())
def test_any_document_is_read_back_from_clickup_normalized(document: d.Blocks) -> None:
    text = write(document)
    value = clickup_comment.encode(text)
    assert clickup_comment.decode(value) == clickup_comment.normalize(text)
    assert clickup_comment.encode(clickup_comment.decode(value)) == value


@LAW
@given(blocks(st.text("jkq x", max_size=9)))
def test_no_letter_is_lost_to_clickup(document: d.Blocks) -> None:
    shown = "".join(each["text"] for each in clickup_comment.encode(write(document)))
    assert letters(shown, "jkq") == letters(d.plain(document), "jkq")


def test_clickup_gets_pieces_with_attributes() -> None:
    """The pieces are those of https://developer.clickup.com/docs/comment-formatting."""
    text = "Hi [Ada](user:183), **done**: `x`\n\n- a\n  - b\n- [x] c\n\n1. d\n\n```py\ne\n```\n\n[f](https://x.test)"
    end: dict[str, Any] = {"text": "\n", "attributes": {}}
    assert clickup_comment.encode(text) == [
        {"text": "Hi ", "attributes": {}},
        {"type": "tag", "user": {"id": 183}},
        {"text": ", ", "attributes": {}},
        {"text": "done", "attributes": {"bold": True}},
        {"text": ": ", "attributes": {}},
        {"text": "x", "attributes": {"code": True}},
        end,
        {"text": "a", "attributes": {}},
        {"text": "\n", "attributes": {"list": {"list": "bullet"}}},
        {"text": "b", "attributes": {}},
        {"text": "\n", "attributes": {"list": {"list": "bullet"}, "indent": 1}},
        {"text": "c", "attributes": {}},
        {"text": "\n", "attributes": {"list": {"list": "checked"}}},
        {"text": "d", "attributes": {}},
        {"text": "\n", "attributes": {"list": {"list": "ordered"}}},
        {"text": "e", "attributes": {}},
        {"text": "\n", "attributes": {"code-block": {"code-block": "plain"}}},
        {"text": "f", "attributes": {"link": "https://x.test"}},
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"comment": [{"text": "Hello"}, {"text": "\n", "attributes": {}}], "comment_text": "Hello\n"}, "Hello"),
        ({"comment": [], "comment_text": "2 * 3 *"}, "2 * 3 \\*"),
        ([{"text": "", "type": "tag", "user": {"id": 5}}, {"text": " hi"}], "[@5](user:5) hi"),
        ([{"text": "@Ada", "type": "tag", "user": {"id": 5, "username": "Ada"}}], "[@Ada](user:5)"),
        ([{"text": ":smile:", "type": "emoticon", "emoticon": {"code": "1f60a"}}], "😊"),
        ([{"text": "a\nb\n\nc"}], "a\\\nb\n\nc"),
        ([{"text": "x.png", "type": "attachment", "attachment": {}}], "x.png"),
        ([{"text": "deep"}, {"text": "\n", "attributes": {"list": {"list": "bullet"}, "indent": 3}}], "- deep"),
        (None, ""),
        ([{"text": None}, 7], ""),
    ],
)
def test_comments_of_clickup_are_read(value: object, text: str) -> None:
    assert clickup_comment.decode(value) == text
