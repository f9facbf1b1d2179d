"""Files of `deploy/`, checked without containers: every name in them exists."""

from __future__ import annotations

import itertools
import json
import re
import subprocess
import sys
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
import yaml
from compose_spec import PyCompose
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from tests.observing.test_logs import record
from tests.support.servers import prometheus
from unified_platform.approvals.store import ApprovalStore
from unified_platform.audit.database import open_store
from unified_platform.broker.config import load
from unified_platform.inbox import open_inbox
from unified_platform.observability import Metrics
from unified_platform.observability.gauges import approvals_waiting, events_waiting, sagas
from unified_platform.observability.prometheus import host_and_port

DEPLOY = Path(__file__).parents[2] / "deploy"
DASHBOARDS = sorted((DEPLOY / "grafana" / "dashboards").glob("*.json"))
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
_METRIC = re.compile(r"\b(?:unified_\w+|\w+:unified_\w+:\w+)")


def exposed(folder: Path) -> set[str]:
    """Return the names of every sample that a process can show."""
    registry = CollectorRegistry()
    metrics = Metrics(registry)
    metrics.ended(record(vendor="jira", decision="allow", rate_limit_wait=1.0, retry_wait=1.0))
    metrics.webhook_lag("jira", 1.0)
    metrics.responded("/v1/call", 200)
    metrics.watch(approvals_waiting(ApprovalStore(open_store(folder / "control.db"))))
    metrics._attempts.labels("jira", "200").inc()
    metrics._bytes.labels("jira", "sent").inc()
    found = {sample.name for family in text_string_to_metric_families(generate_latest(registry).decode()) for sample in family.samples}
    return found | {*sagas(str(folder / "sagas.db")).names, *events_waiting(open_inbox(folder / "inbox.db")).names}


def recorded() -> set[str]:
    rules = yaml.safe_load((DEPLOY / "prometheus" / "rules.yml").read_text())
    return {rule["record"] for group in rules["groups"] for rule in group["rules"]}


def panels(dashboard: dict[str, Any]) -> list[dict[str, Any]]:
    return list(dashboard["panels"])


def expressions() -> list[tuple[str, str]]:
    found = [
        (f"{path.name}: {panel['title']}", target["expr"])
        for path in DASHBOARDS
        for panel in panels(json.loads(path.read_text()))
        for target in panel["targets"]
    ]
    for file in ("rules.yml", "alerts.yml"):
        groups = yaml.safe_load((DEPLOY / "prometheus" / file).read_text())["groups"]
        found += [(file + ": " + (rule.get("record") or rule["alert"]), rule["expr"]) for group in groups for rule in group["rules"]]
    return found


def test_every_queried_metric_exists(tmp_path: Path) -> None:
    known = exposed(tmp_path) | recorded()
    for where, expression in expressions():
        names = set(_METRIC.findall(expression))
        assert names or "up{" in expression, where
        assert names <= known, where


@pytest.mark.skipif(prometheus.missing() is not None, reason=prometheus.missing() or "")
def test_every_query_of_a_dashboard_is_promql() -> None:
    for where, expression in expressions():
        text = expression.replace("$__rate_interval", "5m").replace("$__range", "1h")
        done = subprocess.run(["promtool", "--experimental", "promql", "format", text], capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{where}: {done.stderr}"


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_the_panels_of_a_dashboard_have_names_of_their_own_and_do_not_lie_on_each_other(path: Path) -> None:
    dashboard = json.loads(path.read_text())
    found = panels(dashboard)
    assert len({panel["id"] for panel in found}) == len({panel["title"] for panel in found}) == len(found)
    variables = {variable["name"] for variable in dashboard["templating"]["list"]}
    for panel in found:
        used = set(re.findall(r"\$\{?(\w+)", json.dumps(panel["targets"]))) - {"__rate_interval", "__range"}
        assert used <= variables, panel["title"]
        assert panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24
    for first, second in itertools.combinations([panel["gridPos"] for panel in found], 2):
        beside = first["x"] + first["w"] <= second["x"] or second["x"] + second["w"] <= first["x"]
        below = first["y"] + first["h"] <= second["y"] or second["y"] + second["h"] <= first["y"]
        assert beside or below


def test_dashboards_have_ids_of_their_own() -> None:
    found = [json.loads(path.read_text())["uid"] for path in DASHBOARDS]
    assert len(set(found)) == len(found) == 2


# ------------------------------------------------------------------------------------------------ compose
def test_the_stack_matches_the_compose_specification() -> None:
    PyCompose.from_yaml((DEPLOY / "compose.yaml").read_text()).validate()


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("restart: unless-stopped", "restarts: always"),
        ("interval: 10s", "interval: ten"),
        ("condition: service_healthy", "condition: healthy"),
        ("networks: [watching]", "networks: [nowhere]"),
    ],
)
def test_invalid_compose_files_are_detected(right: str, wrong: str) -> None:
    text = (DEPLOY / "compose.yaml").read_text()
    assert right in text
    with pytest.raises(ValueError, match=wrong.partition(" ")[2] if "restarts" not in wrong else "restarts"):
        PyCompose.from_yaml(text.replace(right, wrong, 1)).validate()


