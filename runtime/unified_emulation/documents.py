"""The document and the behaviour that a vendor's emulator is derived from."""

from __future__ import annotations

from unified_gen.pipeline.inputs import VendorInputs
from unified_openapi.behaviour.load import BEHAVIOUR, Behaviour, parse_behaviour
from unified_openapi.documents import Document, parse_document
from unified_openapi.documents.overlay import apply, parse_overlay


def document_of(vendor: VendorInputs) -> Document | None:
    """Return a vendor's facts with its overlay applied; None if it has none.

    Raises:
        DocumentFault: they cannot be read.
    """
    spec, overlay = vendor.spec("openapi.yaml"), vendor.spec("overlay.yaml")
    if spec is None:
        return None
    document = parse_document(spec[1], spec[0])
    return document if overlay is None else apply(document, parse_overlay(overlay[1].encode(), overlay[0]))


def behaviour_of(vendor: VendorInputs) -> Behaviour:
    """Return what is recorded about a vendor beyond its document.

    Raises:
        DocumentFault: the file cannot be read.
    """
    found = vendor.spec(BEHAVIOUR)
    return Behaviour() if found is None else parse_behaviour(found[1].encode(), found[0])
