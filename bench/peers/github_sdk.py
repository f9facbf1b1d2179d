"""Peer: the package PyGithub."""

from __future__ import annotations

import itertools
import sys

from github import Auth, Github
from peer_protocol import repeated, serve
from workload import LISTED, TITLE, TOKEN

client = Github(
    base_url=f"{sys.argv[1]}/gh",
    auth=Auth.Token(TOKEN),
    seconds_between_requests=None,
    seconds_between_writes=None,
    per_page=LISTED,
    lazy=True,
)
repository = client.get_repo("acme/app")  # lazy: sends no request before an attribute is read


def get() -> None:
    assert repository.get_issue(1).title


def create() -> None:
    made = repository.create_issue(TITLE, body="The login page returns 500 after a reset.", labels=["backend"])
    assert repository.get_issue(made.number).title


def listing() -> None:
    assert sum(1 for _ in itertools.islice(repository.get_issues(), LISTED)) == LISTED


serve({"get": repeated(get), "create": repeated(create), "list": repeated(listing)}, "PyGithub", "requests")