def test_hadolint_finds_nothing_in_the_dockerfile() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    done = subprocess.run([hadolint, "--no-color", DEPLOY / "Dockerfile"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_files_named_by_services_exist() -> None:
    services = COMPOSE["services"]
    for name, service in services.items():
        assert ("image" in service) != ("build" in service), name
        assert re.search(r":[^:]*\d", service.get("image", ":1")), f"{name} has no version"
        assert set(service["networks"]) <= set(COMPOSE["networks"]), name
        assert set(service.get("depends_on", ())) <= set(services), name
        for mounted in service.get("volumes", ()):
            source = mounted.split(":")[0]
            assert (DEPLOY / source).exists() if source.startswith(".") else source in COMPOSE["volumes"], mounted
        for needed, how in service["depends_on"].items() if isinstance(service.get("depends_on"), dict) else ():
            assert how["condition"] != "service_healthy" or "healthcheck" in services[needed], name
    built = services["broker"]["build"]
    assert (DEPLOY / built["context"] / built["dockerfile"]).is_file()


def test_published_ports_are_local_only() -> None:
    for name, service in COMPOSE["services"].items():
        for port in service.get("ports", ()):
            assert port.startswith("127.0.0.1:"), name


def test_each_secret_is_an_environment_variable() -> None:
    text = (DEPLOY / "compose.yaml").read_text()
    requested = set(re.findall(r"\$\{(\w+):\?", text))
    assert requested == {line.partition("=")[0] for line in (DEPLOY / ".env.example").read_text().splitlines() if "=" in line}
    assert not re.search(r"\$\{\w+\}|\$\{\w+:-", text)


def test_the_files_that_a_dockerfile_copies_are_there() -> None:
    for words in re.findall(r"^COPY (?!--from)(.+) \S+$", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE):
        for name in words.split():
            assert (DEPLOY.parent / name).exists(), name


def test_the_broker_accepts_its_settings_and_all_addresses_match() -> None:
    config = load(DEPLOY / "broker.toml")
    _, port = host_and_port(config.metrics or "")
    scraped = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yml").read_text())["scrape_configs"][0]["static_configs"][0]["targets"]
    assert scraped == [f"broker:{port}"]
    assert f"reverse_proxy broker:{config.port} " in (DEPLOY / "Caddyfile").read_text()
    own = COMPOSE["services"]["caddy"]["networks"]["edge"]["ipv4_address"]
    assert config.proxies == (own,)
    assert ip_address(own) in ip_network(COMPOSE["networks"]["edge"]["ipam"]["config"][0]["subnet"])
    assert {"broker", "prometheus"} <= {name for name, service in COMPOSE["services"].items() if "watching" in service["networks"]}
    assert config.vault_key == "env:VAULT_KEY"
    assert "VAULT_KEY" in COMPOSE["services"]["broker"]["environment"]


def test_grafana_queries_the_prometheus_of_the_stack_and_finds_its_dashboards() -> None:
    sources = yaml.safe_load((DEPLOY / "grafana" / "provisioning" / "datasources" / "prometheus.yml").read_text())
    assert [source["url"] for source in sources["datasources"]] == ["http://prometheus:9090"]
    providers = yaml.safe_load((DEPLOY / "grafana" / "provisioning" / "dashboards" / "unified.yml").read_text())["providers"]
    mounts = dict(mounted.split(":")[:2] for mounted in COMPOSE["services"]["grafana"]["volumes"])
    assert mounts["./grafana/dashboards"] == providers[0]["options"]["path"]
