"""Policies: engines for Cedar, Rego and OPA servers, with checks and tests of policies."""
