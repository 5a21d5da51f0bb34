"""Every shape in shapes/data accepts its good examples and refuses its bad ones, for the reason each says.

An example is a Turtle file in tests/shapes/<shape>/good or tests/shapes/<shape>/bad. It is added to tests/shapes/base.ttl,
which breaks no shape. Comments at its top are read by the test:

    # without: norm:mini-1                  leave the subject out of the base
    # without: norm:mini-1 sam:bearer       leave only these statements of it out
    # expect: shape=shape:Norm focus=norm:mini-1 path=sam:bearer constraint=MaxCount

A bad example has one fault and says what the report must hold: nothing more, nothing less. Where one fault is bound to
give several results, as two things with one id do, there is one expect line for each.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pyshacl
import pytest
from rdflib import OWL, RDF, RDFS, Graph, Literal, URIRef
from rdflib.namespace import SH
from rdflib.plugins.sparql import prepareQuery

from samordning.errors import DataError, SamordningError
from samordning.graph.build import build, verify
from samordning.graph.check import shapes
from samordning.graph.reason import reason
from samordning.namespaces import PREFIXES, THINGS, term, thing

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "tests" / "shapes"
BASE = EXAMPLES / "base.ttl"
FILES = sorted(EXAMPLES.glob("*/*/*.ttl"))
GOOD = [path for path in FILES if path.parent.name == "good"]
BAD = [path for path in FILES if path.parent.name == "bad"]

TARGETS = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf)
#: What in a shape is no constraint. Anything else must be refused by some bad example.
SILENT = {SH.property, SH.path, SH.message, SH.description, SH.ignoredProperties, *TARGETS}

_prepared = cache(prepareQuery)


class Facts(Graph):
    """A graph that parses the text of each SPARQL constraint once, where pySHACL would for every thing it looks at."""

    def query(self, query_object, *args, **kwargs):
        prepared = _prepared(query_object) if isinstance(query_object, str) else query_object
        return super().query(prepared, *args, **kwargs)


class Result(NamedTuple):
    """One result of a report, or what a bad example expects of it."""

    shape: str
    focus: str
    path: str
    constraint: str


class Example(NamedTuple):
    """What the comments at the top of a file say."""

    without: list[tuple[URIRef, URIRef | None]]
    expect: list[Result]


def iri(name: str) -> URIRef:
    """The IRI of ``sam:bearer`` or ``<lov/2000-01-01-1>``."""
    if name.startswith("<"):
        return URIRef(THINGS + name.strip("<>"))
    prefix, _, local = name.partition(":")
    return URIRef(PREFIXES[prefix] + local)


def header(path: Path) -> Example:
    without, expect = [], []
    for line in path.read_text(encoding="utf-8").splitlines():
        key, _, rest = line.removeprefix("# ").partition(": ")
        if line.startswith("# without: "):
            subject, _, predicate = rest.partition(" ")
            without.append((iri(subject), iri(predicate) if predicate else None))
        elif line.startswith("# expect: "):
            said = dict(part.split("=", 1) for part in rest.split())
            assert set(said) <= set(Result._fields), f"{path}: {key} has an unknown key"
            where = str(iri(said["path"])) if "path" in said else ""
            expect.append(Result(str(iri(said["shape"])), str(iri(said["focus"])), where, said["constraint"]))
    return Example(without, expect)


def name(path: Path) -> str:
    return path.relative_to(EXAMPLES).with_suffix("").as_posix()


@cache
def rules() -> Graph:
    return shapes(ROOT)


@cache
def targeted() -> dict[str, URIRef]:
    """Every node shape that looks for things itself, by the name of its folder."""
    found = {shape for target in TARGETS for shape in rules().subjects(target)}
    return {str(shape).removeprefix(PREFIXES["shape"]): shape for shape in found}


@cache
def base() -> frozenset:
    graph = Graph()
    for path in [*(ROOT / "ontology").rglob("*.ttl"), BASE]:
        graph.parse(path, format="turtle", publicID=THINGS)
    return frozenset(graph)


def with_base(path: Path) -> tuple[Facts, Graph]:
    """The base with an example added, and the example alone."""
    own = Graph().parse(path, format="turtle", publicID=THINGS)
    whole = Facts()
    for triple in base():
        whole.add(triple)
    for subject, predicate in header(path).without:
        assert (subject, predicate, None) in whole, f"{name(path)}: the base does not have {subject} {predicate or ''}"
        whole.remove((subject, predicate, None))
    for triple in own:
        whole.add(triple)
    return whole, own


def report(data: Graph) -> list[tuple[Result, object]]:
    """What the shapes refuse, as samordning.graph.check asks, each with the shape or property shape it comes from."""
    _, graph, _ = pyshacl.validate(data, shacl_graph=rules(), inference="none", advanced=False, js=False)
    assert isinstance(graph, Graph), f"the shapes can't be run: {graph}"
    found = []
    for node in graph.subjects(RDF.type, SH.ValidationResult):
        source = graph.value(node, SH.sourceShape)
        component = str(graph.value(node, SH.sourceConstraintComponent)).removeprefix(str(SH))
        result = Result(
            str(source),
            str(graph.value(node, SH.focusNode)),
            str(graph.value(node, SH.resultPath) or ""),
            component.removesuffix("ConstraintComponent"),
        )
        found.append((result, source))
    return found


def focuses(shape: URIRef, data: Graph) -> set[object]:
    """The things a shape looks at."""
    found = set()
    for kind in rules().objects(shape, SH.targetClass):
        for below in data.transitive_subjects(RDFS.subClassOf, kind):
            found.update(data.subjects(RDF.type, below))
    for predicate in rules().objects(shape, SH.targetSubjectsOf):
        found.update(data.subjects(predicate))
    for predicate in rules().objects(shape, SH.targetObjectsOf):
        found.update(data.objects(None, predicate))
    return found


def told(path: Path) -> list[tuple[URIRef, object]]:
    """The results of a bad example as (node shape, shape it comes from), once they have been found to be as expected."""
    data, _ = with_base(path)
    expected = sorted(header(path).expect)
    parents = []
    found = []
    for result, source in report(data):
        owners = {str(owner) for owner in rules().subjects(SH.property, source)} | {str(source)}
        # A shape such as the one for labels belongs to many: the one that was expected will do, if it owns it.
        rest = {want.shape for want in expected if want[1:] == result[1:]}
        owner = next(
            iter(sorted(owners & rest) or sorted(owners & {str(s) for s in targeted().values()}) or sorted(owners))
        )
        found.append(result._replace(shape=owner))
        parents.append((URIRef(owner), source))
    assert sorted(found) == expected
    return parents


# The examples


def test_base_is_good():
    data = Facts()
    for triple in base():
        data.add(triple)
    assert report(data) == []


@pytest.mark.parametrize("path", GOOD, ids=name)
def test_good_example_is_accepted(path):
    data, own = with_base(path)
    assert not header(path).expect
    assert report(data) == []
    # An example that the shape never looks at would be accepted whatever the shape said.
    assert focuses(targeted()[path.parent.parent.name], data) & set(own.all_nodes())


@pytest.mark.parametrize("path", BAD, ids=name)
def test_bad_example_is_refused_for_its_reason_only(path):
    owners = {owner for owner, _ in told(path)}
    assert targeted()[path.parent.parent.name] in owners


# The collection


def test_every_file_is_an_example():
    there = {path for path in EXAMPLES.rglob("*") if path.is_file()}
    assert there - {BASE} == set(GOOD) | set(BAD)
    assert len(GOOD) + len(BAD) == len(FILES) >= 90
    assert len(FILES) > 3 * len(targeted())
    print(f"{len(targeted())} shapes, {len(GOOD)} good examples, {len(BAD)} bad examples")


def test_every_bad_example_says_what_it_expects_and_no_two_are_alike():
    assert [name(path) for path in BAD if not header(path).expect] == []
    bodies = Counter(re.sub(r"^#.*\n", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE) for path in BAD)
    heads = Counter((body, tuple(header(path).without)) for path in BAD for body in [path.read_text(encoding="utf-8")])
    assert max(heads.values()) == 1
    assert max(bodies.values()) <= 2  # one statement may be at fault in two ways, by what is left out of the base


def test_every_shape_has_good_and_bad_examples_and_every_folder_is_a_shape():
    folders = {path.name for path in EXAMPLES.iterdir() if path.is_dir()}
    assert folders == set(targeted())
    assert {path.parent.parent.name for path in GOOD} == folders
    assert {path.parent.parent.name for path in BAD} == folders
    declared = {str(shape) for shape in rules().subjects(RDF.type, SH.NodeShape)}
    named = {str(shape) for shape in targeted().values()} | {str(shape) for shape in rules().objects(None, SH.node)}
    assert declared == named, "a shape that nothing is held against"


def test_every_constraint_is_broken_by_some_bad_example():
    # Expectations are enough: the test of each example shows that they are what the report says.
    expected = [result for path in BAD for result in header(path).expect]
    missing = []
    for label, shape in sorted(targeted().items()):
        own = {(result.path, result.constraint) for result in expected if result.shape == str(shape)}
        constraints = _constraints(shape)
        missing += [f"shape:{label} {kind}" for kind in constraints if not any(found == kind for _, found in own)]
        for part in rules().objects(shape, SH.property):
            where = str(rules().value(part, SH.path))
            if not any(path == where for path, _ in own):
                missing.append(f"shape:{label} {where}")
            anywhere = {
                (result.path, result.constraint)
                for result in expected
                if any(result.shape == str(owner) for owner in rules().subjects(SH.property, part))
            }
            missing += [f"shape:{label} {where} {kind}" for kind in _constraints(part) if (where, kind) not in anywhere]
    assert missing == []


def _constraints(shape):
    """The constraints of a shape, by the names a report uses: sh:minCount is MinCount."""
    names = {"Sparql": "SPARQL"}
    found = {str(parameter).removeprefix(str(SH)) for parameter in set(rules().predicates(shape)) - {RDF.type} - SILENT}
    assert all(re.fullmatch(r"[a-zA-Z]+", parameter) for parameter in found), found
    return sorted(names.get(n, n) for n in (parameter[0].upper() + parameter[1:] for parameter in found))


def test_every_shape_says_what_is_wrong():
    # A closed shape with a message of its own would say that of a misspelt predicate too.
    for shape in rules().subjects(SH.closed, Literal(value=True)):
        assert (shape, SH.message, None) not in rules()
    silent = [
        f"{label} {rules().value(part, SH.path)}"
        for label, shape in targeted().items()
        for part in rules().objects(shape, SH.property)
        if (part, SH.message, None) not in rules()
    ]
    assert silent == []


# The build


@pytest.fixture
def tree(tmp_path):
    """The ontology, the shapes and the base as the only data."""
    root = tmp_path / "tree"
    shutil.copytree(ROOT / "ontology", root / "ontology")
    shutil.copytree(ROOT / "shapes", root / "shapes")
    folder = root / "data" / "laws" / "mini"
    folder.mkdir(parents=True)
    shutil.copy(BASE, folder / "act.ttl")
    return root


def add(tree, text, file="par-1.ttl"):
    """A file beside the base, with the base's prefixes in front; the line on which the text begins."""
    prefixes = [line for line in BASE.read_text(encoding="utf-8").splitlines() if line.startswith("@")]
    (tree / "data" / "laws" / "mini" / file).write_text("\n".join([*prefixes, text, ""]), encoding="utf-8")
    return len(prefixes) + 1


