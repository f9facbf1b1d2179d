"""MkDocs hook: show links to files outside of docs/ as text, after checking that the files exist; simplify fences of examples."""

from __future__ import annotations

import logging
import posixpath
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
LINK = re.compile(r"\[([^\]]*)\]\(((?:\.\./)+[^)#\s]*)(#[^)\s]*)?\)")
FENCE = re.compile(r"^```yaml \w+$", re.MULTILINE)
log = logging.getLogger("mkdocs.plugins.links")


def on_page_markdown(markdown: str, *, page: Any, **_: Any) -> str:
    """Replace each link that leaves docs/ by its text. A missing file is a warning, which fails a strict build.

    MkDocs does not read the word after `yaml` by which tests know the kind of an example.
    """
    folder = posixpath.dirname(posixpath.join("docs", page.file.src_uri))

    def replace(found: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(folder, found[2]))
        if target.startswith("docs/"):
            return found[0]
        if not (ROOT / target).exists():
            log.warning("%s links to %s, which does not exist", page.file.src_uri, target)
        return found[1]

    return FENCE.sub("```yaml", LINK.sub(replace, markdown))
