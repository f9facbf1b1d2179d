"""Types that stubs of toolkits use: an operation with the parameters of its declaration."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, TypeVar

if TYPE_CHECKING:
    from unified_runtime.core.plans import Plan

P = ParamSpec("P")
R = TypeVar("R", covariant=True)


class StubOperation(Generic[P, R]):
    """Operation of a toolkit, for type checkers. At run time it is `ToolkitOperation`."""

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Make the call."""
        raise NotImplementedError

    def plan(self, *args: P.args, **kwargs: P.kwargs) -> Plan:
        """Return the requests that the call would send."""
        raise NotImplementedError

    def download(self, *args: P.args, **kwargs: P.kwargs) -> Any:
        """Return the response's content to receive."""
        raise NotImplementedError


def operation(declared: Callable[Concatenate[Any, P], R]) -> StubOperation[P, R]:
    """Return the type of an operation that a stub declares as a method."""
    raise NotImplementedError
