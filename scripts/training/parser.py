"""models/parser.dlm: labelled dependency trees.

Two quasi-recurrent layers read the sentence in both directions; every token is then scored against every other as its head, the best
tree is taken, and each arc is labelled from its two ends. Matrix products are in 8-bit integers in C (pipeline/stages/parse.c), what
stands between two of them is rounded in training just as there.

    e_t = T(W x_t + tag row + shape row)                     x_t as for the tagger, with rows of its own
    z, f, o = T(Wz h_t), S(Wf h_t), S(Wo h_t)                c_t = f c_{t-1} + (1 - f) z     h'_t = o c_t      in each direction
    where h_t is e_{t-1}, e_t, e_{t+1} for the first layer, and what the layer before gives for others; from the third on, h'_t
    is added to h_t, within [-1, 1]
    arc(d, h) = a T(A h_d) . T(B h_h) + distance[h - d]      head 0: a vector of its own
    label(d, h) = L clamp(C h_d + D h_h, 0, 127/32)
    T(x) = u (2 - |u|), u = clamp(x / 2, -1, 1)              S(x) = (1 + T(x / 2)) / 2

Source: Bradbury et al. 2017 (quasi-recurrent layers), Dozat and Manning 2017 (arcs by a bilinear form).
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

from . import features as ft, modelfile
from .fold import fold
from .tagger import DIM, OWN, UPOS, Lookup, Round, vocabulary, word_mult, word_table
from .vectors import Words

EMBED, HIDDEN, LAYERS, ARC, LABEL, WIDTH = 128, 128, 2, 64, 96, 3        # WIDTH: tokens that a step of the first layer reads
TAG_MASK = 0xFFFF & ~0x0F00     # of dl_morph: number and person say nothing here that the word does not
NEAR = 11                       # distance buckets to each side


def bucket(k):
    a = abs(k)
    b = a if a <= 8 else 9 if a <= 12 else 10 if a <= 20 else 11
    return NEAR + (b if k > 0 else -b)


def T(x):
    u = x.clamp(-2, 2) * 0.5
    return u * (2 - u.abs())


def S(x):
    return 0.5 + 0.5 * T(x * 0.5)


def q63(x):
    return Round.apply(x, 63)


class Layer(nn.Module):
    """Rows of the matrix: z, f, o of the forward direction, then those of the backward one."""

    def __init__(self, n_in, h):
        super().__init__()
        self.h, self.w = h, nn.Linear(n_in, 6 * h)
        nn.init.xavier_uniform_(self.w.weight, gain=1.2)
        with torch.no_grad():
            self.w.bias[h:2 * h] = 1.0
            self.w.bias[4 * h:5 * h] = 1.0

    def forward(self, x, mask):
        n, steps, _ = x.shape
        h, u, outs = self.h, self.w(x), []
        for d in range(2):
            z, f, o = u[..., 3 * d * h:3 * (d + 1) * h].split(h, -1)
            z, f, o = T(z), S(f) * mask, S(o)
            adds = ((1 - f) * z * mask).unbind(1)
            keep = f.unbind(1)
            c, states = torch.zeros(n, h), [None] * steps
            for t in range(steps) if d == 0 else range(steps - 1, -1, -1):
                c = torch.addcmul(adds[t], keep[t], c)
                states[t] = c
            outs.append(o * torch.stack(states, 1))
        return torch.cat(outs, -1)


class Net(nn.Module):
    def __init__(self, n_words, n_tags, n_rels, table, width=WIDTH, drop=0.2):
        super().__init__()
        self.vectors, self.n_tags, self.width, self.drop = torch.tensor(table), n_tags, width, drop
        self.word = nn.Embedding(n_words, OWN, padding_idx=0)
        self.affix = nn.EmbeddingBag(ft.AFFIX_BUCKETS, OWN, mode="sum")
        nn.init.normal_(self.word.weight, 0, 0.1)
        nn.init.normal_(self.affix.weight, 0, 0.1)
        self.embed = nn.Linear(DIM + OWN, EMBED)
        self.tag = nn.Embedding(n_tags + 1, EMBED)
        self.shape = nn.Embedding(ft.N_SHAPES + 1, EMBED)
        nn.init.normal_(self.tag.weight, 0, 0.3)
        nn.init.normal_(self.shape.weight, 0, 0.05)
        self.layers = nn.ModuleList(Layer(width * EMBED if i == 0 else 2 * HIDDEN, HIDDEN) for i in range(LAYERS))
        self.dep, self.head = nn.Linear(2 * HIDDEN, ARC), nn.Linear(2 * HIDDEN, ARC)
        self.root = nn.Parameter(torch.randn(ARC) * 0.1)
        self.gain = nn.Parameter(torch.tensor(1.0))
        self.distance = nn.Embedding(2 * NEAR + 1, 1)
        nn.init.zeros_(self.distance.weight)
        self.label_dep, self.label_head = nn.Linear(2 * HIDDEN, LABEL), nn.Linear(2 * HIDDEN, LABEL)
        self.label = nn.Linear(LABEL, n_rels)
        self.buckets = torch.tensor([bucket(k) for k in range(-600, 601)])

    def own(self, f):
        flat = f.view(-1, f.shape[-1])
        x = self.word(flat[:, 0]) + self.affix(flat[:, 2:])
        return q63(x.clamp(-1, 1)).view(*f.shape[:-1], OWN) * (f[..., :1] != 0)

    def encode(self, f, tag, shape, mask, train):
        g = self.vectors[f[..., 1]]
        if train:
            unknown = (torch.rand(f.shape[:2]) < 0.08) & (f[..., 0] > 1)
            f = torch.cat([torch.where(unknown, 1, f[..., 0]).unsqueeze(-1), f[..., 1:]], -1)
            tag = torch.where(torch.rand(tag.shape) < 0.03, self.n_tags, tag)
            g = g * (torch.rand(*g.shape[:2], 1) > 0.04)
        x = self.embed(torch.cat([g, self.own(f)], -1)) + self.tag(tag) + self.shape(shape)
        x = F.dropout(q63(T(x)), 0.15, train)
        m = mask.unsqueeze(-1).float()
        x = F.pad(x * m, (0, 0, self.width // 2, self.width // 2))
        x = torch.cat([x[:, k:k + mask.shape[1]] for k in range(self.width)], -1)
        for i, layer in enumerate(self.layers):
            y = q63(layer(x, m))
            x = F.dropout(y if i < 2 else (x + y).clamp(-1, 1), self.drop, train)
        return x

    def arcs(self, x, mask, train):
        """[B][T][1 + T]: score of each head for each token; column 0 is the root."""
        n, steps, _ = x.shape
        d = F.dropout(q63(T(self.dep(x))), 0.2, train)
        h = F.dropout(q63(T(self.head(x))), 0.2, train)
        h = torch.cat([q63(T(self.root)).expand(n, 1, -1), h], 1)
        score = self.gain * (d @ h.transpose(1, 2))
        t = torch.arange(steps)
        near = self.distance(self.buckets[(t.unsqueeze(0) - t.unsqueeze(1)).clamp(-600, 600) + 600]).squeeze(-1)
        score = score + F.pad(near, (1, 0))
        bad = ~F.pad(mask, (1, 0), value=True).unsqueeze(1) | F.pad(torch.eye(steps, dtype=torch.bool), (1, 0))
        return score.masked_fill(bad, -1e4)

    def labels(self, x, heads, train):
        """heads: 0 for the root, else 1 + token; the root's own row is zero."""
        h = F.pad(self.label_head(x), (0, 0, 1, 0))
        s = self.label_dep(x) + torch.gather(h, 1, heads.unsqueeze(-1).expand(-1, -1, LABEL))
        s = Round.apply(s.clamp(0, 127 / 32), 32)
        return self.label(F.dropout(s, 0.25, train))


