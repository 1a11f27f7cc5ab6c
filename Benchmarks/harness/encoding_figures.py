"""Figures of the encodings: against int8, against faiss, their recall, and the conversion between them."""
import glob
import os
import shutil
import subprocess

import numpy as np

from harness import data, memory, processes, product, segments
from harness.stats import geometric_mean, median, ratio_summary, value_at

# Names as in the options, and what makes them of an int8 store.
ENCODINGS = {
    "float16": ["--encoding", "float16"],
    "int4": ["--encoding", "int4"],
    "pq": ["--encoding", "pq", "--subvectors"],
    "rabitq-8": ["--encoding", "rabitq", "--bits", 8],
    "rabitq-4": ["--encoding", "rabitq", "--bits", 4],
    "rabitq-1": ["--encoding", "rabitq", "--bits", 1],
    "binary": ["--encoding", "binary"],
    "pq-flat": ["--index", "flat", "--encoding", "pq", "--centroids", 256, "--subvectors"],
    "pq4-flat": ["--index", "flat", "--encoding", "pq", "--centroids", 16, "--subvectors"],
}
# Bytes of a vector by pq.
SUBVECTORS = {"sift-1m": 64, "text-25k": 96}
# Beam, and the least recall to be reached with it.
RECALLS = {"pq": (128, 0.97), "rabitq-8": (128, 0.99), "rabitq-4": (128, 0.98), "rabitq-1": (200, 0.95), "binary": (200, 0.90)}
FAISS = {  # factory: (breadths, factors of refined candidates, target)
    "IVF4096,PQ64,RFlat": ("32,48,64,96", "2,4", 1.5),
    "HNSW32_PQ64,RFlat": ("32,64,96,128", "2,4", 1.5),
    "IVF4096,PQ64x4fs,RFlat": ("32,48,64,96", "10,20", 0.8),
}


def converted(bench, name):
    """The store of int8 with its rows in another encoding; the graph is the same."""
    if name == "int8":
        return bench.store
    path = os.path.join(bench.work, name + ".seam")
    if not os.path.exists(path):
        bench.report.say(f"making {path}")
        shutil.rmtree(path + ".part", ignore_errors=True)
        shutil.copytree(bench.store, path + ".part")
        bench.product.run("reindex", path + ".part", product.NAME, *arguments(bench, name), parse=False, cpus=bench.two)
        os.rename(path + ".part", path)
    return path


def arguments(bench, name):
    chosen = ENCODINGS[name]
    return [*chosen, SUBVECTORS.get(bench.set.name, 0)] if chosen[-1] == "--subvectors" else chosen


def curve(bench, name, efs=None, seconds=None):
    return bench.product.bench(converted(bench, name), bench.set.query_path, bench.set.truth_path, efs or bench.efs,
                               seconds=seconds or bench.options.seconds, cpus=bench.one)[0]["points"]


def at(points, recall):
    return value_at([(point["recall"], point["qps"]) for point in points], recall)


def brief(points):
    return [{name: point[name] for name in ("ef", "recall", "qps", "p50_us")} for point in points]


def encodings(bench):
    """Queries per second at recall 0.95 against int8 on the same graph, and bytes of a vector."""
    least = segments.vector_bytes(bench.store)
    for name in bench.options.encodings.split(","):
        store = converted(bench, name)
        rounds = processes.paired(lambda: curve(bench, name), lambda: curve(bench, "int8"), bench.options.rounds, bench.report.say)
        own = segments.vector_bytes(store)
        facts = {"bytes_per_vector": own, "bytes_ratio": own / least, "curve": brief(rounds[-1][0][1]), "peer_curve": brief(rounds[-1][1][1])}
        pairs = [([at(run, 0.95) for run in a], [at(run, 0.95) for run in b]) for a, b in rounds]
        figure = f"QPS at recall@10 0.95, {name}, {own:.0f} bytes a vector"
        if any(value is None for a, b in pairs for value in a + b):
            bench.report.row(figure, bench.set.name, 1.0, reason="a curve does not reach this recall", **facts)
            continue
        bench.report.row(figure, bench.set.name, 1.0, peer=f"int8, {least:.0f} bytes", ours=median([v for a, _ in pairs for v in a]),
                         theirs=median([v for _, b in pairs for v in b]),
                         **ratio_summary([geometric_mean(a) / geometric_mean(b) for a, b in pairs]), **facts)


