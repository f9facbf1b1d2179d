"""Behaviour of vendors beyond their documents: facts with evidence, in `specs/<vendor>/behaviour.yaml`."""
