"""What docs/benchmarks.md tells, in its order: sections with their words, and the tables in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bench.brokering import soaked
from bench.building import MODELS_ONLY, WHOLE
from bench.clients import CLIENTS, TABLES
from bench.counting import costs, recalls
from bench.growing import SIZES, name
from bench.spending import spent


@dataclass(frozen=True, slots=True)
class Table:
    """How a group of subjects that were measured in the same rounds is shown."""

    group: str
    baseline: str
    """The subject that the others are compared with."""
    unit: str = "ms"
    floor: str | None = None
    """A subject whose time is taken off the others before comparing."""
    memory: bool = False
    plot: bool = False
    """Its ratios are drawn too."""


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    text: str
    tables: tuple[Table, ...]
    counted: Callable[[], Sequence[str]] | None = None
    """Lines of what is counted and not measured."""
    expected: tuple[str, ...] = ()
    """Subjects of which the page says so where a run has none of them."""


_PYTHON = "python -c pass"
_GET = "httpx2.Client.get, json()"

SECTIONS = (
    Section(
        "Clean builds",
        """
Whole processes. `gen build` reads models, mappings and documents, checks every path, and writes adapters, vendor types, facade, models,
catalog and tool schemas, all of it formatted. datamodel-code-generator writes pydantic models of the same documents, in one process, with
its fastest formatter, and nothing else; openapi-python-client (without its formatter) and @hey-api/openapi-ts write whole clients.

*The vendors* are those of the catalog, `generated/` and the cache removed before each build. A *whole document* is the vendor's own file
in the place of our extract, under the project's mappings: every operation and schema of it is read and mended, none is left out, and what
is written are the operations that mappings use. Nothing of it was built before; what all vendors share (facade, models, tool schemas),
which is no part of it, was (*all that is shared too*: it was not). The project has no mappings for
Stripe. openapi-python-client refuses a document whose status codes are numbers, as Asana's are, and leaves out operations that it does
not understand.

Asana's was meant to cost 0.2, as Jira's and GitHub's do. datamodel-code-generator takes half as long for it as for Jira's, and two thirds
of what is left here is the same for any document or grows with its text alone: importing the compiler, jinja2, click and yaml is about a
third, reading three megabytes of YAML another, and of that two thirds are libyaml's events. These and the imports come to 0.15 before
anything is compiled. A reader for plain block style alone halved the reading, and was not kept ([why](decisions/009-yaml.md)).
""",
        (
            Table("clean build, the vendors", MODELS_ONLY, memory=True),
            *(Table(one.group, MODELS_ONLY, memory=True, plot=True) for one in WHOLE),
        ),
    ),
    Section(
        "Unchanged build",
        """
Whole processes: `gen build` in a project that is built already, against starting Python.
""",
        (Table("unchanged build", _PYTHON),),
    ),
    Section(
        "Growth",
        f"""
Asana's mapping and facts under other names, {", ".join(map(str, SIZES[:-1]))} and {SIZES[-1]} times, each number in a project of its own;
whole processes, and calls to a server on loopback. A build is linear where each further vendor costs the same; import, first call and its
memory, and every further call do not depend on how many vendors there are. An unchanged build imports only what reads and hashes files.
Half a millisecond for each vendor is what its 17 files take, those that went in and those that came out, which it could only leave out by
trusting the times of files.
""",
        (
            Table("growing, clean build", name(SIZES[0]), memory=True),
            Table("growing, each further vendor", f"from {SIZES[0]} to {SIZES[1]}"),
            Table("growing, unchanged build", "python -c pass"),
            Table("growing, import", name(SIZES[0]), floor="python -c pass"),
            Table("growing, first call", name(SIZES[0]), floor="python -c pass", memory=True),
            Table("growing, call", name(SIZES[0]), "µs"),
        ),
    ),
    Section(
        "Importing",
        """
Whole processes. The ratio compares what is left when starting Python is taken off, round by round.
""",
        (
            Table("importing", "import httpx2", floor=_PYTHON),
            Table("importing, tools and MCP", "import mcp.server.lowlevel.server", floor=_PYTHON),
        ),
    ),
    Section(
        "A cold process up to its first answer",
        """
Whole processes, from nothing to one issue read from a server on loopback; the ratio is again without starting Python.
""",
        (Table("first call", "httpx2: import, client, get, json()", floor=_PYTHON),),
    ),
    Section(
        "Calls",
        """
CPU time of the client process for one operation; a server on loopback, in a process of its own, gives fixed answers. The bare client sends
the same requests with URL, headers and body ready made, and parses each answer with `json()`. `create` is two requests for both: POST, then
GET. `list` is one page of 50 issues of 2 KB. Async: 20 operations at once by `asyncio.gather`, time per operation.

