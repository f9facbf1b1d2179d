"""Number of tokens of a text, by tiktoken's cl100k vocabulary if it is available, otherwise an estimate."""

from __future__ import annotations

import functools
import importlib.util
import os
from collections.abc import Callable
from pathlib import Path
from unittest import mock

from unified_platform.tools.token_counts import estimate


@functools.cache
def counter() -> tuple[str, Callable[[str], int]]:
    """Return the name of the tokenizer, and the function that counts. LlamaIndex includes the vocabulary; it is never downloaded."""
    found = importlib.util.find_spec("llama_index.core")
    locations = [
        Path(location, "_static", "tiktoken_cache") for location in (found.submodule_search_locations if found is not None else None) or ()
    ]
    if not any(location.is_dir() for location in locations):
        return "estimate", estimate
    import tiktoken

    with mock.patch.dict(os.environ, TIKTOKEN_CACHE_DIR=str(locations[0])):
        encoding = tiktoken.get_encoding("cl100k_base")
    return "cl100k", lambda text: len(encoding.encode(text))


def tokens(text: str) -> int:
    """Return the number of tokens of a text."""
    return counter()[1](text)
