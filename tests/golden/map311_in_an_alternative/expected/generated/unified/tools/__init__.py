"""Tool schemas, as data. Written by `gen build`; do not edit."""
