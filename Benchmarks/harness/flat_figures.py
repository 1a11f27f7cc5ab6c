"""Figures of scans: many queries in one call against numpy and faiss, and codes against floats."""
import os
import shutil

import numpy as np

from harness import data, processes, product
from harness.stats import geometric_mean, median, ratio_summary

QUERIES = 1_000
PASSES = 9


def store(bench, encoding):
    """A store whose index is none: all rows are compared."""
    path = os.path.join(bench.work, f"flat-{encoding}.seam")
    if not os.path.exists(path):
        shutil.rmtree(path + ".part", ignore_errors=True)
        bench.product.run("init", path + ".part", product.NAME, "--dimensions", bench.set.dimensions, "--metric", bench.set.metric,
                          "--index", "flat", "--encoding", encoding, parse=False)
        bench.product.run("import", path + ".part", product.NAME, bench.set.base_path, parse=False, cpus=bench.two)
        os.rename(path + ".part", path)
    return path


def batch(bench):
    """Seconds for 1,000 queries in one call on two threads, ten results each: float32 against a product of matrices with numpy's
    selection, and against faiss's flat index."""
    path, file = store(bench, "float32"), os.path.join(bench.work, "batch.f32")
    queries = bench.set.queries()
    queries = queries[np.arange(QUERIES) % len(queries)]
    queries.tofile(file)
    common = ["--data", bench.set.folder, "--metric", bench.set.metric, "--queries", QUERIES, "--threads", 2, "--passes", PASSES]
    base, truth = data.read_vectors(bench.set.base_path), bench.set.truth()[np.arange(QUERIES) % len(bench.set.queries())]

    def recall(run):
        return data.recall(run["ids"], truth, base, queries, bench.set.metric)

    def ours():
        return processes.run([product.store_bench(bench.options.store_bench), "batch", "--path", path, "--collection", product.NAME, "--queries", file,
                              "--dimensions", bench.set.dimensions, "--threads", 2, "--passes", PASSES], cpus=bench.two)[0]

    for peer, label in (("numpy", "numpy"), ("faiss", "faiss Flat")):
        rounds = processes.paired(ours, lambda: processes.python("peer_flat", peer, *common, cpus=bench.two)[0], bench.options.rounds,
                                  bench.report.say)
        pairs = [([QUERIES / run["seconds"] for run in a], [QUERIES / run["seconds"] for run in b]) for a, b in rounds]
        bench.report.row(f"{QUERIES:,} queries in one call, flat float32, 2 threads", bench.set.name, 1.0, peer=label, unit="QPS",
                         ours=median([v for a, _ in pairs for v in a]), theirs=median([v for _, b in pairs for v in b]),
                         **ratio_summary([geometric_mean(a) / geometric_mean(b) for a, b in pairs]),
                         recall=recall(rounds[-1][0][1]), peer_recall=recall(rounds[-1][1][1]))


def codes(bench):
    """Single queries of a scan on one thread: int8, compared by the originals, against float32."""
    def run(encoding):
        return bench.product.bench(store(bench, encoding), bench.set.query_path, bench.set.truth_path, [10],
                                   seconds=bench.options.seconds, cpus=bench.one)[0]["points"][0]

    rounds = processes.paired(lambda: run("int8"), lambda: run("float32"), bench.options.rounds, bench.report.say)
    pairs = [([point["qps"] for point in a], [point["qps"] for point in b]) for a, b in rounds]
    bench.report.row("single queries, flat int8, 1 thread", bench.set.name, 3.0, peer="our float32", unit="QPS",
                     ours=median([v for a, _ in pairs for v in a]), theirs=median([v for _, b in pairs for v in b]),
                     **ratio_summary([geometric_mean(a) / geometric_mean(b) for a, b in pairs]),
                     recall=rounds[-1][0][1]["recall"], peer_recall=rounds[-1][1][1]["recall"])
