"""Sections of docs/reference/benchmarks.md in their order: texts and tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bench import hostile, toolkits
from bench.broker import soak_table
from bench.builds import COMPLETE_DOCUMENTS, MODELS_ONLY
from bench.call_profile import stored_tables
from bench.catalog_growth import SIZES, subject_name
from bench.clients import CLIENTS, TABLES
from bench.tool_counts import recall_table, token_table


@dataclass(frozen=True, slots=True)
class Table:
    """Table of a group: subjects that were measured in the same rounds."""

    group: str
    baseline: str
    """Subject that the others are compared with."""
    unit: str = "ms"
    floor: str | None = None
    """Subject whose time is subtracted from the others before comparing."""
    memory: bool = False
    plot: bool = False
    """True if the ratios are also plotted."""


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    text: str
    tables: tuple[Table, ...]
    counted: Callable[[], Sequence[str]] | None = None
    """Function that returns lines of counts, which do not come from a measurement."""
    expected: tuple[str, ...] = ()
    """Subjects that the page lists as not installed if a run has no values of them."""


_PYTHON = "python -c pass"
_GET = "httpx2.Client.get, json()"

SECTIONS = (
    Section(
        "Clean builds",
        """
Complete processes. `gen build` reads models, mappings and documents, checks every path, and writes adapters, vendor
types, operations, models, catalog and tool schemas, all formatted. datamodel-code-generator writes pydantic models of
the same documents, in one process, with its fastest formatter, and nothing else; openapi-python-client (without its
formatter) and @hey-api/openapi-ts write complete clients.

*The vendors* are those of the catalog; `generated/` and the cache are removed before each build. A *complete
document* is the vendor's own file instead of our slice, with the project's mappings: every operation and schema is read
and corrected, and the operations that mappings use are written. Nothing of it was built before; the files that all
vendors share (operations, models, tool schemas) were (*shared files too*: they were not). The project has no
mappings for Stripe. openapi-python-client rejects a document whose status codes are numbers, like Asana's, and leaves
out operations that it does not support.

The goal for Asana's document is 0.2, as for Jira's and GitHub's. datamodel-code-generator needs half as long for it
as for Jira's, and two thirds of the remaining time are the same for any document or grow with its text only:
importing the compiler, jinja2, click and yaml is about a third, reading three megabytes of YAML another, two thirds
of that in libyaml's events. These and the imports take 0.15 before anything is compiled. A reader for plain block
style halved the reading, and was rejected ([why](../explanation/decisions/009-yaml.md)).
""",
        (
            Table("clean build, the vendors", MODELS_ONLY, memory=True),
            *(Table(one.group, MODELS_ONLY, memory=True, plot=True) for one in COMPLETE_DOCUMENTS),
        ),
    ),
    Section(
        "Unchanged build",
        """
Complete processes: `gen build` in a project that is built already, compared with starting Python.
""",
        (Table("unchanged build", _PYTHON),),
    ),
    Section(
        "Catalog growth",
        f"""
Asana's mapping and facts under other names, {", ".join(map(str, SIZES[:-1]))} and {SIZES[-1]} times, each number in a
project of its own; complete processes, and calls to a server on loopback. A build is linear if each further vendor
costs the same; import, first call with its memory, and every further call do not depend on the number of vendors. An
unchanged build imports only what reads and hashes files. Half a millisecond for each vendor is the time for its 17
input and output files, which could be saved only by trusting modification times.
""",
        (
            Table("catalog growth, clean build", subject_name(SIZES[0]), memory=True),
            Table("catalog growth, each further vendor", f"from {SIZES[0]} to {SIZES[1]}"),
            Table("catalog growth, unchanged build", "python -c pass"),
            Table("catalog growth, import", subject_name(SIZES[0]), floor="python -c pass"),
            Table("catalog growth, first call", subject_name(SIZES[0]), floor="python -c pass", memory=True),
            Table("catalog growth, call", subject_name(SIZES[0]), "µs"),
        ),
    ),
    Section(
        "Imports",
        """
Complete processes. The ratio is without the time of starting Python, round by round.
""",
        (
            Table("imports", "import httpx2", floor=_PYTHON),
            Table("imports, tools and MCP", "import mcp.server.lowlevel.server", floor=_PYTHON),
        ),
    ),
    Section(
        "First call of a cold process",
        """
