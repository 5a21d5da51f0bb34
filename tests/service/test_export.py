"""The dumps: whole, the same each time, and within the profiles of the catalogues."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

import pyoxigraph as ox
import pyshacl
import pytest
from rdflib import RDF, Graph, Namespace

from samordning.interfaces.cli.dump import export
from tests.conftest import shared

SH = Namespace("http://www.w3.org/ns/shacl#")


@pytest.fixture(scope="module")
def dumps(dataset: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dumps")
    assert dict(export(folder, dataset)) == {path.name: path.stat().st_size for path in folder.iterdir()}
    return folder


def test_checksums_and_repetition(dumps: Path, dataset: Path, tmp_path: Path) -> None:
    sums = dict(reversed(line.split("  ")) for line in (dumps / "SHA256SUMS").read_text().splitlines())
    assert set(sums) == {path.name for path in dumps.iterdir()} - {"SHA256SUMS"}
    list(export(tmp_path, dataset))
    for name, digest in sums.items():
        assert hashlib.sha256((dumps / name).read_bytes()).hexdigest() == digest
        assert (tmp_path / name).read_bytes() == (dumps / name).read_bytes(), name


def test_every_format_says_the_same(dumps: Path, dataset: Path) -> None:
    quads = (dataset / "dataset.nq").read_bytes()
    assert gzip.decompress((dumps / "samordning.nq.gz").read_bytes()) == quads
    whole = {
        quad.triple for quad in ox.parse(quads, format=ox.RdfFormat.N_QUADS) if quad.graph_name == ox.DefaultGraph()
    }
    for name, format_ in (("samordning.ttl", ox.RdfFormat.TURTLE), ("samordning.jsonld", ox.RdfFormat.JSON_LD)):
        found = {quad.triple for quad in ox.parse((dumps / name).read_bytes(), format=format_)}
        assert len(found) == len(whole)
        named = [
            triple
            for triple in whole
            if not isinstance(triple.subject, ox.BlankNode) and not isinstance(triple.object, ox.BlankNode)
        ]
        assert not [triple for triple in named if triple not in found]


@pytest.mark.parametrize(
    ("view", "shapes", "extra", "focus", "least"),
    [
        ("cpsv-ap-no.ttl", "cpsv-ap-no/CPSV-AP-NO_shacl_shapes_v1.ttl", "cpsv-ap-no/ontologies.ttl", "http://purl.org/vocab/cpsv#Rule", 600),
        ("dcat-ap-no.ttl", "dcat-ap-no/DCAT-AP-NO-shacl_shapes_2.00.ttl", None, "http://www.w3.org/ns/dcat#Distribution", 5),
    ],
)  # fmt: skip
def test_views_pass_the_shapes_of_the_profiles(
    dumps: Path, view: str, shapes: str, extra: str | None, focus: str, least: int
) -> None:
    data = Graph().parse(dumps / view)
    assert len(set(data.subjects(RDF.type, Namespace(focus)[""]))) >= least
    given = Graph().parse(shared("suites", *shapes.split("/")))
    more = Graph().parse(shared("suites", *extra.split("/"))) if extra else None
    conforms, report, text = pyshacl.validate(
        data, shacl_graph=given, ont_graph=more, inference="none", do_owl_imports=False, advanced=False, js=False
    )
    assert conforms, text[:3000]
    assert not set(report.subjects(RDF.type, SH.ValidationResult))
    # The shapes bite: without a title the same view is refused.
    title = Namespace("http://purl.org/dc/terms/").title
    data.remove((None, title, None))
    refused, _, _ = pyshacl.validate(data, shacl_graph=given, ont_graph=more, inference="none", do_owl_imports=False)
    assert not refused
