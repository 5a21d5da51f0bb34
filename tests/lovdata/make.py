"""Small invented acts in Lovdata's form, and archives of them."""

from __future__ import annotations

import bz2
import io
import tarfile
from pathlib import Path

#: 2024-05-06 in UTC.
MONDAY = 1_714_989_600
REFID = "lov/2020-01-01-1"


def act(body: str, refid: str = REFID, **more: str) -> bytes:
    """A document whose body is given; keywords are further entries of its head."""
    kind, _, rest = refid.partition("/")
    values = {
        "legacyID": f"{'LOV' if kind == 'lov' else 'FOR'}-{rest}",
        "dokid": f"NL/{refid}",
        "title": "Lov om prøver",
        "titleShort": "Prøveloven",
        "refid": refid,
        **more,
    }
    head = "".join(f'<dt class="{key}">x</dt><dd class="{key}">{value}</dd>' for key, value in values.items())
    return (
        f'<!DOCTYPE html><html lang="no"><head><title>x</title></head><body><header class="documentHeader"><dl>{head}</dl></header>'
        f'<main class="documentBody" data-lovdata-URL="NL/{refid}" id="dokument"><h1>x</h1>{body}</main></body></html>'
    ).encode()


def section(name: str, *parts: str, title: str = "Prøve", number: str = "") -> str:
    """One section. A part that is no element becomes a ledd."""
    ledd = "".join(part if part.startswith("<") else f'<article class="legalP">{part}</article>' for part in parts)
    value = number or name.replace("§", "§ ")
    return (
        f'<article class="legalArticle" data-name="{name}" id="kapittel-9-paragraf-9"><h3 class="legalArticleHeader">'
        f'<span class="legalArticleValue">{value}</span>. <span class="legalArticleTitle">{title}</span></h3>{ledd}</article>'
    )


def items(*texts: str, kind: str = "a", names: tuple[str, ...] = ()) -> str:
    """A list with the labels a., b. or those given."""
    labels = names or tuple(f"{chr(97 + index) if kind == 'a' else index + 1}." for index in range(len(texts)))
    entries = "".join(
        f'<li data-name="{label}"><article class="listArticle"><article class="legalP">{text}</article></article></li>'
        for label, text in zip(labels, texts, strict=True)
    )
    return f'<ol class="defaultList" type="{kind}">{entries}</ol>'


def note(text: str) -> str:
    return f'<article class="changesToParent">{text}</article>'


def member(name: str, content: bytes = b"", **fields: object) -> tuple[tarfile.TarInfo, bytes]:
    """A member of an archive; fields are those of ``TarInfo``."""
    info = tarfile.TarInfo(name)
    info.size, info.mtime = len(content), MONDAY
    for key, value in fields.items():
        setattr(info, key, value)
    return info, content


def archive(path: Path, *members: tuple[tarfile.TarInfo, bytes]) -> Path:
    """A tar.bz2 archive of the members."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w:") as tar:
        for info, content in members:
            tar.addfile(info, io.BytesIO(content))
    path.write_bytes(bz2.compress(plain.getvalue()))
    return path
