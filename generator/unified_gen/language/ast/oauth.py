"""Connecting users of a vendor by OAuth 2: `oauth` of a vendor."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from unified_gen.language.ast.paths import PathText
from unified_openapi.source.spans import Span, Text


class AfterStep(Struct, frozen=True):
    """A request made once, after connecting: one element of its response is chosen, and values of the connection saved of it."""

    get: Text
    span: Span
    items: PathText | None = None
    where: tuple[tuple[PathText, Text], ...] = ()
    keep: tuple[tuple[Text, PathText], ...] = ()


class Account(Struct, frozen=True):
    """Paths of the connected account's id in the token response, or in the response to a request."""

    span: Span
    id: tuple[PathText, ...]
    get: Text | None = None


class OAuth(Struct, frozen=True):
    """OAuth 2 settings of a vendor; or, with `without`, the reason why there are none."""

    span: Span
    without: str | None = None
    scheme: Text | None = None
    issuer: Text | None = None
    endpoints: Mapping[str, Text] = field(default_factory=dict)
    client: str = "basic"
    send: str = "form"
    pkce: bool = True
    parameters: tuple[tuple[Text, Text], ...] = ()
    separator: str = " "
    parameter: str = "scope"
    always: tuple[str, ...] = ()
    scopes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The scopes an effect needs, for operations whose scopes the vendor's document does not name."""
    prefer: tuple[Text, ...] = ()
    """Of scopes that do for the same request, those to request: from the least."""
    at: PathText | None = None
    lifetime: int | None = None
    types: tuple[str, ...] = ()
    invalid: tuple[str, ...] = ()
    keep: tuple[tuple[Text, PathText], ...] = ()
    after: tuple[AfterStep, ...] = ()
    account: Account | None = None

    @property
    def templates(self) -> tuple[Text, ...]:
        """Every text with references."""
        return (
            *([self.issuer] if self.issuer is not None else []),
            *self.endpoints.values(),
            *(text for _, text in self.parameters),
            *(step.get for step in self.after),
            *([self.account.get] if self.account is not None and self.account.get is not None else []),
            *(text for step in self.after for _, text in step.where),
        )

    @property
    def preferred(self) -> tuple[str, ...]:
        """`prefer` as words."""
        return tuple(text.value for text in self.prefer)

    @property
    def saved(self) -> tuple[Text, ...]:
        """The names of the connection values that connecting brings."""
        return tuple(name for name, _ in (*self.keep, *(pair for step in self.after for pair in step.keep)))
