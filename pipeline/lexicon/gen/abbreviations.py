#!/usr/bin/env python3
"""abbreviations.py DATA_DIR: writes ../abbrev_table.inc from DATA_DIR/kb/abbreviations.tsv and words.tsv, to standard output.

Entries that are everyday words and no abbreviation of a class of their own ("may", "ok", "me") are left out: after them a stop ends the
sentence. Sorted by folded form for binary search."""
import sys

CLASSES = {"title": "TITLE", "honorifics": "TITLE", "org": "ORG", "month": "DATE", "day": "DATE", "unit": "UNIT", "units": "UNIT",
           "ref": "REF", "latin": "REF", "currency": "TITLE", "us_state": "PLACE", "place": "PLACE", "places": "PLACE",
           "acronym": "ACRONYM"}
EVERYDAY_ZIPF = 4.9     # log10 per billion words, as in words.tsv


def rows(path):
    with open(path, encoding="utf-8") as f:
        next(f)
        for line in f:
            yield line.rstrip("\n").split("\t")


def main():
    data = sys.argv[1]
    everyday = {r[0].lower() for r in rows(f"{data}/kb/words.tsv") if r[1] and float(r[1]) >= EVERYDAY_ZIPF and r[2]}
    table = {}
    for abbr, classes, ends, _ in rows(f"{data}/kb/abbreviations.tsv"):
        key = abbr.lower()
        flags = {CLASSES[c] for c in classes.split("|") if c in CLASSES}
        common = key in everyday
        if not key.isascii() or (common and not flags):
            continue
        if common:
            flags.add("WORD")
        if abbr[0].isupper():
            flags.add("CAPITAL")
        flags.add({"never": "NEVER", "maybe": "MAYBE", "number": "NUMBER"}[ends])
        table.setdefault(key, set()).update(flags)
    print("/* Made by gen/abbreviations.py from kb/abbreviations.tsv and kb/words.tsv. Do not edit. */")
    for key in sorted(table):
        print('{"%s", %s},' % (key, " | ".join("DL_ABBREV_" + f for f in sorted(table[key]))))


if __name__ == "__main__":
    main()
