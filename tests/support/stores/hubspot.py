"""HubSpot: objects are maps of properties, all of them text; only requested properties are returned; links are separate from the objects.

The types of the properties are not in the document; they are from HubSpot's own list of default properties
(https://knowledge.hubspot.com/properties/hubspots-default-contact-properties and those for companies and deals).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from operator import eq, ge, gt, le, lt
from typing import Any

from tests.support.store import Call, Clock, Document, Handler, Record, Refused, Store, counter

OWNERS = {"501": "ada@example.net", "505": "wanda@example.net"}
COMPANIES = {"9001": "Acme", "9002": "Umbrella"}
CONTACTS = {"101": "Grace", "102": "Alan"}
DEALS = {"7001": "First"}
NOTES = {"8001": "First"}
LEADS = {"9001": "First"}
STAGES = {  # https://developers.hubspot.com/docs/api-reference/crm-pipelines-v3/guide: a stage's metadata
    "appointmentscheduled": ("Appointment scheduled", "false", "0.2"),
    "contractsent": ("Contract sent", "false", "0.9"),
    "closedwon": ("Closed won", "true", "1.0"),
    "closedlost": ("Closed lost", "true", "0.0"),
}
PIPELINES = ("default",)
_TEXT, _NUMBER, _INSTANT, _OWNER, _CHOICES = "string", "number", "datetime", "owner", "enumeration"
PROPERTIES: Mapping[str, Mapping[str, str]] = {
    "contacts": dict.fromkeys(
        (
            "firstname",
            "lastname",
            "email",
            "phone",
            "mobilephone",
            "fax",
            "jobtitle",
            "lifecyclestage",
            "address",
            "city",
            "state",
            "zip",
            "country",
        ),
        _TEXT,
    )
    | {"hubspot_owner_id": _OWNER, "hs_additional_emails": _CHOICES},
    "companies": dict.fromkeys(("name", "domain", "industry", "phone", "description", "address", "city", "state", "zip", "country"), _TEXT)
    | {"hubspot_owner_id": _OWNER, "numberofemployees": _NUMBER, "annualrevenue": _NUMBER},
    "0-3": dict.fromkeys(("dealname", "dealstage", "pipeline", "deal_currency_code", "description", "closed_lost_reason"), _TEXT)
    | {"hubspot_owner_id": _OWNER, "amount": _NUMBER, "closedate": _INSTANT},
    "notes": {"hs_note_body": _TEXT, "hs_timestamp": _INSTANT, "hubspot_owner_id": _OWNER},
    "leads": {"hs_lead_name": _TEXT, "hs_pipeline_stage": _TEXT, "hubspot_owner_id": _OWNER},
    "p_cars": {"model": _TEXT, "hubspot_owner_id": _OWNER, "price": _NUMBER, "features": _CHOICES, "built": _INSTANT},
}
OBJECTS = {"2-3465404": "p_cars", "p_cars": "p_cars"}
"""Custom objects by the names they have in addresses (https://developers.hubspot.com/docs/api-reference/crm-custom-objects-v3/guide)."""
CARS = {"401": "Beetle", "402": "Mini"}
SCHEMAS = [
    {
        "id": "3465404", "objectTypeId": "2-3465404", "name": "cars", "fullyQualifiedName": "p_cars", "primaryDisplayProperty": "model",
        "labels": {"singular": "Car", "plural": "Cars"}, "archived": False,
    }
]  # fmt: skip
_COMPUTED = {
    "contacts": ("associatedcompanyid", "hs_analytics_source"),
    "companies": ("hs_parent_company_id",),
    "0-3": ("hs_is_closed", "hs_is_closed_won", "hs_deal_stage_probability", "hs_primary_associated_company", "hs_analytics_source"),
}
_ALWAYS = {  # properties returned by default
    "contacts": ("createdate", "email", "firstname", "hs_object_id", "lastmodifieddate", "lastname"),
    "companies": ("createdate", "domain", "hs_lastmodifieddate", "hs_object_id", "name"),
    "0-3": ("amount", "closedate", "createdate", "dealname", "dealstage", "hs_lastmodifieddate", "hs_object_id", "pipeline"),
}
_COMPUTED["p_cars"] = _COMPUTED["notes"] = _COMPUTED["leads"] = ()
_ALWAYS["notes"] = _ALWAYS["leads"] = ("hs_createdate", "hs_lastmodifieddate", "hs_object_id")
_ALWAYS["p_cars"] = ("hs_createdate", "hs_lastmodifieddate", "hs_object_id")
_TYPES = {
    **OBJECTS,
    "notes": "notes",
    "leads": "leads",
    "contacts": "contacts",
    "companies": "companies",
    "deals": "0-3",
    "contact": "contacts",
    "company": "companies",
    "deal": "0-3",
}
_MAIN = {("contacts", "companies"): (1, "associatedcompanyid"), ("0-3", "companies"): (5, "hs_primary_associated_company")}
"""Association types of a main company, and the property that shows it (https://developers.hubspot.com/docs/api-reference/crm-associations-v4/guide)."""
_PLAIN = {
    ("leads", "contacts"): 578,
    ("notes", "0-3"): 214, ("notes", "contacts"): 202, ("notes", "companies"): 190, ("contacts", "companies"): 279,
    ("0-3", "companies"): 341, ("0-3", "contacts"): 3,
}  # fmt: skip
MOST = 10_000
"""Maximum number of records of a search (https://developers.hubspot.com/docs/api-reference/search/guide)."""


class HubSpot:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.clock = Clock()
        self.ids = counter(20001)
        self.objects: dict[str, dict[str, Record]] = {kind: {} for kind in PROPERTIES}
        self.links: set[tuple[str, str, str, str]] = set()
        for kind, name, known in (
            ("companies", "name", COMPANIES),
            ("contacts", "firstname", CONTACTS),
            ("0-3", "dealname", DEALS),
            ("notes", "hs_note_body", NOTES),
            ("leads", "hs_lead_name", LEADS),
            ("p_cars", "model", CARS),
        ):
            for number, text in known.items():
                self._add(kind, number, {name: text} | ({"dealstage": "contractsent"} if kind == "0-3" else {}))

    def handlers(self) -> dict[str, Handler]:
        found: dict[str, Handler] = {
            "put-/crm/v4/objects/{objectType}/{objectId}/associations/{toObjectType}/{toObjectId}_create": self.associate,
            "delete-/crm/v4/objects/{objectType}/{objectId}/associations/{toObjectType}/{toObjectId}_archive": self.dissociate,
            "get-/crm/v3/owners_/crm/v3/owners": lambda call: _page(call, [_owner(number) for number in OWNERS]),
            "get-/crm/v3/owners/{ownerId}_getById": lambda call: self.owner(call),
            "get-/crm/v3/pipelines/{objectType}/{pipelineId}/stages_getAll": self.stages,
            "get-/crm/v3/pipelines/{objectType}_getAll": self.pipelines,
            "get-/crm/v3/properties/{objectType}_getAll": self.properties,
            "GET /crm/v3/schemas": lambda call: {"results": SCHEMAS},
        }
        for kind, name in (("contacts", "contactId"), ("companies", "companyId"), ("0-3", "dealId"), ("notes", "noteId")):
            path = f"/crm/v3/objects/{kind}"
            found |= {
                f"get-{path}_getPage": lambda call, kind=kind: _page(
                    call, [_shown(kind, one, _requested(call)) | self._linked(kind, one, call) for one in self.objects[kind].values()]
                ),
                f"post-{path}_create": lambda call, kind=kind: self.create(kind, call),
                f"post-{path}/search_doSearch": lambda call, kind=kind: self.search(kind, call),
                f"get-{path}/{{{name}}}_getById": lambda call, kind=kind, name=name: (
                    _shown(kind, self._found(kind, call.path[name]), _requested(call))
                    | self._linked(kind, self._found(kind, call.path[name]), call)
                ),
                f"patch-{path}/{{{name}}}_update": lambda call, kind=kind, name=name: self.update(kind, call.path[name], call),
                f"delete-{path}/{{{name}}}_archive": lambda call, kind=kind, name=name: self.delete(kind, call.path[name]),
            }
        path = "/crm/v3/objects/leads"
        found |= {
            f"POST {path}": lambda call: self.create("leads", call),
            f"POST {path}/search": lambda call: self.search("leads", call),
            f"GET {path}/{{objectId}}": lambda call: (
                _shown("leads", self._found("leads", call.path["objectId"]), _requested(call))
                | self._linked("leads", self._found("leads", call.path["objectId"]), call)
            ),
            f"PATCH {path}/{{objectId}}": lambda call: self.update("leads", call.path["objectId"], call),
            f"DELETE {path}/{{objectId}}": lambda call: self.delete("leads", call.path["objectId"]),
        }
        return found | self._custom()

    def _custom(self) -> dict[str, Handler]:
        """Custom objects, at one address for all."""
        path = "/crm/v3/objects/{objectType}"

        def kind(call: Call) -> str:
            if call.path["objectType"] not in OBJECTS:
                raise Refused(404, _error("OBJECT_NOT_FOUND", "unable to infer object type"))
            return OBJECTS[call.path["objectType"]]

        return {
            f"get-{path}_getPage": lambda call: _page(
                call, [_shown(kind(call), one, _requested(call)) for one in self.objects[kind(call)].values()]
            ),
            f"post-{path}_create": lambda call: self.create(kind(call), call),
            f"post-{path}/search_doSearch": lambda call: self.search(kind(call), call),
            f"get-{path}/{{objectId}}_getById": lambda call: _shown(
                kind(call), self._found(kind(call), call.path["objectId"]), _requested(call)
            ),
            f"patch-{path}/{{objectId}}_update": lambda call: self.update(kind(call), call.path["objectId"], call),
            f"delete-{path}/{{objectId}}_archive": lambda call: self.delete(kind(call), call.path["objectId"]),
        }

    def create(self, kind: str, call: Call) -> Any:
        given = call.body["properties"]
        if kind == "0-3" and not given.get("dealstage"):
            raise _invalid("dealstage", 'Property "dealstage" is required')
        if kind == "companies" and not (given.get("name") or given.get("domain")):
            raise _invalid("name", "a company needs a name or a domain")
        if kind == "contacts":
            self._unlike(given, None)
        if kind == "notes" and not given.get("hs_timestamp"):
            raise _invalid("hs_timestamp", "Some required properties were not set")
        if kind == "leads" and not (given.get("hs_lead_name") and call.body.get("associations")):
            raise _invalid("hs_lead_name", "Some required properties or associations were not set")
        linked = []
        for each in call.body.get("associations", ()) if kind in ("notes", "leads") else ():
            (type,) = (one["associationTypeId"] for one in each["types"])
            other = next(other for (of, other), number in _PLAIN.items() if of == kind and number == type)
            linked.append((other, self._found(other, each["to"]["id"])["id"]))
        record = self._add(kind, str(next(self.ids)), given)
        for other, to in linked:
            self.links |= {(kind, record["id"], other, to), (other, to, kind, record["id"])}
        return _shown(kind, record, [*given])

    def update(self, kind: str, number: str, call: Call) -> Any:
        record = self._found(kind, number)
        given = call.body["properties"]
        if kind == "contacts":
            self._unlike(given, number)
        self._write(kind, record, given)
        return _shown(kind, record, [*given])

    def delete(self, kind: str, number: str) -> None:
        self.objects[kind].pop(number, None)  # archiving an archived object changes nothing

    def search(self, kind: str, call: Call) -> Any:
        body = call.body
        after, size = int(body.get("after") or 0), body.get("limit", 10)
        if size > 100 or after + size > MOST:
            raise Refused(400, _error("VALIDATION_ERROR", f"paging beyond {MOST} results is not supported"))
        groups = body.get("filterGroups") or [{"filters": []}]
        words = (body.get("query") or "").casefold().split()
        found = [one for one in self.objects[kind].values() if any(self._matches(kind, one, group["filters"]) for group in groups)]
        found = [one for one in found if all(word in self._searched(kind, one) for word in words)]
        if body.get("sorts") == ["hs_object_id"]:
            found.sort(key=lambda one: int(one["id"]))
        shown = [_shown(kind, one, body.get("properties") or ()) for one in found[after : after + size]]
        more = {"paging": {"next": {"after": str(after + size)}}} if after + size < min(len(found), MOST) else {}
        return {"total": len(found), "results": shown, **more}

    @staticmethod
    def _searched(kind: str, record: Record) -> str:
        """Return the texts of the properties that `query` searches by default."""
        names = {"contacts": ("firstname", "lastname", "email"), "companies": ("name", "domain"), "0-3": ("dealname",)}.get(kind, ())
        return "\n".join(str(record["properties"].get(name) or "") for name in names).casefold()

    @staticmethod
    def owner(call: Call) -> Record:
        number = str(call.path["ownerId"])
        if number not in OWNERS:
            raise Refused(404, _error("OBJECT_NOT_FOUND", "no such owner"))
        return _owner(number)

    def associate(self, call: Call) -> Any:
        kind, other = _TYPES[call.path["objectType"]], _TYPES[call.path["toObjectType"]]
        record, target = self._found(kind, call.path["objectId"]), self._found(other, call.path["toObjectId"])
        number, name = _MAIN.get((kind, other), (None, None))
        for spec in call.body:
            assert spec["associationCategory"] == "HUBSPOT_DEFINED"
            if spec["associationTypeId"] == number:
                record["properties"][name] = target["id"]
            elif spec["associationTypeId"] != _PLAIN[kind, other]:
                raise _invalid("associationTypeId", f"{spec['associationTypeId']} is not a type between {kind} and {other}")
        self.links |= {(kind, record["id"], other, target["id"]), (other, target["id"], kind, record["id"])}
        self._touch(record)
        return {
            "fromObjectId": record["id"], "fromObjectTypeId": kind, "toObjectId": target["id"], "toObjectTypeId": other, "labels": [],
        }  # fmt: skip

    def dissociate(self, call: Call) -> None:
        kind, other = _TYPES[call.path["objectType"]], _TYPES[call.path["toObjectType"]]
        record, target = self._found(kind, call.path["objectId"]), self._found(other, call.path["toObjectId"])
        self.links -= {(kind, record["id"], other, target["id"]), (other, target["id"], kind, record["id"])}
        self._touch(record)

    def _linked(self, kind: str, record: Record, call: Call) -> Record:
        """Return the links of an object of the requested kinds: once by the plain type, once by that without a label."""
        requested = [name for text in call.query.get("associations", ()) for name in text.split(",")]
        found = {}
        for name in requested:
            ids = sorted(to for of, number, other, to in self.links if (of, number, other) == (kind, record["id"], _TYPES[name]))
            word = f"{'deal' if kind == '0-3' else kind.removesuffix('s')}_to_{'company' if name == 'companies' else name[:-1]}"
            results = [{"id": to, "type": each} for to in ids for each in (word, f"{word}_unlabeled")]
            found |= {name: {"results": results}} if results else {}
        return {"associations": found} if found else {}

    def pipelines(self, call: Call) -> Any:
        instant = "2030-01-01T00:00:00Z"
        return {
            "results": [
                {
                    "id": number, "label": number, "displayOrder": order, "archived": False, "createdAt": instant, "updatedAt": instant,
                    "stages": [],
                }
                for order, number in enumerate(PIPELINES)
            ]
        }  # fmt: skip

    def stages(self, call: Call) -> Any:
        if call.path["objectType"] != "deals" or call.path["pipelineId"] not in PIPELINES:
            raise Refused(404, _error("OBJECT_NOT_FOUND", "no such pipeline"))
        instant = "2030-01-01T00:00:00Z"
        return {
            "results": [
                {
                    "id": number, "label": label, "displayOrder": order, "archived": False, "createdAt": instant, "updatedAt": instant,
                    "metadata": {"isClosed": closed, "probability": probability},
                }
                for order, (number, (label, closed, probability)) in enumerate(STAGES.items())
            ]
        }  # fmt: skip

    def properties(self, call: Call) -> Any:
        kind = _TYPES.get(call.path["objectType"])
        if kind is None:
            raise Refused(404, _error("OBJECT_NOT_FOUND", "unable to infer object type"))
        made = {name: _described(name, type) for name, type in PROPERTIES[kind].items()}
        if kind == "0-3":
            options = [{"label": label, "value": number, "hidden": False} for number, (label, _, _) in STAGES.items()]
            made["dealstage"] |= {"type": "enumeration", "fieldType": "radio", "options": options}
        colours = [{"label": word, "value": word.lower(), "hidden": False} for word in ("Red", "Green")]
        made["favourite_colour"] = _described("favourite_colour", "enumeration", own=False) | {"options": colours}
        return {"results": list(made.values())}

    def _add(self, kind: str, number: str, given: Mapping[str, str]) -> Record:
        now = self.clock.tick()
        record: Record = {"id": number, "createdAt": now, "updatedAt": now, "archived": False, "properties": {}}
        record["properties"] |= {"hs_object_id": number, "createdate": now}
        self._write(kind, record, given)
        self.objects[kind][number] = record
        return record

    def _write(self, kind: str, record: Record, given: Mapping[str, str]) -> None:
        held = record["properties"]
        for name, value in given.items():
            type = PROPERTIES[kind].get(name, _TEXT if name == "favourite_colour" else None)
            if type is None:
                raise _invalid(name, f'Property "{name}" does not exist' if name not in _COMPUTED[kind] else f'"{name}" is read only')
            held[name] = _saved(name, type, value)
        if kind == "0-3":
            if held.get("dealstage") not in STAGES:
                raise _invalid("dealstage", f"{held.get('dealstage')} was not one of the allowed options")
            if held.setdefault("pipeline", PIPELINES[0]) not in PIPELINES:
                raise _invalid("pipeline", f"{held['pipeline']} was not one of the allowed options")
            _, closed, probability = STAGES[held["dealstage"]]
            held |= {
                "hs_is_closed": closed,
                "hs_is_closed_won": "true" if probability == "1.0" else "false",
                "hs_deal_stage_probability": probability,
            }
        self._touch(record)

    def _touch(self, record: Record) -> None:
        record["updatedAt"] = self.clock.tick()
        record["properties"]["lastmodifieddate"] = record["properties"]["hs_lastmodifieddate"] = record["updatedAt"]

    def _unlike(self, given: Mapping[str, str], number: str | None) -> None:
        """An address belongs to one contact, as its main one or as an additional one."""
        requested = set(_addresses(given))
        if any(requested & set(_addresses(one["properties"])) for one in self.objects["contacts"].values() if one["id"] != number):
            raise Refused(409, _error("CONFLICT", "Contact already exists"))

    def _found(self, kind: str, number: str) -> Record:
        if number not in self.objects[kind]:
            raise Refused(404, _error("OBJECT_NOT_FOUND", "resource not found"))
        return self.objects[kind][number]

    def _matches(self, kind: str, record: Record, filters: Iterable[Mapping[str, Any]]) -> bool:
        return all(self._one(kind, record, each) for each in filters)

    def _requested_for(self, kind: str, name: str) -> None:
        if name not in {*PROPERTIES[kind], *_COMPUTED[kind], "favourite_colour"}:
            raise _invalid(name, f'There was a problem with the property "{name}"')

    def _one(self, kind: str, record: Record, requested: Mapping[str, Any]) -> bool:
        name, operator, value = requested["propertyName"], requested["operator"], requested.get("value", "")
        if name.startswith("associations."):
            assert operator == "EQ"
            return (kind, record["id"], _TYPES[name.partition(".")[2]], value) in self.links
        if (kind, name) == ("contacts", "email"):  # a search by address finds the additional ones as well
            return operator == "EQ" and value.lower() in {each.lower() for each in _addresses(record["properties"])}
        if name == "hs_object_id":
            return bool(_COMPARED[operator](int(record["id"]), int(value)))
        held = record["properties"].get(name)
        if operator == "NOT_HAS_PROPERTY":
            self._requested_for(kind, name)
            return held is None
        if name in ("lastmodifieddate", "hs_lastmodifieddate", "createdate", "closedate", "built"):
            if not re.fullmatch(r"-?\d{1,17}", value):
                raise _invalid(name, f"{value} is not a time")
            milliseconds = datetime.fromisoformat(held).timestamp() * 1000 if held else None
            return milliseconds is not None and _COMPARED[operator](milliseconds, int(value))
        self._requested_for(kind, name)
        if PROPERTIES[kind].get(name) == _NUMBER:
            if not re.fullmatch(r"-?\d+(\.\d+)?", value):
                raise _invalid(name, f"{value} was not a valid number")
            return held is not None and _COMPARED[operator](float(held), float(value))
        if operator != "EQ":
            raise _invalid(name, f"{operator} does not apply to a text")
        return bool(held is not None and held.lower() == value.lower())


_COMPARED: Mapping[str, Callable[[float, float], bool]] = {
    "EQ": eq, "GTE": ge, "LTE": le, "GT": gt, "LT": lt,
}  # fmt: skip


def _addresses(properties: Mapping[str, Any]) -> list[str]:
    """Return all addresses of a contact: semicolons separate the additional ones."""
    texts = (properties.get("email"), *(properties.get("hs_additional_emails") or "").split(";"))
    return [text for text in texts if text]


def _saved(name: str, type: str, value: str) -> str | None:
    """Return the value as it is read again: an empty text clears a property."""
    if value == "":
        return None
    if type == _NUMBER and not re.fullmatch(r"-?\d+(\.\d+)?", value):
        raise _invalid(name, f"{value} was not a valid number")
    if type == _CHOICES:
        return ";".join(dict.fromkeys(part for part in value.split(";") if part)) or None
    if type == _OWNER and value not in OWNERS:
        raise _invalid(name, f"{value} was not a valid owner")
    if type == _INSTANT:
        try:
            instant = datetime.fromtimestamp(int(value) / 1000, UTC) if value.isdigit() else datetime.fromisoformat(value)
        except ValueError:
            raise _invalid(name, f"{value} was not a valid time") from None
        return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z").rjust(24, "0")
    return value


def _shown(kind: str, record: Record, requested: Iterable[str]) -> Record:
    """Return the object with the requested properties and those that are always returned; null for one without a value."""
    names = dict.fromkeys([*_ALWAYS[kind], *requested])
    known = {*PROPERTIES[kind], *_COMPUTED[kind], *_ALWAYS[kind], "favourite_colour"}
    return {**record, "properties": {name: record["properties"].get(name) for name in names if name in known}}


def _requested(call: Call) -> list[str]:
    """`properties` is a list separated by commas, as the document's prose states, or a repeated parameter, as its schema does."""
    return [name for text in call.query.get("properties", ()) for name in text.split(",")]


def _page(call: Call, records: list[Record]) -> Any:
    start, size = int(call.query.get("after", "0")), call.query.get("limit", 10)
    if size > 100:
        raise _invalid("limit", "at most 100")
    more = {"paging": {"next": {"after": str(start + size)}}} if start + size < len(records) else {}
    return {"results": records[start : start + size], **more}


def _owner(number: str) -> Record:
    instant = "2030-01-01T00:00:00Z"
    return {"id": number, "email": OWNERS[number], "type": "PERSON", "archived": False, "createdAt": instant, "updatedAt": instant}


def _described(name: str, type: str, *, own: bool = True) -> Record:
    return {
        "name": name, "label": name.capitalize(), "type": {_OWNER: "enumeration"}.get(type, type), "fieldType": "text",
        "groupName": "information", "description": "", "options": [], "hubspotDefined": own,
    }  # fmt: skip


def _error(category: str, message: str, **context: Any) -> Record:
    return {"category": category, "correlationId": "00000000-0000-4000-8000-000000000000", "message": message, **context}


def _invalid(name: str, message: str) -> Refused:
    return Refused(400, _error("VALIDATION_ERROR", message, context={name: [message]}))


def store(document: Document) -> Store:
    return Store(document, HubSpot(document).handlers())
