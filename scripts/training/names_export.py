"""models/names.dlm: the network in the integers of pipeline/lexicon/names_net.h, and the same arithmetic in numpy.

Activations are bytes of at most 127 steps, signed inputs at most 63, weights signed bytes of one scale a layer; a layer's output is
shifted, not multiplied, so its step is a power of two times the product of its scales.
"""
import math

import numpy as np

from . import gazetteer, modelfile, names_net as net_
from .names_net import DIM, N_BITS, N_SHAPES, N_TAGS, SLOTS

PAD_TAGS, MAX, ZERO, N_COUNTS, N_COMMON = 32, 63, 64, 16, 8192


def pack(w):
    """[out][in] to [out / 8][in / 4][8][4], as dl_kernel_pack does; out a multiple of 8."""
    o, i = w.shape
    i4 = -(-i // 4) * 4
    full = np.zeros((o, i4), "i1")
    full[:, :i] = w
    return np.ascontiguousarray(full.reshape(o // 8, 8, i4 // 4, 4).transpose(0, 2, 1, 3)).reshape(o, i4)


def quantile(a, q):
    return float(np.quantile(np.abs(np.asarray(a, "f4").ravel()), q))


def to_bytes(w, scale):
    return np.clip(np.rint(w / scale), -127, 127).astype("i1")


def shift_for(in_step, w_scale, out_step):
    """The shift that comes nearest to out_step from below, and the scale of weights that makes it exact."""
    k = max(1, int(math.floor(math.log2(out_step / (in_step * w_scale)))))
    return k, out_step / (in_step * 2 ** k)


class Quantised:
    """Integer network made of a trained one; `sample` are documents that give the ranges of the activations."""

    def __init__(self, net, unit, sample):
        p = {k: v.detach().numpy().astype("f8") for k, v in net.state_dict().items()}
        s = net.sizes
        self.h, self.d, self.z = s["hidden"], s["pooled"], s["top"]
        assert s["affix"] == 28
        emb = DIM + s["affix"] + s["shape"] + s["bits"]
        w1 = p["w1.weight"].reshape(self.h, SLOTS, emb)
        # first layer: word vectors and affixes through W1, shapes and bits folded into rows
        self.x_step = 3.8 / MAX
        aff = p["affix.weight"]
        balance = (4 * 127 * self.x_step / 4) / max(quantile(aff, 0.9999), 1e-6) / 4          # quarters of a step
        self.affix = np.clip(np.rint(aff * balance / (self.x_step / 4)), -127, 127).astype("i1")
        w_words = np.concatenate([w1[:, :, :DIM], w1[:, :, DIM:DIM + 28] / balance], 2)          # [H][SLOTS][128]
        h_range = self.hidden_range(net, sample)
        scale = quantile(w_words, 0.9998) / 127
        h_step = h_range / 127
        self.shift_rows, scale = shift_for(self.x_step, scale, h_step / 8)
        self.h_step = h_step
        self.w1 = to_bytes(w_words.transpose(1, 0, 2).reshape(SLOTS * self.h, DIM + 28), scale)
        rows = lambda a: np.clip(np.rint(a / (h_step / 8)), -32767, 32767).astype("i2")
        self.shape = rows(np.einsum("hse,ne->snh", w1[:, :, DIM + 28:DIM + 28 + s["shape"]], p["shape.weight"]))
        self.bits = rows(np.einsum("hse,en->snh", w1[:, :, DIM + 28 + s["shape"]:], p["bits.weight"]))
        self.b1 = rows(p["w1.bias"] + p["domain.weight"][net_.DOMAINS.index("own")])
        self.unknown = np.clip(np.rint(p["unk"] / self.x_step), -MAX, MAX).astype("i1")
        self.mult = int(round(unit / self.x_step * 65536))
        # document layer
        wp = p["pool.weight"]
        d_range = self.pool_range
        self.shift_pool, scale = shift_for(h_step, quantile(wp, 0.9999) / 127, d_range / MAX)
        self.d_step = d_range / MAX
        self.pool = to_bytes(wp, scale)
        # upper layer: columns of h, of d and of the counts share one scale
        w2 = p["w2.weight"]
        steps = np.concatenate([np.full(self.h, h_step), np.full(3 * self.d, self.d_step), np.full(2, 1.5 / 127)])
        w2s = np.concatenate([w2 * steps, np.zeros((self.z, 2))], 1)
        unit2 = quantile(w2s, 0.9999) / 127
        z_step = self.top_range / 127
        self.shift_z = max(1, int(math.floor(math.log2(z_step / unit2))))
        unit2 = z_step / 2 ** self.shift_z
        self.w2, self.b2 = to_bytes(w2s, unit2), np.rint(p["w2.bias"] / unit2).astype("i8")
        self.counts = np.clip(np.rint(np.log2(1 + np.arange(N_COUNTS)) / 4 / (1.5 / 127)), 0, 127).astype("u1")
        # tags
        w3 = np.zeros((PAD_TAGS, self.z))
        w3[:N_TAGS] = p["w3.weight"]
        s3 = np.abs(w3).max() / 127
        self.w3 = to_bytes(w3, s3)
        self.emit_scale = float(np.float32(s3 * z_step))
        self.b3 = np.zeros(PAD_TAGS, "i8")
        self.b3[:N_TAGS] = np.rint(p["w3.bias"] / self.emit_scale)
        trans = p["trans"]
        self.trans = np.where(net_.ALLOWED, np.rint(trans / self.emit_scale), 0).astype("i4")

    def hidden_range(self, net, sample):
        """Ranges of h, d and z over sample documents."""
        import torch
        hs, ps, zs = [], [], []
        grab = [net.w1.register_forward_hook(lambda m, i, o: hs.append(o.numpy())), net.pool.register_forward_hook(lambda m, i, o: ps.append(o.numpy())),
                net.w2.register_forward_hook(lambda m, i, o: zs.append(o.numpy()))]
        with torch.no_grad():
            for d in sample:
                net.emissions(net_.batch([dict(d, domain="own")]))
        for g in grab:
            g.remove()
        self.pool_range = quantile(np.concatenate(ps), 0.9995)
        self.top_range = quantile(np.maximum(np.concatenate(zs), 0), 0.9997)
        return quantile(np.maximum(np.concatenate(hs), 0), 0.9997)

    # ---- the arithmetic of the C code ---------------------------------------------------------------------------------

    def word_rows(self, table, row, affixes):
        """int64 [n][SLOTS][H] of words: rows of the vectors (-1: none) and buckets of affixes."""
        x = np.where((row >= 0)[:, None], (table[np.maximum(row, 0)].astype("i8") * self.mult + (1 << 15)) >> 16, self.unknown[None].astype("i8"))
        a = (self.affix[affixes.astype("i8")].astype("i8").sum(1) + 2) >> 2
        x = np.clip(np.concatenate([x, a], 1), -MAX, MAX)
        acc = x @ self.w1.T.astype("i8")
        return np.clip((acc + (1 << (self.shift_rows - 1))) >> self.shift_rows, -32768, 32767).reshape(len(row), SLOTS, self.h)

    def emissions(self, doc, table):
        """int64 [n][N_TAGS] of a document's tokens, all of them."""
        n = len(doc["row"])
        row = doc["row"].astype("i8")
        row[row == net_.NONE] = -1
        rows = self.word_rows(table, row, doc["affixes"])
        on = ((doc["bits"][:, None] >> np.arange(N_BITS, dtype="u8")) & np.uint64(1)).astype("i8")
        h = np.zeros((n, self.h), "i8") + self.b1
        part = rows + self.shape.transpose(1, 0, 2)[doc["shape"]] + np.stack([on @ self.bits[s].astype("i8") for s in range(SLOTS)], 1)
        for s in range(SLOTS):
            src = np.arange(n) + s - 2
            ok = (src >= 0) & (src < n)
            ok[ok] &= doc["sent"][src[ok]] == doc["sent"][np.flatnonzero(ok)]
            h[ok] += part[src[ok], s]
        h = np.clip((np.clip(h, -32768, 32767) + 4) >> 3, 0, 127)
        _, ids = np.unique(doc["key"], return_inverse=True)
        cap = doc["cap"].astype(bool)
        p = np.clip((h @ self.pool.T.astype("i8") + (1 << (self.shift_pool - 1))) >> self.shift_pool, -MAX, MAX)
        d = np.full((ids.max() + 1, self.d), -128, "i8")
        np.maximum.at(d, ids[cap], p[cap])
        at = np.where(cap[:, None], d[ids], 0)
        caps, alls = np.bincount(ids, weights=doc["cap"]).astype("i8"), np.bincount(ids)
        near = np.zeros((n, 3, self.d), "i8")
        for k in (-1, 0, 1):
            src = np.arange(n) + k
            ok = (src >= 0) & (src < n)
            ok[ok] &= doc["sent"][src[ok]] == doc["sent"][np.flatnonzero(ok)]
            near[ok, k + 1] = at[src[ok]]
        counts = self.counts[np.minimum(np.stack([caps[ids], (alls - caps)[ids]], 1), N_COUNTS - 1)].astype("i8")
        x = np.concatenate([h, near.reshape(n, -1), counts, np.zeros((n, 2), "i8")], 1)
        z = np.clip((x @ self.w2.T.astype("i8") + self.b2 + (1 << (self.shift_z - 1))) >> self.shift_z, 0, 127)
        return (z @ self.w3.T.astype("i8") + self.b3)[:, :N_TAGS]

    def sections(self, common, lower, calibration):
        fix = lambda w, columns: -ZERO * w[:, columns].astype("i8").sum(1)      # signed inputs are passed as q + ZERO
        h, d = self.h, self.d
        sizes = [h, d, self.z, N_SHAPES, N_BITS, len(self.affix), common.shape[1], len(common), self.mult, self.shift_rows, self.shift_pool, self.shift_z]
        return {
            "sizes": np.array(sizes, "u4"), "affix": self.affix, "unknown": self.unknown,
            "w1": pack(self.w1), "b.rows": fix(self.w1, slice(None)).astype("i4"),
            "shape": self.shape.reshape(-1, h), "bits": self.bits.reshape(-1, h), "b1": self.b1,
            "pool": pack(self.pool), "b.pool": np.zeros(d, "i4"),
            "w2": pack(self.w2), "b2": (self.b2 + fix(self.w2, slice(h, h + 3 * d))).astype("i4"),
            "w3": pack(self.w3), "b3": self.b3.astype("i4"), "trans": self.trans, "counts": self.counts,
            "lower": lower, "common": common, "calibration": calibration.astype("f4"), "emit.scale": np.array([self.emit_scale], "f4"),
        }


def common_words(docs, n_rows):
    """Affix buckets of the first N_COMMON rows, as the documents show them; 0xFFFF where several spellings share a row or none is seen."""
    out = np.full((N_COMMON, net_.N_AFFIXES if hasattr(net_, "N_AFFIXES") else 5), 0xFFFF, "u2")
    many = set()
    for d in docs:
        for row, aff in zip(d["row"], d["affixes"]):
            if row < N_COMMON and row not in many:
                if out[row, 0] == 0xFFFF:
                    out[row] = aff
                elif (out[row] != aff).any():
                    many.add(int(row))
    for row in many:
        out[row] = 0xFFFF
    return out


def lower_names(docs, words, data):
    """Bit set of rows that are looked at in lower case, too: words that the documents mostly write with a capital, or have in a name in
    one of ten lower-case occurrences; and words of the gazetteer that are no common English words."""
    n = len(words.codes)
    inside, low, cap = np.zeros(n), np.zeros(n), np.zeros(n)
    for d in docs:
        row, known = d["row"].astype("i8"), d["row"] != net_.NONE
        np.add.at(cap, row[known & (d["cap"] == 1)], 1)
        np.add.at(low, row[known & (d["cap"] == 0)], 1)
        np.add.at(inside, row[known & (d["cap"] == 0) & (d["tags"] != 0)], 1)
    bits = ((inside >= 1) & (inside >= 0.1 * low)) | ((cap >= 2) & (low <= 0.3 * cap))
    names, _ = gazetteer.collect(data)
    wanted = sum(gazetteer.BIT[b] for b in ("PLACE", "SMALL_PLACE", "ORG", "COMPANY", "DEMONYM", "COMMON_GIVEN", "COMMON_SURNAME"))
    for key, what in names.items():
        if len(key) == 1 and what & wanted and not what & gazetteer.BIT["WORD"]:
            row = words.find(key[0])
            if row >= 0 and low[row] <= 0.3 * cap[row]:
                bits[row] = True
    return np.packbits(bits, bitorder="little"), bits


FIXTURE = """GENEVA, March 3 (AFP) - The World Health Organization (WHO) said on Tuesday that Dr. Amina N'Diaye-Traoré of Côte d'Ivoire will lead the
mission to Łódź, Qo'qon and the Gaza Strip.

POLICE ARREST FORTY IN NAIROBI

"We met president Ruto in nairobi," said O'Brien, who joined Kofi & Sons Ltd. in 1994. N'Diaye-Traoré's spokesman wrote to @who_news: Xqzv-led
troops left; US$3.2bn is missing. i live in ohio and love it"""


def fixture(path, quantised, table, features):
    """What is known of every token of a text of ours, and its scores, for the C code to agree with: names_fixture.tsv of its unit test."""
    from . import corpora
    text = FIXTURE.replace("the\n", "the ").replace("led\n", "led ")
    doc = corpora.features([{"text": text, "spans": [], "domain": "own", "partial": False}], *features)[0]
    with open(path, "w", encoding="utf-8") as f:
        f.write("text\t%s\n" % text.replace("\n", "\\n"))
        for i, scores in enumerate(quantised.emissions(doc, table)):
            f.write(" ".join(str(doc[k][i]) for k in ("start", "end", "sent", "row", "key", "bits", "shape", "cap")) + " " + " ".join(map(str, scores)) + "\n")


def write(path, net, quantised, common, lower, calibration, info):
    size = modelfile.write(path, "names", info, quantised.sections(common, lower, calibration))
    print("names: %.2f MB" % (size / 1e6))
