"""faiss's IndexBinaryFlat in a process of its own, one query a call. Prints one line of JSON."""
import argparse
import json
import time

import faiss
import numpy as np

from harness import data


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--base", required=True)
    parser.add_argument("--queries", required=True)
    parser.add_argument("--k", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--output")
    options = parser.parse_args()
    faiss.omp_set_num_threads(1)
    base, queries = np.load(options.base), np.load(options.queries)
    index = faiss.IndexBinaryFlat(base.shape[1] * 8)
    index.add(base)
    found = index.search(queries, options.k)[1]
    if options.output:
        data.write_vectors(options.output, found)
    passes, start = 0, time.perf_counter()
    while passes == 0 or time.perf_counter() - start < options.seconds:
        for query in queries:
            index.search(query[None], options.k)
        passes += 1
    wall = time.perf_counter() - start
    print(json.dumps({"qps": passes * len(queries) / wall}))
