#!/usr/bin/env python3
"""cluster: real Apache Kafka (KRaft) on loopback ports of its own, for the tests and for trying the service.

    cluster.py start --dir D [--nodes 3]      install if need be, start, wait until it serves; prints the bootstrap address
    cluster.py topic --dir D NAME [--partitions 8] [--set retention.ms=60000]
    cluster.py status --dir D                 prints the bootstrap address and each node's state
    cluster.py stop  --dir D [--keep]         stop what `start` started, by pid, and remove D's data (--keep leaves it)
    cluster.py install [--accept]             only fetch the jars (--accept writes jars.sha256 anew)

Needs java (17 or newer) and, the first time, mvn; Python's standard library otherwise. Exit codes: 0 done, 1 failed, 64 usage,
77 java or the jars cannot be had here (tests take it as "skipped").
"""
import argparse
import contextlib
import fcntl
import hashlib
import json
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
import base64

import wire

HERE = pathlib.Path(__file__).resolve().parent
HEAP = ["-Xms128m", "-Xmx512m"]
JVM = ["-Xshare:auto", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError"]
START_S, STOP_S = 90, 30


class Unavailable(Exception):
    """Kafka cannot be had on this machine: no java, no mvn, or the registry said no."""


def wait_until(condition, timeout_s, what, step_s=0.05):
    """Return the first true value of condition(); TimeoutError(what) where there was none in timeout_s."""
    end = time.monotonic() + timeout_s
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() >= end:
            raise TimeoutError(f"no {what} within {timeout_s} s")
        time.sleep(step_s)


# ---- the jars --------------------------------------------------------------------------------------------------------

def kafka_version():
    return re.search(r"<kafka.version>([^<]+)<", (HERE / "pom.xml").read_text()).group(1)


def deps_dir():
    return pathlib.Path(os.environ.get("DATELINE_DEPS") or pathlib.Path.home() / ".cache/dateline")


def checksums(folder):
    return {jar.name: hashlib.sha256(jar.read_bytes()).hexdigest() for jar in sorted(folder.glob("*.jar"))}


def listed_checksums():
    lines = (HERE / "jars.sha256").read_text().splitlines()
    return {name: digest for digest, name in (line.split("  ") for line in lines)}


@contextlib.contextmanager
def locked(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w") as f:
        fcntl.flock(f, fcntl.LOCK_EX)
        yield


def install(accept=False):
    """Return the folder with the broker's jars; fetched through mvn and checked the first time, at once after that."""
    if not shutil.which("java"):
        raise Unavailable("no java on this machine (scripts/deps --with-tests)")
    dest = deps_dir() / f"kafka-{kafka_version()}"
    with locked(deps_dir() / "kafka.lock"):
        if dest.is_dir() and not accept and {p.name for p in dest.glob("*.jar")} == set(listed_checksums()):
            return dest
        if not shutil.which("mvn"):
            raise Unavailable("no mvn on this machine (scripts/deps --with-tests)")
        with tempfile.TemporaryDirectory(dir=deps_dir()) as work:
            shutil.copy(HERE / "pom.xml", work)
            jars = pathlib.Path(work) / "jars"
            run = subprocess.run(["mvn", "-q", "-B", "-f", f"{work}/pom.xml", "dependency:copy-dependencies",
                                  "-DincludeScope=runtime", f"-DoutputDirectory={jars}"],
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            if run.returncode:
                said = "mvn could not fetch Kafka: " + " ".join(run.stdout.split())[:600]
                unreachable = re.search(r"Could not (transfer|resolve|find artifact)|Unknown host|could not be resolved", said)
                raise Unavailable(said) if unreachable else RuntimeError(said)
            found = checksums(jars)
            if accept:
                (HERE / "jars.sha256").write_text("".join(f"{d}  {n}\n" for n, d in found.items()))
            wanted = listed_checksums()
            bad = sorted(n for n in found.keys() | wanted.keys() if found.get(n) != wanted.get(n))
            if bad:
                raise SystemExit(f"cluster: jars differ from jars.sha256: {' '.join(bad)}")
            shutil.rmtree(dest, ignore_errors=True)
            jars.rename(dest)
    return dest


# ---- processes -------------------------------------------------------------------------------------------------------

def birth(pid):
    """When the process was started, in clock ticks since boot, so that a reused pid is not taken for ours; None where it is gone."""
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] in "ZX" else int(fields[19])


def free_ports(n):
    """n ports that nobody listens on, below the range that outgoing connections take theirs from: a broker that is down for a
    while must find its port free when it comes back."""
    ports, held = [], []
    candidates = random.SystemRandom().sample(range(20000, 32000), 400)
    for port in candidates:
        if len(ports) == n:
            break
        s = socket.socket()
        try:
            s.bind(("127.0.0.1", port))
        except OSError:
            s.close()
            continue
        ports.append(port)
        held.append(s)
    for s in held:
        s.close()
    if len(ports) < n:
        raise OSError("no free ports in 20000..31999")
    return ports


class Cluster:
    """One cluster in one folder. What runs is kept in D/cluster.json, so that another process can carry on with it."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder).resolve()
        self.state_file = self.folder / "cluster.json"
        self.state = json.loads(self.state_file.read_text()) if self.state_file.exists() else None
        self.children = {}

    # -- what it is --
    @property
    def nodes(self):
        return range(1, len(self.state["ports"]) + 1)

    @property
    def bootstrap(self):
        return ",".join(self.address(n) for n in self.nodes)

    def address(self, node):
        return f"127.0.0.1:{self.state['ports'][node - 1]}"

    def any_address(self):
        """The address of a node that runs; of the first where none does."""
        return self.address(next((n for n in self.nodes if self.running(n)), 1))

    def running(self, node):
        pid, born = self.state["pids"].get(str(node), (0, None))
        return bool(pid) and birth(pid) == born and born is not None

    def log(self, node):
        return self.folder / f"node-{node}" / "broker.log"

    # -- all of it --
    def start(self, nodes=None):
        """Start `nodes` brokers (each controller too) in the folder and return when all serve: 1 where nothing is said. Where all run
        already, and are as many as asked for, this does nothing."""
        if self.state and all(self.running(n) for n in self.nodes) and nodes in (None, len(self.nodes)):
            return self
        nodes = nodes or 1
        jars = install()
        self.stop()
        ports = free_ports(2 * nodes)
        self.state = {"version": kafka_version(), "jars": str(jars), "ports": ports[:nodes], "controllers": ports[nodes:],
                      "id": base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("="), "pids": {}}
        try:
            formats = []
            for node in self.nodes:
                config = self.configure(node)
                formats.append(subprocess.Popen(self.java("kafka.tools.StorageTool", "format", "-t", self.state["id"], "-c", config),
                                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True))
            for p in formats:
                said = p.communicate(timeout=START_S)[0]
                if p.returncode:
                    raise RuntimeError(f"formatting the storage failed: {said.strip()[-400:]}")
            for node in self.nodes:
                self.launch(node)
            self.wait_ready()
        except BaseException:
            self.stop(keep=True)
            raise
        return self

    def stop(self, keep=False):
        """Stop every node that we started; without `keep` the data goes too."""
        if self.state:
            running = [n for n in self.nodes if self.running(n)]
            for node in running:
                self.signal(node, signal.SIGCONT)
                self.signal(node, signal.SIGTERM)
            for node in running:
                # without its peers a controller waits for a quorum that will not come: the last one is ended
                with contextlib.suppress(TimeoutError):
                    wait_until(lambda n=node: self.gone(n), STOP_S if len(running) == 1 else 5, "end of the broker")
                if not self.gone(node):
                    self.kill(node)
        if not keep:
            for name in [p for p in self.folder.glob("node-*") if p.is_dir()]:
                shutil.rmtree(name)
            self.state_file.unlink(missing_ok=True)
            with contextlib.suppress(OSError):
                self.folder.rmdir()
            self.state = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    # -- one node --
    def launch(self, node):
        """Start one node on its old ports and data; wait_ready() says when it serves."""
        with open(self.log(node), "ab") as log:
            p = subprocess.Popen(self.java("kafka.Kafka", self.folder / f"node-{node}" / "server.properties"), stdout=log, stderr=log,
                                 stdin=subprocess.DEVNULL, start_new_session=True)
        self.children[node] = p
        self.state["pids"][str(node)] = (p.pid, birth(p.pid))
        self.save()

    def signal(self, node, number):
        """TERM, KILL, STOP and CONT are what the fault tests do to a node."""
        if self.running(node):
            os.kill(self.state["pids"][str(node)][0], number)

    def terminate(self, node):
        self.signal(node, signal.SIGTERM)
        wait_until(lambda: self.gone(node), STOP_S, f"end of node {node}")

    def kill(self, node):
        self.signal(node, signal.SIGKILL)
        wait_until(lambda: self.gone(node), STOP_S, f"end of node {node}")

    def gone(self, node):
        if node in self.children:
            self.children[node].poll()
        return not self.running(node)

    def wait_ready(self, timeout_s=START_S):
        """Every node serves and knows all the others, every partition has a leader, and groups have a coordinator."""
        end = time.monotonic() + timeout_s
        for node in self.nodes:
            wait_until(lambda n=node: self.serves(n), max(1, end - time.monotonic()), f"answer from node {node}: see {self.log(node)}")
        wait_until(lambda: self.coordinates(), max(1, end - time.monotonic()), "group coordinator")

    def serves(self, node):
        if self.gone(node):
            raise RuntimeError(f"node {node} ended: {self.log(node).read_text(errors='replace')[-600:]}")
        with contextlib.suppress(OSError):
            ids, leaderless = wire.metadata(self.address(node))
            return sorted(ids) == list(self.nodes) and not leaderless
        return False

    def coordinates(self):
        with contextlib.suppress(OSError, wire.Refused):
            wire.coordinator(self.any_address(), "readiness")
            return True
        return False

    def create_topic(self, name, partitions=8, config=None):
        """True where it is new. Asked again until the brokers are ready to place its replicas."""
        replicas = min(3, len(self.nodes))

        def create():
            with contextlib.suppress(OSError, wire.Refused):
                return (wire.create_topic(self.any_address(), name, partitions, replicas, config),)
            return None
        return wait_until(create, 30, f"topic {name}")[0]

    # -- inside --
    def java(self, main, *args):
        return ["java", *JVM, *HEAP, f"-Dlog4j2.configurationFile={HERE / 'log4j2.properties'}", "-cp", f"{self.state['jars']}/*",
                main, *map(str, args)]

    def save(self):
        temporary = self.state_file.with_suffix(".new")
        temporary.write_text(json.dumps(self.state))
        temporary.rename(self.state_file)

    def configure(self, node):
        """Write node-N/server.properties: broker and controller in one, small, and quick to notice members and time-outs.

        Nothing is deleted by age: age goes by the records' own timestamps, and the loads of the tests have old ones.
        """
        n = len(self.nodes)
        replicas, in_sync = min(3, n), 2 if n >= 3 else 1
        place = self.folder / f"node-{node}"
        place.mkdir(parents=True)
        voters = ",".join(f"{i}@127.0.0.1:{port}" for i, port in zip(self.nodes, self.state["controllers"]))
        client, controller = self.address(node), f"127.0.0.1:{self.state['controllers'][node - 1]}"
        settings = {
            "process.roles": "broker,controller", "node.id": node, "controller.quorum.voters": voters,
            "broker.session.timeout.ms": 3000 if n > 1 else 9000,  # after how long a killed broker's partitions get other leaders
            "listeners": f"PLAINTEXT://{client},CONTROLLER://{controller}", "advertised.listeners": f"PLAINTEXT://{client}",
            "controller.listener.names": "CONTROLLER", "inter.broker.listener.name": "PLAINTEXT",
            "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT", "log.dirs": place / "data",
            "num.network.threads": 2, "num.io.threads": 2, "log.segment.bytes": 16777216, "log.retention.ms": -1, "auto.create.topics.enable": "false",
            "default.replication.factor": replicas, "min.insync.replicas": in_sync,
            "offsets.topic.replication.factor": replicas, "offsets.topic.num.partitions": 3,
            "transaction.state.log.replication.factor": replicas, "transaction.state.log.min.isr": in_sync,
            "transaction.state.log.num.partitions": 3, "transaction.abort.timed.out.transaction.cleanup.interval.ms": 1000,
            "share.coordinator.state.topic.replication.factor": replicas, "share.coordinator.state.topic.min.isr": in_sync,
            "group.initial.rebalance.delay.ms": 0, "group.min.session.timeout.ms": 1000,
            "group.consumer.min.session.timeout.ms": 1000, "group.consumer.min.heartbeat.interval.ms": 500,
        }
        path = place / "server.properties"
        path.write_text("".join(f"{k}={v}\n" for k, v in settings.items()))
        return path


# ---- the command -----------------------------------------------------------------------------------------------------

def main(argv):
    parser = argparse.ArgumentParser(prog="cluster.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest="verb", required=True)
    for verb in ("start", "stop", "status", "topic"):
        verbs.add_parser(verb).add_argument("--dir", required=True)
    verbs.choices["start"].add_argument("--nodes", type=int, choices=(1, 3))
    verbs.choices["stop"].add_argument("--keep", action="store_true")
    verbs.choices["topic"].add_argument("name")
    verbs.choices["topic"].add_argument("--partitions", type=int, default=8)
    verbs.choices["topic"].add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    verbs.add_parser("install").add_argument("--accept", action="store_true")
    args = parser.parse_args(argv)
    if args.verb == "install":
        print(install(args.accept))
        return 0
    cluster = Cluster(args.dir)
    if args.verb == "start":
        print(cluster.start(args.nodes).bootstrap)
        return 0
    if not cluster.state:
        print(f"cluster: nothing was started in {args.dir}", file=sys.stderr)
        return 0 if args.verb == "stop" else 1
    if args.verb == "stop":
        cluster.stop(args.keep)
    elif args.verb == "topic":
        new = cluster.create_topic(args.name, args.partitions, dict(pair.split("=", 1) for pair in args.set))
        print(f"{args.name}: {'created' if new else 'was there'}")
    else:
        print(cluster.bootstrap)
        for node in cluster.nodes:
            print(f"node {node} {'runs' if cluster.running(node) else 'is down'} log {cluster.log(node)}")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Unavailable as reason:
        print(f"cluster: skipped: {reason}", file=sys.stderr)
        sys.exit(77)
    except (RuntimeError, TimeoutError, OSError, wire.Refused) as reason:
        print(f"cluster: {reason}", file=sys.stderr)
        sys.exit(1)
