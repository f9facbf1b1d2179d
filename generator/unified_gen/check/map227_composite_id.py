"""A composite id that is sent as a unit.

The vendor does not know the format of a composite id (`{owner}/{repo}#{number}`): it exists in the mapping only. Requests have its parts.

Wrong: `params: {repo: project_id}`. Right: `params: {owner: project_id.owner, repo: project_id.repo}`, or `params: project_id` if the
inputs are named like the parts.
"""

from collections.abc import Iterator

from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.resolved import ResolvedResource
from unified_openapi.diagnostics import Diagnostic, finding

CODE = rule("MAP227", "composite id sent as a unit", __doc__)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every input that is filled with a composite id instead of a part of it."""
    for operation in resource.operations:
        for step in operation.requests:
            for assignment in step.assignments:
                reference = assignment.reference
                if reference is None or reference.carrier is None or reference.part is not None or reference.kind == "part":
                    continue
                if reference.kind in ("id", "input", "field") and len(reference.carrier.parts) > 1:
                    names = [part.name for part in reference.carrier.parts]
                    yield finding(
                        CODE,
                        f"`{reference.text}` is composed of {', '.join(f'`{name}`' for name in names)}; the vendor has only the parts",
                        assignment.span,
                        help=f"send a part: `{assignment.target.name}: {reference.text}.{names[-1]}`",
                    )
