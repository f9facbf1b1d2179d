"""Rules of monday's `query_params`: a column, an operator and values to compare with.

Source: https://developer.monday.com/api-reference/reference/other-types#items-query-rule
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from unified_emulation.query_languages.records import QueryFault, Record, compared

_TIMES = {"__last_updated__": "updated_at", "__creation_log__": "created_at"}
_ORDERED = {"greater_than": ">", "greater_than_or_equals": ">=", "lower_than": "<", "lower_than_or_equal": "<="}


def predicate(given: Mapping[str, Any]) -> Callable[[Record], bool]:
    """Return the condition of all rules, or of any of them.

    Raises:
        QueryFault: an operator is not known.
    """
    rules = given.get("rules") or ()
    joined = any if given.get("operator") == "or" else all
    return lambda record: not rules or joined(_holds(record, rule) for rule in rules)


def ordered(given: Mapping[str, Any], records: list[Any]) -> list[Any]:
    """Return records in the order of `order_by`: by several columns, of which the first counts most. Records without a value are last."""
    for each in reversed(given.get("order_by") or ()):
        column = str(each["column_id"])
        found = [record for record in records if _value(record, column) is not None]
        found.sort(key=lambda record: str(_value(record, column)), reverse=each.get("direction") == "desc")
        records = [*found, *(record for record in records if _value(record, column) is None)]
    return records


def _holds(record: Record, rule: Mapping[str, Any]) -> bool:
    column, operator = str(rule["column_id"]), rule.get("operator") or "any_of"
    found = _value(record, column)
    wanted = rule["compare_value"] if isinstance(rule["compare_value"], list) else [rule["compare_value"]]
    wanted = [str(each) for each in wanted if each != "EXACT"]
    if operator in _ORDERED:
        return found is not None and all(compared(found, _ORDERED[operator], each) for each in wanted)
    if operator in ("contains_text", "not_contains_text"):
        return any(each.casefold() in str(found or "").casefold() for each in wanted) is (operator == "contains_text")
    if operator in ("any_of", "not_any_of"):
        return (str(found) in wanted) is (operator == "any_of")
    if operator in ("is_empty", "is_not_empty"):
        return (found in (None, "")) is (operator == "is_empty")
    raise QueryFault(f"the operator {operator!r} is not known")


def _value(record: Record, column: str) -> Any:
    if column in ("name", *_TIMES):
        return record.get(_TIMES.get(column, column))
    return next((each.get("text") for each in record.get("column_values") or () if each.get("id") == column), None)
