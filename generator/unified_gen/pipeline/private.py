"""Package of private vendors: the part of a project's output that an application's own repository has, as one Python package.

Models of the distribution stay in the distribution. Imports in generated code are relative, so the package can have any name.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from unified_gen.lower.python import docstring, lit
from unified_gen.pipeline.results import Result
from unified_gen.render.engine import formatted, python, render

MARK = "Written by `gen build --into`"
"""Part of the docstring of each package that may be overwritten."""

_VENDORS = ("vendors/", "catalog/")
_OF_RESOURCE = ("{}.py", "aio/{}.py", "models/{}.py", "tools/{}.json")
_WITH_MODELS = ("models/__init__.py", "tools/__init__.py", "policy/__init__.py", "policy/schema.json")


class PrivateNameError(Exception):
    """A private vendor or model that has the name of one of the distribution."""


def private_files(
    result: Result, *, models: Mapping[str, str], shipped: Mapping[str, str], vendors: Collection[str], version: str
) -> dict[str, str]:
    """Return the files of the package, by their names in it.

    Args:
        result: the compiled project, without errors.
        models: the project's models: name of the record, by resource.
        shipped: the distribution's models.
        vendors: names of the distribution's vendors.
        version: version of the compiler.

    Raises:
        PrivateNameError: a vendor or model has the name of one of the distribution.
    """
    offers = {vendor.name: tuple(sorted(vendor.offers)) for vendor in result.vendors if not vendor.stats.draft}
    for name in offers:
        if name in vendors:
            raise PrivateNameError(
                f"mappings/vendors/{name}: unified-apis has a vendor {name!r}. Rename the folders mappings/vendors/{name} and specs/{name}"
            )
    own = sorted(set(models) & {resource for offered in offers.values() for resource in offered})
    for name in own:
        if name in shipped:
            raise PrivateNameError(
                f"mappings/models/{name}.yaml: unified-apis has a model of {name!r}. Remove this file to use that model, or rename it"
            )
        if models[name] in shipped.values():
            raise PrivateNameError(f"mappings/models/{name}.yaml: unified-apis has a model with the record {models[name]!r}. Rename it")
    below = {name.removeprefix("unified/"): text for name, text in result.files.items()}
    of_models = [form.format(name) for name in own for form in _OF_RESOURCE]
    files = {name: text for name, text in below.items() if name.startswith(_VENDORS)}
    files |= {name: below[name] for name in (*of_models, *(_WITH_MODELS if own else ()), "py.typed")}
    if own:
        files["aio/__init__.py"] = f'"""The resources of this package, async. {MARK}; do not edit."""\n'
    return dict(sorted({**files, **_manifest(offers, own, version)}.items()))


def _manifest(offers: Mapping[str, tuple[str, ...]], own: list[str], version: str) -> dict[str, str]:
    text = docstring(f"Private vendors: {', '.join(offers)}. {MARK}; do not edit.", "")
    source = render("private_package.py.j2", docstring=text, compiler=lit(version), vendors=lit(offers), resources=lit(tuple(own)))
    return formatted({"__init__.py": python(source)})
