"""A record schema that the vendor's document does not have.

`schema` names a schema under `components/schemas` of the vendor's document, overlay applied, or a path to one without a name, from a
component or the response of an operation: `getIssue.issue.journals[]`. Without `schema`, the record is the component that `get` responds
with, or of which `list` has elements, or another operation in the order of the file; if no response has one, `schema` is needed.

Wrong: `schema: Issue`. Right: `schema: IssueBean`.
"""

from unified_gen.diagnostics.rule import rule
from unified_gen.diagnostics.suggestions import did_you_mean
from unified_openapi.diagnostics import Diagnostic, finding
from unified_openapi.source.spans import Text

CODE = rule("MAP211", "unknown schema", __doc__)


def report(text: Text, candidates: tuple[str, ...]) -> Diagnostic:
    """There is no schema of that name."""
    return finding(CODE, f"the vendor's document has no schema `{text.value}`", text.span, help=did_you_mean(text.value, candidates))


def no_record(name: Text) -> Diagnostic:
    """A path leads to a schema that is not an object."""
    return finding(
        CODE,
        f"`{name.value}` is not the schema of a record",
        name.span,
        help="end the path at an object; `[]` is an element of a list",
    )


def not_derived(resource: Text) -> Diagnostic:
    """The mapping states no schema, and no response has one with a name."""
    message = f"no response of the operations has a component as its `{resource.value}`: the record needs a `schema`"
    return finding(CODE, message, resource.span, help="such as `schema: Task`, or a path in a response: `getTask.task`")