def batch(sents, look, n_tags, rng=None, share=0.0):
    steps, n = max(len(s.forms) for s in sents), len(sents)
    f = np.zeros((n, steps, 2 + ft.N_AFFIXES), "i8")
    f[..., 1] = look.none
    tag, shape = np.full((n, steps), n_tags), np.full((n, steps), ft.PAD_SHAPE)
    heads, rels, mask = np.full((n, steps), -1), np.zeros((n, steps), "i8"), np.zeros((n, steps), bool)
    for i, s in enumerate(sents):
        forms, k = s.forms, len(s.forms)
        if rng:
            forms = ft.augment(forms, rng, share)
            if k > 1 and s.upos[-1] == "PUNCT" and k - 1 not in s.heads and rng.random() < 0.06:
                k -= 1
                forms = forms[:-1]
        f[i, :k] = [look(x) for x in forms]
        tag[i, :k], shape[i, :k] = s.tags[:k], ft.shapes(forms)
        heads[i, :k], rels[i, :k], mask[i, :k] = np.array(s.heads[:k]) + 1, s.y[:k], True
    return tuple(torch.tensor(a) for a in (f, tag, shape, heads, rels, mask))


def batches(sents, tokens, rng=None):
    order = sorted(sents, key=lambda s: len(s.forms) + (rng.random() * 3 if rng else 0))
    out, cur = [], []
    for s in order:
        if cur and (len(cur) + 1) * len(s.forms) > tokens:
            out.append(cur)
            cur = []
        cur.append(s)
    out.append(cur)
    if rng:
        rng.shuffle(out)
    return out


