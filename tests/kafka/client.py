"""client: a Kafka client for the tests: confluent-kafka in a virtual environment of its own, fetched the first time.

Importing this module makes the client importable; Unavailable where it cannot be had. `produce` and `read` are exact: they return
when every record is acknowledged, or when all that was in the topic at the call has been read.
"""
import dataclasses
import hashlib
import pathlib
import subprocess
import sys

from cluster import Unavailable, deps_dir, locked, wait_until

HERE = pathlib.Path(__file__).resolve().parent


def install():
    """Put the pinned client (requirements.txt, by hash) on sys.path. A second call takes milliseconds."""
    wanted = HERE / "requirements.txt"
    digest = hashlib.sha256(wanted.read_bytes()).hexdigest()[:12]
    venv = deps_dir() / f"kafka-client-{digest}-py{sys.version_info.major}.{sys.version_info.minor}"
    done = venv / "installed"
    with locked(deps_dir() / "kafka-client.lock"):
        if not done.exists():
            for command in ([sys.executable, "-m", "venv", "--clear", venv],
                            [venv / "bin/pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary=:all:",
                             "--require-hashes", "-r", wanted]):
                run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
                if run.returncode:
                    said = "no Kafka client for Python: " + " ".join(run.stdout.split())[-400:]
                    raise RuntimeError(said) if "HASH" in said else Unavailable(said)
            done.touch()
    sys.path[:0] = map(str, venv.glob("lib/python*/site-packages"))


install()
import confluent_kafka  # noqa: E402
import confluent_kafka.admin  # noqa: E402


@dataclasses.dataclass
class Record:
    """One record of a topic, or one to be: offset and partition are then what the broker gave."""
    value: bytes
    key: bytes = None
    headers: list = dataclasses.field(default_factory=list)  # [(name, bytes)]
    timestamp: int = 0  # ms
    partition: int = 0
    offset: int = -1


def quiet(_error):
    """Brokers come and go in these tests; what matters is checked in the records."""


def producer(bootstrap, **more):
    return confluent_kafka.Producer({"bootstrap.servers": bootstrap, "enable.idempotence": True, "linger.ms": 20, "error_cb": quiet,
                                     "log_level": 0, "compression.codec": "lz4", "message.max.bytes": 8 << 20, **more})


def produce(bootstrap, topic, records, timeout_s=60):
    """Send the records, each to its own partition and in order; fills their offsets."""
    p, failed = producer(bootstrap), []

    def delivered(record):
        def report(error, message):
            if error:
                failed.append(error)
            else:
                record.offset = message.offset()
        return report
    for record in records:
        while True:
            try:
                p.produce(topic, record.value, record.key, record.partition, on_delivery=delivered(record), timestamp=record.timestamp,
                          headers=record.headers)
                break
            except BufferError:
                p.poll(0.1)
        p.poll(0)
    if p.flush(timeout_s) or failed:
        raise RuntimeError(f"the load did not reach {topic}: {failed[:1] or 'timeout'}")


def consumer(bootstrap, **more):
    return confluent_kafka.Consumer({"bootstrap.servers": bootstrap, "group.id": "reader", "enable.auto.commit": False,
                                     "error_cb": quiet, "log_level": 0, "enable.partition.eof": True,
                                     "auto.offset.reset": "earliest", "fetch.wait.max.ms": 50, **more})


def admin(bootstrap):
    return confluent_kafka.admin.AdminClient({"bootstrap.servers": bootstrap, "error_cb": quiet, "log_level": 0})


def partitions(bootstrap, topic):
    return sorted(admin(bootstrap).list_topics(topic, 10).topics[topic].partitions)


def end_offsets(admin_client, topic, ids):
    """{partition: next offset to be written}."""
    asked = {confluent_kafka.TopicPartition(topic, p): confluent_kafka.admin.OffsetSpec.latest() for p in ids}
    return {tp.partition: f.result(10).offset for tp, f in admin_client.list_offsets(asked, request_timeout=10).items()}


def read(bootstrap, topic, isolation="read_uncommitted", timeout_s=60):
    """All records that are in the topic now, by partition and offset. isolation as isolation.level of the consumer."""
    ids = partitions(bootstrap, topic)
    ends = end_offsets(admin(bootstrap), topic, ids)
    records, unread = [], set(ids)
    c = consumer(bootstrap, **{"isolation.level": isolation})
    c.assign([confluent_kafka.TopicPartition(topic, p, confluent_kafka.OFFSET_BEGINNING) for p in ids])

    def step():
        for m in c.consume(10000, 0.2):
            if m.error() is None:
                records.append(Record(m.value(), m.key(), m.headers() or [], m.timestamp()[1], m.partition(), m.offset()))
            elif m.error().code() == confluent_kafka.KafkaError._PARTITION_EOF and m.offset() >= ends[m.partition()]:
                unread.discard(m.partition())  # an end is also told where the fetcher has only caught up with what it knew
        return not unread
    try:
        wait_until(step, timeout_s, f"end of {topic}", step_s=0)
    finally:
        c.close()
    return sorted(records, key=lambda r: (r.partition, r.offset))


class Watch:
    """Looks at a topic and its group while the service runs: how much is written, committed, and who owns what."""

    def __init__(self, bootstrap, group="watch"):
        self.group = group
        self.reader = consumer(bootstrap, **{"group.id": group})
        self.bootstrap = bootstrap
        self.connect()
        self.known = {}

    def patiently(self, ask, timeout_s=45):
        """What ask() answers; asked again while the broker is away. After an outage the admin client goes on with the leaders that it
        knew ("No leaders found", 2.16.0), hence a new one for each try."""
        def step():
            try:
                return (ask(),)
            except (confluent_kafka.KafkaException, TimeoutError):
                self.connect()
                return None
        return wait_until(step, timeout_s, "answer from the broker")[0]

    def connect(self):
        self.admin = admin(self.bootstrap)

    def ids(self, topic):
        if topic not in self.known:
            self.known[topic] = partitions(self.bootstrap, topic)
        return self.known[topic]

    def ends(self, topic):
        """{partition: next offset to be written}."""
        ids = self.ids(topic)
        return self.patiently(lambda: end_offsets(self.admin, topic, ids))

    def count(self, *topics):
        return sum(sum(self.ends(t).values()) for t in topics)

    def committed(self, topic):
        """{partition: committed offset of the group}; 0 where there is none."""
        ids = [confluent_kafka.TopicPartition(topic, p) for p in self.ids(topic)]
        return {tp.partition: max(0, tp.offset) for tp in self.patiently(lambda: self.reader.committed(ids, 10))}

    def drained(self, topic):
        return self.committed(topic) == self.ends(topic)

    def members(self):
        """{client id: partitions owned} of the group, once it is stable; {} before."""
        found = self.patiently(lambda: self.admin.describe_consumer_groups([self.group], request_timeout=10)[self.group].result(10))
        if found.state != confluent_kafka.ConsumerGroupState.STABLE:
            return {}
        return {m.client_id: len(m.assignment.topic_partitions) for m in found.members}

    def close(self):
        self.reader.close()
