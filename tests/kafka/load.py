#!/usr/bin/env python3
"""load: a load of articles for the tests, and the record of what was sent.

    load.py --bootstrap B --topic T --count 10000 --manifest FILE [--partitions 8] [--poison 0] [--seed 1]

Record i goes to partition i mod partitions. Each carries its number in a header, a header of a feed's own, an explicit timestamp, and a
key that is the feed's, not the article's. One article in twenty comes again as a revision under the same id, later in the same
partition. With --poison N, N messages that are no articles are spread over the load.
"""
import argparse
import base64
import json
import random
import sys

import articles
import msgcheck

FIRST_TIMESTAMP = 1790000000000
REVISED = 20  # one article in so many comes twice


def poison(limit_bytes=None):
    """[(what, key, value)]: messages that can never become an article; the last only where articles may have limit_bytes."""
    rows = [
        ("no JSON at all", b"wire-1", b"The ferry left at noon."),
        ("JSON cut off", b"wire-2", b'{"id": "cut-off", "title": "Ferry leaves", "text": "The ferry le'),
        ("two objects in one message", b"wire-3", b'{"id":"a","text":"One."}{"id":"b","text":"Two."}'),
        ("an array", b"wire-4", b'[{"id":"a","text":"One."}]'),
        ("deep nesting", b"wire-5", b'{"id":"deep","text":' + b"[" * 20000 + b"]" * 20000 + b"}"),
        ("binary", b"\x00\x01\xff\xfe", bytes(random.Random(1).randbytes(900))),
        ("broken UTF-8 in place of JSON", None, b"\xc3\x28\xa0\xa1\xe2\x28\xa1\xf0\x28\x8c\xbc"),
        ("no body", b"wire-6", b'{"id":"no-body","title":"A headline alone"}'),
        ("empty body", b"wire-7", b'{"id":"empty","title":"A headline","text":""}'),
        ("body of blanks", b"wire-8", b'{"id":"blank","title":"A headline","text":" \\n\\t "}'),
        ("body is a number", b"wire-9", b'{"id":"number","text":42}'),
        ("no bytes", b"wire-10", b""),
        ("no value", b"wire-11", None),
    ]
    if limit_bytes:
        rows.append(("too large", b"wire-12", articles.encoded({"id": "large", "title": "Long", "text": "A ferry left. " * (limit_bytes // 10)})))
    return rows


def make(count, partitions=8, seed=1, poisons=()):
    """The records to send, as [Sent] without offsets. poisons: rows of poison(), laid evenly among the articles."""
    rng = random.Random(f"load/{seed}")
    places = {(j + 1) * count // (len(poisons) + 1) + j: row for j, row in enumerate(poisons)}
    revisable, out = {p: [] for p in range(partitions)}, []
    for number in range(count + len(poisons)):
        partition = number % partitions
        headers = [(msgcheck.MARK, b"%d" % number), ("feed", b"feed-%d" % (number % 5)), ("feed", b"\x00\xff binary"), ("empty", b"")]
        article = None
        if number in places:
            _, key, value = places[number]
        else:
            if revisable[partition] and rng.randrange(REVISED) == 0:
                article = dict(rng.choice(revisable[partition]))
                article["text"] += f"\n\nThis report was updated at load step {number}."
            else:
                article = articles.article(number, seed)
                revisable[partition].append(article)
            key, value = b"feed-%d" % (number % 5), articles.encoded(article)
        out.append(msgcheck.Sent(number, partition, -1, key, value, headers, FIRST_TIMESTAMP + number * 10, article))
    return out


def send(bootstrap, topic, sent):
    """Produce, and fill in the offsets that the broker gave."""
    import client
    records = [client.Record(s.value, s.key, s.headers, s.timestamp, s.partition) for s in sent]
    client.produce(bootstrap, topic, records)
    for s, record in zip(sent, records):
        s.offset = record.offset


def write_manifest(path, topic, sent):
    def text(raw):
        return None if raw is None else base64.b64encode(raw).decode()
    with open(path, "w") as f:
        f.write(json.dumps({"topic": topic}) + "\n")
        for s in sent:
            f.write(json.dumps([s.number, s.partition, s.offset, text(s.key), text(s.value), [[n, text(v)] for n, v in s.headers],
                                s.timestamp, s.article is not None]) + "\n")


def read_manifest(path):
    def raw(text):
        return None if text is None else base64.b64decode(text)
    with open(path) as f:
        topic = json.loads(f.readline())["topic"]
        sent = []
        for line in f:
            number, partition, offset, key, value, headers, timestamp, is_article = json.loads(line)
            sent.append(msgcheck.Sent(number, partition, offset, raw(key), raw(value), [(n, raw(v)) for n, v in headers], timestamp,
                                      json.loads(raw(value)) if is_article else None))
    return topic, sent


def main(argv):
    parser = argparse.ArgumentParser(prog="load.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("--bootstrap", "--topic", "--manifest"):
        parser.add_argument(name, required=True)
    for name, default in (("--count", 10000), ("--partitions", 8), ("--poison", 0), ("--seed", 1)):
        parser.add_argument(name, type=int, default=default)
    args = parser.parse_args(argv)
    rows = poison()
    sent = make(args.count, args.partitions, args.seed, [rows[i % len(rows)] for i in range(args.poison)])
    send(args.bootstrap, args.topic, sent)
    write_manifest(args.manifest, args.topic, sent)
    print(f"{len(sent)} records in {args.topic}, manifest {args.manifest}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
