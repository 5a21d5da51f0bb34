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
from rdflib import OWL, RDF, RDFS, Graph, URIRef
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


def parsed(*paths: Path) -> Graph:
    graph = Graph()
    for path in paths:
        graph.parse(path, format="turtle", publicID=THINGS)
    return graph


@cache
def vocabulary() -> Graph:
    return parsed(*(ROOT / "ontology" / "vocab").glob("*.ttl"))


@cache
def ontology() -> Graph:
    return parsed(ROOT / "ontology" / "samordning.ttl", ROOT / "ontology" / "record.ttl")


@cache
def base() -> frozenset:
    """The shared good data, and of the ontology what is below what."""
    return frozenset(parsed(BASE)) | frozenset(ontology().triples((None, RDFS.subClassOf, None)))


def whole(own: Graph) -> Facts:
    """The base and the given statements, with the concepts that they name, and those that these name."""
    data = Facts()
    for triple in [*base(), *own]:
        data.add(triple)
    named, done = set(data.objects()), set()
    while new := named - done:
        done |= new
        for node in new:
            for triple in vocabulary().triples((node, None, None)):
                data.add(triple)
                named.add(triple[2])
    return data


def with_base(path: Path) -> tuple[Facts, Graph]:
    """The base with an example added, and the example alone."""
    own = parsed(path)
    data = whole(own)
    for subject, predicate in header(path).without:
        left_out = set(data.triples((subject, predicate, None))) & base()
        assert left_out, f"{name(path)}: the base does not say {subject} {predicate or ''}"
        for triple in left_out - set(own):
            data.remove(triple)
    return data, own


def report(data: Graph) -> list[tuple[set[str], tuple[str, str, str]]]:
    """What the shapes refuse, asked as samordning.graph.check asks: the shapes it may stem from, and the rest of a Result."""
    _, graph, _ = pyshacl.validate(data, shacl_graph=rules(), inference="none", advanced=False, js=False)
    assert isinstance(graph, Graph), f"the shapes can't be run: {graph}"
    found = []
    # Every result, the details of a nested shape too: the check shows them all to whoever wrote the file.
    for node in graph.subjects(RDF.type, SH.ValidationResult):
        source = graph.value(node, SH.sourceShape)
        owners = {str(owner) for owner in rules().subjects(SH.property, source)} or {str(source)}
        component = str(graph.value(node, SH.sourceConstraintComponent)).removeprefix(str(SH))
        path = graph.value(node, SH.resultPath) or ""
        focus = graph.value(node, SH.focusNode)
        found.append((owners, (str(focus), str(path), component.removesuffix("ConstraintComponent"))))
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


# The examples


def test_base_is_good():
    assert report(whole(Graph())) == []


@pytest.mark.parametrize("path", GOOD, ids=name)
def test_good_example_is_accepted(path):
    data, own = with_base(path)
    assert not header(path).expect
    assert report(data) == []
    # An example that the shape never looks at would be accepted whatever the shape said.
    assert focuses(targeted()[path.parent.parent.name], data) & set(own.all_nodes())


@pytest.mark.parametrize("path", BAD, ids=name)
def test_bad_example_is_refused_for_its_reason_only(path):
    data, _ = with_base(path)
    expected = sorted(header(path).expect)
    found = []
    for owners, rest in report(data):
        # A piece such as the one for labels belongs to many shapes: the one that is expected will do, if it has it.
        wanted = {result.shape for result in expected if result[1:] == rest}
        found.append(Result(min(owners & wanted or owners), *rest))
    assert sorted(found) == expected
    assert str(targeted()[path.parent.parent.name]) in {result.shape for result in expected}


# The collection


def test_every_file_is_an_example():
    there = {path for path in EXAMPLES.rglob("*") if path.is_file()}
    assert there - {BASE} == set(GOOD) | set(BAD)
    assert len(GOOD) + len(BAD) == len(FILES) >= 90
    assert len(FILES) > 3 * len(targeted())
    print(f"{len(targeted())} shapes, {len(GOOD)} good examples, {len(BAD)} bad examples")


def test_every_bad_example_says_what_it_expects_and_no_two_are_alike():
    assert [name(path) for path in BAD if not header(path).expect] == []
    # The first line is for people.
    contents = Counter(path.read_text(encoding="utf-8").partition("\n")[2] for path in BAD)
    assert [text for text, times in contents.items() if times > 1] == []


def test_every_shape_has_good_and_bad_examples_and_every_folder_is_a_shape():
    folders = {path.name for path in EXAMPLES.iterdir() if path.is_dir()}
    assert folders == set(targeted())
    assert {path.parent.parent.name for path in GOOD} == folders
    assert {path.parent.parent.name for path in BAD} == folders
    declared = set(rules().subjects(RDF.type, SH.NodeShape))
    assert declared == set(targeted().values()), "a shape that is held against nothing"


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


