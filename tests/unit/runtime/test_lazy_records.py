"""Records created without validation, with fields decoded on first read: equal to those of pydantic."""

from __future__ import annotations

import copy
import json
import pickle
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest
from pydantic import AwareDatetime, BaseModel, TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from unified_runtime import LazyField, Raw, Record, Response, VendorProtocolError, record_factory
from unified_runtime.core.raw import Document


class Note(Record):
    id: str
    text: str | None = None
    title: str | None = None
    labels: list[str] = []  # noqa: RUF012
    due: date | None = None
    created_at: AwareDatetime | None = None


class Folder(BaseModel):
    first: Note
    all: list[Note]


TEXT = {"words": ["an", "apple"]}
BLANK: dict[str, Any] = {"id": "1", "title": None, "labels": [], "due": None, "created_at": None}
BODY = b'{"notes": [{"body": {"text": {"words": ["an", "apple"]}}}]}'
CREATED = datetime(2031, 1, 2, 3, 4, tzinfo=UTC)


def words(value: dict[str, Any]) -> str:
    return " ".join(value["words"])


make_note = record_factory(Note, "acme", absent=("due",), lazy={"text": LazyField(words, "body.text")})


def raw(body: bytes = BODY) -> Raw:
    return Raw(Document(body, Response(200, [(b"X-Request-Id", b"r1")], body, "https://acme.example/notes"))).at("notes", 0)


def made(text: bytes = b'{"words": ["an", "apple"]}') -> Note:
    values = {"id": "1", "title": "A", "labels": ["x"], "due": None, "created_at": CREATED}
    return make_note(values, raw(), msgspec.Raw(text))


def validated() -> Note:
    return Note(id="1", text="an apple", title="A", labels=["x"], created_at=CREATED)


WAYS: dict[str, Callable[[Note], Any]] = {
    "an attribute": lambda note: note.text,
    "getattr": lambda note: getattr(note, "text", "nothing"),
    "repr": repr,
    "str": str,
    "dict": dict,
    "vars": lambda note: dict(vars(note)),
    "order": lambda note: list(vars(note)),
    "model_dump": lambda note: note.model_dump(),
    "model_dump of some": lambda note: note.model_dump(include={"text"}),
    "model_dump of what is set": lambda note: note.model_dump(exclude_unset=True),
    "model_dump of what is not the default": lambda note: note.model_dump(exclude_defaults=True),
    "model_dump_json": lambda note: note.model_dump_json(),
    "inside another": lambda note: Folder(first=note, all=[note]).model_dump(),
    "inside another, as JSON": lambda note: Folder(first=note, all=[note]).model_dump_json(),
    "in a list": lambda note: TypeAdapter(list[Note]).dump_json([note]),
    "as anything": lambda note: TypeAdapter(Any).dump_json(note),
    "model_fields_set": lambda note: note.model_fields_set,
    "model_copy": lambda note: note.model_copy().model_dump(),
    "model_copy with a change": lambda note: note.model_copy(update={"title": "B"}).model_dump(),
    "a deep model_copy": lambda note: note.model_copy(deep=True).model_dump(),
    "copy": lambda note: copy.copy(note).text,
    "deepcopy": lambda note: copy.deepcopy(note).text,
    "pickle": lambda note: pickle.loads(pickle.dumps(note)).model_dump(),
    "pickle, of what is set": lambda note: pickle.loads(pickle.dumps(note)).model_fields_set,
    "validated again": lambda note: Note.model_validate(note, from_attributes=True).model_dump(),
    "taken apart by match": lambda note: _matched(note),
    "equal to one that was validated": lambda note: (note == validated(), validated() == note),
    "not equal to another": lambda note: note == Note(id="1", text="a pear", title="A", labels=["x"], created_at=CREATED),
    "no attribute of it": lambda note: hasattr(note, "txt"),
    "frozen": lambda note: _raised(lambda: setattr(note, "text", "other")),
    "no hash, as it holds a list": lambda note: _raised(lambda: hash(note)),
}


def _matched(note: Note) -> Any:
    match note:
        case Note(text="an apple", title=title):
            return title
    return None


def _raised(act: Callable[[], object]) -> str:
    try:
        act()
    except (ValidationError, TypeError) as error:
        return f"{type(error).__name__}: {error}"
    return "nothing"


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_lazy_records_equal_validated_ones(way: Callable[[Note], Any]) -> None:
    assert way(made()) == way(validated())


def test_it_has_the_types_of_one_that_was_validated() -> None:
    assert type(made()) is Note
    assert isinstance(made(), Record)
    assert made().__pydantic_extra__ == validated().__pydantic_extra__


def test_records_share_no_mutable_state() -> None:
    one, other = made(), made()
    one.model_fields_set.add("due")
    assert other.model_fields_set == {"id", "text", "title", "labels", "created_at"}
    assert vars(one) is vars(one)
    assert vars(one) is not vars(other)


def test_a_hash_is_of_the_values() -> None:
    class Tag(Record):
        id: str
        text: str | None = None

    make = record_factory(Tag, "acme", lazy={"text": LazyField(words)})
    assert hash(make({"id": "1"}, raw(), msgspec.Raw(b'{"words": ["an"]}'))) == hash(Tag(id="1", text="an"))


@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, lambda note: note.model_copy(), lambda note: pickle.loads(pickle.dumps(note))]
)
def test_a_copy_knows_where_it_came_from(copied: Callable[[Note], Note]) -> None:
    note = copied(made())
    assert (note.vendor, note.raw) == ("acme", {"body": {"text": TEXT}})


