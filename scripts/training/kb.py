"""models/kb.dlm: the knowledge base, from the tables of data/kb. pipeline/lexicon/kb.h says what is in it, kb_format.h how it lies there.

A name is looked up by the hash of its words (gazetteer.key_of). The high bits of the hash choose a bucket; in it a name is 24 more bits
of the hash and its readings, best first. No name is stored as a string but the canonical ones, front-coded.
"""
import collections
import datetime
import os
import sys

import numpy as np

from . import modelfile, places_kb
from .fold import words_of
from .gazetteer import key_of, number, rows, split
from .skeleton import skeleton_key

PLACE, PERSON, ORG, COUNTRY, NORP, METONYM, TITLE = range(7)
NAME, VARIANT, ACRONYM, SURNAME, ADJECTIVE, DEMONYM, SKELETON = range(7)  # how the name stands to the thing
CHECK_BITS, MOST_WORDS, MOST_READINGS = 24, 16, 40
GEONAMES, WIKIDATA, NATURAL_EARTH, ORG_ROW, WIKIPEDIA, OWN = 1, 2, 3, 4, 5, 6
NO_COUNTRY = 255
PSEUDO_COUNTRIES = ["INT", "EU"]  # who an office is held for, where it is no country

COMPANIES = {"company", "bank", "brand", "utility", "transit"}
ORG_PRIOR = {"igo": 13, "un": 13, "armed_group": 9, "military": 8, "party": 8, "legislature": 9, "gov": 9, "media": 8, "ngo": 7, "court": 7,
             "police": 7, "intel": 8, "company": 6, "bank": 5, "university": 6, "centralbank": 8, "thinktank": 6, "union": 6, "sport": 6,
             "sport_club": 4, "hospital": 3, "utility": 3, "transit": 3, "brand": 3, "generic": 5, "org": 7}


class Strings:
    """Strings by number, in the order of their bytes."""

    def __init__(self):
        self.all = {""}

    def add(self, text):
        self.all.add(text[:200])

    def close(self):
        self.sorted = sorted(self.all, key=lambda s: s.encode())
        self.index = {s: i for i, s in enumerate(self.sorted)}

    def __getitem__(self, text):
        return self.index[text[:200]]

    def pack(self):
        """Buckets of 16: the first string whole, the others as what they share with the one before, and the rest."""
        out, at = bytearray(), []
        before = b""
        for i, s in enumerate(self.sorted):
            b = s.encode()[:255]
            if i % 16 == 0:
                at.append(len(out))
                out += bytes([len(b)]) + b
            else:
                same = 0
                while same < min(len(b), len(before)) and b[same] == before[same]:
                    same += 1
                out += bytes([same, len(b) - same]) + b[same:]
            before = b
        return np.frombuffer(bytes(out), dtype="u1"), np.array(at, dtype="u4")


class Names:
    """Readings of names: {key: {(type, row): (prior, form)}}."""

    def __init__(self):
        self.readings = collections.defaultdict(dict)

    def put(self, key, what, row, form, prior):
        old = self.readings[key].get((what, row))
        prior = max(0, min(15, int(prior)))
        if old is None or (prior, -form) > (old[0], -old[1]):
            self.readings[key][what, row] = (prior, form)

    def add(self, name, what, row, form, prior):
        words = words_of(name)
        if words[:1] == ["the"]:
            words = words[1:]
        if words and len(words) <= MOST_WORDS and not "".join(words).isdigit():
            self.put(key_of(words), what, row, form, prior)

    def bucket_bits(self):
        """About ten names a bucket."""
        return max(4, min(24, len(self.readings).bit_length() - 4))

    def pack(self):
        bits = self.bucket_bits()
        buckets = [[] for _ in range(1 << bits)]
        for key, readings in self.readings.items():
            check = key >> (64 - bits - CHECK_BITS) & ((1 << CHECK_BITS) - 1)
            buckets[key >> (64 - bits)].append((check, readings))
        out, at = bytearray(), []
        for bucket in buckets:
            at.append(len(out))
            for check, readings in sorted(bucket, key=lambda b: b[0]):
                best = sorted(readings.items(), key=lambda r: (-r[1][0], r[1][1], r[0]))[:MOST_READINGS]
                out += check.to_bytes(3, "little")
                for i, ((what, row), (prior, form)) in enumerate(best):
                    more = i + 1 < len(best)
                    out += (what << 21 | row).to_bytes(3, "little") + bytes([more << 7 | form << 4 | prior])
        at.append(len(out))
        return np.frombuffer(bytes(out), dtype="u1"), np.array(at, dtype="u4")


