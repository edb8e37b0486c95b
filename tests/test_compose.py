"""The server for people with Docker: pinned, on this machine alone, never without a password of theirs."""

import re

import pytest
import yaml

from graphrag_engine.local_neo4j import artifacts


@pytest.fixture(scope="module")
def compose(repository):
    return yaml.safe_load((repository / "docker-compose.yml").read_text("utf-8"))


@pytest.fixture(scope="module")
def neo4j(compose):
    (service,) = compose["services"].values()
    return service


def test_the_image_is_the_one_patch_that_everything_is_tested_with(neo4j):
    assert neo4j["image"] == f"neo4j:{artifacts.VERSION}"
    assert re.fullmatch(r"neo4j:5\.26\.\d+", neo4j["image"])


def test_no_port_is_open_to_other_machines(neo4j):
    assert sorted(neo4j["ports"]) == ["127.0.0.1:7474:7474", "127.0.0.1:7687:7687"]
    assert "network_mode" not in neo4j


def test_the_password_comes_from_the_environment_and_has_no_default(neo4j):
    assert re.fullmatch(r"neo4j/\$\{NEO4J_PASSWORD:\?[^}]+\}", neo4j["environment"]["NEO4J_AUTH"])
    assert "env_file" not in neo4j


def test_it_is_healthy_once_it_answers_a_statement(neo4j):
    kind, command = neo4j["healthcheck"]["test"]

    assert kind == "CMD-SHELL"
    assert command.endswith('cypher-shell "RETURN 1"')
    assert "-p" not in command.split()
    assert {"interval", "timeout", "retries", "start_period"} <= neo4j["healthcheck"].keys()


def test_data_and_logs_outlive_the_container(compose, neo4j):
    mounted = dict(volume.split(":") for volume in neo4j["volumes"])

    assert sorted(mounted.values()) == ["/data", "/logs"]
    assert set(mounted) == set(compose["volumes"])
