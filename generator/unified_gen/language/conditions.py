"""Grammar of conditions (`if`): tests of inputs joined by `!`, `&&`, `||` and parentheses, as alternatives of conjunctions."""

from __future__ import annotations

import re
from itertools import product

from unified_gen.language import ast
from unified_gen.language.findings import Findings
from unified_gen.language.kinds import Parsed, String, shortened
from unified_gen.language.strings import piece
from unified_openapi.source.spans import Text

_NAME = r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*"
_TEST = re.compile(rf"(?P<name>{_NAME})\s*(?:(?P<operator>[=!]=)\s*'(?P<value>[^']*)')?")
_SPACE = re.compile(r"\s*")
_JOIN = re.compile(r"&&|\|\|")
_MOST = 32
"""Maximum number of alternatives after `&&` is distributed over `||`."""

Alternatives = tuple[tuple[ast.ConditionTest, ...], ...]


class _NotACondition(Exception):
    """The text at a position is not part of a condition."""

    def __init__(self, position: int) -> None:
        self.position = position


class _Reader:
    """Recursive-descent parser of one condition."""

    def __init__(self, text: Text) -> None:
        self.text, self.at = text, 0

    def condition(self) -> Alternatives:
        found = self._any(negated=False)
        if self.at < len(self.text.value):
            raise _NotACondition(self.at)
        return found

    def _any(self, *, negated: bool) -> Alternatives:
        found = [self._all(negated=negated)]
        while self._takes("||"):
            found.append(self._all(negated=negated))
        return _both(found) if negated else _either(found)

    def _all(self, *, negated: bool) -> Alternatives:
        found = [self._one(negated=negated)]
        while self._takes("&&"):
            found.append(self._one(negated=negated))
        return _either(found) if negated else _both(found)

    def _one(self, *, negated: bool) -> Alternatives:
        if self._takes("!"):
            return self._one(negated=not negated)
        if self._takes("("):
            found = self._any(negated=negated)
            if not self._takes(")"):
                raise _NotACondition(self.at)
            return found
        test = _TEST.match(self.text.value, self.at)
        if test is None:
            raise _NotACondition(self.at)
        self.at = test.end()
        self._skip()
        name, value = Text(test["name"], piece(self.text, test.start("name"), len(test["name"]))), test["value"]
        if value is None:
            return ((ast.ConditionTest(name, absent=negated),),)
        wanted = Text(value, piece(self.text, test.start("value"), len(value)))
        compared = ast.ConditionTest(name, value=wanted, differs=(test["operator"] == "!=") != negated)
        return ((compared,), (ast.ConditionTest(name, absent=True),)) if negated else ((compared,),)

    def _takes(self, mark: str) -> bool:
        self._skip()
        if not self.text.value.startswith(mark, self.at):
            return False
        self.at += len(mark)
        self._skip()
        return True

    def _skip(self) -> None:
        found = _SPACE.match(self.text.value, self.at)
        self.at = found.end() if found is not None else self.at


def _either(several: list[Alternatives]) -> Alternatives:
    return tuple(group for alternatives in several for group in alternatives)


def _both(several: list[Alternatives]) -> Alternatives:
    found: Alternatives = ((),)
    for alternatives in several:
        found = tuple((*left, *right) for left, right in product(found, alternatives))
        if len(found) > _MOST:
            raise _NotACondition(0)
    return found


def _condition(text: Text, out: Findings) -> bool:
    try:
        _Reader(text).condition()
    except (_NotACondition, RecursionError) as fault:
        at = min(fault.position if isinstance(fault, _NotACondition) else 0, max(len(text.value) - 1, 0))
        join = _JOIN.search(text.value, at)
        rest = text.value[at : join.start() if join is not None and join.start() > at else None]
        help = "a condition tests which inputs are given: `status`, `!parent_id`, `(email || owner_id) && !text`, `status == 'done'`"
        out.add("MAP003", f"`{shortened(text.value)}` is not a condition", piece(text, at, len(rest.strip())), help=help)
        return False
    return True


CONDITION = Parsed(String("a condition", _condition), lambda text: ast.ConditionText(text.value, text.span, _Reader(text).condition()))
