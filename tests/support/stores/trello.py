"""Trello: everything is written in the query, and a card is read back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.support.store import Becomes, Call, Clock, Document, Handler, Record, Refused, Store, counter, paths_only

BOARDS = {"5f0000000000000000000b01": "Demo", "5f0000000000000000000b02": "Other"}
LISTS = {
    "5f00000000000000000001a1": ("To do", "5f0000000000000000000b01"),
    "5f00000000000000000001a2": ("Doing", "5f0000000000000000000b01"),
    "5f00000000000000000001a3": ("To do", "5f0000000000000000000b02"),
}
MEMBERS = {"5f0000000000000000000e01": "ada", "5f0000000000000000000e02": "wanda"}
LABELS = {"5f0000000000000000000f01": ("urgent", "red"), "5f0000000000000000000f02": ("later", "blue")}


class _Trello:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.clock = Clock()
        self.cards: dict[str, Record] = {}
        self.actions: dict[str, list[Record]] = {}
        self.ids = counter()
        # Parameters of post-cards and put-cards-id against components.schemas.Card.
        self.becomes: dict[str, Becomes] = {
            "idMembers": lambda value: {"idMembers": [_known(MEMBERS, one) for one in _listed(value)]},
            "idLabels": lambda value: {"idLabels": _listed(value), "labels": [_label(one) for one in _listed(value)]},
            "idList": lambda value: {"idList": value, "idBoard": LISTS[_known(LISTS, value)][1]},
            "idBoard": lambda value: {"idBoard": _known(BOARDS, value), "idList": _lists_of(value)[0]["id"]},
            "due": lambda value: {"due": _instant(value)},
            "start": lambda value: {"start": _instant(value)},
            "pos": lambda value: {"pos": {"top": 1.0, "bottom": 65536.0}.get(value, value)},
        }

    def handlers(self) -> dict[str, Handler]:
        return {
            "post-cards": self.create,
            "get-cards-id": lambda call: _shown(call, self._card(call.path["id"])),
            "put-cards-id": self.update,
            "delete-cards-id": self.delete,
            "get-boards-id-cards": lambda call: self.list(call, "visible"),
            "get-boards-id-cards-filter": lambda call: self.list(call, call.path["filter"]),
            "get-lists-id-cards": lambda call: [_shown(call, one) for one in self.cards.values() if one["idList"] == call.path["id"]],
            "get-boards-id-lists": lambda call: _lists_of(call.path["id"]),
            "get-boards-id-lists-filter": lambda call: _lists_of(call.path["id"]),
            "get-boards-id-customfields": lambda call: [_field(call.path["id"])],
            "get-boards-id-labels": lambda _: [_label(one) for one in LABELS],
            "post-cards-id-actions-comments": self.comment,
            "get-cards-id-actions": self.comments,
            "get-actions-id": lambda call: self._action(call)[1],
            "put-actions-id": self.change_comment,
            "delete-actions-id": self.delete_comment,
            "get-boards-id": lambda call: _shown(call, _board(call.path["id"])),
            "get-members-id-boards": lambda call: [_shown(call, _board(one)) for one in BOARDS],
            "get-boards-id-members": lambda _: [_member(one) for one in MEMBERS],
            "get-members=id": lambda call: _shown(call, _member(next(iter(MEMBERS)) if call.path["id"] == "me" else call.path["id"])),
            "get-search-members": lambda call: [_member(n) for n, name in MEMBERS.items() if call.query["query"].lower() in name],
        }

    def create(self, call: Call) -> Any:
        number = next(self.ids)
        card_id = f"{0x6F000000 + number:08x}" + "0" * 16  # the first four bytes are the time of creation
        record: Record = {
            "id": card_id, "name": "", "desc": "", "closed": False, "due": None, "start": None, "dueComplete": False, "idMembers": [],
            "idLabels": [], "labels": [], "idShort": number, "shortUrl": f"https://trello.com/c/{number}",
            "url": f"https://trello.com/c/{number}/card", "dateLastActivity": self.clock.tick(),
        }  # fmt: skip
        self._write(record, call.query)
        self.cards[card_id] = record
        return record

    def update(self, call: Call) -> Any:
        record = self._card(call.path["id"])
        self._write(record, call.query)
        record["dateLastActivity"] = self.clock.tick()
        return record

    def delete(self, call: Call) -> Any:
        del self.cards[self._card(call.path["id"])["id"]]
        return {}

    def list(self, call: Call, which: str) -> Any:
        """`filter` of get-boards-id-cards-filter: all, closed, none, open, visible."""
        board = _known(BOARDS, call.path["id"])
        wanted = {"all": (True, False), "closed": (True,), "none": (), "open": (False,), "visible": (False,)}[which]
        found = [card for card in self.cards.values() if card["idBoard"] == board and card["closed"] in wanted]
        before = call.query.get("before")
        older = sorted((card["id"] for card in found if before is None or card["id"] < before), reverse=True)
        page = {*older[: call.query.get("limit", 1000)]}
        return [_shown(call, card) for card in found if card["id"] in page]

    def comment(self, call: Call) -> Any:
        card = self._card(call.path["id"])
        action: Record = {
            "id": f"{0x7F000000 + next(self.ids):08x}" + "0" * 16,
            "type": "commentCard",
            "idMemberCreator": next(iter(MEMBERS)),
            "memberCreator": _member(next(iter(MEMBERS))),
            "date": self.clock.tick(),
            "data": {"text": call.query["text"], "card": paths_only(card, ("id", "name", "idShort"))},
        }
        self.actions.setdefault(card["id"], []).insert(0, action)
        return action

    def change_comment(self, call: Call) -> Any:
        _, action = self._action(call)
        action["data"]["text"] = call.query["text"]
        return action

    def delete_comment(self, call: Call) -> Any:
        actions, action = self._action(call)
        actions.remove(action)
        return {}

    def _action(self, call: Call) -> tuple[list[Record], Record]:
        for actions in self.actions.values():
            for action in actions:
                if action["id"] == call.path["id"]:
                    return actions, action
        raise Refused(404)

    def comments(self, call: Call) -> Any:
        """`page` counts from 0; a page has at most 50 tasks unless `limit` is given."""
        found = self.actions.get(self._card(call.path["id"])["id"], [])
        size, page = call.query.get("limit", 50), call.query.get("page", 0)
        return found[page * size : (page + 1) * size]

    def _write(self, record: Record, inputs: Mapping[str, Any]) -> None:
        reads = self.document.schema("#/components/schemas/Card")
        # idBoard implies a list and idList a board; if both are given the list decides.
        ordered = dict(sorted(inputs.items(), key=lambda item: item[0] == "idList"))
        self.document.write(record, ordered, reads=reads, becomes=self.becomes)

    def _card(self, card_id: str) -> Record:
        if card_id not in self.cards:
            raise Refused(404)
        return self.cards[card_id]


def _shown(call: Call, record: Record) -> Record:
    requested = call.query.get("fields", "all")
    names = requested if isinstance(requested, list) else requested.split(",")
    return record if names == ["all"] else {"id": record["id"]} | paths_only(record, names)


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [part for part in str(value).split(",") if part]


def _instant(value: Any) -> Any:
    if value in (None, "", "null"):  # the parameters' descriptions: the word null clears
        return None
    return f"{value}T00:00:00.000Z" if len(value) == 10 else value


def _known(known: Mapping[str, Any], key: str) -> str:
    if key not in known:
        raise Refused(404)
    return key


def _lists_of(board: str) -> list[Record]:
    _known(BOARDS, board)
    return [{"id": n, "name": name, "closed": False, "pos": 1.0, "idBoard": of} for n, (name, of) in LISTS.items() if of == board]


def _label(label_id: str) -> Record:
    name, color = LABELS[_known(LABELS, label_id)]
    return {"id": label_id, "name": name, "color": color, "idBoard": next(iter(BOARDS))}


def _board(board_id: str) -> Record:
    name = BOARDS[_known(BOARDS, board_id)]
    return {"id": board_id, "name": name, "desc": "", "closed": False, "url": f"https://trello.com/b/{board_id}"}


def _member(member_id: str) -> Record:
    found = next((n for n, name in MEMBERS.items() if member_id in (n, name)), None)
    if found is None:
        raise Refused(404)
    name = MEMBERS[found]
    return {"id": found, "username": name, "fullName": name.title(), "url": f"https://trello.com/{name}", "email": f"{name}@example.net"}


def _field(board: str) -> Record:
    return {
        "id": "5f0000000000000000000d01", "idModel": _board(board)["id"], "modelType": "board", "type": "list", "name": "Stage",
        "display": {"cardFront": True},
        "options": [{"id": "5f0000000000000000000d11", "value": {"text": "Plan"}}],
    }  # fmt: skip


def store(document: Document) -> Store:
    return Store(document, _Trello(document).handlers())
