"""Check a case and check an organisation: a form or a file in, a report out. What is sent is kept nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import Query as Parameters
from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request  # noqa: TC002  # FastAPI reads the annotations at run time
from starlette.responses import Response

from samordning.answer.document import read, without_identity
from samordning.answer.wording import capital
from samordning.check import rdf
from samordning.check.report import COUNTED, Composer
from samordning.check.source import look
from samordning.errors import InputError, SamordningError, WrongMedia
from samordning.interfaces.http import reply
from samordning.interfaces.web import document, example, fault, form, record, route, written
from samordning.interfaces.web.page import page
from samordning.interfaces.web.questionnaire import Questionnaire, labels
from samordning.worker.guard import MEDIA

if TYPE_CHECKING:
    from fastapi import APIRouter
    from starlette.datastructures import FormData

    from samordning.answer.document import Document
    from samordning.interfaces.http.service import Service

#: What a pasted text may be, and which files are taken as it. The first is YAML and JSON.
FORMATS: Final = {
    "plain": ("", (".yaml", ".yml", ".json")),
    "turtle": ("text/turtle", (".ttl",)),
    "json-ld": ("application/ld+json", (".jsonld",)),
    "rdf-xml": ("application/rdf+xml", (".rdf", ".xml")),
    "n-triples": ("application/n-triples", (".nt",)),
}
#: N-Quads of the largest document that is taken are smaller than this, in bytes.
_MOST_QUADS: Final = 16 << 20
_ATTACHED: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_PUBLIC: Final = {"Cache-Control": "public, max-age=3600"}


class Scope(Convertor[str]):
    """What is checked, in an address: ``/{scope:scope}``."""

    regex = "case|setup"

    def convert(self, value: str) -> str:
        """As it stands."""
        return value

    def to_string(self, value: str) -> str:
        """As it stands."""
        return value


register_url_convertor("scope", Scope())


class Shown(reply.Query):
    """What the form begins with."""

    example: str = Field(default="", max_length=60)


def router(service: Service) -> APIRouter:
    """The routes."""
    routes = route.routes_of(service)
    desk = Desk(service)

    @routes.get("/check")
    async def start(lang: str) -> Response:
        """What a check is, and the two ways in."""
        kinds = [(kind, *desk.kind(kind, lang)) for kind in COUNTED]
        return page("check.html", service, lang, "check", kinds=kinds)

    @routes.get("/check/{scope:scope}")
    async def empty(lang: str, scope: str, query: Annotated[Shown, Parameters()]) -> Response:
        """The form, empty or filled in with an example."""
        filled: record.Values = {}
        if query.example:
            raw = example.content(scope, query.example)
            filled = record.flat(read(raw, "file").data, service.checker, scope)
        return desk.form(lang, scope, filled, shown=query.example)

    @routes.get("/check/{scope:scope}/template.yaml")
    async def template(lang: str, scope: str) -> Response:
        """Every key that a record may have, with comments, to fill in."""
        return _file(document.blank(service.checker, scope, lang), f"{scope}.yaml", _PUBLIC)

    @routes.get("/check/{scope:scope}/examples/{name}.yaml")
    async def sample(scope: str, name: str) -> Response:
        """An example as a file."""
        return _file(example.content(scope, name).decode(), f"{name}.yaml", _PUBLIC)

    @routes.post("/check/{scope:scope}")
    async def edit(request: Request, lang: str, scope: str) -> Response:
        """The form with what was sent: one row more or less, in another language, or from a file."""
        sent = await form.fields(request)
        if form.text(sent, "from") == "form":
            return desk.form(lang, scope, _rows(record.values(sent)), private=True)
        return await desk.handled(lang, scope, sent, desk.opened)

    @routes.post("/check/{scope:scope}/report")
    async def report(request: Request, lang: str, scope: str) -> Response:
        """The report, as a page or as a file."""
        return await desk.handled(lang, scope, await form.fields(request), desk.report)

    @routes.post("/check/{scope:scope}/file")
    async def save(request: Request, lang: str, scope: str) -> Response:
        """What was filled in, as a file."""
        return await desk.handled(lang, scope, await form.fields(request), desk.saved)

    return routes


class Desk:
    """Takes what was sent, and answers with a page or a file; what is wrong comes back with what was typed."""

    def __init__(self, service: Service) -> None:
        self.service = service

    def kind(self, name: str, lang: str) -> tuple[str, str]:
        """What a kind of finding is called, and what it means."""
        concept = self.service.kg.law.concepts[f"finding-kind/{name}"]
        return capital(concept.label(lang)), concept.texts("definition")(lang)

    async def handled(self, lang: str, scope: str, sent: FormData, work: Any) -> Response:  # noqa: ANN401
        """The work done, or the form again with what is wrong."""
        source = form.text(sent, "from")
        raw, media = await form.upload(sent, "file"), ""
        try:
            if source == "form":
                found = record.read(sent, self.service.checker, scope)
            else:
                media, raw = _media(sent, raw), raw or form.text(sent, "content").encode()
                found = await self._document(raw, media, scope)
            return await run_in_threadpool(work, lang, scope, found, form.text(sent, "as"))
        except SamordningError as error:
            if error.http_status >= 500 and error.kind in ("internal", "data"):  # noqa: PLR2004
                raise
            filled: record.Values = {}
            if source == "form":
                filled = record.tidy(record.values(sent), self.service.checker, scope)
            kept = "" if source == "form" else _text(raw)
            return self.form(lang, scope, filled, error=error, kept=kept, media=media, private=True)

    async def _document(self, raw: bytes, media: str, scope: str) -> Document:
        if not media:
            return read(raw, "file")
        look(raw, media, "file")
        seconds = self.service.settings.sparql.seconds
        nquads = await self.service.workers.run("parse", raw, seconds, _MOST_QUADS, media=media)
        checker = self.service.checker
        return await run_in_threadpool(rdf.document, nquads, "file", checker.vocabulary, checker.kg.law, scope)

    def form(
        self,
        lang: str,
        scope: str,
        filled: record.Values,
        *,
        error: SamordningError | None = None,
        kept: str = "",
        media: str = "",
        shown: str = "",
        private: bool = False,
    ) -> Response:
        """The form, with what was typed, and with what is wrong with it."""
        filled = {name: [without_identity(text) for text in texts] for name, texts in filled.items()}
        sheet = Questionnaire(self.service.checker, scope, lang, filled)
        wrong = fault.told(error, lang, labels(sheet) if filled else {}) if error else None
        head, which, facts, parts = sheet.head(), sheet.which(), sheet.facts(), sheet.parts()
        every = [*head, which, *(facts.fields if facts else []), *(one for part in parts for one in part.every)]
        return page(
            "check_form.html", self.service, lang, f"check/{scope}",
            status=error.http_status if error else 200, private=private,
            scope=scope, head=head, which=which, facts=facts, parts=parts, wrong=wrong,
            place=_place(wrong.field, every, parts, scope) if wrong else None, kept=kept, from_file=bool(error and not filled),
            media=next((name for name, (one, _) in FORMATS.items() if one == media), "plain"),
            formats=FORMATS, examples=example.names(scope), shown=shown, sent=private,
        )  # fmt: skip

    def opened(self, lang: str, scope: str, found: Document, _: str) -> Response:
        """What a file says, in the form."""
        self.service.checker.record(found, scope)
        return self.form(lang, scope, record.flat(found.data, self.service.checker, scope), private=True)

    def saved(self, lang: str, scope: str, found: Document, _: str) -> Response:
        """What was filled in, as a file with comments."""
        self.service.checker.record(found, scope)
        return _file(document.write(found.data, self.service.checker, scope, lang), f"{scope}.yaml", _ATTACHED)

    def report(self, lang: str, scope: str, found: Document, wanted: str) -> Response:
        """The report."""
        checker = self.service.checker
        made = checker.check(checker.record(found, scope))
        if wanted in written.FORMS:
            form_ = written.FORMS[wanted]
            content = written.content(checker, made, wanted, lang)
            return _file(content, f"samordning-{scope}{form_.suffix}", _ATTACHED, form_.media)
        composer = Composer(checker, made, lang)
        summary = made.summary.model_dump()
        return page(
            "check_report.html", self.service, lang, f"check/{scope}", private=True, scope=scope, title=composer.title(), date=made.about.date,
            sections=composer.sections(), kept=document.write(found.data, checker, scope, lang),
            counts={kind: summary[kind.replace("-", "_")] for kind in COUNTED}, found=not made.conforms,
            forms=written.FORMS,
        )  # fmt: skip


def _rows(typed: record.Values) -> record.Values:
    # A button names the list that gets one more row, or the row that goes.
    for name in typed.pop("add", []):
        number = max(record.numbers(typed, name), default=-1) + 1
        typed[f"{name}.{number}"] = ["row"]
    for name in typed.pop("remove", []):
        typed = {key: value for key, value in typed.items() if key != name and not key.startswith(f"{name}.")}
    return typed


def _media(sent: FormData, raw: bytes) -> str:
    name = getattr(sent.get("file"), "filename", None) if raw else None
    if name:
        suffix = "." + name.lower().rpartition(".")[2]
        for media, suffixes in FORMATS.values():
            if suffix in suffixes:
                return media
        raise WrongMedia("This kind of file is not taken")
    media, _ = FORMATS.get(form.text(sent, "format") or "plain", ("", ()))
    if media and media not in MEDIA:
        raise InputError("This kind of file is not taken")
    return media


def _text(raw: bytes) -> str:
    try:
        return without_identity(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return ""


def _place(name: str, every: list[Any], parts: list[Any], scope: str) -> tuple[str, str] | None:
    """The id of the field that an error is about, and its label; the last part of a name may be the place in a list."""
    known = {one.name: one.label for one in every} | {part.name: part.title for part in parts}
    known |= {row.name: row.title for part in parts for row in part.rows}
    short = name.partition(".")[2] if name.startswith(("facts.", "person.")) else name
    for wanted in (short, short.rpartition(".")[0], f"{scope}.{short}"):
        if wanted in known:
            return wanted, known[wanted]
    return None


def _file(content: str, name: str, headers: dict[str, str], media: str = "application/yaml") -> Response:
    given = {"Content-Disposition": f'attachment; filename="{name}"', **headers}
    return Response(content, media_type=f"{media}; charset=utf-8" if "charset" not in media else media, headers=given)
