"""Look up everything a mapping names: operations, inputs, paths, references, codecs."""
