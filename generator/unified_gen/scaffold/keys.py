"""Keys of the mapping language that scaffolds write; no other module of this package spells one."""

from __future__ import annotations

SCHEMA = "schema"
UNSUPPORTED = "unsupported"

CODEC = "codec"
ENUM = "enum"

OPERATION = "operation"
PARAMS = "params"
SAVE = "save"
PAGINATION = "pagination"
LOCAL_FILTERS = "local_filters"

NAME = "name"
BASE_URL = "base_url"
SECURITY = "security"
CONSTANTS = "constants"

TOKEN_PARAM = "token_param"  # noqa: S105 - the name of a key
NEXT_TOKEN = "next_token"  # noqa: S105 - the name of a key
LAST_RECORD_PARAM = "last_record_param"
MORE_IF = "more_if"
OFFSET_PARAM = "offset_param"
PAGE_PARAM = "page_param"
PAGE_SIZE_PARAM = "page_size_param"
MAX_PAGE_SIZE = "max_page_size"
LINK_HEADER = "link_header"
ADDED_PARAMS = "added_params"
START_AT = "start_at"

READ_ONLY = "read_only"
REFERENCES = "references"
