"""models/tagger.dlm: parts of speech, morphology, lemmas.

A window network: the vectors of five words go through one hidden layer to one label, which stands for universal tag, Penn tag and
morphology together. What a word adds to the hidden layer at each of the five places depends on the word alone, so the C code
(pipeline/stages/tag.c) keeps these sums for the words of the vocabulary and computes them for others. All inputs, the hidden layer and
the weights are integers there; training rounds the same way, so the model is the same.

    x_w = [ word vector 100 | own 28 ]                       each in [-1, 1], steps of 1/63
    own = row of the word (seen twice or more in training) + rows of its affixes
    h_t = clamp(sum over k = -2..2 of (W_k x_{t+k} + S_k[shape of t+k]), 0, 127/32), steps of 1/32
    label = argmax O h_t + b
"""
import collections
import os
import random
import sys
import time

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from . import conllu, features as ft, lemma, modelfile
from .vectors import Words
from .fold import fold

DIM, OWN, HIDDEN, SIDE = 100, 28, 128, 2
WIN = 2 * SIDE + 1
UPOS = "ADJ ADP ADV AUX CCONJ DET INTJ NOUN NUM PART PRON PROPN PUNCT SCONJ SYM VERB X".split()
WORD_STEPS = 20         # steps of 1/63 to a deviation of the word vectors


def morph_bits(upos, xpos, feats):
    """dl_morph bits of pipeline/stages/tag.h."""
    f = dict(x.split("=") for x in feats.split("|")) if feats != "_" else {}
    b = {"Fin": 1, "Inf": 2, "Part": 3, "Ger": 4}.get(f.get("VerbForm"), 0)
    b |= {"Past": 1, "Pres": 2}.get(f.get("Tense"), 0) << 3
    b |= (f.get("Voice") == "Pass") << 5
    b |= {"Ind": 1, "Imp": 2, "Sub": 3}.get(f.get("Mood"), 0) << 6
    if upos == "PRON" and xpos in ("PRP", "PRP$"):
        b |= {"Sing": 1, "Plur": 2}.get(f.get("Number"), 0) << 8 | int(f.get("Person", 0)) << 10
    elif xpos in ("NN", "NNP", "VBZ"):
        b |= 1 << 8
    elif xpos in ("NNS", "NNPS"):
        b |= 2 << 8
    if xpos == "VBZ":
        b |= 3 << 10
    b |= {"Cmp": 1, "Sup": 2}.get(f.get("Degree"), 0) << 12
    b |= (f.get("Poss") == "Yes") << 14 | (f.get("Polarity") == "Neg") << 15
    return b


class Labels:
    """Inventory of (upos, xpos, bits) seen often enough; others are mapped to the nearest."""

    def __init__(self, sents, least=5):
        c = collections.Counter(x for s in sents for x in self.of(s))
        self.all = [x for x, n in sorted(c.items(), key=lambda i: (-i[1], i[0])) if n >= least]
        self.id = {x: i for i, x in enumerate(self.all)}

    @staticmethod
    def of(s):
        return [(u, x, morph_bits(u, x, f)) for u, x, f in zip(s.upos, s.xpos, s.feats)]

    def ids(self, s):
        out = []
        for x in self.of(s):
            if x not in self.id:
                self.id[x] = next((i for n in (2, 1) for i, y in enumerate(self.all) if y[:n] == x[:n]), 0)
            out.append(self.id[x])
        return out


class Round(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, steps):
        return torch.floor(x * steps + 0.5) / steps

    @staticmethod
    def backward(ctx, grad):
        return grad, None


def word_table(words):
    """Word vectors as the networks read them, in [-1, 1]; the last row is for words without one."""
    t = words.table().astype("i8")
    mult = word_mult(words)
    q = np.clip((t * mult + 32768) >> 16, -63, 63)
    return np.vstack([q, np.zeros((1, DIM))]).astype("f4") / 63


def word_mult(words):
    return int(round(words.unit * WORD_STEPS * 65536))


