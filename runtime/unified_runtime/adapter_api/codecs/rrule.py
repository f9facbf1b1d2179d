"""Parser of recurrence rules of iCalendar (RFC 5545, section 3.3.10), which validates the format of their parts."""

from __future__ import annotations

import re

from unified_runtime.adapter_api.codecs.errors import CodecError

FREQUENCIES = ("SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY")
DAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
_NUMBERS = r"[+-]?\d{1,3}(,[+-]?\d{1,3})*"
_FORMS = {
    "FREQ": "|".join(FREQUENCIES),
    "UNTIL": r"\d{8}(T\d{6}Z?)?",
    "COUNT": r"[1-9]\d{0,5}",
    "INTERVAL": r"[1-9]\d{0,4}",
    "BYDAY": r"([+-]?\d{1,2})?(SU|MO|TU|WE|TH|FR|SA)(,([+-]?\d{1,2})?(SU|MO|TU|WE|TH|FR|SA))*",
    "WKST": "SU|MO|TU|WE|TH|FR|SA",
    **dict.fromkeys(("BYSECOND", "BYMINUTE", "BYHOUR", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYMONTH", "BYSETPOS"), _NUMBERS),
}


def parse(line: str) -> dict[str, str]:
    """Return the parts of a rule, by name, in upper case. It may have the prefix `RRULE:`.

    Raises:
        CodecError: it is not a valid rule.
    """
    text = line.strip().upper().removeprefix("RRULE:")
    parts: dict[str, str] = {}
    for piece in text.split(";"):
        name, _, value = piece.partition("=")
        form = _FORMS.get(name)
        if form is None or name in parts or not re.fullmatch(form, value, re.ASCII):
            raise wrong(line, f"{piece[:40]!r} does not belong there")
        parts[name] = value
    if "FREQ" not in parts:
        raise wrong(line, "FREQ is missing")
    if "COUNT" in parts and "UNTIL" in parts:
        raise wrong(line, "COUNT and UNTIL do not stand together")
    return parts


def wrong(line: str, why: str) -> CodecError:
    """Return the error for a line that is not a rule of RFC 5545, or not one that the vendor can represent."""
    return CodecError(f"recurrence {line[:60]!r}: {why}; a rule reads RRULE:FREQ=WEEKLY;BYDAY=MO,WE;COUNT=10")
