"""`specs/<vendor>/`: the facts of a vendor's API that mappings use, taken from the vendor's document and checked against it."""
