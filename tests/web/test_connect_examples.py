"""The examples of docs/how-to/connect-users.md, fastapi.md and django.md run as written, at emulated vendors."""

from __future__ import annotations

import importlib
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.support.doc_examples import blocks
from tests.web.site import consent, hidden, leave
from unified_emulation.serving.emulators import Emulators
from unified_runtime.http import network_policy

PAGE = "docs/how-to/connect-users.md"
LINK, AGENT, OWN = blocks(PAGE)
(FASTAPI,) = blocks("docs/how-to/fastapi.md")
DJANGO = dict(zip(("accounts", "asgi", "views"), blocks("docs/how-to/django.md"), strict=True))
HOST = "http://127.0.0.1:8000"
SETTINGS = """
SECRET_KEY = "x"
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"]
MIDDLEWARE = ["django.contrib.sessions.middleware.SessionMiddleware", "django.contrib.auth.middleware.AuthenticationMiddleware"]
DATABASES = {{"default": {{"ENGINE": "django.db.backends.sqlite3", "NAME": {database!r}}}}}
ROOT_URLCONF = "acme.urls"
ALLOWED_HOSTS = ["*"]
"""
URLS = """
from django.contrib.auth import login
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.urls import path
from acme import views

def enter(request, name):
    login(request, User.objects.get_or_create(username=name)[0])
    return HttpResponse("welcome")

urlpatterns = [path("login/<str:name>", enter), path("tasks", views.my_tasks)]
"""


@pytest.fixture
def own_vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The vault that examples open by default."""
    monkeypatch.setenv("UNIFIED_VAULT", str(tmp_path / "vault.db"))
    monkeypatch.setenv("UNIFIED_VAULT_KEY", f"file:{tmp_path / 'vault.key'}")
    yield
    network_policy.anywhere()


def run(code: str, names: dict[str, Any]) -> dict[str, Any]:
    exec(compile(code, PAGE, "exec"), names)
    return names


@pytest.fixture
def example(own_vault: None, emulated: tuple[str, Emulators]) -> dict[str, Any]:
    assert "http://127.0.0.1:4600" in FASTAPI
    # A module: FastAPI resolves the annotations of routes by its names.
    return run(FASTAPI.replace("http://127.0.0.1:4600", emulated[0]), {"__name__": "app"})


def test_fastapi_serves_two_users(example: dict[str, Any]) -> None:
    alice, bob = (TestClient(example["app"], base_url=HOST, follow_redirects=False) for _ in range(2))
    for one, name in ((alice, "alice"), (bob, "bob")):
        assert one.get(f"/login/{name}").status_code == 200
        moved = one.get("/tasks")
        assert (moved.status_code, moved.headers["location"]) == (303, "/connect/todoist?return_to=/tasks")
    page = alice.get("/connect/todoist?return_to=/tasks").text
    started = alice.post("/connect/todoist/start", data=hidden(page), headers={"Origin": HOST})
    done = alice.get(consent(leave(started)).removeprefix(HOST))
    assert 'href="/tasks"' in alice.get(done.headers["location"]).text
    found = alice.get("/tasks")
    assert found.status_code == 200
    assert isinstance(found.json(), list)
    assert bob.get("/tasks").status_code == 303


def test_links_tools_and_own_pages(example: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(LINK, example)["link"].startswith(f"{HOST}/connect/link?token=")
    run(AGENT, example)
    create = next(tool for tool in example["tools"] if tool.name == "tasks_create")
    connect = example["connect"]
    later = threading.Timer(1.0, lambda: _connect_by_function(connect))
    later.start()
    begun = time.monotonic()
    assert '"title":"By an agent"' in create.invoke({"title": "By an agent"})
    assert time.monotonic() - begun >= 0.9, "it has waited"
    later.join()
    run(OWN, example)
    printed = capsys.readouterr().out
    assert f"Please connect your account: {HOST}/connect/link?token=" in printed
    assert "key [('key', 'API key', True), ('token', 'Access token', True)]" in printed
    assert printed.endswith("connected ada@example.com\n")


def _connect_by_function(connect: Any) -> None:
    started = connect.start("todoist", user="alice")
    connect.finish(consent(started.authorization_url), user="alice", state=started.state)


def test_django_calls_for_the_user_of_a_session(
    own_vault: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, emulated: tuple[str, Emulators]
) -> None:
    package = tmp_path / "acme"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "settings.py").write_text(SETTINGS.format(database=str(tmp_path / "django.db")))
    (package / "urls.py").write_text(URLS)
    assert "http://127.0.0.1:4600" in DJANGO["accounts"]
    for name, code in DJANGO.items():
        (package / f"{name}.py").write_text(code.replace("http://127.0.0.1:4600", emulated[0]))
    monkeypatch.syspath_prepend(str(tmp_path))
    application = importlib.import_module("acme.asgi").application
    from django.core.management import call_command  # type: ignore[import-untyped]

    call_command("migrate", verbosity=0)
    one = TestClient(application, base_url=HOST, follow_redirects=False)
    assert one.get("/connect/").status_code == 401
    assert one.get("/tasks").status_code == 302, "to the login of Django"
    assert one.get("/login/alice").text == "welcome"
    moved = one.get("/tasks")
    assert (moved.status_code, moved.headers["location"]) == (302, "/connect/todoist?return_to=/tasks")
    page = one.get(moved.headers["location"]).text
    started = one.post("/connect/todoist/start", data=hidden(page), headers={"Origin": HOST})
    done = one.get(consent(leave(started)).removeprefix(HOST))
    assert 'href="/tasks"' in one.get(done.headers["location"]).text
    assert "Fix the sign-in redirect" in one.get("/tasks").json()
    one.cookies.clear()
    one.cookies.set("sessionid", "x" * 32)
    assert one.get("/connect/todoist").status_code == 401
