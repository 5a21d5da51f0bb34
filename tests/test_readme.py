"""What the README promises is there, and what it shows runs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from samordning.interfaces.cli.main import app

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


def test_every_command_is_in_the_readme_and_every_command_in_it_exists() -> None:
    named = set(re.findall(r"samordning ([a-z]+)", "\n".join(re.findall(r"```\n(.*?)```", README, flags=re.DOTALL))))
    assert named == COMMANDS


def test_the_two_lines_use_only_what_a_fresh_machine_has() -> None:
    lines = [line for line in README.splitlines() if line.startswith("python3 -m venv")]
    assert len(lines) == 2
    for line in lines:
        assert set(re.findall(r"requirements[\w-]*\.lock", line)) <= {path.name for path in ROOT.glob("*.lock")}


def test_the_links_lead_somewhere() -> None:
    targets = [target for target in re.findall(r"\]\(([^)]+)\)", README) if "://" not in target]
    assert targets
    assert all((ROOT / target).exists() for target in targets)


def test_the_python_example_runs(dataset: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
    monkeypatch.setattr("samordning.graph.dataset.DATASET", dataset)
    monkeypatch.setattr("samordning.graph.dataset.digest", lambda: "", raising=True)
    import samordning
    from samordning.knowledge import Knowledge

    monkeypatch.setattr(samordning, "load", lambda: Knowledge.open(dataset))
    space: dict[str, object] = {}
    exec(code, space)  # noqa: S102  # our own example
    assert space["answer"].cooperation.duties  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "line",
    re.findall(
        r"^samordning ((?:answer -s|matrix|services|facts|query --list|provision)[^#\n]*)", README, flags=re.MULTILINE
    ),
)
def test_the_command_examples_run(line: str, dataset: Path) -> None:
    command = [sys.executable, "-m", "samordning", *line.split()]
    done = subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, "SAMORDNING_DATASET": str(dataset)}, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout


def test_nothing_names_a_machine() -> None:
    files = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split()
    if not files:
        pytest.skip("this is not a checkout, so git can't list the files")
    for name in files:
        path = ROOT / name
        if path.is_file() and path.suffix in {".py", ".md", ".ttl", ".toml", ".yaml", ".json", ".rq", ".lock", ""}:
            text = path.read_text(encoding="utf-8", errors="ignore")
            assert (
                not re.search(r"/(?:home|root|work|opt|Users)/[a-z]", text.replace("https://w3id.org/", ""))
                or name == "tests/test_readme.py"
            ), name
