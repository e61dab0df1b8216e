"""Folding of words, as pipeline/lexicon/fold.c does it: lower case, no diacritics, ASCII quotes and dashes."""
import unicodedata

SPECIAL = {"ß": "ss", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i", "ə": "e", "ð": "d", "þ": "th",
           "‘": "'", "’": "'", "‚": "'", "ʼ": "'", "ʻ": "'", "`": "'", "´": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
           "‐": "-", "‑": "-", "‒": "--", "–": "--", "—": "--", "―": "--", "…": "..."}


def fold(word):
    if word.isascii():
        return word.lower().replace("`", "'")
    out = []
    for ch in word:
        for c in SPECIAL.get(ch, None) or unicodedata.normalize("NFKD", ch):
            if unicodedata.category(c) not in ("Mn", "Mc", "Me"):
                out.extend(SPECIAL.get(d, d) for d in c.lower() if unicodedata.category(d) not in ("Mn", "Mc", "Me"))
    return "".join(out)


def words_of(text):
    """Words of a gazetteer key: folded, apostrophes and dots dropped, cut at everything else that is no letter or digit."""
    out, word = [], []
    for c in fold(text):
        if c.isalnum():
            word.append(c)
        elif c in "'.":
            continue
        elif word:
            out.append("".join(word))
            word = []
    if word:
        out.append("".join(word))
    return out


def vector_keys(token):
    """Keys under which a token's vector is looked for, in order."""
    key = fold(token)
    yield key
    if any(c in "0123456789" for c in key):
        yield "".join("0" if c in "0123456789" else c for c in key)
