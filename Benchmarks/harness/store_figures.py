"""Figures through the Swift API (StoreBench of the nested package) against bare LMDB and Zvec."""
import gzip
import os
import shutil

import numpy as np

from harness import data, processes, product
from harness.stats import geometric_mean, median, ratio_summary


class Stores:
    """The inputs as StoreBench and the peers read them, and their calls."""

    def __init__(self, bench):
        self.bench, self.set = bench, bench.set
        self.binary = product.store_bench(bench.options.store_bench)
        self.files = {name: os.path.join(bench.work, name + ending)
                      for name, ending in (("vectors", ".f32"), ("queries", ".f32"), ("objects", ".jsonl"))}
        if not os.path.exists(self.files["objects"]):
            self.set.base().tofile(self.files["vectors"])
            self.set.queries().tofile(self.files["queries"])
            with gzip.open(os.path.join(self.set.folder, "objects.jsonl.gz")) as source, open(self.files["objects"], "wb") as out:
                shutil.copyfileobj(source, out)

    def arguments(self, action, path, *more):
        given = ["--" + name for name in self.files]
        pairs = [part for flag, file in zip(given, self.files.values()) for part in (flag, file)]
        return [action, "--path", os.path.join(self.bench.work, path), "--dimensions", self.set.dimensions, *pairs, *more]

    def ours(self, action, *more, path="api.seam", **options):
        return processes.run([self.binary, *self.arguments(action, path, *more)], **options)[0]

    def peer(self, name, action, *more, **options):
        return processes.python("peer_stores", name, *map(str, self.arguments(action, name, *more)), **options)[0]


def compare(bench, rounds, figure, key, target, peer, unit, at_least=False, scale=1, **more):
    pairs = [([run[key[0]] for run in a], [run[key[1]] for run in b]) for a, b in rounds]
    bench.report.row(figure, bench.set.name, target, at_least=at_least, peer=peer, unit=unit,
                     ours=scale * median([v for a, _ in pairs for v in a]), theirs=scale * median([v for _, b in pairs for v in b]),
                     **ratio_summary([geometric_mean(a) / geometric_mean(b) for a, b in pairs]), **more)


def ingest(bench):
    """All objects with their vectors in durable batches of 1,000: until acknowledged, until indexed."""
    stores = Stores(bench)

    def ours():
        shutil.rmtree(os.path.join(bench.work, "api.seam"), ignore_errors=True)
        return stores.ours("ingest", "--batch", 1000, cpus=bench.two)

    for peer, key, target, label in (("lmdb", "acknowledged_s", 3.0, "acknowledged"), ("zvec", "indexed_s", 1.0, "indexed")):
        rounds = processes.paired(ours, lambda: stores.peer(peer, "ingest", "--batch", 1000, cpus=bench.two),
                                  bench.options.rounds, bench.report.say)
        compare(bench, rounds, f"{bench.set.count:,} objects in batches of 1,000, durable, until {label}", (key, key), target,
                "bare LMDB" if peer == "lmdb" else "Zvec ingest + optimize", "s")


def query(bench):
    """p50 of one query with its objects fetched, through the API, against Zvec's wheel, both at recall ≥ 0.99."""
    stores = Stores(bench)
    base, truth, queries = data.read_vectors(bench.set.base_path), bench.set.truth(), bench.set.queries()

    def recall(run):
        return data.recall(run["ids"], truth, base, queries, bench.set.metric)

    if not os.path.exists(os.path.join(bench.work, "api.seam")):
        stores.ours("ingest", "--batch", 1000)
    if not os.path.exists(os.path.join(bench.work, "zvec")):
        stores.peer("zvec", "ingest")
    beams = {}
    for name, ask in (("ours", lambda ef: stores.ours("query", "--ef", ef)), ("zvec", lambda ef: stores.peer("zvec", "query", "--ef", ef))):
        reached = [ef for ef in (24, 32, 48, 64, 96, 128, 192, 256, 384) if recall(ask(ef)) >= 0.99][:1]
        if not reached:
            raise SystemExit(f"{name} does not reach recall 0.99")
        beams[name] = reached[0]
    rounds = processes.paired(lambda: stores.ours("query", "--ef", beams["ours"], cpus=bench.one),
                              lambda: stores.peer("zvec", "query", "--ef", beams["zvec"], cpus=bench.one), bench.options.rounds, bench.report.say)
    compare(bench, rounds, "query p50 with objects, recall ≥ 0.99", ("p50_us", "p50_us"), 0.4, "Zvec", "µs", ef=beams,
            recall=recall(rounds[0][0][0]), peer_recall=recall(rounds[0][1][0]))


def upserts(bench):
    """Durable single upserts: one writer against bare LMDB's commit rate, eight writers against one."""
    stores, seconds = Stores(bench), bench.options.seconds

    def ours(writers):
        shutil.rmtree(os.path.join(bench.work, "singles.seam"), ignore_errors=True)
        return stores.ours("singles", "--writers", writers, "--seconds", seconds, path="singles.seam")

    for first, second, target, figure, peer in (
        (lambda: ours(1), lambda: stores.peer("lmdb", "singles", "--seconds", seconds), 0.7, "durable single upserts, 1 writer", "bare LMDB"),
        (lambda: ours(8), lambda: ours(1), 4.0, "durable single upserts, 8 writers", "1 writer"),
    ):
        rounds = processes.paired(first, second, bench.options.rounds, bench.report.say)
        compare(bench, rounds, figure, ("per_s", "per_s"), target, peer, "/s", at_least=True)
