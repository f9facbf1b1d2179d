"""Vendor documents: reading what vendors publish into one OpenAPI 3 form, with a place in the file for every fact."""
