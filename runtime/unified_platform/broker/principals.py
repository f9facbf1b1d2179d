"""Who calls: an agent with what it may do, as its key or token says; and for whom it may act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from unified_platform.broker.keys import ANY
from unified_platform.toolsets import Toolset
from unified_runtime.brokered.protocol import Whose
from unified_runtime.context import acting
from unified_runtime.control.policy import Question
from unified_runtime.errors import Denied

_MOST = 1000
"""For whom one principal may act, as far as that is remembered."""
_Block = acting


class Beyond(Denied):
    """What the agent wants is beyond what its key or token is for. No policy was asked."""


@dataclass(frozen=True, slots=True)
class Principal:
    """An agent that has shown who it is.

    `users` and `teams` are those it may act for, `*` among them for any. `subject` is the user whose own token says that the agent acts on
    their behalf; then no other is possible. `id` names the key or token in the audit trail, `facts` what else stands there.
    """

    agent: str
    toolset: Toolset
    id: str
    users: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    subject: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    _held: set[tuple[str, str, str, str]] = field(default_factory=set, init=False, repr=False, compare=False)
    """Tools that the toolset was found to hold; there are no more than the catalog has."""
    _blocks: dict[Whose, _Block] = field(default_factory=dict, init=False, repr=False, compare=False)
    """For whom it may act, as far as it has asked: what it may follows from the fields above, which do not change."""

    def within(self, question: Question) -> str | None:
        """Why a call is beyond the agent's toolsets; None if it is not."""
        tool = question.vendor, question.resource, question.operation, question.effect
        if tool in self._held:
            return None
        if self.toolset.holds(*tool):
            self._held.add(tool)
            return None
        return f"{question.name} via {question.vendor} is in no toolset of {self.id}"

    def acting(self, wanted: Whose) -> _Block:
        """The block in which the call is made, for whom the agent wants to act.

        Raises:
            Beyond: it may not.
        """
        block = self._blocks.get(wanted)
        if block is None:
            block = self._block(wanted)
            if len(self._blocks) >= _MOST:
                self._blocks.clear()
            self._blocks[wanted] = block
        return block

    def _block(self, wanted: Whose) -> _Block:
        if wanted.agent is not None and wanted.agent != self.agent:
            raise Beyond(f"{self.id} is agent {self.agent!r}'s and not {wanted.agent!r}'s")
        return acting(
            user=self._user(wanted),
            team=self._team(wanted),
            via=wanted.via,
            agent=self.agent,
            connection=wanted.connection,
            on_behalf_of=self._on_behalf_of(wanted),
        )

    def for_subject(self, user: str) -> None:
        """Raises:
        Beyond: the agent's key is not for this user.
        """
        if self.subject is not None or (self.users and ANY not in self.users and user not in self.users):
            raise Beyond(f"{self.id} is not for user {user!r}")

    def _user(self, wanted: Whose) -> str | None:
        if self.subject is not None:
            if wanted.user not in {None, self.subject}:
                raise Beyond(f"agent {self.agent!r} acts on behalf of {self.subject!r} here, and not for {wanted.user!r}")
            return self.subject
        if wanted.user is None:
            if len(self.users) == 1 and self.users[0] != ANY:
                return self.users[0]
            if self.users and ANY not in self.users:
                raise Beyond(f"{self.id} is for several users: say which, acting(user=...)")
            return None
        if ANY not in self.users and wanted.user not in self.users:
            raise Beyond(f"{self.id} is not for user {wanted.user!r}")
        return wanted.user

    def _team(self, wanted: Whose) -> str | None:
        if wanted.team is not None and ANY not in self.teams and wanted.team not in self.teams:
            raise Beyond(f"{self.id} is not for team {wanted.team!r}")
        return wanted.team

    def _on_behalf_of(self, wanted: Whose) -> str | None:
        if wanted.on_behalf_of not in {None, self.subject}:
            raise Beyond("on whose behalf an agent acts is told by that user's token, and by nothing that the agent says")
        return self.subject
