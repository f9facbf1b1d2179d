"""A query language that the vendor does not have.

The language determines how values are quoted. Quoted for another language, a value could change the query. Vendors with a language of their
own (GitHub, Google Drive, HubSpot, Jira, Redmine, Salesforce, Zendesk) have queries in it, or in `json`.

Wrong: `query: {jql: odata}` for Jira. Right: `query: {jql: jql}`.
"""

from collections.abc import Iterator

from unified_gen.diagnostics.rule import rule
from unified_gen.language.codecs import OWN_LANGUAGES
from unified_gen.resolve.resolved import ResolvedResource
from unified_openapi.diagnostics import Diagnostic, finding

CODE = rule("MAP230", "query language of another vendor", __doc__)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every query in a language that is not that of the vendor."""
    own = OWN_LANGUAGES.get(resource.unit.name)
    if own is None:
        return
    for operation in resource.operations:
        for step in operation.requests:
            for assignment in step.assignments:
                query = assignment.query
                if query is not None and query.language not in (*own.split(), "json"):
                    yield finding(
                        CODE,
                        f"{resource.unit.declaration.title} has queries in `{own.replace(' ', '` or `')}`, not in `{query.language}`",
                        query.ast.language.span,
                        help=f"write `{own.replace(' ', '` or `')}`",
                    )