def test_small_tree_is_built(tree, tmp_path):
    built = build(tmp_path / "out", tree)
    assert built.manifest["counts"]["Duty"] == 1
    assert (tmp_path / "out" / "manifest.json").is_file()


def test_broken_turtle_stops_the_build(tree, tmp_path):
    line = add(tree, 'norm:mini-2 a sam:Duty ;\n    skos:prefLabel "aldri lukket@nb .')
    with pytest.raises(DataError) as caught:
        build(tmp_path / "out", tree)
    assert re.fullmatch(rf"data/laws/mini/par-1\.ttl:({line}|{line + 1}|{line + 2})", caught.value.where)
    assert caught.value.what.startswith("This is not valid Turtle: ")
    assert "Mend the line" in caught.value.todo
    assert str(caught.value).startswith("data/laws/mini/par-1.ttl:")
    assert not (tmp_path / "out").exists()


def test_missing_full_stop_stops_the_build_on_its_line(tree, tmp_path):
    line = add(tree, 'body:mini-2 a sam:Body ; sam:id "mini-2"\nbody:mini-3 a sam:Body ; sam:id "mini-3" .')
    with pytest.raises(DataError, match=rf"^data/laws/mini/par-1\.ttl:{line + 1}: .*not valid Turtle.*full stop"):
        build(tmp_path / "out", tree)


