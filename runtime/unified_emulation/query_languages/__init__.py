"""Evaluators of vendors' query languages, read by their published grammars. They share no code with the writers of queries."""
