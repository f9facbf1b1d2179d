"""A vendor written by hand in the shape of generated code, so that the runtime is tested without the compiler."""

from __future__ import annotations

from unified_runtime import ConnectionValue, Failure, KeyPlace, Response, Scheme, Vendor, failures


def failure(response: Response) -> Failure:
    body = failures.body(response)
    return Failure(
        message=failures.text(failures.at(body, "errorMessages", 0)),
        code=failures.text(failures.at(body, "code")),
        fields=failures.mapping(failures.at(body, "errors")),
        messages=failures.texts(failures.at(body, "problems")),
        kind={"slow_down": "RateLimited"}.get(failures.text(failures.at(body, "code")) or ""),
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
        "keys": Scheme("api_key", (KeyPlace("key", "query", "key"), KeyPlace("token", "query", "token"))),
        "header": Scheme("api_key", (KeyPlace("secret", "header", "X-Api-Key", "Bot "),)),
    },
    headers={"X-Api-Version": "3"},
    failure=failure,
    package=__name__,
)
