"""`unified mcp`: the tools of an agent for clients of the Model Context Protocol."""

from __future__ import annotations

import asyncio
import os
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from unified_platform import agents, catalog
from unified_platform.cli.common import errors
from unified_platform.cli.recording import recorded
from unified_platform.extras import extra
from unified_platform.toolsets import Toolset, parse
from unified_runtime import InvalidInput, observe
from unified_runtime.control.guard import Guard

if TYPE_CHECKING:
    from unified_platform.control.approvals import ApprovalStore
    from unified_platform.mcp import Profile
    from unified_runtime.observing import Observer

AGENT = "mcp"
"""Who called where no agent is named."""


@click.command("mcp")
@click.option("--user", help="For whom to act: whose connections serve.")
@click.option("--team", help="What this team shares serves as well.")
@click.option("--agent", help="Which agent it is, for policies, approvals and the audit trail.")
@click.option("--agents", "agents_file", type=click.Path(path_type=Path), help="Its toolsets come from this file (agents.toml).")
@click.option("--toolsets", help="What may be used, such as tasks,comments.read,jira. Everything without.")
@click.option("--vendors", help="The vendors to reach, such as jira,asana; those that are connected without.")
@click.option("--search", is_flag=True, help="Offer three tools that find and call the others, instead of all.")
@click.option("--result-tokens", type=click.IntRange(min=200), default=4000, show_default=True, help="The most that a result may cost.")
@click.option("--policies", multiple=True, help="Files or folders of Cedar or Rego, or an OPA server, asked before every call.")
@click.option("--approve-here", is_flag=True, help="Ask the client's user for approvals. They are noted as given by --user.")
@click.option("--broker", metavar="URL", help="Call through this broker, with the agent's key in UNIFIED_BROKER_KEY.")
@click.option("--log", type=click.Choice(["json", "console"]), help="Write every call to standard error, as JSON or for people.")
@click.option("--http", "address", metavar="HOST:PORT", help="Serve streamable HTTP at /mcp there, instead of standard input and output.")
@click.option("--url", help="The URL under which HTTP clients know it, such as https://unified.example/mcp.")
@click.option("--issuer", help="The authorization server whose access tokens HTTP clients need.")
@click.option("--scope", "scopes", multiple=True, help="A scope that an access token has to have.")
@click.option("--origin", "origins", multiple=True, help="A web page's origin that may call from a browser.")
def mcp(
    user: str | None,
    team: str | None,
    agent: str | None,
    agents_file: Path | None,
    toolsets: str | None,
    vendors: str | None,
    search: bool,
    result_tokens: int,
    policies: tuple[str, ...],
    approve_here: bool,
    broker: str | None,
    log: Literal["json", "console"] | None,
    address: str | None,
    url: str | None,
    issuer: str | None,
    scopes: tuple[str, ...],
    origins: tuple[str, ...],
) -> None:
    """Serve the tools to a client of the Model Context Protocol.

    Without --http, one client speaks by standard input and output: desktop clients start the command themselves. Connections come from the
    vault (`unified connect`), and from variables UNIFIED_<VENDOR>_<NAME> as for `unified call`. With --issuer, an HTTP client acts for the
    user whom its access token names, through that user's connections in the vault, and --user is left out. With --broker, connections and
    policies are the broker's, and no vendor's secret is on this machine.
    """
    with errors(False), ExitStack() as until:
        extra("mcp_types", "mcp", "unified mcp")
        from unified_platform import mcp as serving
        from unified_platform.connected import client, of_broker

        if approve_here and (user is None or not policies):
            raise InvalidInput("--approve-here needs --user, who approves, and --policies, which ask for it")
        if issuer is not None and (user is not None or url is None or address is None):
            raise InvalidInput("--issuer goes with --http and --url, and takes the user from the access token: leave --user out")
        if broker is not None and (policies or issuer is not None):
            raise InvalidInput("with --broker, policies and access tokens are the broker's: leave --policies and --issuer out")
        guard, approvals = _guarded(policies)
        guard, observers = (guard, []) if broker is not None else _bounded(agent, agents_file, guard, until)
        if log is not None:
            from unified_platform.observing.logs import install

            observers.append(install(log, None, "uvicorn.error", "mcp"))
        if observers:
            observe(*observers)
            until.callback(observe)
        profile = serving.Profile(
            user=user,
            team=team,
            agent=agent,
            toolsets=_toolsets(agent, agents_file, toolsets),
            vendors=_vendors(vendors),
            approver=user if approve_here else None,
        )
        made = serving.server(
            profile if issuer is None else _of_token(profile),
            client=client(os.environ, user=user, guard=guard) if broker is None else of_broker(broker, os.environ),
            approvals=approvals,
            search=search,
            result_tokens=result_tokens,
        )
        if address is None:
            from unified_platform.mcp.serving import serve_stdio

            asyncio.run(serve_stdio(made))
            return
        verifier = serving.TokenVerifier(issuer, url or "") if issuer is not None else None
        application = serving.http_app(made, url=url, verifier=verifier, issuer=issuer, scopes=scopes, origins=origins)
        _listen(application, address, logged=log is not None)