class Lookup:
    """Features of forms: (own row, vector row, affixes). Row 0 of own rows lies outside the sentence, 1 is the unknown word."""

    def __init__(self, words, vocab):
        self.words, self.vocab, self.cache, self.none = words, vocab, {}, len(words.codes)

    def __call__(self, form):
        r = self.cache.get(form)
        if r is None:
            g = self.words.row(form)
            r = self.cache[form] = (self.vocab.get(fold(form), 1), self.none if g < 0 else g, *ft.affixes(ft.key(form)))
        return r


def vocabulary(sents, least=2):
    c = collections.Counter(fold(f) for s in sents for f in s.forms)
    kept = [w for w, n in c.items() if n >= least and not any("0" <= ch <= "9" for ch in w) and len(w.encode()) <= 120]
    return {w: i + 2 for i, w in enumerate(sorted(kept, key=lambda w: (-c[w], w)))}


class Net(nn.Module):
    def __init__(self, n_words, n_labels, table):
        super().__init__()
        self.vectors = torch.tensor(table)
        self.word = nn.Embedding(n_words, OWN, padding_idx=0)
        self.affix = nn.EmbeddingBag(ft.AFFIX_BUCKETS, OWN, mode="sum")
        self.shape = nn.ModuleList(nn.Embedding(ft.N_SHAPES + 1, HIDDEN) for _ in range(WIN))
        self.first = nn.Linear(WIN * (DIM + OWN), HIDDEN)
        self.out = nn.Linear(HIDDEN, n_labels)
        nn.init.normal_(self.word.weight, 0, 0.1)
        nn.init.normal_(self.affix.weight, 0, 0.1)
        for e in self.shape:
            nn.init.normal_(e.weight, 0, 0.02)

    def own(self, f):
        return Round.apply((self.word(f[:, 0]) + self.affix(f[:, 2:])).clamp(-1, 1), 63) * (f[:, :1] != 0)

    def forward(self, f, sh, drop):
        if drop:
            unknown = (torch.rand(len(f)) < 0.05) & (f[:, 0] > 1)
            f = torch.cat([torch.where(unknown, 1, f[:, 0]).unsqueeze(1), f[:, 1:]], 1)
        g = self.vectors[f[:, 1]]
        if drop:
            g = g * (torch.rand(len(f), 1) > 0.03)
        x = torch.cat([g, self.own(f)], 1)
        x = F.dropout(x, 0.1, drop > 0)
        n = len(f)
        xp, sp = F.pad(x, (0, 0, SIDE, SIDE)), F.pad(sh, (SIDE, SIDE), value=ft.PAD_SHAPE)
        h = self.first(torch.cat([xp[k:k + n] for k in range(WIN)], 1))
        for k in range(WIN):
            h = h + self.shape[k](sp[k:k + n])
        h = Round.apply(h.clamp(0, 127 / 32), 32)
        return self.out(F.dropout(h, drop, drop > 0))


def stream(sents, look, rng=None, share=0.0):
    """Sentences behind one another, SIDE rows of nothing between them. Label -1 where there is no token."""
    gap = [(0, look.none) + (0,) * ft.N_AFFIXES] * SIDE
    f, sh, y = list(gap), [ft.PAD_SHAPE] * SIDE, [-1] * SIDE
    for s in sents:
        forms = s.forms
        if rng:
            forms = ft.augment(forms, rng, share)
            if rng.random() < 0.3:
                forms = [x.replace("'", "\u2019") for x in forms]
            if len(forms) > 1 and s.upos[-1] == "PUNCT" and rng.random() < 0.08:
                forms = forms[:-1]
        f += [look(x) for x in forms] + gap
        sh += ft.shapes(forms) + [ft.PAD_SHAPE] * SIDE
        y += s.y[:len(forms)] + [-1] * SIDE
    return torch.tensor(f), torch.tensor(sh), torch.tensor(y)


