"""Connecting users of a vendor by OAuth 2: `oauth` of a vendor."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from unified_gen.language.ast.paths import PathText
from unified_openapi.source.spans import Span, Text


class AfterConnect(Struct, frozen=True):
    """A request made once, after connecting: one element of its response is chosen, and values of the connection saved of it."""

    get: Text
    span: Span
    items: PathText | None = None
    where: tuple[tuple[PathText, Text], ...] = ()
    save: tuple[tuple[Text, PathText], ...] = ()
    post: bool = False
    """True for a POST with the body `null`, the form of a call without arguments in JSON."""


class Account(Struct, frozen=True):
    """Paths of the connected account's id in the token response, or in the response to a request."""

    span: Span
    id: tuple[PathText, ...]
    get: Text | None = None


class OAuth(Struct, frozen=True):
    """OAuth 2 settings of a vendor; or, with `unsupported`, the reason why there are none."""

    span: Span
    unsupported: str | None = None
    app_registration: Text | None = None
    """The page where an OAuth app is registered."""
    scheme: Text | None = None
    issuer: Text | None = None
    endpoints: Mapping[str, Text] = field(default_factory=dict)
    client_auth: str = "basic"
    token_request: str = "form"  # noqa: S105  an encoding
    pkce: bool = True
    authorization_params: tuple[tuple[Text, Text], ...] = ()
    scope_separator: str = " "
    scope_param: str = "scope"
    required_scopes: tuple[str, ...] = ()
    scopes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The scopes an effect needs, for operations whose scopes the vendor's document does not name."""
    preferred_scopes: tuple[Text, ...] = ()
    """Of scopes that do for the same request, those to request: from the least."""
    tokens_path: PathText | None = None
    token_lifetime_seconds: int | None = None
    token_types: tuple[str, ...] = ()
    invalid_grant_codes: tuple[str, ...] = ()
    save: tuple[tuple[Text, PathText], ...] = ()
    after_connect: tuple[AfterConnect, ...] = ()
    account: Account | None = None

    @property
    def templates(self) -> tuple[Text, ...]:
        """Every text with references."""
        return (
            *(text for text in (self.app_registration, self.issuer) if text is not None),
            *self.endpoints.values(),
            *(text for _, text in self.authorization_params),
            *(step.get for step in self.after_connect),
            *([self.account.get] if self.account is not None and self.account.get is not None else []),
            *(text for step in self.after_connect for _, text in step.where),
        )

    @property
    def preferred(self) -> tuple[str, ...]:
        """`prefer` as words."""
        return tuple(text.value for text in self.preferred_scopes)

    @property
    def saved(self) -> tuple[Text, ...]:
        """The names of the connection values that connecting brings."""
        return tuple(name for name, _ in (*self.save, *(pair for step in self.after_connect for pair in step.save)))