def id_of(text, strings):
    """An id as a number: 4 bits of scheme, 28 of number."""
    head, _, tail = text.partition(":")
    if text.isdigit() and int(text) < 1 << 28:
        return GEONAMES << 28 | int(text)
    if head in ("W", "wd"):
        text = tail
    if text[:1] == "Q" and text[1:].isdigit() and int(text[1:]) < 1 << 28:
        return WIKIDATA << 28 | int(text[1:])
    for scheme, prefix in ((NATURAL_EARTH, "N"), (ORG_ROW, "O"), (WIKIPEDIA, "PAN")):
        if head == prefix and tail.isdigit():
            return scheme << 28 | int(tail)
    return OWN << 28 | strings[text]


def u24(n):
    return int(n).to_bytes(3, "little")


def year(text, base):
    text = (text or "")[:4]
    return max(1, min(255, int(text) - base)) if text.isdigit() else 0


def day(text, last):
    """Days since 1900-01-01, 0 where there is none; a year alone is its first or last day."""
    parts = [int(x) for x in text.split("-") if x.isdigit()] if text else []
    if not parts or not 1900 <= parts[0] <= 2078:
        return 0
    y, m, d = (parts + [12, 31] if last and len(parts) == 1 else parts + [1, 1])[:3] if len(parts) != 2 else (parts + [28 if last else 1])
    try:
        return max(1, (datetime.date(y, m or 1, d or 1) - datetime.date(1900, 1, 1)).days)
    except ValueError:
        return max(1, (datetime.date(y, 1, 1) - datetime.date(1900, 1, 1)).days)


class Codes:
    """A small table of strings, by number; 0 is none."""

    def __init__(self, texts, most):
        count = collections.Counter(t for t in texts if t)
        self.list = [""] + [t for t, _ in sorted(count.items(), key=lambda c: (-c[1], c[0]))[:most - 1]]
        self.index = {t: i for i, t in enumerate(self.list)}

    def __getitem__(self, text):
        return self.index.get(text, 0)

    def pack(self, strings):
        return np.array([strings[t] for t in self.list], dtype="u4")


# ---- tables ----------------------------------------------------------------------------------------------------------


def read(data, sharealike):
    t = {n: list(rows(data, n + ".tsv")) for n in ("countries", "places", "people", "leaders", "orgs", "norps", "metonyms", "titles")}
    if not sharealike:
        t["people"] = [r for r in t["people"] if set(r["src"]) != {"P"}]
        t["orgs"] = [r for r in t["orgs"] if set(r["src"]) != {"S"}]
    places_kb.centres(t["places"])
    t["places"], dropped_places = places_kb.choose(t["places"])
    print("kb: %d places left out" % dropped_places)
    return t


def countries_of(t):
    index = {r["iso3"]: i for i, r in enumerate(t["countries"])}
    index.update({r["iso2"]: i for i, r in enumerate(t["countries"])})
    for i, name in enumerate(PSEUDO_COUNTRIES):
        index[name] = len(t["countries"]) + i
    index["EUE"] = index["EU"]
    return index


def pack_countries(t, index, strings, place_row, names):
    """[n][12] name, official, iso2, iso3, place, capital's place, geonames id, Wikidata number, population, neighbours' start and end, subregion"""
    table, neighbours = [], []
    for i, r in enumerate(t["countries"]):
        start = len(neighbours)
        neighbours += [index[c] for c in r["neighbours"].split(",") if c in index]
        table.append([strings[r["name"]], strings[r["official"]], int.from_bytes(r["iso2"].encode(), "little"),
                      int.from_bytes(r["iso3"].encode(), "little"), place_row.get(r["geonameid"] or "C:" + r["iso2"], 0xFFFFFFFF),
                      place_row.get(r["_capital"], 0xFFFFFFFF), int(r["geonameid"] or 0), int(r["qid"][1:] or 0),
                      int(number(r["population"])), start, len(neighbours), strings[r["subregion"]]])
        for n in split(r["adjectives"]):
            names.add(n, COUNTRY, i, ADJECTIVE, 15)
        for column in ("noun_sg", "noun_pl", "noun_m", "noun_f"):
            for n in split(r[column]):
                names.add(n, COUNTRY, i, DEMONYM, 14)
    for name in PSEUDO_COUNTRIES:
        table.append([strings[name], 0, 0, int.from_bytes(name.encode(), "little"), 0xFFFFFFFF, 0xFFFFFFFF, 0, 0, 0, 0, 0, 0])
    return np.array(table, dtype="u4"), np.array(neighbours, dtype="u1")