def recalls(bench):
    """Recall of rescored codes at a fixed number of candidates, and the bytes of a vector by pq."""
    for name, (ef, least) in RECALLS.items():
        found = curve(bench, name, [ef], 0.05)[0]["recall"]
        bench.report.row(f"recall@10, {name}, ef {ef}, {ef} candidates compared at most", bench.set.name,
                         least if bench.set.name.startswith("text") else None, ours=found, ratio=found)
    path, count = converted(bench, "pq"), SUBVECTORS.get(bench.set.name, 1)
    found = segments.vector_bytes(path)
    bench.report.row(f"bytes of a vector with the codebook's share, pq {count}", bench.set.name, 1.1, at_least=False, peer="bytes of codes",
                     ours=found, theirs=count, ratio=found / count)


def scan(bench):
    """A flat segment of pq with 16 centroids, by its fast scan, against 256 centroids, all candidates compared."""
    efs = [ef for ef in bench.efs if ef <= 384]
    rounds = processes.paired(lambda: curve(bench, "pq4-flat", efs), lambda: curve(bench, "pq-flat", efs), bench.options.rounds,
                              bench.report.say)
    def speed(points):
        return geometric_mean([point["qps"] for point in points])
    pairs = [([speed(run) for run in a], [speed(run) for run in b]) for a, b in rounds]
    bench.report.row("flat scan, pq with 16 centroids", bench.set.name, peer="256 centroids", unit="QPS",
                     ours=median([v for a, _ in pairs for v in a]), theirs=median([v for _, b in pairs for v in b]),
                     **ratio_summary([geometric_mean(a) / geometric_mean(b) for a, b in pairs]),
                     bytes_per_vector=segments.vector_bytes(converted(bench, "pq4-flat")),
                     curve=brief(rounds[-1][0][1]), peer_curve=brief(rounds[-1][1][1]))


def faiss(bench):
    """pq at recall 0.95 against faiss of as many bytes; of faiss's settings the best counts."""
    for factory, (breadths, factors, target) in FAISS.items():
        if bench.options.factory not in ("", factory):
            continue
        index = os.path.join(bench.work, "faiss-" + factory.replace(",", "_") + ".bin")
        common = ["--data", bench.set.folder, "--metric", bench.set.metric, "--index", index]
        if not os.path.exists(index):
            bench.report.say(f"building {index}")
            processes.python("peer_faiss", "build", *common, "--factory", factory, cpus=bench.two)

        def theirs():
            points = processes.python("peer_faiss", "search", *common, "--breadths", breadths, "--factors", factors,
                                      "--seconds", bench.options.seconds / 2, cpus=bench.one)[0]["points"]
            return points

        def best(points):
            found = [at([p for p in points if p["factor"] == factor], 0.95) for factor in {p["factor"] for p in points}]
            return max((value for value in found if value), default=None)

        rounds = processes.paired(lambda: curve(bench, "pq"), theirs, bench.options.rounds, bench.report.say)
        pairs = [([at(run, 0.95) for run in a], [best(run) for run in b]) for a, b in rounds]
        figure = f"QPS at recall@10 0.95, pq, against faiss {factory}"
        if any(value is None for a, b in pairs for value in a + b):
            bench.report.row(figure, bench.set.name, target, reason="a curve does not reach this recall", peer_curve=rounds[-1][1][1])
            continue
        bench.report.row(figure, bench.set.name, target, peer=f"faiss {factory}", ours=median([v for a, _ in pairs for v in a]),
                         theirs=median([v for _, b in pairs for v in b]),
                         **ratio_summary([geometric_mean(a) / geometric_mean(b) for a, b in pairs]),
                         curve=brief(rounds[-1][0][1]), peer_curve=rounds[-1][1][1])


