"""GitHub: names are written and objects read, pull requests are among the issues, pages are found by the `Link` header."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from tests.support.store import Becomes, Call, Clock, Document, Handler, Record, Refused, Store, WithHeaders, counter
from unified_emulation.query_languages.github_search import parsed

API = "https://api.github.com"
REPOS = {"octo-org/demo": 7001, "octo-org/Other.repo": 7002}
USERS = {"ada": (1, "Ada Admin"), "wanda-w": (5, "Wanda Worker"), "otto": (6, None)}
TYPES = {101: "Bug", 102: "Feature", 103: "Task"}


class _GitHub:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.clock = Clock()
        self.issues: dict[str, dict[int, Record]] = {repo: {} for repo in REPOS}
        self.comments: dict[str, dict[int, list[Record]]] = {repo: {} for repo in REPOS}
        self.ids = counter(90001)
        # Bodies of issues/create and issues/update against components.schemas.issue.
        self.becomes: dict[str, Becomes] = {
            "title": lambda value: {"title": str(value)},
            "labels": lambda value: {"labels": [self._label(one) for one in _names(value, "name")]},
            "assignees": self._assignees,
            "assignee": lambda value: self._assignees([] if value is None else [value]),
            "type": lambda value: {"type": self._type(value)},
            "state": lambda value: {"state": value},
            "state_reason": lambda value: {"state_reason": value},
        }
        for repo in REPOS:  # "GitHub's REST API considers every pull request an issue": the description of issues/list-for-repo
            pull = self._new(repo, {"title": "A pull request"})
            pull["pull_request"] = dict.fromkeys(("diff_url", "html_url", "patch_url", "url"), f"{API}/repos/{repo}/pulls/1")

    def handlers(self) -> dict[str, Handler]:
        return {
            "issues/create": lambda call: self._new(self._repo(call), call.body),
            "issues/get": self._issue,
            "issues/update": self.update,
            "issues/add-sub-issue": self.add_sub_issue,
            "issues/list-sub-issues": self.sub_issues,
            "issues/list-for-repo": lambda call: self.listed(call, list(self.issues[self._repo(call)].values())),
            "issues/list": lambda call: self.listed(call, [each for issues in self.issues.values() for each in issues.values()]),
            "issues/create-comment": self.comment,
            "issues/list-comments": self.list_comments,
            "issues/get-comment": self.read_comment,
            "issues/update-comment": self.change_comment,
            "issues/delete-comment": self.delete_comment,
            "search/issues-and-pull-requests": self.search,
            "repos/get": lambda call: self._repository(self._repo(call), "full-repository"),
            "repos/list-for-authenticated-user": lambda call: _page(call, [self._repository(repo, "repository") for repo in REPOS]),
            "users/get-by-username": self.read_user,
            "users/get-authenticated": lambda _: self._user("ada", "private-user"),
            "issues/list-assignees": lambda call: _page(call, [self._user(login) for login in USERS]),
            "repos/list-issue-types": lambda call: [_type(number) for number in TYPES if self._repo(call)],
            "orgs/list-issue-fields": _fields,
            "search/users": self.search_users,
        }

    def update(self, call: Call) -> Any:
        issue = self._issue(call)
        self._write(issue, call.body)
        return issue

    def add_sub_issue(self, call: Call) -> Any:
        parent = self._issue(call)
        wanted = call.body["sub_issue_id"]
        child = next((each for issues in self.issues.values() for each in issues.values() if each["id"] == wanted), None)
        if child is None:
            raise Refused(404, {"message": "Not Found"})
        if child is parent or (child.get("parent_issue_url") and not call.body.get("replace_parent")):
            raise _invalid("sub_issue_id", "Issue may not have this parent")
        child["parent_issue_url"] = parent["url"]
        return parent

    def sub_issues(self, call: Call) -> Any:
        parent = self._issue(call)
        found = [each for issues in self.issues.values() for each in issues.values() if each.get("parent_issue_url") == parent["url"]]
        return _page(call, found)

    def listed(self, call: Call, issues: list[Record]) -> Any:
        """`state` is open unless given; `since` is compared with updated_at."""
        query = call.query
        state, since, assignee = query.get("state", "open"), query.get("since", ""), query.get("assignee")
        found = [
            issue
            for issue in issues
            if state in ("all", issue["state"])
            and issue["updated_at"] >= since
            and (assignee in (None, "*") or assignee in [each["login"] for each in issue["assignees"]])
        ]
        return _page(call, found[::-1])

    def search(self, call: Call) -> Any:
        try:
            query = parsed(call.query["q"], ("is", "in", "repo", "assignee", "updated", "state"))
        except ValueError as error:
            raise _invalid("q", str(error)) from None
        if not {"issue", "pull-request"} & {*query.qualifiers.get("is", ())}:
            raise _invalid("q", "Query must include 'is:issue' or 'is:pull-request'")
        repo, assignee, updated = query.one("repo"), query.one("assignee"), query.one("updated") or ">="
        state = query.one("state")
        if repo is not None and repo not in REPOS:
            raise _invalid("q", "The listed users and repositories cannot be searched")
        found = [
            issue
            for name, issues in self.issues.items()
            for issue in issues.values()
            if repo in (None, name)
            and ("pull_request" in issue) == ("pull-request" in query.qualifiers["is"])
            and (assignee is None or assignee in [each["login"] for each in issue["assignees"]])
            and state in (None, issue["state"])
            and issue["updated_at"] >= updated.removeprefix(">=")
            and all(word.lower() in f"{issue['title']} {issue.get('body')}".lower() for word in query.words)
        ]
        items = [self.document.filled(self.document.schema("#/components/schemas/issue-search-result-item"), each) for each in found]
        return _page(call, items, entire={"total_count": len(items), "incomplete_results": False, "search_type": "lexical"})

    def comment(self, call: Call) -> Any:
        issue, repo = self._issue(call), self._repo(call)
        now, number = self._now(), next(self.ids)
        record = {
            "id": number, "body": call.body["body"], "user": self._user("ada", "nullable-simple-user"), "created_at": now,
            "updated_at": now, "issue_url": issue["url"], "url": f"{API}/repos/{repo}/issues/comments/{number}",
        }  # fmt: skip
        found = self.document.filled(self.document.schema("#/components/schemas/issue-comment"), record)
        self.comments[repo].setdefault(issue["number"], []).append(found)
        return found

    def read_comment(self, call: Call) -> Record:
        for comments in self.comments[self._repo(call)].values():
            for comment in comments:
                if comment["id"] == int(call.path["comment_id"]):
                    return comment
        raise Refused(404, {"message": "Not Found"})

    def change_comment(self, call: Call) -> Record:
        comment = self.read_comment(call)
        comment |= {"body": call.body["body"], "updated_at": self._now()}
        return comment

    def delete_comment(self, call: Call) -> None:
        comment = self.read_comment(call)
        for comments in self.comments[self._repo(call)].values():
            comments[:] = [one for one in comments if one is not comment]

    def list_comments(self, call: Call) -> Any:
        return _page(call, self.comments[self._repo(call)].get(self._issue(call)["number"], []))

    def read_user(self, call: Call) -> Record:
        if call.path["username"] not in USERS:
            raise Refused(404, {"message": "Not Found"})
        return self._user(call.path["username"], "public-user")

    def search_users(self, call: Call) -> Any:
        query = parsed(call.query["q"], ("type", "in"))
        words = [word.lower() for word in query.words]
        found = [login for login, (_, name) in USERS.items() if all(word in f"{login} {name}".lower() for word in words)]
        items = [self._user(login, "user-search-result-item") for login in found]
        return _page(call, items, entire={"total_count": len(items), "incomplete_results": False})

    # ------------------------------------------------------------------ records
    def _new(self, repo: str, inputs: Mapping[str, Any]) -> Record:
        number, now = len(self.issues[repo]) + 1, self._now()
        url = f"{API}/repos/{repo}/issues/{number}"
        record: Record = {
            "id": next(self.ids), "number": number, "url": url, "repository_url": f"{API}/repos/{repo}", "state": "open",
            "html_url": f"https://github.com/{repo}/issues/{number}", "title": "", "body": None, "labels": [], "assignees": [],
            "user": self._user("ada", "nullable-simple-user"), "created_at": now, "updated_at": now, "closed_at": None,
        }  # fmt: skip
        record = self.document.filled(self.document.schema("#/components/schemas/issue"), record)
        self._write(record, inputs)
        self.issues[repo][number] = record
        return record

    def _write(self, record: Record, inputs: Mapping[str, Any]) -> None:
        if not str(inputs.get("title", "x")).strip():
            raise _invalid("title", "title can't be blank")
        before = record["state"]
        self.document.write(record, inputs, reads=self.document.schema("#/components/schemas/issue"), becomes=self.becomes)
        if record["state"] == "closed" and "state" in inputs:
            record["state_reason"] = inputs.get("state_reason") or "completed"
            record["closed_at"] = record["closed_at"] or self._now()
        elif record["state"] == "open":
            record["state_reason"] = "reopened" if before == "closed" else record.get("state_reason")
            record["closed_at"] = None
        record["updated_at"] = self._now()

    def _repo(self, call: Call) -> str:
        wanted = f"{call.path['owner']}/{call.path['repo']}"
        if wanted not in REPOS:
            raise Refused(404, {"message": "Not Found"})
        return wanted

    def _issue(self, call: Call) -> Record:
        issue = self.issues[self._repo(call)].get(call.path["issue_number"])
        if issue is None:
            raise Refused(404, {"message": "Not Found"})
        return issue

    def _assignees(self, logins: list[Any]) -> Mapping[str, Any]:
        names = _names(logins, "login")
        if not {*names} <= {*USERS}:
            raise _invalid("assignees", "assignees is invalid")
        return {
            "assignees": [self._user(login) for login in names],
            "assignee": self._user(names[0], "nullable-simple-user") if names else None,
        }

    def _type(self, value: Any) -> Record | None:
        name = value["value"] if isinstance(value, dict) else value
        if name is None:
            return None
        number = next((number for number, known in TYPES.items() if known == name), None)
        if number is None:
            raise _invalid("type", "type is invalid")
        return self.document.filled(self.document.schema("#/components/schemas/issue-type"), {"id": number, "name": name})

    def _label(self, name: str) -> Record:
        if not name.strip():
            raise _invalid("labels", "name can't be blank")
        return {"id": 1, "node_id": "x", "url": API, "name": name, "description": None, "color": "ededed", "default": False}

    def _user(self, login: str, schema: str = "simple-user") -> Record:
        number, name = USERS[login]
        record = {"login": login, "id": number, "name": name, "email": None, "type": "User", "user_view_type": "public"}
        if schema == "private-user":
            record |= {"user_view_type": "private", "email": f"{login}@example.net"}
        return self.document.filled(self.document.schema(f"#/components/schemas/{schema}"), record)

    def _repository(self, repo: str, schema: str) -> Record:
        record = {"id": REPOS[repo], "name": repo.partition("/")[2], "full_name": repo, "html_url": f"https://github.com/{repo}"}
        return self.document.filled(self.document.schema(f"#/components/schemas/{schema}"), record | {"archived": False})

    def _now(self) -> str:
        return self.clock.tick().replace(".000Z", "Z")


def _names(values: list[Any], key: str) -> list[str]:
    """Return names, given as such or in objects; each counts once."""
    return list(dict.fromkeys(one if isinstance(one, str) else one[key] for one in values))


def _invalid(field: str, message: str) -> Refused:
    """components.schemas.validation-error"""
    error = {"resource": "Issue", "field": field, "code": "invalid", "message": message}
    return Refused(422, {"message": "Validation Failed", "errors": [error], "documentation_url": "https://docs.github.com/rest"})


def _page(call: Call, items: list[Any], entire: Mapping[str, Any] | None = None) -> Any:
    """`page` counts from 1, `per_page` is 30 unless given and at most 100; `Link` has the next page's URL (RFC 8288)."""
    page, size = call.query.get("page", 1), min(call.query.get("per_page", 30), 100)
    chosen = items[(page - 1) * size : page * size]
    body = chosen if entire is None else {**entire, "items": chosen}
    if page * size >= len(items):
        return body
    query = urlencode({**dict(parse_qsl(call.request.query)), "page": page + 1})
    return WithHeaders(body, (("Link", f'<{API}{call.request.path}?{query}>; rel="next", <{API}/x?page=9>; rel="last"'),))


def _type(number: int) -> Record:
    return {"id": number, "node_id": f"IT_{number}", "name": TYPES[number], "description": None, "is_enabled": True}


def _fields(call: Call) -> list[Record]:
    if not any(repo.startswith(f"{call.path['org']}/") for repo in REPOS):
        raise Refused(404, {"message": "Not Found"})
    options = [{"id": 1, "name": "Plan"}, {"id": 2, "name": "Build"}]
    return [{"id": 301, "node_id": "IFSS_301", "name": "Stage", "data_type": "single_select", "options": options}]


def store(document: Document) -> Store:
    return Store(document, _GitHub(document).handlers())
