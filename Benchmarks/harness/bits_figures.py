"""Packed bits: a flat scan by Hamming distance against faiss's IndexBinaryFlat."""
import os
import shutil

import numpy as np

from harness import data, processes, product
from harness.stats import geometric_mean, median, ratio_summary

BITS = 256
QUERIES = 200
K = 10


def rows(bench):
    """Signs of seeded random projections of the set's vectors, as .npy files of bytes: made once."""
    folder = os.path.join(bench.work, f"bits-{BITS}")
    if os.path.exists(folder):
        return folder
    os.makedirs(folder + ".part", exist_ok=True)
    vectors = data.read_vectors(bench.set.base_path)
    center = np.asarray(vectors[:10_000], np.float32).mean(axis=0)
    directions = np.random.default_rng(1).standard_normal((vectors.shape[1], BITS)).astype(np.float32)

    def packed(part):
        return np.packbits((np.asarray(part, np.float32) - center) @ directions > 0, axis=1)

    base = np.vstack([packed(vectors[start:start + 50_000]) for start in range(0, len(vectors), 50_000)])
    np.save(os.path.join(folder + ".part", "base.npy"), base)
    np.save(os.path.join(folder + ".part", "query.npy"), packed(data.read_vectors(bench.set.query_path)[:QUERIES]))
    os.rename(folder + ".part", folder)
    return folder


def store(bench, folder):
    """A flat store of the rows, in one segment."""
    path = os.path.join(bench.work, f"bits-{BITS}.seam")
    if not os.path.exists(path):
        bench.report.say(f"building {path}")
        shutil.rmtree(path + ".part", ignore_errors=True)
        bench.product.run("init", path + ".part", product.NAME, "--element", "bits", "--dimensions", BITS, "--index", "flat",
                          parse=False)
        bench.product.run("import", path + ".part", product.NAME, os.path.join(folder, "base.npy"), parse=False, cpus=bench.two)
        bench.product.run("compact", path + ".part", product.NAME, "--full", parse=False, cpus=bench.two)
        os.rename(path + ".part", path)
    return path


def binary(bench):
    """Queries per second of an exact scan, one query a call, one thread; the distances of the answers must be the same."""
    folder = rows(bench)
    path, query = store(bench, folder), os.path.join(folder, "query.npy")
    answers, wanted = os.path.join(bench.work, "bits.ivecs"), os.path.join(bench.work, "bits-faiss.ivecs")
    common = ["--base", os.path.join(folder, "base.npy"), "--queries", query, "--k", K, "--seconds", bench.options.seconds]
    processes.python("peer_faiss_binary", *common, "--output", wanted, cpus=bench.one)
    bench.product.answers(path, query, K, answers, k=K, cpus=bench.one)
    base, queries = np.load(os.path.join(folder, "base.npy"), mmap_mode="r"), np.load(query)

    def distances(file):
        found = np.asarray(data.read_vectors(file))
        return [sorted(int(np.bitwise_count(base[row] ^ one).sum()) for row in answer) for one, answer in zip(queries, found)]

    if distances(answers) != distances(wanted):
        raise processes.Failure("the answers have other distances than faiss's")

    def ours():
        return bench.product.bench(path, query, None, [K], k=K, seconds=bench.options.seconds, cpus=bench.one)[0]["points"][0]["qps"]

    def theirs():
        return processes.python("peer_faiss_binary", *common, cpus=bench.one)[0]["qps"]

    rounds = processes.paired(ours, theirs, bench.options.rounds, bench.report.say)
    bench.report.row(f"flat Hamming scan, {BITS} bits", bench.set.name, 1.0, peer="faiss IndexBinaryFlat", unit="QPS",
                     ours=median([v for a, _ in rounds for v in a]), theirs=median([v for _, b in rounds for v in b]),
                     **ratio_summary([geometric_mean(a) / geometric_mean(b) for a, b in rounds]), rows=len(base))
