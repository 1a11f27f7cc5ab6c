"""What a process holds in memory, and a cgroup that confines it."""
import os
import threading
import time

V1, V2 = "/sys/fs/cgroup/memory", "/sys/fs/cgroup"


def resident(pid="self"):
    """Bytes of /proc/PID/smaps_rollup: rss, anonymous, mapped (rss without anonymous)."""
    fields = {}
    with open(f"/proc/{pid}/smaps_rollup") as file:
        for line in file:
            name, _, rest = line.partition(":")
            if name in ("Rss", "Anonymous"):
                fields[name] = int(rest.split()[0]) * 1024
    return {"rss": fields["Rss"], "anonymous": fields["Anonymous"], "mapped": fields["Rss"] - fields["Anonymous"]}


class Sampler:
    """Follows a process and keeps the highest rss and the highest anonymous share it was seen with."""

    def __init__(self, pid, interval=0.05):
        self.pid, self.interval = pid, interval
        self.peak = {"rss": 0, "anonymous": 0, "mapped": 0}
        self.thread = threading.Thread(target=self.follow, daemon=True)
        self.thread.start()

    def follow(self):
        while True:
            try:
                now = resident(self.pid)
            except (OSError, KeyError):  # the process has ended
                return
            self.peak = {name: max(value, now[name]) for name, value in self.peak.items()}
            time.sleep(self.interval)


class Confined:
    """A memory cgroup of `limit` bytes (memory.max; memory.limit_in_bytes under cgroup v1). Needs write access."""

    def __init__(self, limit):
        self.limit = int(limit)
        root, name = (V2, "memory.max") if os.path.exists(f"{V2}/cgroup.controllers") else (V1, "memory.limit_in_bytes")
        self.path, self.file = f"{root}/seamstone-bench-{os.getpid()}", name
        self.root = root

    def __enter__(self):
        try:
            if self.root == V2:
                with open(f"{V2}/cgroup.subtree_control", "w") as file:
                    file.write("+memory")
            os.makedirs(self.path, exist_ok=True)
            with open(f"{self.path}/{self.file}", "w") as file:
                file.write(str(self.limit))
        except OSError as error:
            raise SystemExit(f"cannot confine memory here: {error}") from error
        return self

    def __exit__(self, *_):
        for _ in range(50):
            try:
                return os.rmdir(self.path)
            except OSError:
                time.sleep(0.1)

    def enter(self):
        """For the child, between fork and exec."""
        with open(f"{self.path}/cgroup.procs", "w") as file:
            file.write(str(os.getpid()))


def evict(path):
    """Drops the files under `path` from the page cache, so that the next reader is charged for what it touches."""
    os.sync()
    for folder, _, files in os.walk(path):
        for name in files:
            descriptor = os.open(os.path.join(folder, name), os.O_RDONLY)
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(descriptor)


def bytes_on_disk(path):
    """Allocated bytes of a file or folder (holes of sparse files do not count)."""
    if os.path.isfile(path):
        return os.stat(path).st_blocks * 512
    return sum(os.lstat(os.path.join(folder, name)).st_blocks * 512 for folder, _, files in os.walk(path) for name in files)
