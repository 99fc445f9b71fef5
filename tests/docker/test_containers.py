"""The container files: the schema of compose, the lists that must agree, and what every service and image owes."""

from __future__ import annotations

import re
import subprocess
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from check_jsonschema import main as check_jsonschema
from click.testing import CliRunner

from dags.wiring import LEDGER_POOL
from pipeline.mail.settings import MailSettings
from pipeline.settings import Settings

ROOT = Path(__file__).parents[2]
DOCKER = ROOT / "docker"
COMPOSE = sorted(DOCKER.glob("compose*.yaml"))
DOCKERFILE = (DOCKER / "Dockerfile").read_text("utf-8")
VARIABLE = re.compile(r"(?<!\$)\$\{([A-Z_]+)")


def services(path: Path) -> dict[str, dict[str, Any]]:
    """The services that a file defines; a service that only changes one of another file has no image."""
    found = yaml.safe_load(path.read_text("utf-8"))["services"]
    base = yaml.safe_load((DOCKER / "compose.yaml").read_text("utf-8"))["services"]
    whole = {
        name: {**base[body["extends"]["service"]], **body} if "extends" in body else body
        for name, body in found.items()
    }
    return {name: body for name, body in whole.items() if "image" in body}


ALL = {name: body for path in COMPOSE for name, body in services(path).items()}


def refused(path: Path) -> bool:
    arguments = ["--builtin-schema", "vendor.compose-spec", str(path)]
    return CliRunner().invoke(check_jsonschema, arguments).exit_code != 0


@pytest.mark.parametrize("path", COMPOSE, ids=lambda path: path.name)
def test_a_file_is_valid_by_the_compose_specification(path, tmp_path):
    assert not refused(path)
    broken = tmp_path / "compose.yaml"
    broken.write_text(path.read_text("utf-8").replace("restart: unless-stopped", "restart: {often: true}"), "utf-8")
    assert refused(broken)


def test_what_is_there():
    assert set(ALL) == {
        "postgres", "prepare", "api-server", "scheduler", "dag-processor", "triggerer", "mail", "redis", "worker",
    }  # fmt: skip


@pytest.mark.parametrize("name", ALL)
def test_a_service_is_pinned_healthy_and_nobodys_root(name):
    service = ALL[name]
    assert re.search(r"@sha256:[0-9a-f]{64}$|:v?\d+\.\d+(\.\d+)?(-[\w.]+)?$|:\$\{DEALWIRE_VERSION", service["image"])
    assert str(service["user"]).split(":")[0] not in ("", "0", "root")
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert all(str(port).startswith("127.0.0.1:") for port in service.get("ports", []))
    if service["restart"] == "no":  # it ends by itself, and others wait for its success
        assert any(name in other.get("depends_on", {}) for other in ALL.values())
    else:
        assert service["healthcheck"]["test"]


def test_every_variable_is_explained_and_every_explained_one_used():
    lines = (DOCKER / ".env.example").read_text("utf-8").splitlines()
    known = [line.split("=")[0] for line in lines if line and not line.startswith("#")]
    assert len(known) == len(set(known))
    text = "\n".join(re.sub(r"^\s*#.*", "", line) for path in COMPOSE for line in path.read_text("utf-8").splitlines())
    assert set(known) == set(VARIABLE.findall(text))
    unexplained = [
        line for before, line in pairwise(lines)
        if line and not line.startswith("#") and not before.startswith("# ")
    ]  # fmt: skip
    assert unexplained == []
    secrets = [line for line in lines if re.match(r"[A-Z_]*(PASSWORD|SECRET|KEY)=", line)]
    assert len(secrets) == 6
    assert all(line.endswith("=") for line in secrets), "no secret has a value that somebody might leave"


def test_settings_of_dealwire_have_names_that_it_knows():
    given = {name for body in ALL.values() for name in body.get("environment", {}) if name.startswith("DEALWIRE_")}
    known = {f"DEALWIRE_{name.upper()}" for name in Settings.model_fields}
    known |= {f"DEALWIRE_MAIL_{name.upper()}" for name in MailSettings.model_fields}
    assert given - known == {"DEALWIRE_LOG_LEVEL", "DEALWIRE_LOG_FORMAT"}


def test_settings_of_airflow_have_names_that_it_knows():
    pytest.importorskip("airflow.providers.celery", reason="the extra celery is not installed")
    from airflow.configuration import conf

    given = {name for body in ALL.values() for name in body.get("environment", {}) if name.startswith("AIRFLOW__")}
    for name in given | set(re.findall(r"\bAIRFLOW__\w+", DOCKERFILE)):
        _, section, key = name.lower().split("__")
        assert (
            conf.get_default_value(section, key) is not None
            or key in conf.configuration_description[section]["options"]
        )


def test_the_pool_is_the_one_that_the_dags_name():
    script = (DOCKER / "prepare.sh").read_text("utf-8")
    assert f"airflow pools set {LEDGER_POOL} 1 " in script


@pytest.mark.parametrize("path", sorted(DOCKER.glob("*.sh")), ids=lambda path: path.name)
def test_scripts_parse_stop_at_the_first_error_and_may_be_run(path):
    subprocess.run(["bash", "-n", path], check=True)
    assert "set -euo pipefail" in path.read_text("utf-8")
    assert path.stat().st_mode & 0o111


def test_the_image_has_two_stages_a_pinned_base_and_no_build_tools():
    build, final = re.split(r"^FROM \$\{PYTHON_IMAGE\}.*$", DOCKERFILE, flags=re.MULTILINE)[1:]
    assert re.search(r"^ARG PYTHON_IMAGE=\S+:3\.\d+\.\d+\S*@sha256:[0-9a-f]{64}$", DOCKERFILE, re.MULTILINE)
    assert "install.sh" in build
    assert not re.search(r"apt-get|gcc|pip install|install\.sh", final)
    assert re.findall(r"^USER (.*)$", final, re.MULTILINE) == ["50000:0"]
    assert "\nHEALTHCHECK " in final


def test_what_is_copied_is_sent_to_the_build():
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    copied = re.findall(r"^COPY (?:--chmod=\d+ )?((?:[\w./-]+ )+)\S+$", DOCKERFILE, re.MULTILINE)
    names = {name for line in copied for name in line.split()}
    assert {"pyproject.toml", "models", "docker/install.sh"} <= names
    assert [name for name in names if f"!{name}" not in ignored or not (ROOT / name).exists()] == []


def pins(path: Path) -> dict[str, str]:
    return dict(line.split("==", 1) for line in path.read_text("utf-8").splitlines())


def test_the_image_installs_the_versions_that_are_tested():
    anew = "compile docker/constraints.txt anew: CONTRIBUTING.md, Dependencies"
    image, tested = pins(DOCKER / "constraints.txt"), pins(ROOT / "constraints.txt")
    assert {name: version for name, version in image.items() if tested.get(name, version) != version} == {}, anew
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    asked = [*project["dependencies"], *extras["airflow"], *extras["celery"], *extras["postgres"]]
    assert {re.split(r"[\[>=;]", name)[0] for name in asked} - image.keys() == set(), anew
