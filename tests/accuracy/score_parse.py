#!/usr/bin/env python3
"""Tags, lemmas and dependency trees against a treebank, end to end from raw text (standard library only).

  score_parse.py input GOLD.conllu > articles.jsonl            documents as raw text
  dateline annotate --tokens articles.jsonl > enriched.jsonl
  score_parse.py score GOLD.conllu enriched.jsonl [--by-genre] [--errors N]

Words are aligned by their characters, as in the CoNLL 2018 shared task: a word of ours counts only where its span is that of a
syntactic word of the treebank. The parts of a multiword token ("don't", "cannot") share its characters in the order of their forms.
  UPOS, XPOS, lemma   share of the treebank's words that are aligned and right (lemmas without regard to case)
  UAS, LAS            F1 over words: the head is the aligned one, or the root; LAS: with the same relation, subtypes included
"""
import argparse
import collections
import json
import sys


class Doc:
    def __init__(self, name):
        self.name, self.text, self.words, self.sents = name, "", [], []
        self.genre = name.split("_")[1] if name.startswith("GUM_") else name.split("-")[0]

    def add(self, rows, text, new_paragraph):
        """rows: (id, form, lemma, upos, xpos, head, rel), those of multiword tokens as ("a-b", form)."""
        if self.text:
            self.text += "\n\n" if new_paragraph else " "
        start, at, first = len(self.text), 0, len(self.words)
        self.text += text
        spans, shared = {}, {}
        for row in rows:
            if len(row) == 2:
                a, b = (int(x) for x in row[0].split("-"))
                at = text.index(row[1], at)
                shared.update((i, (a, b, at, at + len(row[1]))) for i in range(a, b + 1))
                at += len(row[1])
            elif int(row[0]) not in shared:
                at = text.index(row[1], at)
                spans[int(row[0])] = (at, at + len(row[1]))
                at += len(row[1])
        forms = {int(r[0]): r[1] for r in rows if len(r) > 2}
        for i, (a, b, lo, hi) in shared.items():
            spans[i] = part(text, forms, i, a, b, lo, hi)
        for r in rows:
            if len(r) > 2:
                lo, hi = spans[int(r[0])]
                self.words.append({"span": (start + lo, start + hi), "lemma": r[2], "upos": r[3], "xpos": r[4],
                                   "head": None if r[5] == "0" else first + int(r[5]) - 1, "rel": r[6]})
        self.sents.append((start, start + len(text)))


def part(text, forms, i, a, b, lo, hi):
    """Span of word i of the multiword token a..b over text[lo:hi]: its form where the forms spell the token, else a fair share."""
    if sum(len(forms[k]) for k in range(a, b + 1)) == hi - lo:
        lo += sum(len(forms[k]) for k in range(a, i))
        return lo, lo + len(forms[i])
    n = b - a + 1
    return lo + (hi - lo) * (i - a) // n, lo + (hi - lo) * (i - a + 1) // n


def read(path):
    docs, rows, text, par = [], [], "", False
    for line in open(path, encoding="utf-8"):
        line = line.rstrip("\n")
        if line.startswith("# newdoc"):
            docs.append(Doc(line.split("=")[-1].strip()))
            par = False
        elif line.startswith("# newpar") and docs[-1].words:
            par = True
        elif line.startswith("# text = "):
            text = line[9:]
        elif line and not line.startswith("#"):
            c = line.split("\t")
            if "." not in c[0]:
                rows.append((c[0], c[1]) if "-" in c[0] else (c[0], c[1], c[2], c[3], c[4], c[6], c[7]))
        elif not line and rows:
            docs[-1].add(rows, text, par)
            rows, par = [], False
    return docs


def place(text, ours):
    """Map from places in the text we published to places in the treebank's, where white space differs at most; None otherwise."""
    out, at = [], 0
    for ch in ours:
        while at < len(text) and text[at].isspace() and not ch.isspace():
            at += 1
        if not ch.isspace() and (at >= len(text) or text[at] != ch):
            return None
        out.append(at)
        at += 1 if not ch.isspace() or at < len(text) and text[at].isspace() else 0
    return out + [at]


