"""Text that tests share with the summary of a test run."""

FACTS_ONLY = " (facts only)"
"""Mark of a vendor document if its facts in `specs/<vendor>/facts.json.gz` were used instead."""
