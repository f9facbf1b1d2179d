"""Kinds of facts about webhooks: how deliveries are sent, and the event of a change.

Texts are templates: `$name` and `$name.path` are replaced by values (`docs/reference/behaviour.md` lists the names). A text that is only
such a name becomes the value itself, also an object or a list.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

from unified_openapi.behaviour.common import Fact, Names, VendorResponse, Words


class Signature(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Proof of a delivery: an HMAC with the webhook's secret, a JSON Web Token that it signs, or this secret itself."""

    header: Words
    format: Annotated[Words, Meta(description="Value of the header: `$hex` or `$base64` of the HMAC, `$jwt`, or `$secret`.")]
    algorithm: Annotated[
        Literal["sha1", "sha256"] | None, Meta(description="Hash of the HMAC. None: the header has a token or the secret.")
    ] = None
    content: Annotated[Words, Meta(description="What is signed, of `$body`, `$timestamp`, `$method` and `$url`.")] = "$body"
    timestamp: Annotated[Words | None, Meta(description="Header with the time of sending.")] = None
    time: Annotated[Literal["seconds", "milliseconds", "date_time"], Meta(description="Form of that time.")] = "seconds"
    claims: Annotated[
        dict[str, Any], Meta(description="For `$jwt`: claims of the token beside `iat` and `exp`, with the names of `content`.")
    ] = field(default_factory=dict)
    lifetime: Annotated[float, Meta(description="For `$jwt`: seconds from `iat` to `exp`.")] = 300.0


class Handshake(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Request by which the vendor tests an address before it registers it."""

    how: Annotated[
        Literal["head", "body", "query", "header"],
        Meta(
            description="`head`: HEAD must succeed. `body`: the response must contain the property `name` of the JSON that is sent."
            " `query`: it must be the value of the parameter `name`. `header`: it must have the header `name` with the value that was"
            " sent, which becomes the secret."
        ),
    ]
    name: Annotated[Words | None, Meta(description="Property, parameter or header with the value to return.")] = None
    body: Annotated[dict[str, Any], Meta(description="For `body`: what else is sent.")] = field(default_factory=dict)
    refused: Annotated[VendorResponse, Meta(description="Response to the registration if the test fails.")] = VendorResponse(400)


class Webhook(Fact, frozen=True, tag="webhook"):
    """Deliveries of events. Its operations register or change a webhook; without any, it is registered outside of the API."""

    url: Annotated[Words | None, Meta(description="Path of the body, or parameter, with the address that receives deliveries.")] = None
    secret: Annotated[
        Words | None, Meta(description="Path of the secret in the request, or in the response. None: the application's secret.")
    ] = None
    subscribes: Annotated[Words | None, Meta(description="Path of the names of the events that are delivered. None: all.")] = None
    about: Annotated[Words | None, Meta(description="Path of the id of the record whose changes are delivered. None: all.")] = None
    handshake: Handshake | None = None
    method: Literal["POST", "PUT"] = "POST"
    path: Annotated[str, Meta(description="What is appended to the address.")] = ""
    signature: Signature | None = None
    headers: dict[str, str] = field(default_factory=dict)
    repeated: Annotated[dict[str, str], Meta(description="Headers of further attempts only.")] = field(default_factory=dict)
    body: Annotated[Any, Meta(description="Body of a delivery; `$event` is the payload of its event.")] = "$event"
    retries: Annotated[tuple[float, ...], Meta(description="Seconds before each further attempt, if one fails.")] = ()


class WebhookEvent(Fact, frozen=True, tag="webhook_event"):
    """Event that a change by one of the operations causes."""

    event: Annotated[Words, Meta(description="Name of the event in the vendor's own words, as webhooks subscribe to it.")]
    payload: Any
    headers: dict[str, str] = field(default_factory=dict)
    changes: Annotated[Names, Meta(description="Paths of the record of which one must differ after the write. None: any write.")] = ()
    each: Annotated[
        Words | None, Meta(description="Path of an object in the request: one event for each property, `$name` with `$value`.")
    ] = None
    related: Annotated[
        dict[str, Words], Meta(description="Names to operations that read a record above this one, by the parameters of its path.")
    ] = field(default_factory=dict)
