"""Training of the names recogniser: teachers on the gold sets, their labels on silver and open text, a small student on all of it."""
import copy
import json
import time

import numpy as np
import torch

from . import names_net as nn_

# Share of each corpus drawn per epoch, and the weight of its loss. Own guide first.
MIX = {"open_news": (1.0, 1.0), "voa": (1.0, 1.0), "augmented": (0.3, 0.7), "ewt": (1.0, 0.9), "gum": (0.8, 0.7), "augmented_web": (0.12, 0.5),
       "crossner": (0.5, 0.5), "btc": (0.6, 0.5), "self": (0.35, 0.8)}


def batches(train, rng, size):
    pool = []
    for name, docs in train.items():
        if name in MIX:
            share, weight = MIX[name]
            pick = rng.permutation(len(docs))[:max(1, int(round(share * len(docs))))]
            pool += [(docs[i], weight) for i in pick]
    order = rng.permutation(len(pool))
    pack, n = [], 0
    for i in order:
        d, w = pool[i]
        pack.append((d, w))
        n += len(d["row"])
        if n >= size:
            yield pack
            pack, n = [], 0
    if pack:
        yield pack


def fit(train, dev, words, unit, seed, epochs=5, size=2500, rate=1.5e-3, log=print, start=None, **sizes):
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)          # forbidden paths underflow; denormal numbers cost ten times
    rng = np.random.default_rng(seed)
    net = copy.deepcopy(start) if start else nn_.Net(words, unit, **sizes)
    params = [p for p in net.parameters() if p.requires_grad]
    opt = torch.optim.Adam(params, lr=rate, betas=(0.9, 0.98))
    mean = copy.deepcopy(net)
    total = sum(int(MIX[k][0] * sum(len(d["row"]) for d in v)) for k, v in train.items() if k in MIX) * epochs
    seen, began, step = 0, time.time(), 0
    for epoch in range(epochs):
        losses = []
        for pack in batches(train, rng, size):
            b = nn_.batch([d for d, _ in pack], [w for _, w in pack])
            for g in opt.param_groups:
                g["lr"] = rate * max(0.02, 1 - seen / total) * min(1, (step + 1) / 50)
            loss = net.loss(b)
            opt.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(params, 5.0)
            opt.step()
            step += 1
            keep = min(0.998, (step + 1) / (step + 10))
            with torch.no_grad():
                for m, p in zip(mean.parameters(), net.parameters()):
                    m.mul_(keep).add_(p, alpha=1 - keep)
            seen += len(b["row"])
            losses.append(float(loss))
        if epoch >= epochs - 2 or epoch == 0:
            log("seed %d epoch %d loss %.4f %ds: %s" % (seed, epoch + 1, np.mean(losses), time.time() - began, report([mean], dev)))
        else:
            log("seed %d epoch %d loss %.4f %ds" % (seed, epoch + 1, np.mean(losses), time.time() - began))
    return mean


def report(nets, dev, domain="own"):
    out = []
    for name, docs in dev.items():
        nn_.decode(nets, docs, domain)
        f, by = nn_.score(docs)
        out.append("%s %.1f (%s)" % (name, f, " ".join("%s %.0f" % (t[0], v) for t, v in by.items())))
    return ", ".join(out)
