"""harness: what every case needs: a broker, topics of its own, instances of the real program, and words for what went wrong."""
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback

import client
import cluster
import load
import msgcheck
from cluster import wait_until

PARTITIONS = 8
CONFIG = """\
kafka:
  brokers: "{bootstrap}"
  client_id: {name}
  consumer:
    session.timeout.ms: {session_ms}
    heartbeat.interval.ms: 500
input:
  topics: [{raw}]
  group: {group}
output:
  topic: {out}
dead_letter:
  topic: {dead}
"""


class Failed(Exception):
    """An expectation that was not met."""


class Service:
    """One instance of `dateline run`, as an operator runs it: a configuration file, standard error in a file, signals."""

    def __init__(self, program, folder, name, config, settings):
        self.name = name
        self.log_path = folder / f"{name}.log"
        path = folder / f"{name}.yaml"
        path.write_text(config)
        options = [word for key, value in settings.items() for word in ("--set", f"{key}={value}")]
        self.log = open(self.log_path, "ab")
        self.process = subprocess.Popen([program, "run", "-c", path, *options], stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)

    def running(self):
        return self.process.poll() is None

    def signal(self, number):
        self.process.send_signal(number)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def end(self, timeout_s=40):
        """SIGTERM, and the exit code."""
        self.signal(signal.SIGTERM)
        return self.process.wait(timeout_s)

    def tail(self, n=25):
        return "\n".join(self.log_path.read_text(errors="replace").splitlines()[-n:])


class Case:
    """One case: its topics and group on the shared cluster, the instances it started, and its checks.

    As a context manager it ends all instances by process id, and shows their last log lines where something went wrong.
    """

    def __init__(self, name, program, shared):
        self.name, self.program, self.cluster = name, program, shared
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=f"dateline-{name}-"))
        run = f"{name}-{os.getpid()}"
        self.raw, self.out, self.dead, self.group = (f"{run}.{part}" for part in ("raw", "out", "dead", "group"))
        for topic in (self.raw, self.out):
            shared.create_topic(topic, PARTITIONS)
        shared.create_topic(self.dead, 2)
        self.watch = client.Watch(shared.bootstrap, self.group)
        self.sent, self.instances, self.began = [], [], time.monotonic()

    def __enter__(self):
        return self

    def __exit__(self, kind, _value, _traceback):
        for instance in self.instances:
            if instance.running():
                instance.kill()
            instance.log.close()
            if kind is not None:
                print(f"-- {instance.name}, exit code {instance.process.returncode}, last lines of its log:\n{instance.tail()}")
        self.watch.close()
        if kind is None:
            shutil.rmtree(self.folder)

    def say(self, what):
        print(f"  {time.monotonic() - self.began:5.1f} s  {what}", flush=True)

    def expect(self, what, want, got):
        if want != got:
            raise Failed(f"{what}: want {want!r} got {got!r}")
        self.say(f"ok   {what}: {got!r}")

    # -- doing --
    def load(self, count, seed=1, poisons=()):
        """Send articles (and poison) to the input topic, numbered on from what was sent before."""
        new = load.make(count, PARTITIONS, seed, poisons)
        for s in new:
            self.renumber(s, s.number + len(self.sent))
        load.send(self.cluster.bootstrap, self.raw, new)
        self.sent += new
        self.say(f"sent {len(new)} records")

    @staticmethod
    def renumber(sent, number):
        sent.number = number
        sent.headers = [(n, b"%d" % number if n == msgcheck.MARK else v) for n, v in sent.headers]

    def config(self, name, session_ms=10000):
        return CONFIG.format(bootstrap=self.cluster.bootstrap, name=name, raw=self.raw, out=self.out, dead=self.dead, group=self.group,
                             session_ms=session_ms)

    def service(self, name="a", session_ms=10000, **settings):
        """Start an instance; settings override keys of the configuration, with __ for the dot."""
        config = self.config(name, session_ms)
        instance = Service(self.program, self.folder, name, config, {k.replace("__", "."): v for k, v in settings.items()})
        self.instances.append(instance)
        return instance

    def librdkafka(self):
        """The version of the library that the program runs with: (2, 15, 1)."""
        said = subprocess.run([self.program, "version"], stdout=subprocess.PIPE, text=True, check=True).stdout
        return tuple(map(int, re.search(r"^librdkafka +(\d+)\.(\d+)\.(\d+)", said, re.M).groups()))

    # -- waiting: each for a condition, and only while the instances that should live do --
    def until(self, condition, what, timeout_s=60):
        living = [i for i in self.instances if i.running()]

        def step():
            dead = [i.name for i in living if not i.running()]
            if dead:
                raise Failed(f"{dead[0]} ended by itself while waiting for {what}")
            return condition()
        wait_until(step, timeout_s, what)

    def until_written(self, count):
        self.until(lambda: self.watch.count(self.out, self.dead) >= count, f"{count} records in the output")

    def until_drained(self, timeout_s=60):
        """All that was sent is committed."""
        self.until(lambda: self.watch.drained(self.raw), "the commit of all that was sent", timeout_s)

    def until_shared(self, *names):
        """Each of the instances owns at least one partition, and together they own all."""
        def shared():
            owned = self.watch.members()
            return set(owned) == set(names) and sum(owned.values()) == PARTITIONS and all(owned.values())
        self.until(shared, f"partitions shared by {' and '.join(names)}")

    # -- looking --
    def outputs(self):
        return client.read(self.cluster.bootstrap, self.out), client.read(self.cluster.bootstrap, self.dead)

    def verify(self, allowed=()):
        """Read both topics and hold them against what was sent; `allowed` names the findings that the promise permits."""
        report = msgcheck.check(self.sent, *self.outputs(), self.raw)
        self.say("\n           ".join(report.lines()))
        if report.bad(allowed):
            raise Failed(f"verifier: {report.bad(allowed)}")
        return report

    def verify_not_ahead(self):
        """With every instance gone: no offset is committed whose record is not out. Returns how many records are committed."""
        committed = self.watch.committed(self.raw)
        early = msgcheck.ahead(self.sent, *self.outputs(), committed)
        if early:
            raise Failed(f"committed ahead of the work: {len(early)}, first #{early[0].number} ({early[0].partition}/{early[0].offset})")
        return sum(committed.values())


def main(cases, argv):
    """argv: PROGRAM CLUSTER-DIR [CASE...]. Prints pass or fail for each case; 0, 1 or 77 for ctest."""
    if len(argv) < 2 or set(argv[2:]) - set(cases):
        print(f"usage: PROGRAM CLUSTER-DIR [{'|'.join(cases)}]...", file=sys.stderr)
        return 64
    shared, failed = cluster.Cluster(argv[1]), 0
    try:
        shared.start()
    except cluster.Unavailable as reason:
        print(f"skipped: {reason}")
        return 77
    chosen = argv[2:] or list(cases)
    for name in chosen:
        print(f"{name}: {cases[name].__doc__}", flush=True)
        began = time.monotonic()
        try:
            with Case(name, argv[0], shared) as case:
                cases[name](case)
            verdict = "PASS"
        except Exception as reason:
            print(f"  {reason}")
            if not isinstance(reason, (Failed, TimeoutError, RuntimeError, subprocess.TimeoutExpired)):
                traceback.print_exc(file=sys.stdout)
            failed, verdict = failed + 1, "FAIL"
        print(f"{verdict} {name} in {time.monotonic() - began:.1f} s", flush=True)
    print(f"{len(chosen) - failed} passed, {failed} failed")
    return 1 if failed else 0
