"""Texts with names, from every corpus, in one form: a document has its text and spans of code points with a type.

Types are PER ORG LOC MISC. A corpus without MISC is marked `partial`: where it says nothing there may be one.
"""
import glob
import json
import os
import random
import struct
import subprocess

import numpy as np

from .fold import fold

TYPES = {"PER": "PER", "ORG": "ORG", "LOC": "LOC", "GPE": "LOC", "MISC": "MISC", "NORP": "MISC", "EVENT": "MISC"}
DOMAINS = ["own", "ewt", "gum", "crossner", "btc", "silver"]
CLOSE = {".", ",", ";", ":", "?", "!", ")", "]", "}", "%", "''", "”", "’", "n't", "'s", "'S", "'re", "'ve", "'ll", "'d", "'m", "..."}


def join(tokens):
    """Tokens as English prose writes them: (text, spans)."""
    text, spans, quote, glue = "", [], False, True
    for tok in tokens:
        left = tok in CLOSE
        if tok == '"':
            left, quote = quote, not quote
        if text and not glue and not left:
            text += " "
        spans.append((len(text), len(text) + len(tok)))
        text += tok
        glue = tok in {"(", "[", "{", "``", "“", "‘", "$", "£", "€", "#"} or (tok == '"' and quote)
    return text, spans


def place(tokens, text):
    spans, at = [], 0
    for tok in tokens:
        while at < len(text) and text[at].isspace():
            at += 1
        if not text.startswith(tok, at):
            return None
        spans.append((at, at + len(tok)))
        at += len(tok)
    return spans


def sentences(path):
    """(doc_id, given text or None, tokens, tags) of a CoNLL file."""
    doc, given, toks, tags = None, None, [], []
    with open(path, encoding="utf-8") as f:
        for line in list(f) + ["\n"]:
            line = line.rstrip("\n")
            if line.startswith("# ") and "\t" not in line:
                if line.startswith("# doc_id"):
                    doc = line.split("=", 1)[1].strip()
                elif line.startswith("# text ="):
                    given = line.split("=", 1)[1].strip()
            elif line.strip():
                cols = line.split("\t")
                toks.append(cols[0])
                tags.append(cols[-1])
            elif toks:
                yield doc, given, toks, tags
                given, toks, tags = None, [], []


def conll(path, domain, partial=False, alone=False, skip=None):
    docs, last = [], None
    for doc, given, toks, tags in sentences(path):
        spans = place(toks, given) if given else None
        text = given
        if spans is None:
            text, spans = join(toks)
        if skip and "".join(fold(text).split()) in skip:
            continue
        if alone or not docs or doc != last:
            docs.append({"domain": domain, "partial": partial, "text": "", "spans": []})
            last = doc
        d = docs[-1]
        if d["text"]:
            d["text"] += "\n"
        base, start = len(d["text"]), None
        for i, tag in enumerate(tags + ["O"]):
            if start is not None and not (tag.startswith("I-") and tag[2:] == kind):
                if kind in TYPES:
                    d["spans"].append((base + spans[start][0], base + spans[i - 1][1], TYPES[kind]))
                start = None
            if tag != "O" and start is None:
                start, kind = i, tag[2:]
        d["text"] += text
    return docs


def jsonl(path, domain):
    with open(path, encoding="utf-8") as f:
        rows = [json.loads(line) for line in f]
    return [{"domain": domain, "partial": False, "text": r["text"],
             "spans": [(e["start"], e["end"], TYPES[e["type"]]) for e in r.get("entities", []) if e["type"] in TYPES]} for r in rows]


def gold_articles(paths):
    docs = []
    for path in paths:
        with open(path, encoding="utf-8") as f:
            for r in map(json.loads, f):
                spans = [(m["start"], m["end"], TYPES.get(e["type"])) for e in r["entities"] for m in e["mentions"] if m["form"] == "name"]
                docs.append({"domain": "own", "partial": False, "text": r["text"], "spans": [s for s in spans if s[2]]})
    return docs


# ---- augmentation: headlines, telegrams, datelines -----------------------------------------------------------------------------

CITIES = "LONDON PARIS NAIROBI BEIJING MOSCOW CAIRO LAGOS TOKYO ACCRA KABUL DHAKA LIMA JAKARTA BAGHDAD SYDNEY DELHI".split() + \
    ["MEXICO CITY", "TEL AVIV", "CAPE TOWN", "New York", "Kampala", "Sao Paulo", "Addis Ababa", "Colombo", "Suva", "Port Moresby"]
