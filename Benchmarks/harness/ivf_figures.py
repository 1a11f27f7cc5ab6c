"""Figures of inverted lists against faiss: the same number of lists, the same probes, one thread."""
import os
import shutil

from harness import processes, product
from harness.encoding_figures import SUBVECTORS, at, brief
from harness.stats import geometric_mean, median, ratio_summary

LISTS = {"sift-1m": 4096, "text-25k": 632}
PROBES = "4,8,12,16,24,32,48,64,96,128"
# What a store is made with, the index of faiss beside it, its factors of refined candidates, the target.
PAIRS = {
    "float32": (["--encoding", "float32"], "Flat", "1", 1.3),
    "int8": (["--encoding", "int8"], "Flat", "1", None),
    "pq4": (["--encoding", "pq", "--centroids", 16, "--subvectors"], "PQ{}x4fs,RFlat", "4,10,20", 1.3),
    "rabitq": (["--encoding", "rabitq", "--bits", 4], "PQ{}x4fs,RFlat", "4,10,20", 1.3),
}
BUILD_TARGET = 1.0


def arguments(bench, name):
    chosen = PAIRS[name][0]
    chosen = [*chosen, SUBVECTORS.get(bench.set.name, 0)] if chosen[-1] == "--subvectors" else chosen
    return ["--index", "ivf", "--lists", LISTS[bench.set.name], *chosen]


def factory(bench, name):
    code = PAIRS[name][1].format(SUBVECTORS.get(bench.set.name, 0))
    return f"IVF{LISTS[bench.set.name]},{code}"


def flat(bench):
    """A store of floats whose index is none yet."""
    path = os.path.join(bench.work, "flat.seam")
    if not os.path.exists(path):
        shutil.rmtree(path + ".part", ignore_errors=True)
        bench.product.run("init", path + ".part", product.NAME, "--dimensions", bench.set.dimensions, "--metric", bench.set.metric,
                          "--index", "flat", "--encoding", "float32", parse=False)
        bench.product.run("import", path + ".part", product.NAME, bench.set.base_path, parse=False, cpus=bench.two)
        os.rename(path + ".part", path)
    return path


def store(bench, name):
    path = os.path.join(bench.work, f"ivf-{name}.seam")
    if not os.path.exists(path):
        shutil.rmtree(path + ".part", ignore_errors=True)
        shutil.copytree(flat(bench), path + ".part")
        _, facts = bench.product.run("reindex", path + ".part", product.NAME, *arguments(bench, name), parse=False, cpus=bench.two)
        bench.report.say(f"{name}: built in {facts['wall_s']:.1f} s")
        os.rename(path + ".part", path)
    return path


def peer(bench, name):
    index = os.path.join(bench.work, "faiss-" + factory(bench, name).replace(",", "_") + ".bin")
    common = ["--data", bench.set.folder, "--metric", bench.set.metric, "--index", index]
    if not os.path.exists(index):
        bench.report.say(f"building {index}")
        processes.python("peer_faiss", "build", *common, "--factory", factory(bench, name), cpus=bench.two)
    return common


def best(points, recall):
    """At this recall, by the best of faiss's factors."""
    found = [at([p for p in points if p["factor"] == factor], recall) for factor in {p["factor"] for p in points}]
    return max((value for value in found if value), default=None)


def ivf(bench):
    """Queries per second at recall 0.95, each query a call of its own on both sides, against faiss with as many lists. Beside it
    faiss with all queries in one call, which looks for the nearest lists of all of them by one product of matrices."""
    for name, (_, _, factors, target) in PAIRS.items():
        if bench.options.factory not in ("", name):
            continue
        path, common = store(bench, name), peer(bench, name)

        def ours():
            return bench.product.bench(path, bench.set.query_path, bench.set.truth_path, PROBES.split(","),
                                       seconds=bench.options.seconds / 2, cpus=bench.one)[0]["points"]

        def theirs(*more):
            return processes.python("peer_faiss", "search", *common, "--breadths", PROBES, "--factors", factors, "--seconds",
                                    bench.options.seconds / 4, *more, cpus=bench.one)[0]["points"]

        rounds = processes.paired(ours, lambda: (theirs("--single"), theirs()), bench.options.rounds, bench.report.say)
        pairs = [([at(run, 0.95) for run in a], [best(single, 0.95) for single, _ in b]) for a, b in rounds]
        together = [best(run, 0.95) for _, b in rounds for _, run in b]
        figure = f"QPS at recall@10 0.95, ivf {name}, against faiss {factory(bench, name)}, one query a call"
        curves = {"curve": brief(rounds[-1][0][1]), "peer_curve": rounds[-1][1][1][0], "peer_batch_curve": rounds[-1][1][1][1]}
        if any(value is None for a, b in pairs for value in a + b):
            bench.report.row(figure, bench.set.name, target, reason="a curve does not reach this recall", **curves)
            continue
        mine = median([v for a, _ in pairs for v in a])
        bench.report.row(figure, bench.set.name, target, peer="faiss", ours=mine, theirs=median([v for _, b in pairs for v in b]),
                         **ratio_summary([geometric_mean(a) / geometric_mean(b) for a, b in pairs]),
                         ratio_to_batch=mine / median(together) if all(together) else None, **curves)


def ivfbuild(bench):
    """Seconds from vectors that are there to a finished index on two cores: all that `reindex` does, the self-check and the reading of
    the originals too, against faiss's training and adding."""
    path = os.path.join(bench.work, "ivf-build.seam")
    shutil.rmtree(path, ignore_errors=True)
    shutil.copytree(flat(bench), path)
    _, facts = bench.product.run("reindex", path, product.NAME, *arguments(bench, "float32"), parse=False, cpus=bench.two)
    shutil.rmtree(path)
    index = os.path.join(bench.work, "faiss-build.bin")
    found = processes.python("peer_faiss", "build", "--data", bench.set.folder, "--metric", bench.set.metric, "--index", index,
                             "--factory", factory(bench, "float32"), cpus=bench.two)[0]
    os.remove(index)
    bench.report.row("training and filling lists, 2 threads", bench.set.name, BUILD_TARGET, at_least=False, peer="faiss", unit="s",
                     ours=facts["wall_s"], theirs=found["build_s"], ratio=facts["wall_s"] / found["build_s"])
