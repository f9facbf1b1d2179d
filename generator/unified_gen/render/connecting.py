"""What `oauth` of a vendor's file becomes in the catalog: facts that connecting and refreshing read at run time."""

from __future__ import annotations

from typing import Any

from unified_gen.language.oauth import OAuth
from unified_gen.schema.paths import Index, Name, parse_path
from unified_gen.source import Text


def oauth_facts(oauth: OAuth | None) -> dict[str, Any] | None:
    """The declaration as JSON: paths as lists of keys, what is the default left out."""
    if oauth is None:
        return None
    if oauth.without is not None:
        return {"without": oauth.without}
    facts: dict[str, Any] = {
        "scheme": oauth.scheme.value if oauth.scheme is not None else None,
        "issuer": _address(oauth.issuer),
        "endpoints": {name: _address(text) for name, text in oauth.endpoints.items()},
        "client": _unless(oauth.client, "basic"),
        "send": _unless(oauth.send, "form"),
        "pkce": _unless(oauth.pkce, True),
        "parameters": {name.value: _address(text) for name, text in oauth.parameters},
        "separator": _unless(oauth.separator, " "),
        "parameter": _unless(oauth.parameter, "scope"),
        "always": list(oauth.always),
        "at": _keys(oauth.at),
        "lifetime": oauth.lifetime,
        "types": list(oauth.types),
        "invalid": list(oauth.invalid),
        "keep": {name.value: _keys(path) for name, path in oauth.keep},
        "after": [
            {
                "get": _address(step.get),
                "items": _keys(step.items),
                "where": [[_keys(path), _address(text)] for path, text in step.where],
                "keep": {name.value: _keys(path) for name, path in step.keep},
            }
            for step in oauth.after
        ],
    }
    return {name: value for name, value in facts.items() if value not in (None, [], {})}


def _unless(value: Any, usual: Any) -> Any:
    return None if value == usual else value


def _address(text: Text | None) -> str | None:
    return None if text is None else text.value.replace("{connection.", "{")


def _keys(path: Text | None) -> list[str | int]:
    if path is None:
        return []
    return [
        segment.name if isinstance(segment, Name) else segment.index
        for segment in parse_path(path.value).segments
        if isinstance(segment, Name | Index)
    ]
