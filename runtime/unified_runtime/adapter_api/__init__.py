"""Functions and types that generated adapters use: steps, input checks, pagination, codecs and query writers."""
