"""Every shipped reader, fed with any value of its types: its records equal those that pydantic would create of the same values."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_type_hints

import msgspec
import pytest
from msgspec import inspect as types_of

import unified.vendors
from unified_emulation.engine.samples import matching
from unified_runtime import Context, Raw, Record, Response, VendorProtocolError
from unified_runtime.core.raw import Document
from unified_runtime.core.vendors import available, load
from unified_runtime.execution.error_translation import FOREIGN

CONNECTION = dict.fromkeys(("me", *(name for vendor in available() for name in load(vendor).connection)), "acme")


@dataclass(frozen=True, slots=True)
class Shipped:
    """Reading function, and the struct that it reads from."""

    name: str
    read: Any
    struct: type[msgspec.Struct]
    record: type[Record]
    takes_context: bool
    returned: tuple[str, ...]
    """Values of the request that the reader gets."""
    texts: tuple[str, ...]
    """Texts of the forms that its module splits into the parts of an id."""


def shipped() -> Iterator[Shipped]:
    for vendor in pkgutil.iter_modules(unified.vendors.__path__, "unified.vendors."):
        package = importlib.import_module(vendor.name)
        for found in pkgutil.iter_modules(package.__path__, f"{vendor.name}."):
            module = importlib.import_module(found.name)
            for name, read in inspect.getmembers(module, inspect.isfunction):
                if name.startswith("read_") and read.__module__ == found.name:
                    hints, parameters = get_type_hints(read), inspect.signature(read).parameters
                    parameter_names = tuple(each.name for each in parameters.values() if each.kind is each.KEYWORD_ONLY)
                    patterns = [value.pattern for value in vars(module).values() if isinstance(value, re.Pattern)]
                    yield Shipped(
                        found.name.removeprefix("unified.vendors."),
                        read,
                        hints["r"],
                        hints["return"],
                        "ctx" in parameters,
                        parameter_names,
                        tuple(text for pattern in patterns for text in [matching(pattern, 7)] if text),
                    )


READERS = list(shipped())


# --------------------------------------------------------------------------------------------------------------- values
WORDS = ["open", "done", "new", "High", "<p>a <b>b</b></p>", "Ada &amp; Grace *x*", "https://example.com/a/b", "", "Zoë", "\U0001f600"]
INSTANTS = ["2031-01-02T03:04:05Z", "2031-01-02T03:04:05.678+0200", "2031-12-31"]
SECONDS = ["1735786445", "1735786445123", "7"]
USUAL = {"trello": ["65a0b2c3d4e5f60718293a4b"], "microsoft_graph": ["Europe/Berlin", "UTC"]}
"""Texts in the formats that the vendor's records require."""

DOCUMENT = {"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "A *b*"}]}]}
KEYS = ["type", "content", "contentType", "body", "text", "marks", "formatted_body"]


class Values:
    """Generate random JSON that a type decodes from."""

    def __init__(self, reader: Shipped, number: int) -> None:
        self.random = random.Random(f"{reader.name} {number}")
        vendor = reader.name.partition(".")[0]
        self.usual = [*self.random.choice([INSTANTS, SECONDS]), *USUAL.get(vendor, []), *reader.texts * 3]

    def of(self, type: Any) -> Any:
        if isinstance(type, types_of.StructType):
            lacking = self.random.choice([0, 0.1, 0.5])
            return {field.encode_name: self.of(field.type) for field in type.fields if self.random.random() >= lacking}
        if isinstance(type, types_of.UnionType):
            some = [each for each in type.types if not isinstance(each, types_of.NoneType)]
            return None if self.random.random() < 0.1 else self.of(self.random.choice(some))
        if isinstance(type, types_of.ListType):
            return [self.of(type.item_type) for _ in range(self.random.randrange(3))]
        if isinstance(type, types_of.DictType) and not isinstance(type.value_type, types_of.AnyType):
            return {key: self.of(type.value_type) for key in KEYS[: self.random.randrange(3)]}
        return self._plain(type)

    def _plain(self, type: Any) -> Any:
        match type:
            case types_of.StrType():
                return self.random.choice(self.usual if self.random.random() < 0.8 else WORDS)
            case types_of.IntType():
                return self.random.choice([0, 1, 7, -1, 1735786445, 2**63])
            case types_of.BoolType():
                return self.random.random() < 0.5
            case types_of.DecimalType():
                return self.random.choice([0, 1, 0.5, 12.25, -3])
            case types_of.RawType():
                return self.random.choice([None, DOCUMENT, self._object(2)])
            case types_of.DictType():
                times = {"dateTime": "2031-01-02T03:04:05.0000000", "timeZone": self.random.choice(["UTC", "Europe/Berlin"])}
                return self.random.choice([times, DOCUMENT, self._object(2)])
            case types_of.AnyType():
                return self._anything(3)
        raise TypeError(type)

    def _anything(self, depth: int) -> Any:
        plain = self.random.choice([None, True, 7, 0.5, *WORDS, *self.usual])
        kind = self.random.randrange(4 if depth else 2)
        return self._object(depth - 1) if kind == 3 else [self._anything(depth - 1)] if kind == 2 else plain

    def _object(self, depth: int) -> dict[str, Any]:
        return {key: self._anything(depth) for key in self.random.sample(KEYS, self.random.randrange(4))}


def read(reader: Shipped, body: bytes) -> Any:
    """Read one record, as a list does."""
    struct = msgspec.json.decode(body, type=reader.struct)
    raw = Raw(Document(body, Response(200, [], body, "https://acme.example/")))
    return reader.read(*([Context(CONNECTION, {})] if reader.takes_context else []), struct, raw, **dict.fromkeys(reader.returned, "7"))


# --------------------------------------------------------------------------------------------------------------- the law
@pytest.mark.parametrize("reader", READERS, ids=[f"{reader.name}.{reader.record.__name__}" for reader in READERS])
def test_its_records_are_those_that_pydantic_would_have_made(reader: Shipped) -> None:
    made = 0
    for number in range(2000):
        body = msgspec.json.encode(Values(reader, number).of(types_of.type_info(reader.struct)))
        try:
            record, complete = read(reader, body), read(reader, body)
        except (*FOREIGN, VendorProtocolError):  # an invalid time, a record without an id
            continue
        made += 1
        found = {name: getattr(record, name) for name in reader.record.model_fields}  # one by one: lazy fields, with the rest
        assert found == dict(complete)  # all at once
        validated = reader.record.model_validate({name: found[name] for name in record.model_fields_set}, strict=True)
        assert (record, hash_of(record), repr(record)) == (validated, hash_of(validated), repr(validated))
        assert list(vars(complete)) == list(vars(validated))
        assert complete.model_dump_json(exclude_unset=True) == validated.model_dump_json(exclude_unset=True)
        assert {name: type(value) for name, value in found.items()} == {name: type(value) for name, value in vars(validated).items()}
        assert complete.raw == msgspec.json.decode(body)
        if made == 40:
            return
    assert made >= 5


def hash_of(record: Record) -> object:
    try:
        return hash(record)
    except TypeError as error:
        return str(error)
