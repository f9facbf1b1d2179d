"""Manifests of `deploy/kubernetes`, rendered by kustomize and checked against the schemas of Kubernetes."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from unified_platform.broker.config import load

DEPLOY = Path(__file__).parents[2] / "deploy"
Manifest = dict[str, Any]

pytestmark = pytest.mark.skipif(shutil.which("kustomize") is None, reason="kustomize is not installed (servers/install.sh)")


@pytest.fixture(scope="module")
def manifests(tmp_path_factory: pytest.TempPathFactory) -> list[Manifest]:
    folder = tmp_path_factory.mktemp("deploy") / "kubernetes"
    shutil.copytree(DEPLOY / "kubernetes", folder, ignore=shutil.ignore_patterns("secrets.env"))
    example = (folder / "secrets.env.example").read_text()
    (folder / "secrets.env").write_text(example.replace("=\n", "=x\n"))
    done = subprocess.run(["kustomize", "build", folder], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return list(yaml.safe_load_all(done.stdout))


def named(manifests: list[Manifest], kind: str, name: str) -> Manifest:
    (found,) = (one for one in manifests if one["kind"] == kind and one["metadata"]["name"].startswith(name))
    return found


def test_the_schemas_accept_each_manifest(manifests: list[Manifest]) -> None:
    assert len(manifests) >= 12
    for version in ("1.31", kubernetes_validate.latest_version()):
        for manifest in manifests:
            kubernetes_validate.validate(manifest, version, strict=True)


def test_the_schemas_reject_a_misspelled_field(manifests: list[Manifest]) -> None:
    deployment = named(manifests, "Deployment", "broker")
    wrong = deployment | {"spec": deployment["spec"] | {"replica": 2}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, kubernetes_validate.latest_version(), strict=True)


def test_selectors_and_references_name_what_exists(manifests: list[Manifest]) -> None:
    workloads = [one for one in manifests if one["kind"] in {"Deployment", "StatefulSet"}]
    labels = [one["spec"]["template"]["metadata"]["labels"] for one in workloads]
    for workload, own in zip(workloads, labels, strict=True):
        assert workload["spec"]["selector"]["matchLabels"].items() <= own.items()
    for service in (one for one in manifests if one["kind"] == "Service"):
        assert any(service["spec"]["selector"].items() <= own.items() for own in labels), service["metadata"]["name"]
    secret, settings = named(manifests, "Secret", "broker"), named(manifests, "ConfigMap", "broker")
    pod = named(manifests, "Deployment", "broker")["spec"]["template"]["spec"]
    for container in (*pod["initContainers"], *pod["containers"]):
        for variable in container["env"]:
            if "valueFrom" in variable:
                reference = variable["valueFrom"]["secretKeyRef"]
                assert reference["name"] == secret["metadata"]["name"]
                assert reference["key"] in secret["data"]
    assert pod["volumes"][0]["configMap"]["name"] == settings["metadata"]["name"]
    assert {one["metadata"]["namespace"] for one in manifests if one["kind"] != "Namespace"} == {"unified"}


def test_every_workload_runs_without_privileges(manifests: list[Manifest]) -> None:
    for workload in (one for one in manifests if one["kind"] in {"Deployment", "StatefulSet"}):
        pod = workload["spec"]["template"]["spec"]
        assert pod["securityContext"]["runAsNonRoot"]
        assert pod["automountServiceAccountToken"] is False
        for container in (*pod.get("initContainers", ()), *pod["containers"]):
            assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
            assert container["securityContext"]["allowPrivilegeEscalation"] is False
            assert container["resources"]["limits"]["memory"]


def test_the_probes_leave_time_to_drain(manifests: list[Manifest], tmp_path: Path) -> None:
    """Kubernetes kills the pod after its grace period, and removes it from the service after a failed readiness probe."""
    (tmp_path / "broker.toml").write_text(named(manifests, "ConfigMap", "broker")["data"]["broker.toml"])
    settings = load(tmp_path / "broker.toml")
    pod = named(manifests, "Deployment", "broker")["spec"]["template"]["spec"]
    (broker,) = pod["containers"]
    probe = broker["readinessProbe"]
    assert settings.shutdown_delay >= probe["periodSeconds"] * probe["failureThreshold"] + probe["timeoutSeconds"]
    assert pod["terminationGracePeriodSeconds"] > settings.shutdown_delay + settings.drain
    assert {port["containerPort"] for port in broker["ports"]} == {settings.port, int(str(settings.metrics).rpartition(":")[2])}