def test_unknown_prefix_stops_the_build(tree, tmp_path):
    line = add(tree, "\nnorn:mini-2 a sam:Duty .")
    with pytest.raises(DataError, match=rf"^data/laws/mini/par-1\.ttl:{line + 1}: .*not valid Turtle.*norn"):
        build(tmp_path / "out", tree)


@pytest.mark.parametrize(
    ("example", "what", "todo"),
    [
        (
            "Body/good/no-level",
            "body/mini-firm, skos:prefLabel: needs one label in each of nb, nn and en",
            'Write skos:prefLabel "..."@nb',
        ),
        (
            "UnboundSaysWhy/bad/silent",
            "service/mini-house: is bound by no duty to cooperate about a person",
            "Correct the file",
        ),
        (
            "PartOfKnown/bad/unwritten-act",
            "lov/1999-12-31-1: is cited, but no act.ttl describes it",
            "Write data/laws/<act>/act.ttl",
        ),
    ],
)
def test_broken_data_stops_the_build(tree, tmp_path, example, what, todo):
    text = (EXAMPLES / f"{example}.ttl").read_text(encoding="utf-8").replace('@nn , "the mini firm"@en', "@nn")
    target = tree / "data" / "laws" / "mini" / "par-2.ttl"
    target.write_text(text, encoding="utf-8")
    subject = next(n for n, line in enumerate(text.splitlines(), 1) if not line.startswith(("#", "@")) and line)
    with pytest.raises(DataError) as caught:
        build(tmp_path / "out", tree)
    assert caught.value.what.replace("http://www.w3.org/2004/02/skos/core#", "skos:").startswith(what)
    assert caught.value.todo.startswith(todo)
    assert caught.value.where in {f"data/laws/mini/par-2.ttl:{subject}", thing("lov/1999-12-31-1")}
    assert not (tmp_path / "out").exists()


