"""Runs of the behaviour suite, in `specs/<vendor>/verified.yaml`: what was checked where, and when."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import Meta, Struct, field

from unified_openapi.behaviour.common import Date, Words
from unified_openapi.diagnostics.codes import BAD_BEHAVIOUR
from unified_openapi.diagnostics.model import finding
from unified_openapi.documents.reading import DocumentFault, yaml_node
from unified_openapi.source.nodes import plain

VERIFIED = "verified.yaml"
"""Name of the file in a vendor's folder."""
Where: TypeAlias = Literal["emulator_of_others", "real_server", "live_account"]
Count: TypeAlias = Annotated[int, Meta(ge=0)]


class Checked(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Results of the checks of one unified operation."""

    held: Count = 0
    broken: Count = 0
    undecided: Count = 0
    reasons: Annotated[tuple[str, ...], Meta(description="What did not hold, without values of the account.")] = ()


class SuiteRun(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A run of the suite."""

    basis: Annotated[Where, Meta(description="What it ran against.")]
    product: Annotated[Words, Meta(description="Name of the product, with the version of an installed server.")]
    checked: Date
    operations: Annotated[dict[str, Checked], Meta(description="Results by unified operation: `tasks.create`.")]
    facts: Annotated[tuple[str, ...], Meta(description="Ids of the facts of behaviour.yaml that held.")] = ()
    differences: Annotated[tuple[str, ...], Meta(description="Checks with another result than at the vendor's emulator.")] = ()


class VerifiedFile(Struct, frozen=True, forbid_unknown_fields=True):
    """Runs of the behaviour suite against one vendor: specs/<vendor>/verified.yaml."""

    runs: tuple[SuiteRun, ...] = field(default=())


def load_verified(folder: Path) -> VerifiedFile:
    """Return the runs in `specs/<vendor>`; none if the folder has no such file.

    Raises:
        DocumentFault: the file is not valid.
    """
    path = folder / VERIFIED
    return parse_verified(path.read_bytes(), path.as_posix()) if path.is_file() else VerifiedFile()


def parse_verified(data: bytes, file: str) -> VerifiedFile:
    """Read runs from bytes.

    Raises:
        DocumentFault: they are not valid.
    """
    node = yaml_node(data, file)
    try:
        return msgspec.convert(plain(node), VerifiedFile, strict=True)
    except msgspec.ValidationError as error:
        raise DocumentFault(finding(BAD_BEHAVIOUR, str(error), node.span)) from None
