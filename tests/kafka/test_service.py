#!/usr/bin/env python3
"""The program itself against a real broker. usage: test_service.py PROGRAM CLUSTER-DIR [CASE...]"""
import random
import signal
import sys

try:
    import harness
except Exception as reason:  # the client could not be had
    if type(reason).__name__ != "Unavailable":
        raise
    print(f"skipped: {reason}")
    sys.exit(77)

import articles
import load

SLOW = {"pipeline__workers": 1, "limits__inflight_articles": 16}  # so that a signal arrives in the middle of the load
QUICK_COMMITS = {"delivery__commit_interval": "100ms"}


def once(case):
    """10,000 articles over 8 partitions come out once each, keyed by their id, in order, with headers and timestamp."""
    case.load(10000)
    a = case.service()
    case.until_drained()
    case.expect("exit code after SIGTERM", 0, a.end())
    report = case.verify()
    case.expect("enriched records", 10000, report.n_enriched)


def leave(case):
    """Two instances share the partitions; one leaves in the middle: nothing is lost, and it exits 0."""
    a, b = case.service("a", **SLOW), case.service("b", **SLOW)
    case.until_shared("a", "b")
    case.load(8000)
    case.until_written(1500)
    case.expect("exit code of the one that leaves", 0, b.end())
    case.expect("load left for the other", True, case.watch.count(case.out) < 8000)
    case.until_shared("a")
    case.until_drained()
    case.expect("exit code of the other", 0, a.end())
    case.verify()


def join(case):
    """A second instance joins in the middle of the load: the first keeps its work, nothing is lost or doubled."""
    case.load(8000)
    a = case.service("a", **SLOW)
    case.until_written(1000)
    b = case.service("b", **SLOW)
    case.until_shared("a", "b")
    case.until_drained()
    case.expect("exit codes", (0, 0), (a.end(), b.end()))
    # before 2.10 a commit during a rebalance loses the assignment (librdkafka #4908): what was written since the last commit comes again
    case.verify(allowed={"doubled"} if case.librdkafka() < (2, 10) else ())


def restart(case):
    """After a clean end the next start goes on where the first stopped: nothing is done twice."""
    case.load(3000)
    a = case.service("a")
    case.until_drained()
    case.expect("exit code of the first", 0, a.end())
    case.load(3000, seed=2)
    b = case.service("b")
    case.until_drained()
    case.expect("exit code of the second", 0, b.end())
    case.verify()


def poison(case):
    """What is no article lands in the dead-letter topic as it came, with the reason; the rest goes on."""
    limit = 65536
    rows = load.poison(limit)
    case.load(1000, poisons=rows * 3)
    a = case.service(limits__article_bytes=limit)
    case.until_drained()
    case.expect("exit code", 0, a.end())
    report = case.verify()
    case.expect("dead letters", 3 * len(rows), report.n_dead)


def repair(case):
    """Broken UTF-8 inside an article's text is repaired with U+FFFD and is no reason for a dead letter."""
    sent = load.make(64, harness.PARTITIONS)
    for s in sent[::2]:
        s.article = dict(s.article, text="A quay\ufffd in Kelmar. " + s.article["text"])
        s.value = articles.encoded(s.article).replace("\ufffd".encode(), b"\xff")
    load.send(case.cluster.bootstrap, case.raw, sent)
    case.sent = sent
    a = case.service()
    case.until_drained()
    case.expect("exit code", 0, a.end())
    case.verify()


def outage(case):
    """The broker stops under load and comes back: the service waits, goes on, and loses and doubles nothing."""
    case.load(8000)
    a = case.service(**SLOW, session_ms=45000)  # librdkafka's default: the outage is shorter, so that the assignment lives on
    case.until_written(1000)
    case.cluster.terminate(1)
    case.say("the broker is down")
    case.expect("the service lives", True, a.running())
    case.cluster.launch(1)
    case.cluster.wait_ready()
    case.say("the broker is back")
    written = case.watch.count(case.out)
    case.expect("load left after the outage", True, written < 8000)
    case.until_written(written + 500)
    case.say("the service goes on")
    case.until_drained(90)
    case.expect("exit code", 0, a.end())
    case.verify()


def failover(case):
    """One of three brokers is killed under load: the service goes on with the other two, and nothing is lost or doubled."""
    if len(case.cluster.nodes) < 3:
        raise harness.Failed("needs a cluster of three: cluster.py start --nodes 3 --dir CLUSTER-DIR")
    case.load(8000)
    a = case.service(**SLOW, session_ms=45000)
    case.until_written(1000)
    case.cluster.kill(1)
    case.say("one broker of three is killed")
    written = case.watch.count(case.out)
    case.expect("load left after the kill", True, written < 8000)
    case.until_written(written + 500)
    case.say("the service goes on")
    case.cluster.launch(1)
    case.cluster.wait_ready()
    case.say("the broker is back")
    case.until_drained(90)
    case.expect("exit code", 0, a.end())
    case.verify()


def drain(case):
    """SIGTERM under load: what is in flight is finished and committed, exit code 0, and the next start doubles nothing."""
    case.load(8000)
    a = case.service("a", **SLOW)
    case.until_written(1500)
    case.expect("exit code", 0, a.end())
    written = case.watch.count(case.out, case.dead)
    case.expect("load left after the signal", True, written < 8000)
    case.expect("committed, of all that is written", written, case.verify_not_ahead())
    case.service("b")
    case.until_drained()
    case.verify()


def kill(case):
    """SIGKILL at random points, five times over: no offset is ahead of the work, and nothing is lost."""
    total, rng = 10000, random.Random(11)
    case.load(total)
    for round_number in range(5):
        names = [f"{n}{round_number}" for n in ("a", "b")[: 1 + round_number % 2]]
        before = case.watch.count(case.out)
        instances = [case.service(name, session_ms=3000, **SLOW, **QUICK_COMMITS) for name in names]
        case.until_written(before + rng.randint(200, 1500))
        for instance in instances:
            instance.signal(signal.SIGKILL)
        for instance in instances:
            instance.process.wait()
        committed = case.verify_not_ahead()
        case.say(f"killed after {case.watch.count(case.out)} written, {committed} committed")
    case.expect("load left after the kills", True, committed < total)
    case.service("last")
    case.until_drained()
    report = case.verify(allowed={"doubled"})
    case.say(f"doubled {report.count('doubled')} of {total}: at least once, as promised")


CASES = {f.__name__: f for f in (once, leave, join, restart, poison, repair, outage, drain, kill, failover)}

if __name__ == "__main__":
    sys.exit(harness.main(CASES, sys.argv[1:]))