def fit(sents, look, n_labels, table, epochs, seed, report=None, batch=1200, rate=2e-3):
    """Adam, rate falling to zero, averaged weights."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    net = Net(len(look.vocab) + 2, n_labels, table)
    opt = torch.optim.Adam(net.parameters(), lr=rate, betas=(0.9, 0.98))
    mean = {k: v.clone() for k, v in net.state_dict().items()}
    step, total, t0 = 0, 0, time.time()
    sents = list(sents)
    for epoch in range(epochs):
        rng.shuffle(sents)
        f, sh, y = stream(sents, look, rng, 0.12)
        starts = list(range(0, len(y), batch))
        rng.shuffle(starts)
        total = total or len(starts) * epochs
        loss_sum = 0.0
        for a in starts:
            for group in opt.param_groups:
                group["lr"] = rate * min(1, step / 300) * max(0, 1 - step / total)
            loss = F.cross_entropy(net(f[a:a + batch], sh[a:a + batch], 0.25), y[a:a + batch], ignore_index=-1, label_smoothing=0.03)
            opt.zero_grad()
            loss.backward()
            opt.step()
            step += 1
            loss_sum += loss.item()
            if step % 10 == 0:
                d = min(0.99, (1 + step / 10) / (10 + step / 10))
                for k, v in net.state_dict().items():
                    mean[k].mul_(d).add_(v, alpha=1 - d)
        print("tag: epoch %d of %d, loss %.4f, %d s" % (epoch + 1, epochs, loss_sum / len(starts), time.time() - t0), flush=True)
    net.load_state_dict(mean)
    return net


def predict(net, sents, look):
    """Label ids of each sentence."""
    f, sh, y = stream(sents, look)
    with torch.no_grad():
        p = net(f, sh, 0).argmax(1)
    p = p[y >= 0].tolist()
    out, i = [], 0
    for s in sents:
        out.append(p[i:i + len(s.forms)])
        i += len(s.forms)
    return out


def scores(name, sents, pred, labels, lemmas=None):
    n = u = x = lem = 0
    for s, p in zip(sents, pred):
        for i, k in enumerate(p):
            n += 1
            u += labels.all[k][0] == s.upos[i]
            x += labels.all[k][1] == s.xpos[i]
            if lemmas:
                lem += lemma.lemma(*lemmas, s.forms[i], *labels.all[k][:2]) == s.lemmas[i]
    print("tag: %s, gold tokens: UPOS %.2f XPOS %.2f lemma %.2f (%d)" % (name, 100 * u / n, 100 * x / n, 100 * lem / n, n), flush=True)


def treebanks(data):
    """(training sentences, {name: development sentences}, digests)."""
    ud = os.path.join(data, "ud")
    paths = [os.path.join(ud, d, "train.conllu") for d in ("en_ewt", "gum_permissive")]
    train = [s for p in paths for s in conllu.read(p)]
    dev = {n: list(conllu.read(os.path.join(ud, p))) for n, p in
           (("EWT dev", "en_ewt/dev.conllu"), ("GUM dev", "gum_permissive/dev.conllu"), ("GUM test", "gum_permissive/test.conllu"))}
    return train, dev, [os.path.relpath(p, data) + " sha256 " + modelfile.digest(p) for p in paths]


def lemma_sections(items, labels):
    """Rules and exceptions as the C code looks them up: hash of the text with the tag's number as seed -> record."""
    rules, exceptions = lemma.train(items)
    tags = sorted({x[:2] for x in labels.all})
    number = {t: i for i, t in enumerate(tags)}
    pool, records = bytearray(), []

    def put(b):
        at = pool.find(b) if b else 0
        if at < 0:
            at = len(pool)
            pool.extend(b)
        return at
    out = {}
    for name, table in (("rule", rules), ("except", exceptions)):
        keys, records = [], []
        for (tag, b), v in sorted(table.items()):
            if tag not in number or len(b) > 60:
                continue
            add = v[1] if name == "rule" else v
            keys.append(modelfile.dl_hash(b, number[tag] + (256 if name == "rule" else 0)))
            records.append((put(bytes(b)), put(bytes(add)), len(b), len(add), v[0] if name == "rule" else 0, number[tag]))
        cells, shape = modelfile.fuse_map(keys, list(range(len(keys))), 32, 14)
        out[name + ".cells"], out[name + ".shape"] = cells, shape
        out[name + ".recs"] = np.array(records, "u4")
    if not pool:
        pool.extend(b"\0")
    out["lemma.pool"] = np.frombuffer(bytes(pool), "u1")
    longest = {t: max([len(s) for (tt, s) in rules if tt == t] + [0]) for t in tags}
    ruled = {t: any(tt == t and (r != (0, b"") or s) for (tt, s), r in rules.items()) for t in tags}
    return rules, exceptions, out, number, {t: longest[t] + 1 if ruled[t] else 0 for t in tags}


