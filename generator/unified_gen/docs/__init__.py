"""Reference pages in `docs/` that are generated from declarations in the code."""