Complete processes, from nothing to one issue read from a server on loopback; the ratio is again without starting
Python.
""",
        (Table("first call", "httpx2: import, client, get, json()", floor=_PYTHON),),
    ),
    Section(
        "Calls",
        """
CPU time of the client process for one operation; a server on loopback, in a process of its own, returns fixed
responses. The bare client sends the same requests with prepared URL, headers and body, and parses each response with
`json()`. `create` is two requests for both: POST, then GET. `list` is one page of 50 issues of 2 KB. Async: 20
operations at once by `asyncio.gather`, time per operation.

Of a list's machine instructions, 28 % are decoding, most of that skipping unused properties; the rest is mostly
creating 50 records of 18 fields, some 800 dictionary entries and 116 timestamps converted to UTC. Responses are
searched for secrets: those here have no escapes (`\\`), which would take 30 µs more for each 100 KB. Lazy fields for
everything would cost less, and more for callers that read all fields.
""",
        (
            Table("get", _GET, "µs"),
            Table("create", "httpx2.Client.post and get, json()", "µs"),
            Table("list", _GET, "µs"),
            Table("get, async", "httpx2.AsyncClient.get, json()", "µs"),
            Table("create, async", "httpx2.AsyncClient.post and get, json()", "µs"),
            Table("list, async", "httpx2.AsyncClient.get, json()", "µs"),
        ),
    ),
    Section(
        "Governed calls",
        """
The same calls with every feature: the input checked, a Cedar policy of three rules for the arguments and each
request, a rate limiter, the credential from a warm vault, retries, two JSON events to `/dev/null`, metrics, and
OpenTelemetry's API without an SDK. Every call is about another task. A rule checks only if a title contains a word,
so the decision for one title is cached for the others; for `get` no rule reads a value that differs. *Cedar
evaluated each time*: one more rule compares the title with the host, which distinguishes all titles. A rule about the
time, the request or the record costs the same for each decision. Cedar gets only the values that rules read; about a
third of the remaining time is Cedar checking them by its schema. It is not disabled: it denies a call if a value is
ever encoded as another type than the policies were checked with.

Two fifths of what `get` executes are the plain call. The rest is spread over policy enforcement, the rate limiter,
two events and the metrics (*Profile of a call*); none is more than a twentieth of the total.
""",
        (
            Table("governed get", _GET, "µs"),
            Table("governed create", "httpx2.Client.post and get, json()", "µs"),
            Table("governed get, async", "httpx2.AsyncClient.get, json()", "µs"),
        ),
    ),
    Section(
        "Other clients",
        """
The same calls by other libraries, each in a process and an environment of its own, all in the same rounds (`make
peers` installs them, pinned). Issues of 2 KB, a list of 50 of them, and 100 with all their fields, 15 KB each;
`asana`, PyGithub and py-trello get responses like their own vendors', with 2 KB too. A client that returns a dict
(`json()`) does less than one that returns records: types, dates, rich text, errors. `create` is POST and GET if a
client sends both; composio, LangChain's toolkit and FastMCP send only the first. py-trello sends three requests for a
card, each over a new connection. Composio's service calls the vendor itself, which is not in its figures.
""",
        tuple(Table(group, "httpx2, json()", "µs", plot=True) for group in TABLES),
        expected=tuple(client.name for client in CLIENTS),
    ),
    Section(
        "Decoding 100 full Jira issues",
        """
One response of 100 issues of 15 KB from its bytes, no HTTP; time per issue. *Narrow decode* reads only the adapter's
types from the bytes; *to Task models* is the adapter's complete reader: decoding, dates, one pydantic model each,
with the vendor's own object available and the description not converted; *descriptions read* also converts that to
Markdown, as an access does.
""",
        (Table("decoding", "orjson.loads", "µs"),),
    ),
    Section(
        "GraphQL calls",
        """
`tasks.get`, and `tasks.list` of 50 tasks, of Linear (GraphQL), Asana and Todoist (REST), with the response in memory.
The records have the same texts. Assignee, creator and project are objects at Linear and Asana, and plain ids at
Todoist; Linear's request has the query text.
""",
        (Table("graphql, get", "Asana, REST, nested", "µs"), Table("graphql, list", "Asana, REST, nested", "µs")),
    ),
    Section(
        "Policy rules about records",
        """
