"""Facts of API descriptions: paths, types, bounds and security of operations, without prose."""
