"""Text of input files: spans, pointers, YAML and JSON with the position of every part."""
