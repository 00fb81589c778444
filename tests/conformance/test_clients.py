"""Clients that others wrote, as they are, against this record."""

import base64
import json
import shutil
import subprocess
import uuid
from pathlib import Path
from typing import Any

import pytest
import tincan
from django.test import Client
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
    """What a script prints as JSON, bundled as content is before it is published."""
    for part in HERE.glob("*.mjs"):
        shutil.copy(part, packages)
    bundled = f"{script}.cjs"
    bundle = ["node_modules/.bin/esbuild", script, "--bundle", "--platform=node", f"--outfile={bundled}"]
    subprocess.run([*bundle, "--log-level=error"], cwd=packages, check=True, timeout=60)
    done = subprocess.run(
        [shutil.which("node") or "node", bundled, *words],
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
    found = run(packages, "xapi.mjs", f"{live_server.url}/xapi/", *credential, version)
    assert found == {
        "versions": ["1.0.0", "1.0.1", "1.0.2", "1.0.3", "2.0.0"],
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
    # What a learning system leaves for the content before it is launched (cmi5, 10.0).
    place = {"stateId": "LMS.LaunchData", "activityId": UNIT, "agent": json.dumps(AGENT)}
    kept = Client().put(
        "/xapi/activities/state",
        json.dumps(launch_data),
        content_type="application/json",
        query_params={**place, "registration": registration},
        headers={
            "Authorization": "Basic " + base64.b64encode(":".join(credential).encode()).decode(),
            "X-Experience-API-Version": "1.0.3",
        },
    )
    assert kept.status_code == 204
    launch = {"actor": AGENT, "registration": registration, "activityId": UNIT}
    assert run(packages, "cmi5.mjs", f"{endpoint}/", *credential, json.dumps(launch)) == {"mode": "Normal"}
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
    place = {"activity": tincan.Activity(id=UNIT), "agent": tincan.Agent(**AGENT)}
    bookmark = bytearray(b"page 3")
    document = tincan.StateDocument(id="bookmark", content=bookmark, content_type="text/plain", **place)
    saved = lrs.save_state(document)
    assert saved.success, saved.data
    assert lrs.retrieve_state(state_id="bookmark", **place).content.content == bookmark
