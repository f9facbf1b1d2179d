"""Web application whose users connect their own accounts, and an agent that acts for each of them.

Start `unified emulate jira todoist` and, in another terminal and this folder, `uvicorn two_users:app`.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Request
from pydantic_ai import Agent
from pydantic_ai.models.test import TestModel
from starlette.middleware.sessions import SessionMiddleware

from unified import Client
from unified_platform.frameworks import pydantic_ai
from unified_platform.vault import open_vault
from unified_platform.web import Connect


def current_user(request: Request) -> str:
    if "user" not in request.session:  # your own login
        raise HTTPException(401, "open /login/alice first")
    return request.session["user"]


User = Annotated[str, Depends(current_user)]
connect = Connect(
    open_vault(),
    url="http://127.0.0.1:8000/connect",
    name="Acme",
    user=lambda request: request.session.get("user"),
    vendors=["jira", "todoist"],
    emulated="http://127.0.0.1:4600",  # without this line, the vendors themselves
)
client = Client(vault=connect.source())
model = TestModel(call_tools=["tasks_list"])  # lists tasks; your own: "anthropic:claude-sonnet-4-5"

app = FastAPI()
app.add_middleware(SessionMiddleware, secret_key="replace this")
app.mount("/connect", connect.app)


@app.get("/login/{user}")
def login(user: str, request: Request) -> str:
    request.session["user"] = user
    return f"logged in as {user}"


@app.get("/link/{vendor}")
def link(vendor: str, user: User) -> str:
    return connect.connect_link(user=user, vendor=vendor, return_to="/ask?question=My+tasks")


@app.get("/ask")
def ask(question: str, user: User) -> str:
    if all(account.state != "connected" for account in connect.status(user)):
        return f"Connect an account: {connect.connect_link(user=user, return_to='/ask?question=My+tasks')}"
    agent = Agent(model, tools=pydantic_ai.tools(user=user, toolsets=["tasks"], client=client))
    return agent.run_sync(question).output
