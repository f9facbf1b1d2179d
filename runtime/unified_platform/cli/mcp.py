"""`unified mcp`: the tools of an agent for clients of the Model Context Protocol."""

from __future__ import annotations

import asyncio
import os
import shlex
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from unified_platform.agents import registry
from unified_platform.catalog import capabilities
from unified_platform.catalog.toolsets import Toolset, parse_toolset
from unified_platform.cli.common import errors
from unified_platform.cli.recording import recorded
from unified_platform.common.extras import require_extra
from unified_runtime import IdempotencyStore, InvalidInput, configure
from unified_runtime.policy.enforcer import PolicyEnforcer

if TYPE_CHECKING:
    from unified_platform.approvals.store import ApprovalStore
    from unified_platform.mcp import Profile
    from unified_platform.programs import ProgramStore
    from unified_runtime.core.credentials import Secret
    from unified_runtime.core.observers import Observer

_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
AGENT = "mcp"
"""Caller of calls without a named agent."""
CONNECTIONS = 1000
"""HTTP connections at the same time."""


@click.command("mcp")
@click.option("--user", help="For whom to act: whose connections serve.")
@click.option("--team", help="What this team shares serves as well.")
@click.option("--agent", help="The agent, for policies, approvals and the audit log.")
@click.option("--agents", "agents_file", type=click.Path(path_type=Path), help="Its toolsets come from this file (agents.toml).")
@click.option("--toolsets", help="What may be used, such as tasks,comments.read,jira. Everything without.")
@click.option("--vendors", help="Of the connected vendors only these, such as jira,asana; all of these if none is connected.")
@click.option("--search", is_flag=True, help="Offer three tools that find and call the others, instead of all.")
@click.option("--programs", is_flag=True, help="Offer three tools that search the API, read it and run Python programs, instead of all.")
@click.option("--result-tokens", type=click.IntRange(min=200), default=4000, show_default=True, help="The most that a result may cost.")
@click.option("--policies", multiple=True, help="Files or folders of Cedar or Rego, or an OPA server, evaluated before every call.")
@click.option("--approve-here", is_flag=True, help="Request approvals from the client's user. They are recorded as given by --user.")
@click.option("--broker", metavar="URL", help="Call through this broker, with the agent's key in UNIFIED_BROKER_KEY.")
@click.option("--log", type=click.Choice(["json", "console"]), help="Write every call to standard error, as JSON or for people.")
@click.option("--http", "address", metavar="HOST:PORT", help="Serve streamable HTTP at /mcp there, instead of standard input and output.")
@click.option("--url", help="The URL under which HTTP clients know it, such as https://unified.example/mcp.")
@click.option("--issuer", help="The authorization server whose access tokens HTTP clients need.")
@click.option(
    "--access-token-claim",
    "access_token_claims",
    multiple=True,
    help="For an issuer whose access tokens have the type JWT and not at+jwt (RFC 9068): a claim that they have and ID tokens do not.",
)
@click.option("--scope", "scopes", multiple=True, help="A scope that an access token has to have.")
@click.option("--origin", "origins", multiple=True, help="A web page's origin that may call from a browser.")
@click.option(
    "--token-file",
    type=click.Path(path_type=Path),
    help="The token that HTTP clients need is in this file (mode 0600), which is made if it does not exist. Else it is that of "
    "UNIFIED_MCP_TOKEN, or a new one, which is printed.",
)
@click.option("--no-token", is_flag=True, help="Let every process of this machine call over HTTP without a token.")
def mcp(
    user: str | None,
    team: str | None,
    agent: str | None,
    agents_file: Path | None,
    toolsets: str | None,
    vendors: str | None,
    search: bool,
    programs: bool,
    result_tokens: int,
    policies: tuple[str, ...],
    approve_here: bool,
    broker: str | None,
    log: Literal["json", "console"] | None,
    address: str | None,
    url: str | None,
    issuer: str | None,
    access_token_claims: tuple[str, ...],
    scopes: tuple[str, ...],
    origins: tuple[str, ...],
    token_file: Path | None,
    no_token: bool,
) -> None:
    """Serve the tools to a client of the Model Context Protocol.

    Without --http, one client speaks by standard input and output: desktop clients start the command themselves. Connections come from the
    vault (`unified connect`), and from variables UNIFIED_<VENDOR>_<NAME> as for `unified call`. HTTP clients need a token, which is printed
    unless --token-file or UNIFIED_MCP_TOKEN has it. With --issuer, an HTTP client acts for the user whom its access token names, through
    that user's connections in the vault, and --user is left out. With --broker, connections and policies are the broker's, and no vendor's
    secret is on this machine.
    """
    with errors(False), ExitStack() as until:
        require_extra("mcp_types", "mcp", "unified mcp")
        from unified_platform import mcp as serving
        from unified_platform.cli.clients import client, of_broker

        if approve_here and (user is None or not policies):
            raise InvalidInput("--approve-here needs --user, who approves, and --policies, which require approvals")
        if issuer is not None and (user is not None or url is None or address is None):
            raise InvalidInput("--issuer needs --http and --url, and reads the user from the access token: remove --user")
        if access_token_claims and issuer is None:
            raise InvalidInput("--access-token-claim goes with --issuer")
        if (token_file is not None or no_token) and (address is None or issuer is not None or (token_file is not None and no_token)):
            raise InvalidInput("--token-file or --no-token, one of them, go with --http and without --issuer")
        if address is not None:
            host, port = _address(address)
            if no_token and host not in _LOOPBACK:
                raise InvalidInput(f"--no-token goes with an address of this machine such as 127.0.0.1:{port}: others reach {host}")
        if broker is not None and (policies or issuer is not None):
            raise InvalidInput("with --broker, policies and access tokens are the broker's: leave --policies and --issuer out")
        enforcer, approvals = _open_policies(policies)
        enforcer, observers = (enforcer, []) if broker is not None else _bounded(agent, agents_file, enforcer, until)
        if log is not None:
            from unified_platform.observability.logs import install

            observers.append(install(log, None, "uvicorn.error", "mcp"))
        if observers:
            configure(observers=observers)
            until.callback(configure, observers=None)
        profile = serving.Profile(
            user=user,
            team=team,
            agent=agent,
            toolsets=_toolsets(agent, agents_file, toolsets),
            vendors=_vendors(vendors),
            approver=user if approve_here else None,
        )
        if programs and search:
            raise InvalidInput("--programs and --search exclude each other: programs have a search of their own")
        store, idempotency = _program_stores() if programs else (None, None)
        called = (
            client(os.environ, user=user, enforcer=enforcer, idempotency=idempotency) if broker is None else of_broker(broker, os.environ)
        )
        made = serving.server(
            profile if issuer is None else _of_token(profile),
            client=called,
            approvals=approvals,
            search=search,
            result_tokens=result_tokens,
            programs=programs,
            program_store=store,
        )
        if address is None:
            from unified_platform.mcp.protocol_server import serve_stdio

            asyncio.run(serve_stdio(made))
            return
        verifier = serving.TokenVerifier(issuer, url or "", access_token_claims=access_token_claims) if issuer is not None else None
        token, shown = _token(token_file, no_token or issuer is not None)
        application = serving.http_app(made, url=url, verifier=verifier, issuer=issuer, scopes=scopes, origins=origins, token=token)
        if token is not None:
            click.echo(_first_steps(url or f"http://{host if host in _LOOPBACK else '127.0.0.1'}:{port}/mcp", token, shown), err=True)
        _listen(application, host, port, logged=log is not None)


