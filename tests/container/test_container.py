#!/usr/bin/env python3
"""The real Dockerfile, built with buildah and run. usage: test_container.py CLUSTER-DIR

The service runs inside against the test broker as its entry point says: not as root, keyed articles come out, SIGTERM ends it with
exit code 0, and it wrote no file. Prints the size of the image and of our part of it. Skipped (77) where buildah or a broker cannot be had.
"""
import contextlib
import json
import os
import pathlib
import re
import signal
import stat
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
IMAGE = "localhost/dateline:test"
OURS_MAX_BYTES = 120 << 20
sys.path.insert(0, str(ROOT / "tests/kafka"))

try:
    import cluster
    import harness
except Exception as reason:  # the client could not be had
    if type(reason).__name__ != "Unavailable":
        raise
    print(f"skipped: {reason}")
    sys.exit(77)

os.environ.setdefault("STORAGE_DRIVER", "vfs")
os.environ.setdefault("BUILDAH_ISOLATION", "chroot")


def buildah(*words, **more):
    run = subprocess.run(["buildah", *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more)
    if run.returncode:
        raise RuntimeError(f"buildah {words[0]}: {run.stderr.strip()[-1500:] or run.stdout.strip()[-1500:]}")
    return run.stdout.strip()


def base_of_the_image():
    return re.search(r"^ARG BASE=(\S+)", (ROOT / "Dockerfile").read_text(), re.M).group(1)


def build():
    """Build the Dockerfile; layers of an unchanged tree are taken from the last time."""
    certificates = pathlib.Path(os.environ.get("SSL_CERT_FILE") or "/etc/ssl/certs/ca-certificates.crt")
    secret = ["--secret", f"id=ca,src={certificates}"] if certificates.exists() else []
    buildah("bud", "--pull-never", "--layers", *secret, "-t", IMAGE, ROOT)


@contextlib.contextmanager
def container(image=IMAGE):
    name = buildah("from", "--pull-never", image)
    try:
        yield name
    finally:
        buildah("rm", name)


@contextlib.contextmanager
def mounted(name):
    try:
        yield pathlib.Path(buildah("mount", name))
    finally:
        buildah("umount", name)


def files(root):
    """{path: (bytes, time of change)} of all regular files below root."""
    found = {}
    for folder, _, names in os.walk(root):
        for name in names:
            path = os.path.join(folder, name)
            info = os.lstat(path)
            if stat.S_ISREG(info.st_mode):
                found[os.path.relpath(path, root)] = (info.st_size, info.st_mtime_ns)
    return found


def files_of(image):
    with container(image) as name, mounted(name) as root:
        return files(root)


def changed(before, after):
    """Paths that are new or other than before, but for those that buildah itself lays down for a run."""
    return sorted(path for path, what in after.items()
                  if before.get(path) != what and path not in ("etc/hosts", "etc/resolv.conf", "run/.containerenv", "etc/dateline/dateline.yaml"))


def descendants(pid):
    children = {}
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
                children.setdefault(parent, []).append(int(entry.name))
    found = [pid]
    for parent in found:
        found += children.get(parent, [])
    return found[1:]


def status(pid):
    with contextlib.suppress(OSError):
        return dict(line.split(":\t", 1) for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines() if ":\t" in line)
    return {}


class Contained(harness.Service):
    """An instance inside the container: the process that buildah runs, and the program's own process below it."""

    def __init__(self, name, command, folder, config):
        self.name, self.log_path = name, folder / f"{name}.log"
        path = folder / "dateline.yaml"
        path.write_text(config)
        self.log = open(self.log_path, "ab")
        self.process = subprocess.Popen(["buildah", "run", "-v", f"{path}:/etc/dateline/dateline.yaml:ro", *command],
                                        stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)

    def inner(self):
        return next((pid for pid in descendants(self.process.pid) if status(pid).get("Name") == "dateline"), None)

    def signal(self, number):
        os.kill(self.inner(), number)

    def kill(self):
        for pid in [*reversed(descendants(self.process.pid)), self.process.pid]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()


def runs(case):
    """The image runs the service as it is meant to be run."""
    with container() as name:
        version = buildah("run", name, "--", "dateline", "version").splitlines()
        case.expect("dateline version names the program", True, version[0].startswith("dateline "))
        config = json.loads(buildah("inspect", "--type", "image", IMAGE))["OCIv1"]["config"]
        user = config.get("User", "").split(":")[0]
        case.expect("the image's user is a number and not root", True, user.isdigit() and int(user) > 0)
        case.expect("the image stops on", "SIGTERM", config.get("StopSignal", "SIGTERM"))
        case.load(2000)
        instance = Contained("contained", [name, "--", *config["Entrypoint"], *config["Cmd"]], case.folder, case.config("contained"))
        case.instances.append(instance)
        with mounted(name) as root:
            before = files(root)
        case.until_drained()
        inner = status(instance.inner())
        case.expect("user of the running process", [user] * 4, inner["Uid"].split())
        case.expect("exit code after SIGTERM", 0, instance.end())
        report = case.verify()
        case.expect("enriched records", 2000, report.n_enriched)
        with mounted(name) as root:
            case.expect("files that the service wrote", [], changed(before, files(root)))
    image = files_of(IMAGE)
    ours = changed(files_of(base_of_the_image()), image)
    total, added = (sum(image[path][0] for path in paths) for paths in (image, ours))
    case.say(f"image {total / 1e6:.1f} MB, of it ours {added / 1e6:.1f} MB in {len(ours)} files (apparent sizes)")
    for path in sorted(ours, key=lambda path: -image[path][0])[:8]:
        case.say(f"     {image[path][0] / 1e6:6.1f} MB  /{path}")
    case.expect(f"ours is under {OURS_MAX_BYTES >> 20} MiB", True, added < OURS_MAX_BYTES)


def main(argv):
    if len(argv) != 1:
        print(__doc__, file=sys.stderr)
        return 64
    made = subprocess.run([HERE / "base-image", base_of_the_image()])
    if made.returncode:
        return made.returncode
    try:
        build()
    except RuntimeError as reason:
        print(f"FAIL build: {reason}")
        return 1
    return harness.main({"runs": runs}, ["", *argv])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
