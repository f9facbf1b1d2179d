"""The compiler's table of codecs matches the runtime's modules."""

from __future__ import annotations

import importlib
import inspect
import pkgutil

import pytest

from unified_gen.language.codecs import CODECS, EXCHANGES, CodecFacts
from unified_runtime.adapter_api import codecs

EMITTED = {"link"}
"""Codecs that are code of the compiler, not modules."""
MODULES = [facts for name, facts in CODECS.items() if name not in EMITTED]


@pytest.mark.parametrize("facts", MODULES, ids=lambda facts: facts.name)
def test_the_table_matches_the_module(facts: CodecFacts) -> None:
    module = importlib.import_module(facts.module)
    assert {name for name in ("decode", "encode") if hasattr(module, name)} == facts.directions
    assert facts.losses == module.LOSSES
    assert all(loss.startswith(tuple(f"{direction}: " for direction in facts.directions)) for loss in facts.losses)


@pytest.mark.parametrize("facts", MODULES, ids=lambda facts: facts.name)
def test_the_types_of_the_table_are_those_of_the_functions(facts: CodecFacts) -> None:
    module = importlib.import_module(facts.module)
    unified = {
        "text": "list[str]" if facts.takes_list else "str",
        "date|datetime": "date | datetime",
        "markdown": "str",
        "email": "list[str]" if facts.takes_list else "str",
        "date": "date",
        "datetime": "datetime",
        "decimal": "Decimal",
        "integer": "int",
    }
    json = {
        "object": {"Node", "dict[str, str]", "dict[str, Any]", "list[dict[str, Any]]", "None"},
        "string": {"str"},
        "integer": {"int"},
        "number": {"int", "float", "Decimal"},
    }
    (kind,) = facts.kinds
    decode = inspect.signature(module.decode)
    assert decode.return_annotation in (unified[kind], f"{unified[kind]} | None")  # None: the vendor's value means that there is none
    if "encode" in facts.directions:
        encode = inspect.signature(module.encode)
        assert encode.parameters["value"].annotation == unified[kind]
        assert set(encode.return_annotation.split(" | ")) <= set().union(*(json[name.partition(":")[0]] for name in facts.writes))


def test_every_codec_of_the_runtime_is_in_the_table() -> None:
    modules = {name: importlib.import_module(f"{codecs.__name__}.{name}") for _, name, _ in pkgutil.iter_modules(codecs.__path__)}
    assert {name for name, module in modules.items() if hasattr(module, "LOSSES")} == set(CODECS) - EMITTED
    assert all(CODECS[name].module == "" for name in EMITTED)


def test_the_conversions_of_the_compiler_are_codecs() -> None:
    from unified_gen.resolve.conversions import Conversion

    assert {Conversion.DATE.value, Conversion.DATETIME.value, Conversion.DECIMAL.value} <= set(CODECS)


@pytest.mark.parametrize("name", sorted(EXCHANGES))
def test_an_exchange_has_the_parameters_of_the_table(name: str) -> None:
    facts = EXCHANGES[name]
    module = importlib.import_module(f"unified_runtime.adapter_api.{facts.module}")
    parameters = inspect.signature(getattr(module, name)).parameters
    request = {"endpoint", "json", "path", "query", "schema", "save_as", *(["fills"] if facts.fills else [])}
    named = {name for name, given in parameters.items() if given.kind is not given.VAR_KEYWORD}  # further arguments are the request's own
    assert named - request == {*facts.roles, *facts.takes}
