"""faiss in a process of its own: build, search, asymmetric distances. Prints one line of JSON."""
import argparse
import json
import os
import time

import faiss
import numpy as np

from harness import data


def inner(index):
    """The index below pre-transforms and refinement, of its own class."""
    index = faiss.downcast_index(index)
    while isinstance(index, (faiss.IndexRefine, faiss.IndexPreTransform)):
        index = faiss.downcast_index(index.base_index if isinstance(index, faiss.IndexRefine) else index.index)
    return index


def build(options, dataset):
    """Cosine data has unit length here, so squared distances order alike."""
    base = dataset.base()
    faiss.omp_set_num_threads(options.threads)
    index = faiss.index_factory(base.shape[1], options.factory)
    below = inner(index)
    if isinstance(below, faiss.IndexHNSW):
        below.hnsw.efConstruction = options.ef_construction
    start = time.perf_counter()
    index.train(base)
    trained = time.perf_counter() - start
    index.add(base)
    built = time.perf_counter() - start
    faiss.write_index(index, options.index)
    return {"build_s": built, "train_s": trained, "bytes": os.path.getsize(options.index)}


def search(options, dataset):
    """One point for each pair of a breadth (nprobe or efSearch) and a factor of candidates that are refined: all queries in one call,
    or one query a call."""
    queries, base = dataset.queries(), data.read_vectors(dataset.base_path)
    faiss.omp_set_num_threads(1)
    owner = faiss.read_index(options.index)  # frees the index when it goes
    index = faiss.downcast_index(owner)
    below, points = inner(index), []
    calls = [queries[i : i + 1] for i in range(len(queries))] if options.single else [queries]
    for factor in map(float, options.factors.split(",")):
        if isinstance(index, faiss.IndexRefine):
            index.k_factor = factor
        for breadth in map(int, options.breadths.split(",")):
            if isinstance(below, faiss.IndexHNSW):
                below.hnsw.efSearch = max(breadth, int(options.k * factor))
            else:
                below.nprobe = breadth
            found = np.concatenate([index.search(call, options.k)[1] for call in calls])  # warm-up, and the answers
            passes, start = 0, time.perf_counter()
            while passes == 0 or time.perf_counter() - start < options.seconds:
                for call in calls:
                    index.search(call, options.k)
                passes += 1
            wall = time.perf_counter() - start
            points.append({"breadth": breadth, "factor": factor, "qps": passes * len(queries) / wall,
                           "recall": data.recall(found, dataset.truth(), base, queries, dataset.metric, options.k)})
    return {"points": points}


def adc(options, dataset):
    """Microseconds for one query's table and its distances to the rows in the index, answers of k kept: a flat
    product quantiser of `rows` rows, one query a call, and many queries a call."""
    faiss.omp_set_num_threads(1)
    rows = dataset.base()[: options.rows]
    queries = dataset.queries()[:200]
    index = faiss.IndexPQ(rows.shape[1], options.subvectors, 8)
    index.train(dataset.base()[: max(options.rows, 20_000)])
    index.add(rows)
    times = {}
    for name, calls in (("one", [queries[i : i + 1] for i in range(len(queries))]), ("many", [queries])):
        best = []
        for _ in range(options.repeats):
            start = time.perf_counter()
            for call in calls:
                index.search(call, options.k)
            best.append((time.perf_counter() - start) / len(queries) * 1e6)
        times[name] = sorted(best)[len(best) // 2]
    return {"one_us": times["one"], "many_us": times["many"]}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("action", choices=("build", "search", "adc"))
    parser.add_argument("--data", required=True)
    parser.add_argument("--metric", required=True)
    parser.add_argument("--index")
    parser.add_argument("--factory")
    parser.add_argument("--ef-construction", type=int, default=40)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--breadths", default="16")
    parser.add_argument("--factors", default="1")
    parser.add_argument("--single", action="store_true")
    parser.add_argument("--subvectors", type=int, default=96)
    parser.add_argument("--rows", type=int, default=1000)
    parser.add_argument("--repeats", type=int, default=9)
    parser.add_argument("--k", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=2)
    options = parser.parse_args()
    print(json.dumps(globals()[options.action](options, data.DataSet(options.data, options.metric))))