def is_tree(heads):
    """heads: 0 root, else 1 + token. One root, no cycle."""
    n = len(heads)
    if sum(h == 0 for h in heads) != 1:
        return False
    depth = [0] * n
    for i in range(n):
        j, path = i, []
        while j >= 0 and depth[j] == 0:
            depth[j] = -1
            path.append(j)
            j = heads[j] - 1
        if j >= 0 and depth[j] == -1:
            return False
        for p in path:
            depth[p] = 1
    return True


def best_tree(score):
    """score: [n][n + 1]. The greedy heads where they are a tree, else the best projective tree with one root (Eisner 1996)."""
    n = len(score)
    heads = score.argmax(1)
    if is_tree(heads):
        return heads
    s = np.full((n + 1, n + 1), -1e9)
    s[1:] = score
    full, half = np.full((n + 1, n + 1, 2), -1e9), np.full((n + 1, n + 1, 2), -1e9)
    cut, mid = np.zeros((n + 1, n + 1, 2), int), np.zeros((n + 1, n + 1), int)
    for i in range(1, n + 1):
        full[i, i] = 0
    for w in range(1, n):
        for i in range(1, n + 1 - w):
            j = i + w
            v = full[i, i:j, 1] + full[i + 1:j + 1, j, 0]
            mid[i, j] = i + int(v.argmax())
            half[i, j, 0], half[i, j, 1] = v.max() + s[i, j], v.max() + s[j, i]
            v = full[i, i:j, 0] + half[i:j, j, 0]
            full[i, j, 0], cut[i, j, 0] = v.max(), i + int(v.argmax())
            v = half[i, i + 1:j + 1, 1] + full[i + 1:j + 1, j, 1]
            full[i, j, 1], cut[i, j, 1] = v.max(), i + 1 + int(v.argmax())
    r = int(np.argmax([full[1, k, 0] + full[k, n, 1] + s[k, 0] for k in range(1, n + 1)])) + 1
    heads, stack = np.zeros(n, int), [(True, 1, r, 0), (True, r, n, 1)]
    while stack:
        whole, i, j, d = stack.pop()
        if i == j:
            continue
        if whole:
            b = cut[i, j, d]
            stack += [(d == 1, i, b, d), (d == 0, b, j, d)] if d == 0 else [(False, i, b, d), (True, b, j, d)]
            if d == 0:
                stack[-2:] = [(True, i, b, 0), (False, b, j, 0)]
        else:
            heads[(i if d == 0 else j) - 1] = j if d == 0 else i
            stack += [(True, i, mid[i, j], 1), (True, mid[i, j] + 1, j, 0)]
    return heads