AGENCIES = ["Reuters", "AP", "AFP", "Xinhua", "UPI", "IRIN", "TASS", "dpa"]
MONTHS = "January February March April May June July August September October November December Jan. Feb. Aug. Sept. Oct. Nov. Dec.".split()


def dateline(rng):
    city, agency = rng.choice(CITIES), rng.choice(AGENCIES)
    date = rng.choice(["", ", %s %d" % (rng.choice(MONTHS), rng.randint(1, 30))])
    form = rng.choice(["%s%s (%s) - ", "%s%s (%s) — ", "%s%s, %s -- ", "%s%s – "])
    if form.count("%s") == 2:
        head = form % (city, date)
        return head, [(0, len(city), "LOC")]
    head = form % (city, date, agency)
    at = head.rindex(agency)
    return head, [(0, len(city), "LOC"), (at, at + len(agency), "ORG")]


def same_length(text, change):
    out = change(text)
    return out if len(out) == len(text) else "".join(change(c) if len(change(c)) == 1 else c for c in text)


SMALL = {"a", "an", "the", "of", "in", "on", "at", "to", "for", "and", "or", "by", "with", "from", "as", "de", "al", "bin", "van", "von"}


def title_case(text):
    words = text.split(" ")
    return " ".join(w if w in SMALL and i or not w[:1].islower() else w[0].upper() + w[1:] if len(w[0].upper()) == 1 else w
                    for i, w in enumerate(words))


def wrap(text, width):
    """Lines broken at blanks, as old feeds send them."""
    out, column = [], 0
    for i, c in enumerate(text):
        column = 0 if c == "\n" else column + 1
        if c == " " and column >= width:
            c, column = "\n", 0
        out.append(c)
    return "".join(out)


def augment(docs, rng, share):
    """A copy of each document in which some sentences are in capitals, in title case or in lower case; some get a dateline, some are
    wrapped."""
    out = []
    for d in docs:
        text, at = "", 0
        for part in d["text"].split("\n"):
            pieces = part.split(". ")
            for i, piece in enumerate(pieces):
                roll = rng.random()
                if roll < share * 0.45:
                    piece = same_length(piece, str.upper)
                elif roll < share * 0.8:
                    piece = title_case(piece)
                elif roll < share:
                    piece = same_length(piece, str.lower)
                text += piece + (". " if i + 1 < len(pieces) else "")
            text += "\n"
        text = text[:-1]
        if rng.random() < 0.2:
            text = wrap(text, rng.randint(55, 90))
        spans = list(d["spans"])
        if rng.random() < 0.3:
            head, more = dateline(rng)
            text = head + text
            spans = more + [(s + len(head), e + len(head), t) for s, e, t in spans]
        out.append(dict(d, text=text, spans=spans))
    return out


# ---- through the service's own tokeniser ---------------------------------------------------------------------------------------

N_AFFIXES = 5
TAGS = ["O"] + [p + "-" + t for t in ("PER", "ORG", "LOC", "MISC") for p in "BILU"]


def label(spans, starts, ends, sent):
    """BILOU tags of tokens; a span that cuts a token takes the whole token, one that crosses sentences is a name in each."""
    tags = np.zeros(len(starts), dtype="i2")
    lost = 0
    for s, e, kind in spans:
        a = int(np.searchsorted(ends, s, side="right"))
        b = int(np.searchsorted(starts, e, side="left"))
        if b <= a or tags[a:b].any():
            lost += 1
            continue
        t = TAGS.index("B-" + kind)
        cuts = [a] + [i for i in range(a + 1, b) if sent[i] != sent[i - 1]] + [b]
        for x, y in zip(cuts, cuts[1:]):
            if y - x == 1:
                tags[x] = t + 3
            else:
                tags[x], tags[x + 1:y - 1], tags[y - 1] = t, t + 1, t + 2
        lost += starts[a] != s or ends[b - 1] != e
    return tags, lost