`tasks.list` of 50 trimmed issues, with the response in memory; one rule of the policy is about records, so each is
evaluated. *In one batch* is how a client does it; *one by one* calls the engine fifty times.
""",
        (Table("record rules", "no policy", "µs"),),
    ),
    Section(
        "Vault",
        """
A SQLite vault in a file, synchronous as it ships, and a connection whose secret is an access token of 1,200
characters. *Seal* creates a data key, wraps it and encrypts; *open* reverses both; AES-256-GCM once is one encryption
of the same text. *Get* reads a row, checks it against the manifest and decrypts it. *For a call, cold* is the first
call of a user, *warm* every further one within 30 seconds. *Refresh* acquires the lease, reads, calls a token
endpoint without a network, stores the new tokens durably and releases the lease; CPU time, so the disk's own is not
included. The calls are those of the sections before, with the credential from the vault and passed directly.
""",
        (
            Table("vault, seal and open", "AES-256-GCM once", "µs"),
            Table("vault, lookup", "SELECT of the row", "µs"),
            Table("vault, token refresh", "read and store", "µs"),
            Table("vault, call", "tasks.get, credential passed", "µs"),
        ),
    ),
    Section(
        "Observers",
        """
`tasks.get` of Jira, sync, without an observer, with each observer that ships, and with all of them: JSON events for
the call and its attempt written to `/dev/null`, two spans, and metrics. An OpenTelemetry SDK that exports nothing
creates spans and drops them; exporting them is the application's own.

An observer that does nothing has the cost that all of them share: two records, and the flow of the call in one more
generator. An event is a struct that msgspec encodes; the rest of its cost is the write. An SDK's two spans with their
attributes cost more than all else together.
""",
        (Table("observers", "no observer", "µs"),),
    ),
    Section(
        "Profile of a call",
        """
Of one `tasks.get` of Jira, sync, as above. Bytecode instructions are what Python executes, by module: the counts of
[a test](../../tests/contract/test_cost.py). Machine instructions are callgrind's, by library, without the kernel's.
Samples are py-spy's, by the package whose Python code was running or on the stack. `python -m bench.call_profile`
creates these tables.
""",
        (),
        stored_tables,
    ),
    Section(
        "Tokens of tools",
        """
Tokens of the definitions as compact JSON, as they are sent with every prompt. *Bare* is name, description and
parameters, to which the limits apply: 600 for the five tools of a model, 6,000 for a vendor. MCP's include output
schemas, which most clients do not send to models.
""",
        (),
        token_table,
    ),
    Section(toolkits.TITLE, toolkits.TEXT, (), counted=toolkits.stored_table),
    Section(
        "Tool search",
        """
Requests as users phrase them, each labelled with the tools that match it (`bench/requests.tsv`), in two halves.
Synonyms and weights were chosen with the tuning half. *Recall@n*: the share of requests with a right tool among the
first n. The time is that of one search, over all requests in turn. The baseline reads every tool, and ranks by how
many words of the request its text has.
""",
        (
            Table("search, the catalog", "words counted in every text", "µs"),
            Table("search, 10,000 tools", "words counted in every text", "µs"),
        ),
        recall_table,
    ),
    Section(
        "Programs",
        """
A checked [program](../how-to/programs.md) on a warm pool of workers, with a client that responds at once: the wall time
from its start to its first call (analysis, type check, a worker of the pool, the import of the stubs), and of complete
programs. CPU is that of the host's process; the type check and the program run in the worker.
""",
        (Table("programs", "type check only", "ms"),),
    ),
    Section(
        "Calls over MCP",
        """
One call of `tasks_get`, from the official client to a server in a process of its own, which calls a vendor on
loopback; the CPU time of both is counted. The bare server is written on the SDK's low-level server for this one tool:
it sends the request with httpx2 and returns the vendor's response. Ours checks the arguments, reads the record, and
marks vendor text.
""",
        (Table("MCP call, stdio", "bare SDK server", "µs"), Table("MCP call, HTTP", "bare SDK server", "µs")),
    ),
    Section(
        "Calls through the broker",
        """
