"""The tools of an agent in the form of its framework: `from unified_platform.frameworks import langchain`.

Each module has one function, `tools`, with the parameters of `unified_platform.tools.tools`, which returns a list of the framework's own
tool objects, for sync and async use. A framework is imported with its module and never before. The result of a call is returned in the
framework's own way: a failure is its retry or error signal, with a text about what the model is to do next.

| module | a failure becomes |
|---|---|
| `langchain` | a `ToolMessage` with status `error` |
| `openai_agents` | the tool's output, as that SDK reports errors to a model |
| `anthropic` | `ToolError`, a `tool_result` with `is_error` |
| `pydantic_ai` | `ModelRetry` if other arguments help, else `ToolFailed` |
| `google_adk` | a response with `error` |
| `llama_index` | a `ToolOutput` with `is_error` |
| `crewai` | the tool's output: CrewAI has no signal for a failed call |
"""
