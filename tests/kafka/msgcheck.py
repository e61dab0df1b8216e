#!/usr/bin/env python3
"""msgcheck: was anything lost, doubled or put in disorder? And is each record what it should be?

    msgcheck.py --bootstrap B --sent FILE --output TOPIC --dead TOPIC [--read-committed] [--allow-doubled]

FILE is the manifest that load.py writes. Prints one line per finding kind with a count and the first examples; exit code 0 where
all is well, 1 where not. What the words mean:

  lost        sent, and in neither topic
  misplaced   an article among the dead letters, or poison among the enriched records
  doubled     in the topics more than once (at_least_once may do that after a crash, exactly_once never)
  disordered  a record after one that was sent later to the same input partition (within one output partition), or after a later
              revision of the same article (anywhere); of doubled records only the first counts
  alien       in the topics, and never sent
  torn        one article id in more than one output partition
  wrong       key, headers, timestamp or value are not what they should be
"""
import argparse
import collections
import dataclasses
import json
import sys

MARK = "x-load"  # the header that each sent record carries: its number in the load
ERROR_HEADERS = {f"dateline-error-{name}" for name in ("stage", "code", "message", "topic", "partition", "offset")}
KINDS = ("lost", "misplaced", "doubled", "disordered", "alien", "torn", "wrong")


@dataclasses.dataclass
class Sent:
    """One record of the load, as the broker took it. article is None for poison, else the object that was sent."""
    number: int
    partition: int
    offset: int
    key: bytes
    value: bytes
    headers: list
    timestamp: int
    article: dict = None


class Report:
    def __init__(self):
        self.found = {kind: [] for kind in KINDS}
        self.n_enriched = self.n_dead = 0

    def add(self, kind, what):
        self.found[kind].append(what)

    def count(self, kind):
        return len(self.found[kind])

    def bad(self, allowed=()):
        return {kind: n for kind in KINDS if (n := self.count(kind)) and kind not in allowed}

    def lines(self):
        yield f"enriched={self.n_enriched} dead={self.n_dead} " + " ".join(f"{kind}={self.count(kind)}" for kind in KINDS)
        for kind in KINDS:
            for what in self.found[kind][:5]:
                yield f"  {kind}: {what}"


def mark(record):
    marks = [value for name, value in record.headers if name == MARK]
    return int(marks[0]) if len(marks) == 1 and marks[0].isdigit() else None


def headers_differ(sent, got):
    """Every header that was sent, in order, and then ours alone."""
    carried = [h for h in got if not h[0].startswith("dateline-") and h[0] != "content-type"]
    return carried != [h for h in sent if h[0] != "content-type"]


def check_enriched(report, sent, record, topic):
    def wrong(what, want, got):
        if want != got:
            report.add("wrong", f"#{sent.number} {what}: want {want!r:.120} got {got!r:.120}")

    wrong("key", sent.article["id"].encode(), record.key)
    wrong("timestamp", sent.timestamp, record.timestamp)
    if headers_differ(sent.headers, record.headers):
        report.add("wrong", f"#{sent.number} headers: sent {sent.headers!r:.160} got {record.headers!r:.300}")
    ours = dict(record.headers)
    wrong("dateline-src", f"{topic}/{sent.partition}/{sent.offset}".encode(), ours.get("dateline-src"))
    try:
        enriched = json.loads(record.value.decode("utf-8", "strict"))
    except ValueError as reason:
        report.add("wrong", f"#{sent.number} value: {reason}")
        return
    wrong("schema_version", "1", enriched.get("schema_version"))
    wrong("id", sent.article["id"], enriched.get("id"))
    wrong("title", sent.article["title"], enriched.get("article", {}).get("title"))
    wrong("text", f"{sent.article['title']}\n\n{sent.article['text']}", enriched.get("text"))
    place = enriched.get("kafka", {})
    wrong("kafka", (topic, sent.partition, str(sent.offset)), (place.get("topic"), place.get("partition"), place.get("offset")))


