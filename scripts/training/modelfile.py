"""Model files (.dlm) as pipeline/lexicon/model_file.h lays them out, dl_hash, and the fuse maps of fusemap.h.

All numbers little-endian. Header, 64 bytes:
    magic "DLMODEL\\n" | u32 format | u32 n_sections | u64 file bytes | u64 checksum | char kind[16] | 16 zero bytes
Section table behind it, 48 bytes each:
    char name[16] | u64 offset | u64 bytes | u32 element type | u32 rows | u32 cols | u32 zero
Sections start at multiples of 64. The checksum is dl_hash over all bytes behind the header, with the format as its seed.
The section "info" is text, one "key: value" a line: what made the file, from which data.
"""
import hashlib
import math
import os
import struct

import numpy as np

FORMAT = 1
TYPES = {"u1": 1, "i1": 2, "u2": 3, "i2": 4, "u4": 5, "i4": 6, "u8": 7, "f4": 8}
M64 = (1 << 64) - 1
K0, K1, K2 = 0xA0761D6478BD642F, 0xE7037ED1A0B428DB, 0x8EBC6AF09C88C6E3


def mix(a, b):
    p = (a & M64) * (b & M64)
    return (p ^ (p >> 64)) & M64


def dl_hash(data, seed=0):
    """dl_hash of pipeline/base/str.h."""
    n = len(data)
    h = (seed ^ mix(seed ^ K0, K1)) & M64
    at = 0
    if n > 16:
        words = np.frombuffer(data, dtype="<u8", count=(n - 1) // 16 * 2).tolist()
        at = len(words) * 8
        for i in range(0, len(words), 2):
            p = (words[i] ^ K1) * (words[i + 1] ^ h)
            h = (p ^ (p >> 64)) & M64
    tail = data[at:]
    a = int.from_bytes(tail[:8], "little")
    b = int.from_bytes(tail[8:16], "little")
    return mix(K2 ^ n, mix(a ^ K1, b ^ h))


def digest(path):
    """SHA-256 of a file, for the header."""
    h = hashlib.sha256()
    with open(path, "rb") as f:
        for block in iter(lambda: f.read(1 << 20), b""):
            h.update(block)
    return h.hexdigest()


def write(path, kind, info, sections):
    """sections: {name: array}; info: {key: value or list}, written in order."""
    lines = []
    for key, value in info.items():
        lines += ["%s: %s" % (key, v) for v in (value if isinstance(value, list) else [value])]
    arrays = {"info": np.frombuffer(("\n".join(lines) + "\n").encode(), dtype="u1"), **sections}
    table, body = b"", b""
    at = -(-(64 + 48 * len(arrays)) // 64) * 64
    first = at
    for name, array in arrays.items():
        a = np.ascontiguousarray(array)
        rows, cols = (a.shape[0], 1) if a.ndim == 1 else (a.shape[0], int(np.prod(a.shape[1:])))
        raw = a.astype("<" + a.dtype.str[1:], copy=False).tobytes()
        assert len(name) < 16 and a.dtype.str[1:] in TYPES, (name, a.dtype)
        table += struct.pack("<16sQQIIII", name.encode(), at, len(raw), TYPES[a.dtype.str[1:]], rows, cols, 0)
        pad = -len(raw) % 64
        body += raw + bytes(pad)
        at += len(raw) + pad
    rest = table.ljust(first - 64, b"\0") + body
    head = struct.pack("<8sIIQQ16s16x", b"DLMODEL\n", FORMAT, len(arrays), 64 + len(rest), dl_hash(rest, FORMAT), kind.encode())
    with open(path + ".new", "wb") as f:
        f.write(head + rest)
    os.replace(path + ".new", path)
    return 64 + len(rest)


def read(path):
    """{name: array} of a model file, "info" as a dict of lists."""
    with open(path, "rb") as f:
        data = f.read()
    n = struct.unpack_from("<I", data, 12)[0]
    names = {v: k for k, v in TYPES.items()}
    out = {}
    for i in range(n):
        name, at, size, kind, rows, cols, _ = struct.unpack_from("<16sQQIIII", data, 64 + 48 * i)
        a = np.frombuffer(data, dtype="<" + names[kind], count=rows * cols, offset=at)
        out[name.rstrip(b"\0").decode()] = a.reshape(rows, cols) if cols > 1 else a
    info = {}
    for line in bytes(out.pop("info")).decode().splitlines():
        key, _, value = line.partition(": ")
        info.setdefault(key, []).append(value)
    out["info"] = info
    return out


def fuse_map(keys, values, cell_bits, value_bits, seed=1):
    """Sections "<>.cells" and "<>.shape" of a static map from 64-bit keys to values (fusemap.h). Keys must be distinct."""
    n = len(keys)
    assert len(set(keys)) == n and max(values, default=0) < 1 << value_bits
    seg = 1 << max(2, int(math.floor(math.log(max(n, 2)) / math.log(3.33) + 2.25)))
    factor = max(1.125, 0.875 + 0.25 * math.log(1e6) / math.log(max(n, 2)))
    count = max(1, -(-int(n * factor) // seg) - 2)
    size, mask = (count + 2) * seg, seg - 1
    finger = (1 << (cell_bits - value_bits)) - 1
    for seed in range(seed, seed + 100):
        hashed = [mix(k ^ seed, K1) for k in keys]
        cells3 = []
        degree, xored = [0] * size, [0] * size
        for i, h in enumerate(hashed):
            a = (h * (count * seg)) >> 64
            b, c = (a + seg) ^ ((h >> 18) & mask), (a + 2 * seg) ^ (h & mask)
            cells3.append((a, b, c))
            for x in (a, b, c):
                degree[x] += 1
                xored[x] ^= i
        stack = [x for x in range(size) if degree[x] == 1]
        order = []
        while stack:
            x = stack.pop()
            if degree[x] != 1:
                continue
            i = xored[x]
            order.append((i, x))
            for y in cells3[i]:
                degree[y] -= 1
                xored[y] ^= i
                if degree[y] == 1:
                    stack.append(y)
        if len(order) == n:
            break
    else:
        raise RuntimeError("no seed gives a peelable map")
    cells = [0] * size
    for i, x in reversed(order):
        h = hashed[i]
        want = ((h ^ (h >> 32)) & finger) << value_bits | values[i]
        a, b, c = cells3[i]
        cells[x] = want ^ cells[a] ^ cells[b] ^ cells[c]        # cells[x] itself is still 0
    return (np.array(cells, dtype="u2" if cell_bits == 16 else "u4"),
            np.array([seed, count, seg, value_bits], dtype="u4"))
