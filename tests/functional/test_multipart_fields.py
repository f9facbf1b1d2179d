"""Fields in a `multipart/form-data` body."""

from __future__ import annotations

from tests.functional.compiled import Build, call, diagnostics, document, model, obj

MODEL = model("id: {type: id, read_only: true}\ntitle: {type: text}\nlabels: {type: [text]}", "create: {}")
MAPPING = """
resource: things
schema: Thing
fields: {id: {read: id}, title: title, labels: labels}
operations:
  create: {operation: makeThing, send: fields}
"""


def described(media: str) -> dict[str, object]:
    body = obj(title="string", labels=["string"])
    thing = obj(id="string", title="string", labels=["string"])
    return document([call("makeThing", "POST /things", takes=body, media=media, returns="Thing")], {"Thing": thing})


def test_each_field_is_a_part(build: Build) -> None:
    catalog = build(model=MODEL, document=described("multipart/form-data"), mapping=MAPPING)
    made = {"id": "1", "title": "Ünï & co", "labels": ["a", "b"]}
    ran = catalog.run("create", title="Ünï & co", labels=["a", "b"], responses=[made], planned=False)
    (request,) = ran.requests
    kind = request.header("content-type") or ""
    assert kind.startswith("multipart/form-data; boundary=")
    parts = bytes(request.body or b"").decode().split("--" + kind.partition("boundary=")[2].strip('"'))[1:-1]
    names = [part.partition('name="')[2].partition('"')[0] for part in parts]
    texts = [part.partition("\r\n\r\n")[2].removesuffix("\r\n") for part in parts]
    assert list(zip(names, texts, strict=True)) == [("title", "Ünï & co"), ("labels", "a"), ("labels", "b")]


def test_other_bodies_in_parts_are_reported() -> None:
    found = diagnostics(model=MODEL, document=described("multipart/mixed"), mapping=MAPPING)
    assert [one.split()[0] for one in found] == ["MAP216"]
