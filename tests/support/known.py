"""Records of an emulated account: their ids by resource, as its lists return them, and other ids of the same form."""

from __future__ import annotations

import contextlib
import functools
import importlib
import importlib.resources
import inspect
import itertools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from tests.support import samples
from unified_runtime import Client, UnifiedError

_TRIES = 3
"""Records of another resource that a list is requested for, such as the projects of tasks."""
_CLASSES = (str.isdigit, str.islower, str.isupper)


@functools.cache
def resources(vendor: str) -> Mapping[str, Any]:
    """Return the resources of a vendor's catalog."""
    catalog = json.loads((importlib.resources.files("unified.catalog") / f"{vendor}.json").read_text(encoding="utf-8"))
    found: Mapping[str, Any] = catalog["resources"]
    return found


def known_records(vendor: str, made: Client, texts: Sequence[str]) -> dict[str, tuple[Any, ...]]:
    """Return the records that a vendor's lists return, by resource. Lists come after those whose ids they need.

    `texts` are tried by lists that require one to search for.
    """
    found: dict[str, tuple[Any, ...]] = {}
    waiting = {name for name, declared in resources(vendor).items() if {"list", "me"} & {*declared["operations"]}}
    while ready := {name: needed for name in sorted(waiting) if {*(needed := _needed(vendor, name)).values()} <= {*found, "text"}}:
        waiting -= {*ready}
        for name, needed in ready.items():
            choices = {each: texts if kind == "text" else [one.id for one in found[kind]] for each, kind in needed.items()}
            listed = {one.id: one for one in _listed(vendor, made, name, choices) if one.id}
            found[name] = tuple(listed.values())
    return {name: records for name, records in found.items() if records}


def _needed(vendor: str, resource: str) -> dict[str, str]:
    """Return the inputs that a list requires: the resource whose id each is, or `text`."""
    facade, declared = importlib.import_module(f"unified.{resource}"), resources(vendor)[resource]["operations"]
    if "list" not in declared:
        return {}
    given = inspect.signature(facade.list.build).parameters.values()
    names = {*declared["list"]["requires"], *(one.name for one in given if one.default is inspect.Parameter.empty)}
    return {name: "text" if name == "text" else samples.id_of(facade.list.name, name) or name for name in sorted(names)}


def _listed(vendor: str, made: Client, resource: str, choices: Mapping[str, Sequence[Any]]) -> Iterator[Any]:
    facade, declared = importlib.import_module(f"unified.{resource}"), resources(vendor)[resource]["operations"]
    if "list" in declared:
        for values in itertools.islice(itertools.product(*choices.values()), max(_TRIES, *map(len, choices.values()), 0)):
            try:
                for page in made.list(facade.list, facade.list.bind(dict(zip(choices, values, strict=True)))).pages():
                    yield from page.items
            except UnifiedError:  # not of every record, such as the custom fields of a repository without an organization
                continue
    if "me" in declared:
        with contextlib.suppress(UnifiedError):
            yield made.run(facade.me, facade.me.bind({}))


def ids_like(known: Iterable[str]) -> st.SearchStrategy[str]:
    """Generate ids of the form of known ones: their digits, small and capital letters are replaced by others that such ids have."""
    listed = [*known]
    letters = {of: sorted({each for one in listed for each in one if of(each)}) for of in _CLASSES}

    def one_like(id: str) -> st.SearchStrategy[str]:
        drawn = [st.sampled_from(next((found for of, found in letters.items() if of(each)), [each])) for each in id]
        return st.tuples(*drawn).map("".join)

    return st.sampled_from(listed).flatmap(one_like)
