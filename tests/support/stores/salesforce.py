"""Salesforce: an sObject is its fields; writes return 204 or only an id; everything else is a SOQL query.

The content of the fields is from the Object Reference
(https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_opportunity.htm and similar
pages), valid requests from the REST API's guide (https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from tests.support.store import Call, Clock, Document, Handler, Record, Refused, Store, counter
from unified_emulation.query_languages import soql

USERS = {"005000000000001AAA": ("Ada Admin", "ada@example.net"), "005000000000002AAA": ("Wanda Worker", "wanda@example.net")}
ACCOUNTS = {"001000000000001AAA": "Acme", "001000000000002AAA": "Umbrella"}
CONTACTS = {"003000000000001AAA": "Hopper", "003000000000002AAA": "Turing"}
OPPORTUNITIES = {"006000000000001AAA": "First"}
STAGES = {  # ApiName: label, closed, won, percent
    "Prospecting": ("Prospecting", False, False, 10),
    "Negotiation/Review": ("Negotiation", False, False, 90),
    "Closed Won": ("Closed Won", True, True, 100),
    "Closed Lost": ("Closed Lost", True, False, 0),
}
BATCH = 10
"""Records of one page. Salesforce returns up to 2000, without a guarantee (https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/headers_queryoptions.htm)."""
BASE = "/services/data/v59.0"

_SYSTEM = ("Id", "IsDeleted", "CreatedDate", "CreatedById", "LastModifiedDate", "LastModifiedById", "SystemModstamp", "attributes")
_FIXED = {
    "Contact": (*_SYSTEM, "Name", "MailingAddress", "OtherAddress", "PhotoUrl", "MasterRecordId"),
    "Account": (*_SYSTEM, "BillingAddress", "ShippingAddress", "PhotoUrl", "MasterRecordId"),
    "Opportunity": (*_SYSTEM, "IsClosed", "IsWon", "ExpectedRevenue", "FiscalYear", "HasOpenActivity", "LastStageChangeDate"),
    "OpportunityContactRole": _SYSTEM,
    "Note": _SYSTEM,
    "Lead": (*_SYSTEM, "Name", "Address", "IsConverted", "PhotoUrl", "MasterRecordId"),
    "Task": (*_SYSTEM, "IsClosed", "AccountId", "IsHighPriority", "CompletedDateTime"),
}
_NEEDED = {
    "Contact": ("LastName",),
    "Account": ("Name",),
    "Opportunity": ("Name", "StageName", "CloseDate"),
    "OpportunityContactRole": ("OpportunityId", "ContactId"),
    "Note": ("ParentId", "Title"),
    "Lead": ("LastName", "Company"),
    "Task": (),
}
_REFERS = {
    "OwnerId": "User", "AccountId": "Account", "ParentId": "Account", "ReportsToId": "Contact", "ContactId": "Contact",
    "OpportunityId": "Opportunity",
}  # fmt: skip
_ON = {"001": "Account", "003": "Contact", "006": "Opportunity"}
"""Objects that a note can be on, by the beginning of their ids."""
LEADS = {"00Q000000000001AAA": "Lovelace"}
TASKS = {"00T000000000001AAA": "First"}
NOTES = {"002000000000001AAA": "006000000000001AAA"}
_NOT_EMPTY = {"Company", "Status", "OwnerId", "StageName", "CloseDate", "LastName", "Name", "Probability"}
CUSTOM = {"DeliveryInstallationStatus__c": ("In progress", "Yet to begin", "Completed")}
"""A pick list that the organization of the document has added to its opportunities; only these values are valid."""
OBJECTS = {"Invoice__c": ("Total__c", "Paid__c", "Due__c", "Kind__c")}
"""Objects that the organization has added, with their own fields."""
_BESIDE = ("Invoice__History", "Invoice__Share", "Settings__c", "Told__e", "Rate__mdt", "Order__x")
"""Other objects that an organization or Salesforce has added; none of them has records. Settings__c is a custom setting."""
INVOICES = {"a01000000000001AAA": "INV-1", "a01000000000002AAA": "INV-2"}


class Salesforce:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.clock = Clock()
        self.ids = counter(101)
        self.me = next(iter(USERS))
        self.objects: dict[str, dict[str, Record]] = {name: {} for name in (*_FIXED, *OBJECTS, "User", "OpportunityStage")}
        for number, (name, email) in USERS.items():
            photo = f"https://acme.my.salesforce.com/profilephoto/{number}/F"
            user = {
                "Id": number,
                "Name": name,
                "Email": email,
                "IsActive": True,
                "Username": email,
                "FullPhotoUrl": photo,
                "UserType": "Standard",
            }
            self.objects["User"][number] = user
        for order, (name, (label, closed, won, percent)) in enumerate(STAGES.items()):
            self.objects["OpportunityStage"][name] = {
                "Id": f"01J00000000000{order}AAA", "ApiName": name, "MasterLabel": label, "IsActive": True, "SortOrder": order,
                "IsClosed": closed, "IsWon": won, "DefaultProbability": percent,
            }  # fmt: skip
        for number, name in ACCOUNTS.items():
            self._add("Account", number, {"Name": name})
        for number, name in CONTACTS.items():
            self._add("Contact", number, {"LastName": name})
        for number, name in OPPORTUNITIES.items():
            self._add("Opportunity", number, {"Name": name, "StageName": "Prospecting", "CloseDate": "2030-06-01"})

        for number, parent in NOTES.items():
            self._add("Note", number, {"ParentId": parent, "Title": "Note", "Body": "First"})
        for number, name in LEADS.items():
            self._add("Lead", number, {"LastName": name, "Company": "Acme"})
        for number, name in TASKS.items():
            self._add("Task", number, {"Subject": name, "ActivityDate": "2030-06-01", "TaskSubtype": "Task"})
        for number, name in INVOICES.items():
            self._add("Invoice__c", number, {"Name": name})

    def handlers(self) -> dict[str, Handler]:
        found: dict[str, Handler] = {
            "GET /query": lambda call: self.query(call.query["q"], 0),
            "GET /query/{queryLocator}": self.more,
            "GET /services/oauth2/userinfo": lambda call: {"user_id": self.me},
            "GET /sobjects": lambda call: {"sobjects": [_summary(name) for name in (*self.objects, *_BESIDE)]},
            "GET /sobjects/{sObject}/describe": lambda call: self.describe(call.path["sObject"]),
            "GET /sobjects/User/{id}": lambda call: self._shown("User", self._found("User", call.path["id"]), call),
        }
        for name in _FIXED:
            found |= self._of(name)
        return found | self._added()

    def _added(self) -> dict[str, Handler]:
        """Objects of the organization's own, at one address for all."""
        return {
            "POST /sobjects/{sObject}": lambda call: self.create(self._object(call), call.body),
            "GET /sobjects/{sObject}/{id}": lambda call: self.get(self._object(call), call),
            "PATCH /sobjects/{sObject}/{id}": lambda call: self._write(
                self._object(call), self._found(self._object(call), call.path["id"]), call.body
            ),
            "DELETE /sobjects/{sObject}/{id}": lambda call: self.delete(self._object(call), call.path["id"]),
        }

    def _object(self, call: Call) -> str:
        name = call.path["sObject"]
        if name not in OBJECTS:
            raise Refused(404, [{"errorCode": "NOT_FOUND", "message": "The requested resource does not exist"}])
        return name

    def _of(self, name: str) -> dict[str, Handler]:
        return {
            f"POST /sobjects/{name}": lambda call: self.create(name, call.body),
            f"GET /sobjects/{name}/{{id}}": lambda call: self.get(name, call),
            f"PATCH /sobjects/{name}/{{id}}": lambda call: self._write(name, self._found(name, call.path["id"]), call.body),
            f"DELETE /sobjects/{name}/{{id}}": lambda call: self.delete(name, call.path["id"]),
        }

    def get(self, name: str, call: Call) -> Any:
        if call.path["id"] == "describe":  # the document has two templates that match this address
            return self.describe(name)
        return self._shown(name, self._found(name, call.path["id"]), call)

    def create(self, name: str, body: Mapping[str, Any]) -> Any:
        missing = [field for field in _NEEDED.get(name, ()) if _saved(body.get(field)) is None]
        if missing:
            raise _refused("REQUIRED_FIELD_MISSING", f"Required fields are missing: [{', '.join(missing)}]", missing)
        prefix = {
            "Contact": "003",
            "Account": "001",
            "Opportunity": "006",
            "OpportunityContactRole": "00K",
            "Note": "002",
            "Lead": "00Q",
            "Task": "00T",
        }.get(name, "a01")
        number = f"{prefix}{next(self.ids):012}AAA"
        self._add(name, number, body)
        return {"id": number, "success": True, "errors": []}

    def delete(self, name: str, number: str) -> None:
        del self.objects[name][self._found(name, number)["Id"]]

    def query(self, text: str, start: int) -> Any:
        try:
            requested = soql.parse(text)
        except ValueError as error:
            raise _refused("MALFORMED_QUERY", str(error)) from None
        if requested.source not in self.objects:
            raise _refused("INVALID_TYPE", f"sObject type '{requested.source}' is not supported")
        columns = self._expanded(requested.source, requested.columns)
        self._known(requested.source, columns)
        try:
            rows = [
                row for row in self.objects[requested.source].values() if requested.holds(row, lambda name: self.objects[name].values())
            ]
        except (TypeError, ValueError):  # for example, a number in a text field
            raise _refused("INVALID_FIELD", "value of filter criterion must be of the field's type and not enclosed in quotes") from None
        if requested.order is not None:
            rows.sort(key=lambda row: str(row.get(requested.order)))
        page = []
        for row in rows[start : start + BATCH]:  # the document does not allow null for fields that the store does not have
            result = [column for column in columns if column in requested.columns or row.get(column) is not None]
            page.append(self._columns(requested.source, row, result) | self._related(row, requested.related))
        done = start + BATCH >= len(rows)
        response: Record = {"totalSize": len(rows), "done": done, "records": page}
        if not done:
            self._requested = text
            response["nextRecordsUrl"] = f"{BASE}/query/01g000000000001AAA-{start + BATCH}"
        return response

    def _expanded(self, name: str, columns: Iterable[str]) -> list[str]:
        """Return the columns with `FIELDS(STANDARD)` expanded; a repeated field is an error."""
        declared = self._declared(name)
        standard = [field for field in declared if field not in {"attributes", "OpportunityContactRoles"} and not field.endswith("__c")]
        found = [field for column in columns for field in (standard if column == soql.STANDARD else [column])]
        if len(set(found)) < len(found):
            raise _refused("INVALID_FIELD", "duplicate field selected")
        return found

    def _related(self, row: Record, requested: Mapping[str, Iterable[str]]) -> Record:
        """Return the results of inner queries: a nested response, or null if nothing is found."""
        found: Record = {}
        for name, columns in requested.items():
            if name != "OpportunityContactRoles":
                raise _refused("INVALID_FIELD", f"Didn't understand relationship '{name}' in FROM part of query call")
            self._known("OpportunityContactRole", columns)
            roles = [role for role in self.objects["OpportunityContactRole"].values() if role["OpportunityId"] == row["Id"]]
            records = [self._columns("OpportunityContactRole", role, columns) for role in roles]
            found[name] = {"totalSize": len(records), "done": True, "records": records} if records else None
        return found

    def more(self, call: Call) -> Any:
        found = re.fullmatch(r"01g000000000001AAA-(\d+)", call.path["queryLocator"])
        if not found:
            raise _refused("INVALID_QUERY_LOCATOR", "invalid query locator")
        return self.query(self._requested, int(found[1]))

    def describe(self, name: str) -> Any:
        if name not in (*_FIXED, *OBJECTS):
            raise Refused(404, [{"errorCode": "NOT_FOUND", "message": "The requested resource does not exist"}])
        fixed = _FIXED.get(name, _SYSTEM)
        described = [
            {
                "name": each, "label": each, "type": "string", "custom": each.endswith("__c"), "createable": each not in fixed,
                "updateable": each not in fixed, "nillable": each not in _NEEDED.get(name, ()), "defaultedOnCreate": each == "OwnerId",
                "picklistValues": [],
            }
            for each in self._declared(name)
            if each != "attributes"
        ]  # fmt: skip
        for entry in described:
            entry["type"] = {"Due__c": "date", "Total__c": "double", "Paid__c": "boolean"}.get(entry["name"], "string")
        if name == "Opportunity":
            for field, words in {"StageName": tuple(STAGES), **CUSTOM}.items():
                entry = next(one for one in described if one["name"] == field)
                entry |= {"type": "picklist", "picklistValues": [{"label": word, "value": word, "active": True} for word in words]}
        return {"name": name, "fields": described}

    def _add(self, name: str, number: str, given: Mapping[str, Any]) -> None:
        now = self._now()
        record: Record = {"Id": number, "IsDeleted": False, "CreatedDate": now, "CreatedById": self.me}
        if name in ("Contact", "Account", "Opportunity", "Note", "Lead", "Task", *OBJECTS):
            record["OwnerId"] = self.me
        if name == "Lead":
            record |= {"Status": "Open - Not Contacted", "IsConverted": False}
        self._write(name, record, given)
        self.objects[name][number] = record

    def _write(self, name: str, record: Record, given: Mapping[str, Any]) -> None:
        """Apply a body; a rejected one changes nothing."""
        changes: Record = {}
        self._known(name, given)
        for field, value in given.items():
            if field in _FIXED.get(name, _SYSTEM):
                raise _refused("INVALID_FIELD_FOR_INSERT_UPDATE", f"Unable to create/update fields: {field}", [field])
            value = _saved(value)
            if value is None and field in _NOT_EMPTY:
                raise _refused("REQUIRED_FIELD_MISSING", f"Required fields are missing: [{field}]", [field])
            on = (name, field) in {("Note", "ParentId"), ("Task", "WhatId"), ("Task", "WhoId")}
            above = _ON.get(str(value)[:3]) if on else _REFERS.get(field)
            if value is not None and (field in _REFERS) and (above is None or value not in self.objects[above]):
                raise _refused("INVALID_CROSS_REFERENCE_KEY", f"{field}: invalid id", [field])
            if field == "Email" and value is not None and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
                raise _refused("INVALID_EMAIL_ADDRESS", f"Email: invalid email address: {value}", [field])
            if field == "StageName" and value not in STAGES:
                raise _refused("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", f"Stage: bad value: {value}", [field])
            if field in CUSTOM and value is not None and value not in CUSTOM[field]:
                raise _refused("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", f"{field}: bad value: {value}", [field])
            if field == "Probability" and not 0 <= value <= 100:
                raise _refused("NUMBER_OUTSIDE_VALID_RANGE", "Probability (%): value outside of valid range", [field])
            changes[field] = value
        if name == "Task":
            changes.setdefault("Status", record.get("Status", "Not Started"))
            changes["IsClosed"] = changes["Status"] == "Completed"
        if name == "Lead":
            parts = ({**record, **changes}.get(part) for part in ("FirstName", "LastName"))
            changes["Name"] = " ".join(part for part in parts if part)
        if name == "Opportunity" and "StageName" in changes:  # the stage determines the probability, unless it is given
            _, closed, won, percent = STAGES[changes["StageName"]]
            changes |= {"IsClosed": closed, "IsWon": won, "Probability": changes.get("Probability", percent)}
        if name == "Contact" and record.get("Id") is not None and changes.get("ReportsToId") == record["Id"]:
            raise _refused("CIRCULAR_DEPENDENCY", "a contact cannot report to itself", ["ReportsToId"])
        if name == "Contact":  # its name is made of the parts
            parts = {**record, **changes}
            changes["Name"] = " ".join(filter(None, (parts.get("FirstName"), parts.get("LastName"))))
        record |= changes
        record["LastModifiedDate"] = record["SystemModstamp"] = self._now()

    def _now(self) -> str:
        return self.clock.tick().replace("Z", "+0000")  # Salesforce's own format, without a colon in the offset

    def _found(self, name: str, number: str) -> Record:
        if not re.fullmatch(r"[A-Za-z0-9]{15}([A-Za-z0-9]{3})?", number):
            raise Refused(404, [{"errorCode": "NOT_FOUND", "message": "Provided external ID field does not exist or is not accessible"}])
        if number not in self.objects[name]:
            raise Refused(404, [{"errorCode": "NOT_FOUND", "message": "The requested resource does not exist"}])
        return self.objects[name][number]

    def _declared(self, name: str) -> Iterable[str]:
        if name in OBJECTS:
            return (*_SYSTEM, "Name", "OwnerId", *OBJECTS[name])
        return self.document.properties(self.document.schema(f"#/components/schemas/{name}SObject"))

    def _known(self, name: str, fields: Iterable[str]) -> None:
        declared = self._declared(name)
        for field in fields:
            if field not in declared:
                raise _refused("INVALID_FIELD", f"No such column '{field}' on entity '{name}'")

    def _shown(self, name: str, record: Record, call: Call) -> Record:
        """Return the requested fields, and always the id; all fields by default."""
        declared = self._declared(name)
        requested = call.query["fields"].split(",") if "fields" in call.query else [field for field in declared if field != "attributes"]
        self._known(name, requested)
        return self._columns(name, record, ["Id", *requested])

    @staticmethod
    def _columns(name: str, record: Record, columns: Iterable[str]) -> Record:
        address = f"{BASE}/sobjects/{name}/{record['Id']}"
        return {"attributes": {"type": name, "url": address}} | {column: record.get(column) for column in columns}


def _saved(value: Any) -> Any:
    """Return a value as it is read again: texts lose the white space around them, and an empty one becomes null."""
    if isinstance(value, str):
        return value.strip() or None
    return Decimal(str(value)) if isinstance(value, float) else value


def _refused(code: str, message: str, fields: Iterable[str] = ()) -> Refused:
    return Refused(400, [{"errorCode": code, "message": message, "fields": [*fields]}])


def _summary(name: str) -> Record:
    label = name.partition("__")[0]
    return {"name": name, "label": label, "labelPlural": f"{label}s", "custom": "__" in name, "customSetting": name == "Settings__c"}


def store(document: Document) -> Store:
    return Store(document, Salesforce(document).handlers())
