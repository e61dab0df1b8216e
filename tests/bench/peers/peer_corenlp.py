"""CoreNLP: articles in, records out (stdin, stdout); tokens and seconds on standard error. Argument: the folder with its jars."""
import json
import os
import re
import subprocess
import sys
import tempfile

TYPES = {"PERSON": "PER", "ORGANIZATION": "ORG", "LOCATION": "LOC", "MISC": "MISC"}
ANNOTATE = ["-annotators", "tokenize,pos,lemma,ner,depparse", "-ner.applyFineGrained", "false", "-ner.useSUTime", "false",
            "-ner.applyNumericClassifiers", "false", "-ner.buildEntityMentions", "false", "-outputFormat", "json", "-threads", "1"]


def points(text):
    """Places in UTF-16 units to places in code points."""
    out = []
    for i, ch in enumerate(text):
        out += [i] * (2 if ord(ch) > 0xFFFF else 1)
    return out + [len(text)]


def record(article, got):
    at, tokens, sents, names = points(article["body"]), [], [], []
    for s in got["sentences"]:
        first, before = len(tokens), None
        arcs = {d["dependent"]: d for d in s["basicDependencies"]}
        for t in s["tokens"]:
            d = arcs.get(t["index"], {"governor": 0, "dep": "dep"})
            start, end = at[t["characterOffsetBegin"]], at[t["characterOffsetEnd"]]
            tokens.append({"start": start, "end": end, "pos": None, "xpos": t["pos"], "lemma": t["lemma"],
                           "head": first + d["governor"] - 1 if d["governor"] else None, "deprel": d["dep"].lower()})
            kind = TYPES.get(t["ner"])
            if kind and kind == before:
                names[-1]["mentions"][0]["end"] = end
            elif kind:
                names.append({"type": kind, "mentions": [{"start": start, "end": end, "form": "name"}]})
            before = kind
        sents.append({"start": tokens[first]["start"], "end": tokens[-1]["end"]})
    return {"id": article["id"], "text": article["body"], "sentences": sents, "tokens": tokens, "entities": names}


def main():
    articles = [json.loads(line) for line in sys.stdin]
    with tempfile.TemporaryDirectory() as work:
        paths = [os.path.join(work, "%05d.txt" % i) for i in range(len(articles))]
        for p, a in zip(paths, articles):
            with open(p, "w", encoding="utf-8") as f:
                f.write(a["body"])
        with open(os.path.join(work, "list"), "w", encoding="utf-8") as f:
            f.write("\n".join(paths) + "\n")
        log = subprocess.run(["java", "-Xmx4g", "-cp", os.path.join(sys.argv[1], "*"), "edu.stanford.nlp.pipeline.StanfordCoreNLP", *ANNOTATE,
                              "-filelist", os.path.join(work, "list"), "-outputDirectory", work], check=True, text=True,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout
        for p, a in zip(paths, articles):
            print(json.dumps(record(a, json.load(open(p + ".json", encoding="utf-8")))))
    total = re.search(r"TOTAL: ([0-9.]+) sec\. for ([0-9]+) tokens", log)
    print(json.dumps({"tokens": int(total[2]), "seconds": float(total[1])}), file=sys.stderr)


main()
