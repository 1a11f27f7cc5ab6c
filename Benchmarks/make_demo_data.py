#!/usr/bin/env python3
"""Cuts the data of `seamstone demo` out of the text-25k set.

  make_demo_data.py TEXT_25K OUT [--rows 3000] [--queries 100]

Takes the first rows whose source is WordNet, in order, and stores each vector as int8, scaled by 127 / its own largest
component (cosine does not see the scale). The output is a pure function of the input: gzip carries no time.
"""
import argparse
import gzip
import json
import os

import numpy as np


def read_objects(path):
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def cut(objects, vectors, rows):
    """The first `rows` WordNet objects, renumbered, with their vectors as int8."""
    chosen = [row for row, item in enumerate(objects) if item["source"] == "wordnet"][:rows]
    kept = [
        {"id": number, "title": objects[row]["title"], "section": objects[row]["section"], "text": objects[row]["text"]}
        for number, row in enumerate(chosen)
    ]
    floats = vectors[chosen].astype(np.float32)
    floats *= 127 / np.abs(floats).max(axis=1, keepdims=True)
    return kept, np.rint(floats).astype(np.int8)


def write(folder, name, objects, vectors):
    text = "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in objects)
    with open(os.path.join(folder, name + ".jsonl.gz"), "wb") as raw:
        with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=raw, mtime=0) as file:
            file.write(text.encode())
    np.save(os.path.join(folder, name + ".npy"), vectors)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source")
    parser.add_argument("out")
    parser.add_argument("--rows", type=int, default=3000)
    parser.add_argument("--queries", type=int, default=100)
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    for name, objects, vectors, rows in (
        ("words", "objects.jsonl.gz", "base-f16.npy", options.rows),
        ("queries", "queries.jsonl.gz", "query-f16.npy", options.queries),
    ):
        write(options.out, name, *cut(
            read_objects(os.path.join(options.source, objects)),
            np.load(os.path.join(options.source, vectors)), rows))


if __name__ == "__main__":
    main()