Of a list's machine instructions 28 % are decoding, most of that passing over what is not read; the rest is mostly making 50 records of 18
fields, some 800 entries of dictionaries and 116 moments brought to UTC. Answers are looked through for secrets: those here hold no escapes
(`\\`), which would be 30 µs more for each 100 KB. Less would take records whose fields are read when they are looked at, as rich text is,
with more to pay for who looks at all of them.
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
The same calls with everything on: the input checked, a Cedar policy of three rules asked about the arguments and about each request, a
budget, the credential from a warm vault, retries armed, two JSON events to `/dev/null`, metrics, and OpenTelemetry's API without an SDK.
Every call is about another task. Of titles a rule asks whether they hold a word, and no more, so that what was allowed of one is remembered
for the others; of `get` no rule reads anything that differs. *Cedar asked each time*: one more rule compares the title with the host, which
tells every title from every other. That is what a rule about the time, the request or the record costs too, with each question. It is
shown what the rules read, and nothing else; about a third of what is left is Cedar checking that by its schema, and is kept: it is what
denies should a value ever be encoded as another type than policies were checked against.

Of what `get` executes, two fifths are the plain call. The rest is spread over the guard and its question, the budget, two events and the
metrics (*Where the rest goes*), of which none is more than a twentieth of all by itself.
""",
        (
            Table("governed get", _GET, "µs"),
            Table("governed create", "httpx2.Client.post and get, json()", "µs"),
            Table("governed get, async", "httpx2.AsyncClient.get, json()", "µs"),
        ),
    ),
    Section(
        "What else there is",
        """
The same calls by what people use instead, each in a process and an environment of its own, all in the same rounds (`make peers` installs
them, pinned). Issues of 2 KB, a list of 50 of them, and 100 with all their fields, 15 KB each; `asana`, PyGithub and py-trello are answered
as their own vendors do, with 2 KB too. A client that gives a dict (`json()`) does less than one that gives records: types, dates, rich
text, errors. `create` is POST and GET, where a client makes both; composio, LangChain's toolkit and FastMCP make the first alone. py-trello
asks three times for a card, over a new connection each. Composio's service asks the vendor itself, which is not in its figures.
""",
        tuple(Table(group, "httpx2, json()", "µs", plot=True) for group in TABLES),
        expected=tuple(client.name for client in CLIENTS),
    ),
    Section(
        "Reading 100 full Jira issues",
        """
One answer of 100 issues of 15 KB from its bytes, no HTTP; time per issue. *Narrow decode* is what the adapter's types take from the bytes;
*to Task models* is the adapter's whole reader: decoding, dates, one pydantic model each, with the vendor's own object kept at hand and
the description unread; *descriptions read* turns that to Markdown too, as looking at it does.
""",
        (Table("reading", "orjson.loads", "µs"),),
    ),
    Section(
        "Rules about records",
        """
`tasks.list` of 50 trimmed issues, with the answer at hand; one rule of the policy is about records, so each is judged. *In one batch* is
what a client does; *one by one* asks the engine fifty times.
""",
        (Table("record rules", "no policy", "µs"),),
    ),
    Section(
        "The vault",
        """
A SQLite vault in a file, synchronous as it ships, and a connection whose secret is an access token of 1,200 characters. *Seal* makes a
data key, wraps it and encrypts; *open* undoes both; AES-256-GCM once is one encryption of the same text. *Get* reads a row, checks it
against the manifest and opens it. *For a call, cold* is what the first call of a user does, *warm* what every further one within 30
seconds does. *Refresh* takes the lease, reads, asks a token endpoint without a network, stores the new tokens durably and gives the lease
back; CPU time, so the disk's own is not in it. The calls are those of the sections before, with the credential from the vault and given.
""",
        (
            Table("sealing", "AES-256-GCM once", "µs"),
            Table("looking up", "SELECT of the row", "µs"),
            Table("refreshing", "read and store", "µs"),
            Table("a credential", "tasks.get, given", "µs"),
        ),
    ),
    Section(
        "Observing calls",
        """
`tasks.get` of Jira, sync, with nobody told of it, with each observer that ships by itself, and with all of them: JSON events for the call
and its attempt written to `/dev/null`, two spans, and metrics. An SDK of OpenTelemetry that keeps nothing makes spans and drops them;
exporting them is the application's own.

One that does nothing costs what all of them share: two records, and the flow of the call passing through one more generator. An event is a
struct that msgspec encodes; the rest of it is the write. An SDK's two spans with their attributes are more than all else together.
""",
        (Table("observing", "no observer", "µs"),),
    ),
    Section(
        "Where the rest goes",
        """
Of one `tasks.get` of Jira, sync, as above. Bytecode instructions are what Python executes, by the module that they stand in: the counts
that [a test](../tests/contract/test_cost.py) holds to. Machine instructions are callgrind's, by the library that they stand in, the
kernel's not among them. Samples are py-spy's, by the package whose Python code was running or had called what was. `python -m
bench.spending` makes these tables.
""",
        (),
        spent,
    ),
    Section(
        "What tools cost",
        """
Tokens of the definitions as compact JSON, as they are sent with every prompt. *Bare* is name, description and parameters, for which the
budgets are: 600 for the five tools of a model, 6,000 for the catalog. MCP's hold output schemas as well, which clients mostly keep for
themselves.
""",
        (),
        costs,
    ),
    Section(
        "Finding tools",
        """
