#!/usr/bin/env python3
"""The verifier must find what it is there to find: each row damages a flawless run in one way and says what must be reported."""
import copy
import sys
import unittest

import load
import msgcheck


class Record:
    def __init__(self, value, key, headers, timestamp, partition, offset):
        self.value, self.key, self.headers, self.timestamp = value, key, headers, timestamp
        self.partition, self.offset = partition, offset


def flawless():
    """300 articles and 5 poison messages over 4 partitions, and what a perfect service makes of them."""
    sent = load.make(300, 4, 7, load.poison()[:5])
    ends, enriched, dead = [0] * 4, [], []
    for s in sent:
        s.offset = ends[s.partition]
        ends[s.partition] += 1
        if s.article is None:
            errors = [(f"dateline-error-{n}", v) for n, v in (("stage", b"decode"), ("code", b"bad_input"), ("message", b"no"), ("topic", b"raw"),
                                                              ("partition", b"%d" % s.partition), ("offset", b"%d" % s.offset))]
            dead.append(Record(s.value, s.key, s.headers + errors, s.timestamp, 0, len(dead)))
        else:
            value = load.articles.encoded({"schema_version": "1", "id": s.article["id"], "article": {"title": s.article["title"]},
                                           "text": f"{s.article['title']}\n\n{s.article['text']}",
                                           "kafka": {"topic": "raw", "partition": s.partition, "offset": str(s.offset)}})
            ours = [("dateline-src", f"raw/{s.partition}/{s.offset}".encode())]
            enriched.append(Record(value, s.article["id"].encode(), s.headers + ours, s.timestamp, s.partition % 2, len(enriched)))
    enriched.sort(key=lambda r: (r.partition, r.offset))
    return sent, enriched, dead


def drop(run):
    del run[1][10]


def drop_dead(run):
    del run[2][2]


def double(run):
    run[1].insert(40, copy.copy(run[1][3]))


def swap(run):
    same = [i for i, r in enumerate(run[1]) if r.partition == run[1][0].partition and mark_lane(run, r) == mark_lane(run, run[1][0])]
    i, j = same[4], same[5]
    run[1][i], run[1][j] = run[1][j], run[1][i]


def mark_lane(run, record):
    return run[0][msgcheck.mark(record)].partition


def misplace(run):
    run[2].append(run[1].pop(5))


def stranger(run):
    run[1].append(Record(b"{}", b"x", [(msgcheck.MARK, b"99999")], 0, 0, 0))


def unmarked(run):
    run[1][9].headers = [h for h in run[1][9].headers if h[0] != msgcheck.MARK]


def tear(run):
    revised = next(r for r in run[1] if b"updated at load step" in r.value)
    revised.partition = 7


def rekey(run):
    run[1][0].key = b"feed-1"


def cut(run):
    run[1][0].value = run[1][0].value[:-1]


def other_text(run):
    run[1][0].value = run[1][0].value.replace(b"Report number", b"Report nimber")


def late(run):
    run[1][0].timestamp += 1


def strip(run):
    run[1][0].headers = [h for h in run[1][0].headers if h[0] != "empty"]


def retouch(run):
    run[2][0].value += b" "


def anonymous(run):
    run[2][0].headers = [h for h in run[2][0].headers if h[0] != "dateline-error-code"]


ROWS = [(lambda run: None, set()), (drop, {"lost"}), (drop_dead, {"lost"}), (double, {"doubled"}), (swap, {"disordered"}),
        (misplace, {"misplaced"}), (stranger, {"alien"}), (unmarked, {"alien", "lost"}), (tear, {"torn"}), (rekey, {"wrong"}),
        (cut, {"wrong"}), (other_text, {"wrong"}), (late, {"wrong"}), (strip, {"wrong"}), (retouch, {"wrong"}), (anonymous, {"wrong"})]


class Verifier(unittest.TestCase):
    def test_damage_is_found(self):
        for damage, want in ROWS:
            with self.subTest(damage.__name__):
                run = flawless()
                damage(run)
                report = msgcheck.check(*run, "raw")
                self.assertEqual(set(report.bad()), want, "\n".join(report.lines()))

    def test_commit_ahead_of_the_work_is_found(self):
        sent, enriched, dead = flawless()
        ends = {p: sum(s.partition == p for s in sent) for p in range(4)}
        self.assertEqual(msgcheck.ahead(sent, enriched, dead, ends), [])
        gone = sent[msgcheck.mark(enriched.pop(20))]
        self.assertEqual(msgcheck.ahead(sent, enriched, dead, ends), [gone])
        self.assertEqual(msgcheck.ahead(sent, enriched, dead, {**ends, gone.partition: gone.offset}), [])

    def test_the_load_is_the_same_for_the_same_seed(self):
        self.assertEqual(load.make(500, 8, 3, load.poison(1000)), load.make(500, 8, 3, load.poison(1000)))
        self.assertNotEqual(load.make(50, 8, 3), load.make(50, 8, 4))

    def test_the_load_has_revisions_and_all_of_its_poison(self):
        sent = load.make(2000, 8, 3, load.poison(1000))
        names = [s.article["id"] for s in sent if s.article]
        self.assertGreater(len(names) - len(set(names)), 50)
        self.assertEqual(sum(s.article is None for s in sent), len(load.poison(1000)))


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
