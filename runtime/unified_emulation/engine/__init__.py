"""A stateful server derived from a vendor's document: request in, response out. It does not know the project's mappings."""
