"""What goes into an image and a package, and how the containers belong together."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((PROJECT / "compose.yaml").read_text())
    return loaded


def test_pages_and_workers_share_one_image_one_database_and_one_key(compose: dict[str, Any]) -> None:
    web, worker = compose["services"]["web"], compose["services"]["worker"]

    assert web["environment"] == worker["environment"]
    assert web["image"] == worker["image"]
    assert "keys:/keys" in web["volumes"]
    assert web["volumes"] == worker["volumes"]
    assert web["environment"]["ARREARS_KEY_FILE"].startswith("/keys/")


def test_several_workers_run_and_only_the_pages_are_reachable_from_this_machine(
    compose: dict[str, Any],
) -> None:
    services = compose["services"]

    assert services["web"]["command"][:2] == ["arrears", "serve"]
    assert services["worker"]["command"] == ["arrears", "worker"]
    assert services["worker"]["deploy"]["replicas"] > 1
    assert {name: service["ports"] for name, service in services.items() if "ports" in service} == {
        "web": ["127.0.0.1:8000:8000"]
    }


def test_the_key_is_not_where_the_database_is(compose: dict[str, Any]) -> None:
    assert not any("keys" in volume for volume in compose["services"]["database"]["volumes"])


def test_every_volume_and_every_dependency_exists(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        assert {volume.split(":")[0] for volume in service["volumes"]} <= set(compose["volumes"])
        assert set(service.get("depends_on", {})) <= set(compose["services"])


def test_the_database_password_is_in_no_file(compose: dict[str, Any]) -> None:
    password = compose["services"]["database"]["environment"]["POSTGRES_PASSWORD"]

    assert re.fullmatch(r"\$\{DATABASE_PASSWORD:\?[^}]+\}", password)
    assert ".env" in (PROJECT / ".gitignore").read_text().splitlines()


def test_the_image_is_built_from_files_that_reach_the_builder() -> None:
    dockerfile = (PROJECT / "Dockerfile").read_text()
    copied = [
        name
        for line in re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile, re.MULTILINE)
        for name in line.split()
    ]
    sent = (PROJECT / ".dockerignore").read_text().splitlines()

    assert {"pyproject.toml", "uv.lock", "src"} <= set(copied)
    for name in copied:
        assert (PROJECT / name).exists()
        assert f"!{name}" in sent


def test_the_image_does_not_run_as_root_and_tells_its_health() -> None:
    dockerfile = (PROJECT / "Dockerfile").read_text()
    last_stage = dockerfile.rpartition("\nFROM ")[2]

    assert re.search(r"^USER arrears$", last_stage, re.MULTILINE)
    assert "/healthz" in last_stage.partition("HEALTHCHECK")[2]


def test_run_py_accepts_the_versions_of_python_that_the_package_does() -> None:
    wanted = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["requires-python"]
    script = (PROJECT / "run.py").read_text()

    assert wanted == ">=3.11,<3.14"
    assert "OLDEST = (3, 11)" in script
    assert "TOO_NEW = (3, 14)" in script
