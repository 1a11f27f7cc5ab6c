"""Annoy in a process of its own: build, search. Prints one line of JSON."""
import argparse
import json
import os
import time

import annoy

from harness import data

METRICS = {"cosine": "angular", "l2-squared": "euclidean"}


def build(options, dataset):
    base = dataset.base()
    index = annoy.AnnoyIndex(base.shape[1], METRICS[dataset.metric])
    for number, row in enumerate(base):
        index.add_item(number, row)
    start = time.perf_counter()
    index.build(options.trees, options.threads)
    built = time.perf_counter() - start
    index.save(options.index)
    return {"build_s": built, "bytes": os.path.getsize(options.index)}


def search(options, dataset):
    """One point for each number of candidates. A query is one call: there is no other."""
    queries, base = dataset.queries(), data.read_vectors(dataset.base_path)
    index = annoy.AnnoyIndex(base.shape[1], METRICS[dataset.metric])
    index.load(options.index)
    rows = [row.tolist() for row in queries]
    points = []
    for candidates in map(int, options.candidates.split(",")):
        found = [index.get_nns_by_vector(row, options.k, candidates) for row in rows]  # warm-up, and the answers
        passes, start = 0, time.perf_counter()
        while passes == 0 or time.perf_counter() - start < options.seconds:
            for row in rows:
                index.get_nns_by_vector(row, options.k, candidates)
            passes += 1
        wall = time.perf_counter() - start
        points.append({"candidates": candidates, "qps": passes * len(rows) / wall,
                       "recall": data.recall(found, dataset.truth(), base, queries, dataset.metric, options.k)})
    return {"points": points}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("action", choices=("build", "search"))
    parser.add_argument("--data", required=True)
    parser.add_argument("--metric", required=True)
    parser.add_argument("--index", required=True)
    parser.add_argument("--trees", type=int, default=50)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--candidates", default="500")
    parser.add_argument("--k", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=2)
    options = parser.parse_args()
    print(json.dumps(globals()[options.action](options, data.DataSet(options.data, options.metric))))


if __name__ == "__main__":
    main()
