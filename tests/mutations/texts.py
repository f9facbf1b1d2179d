"""Trees of YAML files that can be written again: which scalars had quotes is a part of the tree, as quotes may change a meaning."""

from __future__ import annotations

from typing import Any

from yaml import ScalarNode as WrittenScalar
from yaml import dump
from yaml.cyaml import CSafeDumper  # type: ignore[attr-defined]  # the stubs do not know libyaml's classes

from unified_openapi.source.nodes import MappingNode, Node, ScalarNode, SequenceNode
from unified_openapi.source.yaml12 import compose, resolve


class Quoted(str):
    """Text that was written in quotes."""

    __slots__ = ()


class _Key(str):
    """Key that is written without quotes, even if it looks like a number."""

    __slots__ = ()


def read(text: str, file: str) -> Any:
    """Return the plain values of a file."""
    return _plain(compose(text, file))


def _plain(node: Node) -> Any:
    match node:
        case ScalarNode(value=value, plain=plain):
            return Quoted(value) if isinstance(value, str) and not plain else value
        case SequenceNode(items=items):
            return [_plain(item) for item in items]
        case MappingNode(entries=entries):
            return {_text(key): _plain(value) for key, value in entries}


def _text(key: ScalarNode) -> str:
    return key.text if key.plain else Quoted(key.text)


def write(tree: Any) -> str:
    """Return a tree as YAML."""
    return str(dump(_with_keys(tree), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=2**30))


def _with_keys(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {key if isinstance(key, Quoted) else _Key(key): _with_keys(inner) for key, inner in tree.items()}
    return [_with_keys(inner) for inner in tree] if isinstance(tree, list) else tree


_STRING = "tag:yaml.org,2002:str"


class _Dumper(CSafeDumper):  # type: ignore[misc]
    """Writes scalars of YAML 1.2; libyaml adds quotes only if the text needs them."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  as PyYAML declares it

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _scalar(text: str, style: str | None = None) -> WrittenScalar:
    return WrittenScalar(_STRING, text, style=style)


def _typed(value: Any) -> str:
    return "null" if value is None else str(value).lower() if isinstance(value, bool) else repr(value)


_Dumper.add_representer(Quoted, lambda _, value: _scalar(str(value), '"'))
_Dumper.add_representer(_Key, lambda _, value: _scalar(str(value)))
_Dumper.add_representer(str, lambda _, value: _scalar(value, None if isinstance(resolve(value), str) else '"'))
for kind in (bool, int, float, type(None)):
    _Dumper.add_representer(kind, lambda _, value: _scalar(_typed(value)))
