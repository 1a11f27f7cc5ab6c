#!/usr/bin/env python3
"""Measures every pair of an index kind and an encoding under every metric, and writes the table into the documentation.

  Benchmarks/conformance.py --data DIR/text-25k            all pairs, into Sources/Seamstone/Seamstone.docc/Conformance.md
  Benchmarks/conformance.py --data … --kinds annoy --rows 5000 --output -

A pair that the tool refuses is in the table as refused. Vectors are those of --data; under hamming their components are rounded, so that some are
equal, and packed bits are the signs of what they differ from the mean by. Truth is exact search by the tool itself. Recall and speed: one thread, k = 10, queries one after the other, searched as wide as KINDS says. Bytes are those of the segments' files, by vector; seconds those of `import`, indexing included, on two cores.
"""
import argparse
import json
import os
import shutil
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

# How wide each kind is searched (`ef`): the automatic beam, lists, candidates of the trees, bits that may differ.
KINDS = {"flat": 100, "hnsw": 100, "ivf": 24, "annoy": 2_000, "hash": 5}
ENCODINGS = {
    "float32": ["float32"], "float16": ["float16"], "int8": ["int8"], "int4": ["int4"], "pq": ["pq"],
    "rabitq, 8 bits": ["rabitq", "--bits", 8], "rabitq, 4 bits": ["rabitq", "--bits", 4], "rabitq, 1 bit": ["rabitq", "--bits", 1],
    "binary": ["binary"],
}
# What stores packed bits, which is no option of --encoding: it follows from what vectors are.
BITS = "bits"
METRICS = ("cosine", "dot", "l2-squared", "manhattan", "hamming")
PAGE = os.path.join(os.path.dirname(HERE), "Sources", "Seamstone", "Seamstone.docc", "Conformance.md")
HEAD = """# Conformance

What every pair of an index kind and an encoding finds and costs.

## Overview

The conformance suite (Tests/SeamstoneTests/Conformance) takes every index kind with every encoding under every metric through the same life: nothing, one
vector, many, equal ones and zeros, changes, filters, compaction, reopening, more results asked for than there are. Pairs without a row here are
refused when a collection is made, with the reason; kinds of your own (<doc:OwnIndexKinds>) go with every encoding but that of packed bits.

The table was made by `{command}`: {rows:,} vectors of {dimensions} dimensions, {queries} queries, one thread, k = 10, recall by distance,
each pair with its usual settings but for `ef`, which is {beams}. An index finds more with a wider search; see <doc:ChoosingAnIndex>. Bytes are those of a vector in the segments, everything
included; seconds are those of an import with its index, on two cores, beside which originals and objects are written.

"""


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, help="folder with base and query files")
    parser.add_argument("--seamstone", help="the tool; default: $SEAMSTONE or .build/release/seamstone")
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--encodings", default="", help="as in the table, separated by ; (default: all)")
    parser.add_argument("--metrics", default=",".join(METRICS))
    parser.add_argument("--rows", type=int, default=0, help="only so many vectors")
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=0.5, help="for each pair")
    parser.add_argument("--output", default=PAGE, help="the page; - prints the rows as JSON")
    return parser.parse_args()


