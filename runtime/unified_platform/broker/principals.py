"""Principals: authenticated agents, with their toolset and the users and teams they may act for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from unified_platform.broker.agent_keys import ANY
from unified_platform.catalog.toolsets import Toolset
from unified_runtime.core.context import acting
from unified_runtime.core.errors import Denied
from unified_runtime.core.policy_decisions import PolicyRequest
from unified_runtime.core.wire.protocol import ActingFields
from unified_runtime.policy.written_fields import covers

_MOST = 1000
"""Maximum cached identities that one principal acts for."""
_Block = acting


class NotPermitted(Denied):
    """The call is outside the scope of the agent's key or token. No policy was evaluated."""


class StoredPrincipal(msgspec.Struct, frozen=True):
    """Principal of a saga or a program that the broker runs later, in a form that is stored signed or sealed."""

    agent: str
    by: str
    toolsets: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    subject: str | None = None
    facts: dict[str, Any] = {}

    def principal(self, toolset: Toolset) -> Principal:
        """Return the principal, with this toolset."""
        return Principal(self.agent, toolset, self.by, self.users, self.teams, self.subject, self.facts)


@dataclass(frozen=True, slots=True)
class Principal:
    """Authenticated agent.

    `users` and `teams` are those it may act for, `*` for any. `subject` is the user whose own token has the agent act on
    their behalf; then it may act for no other. `id` identifies the key or token in the audit log, `facts` are its further attributes.
    """

    agent: str
    toolset: Toolset
    id: str
    users: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    subject: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    _held: set[tuple[str, str, str, str]] = field(default_factory=set, init=False, repr=False, compare=False)
    """Cache of tools that the toolset includes; at most as many as the catalog has."""
    _blocks: dict[ActingFields, _Block] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Cache of identities that it has acted for: they follow from the fields above, which do not change."""

    def stored(self, toolsets: tuple[str, ...] = ()) -> StoredPrincipal:
        """Return what is stored of it, with the names of its toolsets."""
        return StoredPrincipal(self.agent, self.id, toolsets, self.users, self.teams, self.subject, dict(self.facts))

    def within(self, question: PolicyRequest) -> str | None:
        """Return the reason why a call is outside the agent's toolsets; None if it is not."""
        tool = question.vendor, question.resource, question.operation, question.effect
        if tool not in self._held:
            if not self.toolset.holds(*tool):
                return f"{question.name} via {question.vendor} is in no toolset of {self.id}"
            self._held.add(tool)
        if question.undetermined:
            names = self.toolset.extra
            missing = [path for path in question.undetermined if not any(covers(name, path) for name in names)]
            if missing:
                return f"extra {', '.join(missing)} is in no toolset of {self.id}"
        return None

    def acting(self, wanted: ActingFields) -> _Block:
        """Return the block in which the call is made, for the user or team requested by the agent.

        Raises:
            NotPermitted: the agent may not act for them.
        """
        block = self._blocks.get(wanted)
        if block is None:
            block = self._block(wanted)
            if len(self._blocks) >= _MOST:
                self._blocks.clear()
            self._blocks[wanted] = block
        return block

    def _block(self, wanted: ActingFields) -> _Block:
        if wanted.agent is not None and wanted.agent != self.agent:
            raise NotPermitted(f"{self.id} is agent {self.agent!r}'s and not {wanted.agent!r}'s")
        return acting(
            user=self._user(wanted),
            team=self._team(wanted),
            via=wanted.via,
            agent=self.agent,
            connection=wanted.connection,
            on_behalf_of=self._on_behalf_of(wanted),
        )

    def for_subject(self, user: str) -> None:
        """Check that the agent may act for a user.

        Raises:
            NotPermitted: the agent's key is not for this user.
        """
        if self.subject is not None or (self.users and ANY not in self.users and user not in self.users):
            raise NotPermitted(f"{self.id} is not for user {user!r}")

    def _user(self, wanted: ActingFields) -> str | None:
        if self.subject is not None:
            if wanted.user not in {None, self.subject}:
                raise NotPermitted(f"agent {self.agent!r} acts on behalf of {self.subject!r} here, and not for {wanted.user!r}")
            return self.subject
        if wanted.user is None:
            if len(self.users) == 1 and self.users[0] != ANY:
                return self.users[0]
            if self.users and ANY not in self.users:
                raise NotPermitted(f"{self.id} is for several users: choose one with acting(user=...)")
            return None
        if ANY not in self.users and wanted.user not in self.users:
            raise NotPermitted(f"{self.id} is not for user {wanted.user!r}")
        return wanted.user

    def _team(self, wanted: ActingFields) -> str | None:
        if wanted.team is not None and ANY not in self.teams and wanted.team not in self.teams:
            raise NotPermitted(f"{self.id} is not for team {wanted.team!r}")
        return wanted.team

    def _on_behalf_of(self, wanted: ActingFields) -> str | None:
        if wanted.on_behalf_of not in {None, self.subject}:
            raise NotPermitted("on_behalf_of comes from that user's token, and cannot be set by the agent")
        return self.subject
