"""Policies: Cedar in this process, Rego here or at an OPA server, toolsets; checking, testing and explaining them."""