def _of_token(profile: Profile) -> Any:
    """Each client acts for the user that its access token names."""
    from dataclasses import replace

    from mcp.server.auth.middleware.auth_context import get_access_token

    def of(ctx: Any) -> Profile:
        token = get_access_token()
        if token is None or token.subject is None:
            raise InvalidInput("the request has no access token that names a user")
        return replace(profile, user=token.subject, agent=profile.agent or token.client_id)

    return of


def _toolsets(agent: str | None, file: Path | None, words: str | None) -> Toolset | None:
    entries = catalog.load()
    if file is not None:
        if agent is None or words is not None:
            raise InvalidInput("--agents goes with --agent, and takes the toolsets from the file: leave --toolsets out")
        return agents.load(file, entries).toolset(agent)
    return parse(words, entries) if words is not None else None


def _vendors(words: str | None) -> tuple[str, ...] | None:
    return tuple(sorted({word.strip() for word in words.split(",") if word.strip()})) if words is not None else None


def _guarded(places: tuple[str, ...]) -> tuple[Guard | None, ApprovalStore | None]:
    if not places:
        return None, None
    from unified_platform.control.approvals import ApprovalStore
    from unified_platform.control.opening import guard

    made = guard(*places)
    assert isinstance(made.approvals, ApprovalStore)
    return made, made.approvals


def _bounded(agent: str | None, file: Path | None, guard: Guard | None, until: ExitStack) -> tuple[Guard | None, list[Observer]]:
    """The guard that keeps the agent to its quotas as well, where it has any, and who keeps what calls came to `until` the end."""
    allowed = agents.load(file, catalog.load()) if file is not None and agent is not None else None
    if allowed is None or agent not in allowed.quotas:
        return guard, [*until.enter_context(recorded(AGENT))]
    from unified_platform.usage.ledger import open_usage
    from unified_platform.usage.prices import default
    from unified_platform.usage.quotas import StoredQuotas
    from unified_platform.usage.recording import UsageRecorder

    usage = open_usage(prices=default())
    quotas = StoredQuotas(usage, allowed.quotas)
    guard = guard if guard is not None else Guard(allowed)
    guard.quotas = quotas
    return guard, [UsageRecorder(usage, quotas=quotas)]


def _listen(application: Any, address: str, *, logged: bool) -> None:
    import uvicorn

    host, colon, port = address.rpartition(":")
    if not colon or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise InvalidInput(f"--http takes HOST:PORT, such as 127.0.0.1:8080, not {address!r}")
    options: dict[str, Any] = {"log_config": None} if logged else {}  # the log is set up already
    uvicorn.run(application, host=host.strip("[]") or "127.0.0.1", port=int(port), log_level="warning", **options)