def _program_stores() -> tuple[ProgramStore, IdempotencyStore]:
    """Open the store of programs, and the idempotency store that durable programs need."""
    require_extra("pydantic_monty", "programs", "unified mcp --programs")
    from unified_platform.idempotency.store import open_idempotency_store
    from unified_platform.programs import open_program_store

    return open_program_store(), open_idempotency_store()


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
    entries = capabilities.load()
    if file is not None:
        if agent is None or words is not None:
            raise InvalidInput("--agents needs --agent, and reads the toolsets from the file: remove --toolsets")
        return registry.load_agents(file, entries).toolset(agent)
    return parse_toolset(words, entries) if words is not None else None


def _vendors(words: str | None) -> tuple[str, ...] | None:
    return tuple(sorted({word.strip() for word in words.split(",") if word.strip()})) if words is not None else None


def _open_policies(policies: tuple[str, ...]) -> tuple[PolicyEnforcer | None, ApprovalStore | None]:
    if not policies:
        return None, None
    from unified_platform.approvals.store import ApprovalStore
    from unified_platform.audit.chain_keys import open_audit_log
    from unified_platform.policy.enforcer import open_enforcer

    made = open_enforcer(*policies, opens=open_audit_log)
    assert isinstance(made.approvals, ApprovalStore)
    return made, made.approvals


