"""Sizes of sections, read from segment files by their documented format (FileFormat)."""
import glob
import os
import struct


def sections(path):
    """Bytes of each section of one file by its four letters, with the number of rows as `count`."""
    with open(path, "rb") as file:
        header = file.read(128)
        table, number = struct.unpack_from("<QI", header, 96)
        file.seek(table)
        entries = [struct.unpack_from("<4sIQQ", file.read(32)) for _ in range(number)]
    sizes = {kind.decode(): length for kind, _, _, length in entries}
    return {**sizes, "count": struct.unpack_from("<Q", header, 32)[0]}


def of_store(store):
    """The sums over all segments of a store."""
    total = {}
    for path in glob.glob(os.path.join(store, "segments", "*.seg")):
        for name, size in sections(path).items():
            total[name] = total.get(name, 0) + size
    return total


GRAPH = ("rank", "rrow", "lnk0", "lnkU", "entr", "dups", "docs", "oids", "kind", "list")


def vector_bytes(store):
    """Bytes of a vector in the segments, with its share of the codebook, without graph and DocIDs."""
    sizes = of_store(store)
    return sum(size for name, size in sizes.items() if name not in (*GRAPH, "count")) / sizes["count"]
