"""Zendesk: a ticket's first comment is its description, pages go by cursor, and searches are written in its search language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.support.store import Becomes, Call, Clock, Document, Handler, Record, Refused, Store, counter
from unified_emulation.query_languages import zendesk_search

GROUPS = {7001: "Support", 7002: "Billing"}
USERS = {501: ("Ada Admin", "admin"), 505: ("Wanda Worker", "agent"), 506: ("Otto Other", "agent")}
FIELDS = [
    {
        "id": 8001, "type": "tickettype", "title": "Type", "active": True, "required": False, "removable": False,
        "system_field_options": [{"name": word.capitalize(), "value": word} for word in ("question", "incident", "problem", "task")],
    },
    {
        "id": 8002, "type": "tagger", "title": "Stage", "active": True, "required": True, "removable": True,
        "custom_field_options": [{"id": 9001, "name": "Plan", "value": "stage_plan"}],
    },
    {"id": 8003, "type": "text", "title": "Former", "active": False, "required": False, "removable": True},
]  # fmt: skip
STATUSES = [
    {"id": 1, "status_category": "new", "agent_label": "New", "active": True},
    {"id": 2, "status_category": "hold", "agent_label": "Waiting for parts", "active": True},
    {"id": 3, "status_category": "solved", "agent_label": "Solved", "active": True},
]
_TIME = "2030-01-01T00:00:00Z"


class _Zendesk:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.clock = Clock()
        self.tickets: dict[int, Record] = {}
        self.comments: dict[int, list[Record]] = {}
        self.ids = counter()
        self.comment_ids = counter(90001)
        self.customers: dict[str, int] = {}
        self.customer_ids = counter(600)
        # components.schemas.TicketUpdateInput against components.schemas.TicketObject
        self.becomes: dict[str, Becomes] = {
            "group_id": lambda value: {"group_id": _known(GROUPS, value, "group_id")},
            "assignee_id": lambda value: {"assignee_id": _known(USERS, value, "assignee_id")},
            "requester": lambda value: {"requester_id": self._customer(value)},
            "requester_id": lambda value: {"requester_id": self._requester(value)},
            "custom_status_id": lambda value: {"custom_status_id": value, "status": self._status(value)["status_category"]},
            "tags": lambda value: {
                "tags": list(dict.fromkeys(tag.lower() for tag in value))
            },  # a ticket has no tag twice, and none in capitals
        }

    def handlers(self) -> dict[str, Handler]:
        return {
            "CreateTicket": self.create,
            "ShowTicket": lambda call: {"ticket": self._ticket(call)},
            "UpdateTicket": self.update,
            "DeleteTicket": self.delete,
            "ListTickets": lambda call: _page(call, "tickets", list(self.tickets.values())),
            "ListTicketComments": self.list_comments,
            "ExportSearchResults": self.search,
            "ListGroups": lambda call: _page(call, "groups", [_group(number) for number in GROUPS]),
            "ShowGroupById": lambda call: {"group": _group(_known(GROUPS, call.path["group_id"], None))},
            "ListTicketFields": lambda _: {"ticket_fields": FIELDS},
            "ListCustomStatuses": lambda _: {"custom_statuses": STATUSES},
            "ListUsers": lambda call: _page(call, "users", [_user(number) for number in USERS]),
            "SearchUsers": self.search_users,
            "ShowUser": self.read_user,
            "ShowCurrentUser": lambda _: {"user": _user(501)},
            "GET /api/v2/groups/{group_id}/users": self.people,
        }

    def create(self, call: Call) -> Any:
        """The document's text on a ticket's `comment`: the first one is the description."""
        inputs = dict(call.body["ticket"])
        comment = inputs.pop("comment", None)
        if not comment or not _text(comment).strip():
            raise _invalid("description", "Description: cannot be blank")
        number, now = next(self.ids), self._now()
        record: Record = {
            "id": number, "url": f"https://acme.zendesk.com/api/v2/tickets/{number}.json", "status": "open", "created_at": now,
            "updated_at": now, "requester_id": 501, "submitter_id": 501, "tags": [], "due_at": None, "description": _text(comment),
        }  # fmt: skip
        self._write(record, inputs)
        self.tickets[number] = record
        self.comments[number] = [self._comment(comment)]
        return {"ticket": record}

    def update(self, call: Call) -> Any:
        record = self._ticket(call)
        inputs = dict(call.body["ticket"])
        if record["status"] == "closed":
            raise _invalid("status", "Status: closed prevents ticket update")
        comment = inputs.pop("comment", None)
        if comment is not None and not _text(comment).strip():
            raise _invalid("comment", "Comment: cannot be blank")
        self._write(record, inputs)
        if comment is None:
            return {"ticket": record}
        added = self._comment(comment)
        self.comments[record["id"]].append(added)
        return {"ticket": record, "audit": {"id": added["audit_id"], "ticket_id": record["id"], "author_id": added["author_id"]}}

    def delete(self, call: Call) -> None:
        del self.tickets[self._ticket(call)["id"]]

    def list_comments(self, call: Call) -> Any:
        found = self.comments[self._ticket(call)["id"]]
        return _page(call, "comments", found[::-1] if call.query.get("sort") == "-created_at" else found)

    def search(self, call: Call) -> Any:
        if call.query.get("filter[type]") != "ticket":
            raise Refused(422, {"error": "invalid", "description": "filter[type] is required"})
        try:
            if "type" in zendesk_search.parsed(call.query["query"])[1]:
                raise ValueError("`type` is a parameter of this search")
            matches = zendesk_search.predicate(call.query["query"], _values)
        except ValueError as error:
            raise Refused(422, {"error": "invalid", "description": str(error)}) from None
        found = [ticket for ticket in self.tickets.values() if matches(ticket)]
        return _page(call, "results", found)

    def search_users(self, call: Call) -> Any:
        words, _ = zendesk_search.parsed(call.query.get("query", ""))
        found = [_user(number) for number, (name, _) in USERS.items() if all(word.lower() in name.lower() for word in words)]
        page, size = call.query.get("page", 1), min(call.query.get("per_page", 100), 100)
        return {"users": found[(page - 1) * size : page * size], "count": len(found)}

    def read_user(self, call: Call) -> Any:
        for address, number in self.customers.items():
            if number == call.path["user_id"]:
                name = address.partition("@")[0]
                return {"user": {"id": number, "name": name, "email": address, "role": "end-user", "active": True, "created_at": _TIME}}
        return {"user": _user(_known(USERS, call.path["user_id"], None))}

    def people(self, call: Call) -> Any:
        _known(GROUPS, call.path["group_id"], None)
        return _page(call, "users", [_user(number) for number in USERS])

    def _write(self, record: Record, inputs: Mapping[str, Any]) -> None:
        if not str(inputs.get("subject", "x")).strip():
            raise _invalid("subject", "Subject: cannot be blank")
        if inputs.get("status") == "new" and record["status"] != "new" and "subject" in record:
            raise _invalid("status", "Status: cannot be set back to new")
        kind = inputs.get("type", record.get("type"))
        saved = {name: value for name, value in inputs.items() if name != "due_at" or kind == "task"}  # the text of `due_at`: tasks have it
        self.document.write(record, saved, reads=self.document.schema("#/components/schemas/TicketObject"), becomes=self.becomes)
        record["updated_at"] = self._now()

    def _customer(self, value: Mapping[str, Any]) -> int:
        """Return the id of the user with an address; an unknown address becomes a new end user."""
        address = value["email"].lower()
        if "@" not in address:
            raise _invalid("requester", f"Requester: Email: {address} is not properly formatted")
        known = {_user(number)["email"]: number for number in USERS} | self.customers
        return known[address] if address in known else self.customers.setdefault(address, next(self.customer_ids))

    def _requester(self, number: int) -> int:
        return number if number in self.customers.values() else _known(USERS, number, "requester_id")

    @staticmethod
    def _status(number: int) -> Record:
        for status in STATUSES:
            if status["id"] == number:
                return status
        raise _invalid("custom_status_id", f"Custom status: {number} is invalid")

    def _comment(self, inputs: Mapping[str, Any]) -> Record:
        body = _text(inputs)
        return {
            "id": next(self.comment_ids), "type": "Comment", "author_id": 501, "body": body, "plain_body": body, "html_body": body,
            "public": inputs.get("public", True), "attachments": [], "audit_id": next(self.comment_ids), "created_at": self._now(),
        }  # fmt: skip

    def _ticket(self, call: Call) -> Record:
        if call.path["ticket_id"] not in self.tickets:
            raise Refused(404, {"error": "RecordNotFound", "description": "Not found"})
        return self.tickets[call.path["ticket_id"]]

    def _now(self) -> str:
        return self.clock.tick().replace(".000Z", "Z")


_SEARCHED = {
    "assignee": "assignee_id", "created": "created_at", "due_date": "due_at", "group": "group_id", "priority": "priority",
    "status": "status", "tags": "tags", "ticket_type": "type", "updated": "updated_at",
}  # fmt: skip
"""Properties of a search, and of the tickets that it finds."""


def _values(ticket: Mapping[str, Any], name: str) -> tuple[Any, ...]:
    """Return the values of a property of a search; without a name, the texts that its words are searched in."""
    if not name:
        return (str(ticket.get("subject", "")), ticket["description"])
    value = ticket.get(_SEARCHED.get(name, name))
    return tuple(value) if isinstance(value, list) else () if value is None else (value,)


def _text(comment: Mapping[str, Any]) -> str:
    """Return the text of a comment, which is given as HTML or as plain text."""
    return str(comment.get("html_body") or comment.get("body", ""))


def _page(call: Call, name: str, records: list[Any]) -> Any:
    """Cursor pagination: `page[size]` is 100 unless given, the last page has a cursor too."""
    size, start = call.query.get("page[size]", 100), int(call.query.get("page[after]", "c0")[1:])
    end = start + size
    meta = {"has_more": end < len(records), "after_cursor": f"c{end}", "before_cursor": f"c{start}"}
    return {name: records[start:end], "meta": meta}


def _known(known: Mapping[int, Any], number: int, field: str | None) -> int:
    if number in known:
        return number
    raise (
        Refused(404, {"error": "RecordNotFound", "description": "Not found"}) if field is None else _invalid(field, f"{number} is invalid")
    )


def _invalid(field: str, message: str) -> Refused:
    """Return an error in the format of https://developer.zendesk.com/api-reference/introduction/requests/ for a rejected record."""
    details = {field: [{"description": message, "error": "InvalidValue"}]}
    return Refused(422, {"error": "RecordInvalid", "description": "Record validation errors", "details": details})


def _group(number: int) -> Record:
    return {"id": number, "name": GROUPS[number], "description": "", "deleted": False, "created_at": _TIME, "updated_at": _TIME}


def _user(number: int) -> Record:
    name, role = USERS[number]
    return {
        "id": number,
        "name": name,
        "email": f"{name.split()[0].lower()}@example.net",
        "role": role,
        "active": True,
        "created_at": _TIME,
    }


def store(document: Document) -> Store:
    return Store(document, _Zendesk(document).handlers())
