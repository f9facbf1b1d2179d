"""Questions as Cedar sees them: entities and contexts in Cedar's JSON, each value by the type that the schema says.

Floats are refused and decimals kept exact: Cedar has no floats, and answers a context that holds one with neither yes nor no.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any

from unified_platform.policy.schema import Schema, Type
from unified_runtime.control.policy import Question

_LONG = range(-(2**63), 2**63)


class Unsayable(ValueError):
    """A value has no exact form in Cedar. Its call is denied."""


def context(question: Question, schema: Schema, zone: tzinfo) -> dict[str, Any]:
    """The context of a question."""
    kinds = schema.actions[question.name].context
    local = question.time.astimezone(zone)
    said = {
        "now": question.time,
        "local": {"date": local.date(), "hour": local.hour, "minute": local.minute, "weekday": local.isoweekday()},
    }
    return attributes(said, kinds, schema, "") | timeless(question, schema)


def timeless(question: Question, schema: Schema) -> dict[str, Any]:
    """The context of a question without the time."""
    kinds = schema.actions[question.name].context
    said: dict[str, Any] = {
        "vendor": question.vendor,
        "host": question.host,
        "user": question.user,
        "on_behalf_of": question.on_behalf_of,
        "account_id": question.account_id,
        "cleared": list(question.cleared),
        "extra": list(paths(question.extra)),
        "input": {**question.ids, **question.input},
    }
    if question.request is not None:
        request = question.request
        said["request"] = {"method": request.method, "host": request.host, "path": request.path, "endpoint": request.endpoint}
    found = attributes(said, kinds, schema, "")
    return {**found, "custom_fields": {"__entity": _WRITTEN}} if "custom_fields" in kinds else found


_WRITTEN = {"type": "Policy::Fields", "id": "written"}


def written(question: Question) -> dict[str, Any]:
    """The fields that an account has added and a call writes: an entity, with a tag for each.

    A field given as None, which clears it, is a tag without a value. A list has its texts. Every other value is what it was given as, and a
    text, and whatever that text may stand for: some vendors write all values as texts, and no rule about one form may be passed by another.

    Raises:
        Unsayable: a number has no exact form in Cedar.
    """
    tags = {name: _value(value, f"custom_fields.{name}") for name, value in question.custom_fields.items()}
    return {"uid": _WRITTEN, "attrs": {}, "parents": [], "tags": tags}


_SEVERAL = ";"
"""Stands between several values that are written as one text, at every vendor that has such."""


def _value(value: Any, place: str) -> dict[str, Any]:
    if value is None:
        return {}
    if isinstance(value, (list, tuple)):
        return {"texts": [_text(each) for each in value]}
    found = _meaning(_text(value))
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        found["number"] = _decimal(Decimal(repr(value)) if isinstance(value, float) else value, place)
    elif isinstance(value, date):
        found["time"] = _datetime(value, place)
    return found


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else f"{value:f}" if isinstance(value, Decimal) else str(value)


def _meaning(text: str) -> dict[str, Any]:
    """A text, and all that it may stand for."""
    found: dict[str, Any] = {"text": text, "texts": text.split(_SEVERAL)}
    if text.lower() in {"true", "false"}:
        found["truth"] = text.lower() == "true"
    with suppress(InvalidOperation, Unsayable):
        found["number"] = _decimal(Decimal(text), "")
    with suppress(ValueError):  # `Unsayable` is one: a moment without a time zone
        found["time"] = _datetime(date.fromisoformat(text) if len(text) == _DAY else datetime.fromisoformat(text), "")
    return found


_DAY = len("2030-01-31")


def record_of(question: Question) -> Mapping[str, Any] | None:
    """What is known of the record: it was read, or it is made of the inputs."""
    if question.record is not None:
        return question.record
    return question.input if question.like == "create" else None


def entity(question: Question, schema: Schema, number: int) -> dict[str, Any]:
    """The record a question is about, with its attributes as far as they are known. `number` tells those of a list apart."""
    kind = schema.actions[question.name].record
    record = record_of(question)
    named = (question.record or {}).get("id") or question.ids.get("id") or f"#{number}"
    uid = {"type": kind, "id": f"{question.vendor}/{named}"}
    return {"uid": uid, "attrs": attributes(record or {}, schema.records[kind], schema, "record."), "parents": []}


def paths(extra: Mapping[str, Any], before: str = "") -> Iterator[str]:
    """The names of the vendor's fields passed through, dotted."""
    for name, value in extra.items():
        if isinstance(value, Mapping) and value:
            yield from paths(value, f"{before}{name}.")
        else:
            yield f"{before}{name}"


