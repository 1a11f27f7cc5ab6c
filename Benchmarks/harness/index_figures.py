"""Figures against hnswlib: search, build, disk, memory, start, confined memory, churn."""
import contextlib
import os
import shutil
import tempfile

import numpy as np

from harness import data, memory, processes, product
from harness.stats import geometric_mean, median, ratio_summary, value_at

RECALLS = (0.95, 0.99)
QPS_TARGETS = {"sift-1m": (3.0, 2.5), "text-25k": (2.0, 1.8)}


class Bench:
    """One data set, its store and its hnswlib index in the work folder, built when first needed."""

    def __init__(self, options, report):
        self.options, self.report = options, report
        self.set = data.DataSet(options.data, options.metric)
        self.product = product.Product(product.binary(options.seamstone), options.init.split())
        self.work = os.path.join(options.work, self.set.name)
        os.makedirs(self.work, exist_ok=True)
        self.index, self.path = os.path.join(self.work, "hnswlib.bin"), os.path.join(self.work, "bench.seam")
        self.efs = [int(ef) for ef in options.ef.split(",")]
        self.one, self.two = {options.cpu}, set(sorted(os.sched_getaffinity(0))[:2])

    @property
    def store(self):
        if not os.path.exists(self.path):
            self.report.say(f"building {self.path}")
            self.product.build(self.path + ".part", self.set, cpus=self.two)
            os.rename(self.path + ".part", self.path)
        return self.path

    def hnswlib(self, action, *arguments, index=None, **options):
        if action != "build" and not os.path.exists(self.index):
            self.report.say(f"building {self.index}")
            self.hnswlib("build", cpus=self.two)
        return processes.python("peer_hnswlib", action, "--data", self.set.folder, "--metric", self.set.metric,
                                "--index", index or self.index, *arguments, **options)

    def ours(self, efs, seconds=None, **options):
        return self.product.bench(self.store, self.set.query_path, self.set.truth_path, efs,
                                  seconds=seconds or self.options.seconds, cpus=self.one, **options)[0]

    def theirs(self, efs, seconds=None, **options):
        return self.hnswlib("search", "--ef", ",".join(map(str, efs)), "--seconds", seconds or self.options.seconds,
                            cpus=self.one, **options)[0]

    def pick_ef(self, recall=0.95):
        return self.options.pick or self.product.pick_ef(self.store, self.set, self.efs, recall)


def search(bench):
    """Queries per second at recall 0.95 and 0.99 on one thread."""
    peer_efs = [int(ef) for ef in bench.options.peer_ef.split(",")]
    check_recall(bench, bench.ours(bench.efs, 0.1)["points"])
    bench.theirs(peer_efs[:1], 0.01)
    rounds = processes.paired(lambda: bench.ours(bench.efs)["points"], lambda: bench.theirs(peer_efs)["points"],
                              bench.options.rounds, bench.report.say)

    def at(points, recall):
        return value_at([(point["recall"], point["qps"]) for point in points], recall)

    curve = [{name: point.get(name) for name in ("ef", "recall", "qps", "p50_us", "p99_us", "distances")} for point in rounds[-1][0][1]]
    for recall, target in zip(RECALLS, QPS_TARGETS.get(bench.set.name, (None, None))):
        pairs = [([at(run, recall) for run in a], [at(run, recall) for run in b]) for a, b in rounds]
        if any(value is None for a, b in pairs for value in a + b):
            bench.report.row(f"QPS at recall@10 {recall}, 1 thread", bench.set.name, target, reason="a curve does not reach this recall",
                             curve=curve, peer_curve=rounds[-1][1][1])
            continue
        ratios = [geometric_mean(a) / geometric_mean(b) for a, b in pairs]
        bench.report.row(f"QPS at recall@10 {recall}, 1 thread", bench.set.name, target, peer="hnswlib",
                         ours=median([v for a, _ in pairs for v in a]), theirs=median([v for _, b in pairs for v in b]),
                         **ratio_summary(ratios), curve=curve, peer_curve=rounds[-1][1][1])


def check_recall(bench, points):
    """Recall as the tool reports it against recall computed here from the ids that `search` returns."""
    raw = data.read_vectors(bench.set.base_path)
    with tempfile.TemporaryDirectory() as folder:
        output = os.path.join(folder, "found.ivecs")
        for point in (points[0], points[-1]):
            bench.product.answers(bench.store, bench.set.query_path, point["ef"], output)
            found = data.read_vectors(output)[: len(bench.set.truth())]
            here = data.recall(found, bench.set.truth(), raw, bench.set.queries(), bench.set.metric)
            if abs(here - point["recall"]) > 0.001:
                raise SystemExit(f"ef {point['ef']}: the tool reports recall {point['recall']:.4f}, its answers have {here:.4f}")
            bench.report.say(f"ef {point['ef']}: recall {here:.4f}, as reported")


