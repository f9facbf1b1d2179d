"""Any valid unified input of an operation, drawn from the types of its builder."""

from __future__ import annotations

import importlib
import inspect
import types
import typing
from collections.abc import Callable, Collection, Mapping, Set
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import seed
from hypothesis import strategies as st

from tests.support import samples
from tests.support.accounts import Account
from unified_runtime.core.operations import UNSET, Unset

_MARKDOWN = st.sampled_from([
    "# Title\n\nA *b* **c** `d` [e](https://example.org/?a=b&c=d)",
    "- a\n- b\n  1. c\n  2. d",
    "> quote\n\n```python\nx < 1 & y\n```",
    "a\\\nb",
    "***",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "<b>raw</b> &amp; <!-- c -->",
    "![image](https://example.org/i.png)",
    "a  \nb\r\nc\n\n\nd",
    "",
])  # fmt: skip
_TEXT = st.text(max_size=60)
_WORDS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9 .'-]{0,20}[A-Za-z0-9.]", fullmatch=True)
_SLUGS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,20}", fullmatch=True)
_KEYS = st.from_regex(r"[A-Z][A-Z0-9]{1,9}", fullmatch=True)
_EMAILS = st.from_regex(r"[a-z0-9]{1,12}@[a-z]{1,10}\.(org|net|com)", fullmatch=True)
_DOMAINS = st.from_regex(r"[a-z0-9]{1,10}(-[a-z0-9]{1,4})?\.(org|net|co\.uk)", fullmatch=True)
_SHARES = st.decimals(0, 1, places=2)
_AMOUNTS = st.decimals(-(10**16), 10**16, places=2) | st.decimals(0, 10**6, places=0)
_INSTANTS = st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
_ZONES = st.sampled_from(
    ["Europe/Paris", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "Asia/Kolkata", "UTC", "Pacific/Apia"]
)
_RULES = st.lists(
    st.sampled_from([
        "RRULE:FREQ=DAILY;COUNT=3", "RRULE:FREQ=WEEKLY;BYDAY=MO,WE", "RRULE:FREQ=MONTHLY;BYDAY=-1FR;COUNT=4",
        "RRULE:FREQ=YEARLY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=29", "RRULE:FREQ=MONTHLY;BYMONTHDAY=31;COUNT=5",
        "RRULE:FREQ=WEEKLY;COUNT=2;BYDAY=SU;WKST=SU",
    ]),
    max_size=1,
)  # fmt: skip
_CUSTOM: dict[str, st.SearchStrategy[Any]] = {
    "model": _WORDS,
    "price": st.integers(0, 10**6),
    "features": st.lists(st.sampled_from(["roof", "radio"]), unique=True),
    "Total__c": st.integers(0, 10**6),
    "Paid__c": st.booleans(),
    "Kind__c": st.lists(st.sampled_from(["A", "B"]), unique=True),
}
"""The fields of the stores' custom objects."""
_DAYS = st.dates(date(1971, 1, 1), date(2100, 12, 31))


def inputs_of(
    operation: Any, account: Account, tasks: list[str], needed: frozenset[str], *, wild: bool = True
) -> st.SearchStrategy[dict[str, Any]]:
    """Generate inputs by name; those in `needed` are always given.

    Ids are mostly those of existing records, sometimes of the vendor's format and, with `wild`, sometimes any text.
    """
    models = importlib.import_module(f"unified.models.{operation.resource}")  # a facade imports types for type checkers only
    hints = typing.get_type_hints(
        operation.build, localns={**vars(models), "Literal": typing.Literal, "date": date, "datetime": datetime, "Decimal": Decimal}
    )
    required: dict[str, st.SearchStrategy[Any]] = {}
    optional: dict[str, st.SearchStrategy[Any]] = {}
    for name, parameter in inspect.signature(operation.build).parameters.items():
        if name in ("via", "extra", "cursor", "limit", "progress", "idempotency_key"):
            continue
        plain = name.removesuffix("_")
        if plain in needed:
            kind = next((kind for kind in (date, datetime) if kind in typing.get_args(hints[name])), str)
            required[plain] = _value(plain, kind, operation, account, tasks, wild=wild)
            continue
        if plain == "custom_fields" and operation.finds and "custom_fields" in account.known:
            given = _searched(account)
        elif plain == "custom_fields" and operation.resource == "crm_records":
            given = _custom(hints[name], account)
        elif plain == "custom_fields" and operation.resource == "rows" and operation.operation != "list":
            given = st.dictionaries(st.sampled_from(("fldA1b2C3d4E5f6G7", "fldH1i2J3k4L5m6N7")), _WORDS, min_size=1)
        else:
            given = _strategy(plain, hints[name], operation, account, tasks, wild=wild)
        (required if parameter.default is inspect.Parameter.empty else optional)[plain] = given
    return st.fixed_dictionaries(required, optional=optional).map(_in_order)