def test_the_schemas_of_reading_and_writing_are_the_same() -> None:
    assert Note.model_json_schema(mode="serialization")["properties"].keys() == Note.model_json_schema()["properties"].keys()
    assert json.dumps(Note.model_json_schema()).count("_undecoded") == 0


# -------------------------------------------------------------------------------------------------------------- lazy fields
def test_it_is_read_when_it_is_looked_at_and_once() -> None:
    calls: list[Any] = []

    def decode(value: Any) -> str:
        calls.append(value)
        return words(value)

    note = record_factory(Note, "acme", lazy={"text": LazyField(decode)})({**BLANK, "title": "A"}, raw(), msgspec.Raw(b'{"words": ["an"]}'))
    assert (note.id, note.title, note.vendor) == ("1", "A", "acme")
    assert calls == []
    assert (note.text, note.text, note.model_dump()["text"]) == ("an", "an", "an")
    assert calls == [{"words": ["an"]}]


@pytest.mark.parametrize(("value", "text"), [(msgspec.Raw(b"null"), None), (None, None), ("sent", "SENT"), (msgspec.Raw(b"{}"), "{}")])
def test_source_of_lazy_fields(value: Any, text: str | None) -> None:
    make = record_factory(Note, "acme", lazy={"text": LazyField(lambda value: str(value).upper())})
    assert make({**BLANK}, raw(), value).text == text


def test_a_codec_may_accept_the_path_in_the_response() -> None:
    make = record_factory(Note, "acme", lazy={"text": LazyField(lambda value: words(value["body"]["text"]))})
    assert make({**BLANK}, raw(), raw()).text == "an apple"


def test_several_fields_are_read_at_once_in_order() -> None:
    make = record_factory(Note, "acme", absent=("due", "created_at"), lazy={"title": LazyField(str), "text": LazyField(words)})
    note = make({"id": "1", "labels": [], "due": None, "created_at": None}, raw(), "B", msgspec.Raw(b'{"words": ["an"]}'))
    assert note.model_dump() == Note(id="1", text="an", title="B").model_dump()
    assert list(vars(note)) == list(Note.model_fields)


@pytest.mark.parametrize(
    ("text", "kind"), [(b'"words"', "str"), (b"[1]", "array"), (b"7", "number"), (b"-7", "number"), (b"true", "bool"), (b"false", "bool")]
)
def test_a_value_of_another_type_refuses_the_response_at_once(text: bytes, kind: str) -> None:
    """The error is the one that decoding it at once would have raised."""
    with pytest.raises(VendorProtocolError) as refused:
        made(text)
    message = f"Expected `object | null`, got `{kind}` - at `$.notes[0].body.text`"
    assert refused.value.message == f"the response is not of the type that the vendor declares: {message} (HTTP 200)"
    assert (refused.value.vendor, refused.value.status, refused.value.request_id) == ("acme", 200, "r1")


LOOKS: list[Callable[[Note], Any]] = [
    lambda note: note.text,
    lambda note: note.model_dump(),
    lambda note: note.model_dump_json(),
    lambda note: note.model_dump_json(indent=1),
    lambda note: Folder.model_construct(first=note, all=[]).model_dump(),
    repr,
    copy.copy,
    pickle.dumps,
]


@pytest.mark.parametrize("look", LOOKS)
def test_late_errors_are_raised_on_first_read(look: Callable[[Note], Any]) -> None:
    """Bytes that are not valid UTF-8: msgspec does not check them if it skips a value."""
    note = made(b'{"words": ["\xff"]}')
    assert note.title == "A"
    for _ in range(2):  # it stays lazy
        with pytest.raises(VendorProtocolError, match=r"in `\$\.notes\[0\]\.body\.text`") as refused:
            look(note)
        assert (refused.value.vendor, refused.value.status, refused.value.request_id) == ("acme", 200, "r1")


def test_pydantic_wraps_it_where_it_writes_json_of_a_model_around_the_record() -> None:
    folder = Folder(first=made(b'{"words": ["\xff"]}'), all=[])
    with pytest.raises(PydanticSerializationError, match=r"VendorProtocolError: acme: .* in `\$\.notes\[0\]\.body\.text`"):
        folder.model_dump_json()


def test_threads_that_look_at_once_see_all_of_it() -> None:
    """Two hundred records, each read by eight threads in different ways."""
    ready = threading.Barrier(8)
    looks = [WAYS[way] for way in ("an attribute", "model_dump", "repr", "vars", "copy", "pickle", "order", "model_dump_json")]
    notes = [made() for _ in range(200)]
    expected = [look(validated()) for look in looks]

    def follow(look: Callable[[Note], Any]) -> list[Any]:
        ready.wait()
        return [look(note) for note in notes]

    with ThreadPoolExecutor(8) as threads:
        for found, value in zip(threads.map(follow, looks), expected, strict=True):
            assert found == [value] * len(notes)


# --------------------------------------------------------------------------------------------------------------- unproven
def test_a_value_of_unknown_type_is_validated() -> None:
    make = record_factory(Note, "acme", unproven=("title", "labels"))
    values: dict[str, Any] = {"id": "1", "text": None, "title": "A", "labels": ["x"], "due": None, "created_at": None}
    assert make({**values}, raw()) == Note(id="1", title="A", labels=["x"])
    with pytest.raises(ValidationError) as refused:
        make({**values, "title": 7, "labels": "x"}, raw())
    assert refused.value.title == "Note"
    assert [problem["loc"] for problem in refused.value.errors()] == [("title",), ("labels",)]