Requests as users phrase them, each labelled with the tools that answer it (`bench/requests.tsv`), in two halves. Synonyms and weights were
chosen looking at the tuning half. *Recall@n*: the share of requests of which a right tool is among the first n. The time is that of one
search, over all requests in turn. The baseline looks at every tool, and ranks by how many words of the request its text has.
""",
        (
            Table("search, the catalog", "words counted in every text", "µs"),
            Table("search, 10,000 tools", "words counted in every text", "µs"),
        ),
        recalls,
    ),
    Section(
        "Calls over MCP",
        """
One call of `tasks_get`, from the official client to a server in a process of its own, which asks a vendor on loopback; the CPU time of
both is counted. The bare server is written on the SDK's low-level server for this one tool: it asks with httpx2 and answers what the
vendor said. Ours checks the arguments, reads the record, and marks what is the vendor's.
""",
        (Table("MCP call, stdio", "bare SDK server", "µs"), Table("MCP call, HTTP", "bare SDK server", "µs")),
    ),
    Section(
        "Calls through the broker",
        """
`tasks.get` of Jira, sync, one at a time, through `unified broker serve` as it ships: SQLite, every decision and call in the audit trail,
every call in the ledger of usage. The CPU time of agent and broker together is counted. *In process* is the same call with the same
vault, guard, trail and ledger in the agent's own process; the bare calls beside it go to an application that does nothing, on the same
HTTP server, whose time is counted as well.
*The broker alone* is the time of its process for a call, 20 at once: calls a second for a core are its inverse.
""",
        (
            Table("through the broker", "in process, and 1.5 httpx2.Client.post to a bare uvicorn", "µs"),
            Table("the broker alone", "the broker's process", "µs"),
        ),
    ),
    Section(
        "A soak of the broker",
        """
`python -m bench.brokering SECONDS`: twenty agents at once find what one process of `unified broker serve` can for ten seconds, then ask for
80 % of it. As it ships: SQLite, three entries of the audit trail a call: two on disk before anything is sent, the third before the agent
is answered.
""",
        (),
        soaked,
    ),
)


class Short(NamedTuple):
    """A row of the table that the page begins with: a name for people, the group and subject that are measured, and what is aimed at."""

    title: str
    group: str
    subject: str
    goal: str = ""


MEMORY = (Short("Memory after a first call, 100 vendors", "growing, first call", "100 vendors", "≤ 1.1"),)
"""What is compared by the largest size of the process."""

SHORT = (
    Short("Clean build of the vendors", "clean build, the vendors", "gen build"),
    Short("Clean build of Jira's whole document", "clean build, Jira's whole document", "gen build", "≤ 0.2"),
    Short("Clean build of Asana's whole document", "clean build, Asana's whole document", "gen build", "≤ 0.2"),
    Short("Clean build of GitHub's whole document", "clean build, GitHub's whole document", "gen build", "≤ 0.2"),
    Short("Unchanged build", "unchanged build", "gen build, nothing changed"),
    Short("Unchanged build, 100 vendors", "growing, unchanged build", "100 vendors", "≤ 150 ms"),
    Short("`import unified`", "importing", "import unified"),
    Short("`from unified import tasks`", "importing", "from unified import tasks", "≤ 5 ms"),
    Short("`from unified import tasks`, 300 vendors", "growing, import", "300 vendors", "1, constant"),
    Short("A cold process up to its first answer", "first call", "unified: import, connect, tasks.get", "≤ 1.2"),
    Short("A first call, 300 vendors", "growing, first call", "300 vendors", "1, constant"),
    Short("A call, 300 vendors", "growing, call", "300 vendors", "1, constant"),
    Short("A build for each further vendor, 300 vendors", "growing, each further vendor", "from 100 to 300", "1, linear"),
    Short("`tasks.get`", "get", "tasks.get"),
    Short("`tasks.create`", "create", "tasks.create"),
    Short("`tasks.list` of 50", "list", "tasks.list", "≤ 0.6"),
    Short("`tasks.get`, async, 20 at once", "get, async", "tasks.get"),
    Short("`tasks.get`, governed", "governed get", "tasks.get, governed", "≤ 0.75"),
    Short("`tasks.create`, governed", "governed create", "tasks.create, governed", "≤ 0.75"),
    Short("`tasks.get`, governed, async, 20 at once", "governed get, async", "tasks.get, governed", "≤ 0.5"),
    Short("`import unified_platform.mcp`, with the SDK", "importing, tools and MCP", "from unified_platform.mcp import server"),
    Short("A call over MCP, stdio", "MCP call, stdio", "unified mcp"),
    Short("A call over MCP, HTTP", "MCP call, HTTP", "unified mcp"),
    Short("A call through the broker", "through the broker", "through the broker", "≤ 1"),
    Short("A search among 10,000 tools", "search, 10,000 tools", "Search.search"),
    Short("`tasks.get`, logged, traced and counted", "observing", "everything"),
    Short("`tasks.get`, its credential from the vault", "a credential", "tasks.get, from the vault"),
    Short("100 full issues from bytes, narrow decode", "reading", "narrow decode", "≤ 0.2"),
    Short("100 full issues from bytes, to `Task` models", "reading", "to Task models", "≤ 0.3"),
)
"""What the page begins with."""