def pack_people(t, index, strings, codes, offices, names):
    spells_of = collections.defaultdict(list)
    for r in t["leaders"]:
        spells_of[r["id"]].append(r)
    out, spells = bytearray(), bytearray()
    n_spells = 0
    people = sorted(t["people"], key=lambda r: id_of(r["id"], strings))
    for i, r in enumerate(people):
        cc = [index[c] for c in split(r["iso3"]) if c in index][:2] + [NO_COUNTRY] * 2
        score = int(number(r["score"]))
        out += u24(strings[r["name"]]) + id_of(r["id"], strings).to_bytes(4, "little") + bytes(
            [cc[0], cc[1], year(r["born"], 1800), year(r["died"], 1800), year(r["first"], 1900), year(r["last"], 1900),
             {"m": 1, "f": 2}.get(r["gender"], 0), min(score, 255), codes[r["cameo"]]]) + u24(n_spells)
        held = set()
        for s in sorted(spells_of[r["id"]], key=lambda s: (s["start"], s["end"], s["office"])):
            spell = offices[s["office"]].to_bytes(2, "little") + bytes([codes[s["cameo"]], index.get(s["iso3"], NO_COUNTRY)]) \
                + day(s["start"], False).to_bytes(2, "little") + day(s["end"], True).to_bytes(2, "little")
            if spell not in held:
                held.add(spell)
                spells += spell
                n_spells += 1
        prior = score * 15 / 50
        every = [r["name"]] + split(r["variants"])[:8]
        for j, n in enumerate(every):
            words = words_of(n)
            if len(words) < 2 and not score >= 20:
                continue
            names.add(n, PERSON, i, VARIANT if j else NAME, prior)
            if len(words) > 2:
                names.put(key_of([words[0], words[-1]]), PERSON, i, VARIANT, prior - 2)
            key = skeleton_key(words) if score >= 18 else None
            if key is not None:
                names.put(key, PERSON, i, SKELETON, prior)
        words = words_of(r["name"])
        if score >= 26 and len(words) > 1:
            family_first = set(split(r["iso3"])) & {"CHN", "TWN", "PRK", "KOR", "VNM", "HKG"}
            names.put(key_of([words[0] if family_first else words[-1]]), PERSON, i, SURNAME, prior - 3)
    out += bytes(16) + u24(n_spells)  # one row more: where the spells of the last one end
    return (np.frombuffer(bytes(out), dtype="u1").reshape(len(people) + 1, 19),
            np.frombuffer(bytes(spells), dtype="u1").reshape(n_spells, 8))


def pack_orgs(t, index, strings, org_codes, types, names):
    out = bytearray()
    orgs = sorted(t["orgs"], key=lambda r: id_of(r["id"], strings))
    for i, r in enumerate(orgs):
        cc = [index[c] for c in split(r["iso3"]) if c in index]
        out += u24(strings[r["name"]]) + id_of(r["id"], strings).to_bytes(4, "little") + bytes([types[r["type"]], cc[0] if cc else NO_COUNTRY]) \
            + org_codes[r["cameo"]].to_bytes(2, "little") + u24(strings[r["acronym"]])
        prior = ORG_PRIOR.get(r["type"], 5) + ("K" in r["src"]) * 2
        for j, n in enumerate([r["name"]] + split(r["aliases"])[:10]):
            names.add(n, ORG, i, VARIANT if j else NAME, prior - (j > 0))
        if r["acronym"]:
            names.add(r["acronym"], ORG, i, ACRONYM, prior)
    return np.frombuffer(bytes(out), dtype="u1").reshape(len(orgs), 14)


