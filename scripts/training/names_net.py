"""The network of the names recogniser in PyTorch, and its conditional random field.

    x_i    = [word vector 100 | sum of affix rows A | shape row S | map of the feature bits B]
    h_i    = relu(W1 [x_{i-2} .. x_{i+2}] + domain + b1)                       rows beyond the sentence are zero
    p_i    = P h_i;   d(w) = max of p_i over the capitalised occurrences of word w in the document
    z_i    = relu(W2 [h_i; d(w_{i-1}); d(w_i); d(w_{i+1}); c_i] + b2)          d = 0 at tokens without a capital
    e_i    = W3 z_i + b3                                                       17 BILOU tags, linear-chain CRF
c_i: log2(1 + n) / 4 for the capitalised and the other occurrences of the word.
"""
import numpy as np
import torch
import torch.nn as nn

from .corpora import DOMAINS, TAGS

N_BITS, N_SHAPES, N_BUCKETS, DIM, SLOTS = 43, 34, 1 << 14, 100, 5
N_TAGS = len(TAGS)
NONE = 0xFFFFFFFF


def allowed():
    """[from][to] transitions that BILOU permits; the start of a sentence is like O."""
    ok = np.zeros((N_TAGS, N_TAGS), dtype=bool)
    for i, a in enumerate(TAGS):
        for j, b in enumerate(TAGS):
            if a[0] in "BI":
                ok[i, j] = b[0] in "IL" and a[2:] == b[2:]
            else:
                ok[i, j] = b[0] in "OBU"
    return ok


ALLOWED = allowed()
FINAL = np.array([t[0] in "OLU" for t in TAGS])


class Net(nn.Module):
    def __init__(self, words, unit, hidden=128, pooled=48, top=64, affix=28, shape=16, bits=24):
        super().__init__()
        self.sizes = dict(hidden=hidden, pooled=pooled, top=top, affix=affix, shape=shape, bits=bits)
        self.register_buffer("words", torch.from_numpy(words.astype("f4") * unit))
        self.unk = nn.Parameter(torch.zeros(DIM))
        self.affix = nn.Embedding(N_BUCKETS, affix)
        self.shape = nn.Embedding(N_SHAPES, shape)
        self.bits = nn.Linear(N_BITS, bits, bias=False)
        self.w1 = nn.Linear(SLOTS * (DIM + affix + shape + bits), hidden)
        self.domain = nn.Embedding(len(DOMAINS), hidden)
        self.pool = nn.Linear(hidden, pooled, bias=False)
        self.w2 = nn.Linear(hidden + 3 * pooled + 2, top)
        self.w3 = nn.Linear(top, N_TAGS)
        self.trans = nn.Parameter(torch.zeros(N_TAGS, N_TAGS))
        nn.init.normal_(self.affix.weight, std=0.1)
        nn.init.normal_(self.shape.weight, std=0.3)
        nn.init.zeros_(self.domain.weight)
        self.register_buffer("forbid", torch.from_numpy(np.where(ALLOWED, 0.0, -1e4).astype("f4")))
        self.register_buffer("final", torch.from_numpy(np.where(FINAL, 0.0, -1e4).astype("f4")))

    def inputs(self, b, drop):
        row = b["row"]
        if drop:
            row = torch.where(torch.rand(row.shape) < 0.05, torch.full_like(row, -1), row)
        x = torch.where((row >= 0)[:, None], self.words[row.clamp(min=0)], self.unk[None])
        a = self.affix(b["affixes"]).sum(1)
        if drop:
            a = a * (torch.rand(len(a), 1) > 0.1) / 0.9
        x = torch.cat([x, a, self.shape(b["shape"]), self.bits(b["bits"])], 1)
        return nn.functional.dropout(x, 0.1, drop)

    def emissions(self, b, drop=False):
        x = self.inputs(b, drop)
        pad = torch.cat([x, x.new_zeros(1, x.shape[1])], 0)
        h = torch.relu(self.w1(pad[b["window"]].reshape(len(x), -1)) + self.domain(b["domain"]))
        h = nn.functional.dropout(h, 0.3, drop)
        p = self.pool(h)
        cap = b["cap_index"]
        d = p.new_full((b["n_words"] + 1, p.shape[1]), -1e9)
        d = d.scatter_reduce(0, b["word"][cap][:, None].expand(-1, p.shape[1]), p[cap], "amax")
        at = torch.cat([torch.where(b["cap"][:, None], d[b["word"]], p.new_zeros(1)), p.new_zeros(1, p.shape[1])], 0)
        z = torch.cat([h, at[b["window"][:, 1]], at[b["window"][:, 2]], at[b["window"][:, 3]], b["counts"]], 1)
        z = nn.functional.dropout(torch.relu(self.w2(z)), 0.2 if drop else 0.0, drop)
        return self.w3(z)

    def transitions(self):
        return self.trans + self.forbid

    def log_z(self, e, mask, permit=None):
        """Log of the sum over all paths; e [B][T][L], mask [B][T]; permit: -1e4 at tags that are out."""
        t = self.transitions()
        if permit is not None:
            e = e + permit
        a = e[:, 0] + t[0]
        et = torch.exp(t)
        for i in range(1, e.shape[1]):
            m = a.max(1, keepdim=True)[0]
            new = torch.log(torch.exp(a - m) @ et + 1e-30) + m + e[:, i]
            a = torch.where(mask[:, i:i + 1], new, a)
        return torch.logsumexp(a + self.final, 1)

    def loss(self, b):
        e = self.emissions(b, True)
        grid = torch.cat([e, e.new_zeros(1, N_TAGS)], 0)[b["grid"]]
        both = self.log_z(torch.cat([grid, grid]), torch.cat([b["mask"], b["mask"]]),
                          torch.cat([torch.zeros_like(b["permit"]), b["permit"]]))
        n = len(grid)
        return ((both[:n] - both[n:]) * b["weight"]).sum() / b["mask"].sum()


