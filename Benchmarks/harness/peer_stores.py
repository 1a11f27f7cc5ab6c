"""Bare LMDB and Zvec in a process of their own: ingest, query, single writes. Prints one line of JSON.

What a peer is given (encoded values, documents) is made before the clock starts, as StoreBench does on its side.
"""
import argparse
import json
import os
import shutil
import time

import numpy as np

FIELDS = ("title", "section", "source", "text")


def load(options):
    vectors = np.fromfile(options.vectors, np.float32).reshape(-1, options.dimensions)
    with open(options.objects, encoding="utf-8") as file:
        return vectors, [json.loads(line) for line in file]


class Lmdb:
    """The floor: one synchronous commit a batch, an object and a vector a row, no vector index."""

    def __init__(self, path):
        import lmdb

        shutil.rmtree(path, ignore_errors=True)
        os.makedirs(path)
        self.environment = lmdb.open(path, map_size=8 << 30)

    @staticmethod
    def encode(vectors, objects):
        return [(row.to_bytes(8, "big"), json.dumps(item).encode(), vector.tobytes())
                for row, (vector, item) in enumerate(zip(vectors, objects))]

    def write(self, rows):
        with self.environment.begin(write=True) as transaction:
            for key, item, vector in rows:
                transaction.put(b"o" + key, item)
                transaction.put(b"v" + key, vector)

    def finish(self):
        pass


class Zvec:
    """HNSW M=16, efConstruction 200, cosine; flush() after each batch makes it durable, optimize() builds the graph."""

    def __init__(self, path, dimensions=None):
        import zvec

        self.zvec = zvec
        zvec.init(log_level=zvec.LogLevel.ERROR)
        if dimensions is None:
            self.collection = zvec.open(path)
            return
        shutil.rmtree(path, ignore_errors=True)
        index = zvec.HnswIndexParam(metric_type=zvec.MetricType.COSINE, m=16, ef_construction=200)
        self.collection = zvec.create_and_open(path, zvec.CollectionSchema(
            "c", fields=[zvec.FieldSchema(name, zvec.DataType.STRING) for name in FIELDS],
            vectors=zvec.VectorSchema("v", zvec.DataType.VECTOR_FP32, dimensions, index)))

    def encode(self, vectors, objects):
        return [self.zvec.Doc(id=str(row), vectors={"v": vector}, fields={name: item[name] for name in FIELDS})
                for row, (vector, item) in enumerate(zip(vectors, objects))]

    def write(self, rows):
        bad = [status for status in self.collection.insert(rows) if not status.ok()]
        if bad:
            raise RuntimeError(str(bad[0]))
        self.collection.flush()

    def finish(self):
        self.collection.optimize()
        self.collection.flush()

    def query(self, vector, k, ef):
        found = self.collection.query(queries=self.zvec.Query(field_name="v", vector=vector, param=self.zvec.HnswQueryParam(ef=ef)),
                                      topk=k, output_fields=list(FIELDS))
        return [(int(item.id), item.field("text")) for item in found]


def ingest(options, store, rows):
    start = time.perf_counter()
    for first in range(0, len(rows), options.batch):
        store.write(rows[first : first + options.batch])
    acknowledged = time.perf_counter() - start
    store.finish()
    return {"acknowledged_s": acknowledged, "indexed_s": time.perf_counter() - start}


def singles(options, store, rows):
    done, start = 0, time.perf_counter()
    while time.perf_counter() - start < options.seconds:
        store.write([rows[done % len(rows)]])
        done += 1
    return {"per_s": done / (time.perf_counter() - start)}


def query(options, store):
    queries = np.fromfile(options.queries, np.float32).reshape(-1, options.dimensions)
    times, found = [], []
    for number in range(10):
        for vector in queries:
            start = time.perf_counter()
            hits = store.query(vector, options.k, options.ef)
            took = time.perf_counter() - start
            if number >= 2:
                times.append(took)
            if number == 9:
                found.append([row for row, _ in hits])
    return {"p50_us": 1e6 * float(np.percentile(times, 50)), "p99_us": 1e6 * float(np.percentile(times, 99)), "ids": found}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("store", choices=("lmdb", "zvec"))
    parser.add_argument("action", choices=("ingest", "singles", "query"))
    for name in ("path", "vectors", "objects", "queries"):
        parser.add_argument("--" + name)
    parser.add_argument("--dimensions", type=int, required=True)
    parser.add_argument("--batch", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--k", type=int, default=10)
    parser.add_argument("--ef", type=int, default=100)
    options = parser.parse_args()
    if options.action == "query":
        result = query(options, Zvec(options.path))
    else:
        store = Lmdb(options.path) if options.store == "lmdb" else Zvec(options.path, options.dimensions)
        rows = store.encode(*load(options))
        result = globals()[options.action](options, store, rows)
    print(json.dumps(result), flush=True)
    os._exit(0)  # Zvec's threads need not be waited for
