"""Read treebanks: sentences of syntactic words with their tags, lemmas, heads and relations."""
import hashlib
from dataclasses import dataclass, field


@dataclass
class Sentence:
    text: str = ""
    doc: str = ""
    genre: str = ""
    forms: list = field(default_factory=list)
    lemmas: list = field(default_factory=list)
    upos: list = field(default_factory=list)
    xpos: list = field(default_factory=list)
    feats: list = field(default_factory=list)  # strings, "_" where empty
    heads: list = field(default_factory=list)  # 0-based; -1: root
    rels: list = field(default_factory=list)


def read(path):
    """Sentences of a CoNLL-U file; multiword lines and empty nodes are left out."""
    doc = genre = ""
    sent = Sentence()
    for line in open(path, encoding="utf-8"):
        line = line.rstrip("\n")
        if not line:
            if sent.forms:
                yield sent
            sent = Sentence(doc=doc, genre=genre)
        elif line.startswith("#"):
            if line.startswith("# newdoc id = "):
                doc = sent.doc = line[14:]
                genre = sent.genre = doc.split("_")[1] if doc.startswith("GUM_") else doc.split("-")[0]
            elif line.startswith("# text = "):
                sent.text = line[9:]
        else:
            c = line.split("\t")
            if "-" in c[0] or "." in c[0]:
                continue
            sent.forms.append(c[1])
            sent.lemmas.append(c[2])
            sent.upos.append(c[3])
            sent.xpos.append(c[4])
            sent.feats.append(c[5])
            sent.heads.append(int(c[6]) - 1)
            sent.rels.append(c[7])
    if sent.forms:
        yield sent


def digest(path):
    return hashlib.sha256(open(path, "rb").read()).hexdigest()[:16]