def _in_order(values: dict[str, Any]) -> dict[str, Any]:
    """Generate start and end: both dates or both times, the end after the start; a recurring event has a zone."""
    values = {name: value.replace(microsecond=0) if isinstance(value, datetime) else value for name, value in values.items()}
    start, end = values.get("start"), values.get("end")
    if isinstance(start, datetime) and isinstance(end, date):
        values = {**values, "end": start + timedelta(minutes=end.day)}
    elif isinstance(start, date) and isinstance(end, date):
        values = {**values, "end": start + timedelta(days=end.day)}
    if values.get("recurrence") and not values.get("time_zone"):
        values = {**values, "time_zone": "Europe/Paris"}
    if isinstance(after := values.get("starts_after"), datetime) and isinstance(before := values.get("starts_before"), datetime):
        values = {**values, "starts_before": after + timedelta(hours=before.day)}
    return values


def _custom(hint: Any, account: Account) -> st.SearchStrategy[Any]:
    """Generate values of some custom fields for writes, names of some for reads."""
    some = st.fixed_dictionaries({}, optional={field: _CUSTOM[field] for field in account.known["custom_fields"]})
    return some.filter(bool) if Mapping in map(typing.get_origin, typing.get_args(hint)) else some.map(list)


def _searched(account: Account) -> st.SearchStrategy[Any]:
    """Generate filters of a list by some custom fields: values, null, bounds, or nothing; or only their names."""
    scalar = st.none() | _WORDS | st.booleans() | st.integers(0, 10**6) | st.decimals(0, 1000, places=2) | _DAYS
    bound = st.integers(0, 10**6) | st.decimals(0, 1000, places=2) | _DAYS
    bounds = st.fixed_dictionaries({}, optional=dict.fromkeys(("at_least", "at_most", "above", "below"), bound))
    names = account.known["custom_fields"]
    wanted = st.fixed_dictionaries({}, optional=dict.fromkeys(names, scalar | bounds))
    return wanted | st.lists(st.sampled_from(names), unique=True)


def _strategy(name: str, hint: Any, operation: Any, account: Account, tasks: list[str], *, wild: bool) -> st.SearchStrategy[Any]:
    union = isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union
    arms = typing.get_args(hint) if union else (hint,)
    drawn: list[st.SearchStrategy[Any]] = []
    for arm in arms:
        if arm is Unset:
            drawn.append(st.just(UNSET))
        elif arm is type(None):
            drawn.append(st.none())
        else:
            drawn.insert(0, _value(name, arm, operation, account, tasks, wild=wild))
    return st.one_of(drawn[0], drawn[0], drawn[0], *drawn[1:])  # a value more often than "not given" and "clear"


