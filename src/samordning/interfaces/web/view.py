"""How a page about the law links and says things, in one language and on one date."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Final
from urllib.parse import quote, urlencode

from pydantic import BeforeValidator, Field

from samordning.answer.case import refuse_outside
from samordning.answer.wording import Wording, capital, date_text, full_citation, span_text
from samordning.engine import citation
from samordning.interfaces.http import reply
from samordning.interfaces.web.address import href

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from samordning.engine.law import Law, Norm, Thing
    from samordning.interfaces.http.service import Service

LOVDATA: Final = "https://lovdata.no/"
_ANNOUNCED: Final = LOVDATA + "dokument/LTI/"


def _given(value: object) -> object:
    # A field of a form that was left empty says nothing.
    return None if value == "" else value


Day = Annotated[reply.Day | None, BeforeValidator(_given)]
Name = Annotated[str | None, BeforeValidator(_given), Field(max_length=80)]


class OnDate(reply.Query):
    """On which date; today where none is given."""

    date: Day = None


@dataclass(frozen=True)
class View:
    """What the templates of these pages are given as ``view``."""

    service: Service
    lang: str
    date: dt.date
    path: str
    """what follows the language in the address, as it is written there"""
    asked: bool
    """whether the reader named the date; links then keep it"""

    @classmethod
    def on(cls, service: Service, lang: str, date: dt.date | None, path: str) -> View:
        """A view on a date, today by default.

        Raises:
            OutsideData: the data says nothing of that date.
        """
        day = date or reply.today()
        refuse_outside(day, service.kg.law)
        return cls(service, lang, day, quote(path), date is not None)

    @property
    def law(self) -> Law:
        """All that the dataset says."""
        return self.service.kg.law

    @cached_property
    def words(self) -> Wording:
        """How things are said in a sentence."""
        return Wording(self.law, self.lang)

    @property
    def own(self) -> str:
        """The page itself below the language, with its date: for the links to the other languages."""
        return self.path + self._query()

    def own_with(self, **more: object) -> str:
        """The same with more in its query."""
        return self.path + self._query(**more)

    def _query(self, **more: object) -> str:
        given = {"date": self.date.isoformat()} if self.asked else {}
        given |= {name: str(value) for name, value in more.items() if value}
        return f"?{urlencode(given)}" if given else ""

    def url(self, path: str, **more: object) -> str:
        """Address of another page of these, on the same date."""
        return f"/{self.lang}/{quote(path)}{self._query(**more)}"

    def at(self, path: str, date: dt.date) -> str:
        """Address of a page on another date."""
        return f"/{self.lang}/{quote(path)}?date={date.isoformat()}"

    def provision(self, address: str) -> str:
        """Address of the page of a provision or act, or of nothing where the data names no such place."""
        known = address in self.law.acts or address in self.service.provisions.entries
        return self.url(f"law/{address}") if known else ""

    def cite(self, address: str) -> str:
        """An address as a lawyer writes it."""
        return full_citation(address, self.law, self.lang)

    def below(self, address: str) -> str:
        """An address without the name of the act."""
        return citation.below(address, self.lang)

    def act(self, address: str) -> str:
        """The name of the act that an address belongs to."""
        return self.words.act(address)

    def day(self, date: dt.date) -> str:
        """A date written out."""
        return date_text(date, self.lang)

    def span(self, entered: dt.date | None, last: dt.date | None) -> str:
        """From when to when, in words."""
        return span_text(entered, last, self.lang)

    def capital(self, text: str) -> str:
        """With the first letter in upper case."""
        return capital(text)

    def concept(self, key: str) -> str:
        """The name of a concept, such as ``level/state``."""
        return self.words.concept(key)

    def named(self, iri_or_id: object) -> str:
        """The last part of an IRI."""
        return str(iri_or_id).rsplit("/", 1)[-1]

    def norm(self, iri: str) -> Norm:
        """The norm with this IRI."""
        return self.words.norm(iri)

    def groups(self, norm: Norm) -> str:
        """Whom a norm is there for and with whom to cooperate, in words."""
        keys = dict.fromkeys((*norm.beneficiaries, *norm.counterparts))
        return ", ".join(self.law.groups[key].label(self.lang) for key in keys)

    def types(self, norm: Norm) -> str:
        """The kinds of duty that a norm is of, in words."""
        return ", ".join(self.concept(f"duty-type/{key}") for key in sorted(norm.types))

    def successors(self, act: str) -> list[str]:
        """The acts that norms of this act have moved to."""
        own = {norm.iri for norm in self.law.norms.values() if norm.act == act}
        found = {norm.act for norm in self.law.norms.values() if norm.act != act and not own.isdisjoint(norm.replaces)}
        return sorted(found, key=self.act)

    def data(self, iri: str) -> str:
        """Where the same is said as linked data."""
        return href(iri)

    def lovdata(self, address: str) -> str:
        """The section, act or regulation at Lovdata."""
        return LOVDATA + citation.parse(address).section

    def announced(self, act: str) -> str:
        """An act as it was announced, at Lovdata; nothing for what is no act."""
        return _ANNOUNCED + act if act.startswith(("lov/", "forskrift/")) else ""

    @property
    def first(self) -> dt.date:
        """The first day the data answers for."""
        return self._covered("coversFrom")

    @property
    def last(self) -> dt.date:
        """The last day the data answers for."""
        return self._covered("coversUntil")

    def _covered(self, name: str) -> dt.date:
        found = self.law.coverage.one(name)
        return found if isinstance(found, dt.date) else self.date

    def by_act(self, norms: Iterable[Norm]) -> list[tuple[Thing, list[Norm]]]:
        """Norms act by act, each in the order of the act."""
        found: dict[str, list[Norm]] = {}
        for norm in sorted(norms, key=self._place):
            found.setdefault(norm.act, []).append(norm)
        return [(self.law.acts[act], same) for act, same in sorted(found.items(), key=self._act)]

    def _place(self, norm: Norm) -> tuple[int, str, str]:
        return self.service.provisions.order(norm.address), norm.address, norm.key

    def _act(self, row: tuple[str, Sequence[Norm]]) -> tuple[bool, str]:
        # Acts before regulations, each by name.
        return not row[0].startswith("lov/"), self.act(row[0]).casefold()
