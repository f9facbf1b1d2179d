"""A request that notifies people although no one requested it.

A constant or default sends `true` in an input that is named like a notification: the vendor then mails or messages people for each call
of an agent. Callers decide that by an input of the operation. If people must know, accept it with the reason: `allow: {MAP253 <input>:
…}`.

Wrong: `defaults: {sendNotificationEmail: true}`. Right: `params: {sendNotificationEmail: notify}` with the default `false`.
"""

from collections.abc import Iterator

from unified_gen.check.names import every_word
from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.resolved import ResolvedResource
from unified_openapi.diagnostics import Diagnostic, Severity, finding

CODE = rule("MAP253", "a request that notifies people", __doc__, Severity.WARNING)

_NOTIFIES = frozenset({"notify", "notification", "notifications", "unfurl", "mail", "email", "mails"})
_SENDS = frozenset({"send", "notify", "unfurl"})


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every constant and default that turns notifications on."""
    for operation in resource.operations:
        for step in operation.steps:
            for one in step.assignments:
                name = one.target.path.names[-1] if one.target.path.names else one.target.name
                words = {*every_word(name)}
                if one.origin in ("set", "default") and one.literal is True and words & _NOTIFIES and words & _SENDS:
                    yield finding(
                        CODE,
                        f"`{name}` of `{step.ast.operation.value}` is true without an input that requests it",
                        one.span,
                        help=f"send false, and let callers decide; or accept it: `allow: {{MAP253 {name}: …}}`",
                    )
