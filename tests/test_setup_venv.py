"""`make lab` and `make test` before they have anything to work with: tools/setup_venv.py."""

import importlib.util
import subprocess
import sys

import pytest
from conftest import ROOT


@pytest.fixture
def setup(monkeypatch, tmp_path):
    spec = importlib.util.spec_from_file_location("setup_venv", ROOT / "tools" / "setup_venv.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "ROOT", str(tmp_path))
    monkeypatch.setattr(module, "VENV", str(tmp_path / ".venv"))
    (tmp_path / "pyproject.toml").write_text("dependencies = []")
    return module


@pytest.fixture
def commands(setup, monkeypatch, tmp_path):
    """The commands that would run; each succeeds, and venv makes its folder."""
    ran = []

    def call(command, **_):
        ran.append(command)
        (tmp_path / ".venv").mkdir(exist_ok=True)
        return 0

    monkeypatch.setattr(setup.subprocess, "call", call)
    return ran


@pytest.mark.parametrize("version", [(2, 7), (3, 6), (3, 10), (3, 14)])
def test_unsuitable_python(setup, monkeypatch, capsys, version):
    monkeypatch.setattr(setup.sys, "version_info", version)
    monkeypatch.setattr(setup, "other_python", lambda: None)
    assert setup.main("lab") == 1
    said = capsys.readouterr().err
    assert f"{version[0]}.{version[1]}" in said and "make lab PYTHON=python3.12" in said


def test_another_python_on_the_machine_is_used(setup, commands, monkeypatch):
    monkeypatch.setattr(setup.sys, "version_info", (3, 9, 1))
    monkeypatch.setattr(setup, "other_python", lambda: "/opt/python3.12")
    assert setup.main("lab") == 0
    assert commands[0][0] == "/opt/python3.12" and commands[0][-1] == "lab"


def test_second_time_does_nothing(setup, commands):
    assert setup.main("lab") == 0
    made = len(commands)
    assert made == 2
    assert setup.main("lab") == 0
    assert len(commands) == made


def test_what_the_tests_need_is_enough_for_the_lab(setup, commands):
    setup.main("test")
    made = len(commands)
    setup.main("lab")
    assert len(commands) == made
    assert commands[1][-1].endswith("[test]")


def test_a_changed_list_of_packages_is_installed(setup, commands, tmp_path):
    setup.main("lab")
    (tmp_path / "pyproject.toml").write_text("dependencies = ['x']")
    assert not setup.is_ready("lab")
    setup.main("lab")
    assert len(commands) == 4 and "--clear" not in commands[2]


def test_an_interrupted_environment_is_made_anew(setup, commands, tmp_path):
    (tmp_path / ".venv").mkdir()
    setup.main("lab")
    assert "--clear" in commands[0]


def test_no_network(setup, monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(setup.subprocess, "call", lambda command, **_: "pip" in command)
    assert setup.main("lab") == 1
    assert "ইন্টারনেট সংযোগ" in capsys.readouterr().err
    assert not setup.is_ready("lab")


def test_no_venv_module(setup, monkeypatch, capsys):
    monkeypatch.setattr(setup.subprocess, "call", lambda command, **_: 1)
    assert setup.main("lab") == 1
    assert "python3-venv" in capsys.readouterr().err


def test_the_file_is_readable_by_very_old_pythons():
    """No syntax that Python 3.4 lacks; Python 2 needs the coding line too."""
    import ast

    source = (ROOT / "tools" / "setup_venv.py").read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 4))
    assert source.startswith("# -*- coding: utf-8 -*-") and 'f"' not in source


@pytest.mark.parametrize("port", ["abc", "80", "70000", "৯০০০"])
def test_lab_refuses_a_bad_port(port):
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "lab.py", port],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1 and "make lab PORT=9000" in done.stderr
