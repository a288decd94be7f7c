"""The example of a deployment: its parts name each other rightly, and the command in it is one of ours. It is run nowhere here."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from aspromised.sql.on_spark.session import refuse_address
from tests.cli.run import run

ROOT = Path(__file__).parents[1]
PARTS: list[dict[str, Any]] = list(
    yaml.safe_load_all((ROOT / "docs/spark-on-kubernetes.yaml").read_text(encoding="utf-8"))
)


def part(kind: str) -> dict[str, Any]:
    """Return the one part of a kind."""
    [found] = [each for each in PARTS if each["kind"] == kind]
    return found


SERVER = part("Deployment")["spec"]["template"]
REFRESH = part("CronJob")["spec"]["jobTemplate"]["spec"]["template"]


def test_every_part_is_one_in_the_namespace() -> None:
    namespace = part("Namespace")["metadata"]["name"]
    for each in PARTS:
        assert each["apiVersion"] and each["metadata"]["name"]
        assert each["kind"] == "Namespace" or each["metadata"]["namespace"] == namespace, each["kind"]
    assert len({(each["kind"], each["metadata"]["name"]) for each in PARTS}) == len(PARTS)


def test_what_one_part_names_is_there() -> None:
    account = part("ServiceAccount")["metadata"]["name"]
    assert SERVER["spec"]["serviceAccountName"] == account
    assert part("RoleBinding")["subjects"][0]["name"] == account
    assert part("RoleBinding")["roleRef"]["name"] == part("Role")["metadata"]["name"]
    labels = SERVER["metadata"]["labels"]
    assert (
        part("Deployment")["spec"]["selector"]["matchLabels"] == labels == part("Service")["spec"]["selector"]
    )
    policy = part("NetworkPolicy")["spec"]
    assert policy["podSelector"]["matchLabels"] == labels
    assert policy["ingress"][0]["from"][0]["podSelector"]["matchLabels"] == REFRESH["metadata"]["labels"]
    [volume], [container] = REFRESH["spec"]["volumes"], REFRESH["spec"]["containers"]
    assert volume["persistentVolumeClaim"]["claimName"] == part("PersistentVolumeClaim")["metadata"]["name"]
    assert [mount["name"] for mount in container["volumeMounts"]] == [volume["name"]]


def test_ports_are_the_same_everywhere() -> None:
    [server] = SERVER["spec"]["containers"]
    inside = {each["containerPort"] for each in server["ports"]}
    told = set(map(int, re.findall(r"[pP]ort=(\d+)", " ".join(server["args"]))))
    outside = {each["port"] for each in part("Service")["spec"]["ports"]}
    let_in = {each["port"] for rule in part("NetworkPolicy")["spec"]["ingress"] for each in rule["ports"]}
    assert inside == told == outside == let_in


def test_the_server_is_the_spark_that_is_tested_here() -> None:
    locked = re.search(
        r"^pyspark==(\S+)", (ROOT / "requirements-spark.lock").read_text(encoding="utf-8"), re.M
    )
    assert locked
    [server] = SERVER["spec"]["containers"]
    asked = {server["image"], *re.findall(r"container\.image=(\S+)", " ".join(server["args"]))}
    assert asked == {f"apache/spark:{locked[1]}"}


def test_the_refresh_is_a_command_of_ours_that_asks_that_server(tmp_path: Path) -> None:
    name, *words = REFRESH["spec"]["containers"][0]["command"]
    assert name == "aspromised"
    address = words[words.index("--engine") + 1]
    where = urlsplit(refuse_address(address))
    service = part("Service")["metadata"]
    assert where.hostname == f"{service['name']}.{service['namespace']}.svc"
    assert where.port in {each["port"] for each in part("Service")["spec"]["ports"]}
    words[words.index("--workspace") + 1] = str(tmp_path)
    told = run(*words)
    assert told.code == 2 and str(tmp_path) in told.err, "it is understood, and there is no workspace"