`tasks.get` of Jira, sync, one at a time, through `unified broker serve` as it ships: SQLite, every decision and call
in the audit log, every call in the usage store. The CPU time of agent and broker together is counted. *In process* is
the same call with the same vault, policy, audit log and usage store in the agent's own process; the bare calls beside
it go to an application that does nothing, on the same HTTP server, whose time is counted as well. *Broker process
only* is the time of its process for a call, 20 at once: its inverse is the calls per second of a core.
""",
        (
            Table("through the broker", "in process, and 1.5 httpx2.Client.post to a bare uvicorn", "µs"),
            Table("broker process only", "the broker's process", "µs"),
        ),
    ),
    Section(
        "Soak test of the broker",
        """
`python -m bench.broker SECONDS`: twenty agents at once measure the maximum rate of one process of `unified broker
serve` for ten seconds, then send 80 % of it. As it ships: SQLite, three audit log entries per call: two on disk
before anything is sent, the third before the agent gets the response.
""",
        (),
        soak_table,
    ),
    Section(hostile.TITLE, hostile.TEXT, (), counted=hostile.stored_table),
)


class Short(NamedTuple):
    """Row of the summary table: title, measured group and subject, and goal."""

    title: str
    group: str
    subject: str
    goal: str = ""


MEMORY = (Short("Memory after a first call, 100 vendors", "catalog growth, first call", "100 vendors", "≤ 1.1"),)
"""Rows of the summary that compare the peak size of processes."""

SHORT = (
    Short("Clean build of the vendors", "clean build, the vendors", "gen build"),
    Short("Clean build of Jira's complete document", "clean build, Jira's complete document", "gen build", "≤ 0.2"),
    Short("Clean build of Asana's complete document", "clean build, Asana's complete document", "gen build", "≤ 0.2"),
    Short("Clean build of GitHub's complete document", "clean build, GitHub's complete document", "gen build", "≤ 0.2"),
    Short("Unchanged build", "unchanged build", "gen build, nothing changed"),
    Short("Unchanged build, 100 vendors", "catalog growth, unchanged build", "100 vendors", "≤ 150 ms"),
    Short("`import unified`", "imports", "import unified"),
    Short("`from unified import tasks`", "imports", "from unified import tasks", "≤ 5 ms"),
    Short("`from unified import tasks`, 300 vendors", "catalog growth, import", "300 vendors", "1, constant"),
    Short("First call of a cold process", "first call", "unified: import, connect, tasks.get", "≤ 1.2"),
    Short("A first call, 300 vendors", "catalog growth, first call", "300 vendors", "1, constant"),
    Short("A call, 300 vendors", "catalog growth, call", "300 vendors", "1, constant"),
    Short("A build for each further vendor, 300 vendors", "catalog growth, each further vendor", "from 100 to 300", "1, linear"),
    Short("`tasks.get`", "get", "tasks.get"),
    Short("`tasks.create`", "create", "tasks.create"),
    Short("`tasks.list` of 50", "list", "tasks.list", "≤ 0.6"),
    Short("`tasks.get`, async, 20 at once", "get, async", "tasks.get"),
    Short("`tasks.get`, governed", "governed get", "tasks.get, governed", "≤ 0.75"),
    Short("`tasks.create`, governed", "governed create", "tasks.create, governed", "≤ 0.75"),
    Short("`tasks.get`, governed, async, 20 at once", "governed get, async", "tasks.get, governed", "≤ 0.5"),
    Short("`import unified_platform.mcp`, with the SDK", "imports, tools and MCP", "from unified_platform.mcp import server"),
    Short("A call over MCP, stdio", "MCP call, stdio", "unified mcp"),
    Short("A call over MCP, HTTP", "MCP call, HTTP", "unified mcp"),
    Short("A call through the broker", "through the broker", "through the broker", "≤ 1"),
    Short("A search among 10,000 tools", "search, 10,000 tools", "Search.search"),
    Short("`tasks.get`, logged, traced and counted", "observers", "everything"),
    Short("`tasks.get`, its credential from the vault", "vault, call", "tasks.get, from the vault"),
    Short("100 full issues from bytes, narrow decode", "decoding", "narrow decode", "≤ 0.2"),
    Short("100 full issues from bytes, to `Task` models", "decoding", "to Task models", "≤ 0.3"),
)
"""Rows of the summary table."""
