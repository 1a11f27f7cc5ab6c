"""Exact search of many queries in one call, by numpy or faiss, in a process of its own. Prints one line of JSON."""
import argparse
import json
import time

import numpy as np

from harness import data


def numpy_search(base, queries, k, metric):
    """The product of two matrices, the k best of each row, and these in order."""
    square = np.einsum("ij,ij->i", base, base) if metric == "l2-squared" else None

    def search():
        keys = queries @ base.T
        keys = -keys if square is None else square - 2 * keys
        found = np.argpartition(keys, k, axis=1)[:, :k]
        order = np.argsort(np.take_along_axis(keys, found, axis=1), axis=1)
        return np.take_along_axis(found, order, axis=1)

    return search


def faiss_search(base, queries, k, metric, threads):
    import faiss

    faiss.omp_set_num_threads(threads)
    index = (faiss.IndexFlatL2 if metric == "l2-squared" else faiss.IndexFlatIP)(base.shape[1])
    index.add(base)
    return lambda: index.search(queries, k)[1]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("peer", choices=("numpy", "faiss"))
    parser.add_argument("--data", required=True)
    parser.add_argument("--metric", required=True)
    parser.add_argument("--queries", type=int, default=1_000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--passes", type=int, default=9)
    parser.add_argument("--k", type=int, default=10)
    options = parser.parse_args()
    dataset = data.DataSet(options.data, options.metric)
    base, queries = dataset.base(), dataset.queries()
    queries = np.ascontiguousarray(queries[np.arange(options.queries) % len(queries)])
    if options.metric == "cosine":
        base, queries = (x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-30) for x in (base, queries))
    if options.peer == "numpy":
        search = numpy_search(base, queries, options.k, options.metric)
    else:
        search = faiss_search(base, queries, options.k, options.metric, options.threads)
    times = []
    for _ in range(options.passes):
        start = time.perf_counter()
        found = search()
        times.append(time.perf_counter() - start)
    times = sorted(times[2:])
    print(json.dumps({"seconds": times[len(times) // 2], "ids": found.tolist()}))


main()