def measure(name, net, sents, look, root):
    n = u = l = 0
    for ss in batches(sents, 3000):
        f, tag, shape, heads, rels, mask = batch(ss, look, net.n_tags)
        with torch.no_grad():
            x = net.encode(f, tag, shape, mask, False)
            score = net.arcs(x, mask, False).numpy()
            got = np.zeros(heads.shape, "i8")
            for b, s in enumerate(ss):
                k = len(s.forms)
                got[b, :k] = best_tree(score[b, :k, :k + 1])
            got = torch.tensor(got)
            lab = net.labels(x, got, False)
        lab[:, :, root] = -1e4
        lab = torch.where(got == 0, root, lab.argmax(-1))
        ok = (got == heads) & mask
        n, u, l = n + mask.sum().item(), u + ok.sum().item(), l + (ok & (lab == rels)).sum().item()
    print("parse: %s, gold tokens: UAS %.2f LAS %.2f (%d)" % (name, 100 * u / n, 100 * l / n, n), flush=True)


def widen(net, narrow):
    """Start from a network whose first layer reads one word at a step."""
    mine, theirs = net.state_dict(), narrow.state_dict()
    first = mine["layers.0.w.weight"] * 0.3
    first[:, net.width // 2 * EMBED:(net.width // 2 + 1) * EMBED] = theirs["layers.0.w.weight"]
    net.load_state_dict({**theirs, "layers.0.w.weight": first})


def fit(net, sents, dev, look, root, epochs, seed, rate=2e-3, tokens=1000, report=3, stop=None, save=None):
    """Adam, rate falling to nothing over `epochs`, of which the first `stop` are run; averaged weights."""
    rng = random.Random(seed)
    opt = torch.optim.Adam(net.parameters(), lr=rate, betas=(0.9, 0.95))
    mean = {k: v.clone() for k, v in net.state_dict().items()}
    step, total, t0 = 0, 0, time.time()
    for epoch in range(stop or epochs):
        bs = batches(sents, tokens, rng)
        total, sums = total or len(bs) * epochs, [0.0, 0.0]
        for ss in bs:
            for group in opt.param_groups:
                group["lr"] = rate * min(1, step / 200) * max(0.005, 1 - step / total)
            f, tag, shape, heads, rels, mask = batch(ss, look, net.n_tags, rng, 0.1)
            x = net.encode(f, tag, shape, mask, True)
            arc = F.cross_entropy(net.arcs(x, mask, True).transpose(1, 2), heads, ignore_index=-1)
            lab = F.cross_entropy(net.labels(x, heads.clamp(min=0), True)[mask], rels[mask])
            opt.zero_grad()
            (arc + lab).backward()
            nn.utils.clip_grad_norm_(net.parameters(), 5.0)
            opt.step()
            step += 1
            sums = [sums[0] + arc.item(), sums[1] + lab.item()]
            if step % 10 == 0:
                d = min(0.98, (1 + step / 10) / (10 + step / 10))
                for k, v in net.state_dict().items():
                    mean[k].mul_(d).add_(v, alpha=1 - d) if v.dtype.is_floating_point else mean[k].copy_(v)
        print("parse: epoch %d of %d, arcs %.3f, labels %.3f, %d s" % (epoch + 1, epochs, sums[0] / len(bs), sums[1] / len(bs),
                                                                        time.time() - t0), flush=True)
        if (epoch + 1) % report == 0 or epoch + 1 == epochs:
            now = {k: v.clone() for k, v in net.state_dict().items()}
            net.load_state_dict(mean)
            for name, d in dev.items():
                measure(name, net, d, look, root)
            if save:
                torch.save(mean, save)
            net.load_state_dict(now)
    net.load_state_dict(mean)


def tag_keys(labels):
    """Tags as the parser reads them: (upos, xpos, morph & TAG_MASK) of each label of the tagger; inventory and map."""
    keys = [(u, x, b & TAG_MASK) for u, x, b in labels.all]
    inventory = sorted(set(keys))
    number = {k: i for i, k in enumerate(inventory)}
    return inventory, [number[k] for k in keys]


def jackknife(train, labels, table, words, folds, epochs, seed):
    """Tags of the training sentences by taggers that did not see them, so that the parser learns from tags as good as it will get."""
    import zlib
    from . import tagger
    for s in train:
        s.fold = zlib.crc32((s.doc + s.genre if s.doc.startswith("GUM") else s.text).encode()) % folds
    for k in range(folds):
        rest, held = [s for s in train if s.fold != k], [s for s in train if s.fold == k]
        look = Lookup(words, vocabulary(rest))
        net = tagger.fit(rest, look, len(labels.all), table, epochs, seed + k)
        n = u = 0
        for s, p in zip(held, tagger.predict(net, held, look)):
            s.tags = p
            n, u = n + len(p), u + sum(labels.all[i][0] == g for i, g in zip(p, s.upos))
        print("parse: fold %d of %d, UPOS %.2f" % (k + 1, folds, 100 * u / n), flush=True)


def rows(weight, steps=127):
    """Integer rows and the scale of each: weight = rows * scale."""
    scale = np.maximum(np.abs(weight).max(axis=1), 1e-6) / steps
    return np.rint(weight / scale[:, None]).astype("i1"), scale.astype("f4")


def export(path, net, look, inventory, rels, words, info):
    """Scales are those of the sums of products of integers: inputs are in steps of 1/63, but for the labels', in steps of 1/32."""
    w = {k: v.detach().numpy() for k, v in net.state_dict().items()}
    vocab = sorted(look.vocab, key=look.vocab.get)
    with torch.no_grad():
        f = torch.tensor([look(v) for v in vocab])
        f[:, 0] = torch.arange(2, len(vocab) + 2)
        own = np.rint((net.own(f) * 63).numpy()).astype("i1")
        root = np.rint((q63(T(net.root)) * 63).numpy()).astype("i1")
    keys = [modelfile.dl_hash(v.encode()) for v in vocab]
    cells, shape = modelfile.fuse_map(keys, list(range(len(keys))), 32, 14)
    out = {"map.cells": cells, "map.shape": shape, "keys": np.array(keys, "u8"), "own": own,
           "unknown": np.clip(np.rint(w["word.weight"][1] * 252), -127, 127).astype("i1"),
           "affix": np.clip(np.rint(w["affix.weight"] * 252), -127, 127).astype("i1"),
           "word.mult": np.array([word_mult(words)], "i4")}
    xnames = sorted({x for _, x, _ in inventory})
    out["tags"] = np.array([(UPOS.index(u) + 1, xnames.index(x), b) for u, x, b in inventory], "u2")
    out["xpos.names"] = np.frombuffer("\n".join(xnames).encode() + b"\n", "u1")
    out["rel.names"] = np.frombuffer("\n".join(rels).encode() + b"\n", "u1")
    out["tag.rows"], out["shape.rows"] = w["tag.weight"] + w["embed.bias"], w["shape.weight"]
    mats = {"embed": w["embed.weight"]}
    for i in range(LAYERS):
        mats["layer%d" % i] = w["layers.%d.w.weight" % i]
        out["layer%d.bias" % i] = w["layers.%d.w.bias" % i]
    mats["dep"], mats["head"] = w["dep.weight"], w["head.weight"]
    out["dep.bias"], out["head.bias"] = w["dep.bias"], w["head.bias"]
    for name, m in mats.items():
        q, scale = rows(m)
        out[name], out[name + ".scale"] = q, scale / 63
    # arcs in integers: dot products of steps of 1/63, the distances in the same unit
    gain = float(w["gain"])
    assert gain > 0
    out["root"], out["distance"] = root, np.rint(w["distance.weight"].reshape(-1) * 63 * 63 / gain).astype("i4")
    # labels: sums in 1/256, as in the tagger
    both = np.concatenate([w["label_dep.weight"], w["label_head.weight"]])
    q, scale = rows(both)
    out["ends"], out["ends.mult"] = q, np.rint(scale / 63 * 256 * 2 ** 24).astype("i4")
    out["ends.bias"] = np.rint(np.concatenate([w["label_dep.bias"], w["label_head.bias"]]) * 256).astype("i4")
    o_scale = np.abs(w["label.weight"]).max() / 127
    n = -(-len(rels) // 16) * 16
    lab, bias = np.zeros((n, LABEL), "i1"), np.full(n, -2 ** 30, "i4")
    lab[:len(rels)], bias[:len(rels)] = np.rint(w["label.weight"] / o_scale), np.rint(w["label.bias"] / o_scale * 32)
    out["label"], out["label.bias"] = lab, bias
    out["sizes"] = np.array([EMBED, HIDDEN, LAYERS, ARC, LABEL, WIDTH], "u4")
    size = modelfile.write(path, "parser", info, {k: (v.astype("f4") if v.dtype == np.float64 else v) for k, v in out.items()})
    print("parse: %s, %.2f MB, %d tags, %d words" % (os.path.basename(path), size / 1e6, len(inventory), len(vocab)))


def build(models, data, work, fixture, epochs=12, folds=4, fold_epochs=4, seed=1):
    from . import tagger
    torch.set_num_threads(1)
    words = Words(os.path.join(models, "words.dlm"))
    train, dev, digests = tagger.treebanks(data)
    labels = tagger.Labels(train)
    for s in train + [s for d in dev.values() for s in d]:
        s.y = labels.ids(s)
    table, look = word_table(words), Lookup(words, vocabulary(train))
    kept = os.path.join(work, "parser.tags.pt")
    if os.path.exists(kept):
        for s, t in zip(train, torch.load(kept)):
            s.tags = t
    else:
        jackknife(train, labels, table, words, folds, fold_epochs, seed)
        torch.save([s.tags for s in train], kept)
    whole = torch.load(os.path.join(work, "tagger.pt"))
    tagger_net, tagger_look = tagger.Net(len(whole["vocab"]) + 2, len(whole["labels"]), table), Lookup(words, whole["vocab"])
    tagger_net.load_state_dict(whole["net"])
    assert whole["labels"] == labels.all
    for d in dev.values():
        for s, p in zip(d, tagger.predict(tagger_net, d, tagger_look)):
            s.tags = p
    inventory, number = tag_keys(labels)
    count = collections.Counter(r for s in train for r in s.rels)
    rels = sorted(count, key=lambda r: (-count[r], r))
    rid = {r: i for i, r in enumerate(rels)}
    for s in train + [s for d in dev.values() for s in d]:
        s.tags, s.y = [number[t] for t in s.tags], [rid.get(r, 0) for r in s.rels]
    torch.manual_seed(seed)
    sizes = (len(look.vocab) + 2, len(inventory), len(rels), table)
    weighted = train + [s for s in train if s.genre == "news"]
    narrow = Net(*sizes, width=1, drop=0.25)
    fit(narrow, weighted, dev, look, rid["root"], 20, seed, tokens=2000, stop=15)
    torch.manual_seed(seed + 1)
    net = Net(*sizes)
    widen(net, narrow)
    fit(net, weighted, dev, look, rid["root"], epochs, seed + 1, rate=1.5e-3, report=2, save=os.path.join(work, "parser.pt"))
    export(os.path.join(models, "parser.dlm"), net, look, inventory, rels, words, {
        "name": "parser", "version": "1", "made-by": "scripts/train parse", "seed": seed,
        "epochs": "15 of 20 with one word a step, then %d with three" % epochs, "data": digests,
        "python": sys.version.split()[0], "torch": torch.__version__, "numpy": np.__version__,
        "licence": "made from UD_English-EWT (CC BY-SA 4.0) and UD_English-GUM (CC BY 4.0)"})
    write_fixture(fixture, os.path.join(models, "parser.dlm"), os.path.join(models, "tagger.dlm"), words)


class Reference:
    """The parser as the C code computes it, from the file alone: what the tests compare it with."""

    def __init__(self, path, words):
        self.m = m = modelfile.read(path)
        self.words, self.vectors = words, np.rint(word_table(words) * 63).astype("i8")
        self.row = {int(k): i for i, k in enumerate(m["keys"].reshape(-1))}
        self.xnames = bytes(m["xpos.names"]).decode().splitlines()
        self.rels = bytes(m["rel.names"]).decode().splitlines()
        self.tags = {(UPOS[u - 1], self.xnames[x], int(b)): i for i, (u, x, b) in enumerate(m["tags"])}
        self.sizes = [int(x) for x in m["sizes"].reshape(-1)]

    def input(self, form):
        r = self.row.get(modelfile.dl_hash(fold(form).encode()))
        if r is not None:
            own = self.m["own"][r].astype("i8")
        else:
            total = self.m["unknown"].reshape(-1).astype("i8") + self.m["affix"][ft.affixes(ft.key(form))].astype("i8").sum(axis=0)
            own = np.clip((total + 2) >> 2, -63, 63)
        g = self.words.row(form)
        return np.concatenate([self.vectors[g if g >= 0 else len(self.vectors) - 1], own])

    @staticmethod
    def squash(x):
        one = np.float32
        u = np.clip(x, one(-2), one(2)) * one(0.5)
        return u * (one(2) - np.abs(u))

    @staticmethod
    def steps(x):
        return np.floor(x * np.float32(63) + np.float32(64.5)).astype("i8") - 64

    def linear(self, name, x, bias=None):
        acc = (self.m[name].astype("i8") @ x).astype("f4")
        return acc * self.m[name + ".scale"].reshape(-1) + (self.m[name + ".bias"].reshape(-1) if bias is None else bias)

    def gate(self, x):
        return np.float32(0.5) + np.float32(0.5) * self.squash(x * np.float32(0.5))

    def layer(self, name, x):
        h, n = self.sizes[1], len(x)
        side = (self.m[name].shape[1] // x.shape[1]) // 2
        x = np.pad(x, ((side, side), (0, 0)))
        x = np.concatenate([x[k:k + n] for k in range(2 * side + 1)], axis=1)
        out = np.zeros((n, 2 * h), "i8")
        u = [self.linear(name, v) for v in x]
        for side in range(2):
            c = np.zeros(h, "f4")
            for t in range(n) if side == 0 else range(n - 1, -1, -1):
                z, f, o = u[t][side * 3 * h:(side + 1) * 3 * h].reshape(3, h)
                z, f, o = self.squash(z), self.gate(f), self.gate(o)
                c = (np.float32(1) - f) * z + f * c
                out[t, side * h:(side + 1) * h] = self.steps(o * c)
        return out

    def parse(self, forms, tags):
        """tags: (upos, xpos, morph). Gives heads (0: root, else 1 + token) and relations."""
        m, n = self.m, len(forms)
        sh = ft.shapes(forms)
        ids = [self.tags.get((u, x, b & TAG_MASK), len(self.tags)) for u, x, b in tags]
        x = np.stack([self.steps(self.squash(self.linear("embed", self.input(f), m["tag.rows"][t] + m["shape.rows"][s])))
                      for f, t, s in zip(forms, ids, sh)])
        for i in range(self.sizes[2]):
            y = self.layer("layer%d" % i, x)
            x = y if i < 2 else np.clip(x + y, -63, 63)
        dep = np.stack([self.steps(self.squash(self.linear("dep", v))) for v in x])
        head = np.stack([m["root"].reshape(-1).astype("i8")] + [self.steps(self.squash(self.linear("head", v))) for v in x])
        score = dep @ head.T
        distance = m["distance"].reshape(-1)
        for i in range(n):
            for j in range(n):
                score[i, j + 1] += int(distance[bucket(j - i)])
            score[i, i + 1] = -10 ** 9
        heads = best_tree(score.astype("f8"))
        ends = ((m["ends"].astype("i8") @ x.T).T * m["ends.mult"].reshape(-1).astype("i8") + (1 << 23) >> 24) + m["ends.bias"].reshape(-1)
        ends = np.clip(ends, -32768, 32767)
        rels = []
        for i, h in enumerate(heads):
            if h == 0:
                rels.append("root")
                continue
            v = np.clip((np.clip(ends[i, :self.sizes[4]] + ends[h - 1, self.sizes[4]:], -32768, 32767) + 4) >> 3, 0, 127)
            s = m["label"].astype("i8") @ v + m["label.bias"].reshape(-1)
            s[self.rels.index("root")] = -2 ** 31
            rels.append(self.rels[int(np.argmax(s))])
        return [int(h) for h in heads], rels


def write_fixture(path, model, tagger_model, words):
    """Trees of the tagger's samples, for tests/unit."""
    from . import tagger
    ref, tags = Reference(model, words), tagger.Reference(tagger_model, words)
    with open(path, "w", encoding="utf-8") as f:
        f.write("# form, head (1: the sentence's first word; 0: root), relation; made by scripts/train parse from models/*.dlm\n")
        for s in tagger.SAMPLES:
            forms = s.split()
            for form, h, r in zip(forms, *ref.parse(forms, tags.label(forms))):
                f.write("%s\t%d\t%s\n" % (form, h, r))
            f.write("\n")