def test_every_fault_is_listed(tree, tmp_path):
    line = add(tree, 'body:mini-2 a sam:Body ; sam:id "mini-2" .\nbody:mini-3 a sam:Body ; sam:id "mini-3" .')
    with pytest.raises(DataError) as caught:
        build(tmp_path / "out", tree)
    assert caught.value.where == f"data/laws/mini/par-1.ttl:{line}"
    assert f"1 more\ndata/laws/mini/par-1.ttl:{line + 1}: body/mini-3" in caught.value.todo


def test_shape_that_is_no_turtle_stops_the_build(tree, tmp_path):
    (tree / "shapes" / "data" / "broken.ttl").write_text("shape:Broken a sh:NodeShape", encoding="utf-8")
    with pytest.raises(Exception, match=r"."):
        build(tmp_path / "out", tree)
    assert not (tmp_path / "out").exists()


def test_shape_that_cannot_be_run_stops_the_build(tree, tmp_path):
    text = (tree / "shapes" / "data" / "service.ttl").read_text(encoding="utf-8")
    broken = text.replace("$this sam:selectable true .", "$this sam:selectable true", 1).replace(
        "SELECT $this WHERE", "SELECT WHERE"
    )
    assert broken != text
    (tree / "shapes" / "data" / "service.ttl").write_text(broken, encoding="utf-8")
    with pytest.raises(Exception, match=r"."):
        build(tmp_path / "out", tree)
    assert not (tmp_path / "out").exists()


# The reasoner


def together(text):
    data = Graph()
    for triple in base():
        data.add(triple)
    data.parse(
        data="\n".join(f"@prefix {p}: <{i}> ." for p, i in PREFIXES.items()) + text, format="turtle", publicID=THINGS
    )
    return data


def test_norm_that_is_both_duty_and_right_is_refused():
    with pytest.raises(DataError, match=r"contradicts the ontology.*one class or value only"):
        reason(together("norm:mini-1 a sam:Right ."))


def test_thing_that_is_both_body_and_service_is_refused():
    with pytest.raises(DataError, match=r"contradicts the ontology"):
        reason(together("body:mini-office a sam:Service ."))


def test_functional_property_with_two_values_is_refused():
    with pytest.raises(DataError, match=r"level/(state|municipal) and level/(state|municipal) are given as two values"):
        reason(together("service:mini-help sam:level level:state ."))


def test_contradiction_that_no_shape_sees_stops_the_build(tree, tmp_path):
    add(tree, "norm:mini-1 a sam:Right .")
    with pytest.raises(DataError, match=r"contradicts the ontology"):
        build(tmp_path / "out", tree)
    assert not (tmp_path / "out").exists()


def test_level_makes_a_service_municipal(tree):
    _, inferred = verify(tree)
    assert (URIRef(thing("service/mini-help")), RDF.type, URIRef(term("MunicipalService"))) in inferred
    assert not list(inferred.triples((None, OWL.sameAs, None)))
