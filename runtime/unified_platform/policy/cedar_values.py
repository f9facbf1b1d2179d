"""Encoding of policy questions for Cedar: entities and contexts in Cedar's JSON, each value by its type in the schema.

Floats are rejected and decimals are exact: Cedar has no floats, and neither allows nor denies a context that contains one.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from unified_platform.policy.schema import Schema, Type
from unified_runtime.core.json_limits import digits
from unified_runtime.core.policy_decisions import PolicyRequest
from unified_runtime.policy.written_fields import paths

_LONG = range(-(2**63), 2**63)


class NotExpressible(ValueError):
    """A value has no exact form in Cedar. Its call is denied."""


def context(question: PolicyRequest, schema: Schema, zone: tzinfo) -> dict[str, Any]:
    """Return the context of a question."""
    kinds = schema.actions[question.name].context
    local = question.time.astimezone(zone)
    reported = {
        "now": question.time,
        "local": {"date": local.date(), "hour": local.hour, "minute": local.minute, "weekday": local.isoweekday()},
    }
    return attributes(reported, kinds, schema, "") | timeless(question, schema)


def timeless(question: PolicyRequest, schema: Schema) -> dict[str, Any]:
    """Return the context of a question without the time."""
    operation = question.name
    kinds = schema.actions[operation].context
    found = _standing(
        schema,
        operation,
        question.vendor,
        question.host,
        question.tenant,
        question.connection,
        question.user,
        question.on_behalf_of,
        question.account_id,
    ).copy()
    if question.cleared or question.extra or question.extra_fields:
        values: dict[str, Any] = {"cleared": [*question.cleared], "extra": list(paths(question.extra)) if question.extra else []}
        if question.extra_fields:
            values["extra_fields"] = [*question.extra_fields]
        found |= attributes(values, kinds, schema, "")
    if "input" in kinds:
        found["input"] = encoded({**question.ids, **question.input}, kinds["input"], schema, "input")
    if question.request is not None:
        request = question.request
        facts = {"method": request.method, "host": request.host, "path": request.path, "endpoint": request.endpoint}
        found |= attributes({"request": facts}, kinds, schema, "")
    if "custom_fields" in kinds:
        found["custom_fields"] = {"__entity": _WRITTEN}
    return found


@lru_cache(maxsize=1024)
def _standing(
    schema: Schema,
    operation: str,
    vendor: str,
    host: str,
    tenant: str,
    connection: str | None,
    user: str | None,
    on_behalf_of: str | None,
    account_id: str | None,
) -> dict[str, Any]:
    """Return the constant part of the context of many calls, without cleared fields and `extra`."""
    values: dict[str, Any] = {
        "vendor": vendor,
        "host": host,
        "tenant": tenant,
        "connection": connection,
        "user": user,
        "on_behalf_of": on_behalf_of,
        "account_id": account_id,
        "cleared": [],
        "extra": [],
    }
    return attributes(values, schema.actions[operation].context, schema, "")


_WRITTEN = {"type": "Policy::Fields", "id": "written"}


def written(question: PolicyRequest) -> dict[str, Any]:
    """Return the custom fields that a call writes: an entity, with a tag for each.

    A field given as None, which clears it, is a tag without a value. A list has its texts. Any other value is included as given, as text,
    and in every type that the text may be read as: some vendors write all values as text, and a rule about one form must not be bypassed
    by another.

    Raises:
        NotExpressible: a number has no exact form in Cedar.
    """
    tags = {name: _value(value, f"custom_fields.{name}") for name, value in question.custom_fields.items()}
    return {"uid": _WRITTEN, "attrs": {}, "parents": [], "tags": tags}


_SEVERAL = ";"
"""Separator of several values that are written as one text, at every vendor that has such."""


def _value(value: Any, path: str) -> dict[str, Any]:
    if value is None:
        return {}
    if isinstance(value, (list, tuple)):
        return {"texts": [_text(each) for each in value]}
    found = _meaning(_text(value))
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        found["number"] = _decimal(Decimal(repr(value)) if isinstance(value, float) else value, path)
    elif isinstance(value, date):
        found["time"] = _datetime(value, path)
    return found


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else digits(value) if isinstance(value, (Decimal, int)) else str(value)


def _meaning(text: str) -> dict[str, Any]:
    """Return a text, and every value that it may be read as."""
    found: dict[str, Any] = {"text": text, "texts": text.split(_SEVERAL)}
    if text.lower() in {"true", "false"}:
        found["truth"] = text.lower() == "true"
    with suppress(InvalidOperation, NotExpressible):
        found["number"] = _decimal(Decimal(text), "")
    with suppress(ValueError):  # `NotExpressible` is one: a time without a time zone
        found["time"] = _datetime(date.fromisoformat(text) if len(text) == _DAY else datetime.fromisoformat(text), "")
    return found


_DAY = len("2030-01-31")


def record_of(question: PolicyRequest) -> Mapping[str, Any] | None:
    """Return the known attributes of the record, as read or as made of the inputs."""
    if question.record is not None:
        return question.record
    return question.input if question.like == "create" else None


def entity(question: PolicyRequest, schema: Schema, number: int) -> dict[str, Any]:
    """Return the record of a question, with its known attributes. `number` distinguishes the records of a list."""
    kind = schema.actions[question.name].record
    record = record_of(question)
    named = (question.record or {}).get("id") or question.ids.get("id") or f"#{number}"
    uid = {"type": kind, "id": f"{question.vendor}/{named}"}
    return {"uid": uid, "attrs": attributes(record or {}, schema.records[kind], schema, "record."), "parents": []}


def attributes(values: Mapping[str, Any], kinds: Mapping[str, Type], schema: Schema, path: str) -> dict[str, Any]:
    """Return the values that are in the schema, without absent ones."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        if value is None or name not in kinds:
            continue
        type_ = kinds[name]["type"]
        if (type(value) is str and value.isascii() and type_ == "String") or (value == [] and type_ == "Set"):  # the case of most values
            found[name] = value
        else:
            found[name] = encoded(value, kinds[name], schema, f"{path}{name}")
    return found


