"""The seamstone tool, by the calls and JSON keys of its contract."""
import os
import shutil

from harness import processes

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
NAME = "items"


def binary(option):
    path = option or os.environ.get("SEAMSTONE") or os.path.join(ROOT, ".build", "release", "seamstone")
    if not os.access(path, os.X_OK):
        raise SystemExit(f"{path} is not there: swift build -c release --product seamstone")
    return path


def store_bench(option):
    path = option or os.path.join(ROOT, "Benchmarks", ".build", "release", "StoreBench")
    if not os.access(path, os.X_OK):
        raise SystemExit(f"{path} is not there: swift build -c release --package-path Benchmarks")
    return path


class Product:
    def __init__(self, path, init_arguments=()):
        self.path, self.init_arguments = path, list(init_arguments)

    def run(self, *arguments, **options):
        return processes.run([self.path, *arguments], **options)

    def build(self, store, dataset, base_path=None, cpus=None):
        """init and import into a new store; the wall seconds of both together, and of import alone."""
        shutil.rmtree(store, ignore_errors=True)
        _, made = self.run("init", store, NAME, "--dimensions", dataset.dimensions, "--metric", dataset.metric,
                           "--index", "hnsw", *self.init_arguments, parse=False, cpus=cpus)
        _, filled = self.run("import", store, NAME, base_path or dataset.base_path, parse=False, cpus=cpus, sample=True)
        return {"build_s": made["wall_s"] + filled["wall_s"], "import_s": filled["wall_s"],
                "peak_rss": filled["peak"]["rss"], "peak_anonymous": filled["peak"]["anonymous"], "load": filled["load"]}

    def bench(self, store, queries, truth, efs, k=10, seconds=2, **options):
        """Speed at each beam; recall too if there is a truth file."""
        judged = ["--truth", truth] if truth else []
        return self.run("bench", store, NAME, "--queries", queries, *judged, "--k", k, "--ef",
                        ",".join(map(str, efs)), "--threads", 1, "--seconds", seconds, "--json", **options)

    def answers(self, store, queries, ef, output, k=10, **options):
        """Writes the ids found for each query to the .ivecs file `output`."""
        self.run("search", store, NAME, "--queries", queries, "--k", k, "--ef", ef, "--output", output, parse=False, **options)

    def first(self, store, queries, k=10, **options):
        """Wall seconds from process start to its end, after one answer."""
        return self.run("search", store, NAME, "--queries", queries, "--k", k, "--json", **options)[1]["wall_s"]

    def pick_ef(self, store, dataset, efs, recall=0.95, queries=None, truth=None):
        """The smallest beam of `efs` that reaches `recall`, from a short run."""
        points = self.bench(store, queries or dataset.query_path, truth or dataset.truth_path, efs, seconds=0.3)[0]["points"]
        reached = [point["ef"] for point in points if point["recall"] >= recall]
        return min(reached) if reached else max(efs)
