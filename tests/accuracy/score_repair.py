#!/usr/bin/env python3
"""Repairs against text that needs them and text that does not.

    score_repair.py PROGRAM [--wrong] [--least MOJIBAKE%,RECALL%,FALSE] [PART...]     PART: mojibake clean glue false (none: all)

mojibake  the cases of ../shared/data/segmentation: sets that need a repair, how many are read as wanted (quotation marks, which the cases
          also make straight, do not count); sets that must stay
clean     names and text in many languages (below, and the names of ../shared/data/kb where they are there): repairs that change letters
glue      spaces taken out in the shared articles, before a capital ("BelarusDmitry", "borderUS"), behind a name ("Tajikistanand"), between
          words of small letters: recall of each
false     words split in the same articles as they stand, for 10,000 words
"""
import argparse
import collections
import json
import os
import random
import re
import subprocess
import sys

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "shared", "data")
CLEAN = [
    "Łódź, Kraków i Gdańsk: Władysław Żółć powiedział „ŻÓŁW” oraz GRZEGRZÓŁKA — CZĘŚĆ DRUGA…",
    "Přemysl Oráč ŘEKL: „KNÍŽKA ŽÁDNÁ“ – Plzeň, Třebíč, ČESKÉ BUDĚJOVICE",
    "SÃO PAULO – A PREFEITURA DE SÃO JOSÉ… “ATENÇÃO”: JOSÉ “ZÉ” CONCEIÇÃO; irmã» está»",
    "« Être », dit-il à l’ÉLYSÉE : « C’EST ARRIVÉ… » À PARIS, FRANÇOIS, NOËL, L’ÎLE",
    "„Größe“ und „Spaß“ – STRAßE, MÜNCHEN, Äußerung, ÖSTERREICH; „JÖRG“ – KÄSE – Fußball „Süß“",
    "ÅSA ÖSTBERG, Malmö: ”Nej”, sade ÅKE. BLÅBÆR, Tromsø, SØREN KIERKEGAARD, ÞÓRÐUR, Ísafjörður",
    "Türkiye’nin İstanbul kentinde IĞDIR, ŞIRNAK, ÇANAKKALE; Recep Tayyip Erdoğan “GÜÇLÜ”",
    "Москва: «Россия не будет…», – сказал Сергей Лавров в пятницу. «Нет слов…» № 5 — в…»",
    "Київ: «Вінниця, Різдво, Їжак», – сказав Олексій Ґудзь. ВІКІ. Білорусь: Ўладзімір, Мінск",
    "Београд: „Ђорђе Ћирић, Њујорк, Љубљана“ – рекао је Џон",
    "Αθήνα: «Ο Κυριάκος Μητσοτάκης είπε…» – Θεσσαλονίκη, Ηράκλειο",
    "القاهرة: «قال الرئيس» عبد الفتاح السيسي، 2022",
    "ירושלים: \"ראש הממשלה\" אמר ביום שישי – תל אביב",
    "北京：「中国」外交部发言人表示……，2022年。東京、大阪。서울: \"대통령\"은 말했다",
    "Tiếng Việt: Thủ tướng Phạm Minh Chính, HÀ NỘI, ĐÀ NẴNG, “ĐƯỜNG”…",
    "हिन्दी: \"प्रधानमंत्री\" नरेंद्र मोदी; தமிழ்; ภาษาไทย; ქართული; Հայերեն",
    "Beyoncé, Gabriel García Márquez, Zoë, Renée… naïve café “VOCÊ…” NESTLÉ® ZZAJÉ’s 5×£35 20 °C ±3 µm ½ §4 ¶2 €9–10 ™",
    "Ștefan Țurcanu, BUCUREȘTI: „ÎNVĂȚĂTURĂ”; Győr, SZÉKESFEHÉRVÁR: „ŐSZINTÉN”; Đà Lạt; Ñandú, ¿QUÉ? ¡SÍ!",
]


def straight(s):
    return re.sub("[“”„‟]", '"', re.sub("[‘’‚‛]", "'", s))


def annotate(program, texts):
    lines = "".join(json.dumps({"id": str(i), "title": "", "text": t}) + "\n" for i, t in enumerate(texts))
    run = subprocess.run([program, "annotate", "--quiet", "--explain", "repair", "--jobs", "1"], input=lines.encode(), capture_output=True, check=True)
    out, rows = [], None
    for line in run.stdout.decode().rstrip("\n").split("\n"):
        if not line.startswith("  "):
            rows = []
            out.append(rows)
        else:
            m = re.match(r" +(\d+)-(\d+) +(\w+) +(\".*)$", line)
            left, right = m.group(4).rsplit(" -> ", 1)
            rows.append((int(m.group(1)), int(m.group(2)), m.group(3), left[1:-1], re.sub(r"\\u([0-9A-F]{4})", lambda x: chr(int(x.group(1), 16)), right[1:-1])))
    assert len(out) == len(texts), (len(out), len(texts), run.stderr[:300])
    return out


def applied(text, rows, kinds):
    raw, at, out = text.encode(), 0, b""
    for start, end, kind, _, to in rows:
        if kind in kinds and end > start:
            out += raw[at:start] + to.encode()
            at = end
    return (out + raw[at:]).decode()