class Run:
    def __init__(self, options, folder):
        from harness import data, processes, product

        self.options, self.folder, self.processes = options, folder, processes
        self.tool, self.name = product.binary(options.seamstone), product.NAME
        source = data.DataSet(options.data)
        base = data.as_floats(data.read_vectors(source.base_path), "dot")
        self.base = base[: options.rows or len(base)]
        self.queries = data.as_floats(data.read_vectors(source.query_path), "dot")[: options.queries]
        self.write = data.write_vectors
        cores = sorted(os.sched_getaffinity(0))
        self.one, self.two = {cores[-1]}, set(cores[:2])

    def run(self, *arguments, **options):
        return self.processes.run([self.tool, *arguments], **options)

    def packed(self):
        """Base and queries as packed bits, written once."""
        import numpy

        paths = [os.path.join(self.folder, f"bits-{part}.npy") for part in ("base", "queries")]
        for path, rows in zip(paths, (self.base, self.queries)):
            if not os.path.exists(path):
                numpy.save(path, numpy.packbits(rows > self.base.mean(axis=0), axis=1))
        return paths

    def files(self, encoding, metric):
        """Base and queries, written once for each kind of metric."""
        if encoding == BITS:
            return self.packed()
        name = "rounded" if metric == "hamming" else "plain"
        paths = [os.path.join(self.folder, f"{name}-{part}.fvecs") for part in ("base", "queries")]
        for path, rows in zip(paths, (self.base, self.queries)):
            if not os.path.exists(path):
                spread = abs(self.base).mean()
                self.write(path, (rows / spread).round() if metric == "hamming" else rows)
        return paths

    def options_of(self, encoding):
        return ["--element", "bits"] if encoding == BITS else ["--encoding", *ENCODINGS[encoding]]

    def truth(self, encoding, metric):
        """The ids of an exact search, by a flat store of the vectors as they are."""
        kept = BITS if encoding == BITS else "float32"
        path = os.path.join(self.folder, f"truth-{kept}-{metric}.ivecs")
        if not os.path.exists(path):
            store, (base, queries) = os.path.join(self.folder, "truth.seam"), self.files(kept, metric)
            self.run("init", store, self.name, "--metric", metric, "--index", "flat", *self.options_of(kept), parse=False)
            self.run("import", store, self.name, base, parse=False, cpus=self.two)
            self.run("search", store, self.name, "--queries", queries, "--k", 10, "--exact", "--output", path, parse=False)
            shutil.rmtree(store)
        return path

    def pair(self, kind, encoding, metric):
        """The row of one pair; None where it is refused."""
        store, (base, queries) = os.path.join(self.folder, "pair.seam"), self.files(encoding, metric)
        shutil.rmtree(store, ignore_errors=True)
        try:
            self.run("init", store, self.name, "--metric", metric, "--index", kind, *self.options_of(encoding), parse=False)
        except self.processes.Failure as failure:
            if "ended with 78" in str(failure):
                return None
            raise
        start = time.perf_counter()
        self.run("import", store, self.name, base, parse=False, cpus=self.two)
        seconds = time.perf_counter() - start
        point = self.run("bench", store, self.name, "--queries", queries, "--truth", self.truth(encoding, metric), "--k", 10, "--threads", 1, "--ef", KINDS[kind],
                         "--seconds", self.options.seconds, "--json", cpus=self.one)[0]["points"][0]
        segments = os.path.join(store, "segments")
        size = sum(os.path.getsize(os.path.join(segments, name)) for name in os.listdir(segments))
        return {"kind": kind, "encoding": encoding, "metric": metric, "recall": point["recall"], "qps": point["qps"],
                "bytes": size / len(self.base), "seconds": seconds}


def page(run, rows):
    command = "Benchmarks/conformance.py --data " + os.path.basename(os.path.abspath(run.options.data))
    text = HEAD.format(command=command, rows=len(run.base), dimensions=run.base.shape[1], queries=len(run.queries),
                       beams=", ".join(f"{ef:,} for {kind}" for kind, ef in KINDS.items()))
    for kind in dict.fromkeys(row["kind"] for row in rows):
        text += f"## {kind}\n\n| encoding | metric | recall@10 | queries/s | bytes a vector | import, s |\n|---|---|---:|---:|---:|---:|\n"
        for row in rows:
            if row["kind"] == kind:
                text += (f"| {row['encoding']} | {row['metric']} | {row['recall']:.3f} | {row['qps']:,.0f} | {row['bytes']:,.0f} "
                         f"| {row['seconds']:.1f} |\n")
        text += "\n"
    return text.rstrip() + "\n"


def main():
    options = parse_options()
    encodings = [name for name in options.encodings.split(";") if name] or [*ENCODINGS, BITS]
    with tempfile.TemporaryDirectory() as folder:
        run, rows = Run(options, folder), []
        for kind in options.kinds.split(","):
            for encoding in encodings:
                for metric in options.metrics.split(","):
                    row = run.pair(kind, encoding, metric)
                    print(f"{kind}, {encoding}, {metric}: {row or 'refused'}", file=sys.stderr, flush=True)
                    if row:
                        rows.append(row)
    if options.output == "-":
        return print(json.dumps(rows))
    with open(options.output, "w") as file:
        file.write(page(run, rows))


if __name__ == "__main__":
    main()
