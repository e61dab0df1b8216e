"""What the tagger and the parser know about a token beside its word vector. pipeline/lexicon/spelling.c computes the same; a test
compares the two."""
import functools

from .fold import fold


def lower_cp(c):
    """ASCII letters and the two-byte Latin, Greek and Cyrillic ones that have a simple partner; no other case mapping."""
    if 0x41 <= c <= 0x5A or 0xC0 <= c <= 0xDE and c != 0xD7 or 0x391 <= c <= 0x3A9 and c != 0x3A2 or 0x410 <= c <= 0x42F:
        return c + 32
    if 0x100 <= c <= 0x12F or 0x132 <= c <= 0x137 or 0x14A <= c <= 0x177:
        return c | 1
    if 0x139 <= c <= 0x148 or 0x179 <= c <= 0x17E:
        return c + 1 if c & 1 else c
    return c + 80 if 0x400 <= c <= 0x40F else c


def lower(form):
    return "".join(chr(lower_cp(ord(ch))) for ch in form)


def key(form):
    """The word as its affixes are cut: folded, every digit a 0; UTF-8."""
    return "".join("0" if "0" <= ch <= "9" else ch for ch in fold(form)).encode("utf-8")[:120]


def hash32(data, seed):
    """FNV-1a with a final mix; 25 bits."""
    h = 2166136261 ^ seed
    for b in data:
        h = ((h ^ b) * 16777619) & 0xFFFFFFFF
    h ^= h >> 15
    return (h * 0x2C1B3C6D & 0xFFFFFFFF) >> 7


AFFIX_BUCKETS = 1 << 13
N_AFFIXES = 7


def affixes(k):
    """Buckets of the suffixes of 1 to 4 bytes and the prefixes of 1 to 3. An affix as long as the word has another bucket."""
    n = len(k)
    out = [hash32(k[-m:], m if n > m else 16 + m) & (AFFIX_BUCKETS - 1) for m in (1, 2, 3, 4)]
    return out + [hash32(k[:m], 32 + m if n > m else 48 + m) & (AFFIX_BUCKETS - 1) for m in (1, 2, 3)]


# Classes of spelling. Those with STOP end in a full stop; from LOWER to LOWER_STOP the word has no digit.
(OTHER, LOWER, CAP, CAP1, CAPS, MIXED, CAPS_STOP, CAP_STOP, LOWER_STOP, DIGIT1, DIGIT2, DIGIT4, NUMBER, DIGIT_WORD,
 ADDRESS, CLITIC, PUNCT) = range(17)
N_SPELLINGS = 17


@functools.lru_cache(None)
def spelling(form):
    up = lo = di = other = 0
    for ch in form:
        c = ord(ch)
        if 0x30 <= c <= 0x39:
            di += 1
        elif lower_cp(c) != c:
            up += 1
        elif 0x61 <= c <= 0x7A or c >= 0xC0 and not 0x2000 <= c < 0x2E80 and c not in (0xD7, 0xF7):
            lo += 1
        else:
            other += 1
    first_up = lower_cp(ord(form[0])) != ord(form[0])
    if "@" in form[1:] or "://" in form or form[:4] in ("www.", "WWW.", "Www."):
        return ADDRESS
    if di:
        if up or lo:
            return DIGIT_WORD
        if other:
            return NUMBER
        return {1: DIGIT1, 2: DIGIT2, 4: DIGIT4}.get(di, NUMBER)
    if not up and not lo:
        return PUNCT if other else OTHER
    if form[0] in "'\u2019":
        return CLITIC
    if form[-1] == ".":
        return CAPS_STOP if up and not lo else CAP_STOP if first_up else LOWER_STOP
    if not up:
        return LOWER
    if not lo:
        return CAP1 if up == 1 else CAPS
    return CAP if first_up and up == 1 else MIXED


# How a sentence as a whole is spelled: what a capital letter is worth in it.
MODE_NORMAL, MODE_CAPS, MODE_TITLE, MODE_LOWER = range(4)


def mode(classes):
    """From the spelling classes of a sentence's tokens."""
    low = sum(s in (LOWER, LOWER_STOP) for s in classes)
    cap = sum(s in (CAP, CAP_STOP, CAP1, MIXED) for s in classes)
    caps = sum(s in (CAPS, CAPS_STOP) for s in classes)
    if caps >= 2 and low + cap == 0 or caps >= 4 and caps > 3 * (low + cap):
        return MODE_CAPS
    if cap + caps == 0:
        return MODE_LOWER
    return MODE_TITLE if cap + caps >= 4 and cap + caps > 2 * low else MODE_NORMAL


N_SHAPES = N_SPELLINGS * 8
PAD_SHAPE = N_SHAPES  # row of what lies outside the sentence


def shapes(forms):
    """Shape row of each token: spelling, mode of the sentence, whether it is the first word."""
    classes = [spelling(f) for f in forms]
    m = mode(classes)
    out = []
    first = 1
    for s in classes:
        out.append(s * 8 + m * 2 + first)
        if s not in (PUNCT, OTHER):
            first = 0
    return out


def augment(forms, rng, share):
    """Headlines and careless typing out of ordinary sentences: case changed in `share` of them, quotes and dashes as typesetters have
    them in a third."""
    u = rng.random()
    if u < share * 0.35:
        forms = [f.upper() for f in forms]
    elif u < share * 0.7:
        forms = [f[:1].upper() + f[1:] for f in forms]
    elif u < share:
        forms = [f.lower() for f in forms]
    return forms
