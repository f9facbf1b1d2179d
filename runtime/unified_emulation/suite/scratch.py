"""Scratch records of an account: the project, calendar, channel, space or table that a suite writes into."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

from unified_emulation.suite.session import SuiteSession
from unified_emulation.suite.targets import Target
from unified_gen.language.ast import Model
from unified_runtime.client.arguments import bind
from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.suggestions import did_you_mean

SCRATCH = "unified verify"
"""Name of a scratch record."""
CONTAINERS = ("projects", "calendars", "channels", "spaces", "workbooks", "tables")
"""Resources whose records hold others that people see: a suite writes into no other than the scratch one."""
_MOST = 2_000


def scratch_of(
    target: Target, models: Mapping[str, Model], given: Mapping[str, str], resources: Sequence[str]
) -> tuple[dict[str, list[str]], list[str]]:
    """Return the ids of the scratch records by resource, and the resources in which one has to be created.

    Args:
        target: the account.
        models: the models, by resource.
        given: ids that the caller states, by resource.
        resources: those that are verified; none: all.

    Raises:
        InvalidInput: the vendor lacks a resource of `given`, or a scratch record is missing and the vendor cannot create it.
    """
    session = SuiteSession(target, models)
    for name in given:
        if name not in target.adapter.catalog["resources"]:
            known = tuple(target.adapter.catalog["resources"])
            raise InvalidInput(f"{target.adapter.vendor.title} has no {name!r}{did_you_mean(name, known)}; it has {', '.join(known)}")
    found = {name: [id] for name, id in given.items()}
    missing = []
    for name in CONTAINERS:
        if name in found or not _needed(session, name, resources):
            continue
        id = _named(session, name)
        if id is not None:
            found[name] = [id]
        elif f"{name}.create" in target.adapter.operations and _ends(session, name):
            missing.append(name)
        else:
            title, one = target.adapter.vendor.title, name.removesuffix("s")
            raise InvalidInput(f"create a {one} named {SCRATCH!r} in {title}, or name one with --scratch {name}=ID: it is written into")
    return found, missing


def _needed(session: SuiteSession, container: str, resources: Sequence[str]) -> bool:
    """Return true if records of a verified resource are created in such a container."""
    for name, declared in session.adapter.catalog["resources"].items():
        create = session.operation(name, "create") if name in session.models else None
        if create is None or name == container or (resources and name not in resources):
            continue
        accepted = set(declared["operations"][create[1].name.value]["inputs"])
        fields = {field.name.value for field in session.models[name].fields if field.references == container}
        fields |= {given.name.value for given in create[1].inputs if given.references == container}
        if accepted & fields:
            return True
    return False


def _ends(session: SuiteSession, resource: str) -> bool:
    return any(f"{resource}.{name}" in session.adapter.operations for name in ("delete", "archive"))


def _named(session: SuiteSession, resource: str) -> str | None:
    """Return the id of the record with the name of a scratch record."""
    listed = session.operation(resource, "list")
    if listed is None:
        return None
    accepted = session.declared(resource, listed[1].name.value)
    values = {"text": SCRATCH} if "text" in accepted["requires"] else {}
    if set(accepted["requires"]) - {"text"}:
        return None
    records = session.client.list(listed[0], bind(listed[0], values))
    return next((each.id for each in itertools.islice(records, _MOST) if getattr(each, "name", None) == SCRATCH), None)
