"""Workload of all peers for Jira: the same issue, the same new issue, the same lists."""

from __future__ import annotations

import base64

USER, TOKEN = "me@example.com", "token"
KEY = "PROJ-1"
TITLE = "Fix the auth bug"
LISTED, FULL = 50, 100

ISSUE = "/rest/api/3/issue"
SEARCH = "/rest/api/3/search/jql"
ALL_FIELDS = "/full"
"""Prefix of paths for which the server returns issues with all fields, 15 KB each."""

NAMES = "summary,description,status,priority,issuetype,project,parent,assignee,creator,labels,duedate,resolutiondate,created,updated"
"""Fields of an issue of 2 KB."""

HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": "gzip",
    "Authorization": "Basic " + base64.b64encode(f"{USER}:{TOKEN}".encode()).decode(),
}
"""Prepared headers, so that authentication costs nothing."""

FIELDS = {
    "summary": TITLE,
    "project": {"key": "PROJ"},
    "issuetype": {"name": "Task"},
    "priority": {"name": "High"},
    "labels": ["backend"],
    "description": {
        "type": "doc",
        "version": 1,
        "content": [
            {"type": "paragraph", "content": [{"type": "text", "text": "The login page returns 500 after a reset."}]},
            {"type": "paragraph", "content": [{"type": "text", "text": "It has since yesterday."}]},
        ],
    },
}
"""New issue in Jira's own format."""

DESCRIPTION = "The login page returns 500 after a reset.\n\nIt has since yesterday."
"""The same text for clients that convert it to Jira's format."""


def query(most: int) -> dict[str, str]:
    """Return the query of a search."""
    return {"jql": "project=PROJ", "fields": NAMES, "maxResults": str(most)}
