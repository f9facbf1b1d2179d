"""The package py-trello. It has Trello's address in its text; a stand-in for the module it sends with puts the loopback server's there."""

from __future__ import annotations

import sys
from typing import Any

import requests
from speaking import repeated, speak
from trello import Board, List, TrelloClient
from wanted import LISTED, TITLE, TOKEN

server = sys.argv[1]


class Requests:
    """`requests`, with another server."""

    @staticmethod
    def request(method: str, url: str, **options: Any) -> requests.Response:
        return requests.request(method, url.replace("https://api.trello.com", server, 1), **options)  # noqa: S113  as the package does


client = TrelloClient("key", TOKEN, http_service=Requests)
board = Board(client, board_id="b1", name="Board")
column = List(board, "l1", name="To do")


def get() -> None:
    assert client.get_card("c1").id == "c1"


def create() -> None:
    assert client.get_card(column.add_card(TITLE, desc="The login page answers 500 after a reset.").id).id == "c1"


def listing() -> None:
    assert len(column.list_cards()) == LISTED


speak({"get": repeated(get), "create": repeated(create), "list": repeated(listing)}, "py-trello", "requests")