def pack_small(t, index, strings, names):
    norps = []
    for i, r in enumerate(t["norps"]):
        norps.append([strings[r["name"]], strings[r["class"]], strings[r["code"]], index.get(r["iso3"], NO_COUNTRY)])
        names.add(r["name"], NORP, i, ADJECTIVE, 12)
        names.add(r["plural"], NORP, i, DEMONYM, 12)
    metonyms = []
    for i, r in enumerate(t["metonyms"]):
        metonyms.append([strings[r["phrase"]], strings[r["note"]], strings[r["cameo"]], index.get(r["iso3"], NO_COUNTRY)])
        names.add(r["phrase"], METONYM, i, NAME, 8 if r["note"].startswith("context") else 15)
    titles = []
    for i, r in enumerate(t["titles"]):
        position = {"pre": 1, "post": 2}.get(r["position"], 0)
        titles.append([strings[r["title"]], strings[r["class"]], strings[r["cameo"]], position])
        names.add(r["title"], TITLE, i, NAME, 12 if r["src"] == "K" else 10)
    return [np.array(x, dtype="u4") for x in (norps, metonyms, titles)]


def all_strings(t, strings):
    for table, columns in (("countries", ("name", "official", "subregion")), ("people", ("name", "cameo")), ("leaders", ("office", "cameo")),
                           ("orgs", ("name", "acronym", "type", "cameo")), ("norps", ("name", "class", "code")),
                           ("metonyms", ("phrase", "note", "cameo")), ("titles", ("title", "class", "cameo")),
                           ("places", ("name", "kind", "adm1_name"))):
        for r in t[table]:
            for c in columns:
                strings.add(r[c])
    for table in ("places", "people", "orgs"):
        for r in t[table]:
            if not r["id"].isdigit() and not (r["id"][0] == "Q" and r["id"][1:].isdigit()):
                strings.add(r["id"])
    for name in PSEUDO_COUNTRIES:
        strings.add(name)
    strings.close()


def build(out, data, sharealike=True):
    t = read(data, sharealike)
    places_kb.capitals(t)
    strings, names = Strings(), Names()
    all_strings(t, strings)
    index = countries_of(t)
    codes = Codes([r["cameo"] for r in t["people"]] + [r["cameo"] for r in t["leaders"]], 255)
    org_codes = Codes([r["cameo"] for r in t["orgs"]], 65535)
    offices = Codes([r["office"] for r in t["leaders"]], 65535)
    types = Codes([r["type"] for r in t["orgs"]], 255)
    kinds = Codes([r["kind"] for r in t["places"]], 255)

    sections = {}
    sections["places"], sections["admin1"], sections["admin2"], place_row = places_kb.pack(
        t, index, strings, kinds, names, lambda text: id_of(text, strings))
    sections["countries"], sections["neighbours"] = pack_countries(t, index, strings, place_row, names)
    sections["people"], sections["spells"] = pack_people(t, index, strings, codes, offices, names)
    sections["orgs"] = pack_orgs(t, index, strings, org_codes, types, names)
    sections["norps"], sections["metonyms"], sections["titles"] = pack_small(t, index, strings, names)
    for name, table in (("codes", codes), ("org.codes", org_codes), ("offices", offices), ("org.types", types), ("kinds", kinds)):
        sections[name] = table.pack(strings)
    sections["names"], sections["names.at"] = names.pack()
    sections["strings"], sections["strings.at"] = strings.pack()
    sections["counts"] = np.array([names.bucket_bits(), len(strings.sorted)], dtype="u4")

    tables = ["countries", "places", "people", "leaders", "orgs", "norps", "metonyms", "titles"]
    n_names, n_readings = len(names.readings), sum(map(len, names.readings.values()))
    size = modelfile.write(out, "kb", {
        "name": "kb", "version": "1", "made-by": "scripts/build-kb" + ("" if sharealike else " --no-sharealike"),
        "names": str(n_names), "readings": str(n_readings), "python": sys.version.split()[0], "numpy": np.__version__,
        "data": ["kb/%s.tsv sha256 %s" % (x, modelfile.digest(os.path.join(data, "kb", x + ".tsv"))) for x in tables],
        "licence": "facts of GeoNames (CC BY 4.0), Natural Earth, Wikidata (CC0) and others: see models/README.md",
    }, sections)
    for name, a in sections.items():
        print("  %-12s %9d bytes" % (name, a.nbytes))
    print("kb: %d names, %d readings, %d strings; %.2f MB, %.1f bytes a name in the index" % (
        n_names, n_readings, len(strings.sorted), size / 1e6, (sections["names"].nbytes + sections["names.at"].nbytes) / n_names))
