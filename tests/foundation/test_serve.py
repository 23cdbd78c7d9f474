import json
import os
import socket

import pytest
from django.core.management import CommandError, call_command

from foundation.management.commands.serve import greeting, only_one

ADDRESS = "http://127.0.0.1:8001"


@pytest.fixture
def taken_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_greeting_names_address_accounts_and_link_on_the_port_served_now(tmp_path):
    demo = tmp_path / "demo.json"
    facts = {
        "accounts": [{"email": "ada@example.org", "password": "p", "role": "organiser"}],
        "expert_link": "http://127.0.0.1:8000/e/abc?lang=en",
    }
    demo.write_text(json.dumps(facts))
    text = "\n".join(greeting(ADDRESS, demo))
    assert "running at http://127.0.0.1:8001" in text
    assert "ada@example.org  password p  organiser" in text
    assert "http://127.0.0.1:8001/e/abc?lang=en" in text


@pytest.mark.parametrize(
    "content", [None, "", "{", "{}", '{"accounts": null}', '{"accounts": [1, {"role": "x"}]}']
)
def test_greeting_copes_with_a_demo_file_that_is_absent_or_broken(tmp_path, content):
    demo = tmp_path / "demo.json"
    if content is not None:
        demo.write_text(content)
    lines = greeting(ADDRESS, demo)
    assert ADDRESS in lines[0]
    assert "Ctrl-C" in lines[-1]


def test_taken_port_is_reported_with_a_free_one(settings, tmp_path, taken_port):
    settings.VAR_DIR = tmp_path
    with pytest.raises(CommandError, match=rf"Port {taken_port} .* make run PORT=\d+"):
        call_command("serve", port=taken_port)


def test_second_supervisor_on_the_same_folder_is_refused(tmp_path):
    refused = pytest.raises(CommandError, match=f"already running.*{os.getpid()}")
    with only_one(tmp_path), refused, only_one(tmp_path):
        pytest.fail("a second one was let in")
    with only_one(tmp_path):
        pass
