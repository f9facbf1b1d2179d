"""What every peer that speaks Jira is asked to do: the same issue, the same new issue, the same lists."""

from __future__ import annotations

import base64

USER, TOKEN = "me@example.com", "token"
KEY = "PROJ-1"
TITLE = "Fix the auth bug"
LISTED, FULL = 50, 100

ISSUE = "/rest/api/3/issue"
SEARCH = "/rest/api/3/search/jql"
ALL_FIELDS = "/full"
"""Before a path: the server answers issues with all their fields there, 15 KB each."""

NAMES = "summary,description,status,priority,issuetype,project,parent,assignee,creator,labels,duedate,resolutiondate,created,updated"
"""The fields of an issue of 2 KB."""

HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": "gzip",
    "Authorization": "Basic " + base64.b64encode(f"{USER}:{TOKEN}".encode()).decode(),
}
"""Ready made: who sends these pays for no authentication."""

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
            {"type": "paragraph", "content": [{"type": "text", "text": "The login page answers 500 after a reset."}]},
            {"type": "paragraph", "content": [{"type": "text", "text": "It has since yesterday."}]},
        ],
    },
}
"""A new issue, in the vendor's own words."""

DESCRIPTION = "The login page answers 500 after a reset.\n\nIt has since yesterday."
"""The same text, for those who write the vendor's form of it themselves."""


def query(most: int) -> dict[str, str]:
    """What a search is asked with."""
    return {"jql": "project=PROJ", "fields": NAMES, "maxResults": str(most)}