def features(docs, program, models):
    """Adds to each document what the C code knows of its tokens, and their tags. Documents that it cannot read are left out."""
    feed = b"".join(struct.pack("<I", len(t)) + t for t in (d["text"].encode() for d in docs))
    data = subprocess.run([program, models], input=feed, stdout=subprocess.PIPE, check=True).stdout
    at, kept, lost, n_spans = 0, [], 0, 0
    for d in docs:
        n_text, = struct.unpack_from("<I", data, at)
        text = data[at + 4:at + 4 + n_text].decode()
        at += 4 + n_text
        n, = struct.unpack_from("<I", data, at)
        at += 4
        f = {}
        for name, kind, width in (("start", "u4", 1), ("end", "u4", 1), ("sent", "u4", 1), ("row", "u4", 1), ("key", "u8", 1),
                                  ("bits", "u8", 1), ("shape", "u1", 1), ("cap", "u1", 1), ("affixes", "u2", N_AFFIXES)):
            f[name] = np.frombuffer(data, dtype="<" + kind, count=n * width, offset=at)
            at += n * width * np.dtype(kind).itemsize
        if n == 0:
            continue
        f["affixes"] = f["affixes"].reshape(n, N_AFFIXES)
        cp = np.zeros(n_text + 1, dtype="i4")       # code points before each byte
        lead = (np.frombuffer(text.encode(), dtype="u1") & 0xC0) != 0x80
        cp[1:] = np.cumsum(lead)
        starts, ends = cp[f["start"]], np.array([cp[e] for e in f["end"]])
        spans = d["spans"]
        if text != d["text"]:                      # decode changed white space: follow the other characters
            a, b = [i for i, c in enumerate(d["text"]) if not c.isspace()], [i for i, c in enumerate(text) if not c.isspace()]
            if len(a) != len(b):
                continue
            to = dict(zip(a, b))
            spans = [(to[s], to[e - 1] + 1, t) for s, e, t in spans if s in to and e - 1 in to]
        f["tags"], wrong = label(spans, starts, ends, f["sent"])
        f["cp_start"], f["cp_end"], f["seen"] = starts, ends, text
        f["gold"] = spans
        lost += wrong
        n_spans += len(spans)
        kept.append(dict(d, **f))
    print("features: %d of %d documents, %d tokens, %d names, %d not on token borders" % (len(kept), len(docs), sum(len(d["row"]) for d in kept), n_spans, lost),
          flush=True)
    return kept


def sets(data):
    """Training and development documents by name."""
    ner = os.path.join(data, "ner")
    own = jsonl(ner + "/open_news_gold/train.jsonl", "own")
    voa = jsonl(ner + "/voa_gold/train.jsonl", "own")
    seen = {"".join(fold(p).split()) for d in voa + jsonl(ner + "/voa_gold/dev.jsonl", "own") for line in d["text"].split("\n")
            for p in line.replace("? ", "?\n").replace(". ", ".\n").split("\n")}
    train = {
        "open_news": own, "voa": voa,
        "ewt": conll(ner + "/uner_en_ewt/train.conll", "ewt"),
        "gum": conll(ner + "/gum_derived/train.conll", "gum"),
        "crossner": conll(ner + "/crossner_politics/train.conll", "crossner", alone=True) + conll(ner + "/crossner_politics/dev.conll", "crossner", alone=True),
        "btc": conll(ner + "/btc_news/train.conll", "btc", partial=True, alone=True),
        "gmb": conll(ner + "/gmb_voa_silver/train.conll", "silver", skip=seen),
    }
    dev = {
        "open_news": jsonl(ner + "/open_news_gold/dev.jsonl", "own"),
        "voa": jsonl(ner + "/voa_gold/dev.jsonl", "own"),
        "articles": gold_articles([os.path.join(data, "gold", n) for n in ("kazakhstan-2022.jsonl", "wikinews-dev.jsonl")]),
        "ewt": conll(ner + "/uner_en_ewt/dev.conll", "ewt", partial=True),
        "gum": conll(ner + "/gum_derived/dev.conll", "gum"),
    }
    held = {"".join(fold(d["text"]).split())[:200] for docs in dev.values() for d in docs}
    with open(os.path.join(data, "articles", "open_news.jsonl"), encoding="utf-8") as f:
        texts = [json.loads(line)["text"] for line in f]
    known = held | {"".join(fold(d["text"]).split())[:200] for d in own}
    train["open_text"] = [{"domain": "silver", "partial": False, "text": t, "spans": []} for t in texts if "".join(fold(t).split())[:200] not in known]
    for name in train:
        train[name] = [d for d in train[name] if "".join(fold(d["text"]).split())[:200] not in held or len(d["text"]) < 100]
    rng = random.Random(7)
    train["augmented"] = augment(train["open_news"] + train["voa"], rng, 0.35)
    train["augmented_web"] = augment(train["ewt"] + train["gum"], rng, 0.25)
    return train, dev
