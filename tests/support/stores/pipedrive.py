"""Pipedrive: persons, organizations and deals of version 2 of its API, users of version 1; a custom field is a hash of 40 characters.

Behavior of the endpoints beyond their schemas is from the document's own texts and
https://pipedrive.readme.io/docs/pipedrive-api-v2-migration-guide.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from tests.support.store import Call, Clock, Document, Handler, Record, Refused, Store, counter

USERS = {501: ("Ada Admin", "ada@example.net"), 505: ("Wanda Worker", "wanda@example.net")}
ORGANIZATIONS = {9001: "Acme", 9002: "Umbrella"}
PERSONS = {101: "Grace Hopper", 102: "Alan Turing"}
DEALS = {7001: "First"}
NOTES = {8001: 7001}
PIPELINES = {1: "Sales", 2: "Renewals"}
STAGES = {11: (1, "Qualified", 40), 12: (1, "Negotiation", 90), 21: (2, "Due", 100)}
COLOUR = "b4ca79a3f9fa2b3c4d5e6f708192a3b4c5d6e7f8"
"""A pick list that the account has added to its deals."""
COLOURS = {31: "Red", 32: "Green"}

_SCHEMAS = {"persons": "Person", "organizations": "Organization", "deals": "Deal"}
_REFERS = {"owner_id": "users", "org_id": "organizations", "person_id": "persons", "stage_id": "stages", "pipeline_id": "pipelines"}
_ON = {"deal_id": "deals", "person_id": "persons", "org_id": "organizations"}
"""Records that a note is on, by the property that refers to them."""


class Pipedrive:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.clock = Clock()
        self.ids = counter(20001)
        self.records: dict[str, dict[int, Record]] = {
            "users": {
                number: {
                    "id": number, "name": name, "email": email, "active_flag": True, "is_you": number == min(USERS), "icon_url": None,
                }
                for number, (name, email) in USERS.items()
            },
            "pipelines": {number: {"id": number, "name": name, "is_deleted": False} for number, name in PIPELINES.items()},
            "stages": {
                number: {
                    "id": number, "name": name, "pipeline_id": pipeline, "deal_probability": percent, "is_deleted": False,
                    "order_nr": order,
                }
                for order, (number, (pipeline, name, percent)) in enumerate(STAGES.items())
            },
            "persons": {}, "organizations": {}, "deals": {}, "notes": {},
        }  # fmt: skip
        for kind, known in (("organizations", ORGANIZATIONS), ("persons", PERSONS), ("deals", DEALS)):
            for number, name in known.items():
                self._add(kind, number, {"title" if kind == "deals" else "name": name})

        for number, deal in NOTES.items():
            self._note(number, {"content": "First", "deal_id": deal})

    def handlers(self) -> dict[str, Handler]:
        found: dict[str, Handler] = {
            "getUsers": lambda call: _enveloped([*self.records["users"].values()]),
            "getCurrentUser": lambda call: _enveloped(self.records["users"][min(USERS)]),
            "getUser": lambda call: _enveloped(self._found("users", call.path["id"])),
            "getPipelines": lambda call: _page(self.records["pipelines"].values(), call),
            "getStages": self.stages,
            "getNotes": self.notes,
            "getNote": lambda call: _enveloped(self._found("notes", call.path["id"])),
            "addNote": lambda call: _enveloped(self._note(next(self.ids), call.body)),
            "updateNote": lambda call: _enveloped(self._note(call.path["id"], self._found("notes", call.path["id"]) | call.body)),
            "deleteNote": self.delete_note,
            "searchPersons": lambda call: self.search("persons", call),
            "searchOrganization": lambda call: self.search("organizations", call),
        }
        for kind, name in (("persons", "Person"), ("organizations", "Organization"), ("deals", "Deal")):
            found |= self._of(kind, name)
        return found

    def _of(self, kind: str, name: str) -> dict[str, Handler]:
        return {
            f"get{name}s": lambda call: self.list(kind, call),
            f"get{name}": lambda call: _enveloped(self._found(kind, call.path["id"])),
            f"add{name}": lambda call: _enveloped(self._add(kind, next(self.ids), call.body)),
            f"update{name}": lambda call: _enveloped(self._write(kind, self._alive(kind, call.path["id"]), call.body)),
            f"delete{name}": lambda call: self.delete(kind, call.path["id"]),
            f"get{name}Fields": lambda call: self.fields(kind),
        }

    def _note(self, number: int, body: Mapping[str, Any]) -> Record:
        """Write a note; times of version 1 have no `T` and are in UTC (https://developers.pipedrive.com/docs/api/v1/Notes)."""
        on = {name: body[name] for name in ("deal_id", "person_id", "org_id") if body.get(name) is not None}
        if not on or any(value not in self.records[_ON[name]] for name, value in on.items()):
            raise _invalid("deal_id, person_id or org_id: there is none of this id")
        now = self.clock.tick().replace("T", " ").removesuffix("Z")[:19]
        record = {"add_time": now, "user_id": min(USERS), "active_flag": True, **body, "id": number, "update_time": now}
        self.records["notes"][number] = record
        return record

    def notes(self, call: Call) -> Any:
        rows = [row for row in self.records["notes"].values() if all(row.get(name) == call.query.get(name, row.get(name)) for name in _ON)]
        if "updated_since" in call.query:
            since = datetime.fromisoformat(call.query["updated_since"])
            rows = [row for row in rows if datetime.fromisoformat(row["update_time"] + "Z") >= since]
        start, limit = int(call.query.get("start", 0)), int(call.query.get("limit", 100))
        more = start + limit < len(rows)
        pagination = {"start": start, "limit": limit, "more_items_in_collection": more} | ({"next_start": start + limit} if more else {})
        return _enveloped(rows[start : start + limit]) | {"additional_data": {"pagination": pagination}}

    def delete_note(self, call: Call) -> Any:
        del self.records["notes"][self._found("notes", call.path["id"])["id"]]
        return {"success": True, "data": True}

    def delete(self, kind: str, number: int) -> Any:
        record = self._alive(kind, number)
        record["is_deleted"] = True
        return _enveloped({"id": number})

    def list(self, kind: str, call: Call) -> Any:
        requested = call.query
        rows = [row for row in self.records[kind].values() if not row["is_deleted"]]
        for name in ("owner_id", "org_id", "person_id", "stage_id", "pipeline_id", "status"):
            if name in requested:
                rows = [row for row in rows if row.get(name) == requested[name]]
        if "ids" in requested:
            wanted = {int(number) for number in (requested["ids"].split(",") if isinstance(requested["ids"], str) else requested["ids"])}
            rows = [row for row in rows if row["id"] in wanted]
        if "deal_id" in requested:
            people = {self._found("deals", requested["deal_id"]).get("person_id")}
            rows = [row for row in rows if row["id"] in people]
        if "updated_since" in requested:
            since = datetime.fromisoformat(requested["updated_since"])
            rows = [row for row in rows if datetime.fromisoformat(row["update_time"]) >= since]
        return _page(rows, call)

    def search(self, kind: str, call: Call) -> Any:
        term, fields = call.query["term"], call.query.get("fields", "name")
        assert call.query.get("exact_match") is True, "only exact matches are kept here"
        rows = [row for row in self.records[kind].values() if not row["is_deleted"]]
        if fields == "email":
            rows = [row for row in rows if any(one["value"].lower() == term.lower() for one in row.get("emails", ()))]
        else:
            rows = [row for row in rows if row["name"].lower() == term.lower()]
        items = [{"result_score": 1.0, "item": {"id": row["id"], "type": kind[:-1], "name": row["name"]}} for row in rows]
        limit = call.query.get("limit", 100)
        more = {"next_cursor": base64.b64encode(str(limit).encode()).decode()} if len(items) > limit else {}
        return {"success": True, "data": {"items": items[:limit]}, "additional_data": more}

    def stages(self, call: Call) -> Any:
        rows = [*self.records["stages"].values()]
        if "pipeline_id" in call.query:
            rows = [row for row in rows if row["pipeline_id"] == call.query["pipeline_id"]]
        return _page(rows, call)

    def fields(self, kind: str) -> Any:
        schema = self.document.schema(f"#/components/schemas/{_SCHEMAS[kind]}")
        made = [_field(name, name == "title") for name in self.document.properties(schema) if name != "custom_fields"]
        if kind == "deals":
            options = [{"id": number, "label": label} for number, label in COLOURS.items()]
            made.append(_field(COLOUR, False) | {"field_name": "Favourite colour", "field_type": "enum", "options": options})
        return {"success": True, "data": made, "additional_data": {"next_cursor": None}}

    def _add(self, kind: str, number: int, body: Mapping[str, Any]) -> Record:
        now = self.clock.tick()
        record: Record = {"id": number, "add_time": now, "is_deleted": False, "owner_id": min(USERS), "custom_fields": {}}
        if kind == "deals":
            record |= {"status": "open", "currency": "EUR", "value": 0, "stage_id": min(STAGES), "pipeline_id": min(PIPELINES)}
        self._write(kind, record, body)
        self.records[kind][number] = record
        return record

    def _write(self, kind: str, record: Record, body: Mapping[str, Any]) -> Record:
        for name, value in body.items():
            if name in _REFERS and value not in self.records[_REFERS[name]]:
                raise _invalid(f"{name}: there is none of this id")
            if name in _REFERS and self.records[_REFERS[name]][value].get("is_deleted"):
                raise _invalid(f"{name}: it is deleted")
        name = "title" if kind == "deals" else "name"
        if not str(body.get(name, record.get(name, ""))).strip():
            raise _invalid(f"{name}: must not be empty")
        changes = self._deal(record, body) if kind == "deals" else {}
        if kind == "persons" and "name" in body:  # the first word, and the rest
            first, _, last = str(body["name"]).strip().partition(" ")
            changes |= {"name": f"{first} {last}".strip(), "first_name": first, "last_name": last or None}
        for each in ("emails", "phones"):
            if each in body:
                main = next((index for index, one in enumerate(body[each]) if one.get("primary")), 0)
                changes[each] = [{"label": "work", **one, "primary": index == main} for index, one in enumerate(body[each])]
        for key, value in body.get("custom_fields", {}).items():
            if kind != "deals" or key != COLOUR or (value is not None and value not in COLOURS):
                raise _invalid(f"custom_fields.{key}: not valid")
            changes["custom_fields"] = record["custom_fields"] | {key: value}
        schema = self.document.schema(f"#/components/schemas/{_SCHEMAS[kind]}")
        self.document.write(record, {**body, **changes}, reads=schema, becomes={})
        record["update_time"] = self.clock.tick()
        return record

    def _deal(self, record: Record, body: Mapping[str, Any]) -> Record:
        changes: Record = {}
        if not re.fullmatch(r"[A-Z]{3}", body.get("currency", "EUR")):
            raise _invalid("currency: not valid")
        percent = body.get("probability")
        if percent is not None and not 0 <= percent <= 100:
            raise _invalid("probability: must be between 0 and 100")
        if "stage_id" in body:
            pipeline = STAGES[body["stage_id"]][0]
            if body.get("pipeline_id", pipeline) != pipeline:
                raise _invalid("stage_id: is not a stage of this pipeline")
            changes["pipeline_id"] = pipeline
        elif body.get("pipeline_id", record["pipeline_id"]) != record["pipeline_id"]:
            changes["stage_id"] = next(number for number, (pipeline, _, _) in STAGES.items() if pipeline == body["pipeline_id"])
        if "status" in body:
            if body["status"] not in ("open", "won", "lost"):
                raise _invalid("status: must be one of open, won, lost")
            changes["close_time"] = None if body["status"] == "open" else self.clock.tick()
        return changes

    def _found(self, kind: str, number: int) -> Record:
        if number not in self.records[kind]:
            raise Refused(404, {"success": False, "error": "not found", "code": "ERR_NOT_FOUND"})
        return self.records[kind][number]

    def _alive(self, kind: str, number: int) -> Record:
        record = self._found(kind, number)
        if record["is_deleted"]:
            raise Refused(404, {"success": False, "error": "not found", "code": "ERR_NOT_FOUND"})
        return record


def _field(name: str, required: bool) -> Record:
    return {
        "field_name": name.replace("_", " ").capitalize(), "field_code": name, "description": "", "field_type": "varchar", "options": None,
        "subfields": None, "is_custom_field": len(name) == 40, "is_optional_response_field": False,
    }  # fmt: skip


def _enveloped(data: Any) -> Record:
    return {"success": True, "data": data}


def _page(rows: Iterable[Record], call: Call) -> Record:
    rows = [*rows]
    start = int(base64.b64decode(call.query["cursor"])) if "cursor" in call.query else 0
    end = start + call.query.get("limit", 100)
    more = {"next_cursor": base64.b64encode(str(end).encode()).decode()} if end < len(rows) else {}
    return {"success": True, "data": rows[start:end], "additional_data": more}


def _invalid(message: str) -> Refused:
    return Refused(400, {"success": False, "error": message, "code": "ERR_SCHEMA_VALIDATION_FAILED"})


def store(document: Document) -> Store:
    return Store(document, Pipedrive(document).handlers())
