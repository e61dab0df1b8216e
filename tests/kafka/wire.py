"""wire: the few Kafka requests that starting a broker needs, in the standard library alone.

Only old, fixed-layout versions are spoken (the newest brokers still take them), one request per connection. Everything else in
the tests goes through a real client (client.py).
"""
import socket
import struct

CREATE_TOPICS, METADATA, FIND_COORDINATOR = 19, 3, 10
TOPIC_EXISTS = 36


class Refused(Exception):
    """The broker answered with an error code (args[0])."""


def string(s):
    raw = s.encode()
    return struct.pack(">h", len(raw)) + raw


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, fmt):
        value = struct.unpack_from(">" + fmt, self.data, self.at)[0]
        self.at += struct.calcsize(">" + fmt)
        return value

    def string(self):
        n = self.take("h")
        if n < 0:
            return None
        self.at += n
        return self.data[self.at - n:self.at].decode()


def request(address, key, version, body, timeout_s=5.0):
    """Send one request to "host:port" and return a Reader at its answer's body. OSError where there is nobody to talk to."""
    host, port = address.rsplit(":", 1)
    head = struct.pack(">hhi", key, version, 1) + string("cluster.py")
    with socket.create_connection((host, int(port)), timeout=timeout_s) as s:
        s.sendall(struct.pack(">i", len(head) + len(body)) + head + body)
        data = b""
        while len(data) < 4 or len(data) < 4 + struct.unpack(">i", data[:4])[0]:
            got = s.recv(65536)
            if not got:
                raise ConnectionError("the broker closed the connection")
            data += got
    return Reader(data[8:])


def metadata(address):
    """What `address` knows: the ids of the brokers that are alive, and how many partitions have no leader (Metadata v1, all topics)."""
    r = request(address, METADATA, 1, struct.pack(">i", -1))
    ids = []
    for _ in range(r.take("i")):
        ids.append(r.take("i"))
        r.string(), r.take("i"), r.string()  # host, port, rack
    r.take("i")  # controller
    leaderless = 0
    for _ in range(r.take("i")):
        r.take("h"), r.string(), r.take("b")  # error, name, internal
        for _ in range(r.take("i")):
            _error, _index, leader = r.take("h"), r.take("i"), r.take("i")
            leaderless += leader < 0
            for _ in range(2):  # replicas, in sync
                for _ in range(r.take("i")):
                    r.take("i")
    return ids, leaderless


def coordinator(address, group):
    """Ask who coordinates `group`; the first asking creates the offsets topic (FindCoordinator v0). Refused until it is there."""
    code = request(address, FIND_COORDINATOR, 0, string(group)).take("h")
    if code:
        raise Refused(code)


def create_topic(address, name, partitions, replicas, config=None, timeout_s=15.0):
    """Create a topic (CreateTopics v2). True where it is new, False where it was there; Refused otherwise."""
    body = struct.pack(">i", 1) + string(name) + struct.pack(">ihi", partitions, replicas, 0)
    body += struct.pack(">i", len(config or {}))
    for key, value in (config or {}).items():
        body += string(key) + string(str(value))
    body += struct.pack(">ib", int(timeout_s * 1000), 0)
    r = request(address, CREATE_TOPICS, 2, body, timeout_s + 5)
    r.take("i")  # throttle time
    if r.take("i") != 1:
        raise Refused(-1, "an answer about another number of topics")
    r.string()
    code, message = r.take("h"), r.string()
    if code == TOPIC_EXISTS:
        return False
    if code:
        raise Refused(code, message)
    return True
