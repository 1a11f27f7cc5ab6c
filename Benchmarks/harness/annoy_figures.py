"""Figures of the index kind annoy against Annoy: the same number of trees, the same candidates."""
import os
import shutil

from harness import processes, product, segments
from harness.stats import geometric_mean, median, ratio_summary, value_at

TREES = 50
CANDIDATES = (100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000)


def store(bench):
    """An int8 store with a forest, built when first needed."""
    path = os.path.join(bench.work, f"annoy-{TREES}.seam")
    if not os.path.exists(path):
        bench.report.say(f"building {path}")
        shutil.rmtree(path + ".part", ignore_errors=True)
        run = bench.product.run
        run("init", path + ".part", product.NAME, "--dimensions", bench.set.dimensions, "--metric", bench.set.metric,
            "--index", "annoy", "--trees", TREES, parse=False)
        filled = run("import", path + ".part", product.NAME, bench.set.base_path, "--json", cpus=bench.two)[0]
        bench.report.say(f"indexed in {filled['index_seconds']} s")
        os.rename(path + ".part", path)
    return path


def annoy(bench):
    """Recall at the same trees and candidates, queries per second at equal recall, bytes of the index."""
    index = os.path.join(bench.work, f"annoy-{TREES}.ann")
    common = ["--data", bench.set.folder, "--metric", bench.set.metric, "--index", index]
    if not os.path.exists(index):
        bench.report.say(f"building {index}")
        built = processes.python("peer_annoy", "build", *common, "--trees", TREES, cpus=bench.two)[0]
        bench.report.say(f"built in {built['build_s']:.1f} s")
    listed = ",".join(map(str, CANDIDATES))
    path = store(bench)
    rounds = processes.paired(
        lambda: bench.product.bench(path, bench.set.query_path, bench.set.truth_path, CANDIDATES,
                                    seconds=bench.options.seconds / 2, cpus=bench.one)[0]["points"],
        lambda: processes.python("peer_annoy", "search", *common, "--candidates", listed, "--seconds", bench.options.seconds / 2,
                                 cpus=bench.one)[0]["points"], bench.options.rounds, bench.report.say)
    ours, theirs = rounds[-1][0][1], rounds[-1][1][1]
    least = min(ours, key=lambda point: point["recall"] - theirs[CANDIDATES.index(point["ef"])]["recall"])
    peer = theirs[CANDIDATES.index(least["ef"])]
    bench.report.row(f"recall@10, {TREES} trees, worst of all candidates ({least['ef']})", bench.set.name, 1.0, peer="Annoy",
                     ours=least["recall"], theirs=peer["recall"], ratio=least["recall"] / peer["recall"])
    curve = [{name: point[name] for name in ("ef", "recall", "qps", "distances")} for point in ours]

    def at(points, recall):
        return value_at([(point["recall"], point["qps"]) for point in points], recall)

    for recall in (0.9, 0.95):
        pairs = [([at(run, recall) for run in a], [at(run, recall) for run in b]) for a, b in rounds]
        if any(value is None for a, b in pairs for value in a + b):
            bench.report.row(f"QPS at recall@10 {recall}, annoy", bench.set.name, 2.0, reason="a curve does not reach this recall",
                             curve=curve, peer_curve=theirs)
            continue
        bench.report.row(f"QPS at recall@10 {recall}, annoy", bench.set.name, 2.0, peer="Annoy",
                         ours=median([v for a, _ in pairs for v in a]), theirs=median([v for _, b in pairs for v in b]),
                         **ratio_summary([geometric_mean(a) / geometric_mean(b) for a, b in pairs]), curve=curve, peer_curve=theirs)
    own, other = segment_bytes(path), os.path.getsize(index)
    bench.report.row(f"bytes of the index, {TREES} trees", bench.set.name, 0.7, at_least=False, peer="Annoy", ours=own, theirs=other,
                     ratio=own / other, sections=segments.of_store(path))


def segment_bytes(path):
    """The files of all segments: rows in two tiers, trees, and the ids."""
    folder = os.path.join(path, "segments")
    return sum(os.path.getsize(os.path.join(folder, name)) for name in os.listdir(folder))