MASKS = {}


def permit_of(tag, partial):
    key = (tag, partial)
    if key not in MASKS:
        m = np.full(N_TAGS, -1e4, dtype="f4")
        m[tag] = 0
        if partial and tag == 0:
            m[-4:] = 0              # O may be MISC where the corpus does not mark it
        MASKS[key] = m
    return MASKS[key]


def batch(docs, weights=None):
    """One batch of whole documents."""
    n = sum(len(d["row"]) for d in docs)
    cat = {k: np.concatenate([d[k] for d in docs]) for k in ("row", "affixes", "shape", "bits", "cap", "tags")}
    words, sents, n_words, grid, weight, permit = np.zeros(n, "i8"), np.zeros(n, "i8"), 0, [], [], []
    counts, domain, at, base = np.zeros((n, 2), "f4"), np.zeros(n, "i8"), 0, 0
    window = np.full((n, SLOTS), n, "i8")
    for k, d in enumerate(docs):
        m = len(d["row"])
        _, ids = np.unique(d["key"], return_inverse=True)
        caps = np.bincount(ids, weights=d["cap"])
        alls = np.bincount(ids)
        counts[at:at + m, 0] = np.log2(1 + caps[ids]) / 4
        counts[at:at + m, 1] = np.log2(1 + (alls - caps)[ids]) / 4
        words[at:at + m] = ids + n_words
        n_words += len(alls)
        domain[at:at + m] = DOMAINS.index(d["domain"])
        edges = np.flatnonzero(np.diff(d["sent"])) + 1
        for a, b in zip(np.concatenate([[0], edges]), np.concatenate([edges, [m]])):
            idx = np.arange(at + a, at + b)
            for s in range(SLOTS):
                src = idx + s - 2
                ok = (src >= at + a) & (src < at + b)
                window[idx[ok], s] = src[ok]
            for c in range(0, len(idx), 90):          # very long sentences in pieces
                grid.append(idx[c:c + 90])
                weight.append(1.0 if weights is None else weights[k])
                permit.append(d["partial"])
        at += m
    order = np.argsort([-len(g) for g in grid], kind="stable")
    width = len(grid[order[0]])
    table = np.full((len(grid), width), n, "i8")
    pm = np.zeros((len(grid), width, N_TAGS), "f4")
    table_tags = cat["tags"]
    for r, g in enumerate(order):
        table[r, :len(grid[g])] = grid[g]
        pm[r, :len(grid[g])] = np.stack([permit_of(int(t), permit[g]) for t in table_tags[grid[g]]])
    bits = ((cat["bits"][:, None] >> np.arange(N_BITS, dtype="u8")) & np.uint64(1)).astype("f4")
    t = torch.from_numpy
    row = cat["row"].astype("i8")
    row[row == NONE] = -1
    cap = cat["cap"].astype(bool)
    return {"row": t(row), "affixes": t(cat["affixes"].astype("i8")), "shape": t(cat["shape"].astype("i8")), "bits": t(bits), "cap": t(cap),
            "cap_index": t(np.flatnonzero(cap)), "word": t(words), "n_words": n_words, "window": t(window), "counts": t(counts), "domain": t(domain),
            "grid": t(table), "mask": t(table < n), "permit": t(pm), "weight": t(np.array(weight, "f4")[order])}