def conversion(bench):
    """From int8 to pq on two cores: seconds against building the same segments afresh, memory, and p99 of a search on a core of its own."""
    path = os.path.join(bench.work, "conversion.seam")

    def fresh_copy():
        shutil.rmtree(path, ignore_errors=True)
        shutil.copytree(bench.store, path)

    fresh_copy()
    _, change = bench.product.run("reindex", path, product.NAME, *arguments(bench, "pq"), parse=False, cpus=bench.two, sample=True)
    size = memory.bytes_on_disk(os.path.join(path, "segments"))
    for name in os.listdir(os.path.join(path, "segments")):
        os.remove(os.path.join(path, "segments", name))
    _, rebuilt = bench.product.run("compact", path, product.NAME, parse=False, cpus=bench.two)
    bench.report.row("conversion to pq, 2 threads", bench.set.name, 1.2, at_least=False, peer="built afresh", unit="s",
                     ours=change["wall_s"], theirs=rebuilt["wall_s"], ratio=change["wall_s"] / rebuilt["wall_s"])
    bench.report.row("memory of its own while converting to pq", bench.set.name, 1.5, at_least=False, peer="the new segments", unit="MB",
                     ours=change["peak"]["anonymous"] / 1e6, theirs=size / 1e6, ratio=change["peak"]["anonymous"] / size,
                     peak_rss_mb=change["peak"]["rss"] / 1e6)
    fresh_copy()
    ef = bench.pick_ef()
    few = os.path.join(bench.work, "few-queries.fvecs")
    data.write_vectors(few, np.asarray(data.read_vectors(bench.set.query_path)[:1000], np.float32))

    def p99():
        return bench.product.bench(path, few, None, [ef], seconds=2 * bench.options.seconds, cpus=bench.one)[0]["points"][0]["p99_us"]

    before = min(p99(), p99())
    others = bench.two - bench.one or bench.two
    running = subprocess.Popen([bench.product.path, "reindex", path, product.NAME, *map(str, arguments(bench, "pq"))],
                               stdout=subprocess.DEVNULL, preexec_fn=lambda: os.sched_setaffinity(0, others))
    during = []
    while running.poll() is None:
        value = p99()
        if running.poll() is None:  # all of it was measured beside the conversion
            during.append(value)
    if running.returncode or not during:
        raise SystemExit("the conversion failed, or was over before a search was measured")
    bench.report.row("p99 of a search while a conversion runs on the other core", bench.set.name, 3.0, at_least=False, peer="before", unit="µs",
                     ours=max(during), theirs=before, ratio=max(during) / before, all_us=during)
    shutil.rmtree(path)


def adc(bench):
    """A query's table and 1,000 distances of 96 codes, against faiss's flat product quantiser of 1,000 rows (many queries a call)."""
    program = os.path.join(bench.work, "adc")
    sources = os.path.join(product.ROOT, "Sources", "CVectorKernels")
    subprocess.run(["clang", "-O2", "-I", os.path.join(sources, "include"), "-o", program, os.path.join(product.ROOT, "Benchmarks/kernels/adc.c"),
                    *glob.glob(os.path.join(sources, "*.c"))], check=True)

    def ours():
        return processes.run([program, bench.set.dimensions, 96, 1000], cpus=bench.one)[0]["us"]

    def theirs():
        found = processes.python("peer_faiss", "adc", "--data", bench.set.folder, "--metric", bench.set.metric, cpus=bench.one)[0]
        return min(found["one_us"], found["many_us"])

    rounds = processes.paired(ours, theirs, bench.options.rounds, bench.report.say)
    bench.report.row("speed of a table and 1,000 distances, pq 96", bench.set.name, 1.0, peer="faiss IndexPQ", unit="µs",
                     ours=median([v for a, _ in rounds for v in a]), theirs=median([v for _, b in rounds for v in b]),
                     **ratio_summary([geometric_mean(b) / geometric_mean(a) for a, b in rounds]))
