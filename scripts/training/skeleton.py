"""Skeletons: the consonants of a name as transliterations agree on them, as pipeline/lexicon/skeleton.c does it.

Qasim Jomart Tokayev, Kassym-Zhomart Tokaev: ksmjmrttkv. A skeleton finds candidates; whether they fit is for others to say.
"""
from . import modelfile

START = 0x5BE1E70A11E0BD5F
# The longest that fits is taken; vowels and y are dropped.
RULES = {"tsch": "C", "shch": "s", "sch": "s", "tch": "C", "dzh": "j", "dsch": "j", "sh": "s", "ch": "C", "cz": "C", "zh": "j", "dj": "j", "kh": "k",
         "gh": "k", "th": "t", "dh": "d", "bh": "b", "ph": "f", "ts": "z", "tz": "z", "ff": "f", "x": "ks", "q": "k", "c": "k", "g": "k",
         "w": "v", "a": "", "e": "", "i": "", "o": "", "u": "", "y": ""}
DROPPED = {"al", "el", "ul", "bin", "ibn", "ben"}
VOWELS = "aeiouy"


def skeleton(word):
    out, at = "", 0
    while at < len(word):
        for n in (4, 3, 2, 1):
            if word[at:at + n] in RULES and at + n <= len(word):
                new, at = RULES[word[at:at + n]], at + n
                break
        else:
            c = word[at]
            h = c == "h" and at > 0 and not (at + 1 < len(word) and word[at + 1] in VOWELS)
            new, at = ("" if h or not "a" <= c <= "z" else c), at + 1
        for c in new:
            if out[-1:] != c:
                out += c
    if word.endswith(("off", "eff")):
        out = out[:-1] + "v"
    return out or word[:1]


def skeleton_key(words):
    """The key of a name, or None where too little is left of it."""
    kept = [w for w in words if w not in DROPPED]
    bones = "".join(skeleton(w) for w in kept)
    if len(kept) < 2 or len(bones) < 5 or len(bones) > 60 or not bones.isascii():
        return None
    return modelfile.dl_hash(bones.encode(), START)
