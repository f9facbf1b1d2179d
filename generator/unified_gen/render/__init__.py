"""Output of generated code: templates, the unified models, formatting."""
