"""Data sets on disk, exact truth, and recall by distance."""
import os

import numpy as np

TYPES = {".bvecs": np.uint8, ".fvecs": np.float32, ".ivecs": np.int32}
TIE = 1e-6  # relative (l2) or absolute (cosine) slack: equal distances that were computed in another order


def read_vectors(path):
    """The rows of a .bvecs, .fvecs, .ivecs or .npy file, mapped, in the file's own type."""
    extension = os.path.splitext(path)[1]
    if extension == ".npy":
        return np.load(path, mmap_mode="r")
    kind = np.dtype(TYPES[extension])
    raw = np.memmap(path, np.uint8, "r")
    width = int(raw[:4].view("<i4")[0]) * kind.itemsize
    rows = raw.reshape(-1, 4 + width)
    return rows[:, 4:] if kind == np.uint8 else np.ascontiguousarray(rows[:, 4:]).view(kind)


def write_vectors(path, rows):
    """Writes .bvecs, .fvecs or .ivecs."""
    kind = np.dtype(TYPES[os.path.splitext(path)[1]])
    rows = np.ascontiguousarray(rows, kind)
    head = np.full((len(rows), 1), rows.shape[1], "<i4").view(np.uint8)
    np.hstack([head, rows.view(np.uint8).reshape(len(rows), -1)]).tofile(path)


def as_floats(rows, metric):
    """float32 rows; of unit length where the metric is cosine."""
    rows = np.ascontiguousarray(rows, np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True) if metric == "cosine" else rows


class DataSet:
    """A folder with base, query and truth, as in the README of each set."""

    def __init__(self, folder, metric=None):
        self.folder = os.path.abspath(folder)
        self.name = os.path.basename(self.folder)
        self.base_path, self.query_path = self.find("base"), self.find("query")
        self.truth_path = os.path.join(self.folder, "truth.ivecs")
        self.metric = metric or ("cosine" if self.base_path.endswith(".npy") else "l2-squared")

    def find(self, stem):
        for ending in (".bvecs", ".fvecs", ".npy", "-f16.npy"):
            path = os.path.join(self.folder, stem + ending)
            if os.path.exists(path):
                return path
        raise SystemExit(f"no {stem} file in {self.folder}")

    def base(self):
        return as_floats(read_vectors(self.base_path), self.metric)

    def truth(self):
        return np.asarray(read_vectors(self.truth_path))

    def queries(self):
        return as_floats(read_vectors(self.query_path), self.metric)[: len(self.truth())]

    @property
    def dimensions(self):
        return int(read_vectors(self.base_path).shape[1])

    @property
    def count(self):
        return len(read_vectors(self.base_path))


def distances(rows, query, metric):
    if metric == "cosine":
        return 1 - rows @ query
    difference = rows - query
    return (difference * difference).sum(axis=-1)


def recall(found, truth, base, queries, metric, k=10):
    """Mean share of the k found whose true distance is not worse than that of the k-th in the truth.

    An id given twice counts once. `base` may be in the file's own type; rows are converted as they are read.
    """
    hits = 0
    for ids, best, query in zip(found, truth, queries):
        ids = np.unique(np.asarray(ids[:k], np.int64))
        ids = ids[(ids >= 0) & (ids < len(base))]
        limit = distances(as_floats(base[[best[k - 1]]], metric), query, metric)[0]
        limit += TIE * (abs(limit) if metric != "cosine" else 1)
        hits += int((distances(as_floats(base[ids], metric), query, metric) <= limit).sum())
    return hits / (k * len(queries))


def exact_truth(base, live, queries, metric, k):
    """For each query the k nearest of the rows in `live` (row numbers of base), nearest first, ties by row number."""
    best_ids = np.full((len(queries), k), np.iinfo(np.int64).max)
    best = np.full((len(queries), k), np.inf, np.float32)
    for start in range(0, len(live), 20_000):
        ids = live[start : start + 20_000]
        rows = as_floats(base[ids], metric)
        squares = (rows * rows).sum(axis=1) if metric != "cosine" else None
        for first in range(0, len(queries), 1_000):
            part = slice(first, first + 1_000)
            block = -(queries[part] @ rows.T)
            if squares is not None:
                block = 2 * block + squares
            merge_nearest(best[part], best_ids[part], block, ids)
    return best_ids


def merge_nearest(best, best_ids, block, ids):
    """Takes what is nearer than each query's k-th so far into `best` and `best_ids` (views), in order."""
    k = best.shape[1]
    if block.shape[1] > k:  # no more than a block's own k nearest can be among them
        bound = np.minimum(best[:, -1], np.partition(block, k - 1, axis=1)[:, k - 1]) if np.isinf(best[0, -1]) else best[:, -1]
    else:
        bound = best[:, -1]
    query, column = np.nonzero(block <= bound[:, None])
    query = np.concatenate([query, np.repeat(np.arange(len(best)), k)])
    distance = np.concatenate([block[query[: len(column)], column], best.ravel()])
    number = np.concatenate([ids[column], best_ids.ravel()])
    order = np.lexsort((number, distance, query))
    starts = np.searchsorted(query[order], np.arange(len(best)))
    chosen = order[(starts[:, None] + np.arange(k)).ravel()].reshape(len(best), k)
    best[:], best_ids[:] = distance[chosen], number[chosen]