def build(bench):
    """Durable, indexed import on two cores against hnswlib's add_items alone on two threads, vectors in memory."""
    scratch = os.path.join(bench.work, "build-scratch")
    rounds = processes.paired(lambda: bench.product.build(scratch + ".seam", bench.set, cpus=bench.two),
                              lambda: bench.hnswlib("build", index=scratch + ".bin", cpus=bench.two)[0],
                              bench.options.rounds, bench.report.say)
    ratios = [geometric_mean([run["build_s"] for run in a]) / geometric_mean([run["build_s"] for run in b]) for a, b in rounds]
    ours, theirs = ([run for round_ in rounds for run in round_[side]] for side in (0, 1))
    bench.report.row("import, durable and indexed, 2 threads", bench.set.name, 1.0, at_least=False, peer="hnswlib's build alone", unit="s",
                     ours=median([run["build_s"] for run in ours]), theirs=median([run["build_s"] for run in theirs]),
                     **ratio_summary(ratios), peak_rss=max(run["peak_rss"] for run in ours),
                     peak_anonymous=max(run["peak_anonymous"] for run in ours), peer_peak_rss=max(run["peak_rss"] for run in theirs))
    shutil.rmtree(scratch + ".seam", ignore_errors=True)
    os.remove(scratch + ".bin")


def disk(bench):
    """Allocated bytes of the store (objects, originals, index) against hnswlib's one file."""
    bench.hnswlib("first")
    ours, theirs = memory.bytes_on_disk(bench.store), memory.bytes_on_disk(bench.index)
    segments = memory.bytes_on_disk(os.path.join(bench.store, "segments"))
    bench.report.row("bytes on disk", bench.set.name, peer="hnswlib", unit="MB", ours=ours / 1e6, theirs=theirs / 1e6, ratio=ours / theirs,
                     segments_mb=segments / 1e6, originals_mb=(ours - segments) / 1e6)


def resident(bench):
    """Anonymous and mapped memory while searching; hnswlib's share without Python and the queries."""
    ef = bench.pick_ef()
    found, facts = bench.product.bench(bench.store, bench.set.query_path, bench.set.truth_path, [ef], seconds=bench.options.seconds,
                                       cpus=bench.one, sample=True)
    theirs = bench.theirs([64])["memory"]
    for name, target in (("anonymous", 0.3), ("rss", None)):
        bench.report.row(f"memory while searching, {name}", bench.set.name, target, at_least=False, peer="hnswlib's rss", unit="MB",
                         ours=facts["peak"][name] / 1e6, theirs=theirs["index_rss"] / 1e6,
                         ratio=facts["peak"][name] / theirs["index_rss"], reported=found.get("memory"), peer_rss_mb=theirs["rss"] / 1e6)


def start(bench):
    """Process start to the end after one answer, page cache warm; hnswlib: load and one answer, without Python's start."""
    query = os.path.join(bench.work, "one-query.fvecs")
    data.write_vectors(query, np.asarray(data.read_vectors(bench.set.query_path)[:1], np.float32))
    small, few = os.path.join(bench.work, "small.seam"), min(10_000, bench.set.count)
    if not os.path.exists(small):
        cut = os.path.join(bench.work, "small.fvecs")
        data.write_vectors(cut, np.asarray(data.read_vectors(bench.set.base_path)[:few], np.float32))
        bench.product.build(small, bench.set, base_path=cut)

    def best(store):
        return lambda: min(bench.product.first(store, query, cpus=bench.one) for _ in range(5))

    large = best(bench.store)
    large(), best(small)(), bench.hnswlib("first")
    against_small = processes.paired(large, best(small), bench.options.rounds, bench.report.say)
    against_peer = processes.paired(large, lambda: bench.hnswlib("first", cpus=bench.one)[0]["first_s"], bench.options.rounds,
                                    bench.report.say)
    for rounds, peer, target in ((against_small, f"{few:,} vectors", 2.0), (against_peer, "hnswlib's load", 0.05)):
        ratios = [geometric_mean(a) / geometric_mean(b) for a, b in rounds]
        bench.report.row(f"process start to first answer, against {peer}", bench.set.name, target, at_least=False, peer=peer, unit="ms",
                         ours=1e3 * median([v for a, _ in rounds for v in a]), theirs=1e3 * median([v for _, b in rounds for v in b]),
                         **ratio_summary(ratios))


