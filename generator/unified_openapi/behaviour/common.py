"""Fields of all facts: subject, situation, evidence."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from msgspec import Meta, Struct, field

Words: TypeAlias = Annotated[str, Meta(min_length=1)]
Slug: TypeAlias = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]*$")]
Names: TypeAlias = tuple[Words, ...]
Values: TypeAlias = Annotated[
    dict[str, Any], Meta(min_length=1, description="Path of a property, such as `fields.status.name`, or name of a parameter, to a value.")
]
Basis: TypeAlias = Literal["page", "document", "issue", "third_party", "experience", "real_server", "live_account"]
Address: TypeAlias = Annotated[str, Meta(pattern=r"^https://[^\s]+$")]
Date: TypeAlias = Annotated[str, Meta(pattern=r"^20[0-9]{2}-[01][0-9]-[0-3][0-9]$")]


class Situation(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Situation in which a fact holds: all of what it states must be true."""

    condition: Annotated[Slug | None, Meta(description="Name of one of the file's `conditions`.")] = None
    request: Annotated[
        dict[str, Any],
        Meta(description="Parameters, or paths of the body, to their values: one, or any of a list. `null`: not sent."),
    ] = field(default_factory=dict)
    sends: Annotated[Names, Meta(description="Parameters, or paths of the body, that the request has, with any value.")] = ()
    unlike: Annotated[
        dict[str, Words],
        Meta(description="Parameters, or paths of the body, that are sent, to regular expressions that the complete value does not match."),
    ] = field(default_factory=dict)
    record: Annotated[
        dict[str, Any], Meta(description="Paths of the stored record, before a write, to their values: one, or any of a list.")
    ] = field(default_factory=dict)


class VendorResponse(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Response of the vendor: status, JSON body, headers."""

    status: Annotated[int, Meta(ge=100, le=599)]
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


class Condition(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Property of an account, credential or installation that facts depend on."""

    summary: Words
    holds: Annotated[bool, Meta(description="Whether it holds for an emulator's account unless it is changed.")] = False


class Fact(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True, tag_field="kind"):
    """Behaviour of a vendor that its document does not state."""

    operations: Annotated[
        Names, Meta(description="Operations of the vendor's document that it concerns: operationId, or `METHOD /path`. None: all.")
    ] = ()
    summary: Annotated[Words, Meta(description="The fact in one sentence, in your own words.")]
    when: Annotated[Situation, Meta(description="Situation in which it holds.")] = Situation()
    unless: Annotated[Situation | None, Meta(description="Situation in which it does not hold.")] = None
    evidence: Annotated[Address, Meta(description="Address of the page, issue or record of a test that shows it.")]
    checked: Annotated[Date, Meta(description="Date on which the evidence was read.")]
    basis: Annotated[
        Basis,
        Meta(
            description="What the evidence is: the vendor's page or API description, an issue, third parties, experience, a real server,"
            " a live account."
        ),
    ]
    defects: Annotated[tuple[int, ...], Meta(description="Numbers of defects of a review that the fact is behind.")] = ()
