"""Lemmas: exceptions and suffix rules learnt from treebanks. A rule cuts bytes off the end of the folded word and appends others;
it is chosen by tag and by the longest suffix of the word that the rules of that tag know."""
import collections

from .features import lower

MAX_SUFFIX = 6
STRAIGHT = str.maketrans({"\u2019": "'", "\u2018": "'", "`": "'"})


def base(form, upos):
    """What rules edit: proper nouns keep their capitals, all else is lower-cased; curly apostrophes are straight."""
    folded = form.translate(STRAIGHT)
    return folded if upos == "PROPN" else lower(folded)


def script(b, lemma):
    """(bytes to cut, bytes to append), the shortest edit of the end."""
    b, lemma = b.encode(), lemma.encode()
    n = 0
    while n < min(len(b), len(lemma)) and b[n] == lemma[n]:
        n += 1
    while n and n < max(len(b), len(lemma)) and (n < len(b) and b[n] & 0xC0 == 0x80 or n < len(lemma) and lemma[n] & 0xC0 == 0x80):
        n -= 1
    return len(b) - n, lemma[n:]


def suffix_keys(b):
    """Suffixes from the longest to the empty one; a word that is shorter than the suffix shows its start as '^'."""
    s = b"^" + b
    for n in range(min(MAX_SUFFIX, len(s)), -1, -1):
        yield s[len(s) - n:] if n else b""


def apply(rule, b):
    cut, add = rule
    return b[:len(b) - cut] + add if cut <= len(b) else b


def look_up(rules, tag, b):
    for s in suffix_keys(b):
        r = rules.get((tag, s))
        if r is not None:
            return r
    return (0, b"")


def train(items, min_rule=2):
    """items: (form, upos, xpos, lemma). Gives rules {(tag, suffix): (cut, add)} and exceptions {(tag, base): lemma}; tag = (upos, xpos)."""
    pairs = collections.Counter()
    for form, upos, xpos, lemma in items:
        if lemma != "_":
            pairs[((upos, xpos), base(form, upos).encode(), lemma.translate(STRAIGHT).encode())] += 1
    best = {}
    for (tag, b, lemma), n in pairs.items():
        if n > best.get((tag, b), (0, b""))[0]:
            best[(tag, b)] = (n, lemma)
    # types vote, by the square root of their number of tokens, so that a frequent irregular word is not a rule
    votes = collections.defaultdict(collections.Counter)
    types = collections.Counter()
    for (tag, b), (n, lemma) in best.items():
        r = script(b.decode(), lemma.decode())
        if r[0] > 4 or len(r[1]) > 3:
            continue        # no rule: an exception
        for s in suffix_keys(b):
            if s.startswith(b"^") and len(s) <= MAX_SUFFIX and r[0] >= len(b):
                continue
            votes[(tag, s)][r] += n ** 0.5
            types[(tag, s, r)] += 1
    rules = {}
    for (tag, s), c in sorted(votes.items(), key=lambda x: (x[0][0], len(x[0][1]), x[0][1])):
        r, v = max(c.items(), key=lambda x: (x[1], x[0]))
        if not s:
            rules[(tag, s)] = r
            continue
        held = look_up(rules, tag, s)
        if r != held and types[(tag, s, r)] >= min_rule and v > c.get(held, 0) + 0.5:
            rules[(tag, s)] = r
    exceptions = {}
    for (tag, b), (n, lemma) in best.items():
        if apply(look_up(rules, tag, b), b) != lemma:
            exceptions[(tag, b)] = lemma
    return rules, exceptions


def lemma(rules, exceptions, form, upos, xpos):
    tag, b = (upos, xpos), base(form, upos).encode()
    e = exceptions.get((tag, b))
    return (e if e is not None else apply(look_up(rules, tag, b), b)).decode("utf-8", "replace")
