"""`docs/reference/codecs.md`, made from the facts of the codecs: the types of each, and its losses."""

from __future__ import annotations

from collections.abc import Mapping

from unified_gen.docs.markdown import wrap_paragraph
from unified_gen.language.codecs import LANGUAGES, CodecFacts

_HEAD = """# Codecs

A codec converts a vendor's value into a unified one (*decode*) and back (*encode*); a mapping names it with `codec`. Each
is tested on generated values: a unified value that is encoded and decoded again is the same, except for the losses that
the codec declares. `gen docs` writes this page from the declarations of the codecs;
[codecs by example](codecs-by-example.md) shows the results of each for a few values.

| codec | unified types | vendor's types | directions | loses |
|---|---|---|---|---|
"""


def codec_page(codecs: Mapping[str, CodecFacts]) -> str:
    """Return the page as Markdown: a table of all codecs, and a section for each that loses something."""
    lines = [_row(codec) for _, codec in sorted(codecs.items())]
    parts = [_HEAD + "\n".join(lines) + "\n"]
    parts += [_losses(codec) for _, codec in sorted(codecs.items()) if codec.losses]
    languages = ", ".join(f"`{name}`" for name in (*LANGUAGES, "json"))
    parts.append(
        f"## Query languages\n\n`query` puts values into a vendor's query language:\n{languages}.\n"
        "Each has a writer that quotes by type, so that no value can become syntax.\n"
    )
    return "\n".join(parts)


def _row(codec: CodecFacts) -> str:
    form = f"`{codec.name}`" + (", with an argument: `{" + codec.name + ": …}`" if codec.argument else "")
    vendor = _types(codec.reads) if codec.reads == codec.writes else f"reads {_types(codec.reads)}; writes {_types(codec.writes)}"
    directions = " and ".join(word for word in ("decode", "encode") if word in codec.directions)
    loses = f"[{len(codec.losses)} things](#{codec.name})" if codec.losses else "nothing"
    return f"| {form} | {_types(codec.kinds)} | {vendor} | {directions} | {loses} |"


def _types(names: frozenset[str]) -> str:
    return ", ".join(sorted(names))


def _losses(codec: CodecFacts) -> str:
    return f"## {codec.name}\n\n" + "\n".join(wrap_paragraph(f"- {loss}", "  ") for loss in codec.losses) + "\n"
