"""Sample vendor, written by hand in the shape of generated code, to test the runtime without the compiler."""

from __future__ import annotations

from unified_runtime import ConnectionValue, Failure, KeyLocation, Response, Scheme, Vendor
from unified_runtime.adapter_api import error_details


def failure(response: Response) -> Failure:
    body = error_details.body(response)
    return Failure(
        message=error_details.text(error_details.at(body, "errorMessages", 0)),
        code=error_details.text(error_details.at(body, "code")),
        fields=error_details.mapping(error_details.at(body, "errors")),
        messages=error_details.texts(error_details.at(body, "problems")),
        kind={"slow_down": "RateLimited"}.get(error_details.text(error_details.at(body, "code")) or ""),
    )


VENDOR = Vendor(
    name="acme",
    title="Acme",
    servers={"basicAuth": "https://{site}.acme.test", "OAuth2": "https://api.acme.test/ex/{cloud_id}"},
    connection={
        "site": ConnectionValue("the part of the address before .acme.test", required=False),
        "cloud_id": ConnectionValue("the id of the cloud", required=False),
    },
    schemes={
        "basicAuth": Scheme("basic"),
        "OAuth2": Scheme("bearer"),
        "keys": Scheme("api_key", (KeyLocation("key", "query", "key"), KeyLocation("token", "query", "token"))),
        "header": Scheme("api_key", (KeyLocation("secret", "header", "X-Api-Key", "Bot "),)),
    },
    headers={"X-Api-Version": "3"},
    failure=failure,
    package=__name__,
)