def export(path, net, look, labels, items, words, info):
    w = {k: v.detach().numpy() for k, v in net.state_dict().items()}
    first = w["first.weight"].reshape(HIDDEN, WIN, DIM + OWN).transpose(1, 0, 2)    # [WIN][HIDDEN][x]
    scale = np.abs(first).max(axis=2) / 127
    w1 = np.rint(first / scale[..., None]).astype("i1")
    # units of the hidden sums: 1/256
    mult = np.rint(scale / 63 * 256 * 2 ** 24).astype("i4")
    shape = np.stack([w["shape.%d.weight" % k] for k in range(WIN)])
    shape[SIDE] += w["first.bias"]
    shape = np.clip(np.rint(shape * 256), -32768, 32767).astype("i2")
    n_labels = len(labels.all)
    rows = -(-n_labels // 16) * 16
    o_scale = np.abs(w["out.weight"]).max() / 127
    out = np.zeros((rows, HIDDEN), "i1")
    out[:n_labels] = np.rint(w["out.weight"] / o_scale)
    bias = np.full(rows, -2 ** 30, "i4")
    bias[:n_labels] = np.rint(w["out.bias"] / o_scale * 32)
    affix = np.clip(np.rint(w["affix.weight"] * 252), -127, 127).astype("i1")
    with torch.no_grad():
        vocab = sorted(look.vocab, key=look.vocab.get)
        f = torch.tensor([[0, 0] + [0] * ft.N_AFFIXES] + [[1, 0] + [0] * ft.N_AFFIXES] + [look(v)[:] for v in vocab])
        f[2:, 0] = torch.arange(2, len(vocab) + 2)
        own = np.rint((net.own(f) * 63).numpy()).astype("i1")[2:]
        unknown = np.clip(np.rint(w["word.weight"][1] * 252), -127, 127).astype("i1")
    keys = [modelfile.dl_hash(v.encode()) for v in vocab]
    cells, mshape = modelfile.fuse_map(keys, list(range(len(keys))), 32, 14)
    rules, exceptions, lem, number, longest = lemma_sections(items, labels)
    xnames = sorted({x[1] for x in labels.all})
    table = np.array([(UPOS.index(u) + 1, xnames.index(x), b, number[(u, x)], longest[(u, x)]) for u, x, b in labels.all], "u2")
    size = modelfile.write(path, "tagger", info, {
        "labels": table, "xpos.names": np.frombuffer("\n".join(xnames).encode() + b"\n", "u1"),
        "map.cells": cells, "map.shape": mshape, "keys": np.array(keys, "u8"), "own": own, "unknown": unknown, "affix": affix,
        "first": w1.reshape(WIN * HIDDEN, DIM + OWN), "first.mult": mult.reshape(-1), "shape": shape.reshape(-1, HIDDEN),
        "out": out, "out.bias": bias, "word.mult": np.array([word_mult(words)], "i4"), **lem})
    print("tag: %s, %.2f MB, %d labels, %d words, %d lemma rules, %d exceptions"
          % (os.path.basename(path), size / 1e6, n_labels, len(vocab), len(rules), len(exceptions)))
    return rules, exceptions


def build(models, data, work, fixture, epochs=8, seed=1):
    torch.set_num_threads(1)
    words = Words(os.path.join(models, "words.dlm"))
    train, dev, digests = treebanks(data)
    labels = Labels(train)
    for s in train:
        s.y = labels.ids(s)
    for d in dev.values():
        for s in d:
            s.y = labels.ids(s)
    look = Lookup(words, vocabulary(train))
    table = word_table(words)
    weighted = train + [s for s in train if s.genre == "news"]
    net = fit(weighted, look, len(labels.all), table, epochs, seed)
    items = [x for s in train for x in zip(s.forms, s.upos, s.xpos, s.lemmas)]
    lemmas = export(os.path.join(models, "tagger.dlm"), net, look, labels, items, words, {
        "name": "tagger", "version": "1", "made-by": "scripts/train tag", "seed": seed, "epochs": epochs, "data": digests,
        "python": sys.version.split()[0], "torch": torch.__version__, "numpy": np.__version__,
        "licence": "made from UD_English-EWT (CC BY-SA 4.0) and UD_English-GUM (CC BY 4.0)"})
    write_fixture(fixture, os.path.join(models, "tagger.dlm"), words, lemmas)
    torch.save({"net": net.state_dict(), "vocab": look.vocab, "labels": labels.all}, os.path.join(work, "tagger.pt"))
    for n, d in dev.items():
        scores(n, d, predict(net, d, look), labels, lemmas)


class Reference:
    """The tagger as the C code computes it, from the file alone, in integers: what the tests compare it with."""

    def __init__(self, path, words):
        m = modelfile.read(path)
        self.words, self.m = words, m
        self.vectors = np.rint(word_table(words) * 63).astype("i8")
        self.row = {int(k): i for i, k in enumerate(m["keys"].reshape(-1))}
        self.first = m["first"].reshape(WIN, HIDDEN, DIM + OWN).astype("i8")
        self.mult = m["first.mult"].reshape(WIN, HIDDEN).astype("i8")
        self.shape = m["shape"].reshape(WIN, ft.N_SHAPES + 1, HIDDEN).astype("i8")
        self.xnames = bytes(m["xpos.names"]).decode().splitlines()

    def input(self, form):
        r = self.row.get(modelfile.dl_hash(fold(form).encode()))
        if r is not None:
            own = self.m["own"][r].astype("i8")
        else:
            total = self.m["unknown"].reshape(-1).astype("i8") + self.m["affix"][ft.affixes(ft.key(form))].astype("i8").sum(axis=0)
            own = np.clip((total + 2) >> 2, -63, 63)
        g = self.words.row(form)
        return np.concatenate([self.vectors[g if g >= 0 else len(self.vectors) - 1], own])

    def label(self, forms):
        """(upos, xpos, morph) of each token of a sentence."""
        n = len(forms)
        x, sh = np.stack([self.input(f) for f in forms]), ft.shapes(forms)
        rows = np.clip((np.einsum("kho,no->nkh", self.first, x) * self.mult + (1 << 23)) >> 24, -32768, 32767)
        out = []
        for t in range(n):
            h = sum((rows[i, k] if 0 <= (i := t + k - SIDE) < n else 0) + self.shape[k, sh[i] if 0 <= i < n else ft.PAD_SHAPE]
                    for k in range(WIN))
            h = np.clip((h + 4) >> 3, 0, 127)
            k = int(np.argmax(self.m["out"].astype("i8") @ h + self.m["out.bias"].reshape(-1)))
            u, xp, bits = self.m["labels"][k][:3]
            out.append((UPOS[u - 1], self.xnames[xp], int(bits)))
        return out


SAMPLES = (
    "The U.S. President said on Monday that he was n't going to visit Paris .",
    "POLICE ARREST TWO MEN IN LONDON AFTER ATTACK",
    "Shares of the company fell 3.5 % , its worst day since 2008 , analysts told Reuters .",
    "\u201c We 've never seen anything like this , \u201d Mayor Zo\u00eb Kravic\u0301 said .",
    "i do nt no wat happend lol",
    "Zxqvbl frobnicated 12 quuxes",
    "The bodies of 12 people , including three children , were found near Kyiv 's airport .",
    "What Voters Want From The New Government",
    "see http://example.org/a?b=c or mail me@example.org :-)",
    ".",
    "Children ran",
    "\u041c\u043e\u0441\u043a\u0432\u0430 \u00c9TATS 1990s 'em rock 'n' roll",
)


def write_fixture(path, model, words, lemmas):
    """Tokens, tags and lemmas of the samples, for tests/unit."""
    ref = Reference(model, words)
    with open(path, "w", encoding="utf-8") as f:
        f.write("# form, class of spelling, universal tag, Penn tag, morphology, lemma; made by scripts/train tag from models/tagger.dlm\n")
        for s in SAMPLES:
            forms = s.split()
            for form, (u, x, b) in zip(forms, ref.label(forms)):
                f.write("%s\t%d\t%s\t%s\t%d\t%s\n" % (form, ft.spelling(form), u, x, b, lemma.lemma(*lemmas, form, u, x)))
            f.write("\n")