def test_shapes_use_only_words_that_exist():
    # pySHACL passes over a misspelt word of SHACL, and a misspelt path is never found in the data.
    used = {str(node) for triple in rules() for node in triple if isinstance(node, URIRef)}
    unknown = {word for word in used if word.startswith(str(SH)) and URIRef(word) not in SH}
    ours = {str(subject) for subject in ontology().subjects()}
    unknown |= {word for word in used if word.startswith(term("")) and word not in ours}
    assert unknown == set()


def test_every_shape_says_what_is_wrong():
    # A closed shape with a message of its own would say that of a misspelt predicate too.
    assert [shape for shape in rules().subjects(SH.closed) if (shape, SH.message, None) in rules()] == []
    parts = {(label, part) for label, shape in targeted().items() for part in rules().objects(shape, SH.property)}
    silent = [
        f"{label} {rules().value(part, SH.path)}" for label, part in parts if (part, SH.message, None) not in rules()
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
    ("text", "what", "todo"),
    [
        ('body:mini-2 a sam:Body ; sam:id "mini-2" .', r"body/mini-2, \S*prefLabel: needs one label in each of", "Write skos:prefLabel"),
        ("condition:mini-2 a sam:Condition .", r"condition/mini-2, alternative: needs at least one sam:alternative", "Correct the file"),
        ('service:mini-2 a sam:Service ; sam:id "mini-2" ; sam:selectable true ; sam:definiteLabel "a2"@nb , "a2"@nn , "a2"@en ; skos:prefLabel "a2"@nb , "a2"@nn , "a2"@en .',
         r"service/mini-2: is bound by no duty to cooperate about a person", "Correct the file"),
    ],
    ids=["property", "condition", "query"],
)  # fmt: skip
def test_data_that_a_shape_refuses_stops_the_build(tree, tmp_path, text, what, todo):
    line = add(tree, text)
    with pytest.raises(DataError) as caught:
        build(tmp_path / "out", tree)
    assert caught.value.where == f"data/laws/mini/par-1.ttl:{line}"
    assert re.match(what, caught.value.what)
    assert caught.value.todo.startswith(todo)
    assert re.match(rf"data/laws/mini/par-1\.ttl:{line}: {what}", str(caught.value))
    assert not (tmp_path / "out").exists()


def test_every_fault_is_listed(tree, tmp_path):
    line = add(tree, 'body:mini-2 a sam:Body ; sam:id "mini-2" .\nbody:mini-3 a sam:Body ; sam:id "mini-3" .')
    with pytest.raises(DataError) as caught:
        build(tmp_path / "out", tree)
    assert caught.value.where == f"data/laws/mini/par-1.ttl:{line}"
    assert f"1 more\ndata/laws/mini/par-1.ttl:{line + 1}: body/mini-3" in caught.value.todo


@pytest.mark.parametrize(
    "text",
    ['<lov/1999-12-31-1/§1> a sam:Provision ; sam:partOf <lov/1999-12-31-1> ; sam:address "lov/1999-12-31-1/§1" .', "norm:mini-1 a sam:Right ."],
    ids=["unwritten-act", "contradiction"],
)  # fmt: skip
def test_fault_of_what_is_named_elsewhere_has_its_file(tree, tmp_path, text):
    add(tree, text)
    with pytest.raises(DataError, match=r"^data/laws/mini/\S+\.ttl:\d+: "):
        build(tmp_path / "out", tree)


def break_shape(tree, old, new):
    path = tree / "shapes" / "data" / "service.ttl"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_shape_that_cannot_be_run_stops_the_build(tree, tmp_path):
    # A word that ends in "service" before a space is taken for a federated query.
    break_shape(tree, "<https://w3id.org/samordning/ns#bindsService>", "sam:bindsService")
    with pytest.raises(SamordningError, match=r"^shapes/data: The data shapes can't be run: .*SERVICE"):
        build(tmp_path / "out", tree)
    assert not (tmp_path / "out").exists()


BREAKS = {
    "turtle": ('sh:message "is below', "sh:message is below"),
    "query": ("SELECT $this WHERE", "SELECT WHERE"),
    "prefix": ("$this sam:selectable true .", "$this sma:selectable true ."),
    "count": ("sh:minCount 1", 'sh:minCount "one"'),
    "piece": ("sh:property shape:Label , shape:Id", "sh:property shape:Lable , shape:Id"),
}


@pytest.mark.parametrize("how", BREAKS)
def test_broken_shape_stops_the_build(tree, tmp_path, how):
    break_shape(tree, *BREAKS[how])
    with pytest.raises(Exception, match=r"\w"):
        build(tmp_path / "out", tree)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("how", BREAKS)
def test_broken_shape_is_named_with_its_file(tree, tmp_path, how):
    line = break_shape(tree, *BREAKS[how])
    with pytest.raises(SamordningError) as caught:
        build(tmp_path / "out", tree)
    assert caught.value.where in {f"shapes/data/service.ttl:{line}", "shapes/data"}


# The reasoner


def together(text):
    """The whole ontology, the base and the given statements."""
    prefixes = "".join(f"@prefix {prefix}: <{start}> .\n" for prefix, start in PREFIXES.items())
    return whole(ontology() + Graph().parse(data=prefixes + text, format="turtle", publicID=THINGS))


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
