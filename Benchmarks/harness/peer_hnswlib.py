"""hnswlib in a process of its own: build, search, first answer. Prints one line of JSON."""
import argparse
import json
import os
import resource
import time

import hnswlib
import numpy as np

from harness import data, memory


def make(options, dimensions):
    # Cosine data has unit length here, so the inner product orders alike and spares hnswlib the normalisation.
    return hnswlib.Index(space="ip" if options.metric == "cosine" else "l2", dim=dimensions)


def build(options, dataset):
    base = dataset.base()[: options.rows or None]
    index = make(options, base.shape[1])
    index.init_index(max_elements=len(base), M=options.M, ef_construction=options.ef_construction, random_seed=100)
    start, cpu = time.perf_counter(), time.process_time()
    index.add_items(base, num_threads=options.threads)
    added, used = time.perf_counter() - start, time.process_time() - cpu
    index.save_index(options.index)
    return {"build_s": added, "cpu_s": used, "save_s": time.perf_counter() - start - added,
            "peak_rss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, "bytes": os.path.getsize(options.index)}


def search(options, dataset):
    queries, base = dataset.queries(), data.read_vectors(dataset.base_path)
    before = memory.resident()
    index = make(options, queries.shape[1])
    index.load_index(options.index)
    points = []
    for ef in map(int, options.ef.split(",")):
        index.set_ef(max(ef, options.k))
        found = index.knn_query(queries, options.k, num_threads=1)[0]  # warm-up, and the answers
        passes, start, cpu = 0, time.perf_counter(), time.process_time()
        while passes == 0 or time.perf_counter() - start < options.seconds:
            index.knn_query(queries, options.k, num_threads=1)
            passes += 1
        wall, used = time.perf_counter() - start, time.process_time() - cpu
        points.append({"ef": ef, "qps": passes * len(queries) / wall, "qps_cpu": passes * len(queries) / used, "ids": found})
    now = memory.resident()
    for point in points:
        point["recall"] = data.recall(point.pop("ids"), dataset.truth(), base, queries, dataset.metric, options.k)
    return {"points": points, "memory": {"rss": now["rss"], "index_rss": now["rss"] - before["rss"]}}


def first(options, dataset):
    """Load and answer one query; the start of Python and its imports are not counted."""
    query = dataset.queries()[:1]
    start = time.perf_counter()
    index = make(options, query.shape[1])
    index.load_index(options.index)
    index.set_ef(64)
    found = index.knn_query(query, options.k, num_threads=1)[0]
    return {"first_s": time.perf_counter() - start, "ids": np.asarray(found)[0].tolist()}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("action", choices=("build", "search", "first"))
    parser.add_argument("--data", required=True)
    parser.add_argument("--metric", required=True)
    parser.add_argument("--index", required=True)
    parser.add_argument("--M", type=int, default=16)
    parser.add_argument("--ef-construction", type=int, default=200)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rows", type=int, default=0)
    parser.add_argument("--ef", default="64")
    parser.add_argument("--k", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=2)
    options = parser.parse_args()
    print(json.dumps(globals()[options.action](options, data.DataSet(options.data, options.metric))))