def confined(bench):
    """p50 under memory.max of 0.7 × hnswlib's rss, and of 300 MB, against p50 without a limit.

    Recall is not judged in there: that reads originals at random, which is not what is measured. Instead the answers to the first queries
    must be the same, id for id.
    """
    ef = bench.pick_ef()
    rss = bench.theirs([64], 0.1)["memory"]["rss"]
    few = os.path.join(bench.work, "few-queries.fvecs")
    data.write_vectors(few, np.asarray(data.read_vectors(bench.set.query_path)[:200], np.float32))

    def run(limit=None):
        # The limited process is charged for the pages that it reads; pages that others read are free for it.
        memory.evict(bench.store)
        group = memory.Confined(limit) if limit else contextlib.nullcontext()
        with group as within:
            return bench.product.bench(bench.store, bench.set.query_path, None, [ef], seconds=bench.options.seconds, cpus=bench.one,
                                       within=within)[0]["points"][0]

    def answers(limit=None):
        memory.evict(bench.store)
        output = os.path.join(bench.work, "confined.ivecs")
        group = memory.Confined(limit) if limit else contextlib.nullcontext()
        with group as within:
            bench.product.answers(bench.store, few, ef, output, within=within)
        return data.read_vectors(output)

    usual = answers()
    for label, limit, target in (("0.7 × hnswlib's rss", 0.7 * rss, 1.2), ("300 MB", 300e6, None)):
        if not np.array_equal(answers(limit), usual):
            raise SystemExit("confined, the answers differ from those without a limit")
        rounds = processes.paired(lambda: run(limit), run, bench.options.rounds if target else 1, bench.report.say)
        ratios = [geometric_mean([p["p50_us"] for p in a]) / geometric_mean([p["p50_us"] for p in b]) for a, b in rounds]
        bench.report.row(f"search p50 confined to {label}", bench.set.name, target, at_least=False, peer="unconfined", unit="µs",
                         ours=median([p["p50_us"] for a, _ in rounds for p in a]), theirs=median([p["p50_us"] for _, b in rounds for p in b]),
                         **ratio_summary(ratios), limit_mb=limit / 1e6, ef=ef)


def churn(bench):
    """p50 at equal recall after 10 % random upserts and 10 % random deletes, compaction idle, against p50 before them."""
    changed = os.path.join(bench.work, "churned.seam")
    truth = os.path.join(bench.work, "churned-truth.ivecs")
    shutil.rmtree(changed, ignore_errors=True)
    shutil.copytree(bench.store, changed)
    generator = np.random.default_rng(20261121)
    base = np.array(data.read_vectors(bench.set.base_path))
    tenth = len(base) // 10
    order = generator.permutation(len(base))
    upserted, deleted = np.sort(order[:tenth]), np.sort(order[tenth : 2 * tenth])
    base[upserted] = moved(base, generator.integers(0, len(base), tenth), generator)
    apply_changes(bench, changed, base, upserted, deleted)
    live = np.setdiff1d(np.arange(len(base)), deleted)
    data.write_vectors(truth, data.exact_truth(base, live, bench.set.queries(), bench.set.metric, 10))

    def after():
        return bench.product.bench(changed, bench.set.query_path, truth, bench.efs, seconds=bench.options.seconds, cpus=bench.one)[0]["points"]

    rounds = processes.paired(after, lambda: bench.ours(bench.efs)["points"], bench.options.rounds, bench.report.say)
    for recall in RECALLS:
        pairs = [[[value_at([(p["recall"], p["p50_us"]) for p in run], recall) for run in side] for side in round_] for round_ in rounds]
        if any(value is None for a, b in pairs for value in a + b):
            bench.report.row(f"search p50 at recall {recall} after 10 % upserts and 10 % deletes", bench.set.name, 1.3, at_least=False,
                             reason="a curve does not reach this recall")
            continue
        bench.report.row(f"search p50 at recall {recall} after 10 % upserts and 10 % deletes", bench.set.name, 1.3, at_least=False,
                         peer="before", unit="µs", ours=median([v for a, _ in pairs for v in a]), theirs=median([v for _, b in pairs for v in b]),
                         **ratio_summary([geometric_mean(a) / geometric_mean(b) for a, b in pairs]))


def moved(base, rows, generator):
    """New content that resembles the old: other rows, each component moved a little, in the type of the file."""
    picked = base[rows]
    if picked.dtype == np.uint8:
        return np.clip(picked.astype(np.int16) + generator.integers(-8, 9, picked.shape), 0, 255).astype(np.uint8)
    return (picked + generator.normal(0, 0.01, picked.shape)).astype(picked.dtype)


def apply_changes(bench, store, base, upserted, deleted):
    """Through the tool: an import of the new vectors with their ids, deletes in groups, then compaction until it is idle."""
    vectors, ids = os.path.join(bench.work, "upserts.fvecs"), os.path.join(bench.work, "upserts.jsonl")
    data.write_vectors(vectors, np.asarray(base[upserted], np.float32))
    with open(ids, "w") as file:
        file.writelines(f'{{"id": {number}}}\n' for number in upserted)
    bench.product.run("import", store, product.NAME, vectors, "--objects", ids, parse=False)
    for group in np.array_split(deleted, max(1, len(deleted) // 10_000)):
        bench.product.run("delete", store, product.NAME, *group, parse=False)
    bench.product.run("compact", store, product.NAME, parse=False)
