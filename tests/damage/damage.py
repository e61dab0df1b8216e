#!/usr/bin/env python3
"""damage.py: damages clean articles the ways that feeds do, and keeps their gold spans.

    damage.py [--rate R] [--seed N] [--ways W,W...] < clean.jsonl > damaged.jsonl

A row is {"text": ..., any list of spans}: every member that is a list of [start, end] pairs, or of objects with "start" and "end", in code
points, is mapped to the damaged text; what else the row holds is kept. --rate: share of the places of each kind that are hit (0 to 1).
A row also gets "damage": {way: number of hits}.

Ways: glue (a space before or behind a name goes), mojibake (UTF-8 read as Windows-1252, the whole article), latin1 (the same as Latin-1),
double (twice), quotes (a mark is turned, doubled or made straight), softhyphen, linebreak (a word is broken over two lines), invisible,
ligature, wide (full-width letters), homoglyph, spaced (letters of a word in capitals are spaced), cut (the text ends in its last sentence).
The same seed and rows give the same bytes. Other programs import damage().
"""
import argparse
import json
import random
import re
import sys

HOMOGLYPHS = dict(zip("aceopxyABEKMHOPCTX", "асеорхуАВЕКМНОРСТХ"))
LIGATURES = {"ffi": "ﬃ", "ffl": "ﬄ", "ff": "ﬀ", "fi": "ﬁ", "fl": "ﬂ"}
INVISIBLE = "\u200b\u200e\u200f\u202a\ufeff"


def places(text, way):
    """(start, end, what stands there afterwards) of each place that a way can hit; a function of the random source where it chooses."""
    if way == "glue":
        for m in re.finditer(r"(?<=[a-z]{2}) (?=[A-Z][a-z])|(?<=\b[A-Z][a-z]{3}) (?=(?:and|the|of|in|to|for|with|from|who|said)\b)", text):
            yield m.start(), m.end(), ""
    elif way == "quotes":
        for m in re.finditer("[\"“”]", text):
            q = m.group()
            yield m.start(), m.end(), lambda rng, q=q: rng.choice([{"“": "”", "”": "“"}.get(q, q + q), q + q, '"'])
    elif way == "softhyphen":
        for m in re.finditer(r"(?<=\b[A-Za-z]{4})(?=[a-z]{3})", text):
            yield m.start(), m.end(), "\u00ad"
    elif way == "linebreak":
        for m in re.finditer(r"(?<=\b[a-z]{4})(?=[a-z]{4})", text):
            yield m.start(), m.end(), "-\n"
    elif way == "invisible":
        for m in re.finditer(r"(?<=[a-z])(?=[a-z])", text):
            yield m.start(), m.end(), lambda rng: rng.choice(INVISIBLE)
    elif way == "ligature":
        for m in re.finditer("ffi|ffl|ff|fi|fl", text):
            yield m.start(), m.end(), LIGATURES[m.group()]
    elif way == "wide":
        for m in re.finditer(r"[A-Za-z]", text):
            yield m.start(), m.end(), chr(ord(m.group()) + 0xFEE0)
    elif way == "homoglyph":
        for m in re.finditer("(?<=[A-Za-z]{3})[%s]|[%s](?=[A-Za-z]{3})" % (("".join(HOMOGLYPHS),) * 2), text):
            yield m.start(), m.end(), HOMOGLYPHS[m.group()]
    elif way == "spaced":
        for m in re.finditer(r"(?<![\w'’-])[A-Z]{5,}(?![\w'’-])", text):
            for i in range(m.start() + 1, m.end()):
                yield i, i, " "
    elif way == "cut":
        m = re.search(r"\s\S+\s\S+\s\S*$", text.rstrip())
        if m:
            yield m.start() + 3, len(text), " …"
    elif way in ("mojibake", "latin1", "double"):
        for m in re.finditer(r"[^\x00-\x7f]", text):
            yield m.start(), m.end(), garble(m.group(), way)
    else:
        raise SystemExit("damage.py: there is no way \"%s\"" % way)


def as_cp1252(raw):
    return "".join(bytes([b]).decode("cp1252") if b not in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else chr(b) for b in raw)


def garble(ch, way):
    if way == "latin1":
        return ch.encode().decode("latin-1")
    once = as_cp1252(ch.encode())
    return as_cp1252(once.encode()) if way == "double" else once


WHOLE = ("mojibake", "latin1", "double", "cut")        # all places or none


def damage(text, ways, rate, rng):
    """(damaged text, function that maps an offset of the clean text: (offset, is_end) -> offset, {way: hits})"""
    hits, edits, taken = {}, [], set()
    for way in ways:
        whole = way in WHOLE and rng.random() < max(rate, 0.5)
        for start, end, to in places(text, way):
            if not (whole if way in WHOLE else rng.random() < rate) or any(i in taken for i in range(start, max(end, start + 1))):
                continue
            taken.update(range(start, max(end, start + 1)))
            edits.append((start, end, to(rng) if callable(to) else to))
            hits[way] = hits.get(way, 0) + 1
    edits.sort()
    out, at = [], 0
    for start, end, to in edits:
        out += [text[at:start], to]
        at = end
    out.append(text[at:])

    def moved(pos, is_end):
        shift = 0
        for start, end, to in edits:
            if end < pos or (end == pos and not (start == end and is_end)):
                shift += len(to) - (end - start)
            elif start < pos:
                return start + shift + (len(to) if is_end else 0)
            else:
                break
        return pos + shift

    return "".join(out), moved, hits


def map_spans(value, moved):
    if isinstance(value, list) and value and all(isinstance(x, list) and len(x) == 2 and all(isinstance(y, int) for y in x) for x in value):
        return [[moved(s, False), moved(e, True)] for s, e in value]
    if isinstance(value, list):
        return [map_spans(x, moved) for x in value]
    if isinstance(value, dict):
        out = {k: map_spans(v, moved) for k, v in value.items()}
        if isinstance(value.get("start"), int) and isinstance(value.get("end"), int):
            out["start"], out["end"] = moved(value["start"], False), moved(value["end"], True)
        return out
    return value


def damage_row(row, ways, rate, rng):
    text, moved, hits = damage(row["text"], ways, rate, rng)
    out = {k: v if k == "text" else map_spans(v, moved) for k, v in row.items()}
    out.update(text=text, damage=hits)
    return out


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--rate", type=float, default=0.02)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--ways", default="glue,quotes,softhyphen,linebreak,invisible,ligature,homoglyph,mojibake")
    a = ap.parse_args()
    rng = random.Random(a.seed)
    for line in sys.stdin:
        if line.strip():
            print(json.dumps(damage_row(json.loads(line), a.ways.split(","), a.rate, rng), ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
