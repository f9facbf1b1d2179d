"""OAuth facts in the catalog, which connecting and refreshing read at run time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from unified_gen.language import ast
from unified_openapi.schemas.paths import Index, Name
from unified_openapi.source.spans import Text


def oauth_facts(oauth: ast.OAuth | None, connection: tuple[ast.ConnectionValue, ...] = ()) -> dict[str, Any] | None:
    """Return the declaration as JSON: paths as lists of keys, defaults left out."""
    defaults = {value.name.value: value.default for value in connection if value.default is not None}

    def address(text: Text | None) -> str | None:
        return None if text is None else _placeholders(text.value, defaults)

    if oauth is None:
        return None
    if oauth.unsupported is not None:
        return {"without": oauth.unsupported}
    facts: dict[str, Any] = {
        "app": address(oauth.app_registration),
        "scheme": oauth.scheme.value if oauth.scheme is not None else None,
        "issuer": address(oauth.issuer),
        "endpoints": {name: address(text) for name, text in oauth.endpoints.items()},
        "client": _unless(oauth.client_auth, "basic"),
        "send": _unless(oauth.token_request, "form"),
        "pkce": _unless(oauth.pkce, True),
        "parameters": {name.value: address(text) for name, text in oauth.authorization_params},
        "separator": _unless(oauth.scope_separator, " "),
        "parameter": _unless(oauth.scope_param, "scope"),
        "always": list(oauth.required_scopes),
        "at": _keys(oauth.tokens_path),
        "lifetime": oauth.token_lifetime_seconds,
        "types": list(oauth.token_types),
        "invalid": list(oauth.invalid_grant_codes),
        "keep": {name.value: _keys(path) for name, path in oauth.save},
        "after": [
            {
                "get": address(step.get),
                **({"post": True} if step.post else {}),
                "items": _keys(step.items),
                "where": [[_keys(path), address(text)] for path, text in step.where],
                "keep": {name.value: _keys(path) for name, path in step.save},
            }
            for step in oauth.after_connect
        ],
        "account": None
        if oauth.account is None
        else {
            **({} if oauth.account.get is None else {"get": address(oauth.account.get)}),
            "id": [_keys(path) for path in oauth.account.id],
        },
    }
    return {name: value for name, value in facts.items() if value not in (None, [], {})}


def _unless(value: Any, usual: Any) -> Any:
    return None if value == usual else value


def _placeholders(text: str, defaults: Mapping[str, str]) -> str:
    """Return a text as it is compiled: `{name}` for a value of the connection, `{name|default}` for one that it may lack."""
    return re.sub(r"\{connection\.(\w+)\}", lambda match: f"{{{match[1]}{f'|{defaults[match[1]]}' if match[1] in defaults else ''}}}", text)


def _keys(path: ast.PathText | None) -> list[str | int]:
    if path is None:
        return []
    return [
        segment.name if isinstance(segment, Name) else segment.index for segment in path.path.segments if isinstance(segment, Name | Index)
    ]
