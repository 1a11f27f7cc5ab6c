#!/usr/bin/env python3
"""Seamstone against its peers: the same data, the same machine, alternating A B B A.

  Benchmarks/setup                                        once: makes .venv with the peers
  Benchmarks/compare.py search --data DIR/sift-1m         one figure
  Benchmarks/compare.py all --data DIR/sift-1m            every figure of that set
  Benchmarks/compare.py report                            the newest rows as a Markdown table

Each row is appended to WORK/results.jsonl and printed. Stores and indexes are built once in WORK and used again; delete
WORK/SET/bench.seam (or give --fresh) to build anew. Ratios are Seamstone / peer: the median over rounds, with a bootstrap 95 %
interval. One round is A B B A, each in a fresh process pinned to one core (builds: to two).
"""
import argparse
import os
import shutil
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def use_environment():
    """Runs this script again by the Python of .venv (or of SEAMSTONE_BENCH_PYTHON), if it is not that already."""
    python = os.environ.get("SEAMSTONE_BENCH_PYTHON") or os.path.join(HERE, ".venv", "bin", "python")
    if os.environ.get("SEAMSTONE_BENCH_READY") or not os.path.exists(python):
        return
    os.environ["SEAMSTONE_BENCH_READY"] = "1"
    os.execv(python, [python, os.path.abspath(__file__), *sys.argv[1:]])


SWEEP = "10,16,24,32,48,64,96,128,192,256,384"
INDEX_FIGURES = ("search", "build", "disk", "memory", "start", "confined", "churn")
STORE_FIGURES = ("ingest", "query", "upserts")
ENCODING_FIGURES = ("encodings", "recalls", "scan", "faiss", "conversion", "adc")
BITS_FIGURES = ("binary",)
LIST_FIGURES = ("ivf", "ivfbuild")
FOREST_FIGURES = ("annoy",)
SCAN_FIGURES = ("batch", "codes")


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("figure", choices=(*INDEX_FIGURES, *STORE_FIGURES, *ENCODING_FIGURES, *BITS_FIGURES, *LIST_FIGURES,
                                            *FOREST_FIGURES, *SCAN_FIGURES, "all", "report"),
                        help="ingest, query and upserts need objects (text-25k); these and batch the nested package's StoreBench")
    parser.add_argument("--data", help="folder with base, query and truth files")
    parser.add_argument("--metric", choices=("cosine", "l2-squared"), help="default: cosine for .npy, else l2-squared")
    parser.add_argument("--work", default=os.path.join(HERE, ".build-work"), help="stores, indexes, results.jsonl")
    parser.add_argument("--results", help="default: WORK/results.jsonl")
    parser.add_argument("--seamstone", help="the tool; default: $SEAMSTONE or .build/release/seamstone")
    parser.add_argument("--store-bench", help="default: Benchmarks/.build/release/StoreBench")
    parser.add_argument("--init", default="", help="more arguments for `seamstone init`, in one string")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of A B B A")
    parser.add_argument("--seconds", type=float, default=2, help="for each point of a sweep")
    parser.add_argument("--ef", default=SWEEP, help="beams of Seamstone")
    parser.add_argument("--peer-ef", default=SWEEP, help="beams of hnswlib")
    parser.add_argument("--encodings", default="int4,rabitq-4", help="for encodings: those that are compared with int8")
    parser.add_argument("--factory", default="", help="for faiss and ivf: only this one")
    parser.add_argument("--pick", type=int, default=0, help="the beam for memory and confined; default: the least with recall 0.95")
    parser.add_argument("--cpu", type=int, default=max(os.sched_getaffinity(0)), help="the core for one-thread runs")
    parser.add_argument("--fresh", action="store_true", help="forget what WORK holds for this set")
    options = parser.parse_args()
    if options.figure != "report" and not options.data:
        parser.error("--data is missing")
    return options


def main():
    use_environment()
    sys.path.insert(0, HERE)
    options = parse_options()
    options.work = os.path.abspath(options.work)
    os.makedirs(options.work, exist_ok=True)
    from harness import report

    results = options.results or os.path.join(options.work, "results.jsonl")
    if options.figure == "report":
        return print(report.markdown(results))
    if options.fresh:
        shutil.rmtree(os.path.join(options.work, os.path.basename(os.path.abspath(options.data))), ignore_errors=True)
    from harness import (annoy_figures, bits_figures, encoding_figures, flat_figures, index_figures, ivf_figures, processes,
                         store_figures)

    figures = [options.figure]
    if options.figure == "all":
        objects = os.path.exists(os.path.join(options.data, "objects.jsonl.gz"))
        figures = INDEX_FIGURES + (STORE_FIGURES if objects else ())
    bench, failed = index_figures.Bench(options, report.Report(results)), False
    for figure in figures:
        bench.report.say(f"== {figure}: {bench.set.name}")
        module = index_figures
        if figure in STORE_FIGURES:
            module = store_figures
        elif figure in ENCODING_FIGURES:
            module = encoding_figures
        elif figure in BITS_FIGURES:
            module = bits_figures
        elif figure in LIST_FIGURES:
            module = ivf_figures
        elif figure in FOREST_FIGURES:
            module = annoy_figures
        elif figure in SCAN_FIGURES:
            module = flat_figures
        try:
            getattr(module, "resident" if figure == "memory" else figure)(bench)
        except processes.Failure as error:
            failed = True
            bench.report.say(f"error: {error}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
