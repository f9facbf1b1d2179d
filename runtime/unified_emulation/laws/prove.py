"""Proof of one vendor's compiled adapter: all laws, for all resources."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator, Mapping

from unified_emulation.documents import behaviour_of, document_of
from unified_emulation.engine.server import Emulator
from unified_emulation.laws.actions import Actions
from unified_emulation.laws.adapters import adapter
from unified_emulation.laws.inputs import Inputs
from unified_emulation.laws.lists import Lists
from unified_emulation.laws.reads import Reads
from unified_emulation.laws.session import EmulatorSession, Session
from unified_emulation.laws.verdicts import Law, State, Verdict
from unified_emulation.laws.writes import Writes
from unified_gen.language.ast import Model
from unified_gen.pipeline.inputs import VendorInputs

_DAY = 24 * 3600
_NO_SCHEME = "each authentication scheme needs a connection value that has no sample"


def verdicts(vendor: VendorInputs, files: Mapping[str, str], models: Mapping[str, Model]) -> tuple[Verdict, ...]:
    """Return the verdicts on a vendor's adapter, which is given as the texts of its compiled files.

    Raises:
        DocumentFault: the vendor's document cannot be read.
    """
    document = document_of(vendor)
    if document is None:
        return ()
    with adapter(vendor.name, files) as compiled:
        emulator = Emulator(document, behaviour_of(vendor))
        emulator.behaviour.clock = itertools.count(
            time.time(), _DAY
        ).__next__  # no request meets a rate limit, or a write that is not visible
        session = EmulatorSession(compiled, emulator, models)
        return tuple(_all(session) if session.connected else _unknown(session))


def _all(session: Session) -> Iterator[Verdict]:
    inputs = Inputs(session)
    resources = [resource for resource in session.adapter.catalog["resources"] if resource in session.models]
    for resource in sorted(resources, key=lambda name: -_references(session, name)):
        inputs.ids(resource)
    start = session.snapshot()
    for resource in resources:
        for laws in (Lists, Reads, Writes, Actions):
            session.restore(start)
            yield from laws(session, inputs, resource).verdicts()


def _unknown(session: Session) -> Iterator[Verdict]:
    """Yield a verdict on each operation of a vendor that cannot be called."""
    for resource, declared in session.adapter.catalog["resources"].items():
        for operation in declared["operations"]:
            yield Verdict(Law.REQUESTS, resource, operation, "", State.UNDECIDED, _NO_SCHEME)


def _references(session: Session, resource: str) -> int:
    """Return how many fields of all models hold ids of a resource: the records that others refer to are made first."""
    return sum(field.references == resource for model in session.models.values() for field in model.fields)