def score(docs, enriched, errors):
    by_id = {}
    for line in open(enriched, encoding="utf-8"):
        d = json.loads(line)
        by_id[d["id"]] = d
    total = collections.defaultdict(collections.Counter)
    wrong = collections.Counter()
    for doc in docs:
        c = collections.Counter(gold=len(doc.words), gold_sents=len(doc.sents))
        got = by_id.get(doc.name)
        if got:
            compare(doc, got, c, wrong)
        total[doc.genre].update(c)
        total["all"].update(c)
    for (kind, gold, ours), n in wrong.most_common(errors):
        print("%6d  %s: %s, ours %s" % (n, kind, gold, ours))
    return total


def compare(doc, got, c, wrong):
    ours_text = got["text"]
    where = list(range(len(doc.text) + 1)) if ours_text == doc.text else place(doc.text, ours_text)
    if where is None:
        c["other_text"] += 1
        return
    toks = got["tokens"]
    spans = [(where[t["start"]], where[t["end"] - 1] + 1) for t in toks]
    index = {s: i for i, s in enumerate(spans)}
    of_gold = {w["span"]: i for i, w in enumerate(doc.words)}
    c["ours"] += len(toks)
    c["ours_sents"] += len(got["sentences"])
    ours_sents = {(where[s["start"]], where[s["end"] - 1] + 1) for s in got["sentences"]}
    c["sents"] += len(ours_sents & set(doc.sents))
    roots = [t for t in toks if t.get("deprel") == "root"]
    c["roots"] += len(roots)
    for w in doc.words:
        i = index.get(w["span"])
        if i is None:
            continue
        t = toks[i]
        c["words"] += 1
        c["upos"] += t.get("pos") == w["upos"]
        c["xpos"] += t.get("xpos") == w["xpos"]
        c["lemma"] += (t.get("lemma") or "").lower() == w["lemma"].lower()
        if t.get("pos") != w["upos"]:
            wrong["upos", w["upos"], t.get("pos")] += 1
        head = t.get("head")
        parsed = t.get("deprel") is not None
        same = parsed and (w["head"] is None if head is None else w["head"] is not None and of_gold.get(spans[head]) == w["head"])
        c["uas"] += same
        c["las"] += same and t["deprel"] == w["rel"]
        if same and t["deprel"] != w["rel"]:
            wrong["relation", w["rel"], t["deprel"]] += 1


def table(total, by_genre):
    print("%-14s %7s %6s %6s %6s %6s %6s %6s %6s" % ("", "words", "sents", "tokens", "UPOS", "XPOS", "lemma", "UAS", "LAS"))
    for name, c in sorted(total.items(), key=lambda x: (x[0] == "all", x[0])):
        if name != "all" and not by_genre:
            continue

        def f1(k, ours, gold):
            return 200 * c[k] / max(c[ours] + c[gold], 1)
        print("%-14s %7d %6.2f %6.2f %6.2f %6.2f %6.2f %6.2f %6.2f" % (
            name, c["gold"], f1("sents", "ours_sents", "gold_sents"), f1("words", "ours", "gold"),
            *(100 * c[k] / max(c["gold"], 1) for k in ("upos", "xpos", "lemma")), f1("uas", "ours", "gold"), f1("las", "ours", "gold")))
        if c["other_text"]:
            print("  %d documents left out: we published another text" % c["other_text"])


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("what", choices=("input", "score"))
    ap.add_argument("gold")
    ap.add_argument("enriched", nargs="?")
    ap.add_argument("--by-genre", action="store_true")
    ap.add_argument("--errors", type=int, default=0)
    ap.add_argument("--json", action="store_true", help="figures as one JSON object")
    args = ap.parse_args()
    docs = read(args.gold)
    if args.what == "input":
        for d in docs:
            print(json.dumps({"id": d.name, "body": d.text}, ensure_ascii=False))
        return
    total = score(docs, args.enriched, args.errors)
    if args.json:
        c = total["all"]
        out = {k: 100 * c[k] / max(c["gold"], 1) for k in ("upos", "xpos", "lemma")}
        out.update({k: 200 * c[k] / max(c["ours"] + c["gold"], 1) for k in ("uas", "las")})
        json.dump(out, sys.stdout)
        return
    table(total, args.by_genre)


if __name__ == "__main__":
    main()