def _bounded(
    agent: str | None, file: Path | None, enforcer: PolicyEnforcer | None, until: ExitStack
) -> tuple[PolicyEnforcer | None, list[Observer]]:
    """Return the policy enforcer with the agent's quotas, and the observers that record its usage `until` the end."""
    allowed = registry.load_agents(file, capabilities.load()) if file is not None and agent is not None else None
    if allowed is None or agent not in allowed.quotas:
        return enforcer, [*until.enter_context(recorded(AGENT))]
    from unified_platform.usage.prices import default
    from unified_platform.usage.quota_store import QuotaStore
    from unified_platform.usage.recorder import UsageRecorder
    from unified_platform.usage.store import open_usage_store

    usage = open_usage_store(prices=default())
    quotas = QuotaStore(usage, allowed.quotas)
    enforcer = enforcer if enforcer is not None else PolicyEnforcer(allowed)
    enforcer.quotas = quotas
    return enforcer, [UsageRecorder(usage, quotas=quotas)]


def _token(file: Path | None, without: bool) -> tuple[Secret | None, str | None]:
    """Return the token of clients, and a shell expression for it if it is not printed."""
    from unified_platform.mcp import local_tokens

    if without:
        return None, None
    if file is not None:
        return local_tokens.of_file(file)[0], f"$(cat {shlex.quote(str(file.expanduser()))})"
    found = local_tokens.of_variable()
    return (found, f"${local_tokens.VARIABLE}") if found is not None else (local_tokens.generated(), None)


def _first_steps(url: str, token: Secret, shown: str | None) -> str:
    """Text with a command that can be copied."""
    where = "the token is in its file or variable" if shown is not None else "this token is valid until the server stops"
    text = shown if shown is not None else token.reveal()
    return (
        f"MCP at {url}. Clients need the header Authorization: Bearer TOKEN; {where}. For example:\n"
        f'  claude mcp add --transport http unified {shlex.quote(url)} --header "Authorization: Bearer {text}"'
    )


def _address(address: str) -> tuple[str, int]:
    host, colon, port = address.rpartition(":")
    if not colon or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise InvalidInput(f"--http accepts HOST:PORT, such as 127.0.0.1:8080, not {address!r}")
    return host or "127.0.0.1", int(port)


def _listen(application: Any, host: str, port: int, *, logged: bool) -> None:
    from unified_platform.broker.http_connections import ServerConfig, allow_files, run
    from unified_platform.broker.limits import Limits

    limits = Limits(connections=CONNECTIONS)
    allow_files(limits)
    options: dict[str, Any] = {"log_config": None} if logged else {}  # the log is set up already
    # All clients of this machine, and those behind its proxy, have one address: it has no limit of its own.
    run(ServerConfig(application, limits, ("127.0.0.0/8", "::1"), host=host.strip("[]"), port=port, log_level="warning", **options))