def encoded(value: Any, kind: Type, schema: Schema, path: str) -> Any:
    """Encode a value in Cedar's JSON.

    Raises:
        NotExpressible: it does not have this type, or has no exact form in it.
    """
    kind = schema.resolved(kind)
    name = kind.get("name") or kind["type"]
    if name == "Set" and isinstance(value, (list, tuple)):
        return [encoded(item, kind["element"], schema, path) for item in value if item is not None]
    if name == "Record" and isinstance(value, Mapping):
        return attributes(value, kind["attributes"], schema, f"{path}.")
    if name == "String" and isinstance(value, str):
        return value if value.isascii() else _unicode(value, path)
    if name == "Boolean" and isinstance(value, bool):
        return value
    if name == "Long":
        return _long(value, path)
    if name == "decimal":
        return _decimal(value, path)
    if name == "datetime":
        return _datetime(value, path)
    raise NotExpressible(f"{path} is a {type(value).__name__}, where a policy expects a {name}")


def _unicode(value: str, path: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise NotExpressible(f"{path} is not valid Unicode") from None
    return value


def _long(value: Any, path: str) -> int:
    if isinstance(value, (bytes, bytearray, memoryview)):
        return len(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise NotExpressible(f"{path} is a {type(value).__name__}, where a policy expects a whole number")
    if value not in _LONG:
        raise NotExpressible(f"{path} is a number too large for a policy to compare")
    return value


def _decimal(value: Any, path: str) -> dict[str, Any]:
    """Encode a decimal. Cedar's have at most four digits after the point, and 64 bits."""
    if isinstance(value, bool) or not isinstance(value, (Decimal, int)):
        raise NotExpressible(f"{path} is a {type(value).__name__}, where a policy expects an exact decimal")
    exact = Decimal(value)
    if not exact.is_finite():
        raise NotExpressible(f"{path} is not a number")
    if exact.adjusted() > 18 or exact != round(exact, 4) or int(exact.scaleb(4)) not in _LONG:
        raise NotExpressible(f"{path} has more digits than a policy can compare exactly")
    return {"__extn": {"fn": "decimal", "arg": f"{exact:.4f}"}}


def _datetime(value: Any, path: str) -> dict[str, Any]:
    """Return a time in milliseconds, Cedar's resolution; finer digits are cut off."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise NotExpressible(f"{path} is a time without a time zone")
        utc = value.astimezone(UTC)
        text = f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"
    elif isinstance(value, date):
        text = f"{value:%Y-%m-%d}"
    else:
        raise NotExpressible(f"{path} is a {type(value).__name__}, where a policy expects a time")
    return {"__extn": {"fn": "datetime", "arg": text.rjust(len(text) + 4 - text.index("-"), "0")}}
