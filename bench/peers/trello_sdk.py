"""Peer: the package py-trello. Trello's address is hard-coded; a replacement of `requests` sends to the loopback server."""

from __future__ import annotations

import sys
from typing import Any

import requests
from peer_protocol import repeated, serve
from trello import Board, List, TrelloClient
from workload import LISTED, TITLE, TOKEN

server = sys.argv[1]


class Requests:
    """`requests` with another server."""

    @staticmethod
    def request(method: str, url: str, **options: Any) -> requests.Response:
        return requests.request(method, url.replace("https://api.trello.com", server, 1), **options)  # noqa: S113  as the package does


client = TrelloClient("key", TOKEN, http_service=Requests)
board = Board(client, board_id="b1", name="Board")
column = List(board, "l1", name="To do")


def get() -> None:
    assert client.get_card("c1").id == "c1"


def create() -> None:
    assert client.get_card(column.add_card(TITLE, desc="The login page returns 500 after a reset.").id).id == "c1"


def listing() -> None:
    assert len(column.list_cards()) == LISTED


serve({"get": repeated(get), "create": repeated(create), "list": repeated(listing)}, "py-trello", "requests")