def viterbi(e, trans):
    """Best tags of one sentence, e [T][L] and trans [L][L] with forbidden ones very low."""
    T = len(e)
    a, back = e[0] + trans[0], np.zeros((T, e.shape[1]), "i8")
    for i in range(1, T):
        m = a[:, None] + trans
        back[i] = m.argmax(0)
        a = m.max(0) + e[i]
    best = [int(np.argmax(a + np.where(FINAL, 0, -1e4)))]
    for i in range(T - 1, 0, -1):
        best.append(int(back[i, best[-1]]))
    return best[::-1]


def decode(nets, docs, domain="own", size=6000):
    """Tags of each document by the mean of several networks: adds "pred"; and the mean emissions where keep is set."""
    trans = np.mean([net.transitions().detach().numpy() for net in nets], axis=0)
    pack, n = [], 0
    for i, d in enumerate(docs):
        pack.append(d)
        n += len(d["row"])
        if n > size or i + 1 == len(docs):
            with torch.no_grad():
                b = batch([dict(x, domain=domain) for x in pack])
                e = np.mean([net.emissions(b).numpy() for net in nets], axis=0)
            at = 0
            for x in pack:
                m = len(x["row"])
                edges = np.flatnonzero(np.diff(x["sent"])) + 1
                pred = []
                for a, c in zip(np.concatenate([[0], edges]), np.concatenate([edges, [m]])):
                    pred += viterbi(e[at + a:at + c], trans)
                x["pred"], x["emit"] = np.array(pred, "i2"), e[at:at + m].astype("f2")
                at += m
            pack, n = [], 0


def spans_of(tags):
    out, start = [], None
    for i, t in enumerate(tags):
        name = TAGS[t]
        if name[0] in "BU":
            start = i
        if name[0] in "LU" and start is not None:
            out.append((start, i + 1, name[2:]))
            start = None
    return out


def score(docs, types=("PER", "ORG", "LOC"), key="pred"):
    """Exact F1 over character spans, per type and in all."""
    tp, n_pred, n_gold = {}, {}, {}
    for d in docs:
        got = {(int(d["cp_start"][a]), int(d["cp_end"][b - 1]), t) for a, b, t in spans_of(d[key]) if t in types}
        want = {tuple(s) for s in d["gold"] if s[2] in types}
        for t in types:
            tp[t] = tp.get(t, 0) + sum(1 for s in got & want if s[2] == t)
            n_pred[t] = n_pred.get(t, 0) + sum(1 for s in got if s[2] == t)
            n_gold[t] = n_gold.get(t, 0) + sum(1 for s in want if s[2] == t)
    f = lambda a, b, c: 200.0 * a / (b + c) if b + c else 0.0
    return f(sum(tp.values()), sum(n_pred.values()), sum(n_gold.values())), {t: f(tp[t], n_pred[t], n_gold[t]) for t in types}
