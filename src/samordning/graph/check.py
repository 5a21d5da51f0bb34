"""Validate the data with our SHACL shapes and turn each finding into ``file:line``, what is wrong and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyshacl
from rdflib import RDF, Dataset, Graph
from rdflib.namespace import SH

from samordning.errors import DataError, SamordningError
from samordning.files import place, resources
from samordning.graph.processor import remembering
from samordning.graph.read import refuse_unsound
from samordning.namespaces import local

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that a data shape refuses."""

    where: str
    what: str
    todo: str


def union(dataset: Dataset) -> Graph:
    """All graphs as one, since a shape does not care in which folder a statement stands."""
    whole = Graph()
    for graph in dataset.graphs():
        for triple in graph:
            whole.add(triple)
    return whole


def shapes(root: Path | None = None) -> Graph:
    """The shapes for data, from ``shapes/data``.

    Raises:
        DataError: there are none, or one of the files is not Turtle.
    """
    top = root or resources()
    paths = sorted((top / "shapes" / "data").glob("*.ttl"))
    if not paths:
        raise DataError("There are no shapes to check the data with", where="shapes/data", todo="Put the files back")
    graph = Graph()
    for path in paths:
        text = path.read_bytes()
        refuse_unsound(text, path.relative_to(top).as_posix())
        graph.parse(data=text, format="turtle")
    return graph


def findings(data: Graph, rules: Graph, root: Path | None = None) -> list[Finding]:
    """Everything the shapes refuse, sorted by place. ``rules`` are always ours; shapes in the data are never used."""
    try:
        with remembering():
            _, report, _ = pyshacl.validate(data, shacl_graph=rules, inference="none", advanced=False, js=False)
    except Exception as error:  # whatever the library meets in a shape is a fault of the shape
        raise _broken(error) from error
    if not isinstance(report, Graph):  # a shape that pySHACL can't run comes back as the failure, not as an exception
        raise _broken(report)
    found = []
    for result in report.subjects(RDF.type, SH.ValidationResult):
        focus = report.value(result, SH.focusNode)
        path = report.value(result, SH.resultPath)
        value = report.value(result, SH.value)
        messages = sorted(str(message) for message in report.objects(result, SH.resultMessage))
        shape = report.value(result, SH.sourceShape)
        advice = rules.value(shape, SH.description) if shape is not None else None
        subject = local(str(focus)) + (f", {local(str(path))}" if path is not None else "")
        shown = f" (found {local(str(value))})" if value is not None and value != focus else ""
        found.append(Finding(place(str(focus), root), f"{subject}: {messages[0]}{shown}", str(advice or "")))
    return sorted(found)


def _broken(reason: object) -> SamordningError:
    text = " ".join(str(reason).split())[:300]
    return SamordningError(f"The data shapes can't be run: {text}", where="shapes/data", todo="Mend the shape")


def check(dataset: Dataset, root: Path | None = None) -> None:
    """Refuse data that breaks a shape.

    Raises:
        DataError: names the first fault, and how many more there are.
    """
    found = findings(union(dataset), shapes(root), root)
    if found:
        first, more = found[0], len(found) - 1
        rest = "".join(f"\n{finding.where}: {finding.what}" for finding in found[1:20])
        tail = f"\n{more} more{rest}" if more else ""
        raise DataError(first.what, where=first.where, todo=(first.todo or "Correct the file") + tail)
