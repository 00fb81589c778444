"""Clients that others wrote, as they are, against this record."""

import json
import shutil
import subprocess
import uuid
from pathlib import Path
from typing import Any

import pytest
import tincan
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from config.local.places import VAR
from learning import iris, verbs
from learning.actions import create_credential
from learning.models import Statement
from tests.conftest import missing

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent / "clients"
AGENT = {"objectType": "Agent", "account": {"homePage": "https://lms.example/", "name": "7431"}}
UNIT = "https://lms.example/units/sepsis"


@pytest.fixture(scope="session")
def packages() -> Path:
    """The clients as their authors publish them, installed once for this checkout."""
    if not shutil.which("npm"):
        missing("Node with npm")
    folder = VAR / "clients"
    folder.mkdir(parents=True, exist_ok=True)
    wanted = (HERE / "package.json").read_text()
    if not (folder / "installed").exists() or (folder / "installed").read_text() != wanted:
        (folder / "package.json").write_text(wanted)
        command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--no-package-lock"]
        subprocess.run(command, cwd=folder, check=True, timeout=300)
        (folder / "installed").write_text(wanted)
    return folder


@pytest.fixture
def credential(transactional_db: None) -> tuple[str, str]:
    credential, secret = create_credential(name="A client", scopes=["all"])
    return credential.key, secret


def run(packages: Path, script: str, *words: str) -> Any:
    shutil.copy(HERE / script, packages)
    done = subprocess.run(
        [shutil.which("node") or "node", script, *words],
        cwd=packages,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])
def test_xapi_js_reaches_every_resource(
    live_server: LiveServer, packages: Path, credential: tuple[str, str], version: str
) -> None:
    found = run(packages, "xapi.cjs", f"{live_server.url}/xapi/", *credential, version)
    assert found == {
        "versions": ["1.0.3", "2.0.0"],
        "one": verbs.COMPLETED,
        "pages": [3, 1],
        "voided": True,
        "state": {"page": 3, "done": False},
        "states": ["bookmark"],
        "profile": {"size": "large"},
        "activity": "Sepsis",
        "person": "7431",
    }


def test_cmi5_content_is_launched_and_leaves_its_statements(
    live_server: LiveServer, packages: Path, credential: tuple[str, str]
) -> None:
    registration = str(uuid.uuid4())
    endpoint = f"{live_server.url}/xapi"
    context = {"contextActivities": {"grouping": [{"id": "https://lms.example/courses/1"}]}}
    launch_data = {"launchMode": "Normal", "moveOn": "CompletedAndPassed", "contextTemplate": context}
    lrs = tincan.RemoteLRS(
        endpoint=f"{endpoint}/", version="1.0.3", username=credential[0], password=credential[1]
    )
    kept = lrs.save_state(
        tincan.StateDocument(
            id="LMS.LaunchData",
            activity=tincan.Activity(id=UNIT),
            agent=tincan.Agent(**AGENT),
            registration=registration,
            content_type="application/json",
            content=json.dumps(launch_data),
        )
    )
    assert kept.success
    launch = {"actor": AGENT, "registration": registration, "activityId": UNIT}
    assert run(packages, "cmi5.cjs", f"{endpoint}/", *credential, json.dumps(launch)) == {"mode": "Normal"}
    said = Statement.objects.filter(registration=registration).order_by("stored")
    assert [statement.verb.rpartition("/")[2] for statement in said] == [
        "initialized",
        "passed",
        "completed",
        "terminated",
    ]
    assert iris.CMI5_CATEGORY in said[0].activity_iris


def test_tincan_stores_asks_and_keeps_documents(live_server: LiveServer, credential: tuple[str, str]) -> None:
    lrs = tincan.RemoteLRS(
        endpoint=f"{live_server.url}/xapi/", version="1.0.1", username=credential[0], password=credential[1]
    )
    sent = lrs.save_statement(
        tincan.Statement(
            actor=tincan.Agent(**AGENT),
            verb=tincan.Verb(id=verbs.COMPLETED),
            object=tincan.Activity(id=UNIT),
            timestamp=timezone.now(),
        )
    )
    assert sent.success, sent.data
    assert lrs.retrieve_statement(sent.content.id).content.verb.id == verbs.COMPLETED
    asked = lrs.query_statements({"agent": tincan.Agent(**AGENT), "limit": 5})
    assert [statement.id for statement in asked.content.statements] == [sent.content.id]
    document = tincan.AgentProfileDocument(
        id="preferences", agent=tincan.Agent(**AGENT), content=bytearray(b"large"), content_type="text/plain"
    )
    assert lrs.save_agent_profile(document).success
    assert lrs.retrieve_agent_profile("preferences", tincan.Agent(**AGENT)).content.content == bytearray(
        b"large"
    )
    assert lrs.about().success
