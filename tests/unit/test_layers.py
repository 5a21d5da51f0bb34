"""The straight line: a layer imports only what stands before it, and modules stay small."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "samordning"
ORDER = [
    "namespaces",
    "errors",
    "files",
    "graph",
    "engine",
    "worker",
    "answer",
    "batch",
    "lovdata",
    "catalogue",
    "knowledge",
    "crowd",
    "check",
    "interfaces",
]
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "dataset" not in path.parts)
MOST_LINES = 300


def _layer(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def _imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("samordning"):
            parts = node.module.split(".")
            found |= {parts[1]} if len(parts) > 1 else {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("samordning.")}
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_layer_imports_only_what_stands_before_it(path: Path) -> None:
    layer = _layer(path)
    if layer in ("__init__", "__main__"):
        assert _imports(path) <= {"knowledge", "crowd", "interfaces"}
        return
    assert layer in ORDER, f"{layer} is no layer"
    allowed = set(ORDER[: ORDER.index(layer) + 1]) | {"__version__"}
    assert _imports(path) <= allowed


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_modules_are_small_and_named_by_one_noun(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES
    assert path.stem not in {"utils", "util", "helpers", "misc", "common"}
    assert re.fullmatch(r"__init__|__main__|[a-z]+(_[a-z]+)?", path.stem)


def test_python_holds_no_paragraph_number_and_builds_no_query() -> None:
    assert len(MODULES) > 25
    for path in MODULES:
        code = path.read_text(encoding="utf-8")
        outside_docs = "\n".join(line for line in code.splitlines() if not line.lstrip().startswith(("#", '"""')))
        stripped = re.sub(r'"""[\s\S]*?"""', "", outside_docs)
        for text in re.findall(r'"[^"\n]*"', stripped):
            assert not re.search(r"§ ?\d", text) or "such as" in text or "example" in text, f"{path.name}: {text}"
            # One module translates our shapes into queries: its text is made of them, never of what someone sends.
            if path.relative_to(PACKAGE).as_posix() != "check/pattern.py":
                assert not re.search(r"\b(SELECT|CONSTRUCT|ASK)\b.*\{", text), f"{path.name} holds query text"


def test_queries_and_messages_are_whole() -> None:
    queries = list((PACKAGE / "queries").glob("*.rq"))
    assert len(queries) >= 8
    import json

    catalogues = {
        path.stem: json.loads(path.read_text(encoding="utf-8"))
        for path in (PACKAGE / "answer" / "messages").glob("*.json")
    }
    assert set(catalogues) == {"nb", "nn", "en"}
    places = re.compile(r"\{(\w+)\}")
    for key, text in catalogues["nb"].items():
        for lang in ("nn", "en"):
            assert sorted(places.findall(catalogues[lang][key])) == sorted(places.findall(text)), f"{lang}: {key}"
    assert catalogues["nb"].keys() == catalogues["nn"].keys() == catalogues["en"].keys()
