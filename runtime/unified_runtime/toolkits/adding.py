"""Addition of toolkits to the user's registry: any document, with its descriptions."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from unified_openapi.documents.load import parse_document
from unified_openapi.documents.reading import DocumentFault
from unified_openapi.facts.complete import entry, pack
from unified_openapi.facts.entries import FACTS
from unified_openapi.facts.shipped import shipped_vendors
from unified_runtime.core.errors import InvalidInput
from unified_runtime.toolkits import registry
from unified_runtime.toolkits.toolkit import Toolkit


def add(name: str, data: bytes, file: str, *, replace: bool = False) -> Toolkit:
    """Add the toolkit of a document to the user's registry, and return it.

    Args:
        name: the toolkit's name, and that of its vendor.
        data: the document: OpenAPI 3.0 to 3.2, Swagger 2.0 or Google Discovery, in JSON or YAML.
        file: the document's name in messages.
        replace: replace a toolkit of this name that the user has added.

    Raises:
        InvalidInput: the name or the document is not valid, or a toolkit of this name exists.
    """
    if not registry.NAME.fullmatch(name):
        raise InvalidInput(f"{name!r} is not a valid name: small letters, digits and hyphens, beginning with a letter")
    if name in shipped_vendors():
        raise InvalidInput(f"{name} is the name of a shipped vendor, which connections and policies refer to; choose another with --name")
    folder = registry.user_folder() / name
    if folder.exists() and not replace:
        raise InvalidInput(f"there is a toolkit {name!r} already; replace it with --replace, or choose another name with --name")
    try:
        document = parse_document(data, file)
    except ModuleNotFoundError as error:
        raise InvalidInput(f"reading a YAML document needs {error.name}: pip install 'unified-apis[gen]', or convert it to JSON") from None
    except DocumentFault as fault:
        span = fault.diagnostic.span
        raise InvalidInput(f"{span.file}:{span.line}:{span.column}: {fault.diagnostic.message}") from None
    packed = pack([entry(document, document.root)], level=1)
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Written beside it and then renamed: a reader finds the old file or the new one.
    descriptor, temporary = tempfile.mkstemp(dir=folder.parent)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(packed)
    folder.mkdir(exist_ok=True)
    Path(temporary).replace(folder / FACTS)
    return registry.toolkit(name)


def remove(name: str) -> None:
    """Remove a toolkit from the user's registry.

    Raises:
        InvalidInput: the user has added no toolkit of this name.
    """
    folder = registry.user_folder() / name
    if not registry.NAME.fullmatch(name) or not folder.is_dir():
        raise InvalidInput(f"no toolkit {name!r} was added")
    shutil.rmtree(folder)