def check_dead(report, sent, record, topic):
    got = dict(record.headers)
    if record.value != sent.value or record.key != sent.key:
        report.add("wrong", f"#{sent.number} dead letter is not the original: key {record.key!r} value {record.value!r:.80}")
    if record.timestamp != sent.timestamp:
        report.add("wrong", f"#{sent.number} dead letter has timestamp {record.timestamp}, not {sent.timestamp}")
    if [h for h in record.headers if h[0] not in ERROR_HEADERS] != sent.headers:
        report.add("wrong", f"#{sent.number} dead letter's headers: sent {sent.headers!r:.160} got {record.headers!r:.300}")
    missing = sorted(name for name in ERROR_HEADERS if not got.get(name))
    if missing:
        report.add("wrong", f"#{sent.number} dead letter lacks {missing}")
    place = tuple(got.get(f"dateline-error-{name}", b"").decode() for name in ("topic", "partition", "offset"))
    if place != (topic, str(sent.partition), str(sent.offset)):
        report.add("wrong", f"#{sent.number} dead letter says it is from {place}")


def check_order(report, firsts):
    """firsts: [(Sent, Record)] of the enriched topic, by output partition and offset, without repetitions."""
    last, revisions, homes = {}, {}, collections.defaultdict(set)
    for sent, record in firsts:
        lane = (record.partition, sent.partition)
        if sent.offset < last.get(lane, -1):
            report.add("disordered", f"#{sent.number} (input {sent.partition}/{sent.offset}) after {last[lane]} in output {record.partition}")
        last[lane] = max(sent.offset, last.get(lane, -1))
        name = sent.article["id"]
        homes[name].add(record.partition)
        if sent.number < revisions.get(name, -1):
            report.add("disordered", f"{name}: revision #{sent.number} after #{revisions[name]}")
        revisions[name] = max(sent.number, revisions.get(name, -1))
    for name, where in homes.items():
        if len(where) > 1:
            report.add("torn", f"{name} in partitions {sorted(where)}")


def check(sent, enriched, dead, topic):
    """sent: [Sent]; enriched, dead: [client.Record] by partition and offset; topic: the input's. Returns a Report."""
    report = Report()
    report.n_enriched, report.n_dead = len(enriched), len(dead)
    by_number = {s.number: s for s in sent}
    seen, firsts = collections.Counter(), []
    for is_dead, records in ((False, enriched), (True, dead)):
        for record in records:
            s = by_number.get(mark(record))
            if s is None:
                report.add("alien", f"{'dead' if is_dead else 'enriched'} {record.partition}/{record.offset} key {record.key!r}")
                continue
            seen[s.number] += 1
            if is_dead != (s.article is None):
                report.add("misplaced", f"#{s.number} {'dead' if is_dead else 'enriched'}: {dict(record.headers).get('dateline-error-message')!r}")
                continue
            (check_dead if is_dead else check_enriched)(report, s, record, topic)
            if not is_dead and seen[s.number] == 1:
                firsts.append((s, record))
    for s in sent:
        if not seen[s.number]:
            report.add("lost", f"#{s.number} (input {s.partition}/{s.offset})")
        elif seen[s.number] > 1:
            report.add("doubled", f"#{s.number} (input {s.partition}/{s.offset}) {seen[s.number]} times")
    check_order(report, firsts)
    return report


def ahead(sent, enriched, dead, committed):
    """Offsets that the group vouches for and whose record is nowhere: [Sent] below `committed` ({partition: offset}) and not out."""
    there = {mark(record) for record in enriched} | {mark(record) for record in dead}
    return [s for s in sent if s.offset < committed.get(s.partition, 0) and s.number not in there]


def main(argv):
    import client
    import load
    parser = argparse.ArgumentParser(prog="msgcheck.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("--bootstrap", "--sent", "--output", "--dead"):
        parser.add_argument(name, required=True)
    parser.add_argument("--read-committed", action="store_true")
    parser.add_argument("--allow-doubled", action="store_true")
    args = parser.parse_args(argv)
    topic, sent = load.read_manifest(args.sent)
    isolation = "read_committed" if args.read_committed else "read_uncommitted"
    report = check(sent, client.read(args.bootstrap, args.output, isolation), client.read(args.bootstrap, args.dead, isolation), topic)
    print("\n".join(report.lines()))
    return 1 if report.bad({"doubled"} if args.allow_doubled else ()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