def attributes(values: Mapping[str, Any], kinds: Mapping[str, Type], schema: Schema, place: str) -> dict[str, Any]:
    """The values that the schema knows, but for those that are absent."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        if value is None or (kind := kinds.get(name)) is None:
            continue
        type_ = kind["type"]
        if (type_ == "String" and type(value) is str and value.isascii()) or (type_ == "Set" and value == []):  # most values are
            found[name] = value
        else:
            found[name] = encoded(value, kind, schema, f"{place}{name}")
    return found


def encoded(value: Any, kind: Type, schema: Schema, place: str) -> Any:
    """A value in Cedar's JSON.

    Raises:
        Unsayable: it is not of its type, or has no exact form in it.
    """
    kind = schema.resolved(kind)
    name = kind.get("name") or kind["type"]
    if name == "Set" and isinstance(value, (list, tuple)):
        return [encoded(item, kind["element"], schema, place) for item in value if item is not None]
    if name == "Record" and isinstance(value, Mapping):
        return attributes(value, kind["attributes"], schema, f"{place}.")
    if name == "String" and isinstance(value, str):
        return value if value.isascii() else _unicode(value, place)
    if name == "Boolean" and isinstance(value, bool):
        return value
    if name == "Long":
        return _long(value, place)
    if name == "decimal":
        return _decimal(value, place)
    if name == "datetime":
        return _datetime(value, place)
    raise Unsayable(f"{place} is a {type(value).__name__}, where a policy expects a {name}")


def _unicode(value: str, place: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise Unsayable(f"{place} is no valid Unicode") from None
    return value


def _long(value: Any, place: str) -> int:
    if isinstance(value, (bytes, bytearray, memoryview)):
        return len(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise Unsayable(f"{place} is a {type(value).__name__}, where a policy expects a whole number")
    if value not in _LONG:
        raise Unsayable(f"{place} is a number too large for a policy to compare")
    return value


def _decimal(value: Any, place: str) -> dict[str, Any]:
    """Cedar's decimals have at most four digits behind the point, and 64 bits."""
    if isinstance(value, bool) or not isinstance(value, (Decimal, int)):
        raise Unsayable(f"{place} is a {type(value).__name__}, where a policy expects an exact decimal")
    exact = Decimal(value)
    if not exact.is_finite():
        raise Unsayable(f"{place} is no number")
    if exact.adjusted() > 18 or exact != round(exact, 4) or int(exact.scaleb(4)) not in _LONG:
        raise Unsayable(f"{place} has more digits than a policy can compare exactly")
    return {"__extn": {"fn": "decimal", "arg": f"{exact:.4f}"}}


def _datetime(value: Any, place: str) -> dict[str, Any]:
    """A time to the millisecond, which is Cedar's grain; what is finer is cut off."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise Unsayable(f"{place} is a time without a time zone")
        utc = value.astimezone(UTC)
        text = f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"
    elif isinstance(value, date):
        text = f"{value:%Y-%m-%d}"
    else:
        raise Unsayable(f"{place} is a {type(value).__name__}, where a policy expects a time")
    return {"__extn": {"fn": "datetime", "arg": text.rjust(len(text) + 4 - text.index("-"), "0")}}
