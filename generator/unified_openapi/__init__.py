"""API descriptions as data: documents, schemas and facts of operations.

Documents in OpenAPI 3, Swagger 2.0 and Google Discovery are read into one form, in which every part knows its line. Compiler and runtime
may import this package; it imports neither. The packages, from the bottom:

- `source`: text of input files with positions, JSON pointers, YAML 1.2;
- `diagnostics`: findings and their codes;
- `requests`: serialization of parameters and bodies, which the runtime uses for each request;
- `documents`: loading, conversion, overlays, and operations with their parameters, bodies and responses;
- `schemas`: flattened schemas, paths into them, and patterns;
- `facts`: extraction of the facts of some operations, without prose, and the formats of their requests.

Dependencies: msgspec and PyYAML; jmespath for paths, pydantic-core for patterns, and jsonpath-rfc9535 for the overlay targets that are not
plain names, imported when one occurs.
"""
