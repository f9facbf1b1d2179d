"""Turn a resolved mapping into straight-line Python: structs, readers, writers, operations."""
