"""Keys of the mapping language that scaffolds write; no other module of this package spells one."""

from __future__ import annotations

SCHEMA = "reads"
UNSUPPORTED = "gaps"

CODEC = "as"
ENUM = "table"

OPERATION = "call"
PARAMS = "with"
SAVE = "keep"
PAGINATION = "paging"
LOCAL_FILTERS = "locally"

NAME = "title"
BASE_URL = "servers"
SECURITY = "auth"
CONSTANTS = "set"

TOKEN_PARAM = "token"  # noqa: S105 - the name of a key
NEXT_TOKEN = "next"  # noqa: S105 - the name of a key
OFFSET_PARAM = "offset"
PAGE_PARAM = "page"
PAGE_SIZE_PARAM = "size"
MAX_PAGE_SIZE = "most"
LINK_HEADER = "link"
ADDED_PARAMS = "adds"
START_AT = "first"

READ_ONLY = "computed"
REFERENCES = "of"
