"""The tables of the store. A wording is kept once, however many snapshots show it."""

from __future__ import annotations

from typing import Final

#: Raised when the tables change; a store of another number is not opened.
VERSION: Final = 1

TABLES: Final = """
CREATE TABLE snapshot (
    id INTEGER PRIMARY KEY,
    date TEXT NOT NULL,           -- the day the texts were as they stand here
    source TEXT NOT NULL,         -- file name or address of what was imported
    licence TEXT NOT NULL,
    UNIQUE (date, source)
);
CREATE TABLE document (
    id INTEGER PRIMARY KEY,
    refid TEXT NOT NULL,          -- lov/2011-06-24-30
    variant TEXT NOT NULL,        -- nn for the constitution in Nynorsk, mostly empty
    sha256 TEXT NOT NULL,         -- of the file
    legacy TEXT NOT NULL, dokid TEXT NOT NULL, eli TEXT NOT NULL,
    language TEXT NOT NULL,       -- as marked in the file, which is often wrong
    title TEXT NOT NULL, short_title TEXT NOT NULL, ministry TEXT NOT NULL,
    in_force TEXT NOT NULL, last_change TEXT NOT NULL, changed_by TEXT NOT NULL,
    published TEXT NOT NULL, corrected TEXT NOT NULL,
    UNIQUE (sha256, refid, variant)
);
CREATE TABLE seen (
    refid TEXT NOT NULL, variant TEXT NOT NULL, date TEXT NOT NULL,
    document INTEGER NOT NULL REFERENCES document, snapshot INTEGER NOT NULL REFERENCES snapshot,
    PRIMARY KEY (refid, variant, date)
) WITHOUT ROWID;
CREATE TABLE unit (
    id INTEGER PRIMARY KEY,       -- rises in the order of the document
    document INTEGER NOT NULL REFERENCES document,
    parent INTEGER,               -- a unit; null for what stands outermost
    kind TEXT NOT NULL, address TEXT NOT NULL, label TEXT NOT NULL, title TEXT NOT NULL,
    text TEXT NOT NULL, repealed TEXT NOT NULL
);
CREATE INDEX unit_address ON unit (document, address);
CREATE INDEX unit_parent ON unit (parent);
CREATE TABLE reference (
    unit INTEGER NOT NULL REFERENCES unit,
    target TEXT NOT NULL,         -- lov/2011-06-24-30/§7-2a
    words TEXT NOT NULL
);
CREATE INDEX reference_unit ON reference (unit);
"""