def mojibake(program, wrong):
    path = os.path.join(DATA, "segmentation", "mojibake_cases.jsonl")
    if not os.path.exists(path):
        return {}
    cases = [json.loads(line) for line in open(path, encoding="utf-8")]
    right, of = collections.Counter(), collections.Counter()
    for case, rows in zip(cases, annotate(program, [c["original"] for c in cases])):
        got = applied(case["original"], rows, {"mojibake", "ligature", "invisible", "width", "homoglyph"})
        ok = lost(squeeze(got)) == lost(squeeze(case["fixed"]))
        right[case["set"]] += ok
        of[case["set"]] += 1
        if wrong and not ok:
            print("%-12s %r\n   want %r\n   got  %r" % (case["set"], case["original"][:100], case["fixed"][:100], got[:100]))
    for name in of:
        print("mojibake %-15s %3d of %3d" % (name, right[name], of[name]))
    return {"mojibake": 100 * right["in-the-wild"] / of["in-the-wild"]}


def lost(s):
    """The cases leave U+FFFD for a closing quotation mark whose last byte was lost; we put it back."""
    return s.replace("\ufffd", '"')


def squeeze(s):
    return re.sub(r"\s+", " ", straight(s).replace("ﬁ", "fi").replace("，", ",")).strip()


def clean(program, wrong):
    texts = list(CLEAN)
    for name, column in (("places.tsv", 4), ("people.tsv", 2), ("orgs.tsv", 3)):
        path = os.path.join(DATA, "kb", name)
        if os.path.exists(path):
            rows = [line.rstrip("\n").split("\t") for line in open(path, encoding="utf-8")][1:]
            names = [n for r in rows for n in (r[1:5] if column == 4 else r[1:3]) if any(ord(c) > 127 for c in n)]
            random.Random(7).shuffle(names)
            texts += [". ".join(names[i:i + 40]).replace("|", ", ") for i in range(0, min(len(names), 40000), 40)]
    n = 0
    for text, rows in zip(texts, annotate(program, texts)):
        bad = [r for r in rows if r[2] in ("mojibake", "homoglyph", "width", "spaced")]
        if text not in CLEAN:       # some names of the tables are damaged: a Cyrillic letter within, a control for a quotation mark
            bad = [r for r in bad if r[2] == "mojibake" and len(r[3]) > 1 and not r[3].startswith("\\u")]
        n += len(bad)
        for r in bad[:3] if wrong else []:
            print("clean", r, text[:80])
    print("clean: %d texts, %d characters, %d repairs" % (len(texts), sum(map(len, texts)), n))
    return {"damage": n}


def news():
    path = os.path.join(DATA, "articles", "open_news.jsonl")
    if not os.path.exists(path):
        return []
    texts = [json.loads(line)["text"] for line in open(path, encoding="utf-8")]
    texts += [json.loads(line)["text"] for line in open(os.path.join(DATA, "segmentation", "gum_dev.jsonl"), encoding="utf-8")]
    return texts


BORDERS = {
    "before a capital": r"(?<=[A-Za-z]{2}) (?=[A-Z][A-Za-z])",
    "behind a name": r"(?<=[a-z] )(?:[A-Z]\w+)( )(?=[a-z]{2})",
    "of small letters": r"(?<=\b[a-z]{4})(?:[a-z]*)( )(?=[a-z]{4})",
}


def glue(program, wrong):
    """One space in 1,500 characters is taken out, three ways."""
    got = {}
    for name, pattern in BORDERS.items():
        rng = random.Random(5)
        texts, wanted = [], []
        for text in news():
            borders = [m.start(1) if m.re.groups else m.start() for m in re.finditer(pattern, text)]
            picked = sorted(rng.sample(borders, min(len(borders), max(1, len(text) // 1500))))
            out, at, spots = "", 0, set()
            for b in picked:
                out += text[at:b]
                spots.add(len(out.encode()))
                at = b + 1
            texts.append(out + text[at:])
            wanted.append(spots)
        if not texts:
            return {}
        hit = n = 0
        for text, spots, rows in zip(texts, wanted, annotate(program, texts)):
            found = {r[0] for r in rows if r[2] == "glue"}
            hit += len(spots & found)
            n += len(spots)
            for s in sorted(spots - found)[:1] if wrong else []:
                raw = text.encode()
                print("glue missed:", raw[max(0, s - 16):s].decode("utf-8", "ignore"), "|", raw[s:s + 16].decode("utf-8", "ignore"))
        got[name] = 100 * hit / n
        print("glue %-17s %4d of %4d, recall %.1f %%" % (name, hit, n, got[name]))
    return {"recall": got["before a capital"]}


def false_splits(program, wrong):
    texts = news()
    if not texts:
        return {}
    words = sum(len(t.split()) for t in texts)
    got = [r for rows in annotate(program, texts) for r in rows if r[2] == "glue"]
    if wrong:
        for r in got:
            print("split:", r[4])
    print("false splits: %d in %d words, %.2f per 10,000" % (len(got), words, 1e4 * len(got) / words))
    return {"false": 1e4 * len(got) / words}


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("program")
    ap.add_argument("parts", nargs="*")
    ap.add_argument("--wrong", action="store_true")
    ap.add_argument("--least", help="least per cent of mojibake, least recall of glue, most false splits")
    a = ap.parse_intermixed_args()
    parts, got = a.parts or ["mojibake", "clean", "glue", "false"], {}
    if "mojibake" in parts:
        got.update(mojibake(a.program, a.wrong))
    if "clean" in parts:
        got.update(clean(a.program, a.wrong))
    if "glue" in parts:
        got.update(glue(a.program, a.wrong))
    if "false" in parts:
        got.update(false_splits(a.program, a.wrong))
    if a.least:
        if "mojibake" not in got:
            print("skipped: ../shared/data is not there")
            return 77
        least = [float(x) for x in a.least.split(",")]
        return int(got["mojibake"] < least[0] or got["recall"] < least[1] or got["false"] > least[2] or got["damage"] > 0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
