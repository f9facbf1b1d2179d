"""What a text costs a model's context: counted with tiktoken's cl100k vocabulary where it is at hand, else a token for four bytes."""

from __future__ import annotations

import functools
import importlib.util
import os
from collections.abc import Callable
from pathlib import Path
from unittest import mock

from unified_platform.tools import results


@functools.cache
def counter() -> tuple[str, Callable[[str], int]]:
    """The name of what counts, and the function. LlamaIndex brings the vocabulary along; it is never fetched."""
    found = importlib.util.find_spec("llama_index.core")
    places = [Path(place, "_static", "tiktoken_cache") for place in (found.submodule_search_locations if found is not None else None) or ()]
    if not any(place.is_dir() for place in places):
        return "bytes/4", results.tokens
    import tiktoken

    with mock.patch.dict(os.environ, TIKTOKEN_CACHE_DIR=str(places[0])):
        encoding = tiktoken.get_encoding("cl100k_base")
    return "cl100k", lambda text: len(encoding.encode(text))


def tokens(text: str) -> int:
    """How many tokens a text is."""
    return counter()[1](text)
