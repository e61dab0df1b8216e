"""spaCy: articles in, records out (stdin, stdout); tokens and seconds on standard error. Argument: the model's package."""
import json
import sys
import time

import spacy

TYPES = {"PERSON": "PER", "ORG": "ORG", "GPE": "LOC", "LOC": "LOC", "FAC": "LOC"}


def main():
    nlp = spacy.load(sys.argv[1])
    articles = [json.loads(line) for line in sys.stdin]
    nlp("Warm up.")
    begun = time.process_time()
    docs = [nlp(a["body"]) for a in articles]
    seconds = time.process_time() - begun
    for a, doc in zip(articles, docs):
        words = [t for t in doc if not t.is_space]
        print(json.dumps({
            "id": a["id"], "text": a["body"],
            "sentences": [dict(zip(("start", "end"), trim(a["body"], s.start_char, s.end_char))) for s in doc.sents if s.text.strip()],
            "tokens": [{"start": t.idx, "end": t.idx + len(t), "pos": t.pos_, "xpos": t.tag_, "lemma": t.lemma_, "head": None, "deprel": None}
                       for t in words],
            "entities": [{"type": TYPES[e.label_], "mentions": [{"start": e.start_char, "end": e.end_char, "form": "name"}]}
                         for e in doc.ents if e.label_ in TYPES]}))
    print(json.dumps({"tokens": sum(len(d) for d in docs), "seconds": seconds}), file=sys.stderr)


def trim(text, start, end):
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


main()
