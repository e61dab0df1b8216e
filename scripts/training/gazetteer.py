"""models/gazetteer.dlm: which phrases are names of what, from the knowledge tables (data/kb).

A key is a sequence of words (fold.words_of); its hash chains the words' hashes, so that the C code walks a text word by word and stops
where no longer key begins with what it has read (PREFIX). The values are numbers of classes; a class is a set of bits.
"""
import collections
import csv
import os
import sys

import numpy as np

from . import modelfile
from .fold import words_of

BITS = ["PLACE", "SMALL_PLACE", "PERSON", "ORG", "COMPANY", "DEMONYM", "GIVEN", "SURNAME", "COMMON_GIVEN", "COMMON_SURNAME", "TITLE",
        "LEGAL", "WORD", "PREFIX"]
BIT = {name: 1 << i for i, name in enumerate(BITS)}
START, MOST_WORDS, VALUE_BITS = 0x9E3779B97F4A7C15, 7, 7
COMPANIES = {"company", "bank", "brand", "utility", "transit"}


def key_of(words):
    h = START
    for w in words:
        h = modelfile.mix(h ^ modelfile.dl_hash(w.encode()), modelfile.K2)
    return h


def rows(data, name):
    csv.field_size_limit(1 << 24)
    with open(os.path.join(data, "kb", name), encoding="utf-8", newline="") as f:
        yield from csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE)


def split(field):
    return [x for x in (field or "").split("|") if x]


def number(text):
    try:
        return float(text or 0)
    except ValueError:
        return 0.0


def collect(data):
    bits = collections.Counter()
    names = collections.defaultdict(int)

    def add(name, bit, least=2):
        words = words_of(name)
        if words[:1] == ["the"]:
            words = words[1:]
        if words and len(words) <= MOST_WORDS and sum(map(len, words)) >= least and not "".join(words).isdigit():
            names[tuple(words)] |= BIT[bit]
            bits[bit] += 1

    common = set()                      # lower-case English words: no small place is believed under such a name
    for r in rows(data, "words.tsv"):
        if r["scowl_lower"] and int(r["scowl_lower"]) <= 35:
            common.add(r["word"])
    for r in rows(data, "countries.tsv"):
        people = [n for c in ("adjectives", "noun_sg", "noun_pl", "noun_m", "noun_f") for n in split(r[c])]
        for n in [r["name"], r["official"], r["capital"]] + split(r["alts"]) + split(r["misspellings"]):
            if n not in people:             # "Andorran" stands among the misspellings of Andorra
                add(n, "PLACE")
        for n in people:
            add(n, "DEMONYM", 3)
    for r in rows(data, "norps.tsv"):
        for n in [r["name"], r["plural"]]:
            add(n, "DEMONYM", 3)
    for r in rows(data, "places.tsv"):
        big = r["kind"] in ("A.ADM1", "A.PCLI", "P.PPLC", "P.PPLA") or r["kind"].startswith(("L.", "H.", "T.")) \
            or r["id"].startswith("K:") or number(r["pop"]) >= 100000
        for n in [r["name"]] + split(r["alts"])[:6 if big else 2]:
            words = words_of(n)
            if not big and len(words) == 1 and words[0] in common:
                continue
            add(n, "PLACE" if big else "SMALL_PLACE", 3)
    for r in rows(data, "people.tsv"):
        for n in [r["name"]] + split(r["variants"])[:4]:
            if len(words_of(n)) > 1:
                add(n, "PERSON")
    for r in rows(data, "orgs.tsv"):
        kind = "COMPANY" if r["type"] in COMPANIES else "ORG"
        for n in [r["name"]] + split(r["aliases"])[:5]:
            words = words_of(n)
            if len(words) == 1 and (words[0] in common or (kind == "COMPANY" and len(words[0]) < 4)):
                continue
            add(n, kind)
        if r["acronym"]:
            add(r["acronym"], kind)
    for r in rows(data, "metonyms.tsv"):
        add(r["phrase"], "ORG")
    for r in rows(data, "person-names.tsv"):
        given, family = number(r["given_n"]), number(r["surname_n"])
        births, bearers = number(r["us_births"]), number(r["us_bearers_k"])
        if len(words_of(r["name"])) == 1 and words_of(r["name"])[0] in common and births < 20000 and bearers < 40:
            continue
        if "G" in r["kind"]:
            add(r["name"], "COMMON_GIVEN" if given >= 8 or births >= 20000 else "GIVEN", 3)
        if "S" in r["kind"]:
            add(r["name"], "COMMON_SURNAME" if family >= 8 or bearers >= 20 else "SURNAME", 3)
    for r in rows(data, "titles.tsv"):
        if r["class"] != "agent":
            add(r["title"], "TITLE")
    for r in rows(data, "org-suffixes.tsv"):
        if len(words_of(r["form"])) == 1:
            add(r["form"], "LEGAL")
    for w in common:
        if (w,) in names:
            names[(w,)] |= BIT["WORD"]
    for words in list(names):
        for n in range(1, len(words)):
            names[words[:n]] |= BIT["PREFIX"]
    return names, bits


def classes_of(names):
    """The commonest bit sets as classes; a rarer set goes to the class that shares most with it and adds nothing."""
    count = collections.Counter(names.values())
    table = [bits for bits, _ in count.most_common(1 << VALUE_BITS)]
    index = {bits: i for i, bits in enumerate(table)}
    for bits in count:
        if bits not in index:
            index[bits] = max(range(len(table)), key=lambda i: (bin(table[i] & bits).count("1") if not table[i] & ~bits else -1, -i))
    return table, index


def build(out, data):
    names, bits = collect(data)
    table, index = classes_of(names)
    keys, values = [], []
    seen = set()
    for words in sorted(names):
        key = key_of(words)
        if key not in seen:
            seen.add(key)
            keys.append(key)
            values.append(index[names[words]])
    cells, shape = modelfile.fuse_map(keys, values, 16, VALUE_BITS)
    tables = ["countries", "places", "people", "orgs", "norps", "metonyms", "person-names", "titles", "org-suffixes", "words"]
    size = modelfile.write(out, "gazetteer", {
        "name": "gazetteer", "version": "1", "made-by": "scripts/train gazetteer",
        "python": sys.version.split()[0], "numpy": np.__version__, "keys": str(len(keys)),
        "data": ["kb/%s.tsv sha256 %s" % (t, modelfile.digest(os.path.join(data, "kb", t + ".tsv"))) for t in tables],
        "licence": "facts of GeoNames (CC BY 4.0), Wikidata (CC0) and others: see models/README.md",
    }, {"map.cells": cells, "map.shape": shape, "classes": np.array(table, dtype="u2")})
    print("gazetteer: %d keys, %d classes of %d sets, %.2f MB; %s" % (len(keys), len(table), len(set(names.values())), size / 1e6, dict(bits)))