def _value(name: str, hint: Any, operation: Any, account: Account, tasks: list[str], *, wild: bool) -> st.SearchStrategy[Any]:
    if name != "type" and (kind := samples.id_of(operation.name, name)) is not None:
        one = _ids(kind, account, tasks, wild=wild)
        return st.lists(one, max_size=1) | st.lists(one, max_size=3) if name.endswith("ids") else one
    if name == "type" and operation.resource != "activities" and "crm_objects" in account.known:
        return _ids("crm_objects", account, tasks, wild=wild)
    if name == "type" and operation.resource != "activities":
        kinds = st.sampled_from(account.types or ("Task",))
        return st.one_of(kinds, kinds, kinds, _TEXT)
    if name in ("labels", "add_labels", "remove_labels"):
        words = st.lists(st.from_regex(r"[a-z0-9-]{1,20}", fullmatch=True), max_size=4, unique=True)
        return st.one_of(words, words, words, st.lists(_TEXT, max_size=3))
    if name == "time_zone":
        return _ZONES
    if name == "recurrence":
        return _RULES
    if name == "emoji":
        return st.sampled_from(("👍", "🎉", "thumbsup"))
    if (name, operation.resource) == ("text", "messages"):
        return st.one_of(_MARKDOWN, _TEXT).filter(bool)
    if name in ("description", "append_description", "body"):
        return st.one_of(_MARKDOWN, _TEXT)
    if typing.get_args(hint) and hasattr(typing.get_args(hint)[0], "model_fields"):
        return st.lists(_record(typing.get_args(hint)[0]), max_size=2)
    if hasattr(hint, "model_fields"):
        return _record(hint)
    if name == "url":
        return _DOMAINS.map("https://{}/hooks/board".format)
    if name == "events":
        return st.lists(_SLUGS, min_size=1, max_size=3, unique=True)
    if name in ("email", "requester_email", "sender"):
        return _EMAILS
    if name in ("to", "cc", "bcc"):
        return st.lists(_EMAILS, min_size=int(name == "to"), max_size=3)
    if name == "domain":
        return st.one_of(_DOMAINS, _DOMAINS, _TEXT)
    if name == "currency":
        return st.sampled_from(["EUR", "USD", "JPY"]) | _TEXT
    if (
        name in ("text", "path", "ref", "branch", "sha", "source")
        or (name == "message" and operation.operation == "delete")
        or (name == "name" and operation.resource == "files")
    ):
        return st.one_of(_WORDS, _WORDS, _TEXT.filter(bool))
    if name == "key" and operation.resource == "projects":
        return st.one_of(_KEYS, _KEYS, _KEYS, _TEXT.filter(bool))
    if name == "name" and operation.resource == "projects":  # Gitea's are repositories
        return st.one_of(_SLUGS, _SLUGS, _SLUGS, _TEXT.filter(bool))
    if name == "content" and hint is not str:
        return st.binary(min_size=int(operation.resource == "messages"), max_size=100)
    if name == "mime_type":
        return st.sampled_from(["text/plain", "text/html", "text/markdown"]) | st.sampled_from(["application/pdf", "image/png"])
    if hint is Decimal:
        return _SHARES if name == "probability" else _AMOUNTS
    if hint is int:
        return st.integers(-1, 10**9)
    if hint is str:
        return st.one_of(_TEXT.filter(bool), _TEXT.filter(bool), st.text(max_size=300))
    if hint is datetime:
        return _INSTANTS
    if hint is date:
        return _DAYS
    return st.from_type(hint)


def _record(model: Any) -> st.SearchStrategy[Any]:
    """Generate a nested record: its enumerations mostly given, its texts of all kinds, its addresses valid."""
    drawn: dict[str, st.SearchStrategy[Any]] = {}
    for name, field in model.model_fields.items():
        words = [word for arm in typing.get_args(field.annotation) for word in typing.get_args(arm)]
        drawn[name] = (
            st.sampled_from(words) if words else _EMAILS if name in ("address", "email") else st.one_of(st.none(), _WORDS, _WORDS, _TEXT)
        )
        if bool in typing.get_args(field.annotation):
            drawn[name] = st.none() | st.booleans()
        if name == "number":
            drawn[name] = st.from_regex(r"\+?[0-9][0-9 ()/-]{2,20}", fullmatch=True)
    return st.builds(model, **drawn)


def _ids(kind: str, account: Account, tasks: list[str], *, wild: bool) -> st.SearchStrategy[str]:
    there = [*(tasks if kind == "tasks" else account.known.get(kind, ()))]
    if not there and kind not in account.ids:  # the vendor has no such field, and the catalog lists it as unsupported
        return _TEXT
    known = st.sampled_from(there) if there else account.ids[kind]
    if not wild:
        return known
    return st.integers(0, 19).flatmap(lambda way: _TEXT if way == 19 else account.ids[kind] if way > 16 else known)


def write_all(run: Callable[[], None], fields: Collection[str], seen: Set[str], *, enough: bool) -> None:
    """Run a property until every field was written: values of some fields are seldom accepted. Without `enough` examples, run it once."""
    run()
    for number in range(8):
        if enough and not seen >= {*fields}:
            seed(number)(run)()
    assert seen >= {*fields} or not enough, f"never written: {fields}, except {seen}"
