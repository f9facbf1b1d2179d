"""Number of tokens of a text in a model's context: counted with a tokenizer if there is one, estimated otherwise.

The extra `tokens` counts with OpenAI's vocabulary `o200k_base`, or the one that `UNIFIED_TOKENIZER` names. `use_tokenizer` sets a function.
"""

from __future__ import annotations

import functools
import importlib
import importlib.util
import os
import re
from collections.abc import Callable

from unified_platform.common.extras import require_extra
from unified_runtime import InvalidInput

VARIABLE = "UNIFIED_TOKENIZER"
"""Environment variable with the name of a vocabulary, or `estimate`."""
DEFAULT, ESTIMATE = "o200k_base", "estimate"
LARGE = 200_000
"""Characters beyond which a text is not counted exactly: it is far beyond the limit of a result."""
_LARGE_BYTES_PER_TOKEN = 3
_PIECE = re.compile(r"[A-Z]?[a-z]{1,6}|[A-Z]{1,3}|[0-9]{1,2}|[!-/:-@\[-`{-~]{1,3}")
"""Part of a text in ASCII that is about one token or less: tokenizers split at changes of case, digits and punctuation, too."""
_BYTES_PER_TOKEN = 2
"""Of other characters: Cyrillic, Chinese, emoji."""

Count = Callable[[str], int]
_used: Count | None = None


def use_tokenizer(count: Count | None) -> None:
    """Count the tokens of results with a function in this process; None for the default again.

    It must be safe to call from several threads.
    """
    global _used
    _used = count


def tokens(text: str) -> int:
    """Return the number of tokens of a text.

    Raises:
        InvalidInput: `UNIFIED_TOKENIZER` names no vocabulary, or its library is not installed.
    """
    if len(text) > LARGE:
        return len(text.encode("utf-8", "replace")) // _LARGE_BYTES_PER_TOKEN
    return (_used or _named(os.environ.get(VARIABLE, "")))(text)


def estimate(text: str) -> int:
    """Return a conservative estimate of the tokens of a text, without a tokenizer. Decision 059 has how it relates to tokenizers."""
    bytes_ = len(text.encode("utf-8", "replace"))
    return len(_PIECE.findall(text)) + -(-(bytes_ - len(text.encode("ascii", "ignore"))) // _BYTES_PER_TOKEN)


def cut(text: str, most: int, count: Count = tokens) -> str:
    """Return the beginning of a text for which a count of tokens is at most this."""
    while text and (found := count(text)) > most:
        text = text[: min(len(text) - 1, int(len(text) * most / found))]
    return text


@functools.cache
def _named(name: str) -> Count:
    if name == ESTIMATE or (not name and importlib.util.find_spec("splintr") is None):
        return estimate
    require_extra("splintr", "tokens", f"counting tokens with {name}")
    try:
        encode = importlib.import_module("splintr").Tokenizer.from_pretrained(name or DEFAULT).encode_ordinary
    except ValueError as error:
        raise InvalidInput(f"{VARIABLE}: {error}") from None
    return lambda text: len(encode(text.encode("utf-8", "replace").decode("utf-8")))  # a vendor may return a lone surrogate
