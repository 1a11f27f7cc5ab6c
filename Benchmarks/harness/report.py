"""Rows of results: appended as JSON lines, printed, and turned into a Markdown table."""
import json
import os
import platform
import subprocess
import sys
import time

from harness import product


def machine():
    model = "unknown"
    with open("/proc/cpuinfo") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    return {"cpu": model, "cores": os.cpu_count(), "kernel": platform.release(), "load": os.getloadavg()[0]}


def commit():
    found = subprocess.run(["git", "-C", product.ROOT, "rev-parse", "--short", "HEAD"], capture_output=True, text=True)
    return found.stdout.strip() or "unknown"


class Report:
    def __init__(self, path):
        self.path = path

    def say(self, text):
        print(text, file=sys.stderr, flush=True)

    def row(self, figure, data, target=None, at_least=True, **values):
        """`target` bounds the ratio ours / theirs from below (`at_least`) or from above."""
        ratio = values.get("ratio")
        met = None if target is None or ratio is None else (ratio >= target if at_least else ratio <= target)
        sign = "≥" if at_least else "≤"
        record = {"figure": figure, "data": data, **values, "target": target and f"{sign} {target:g}", "met": met,
                  "command": "Benchmarks/compare.py " + " ".join(sys.argv[1:]), "commit": commit(), "machine": machine(),
                  "date": time.strftime("%Y-%m-%d %H:%M")}
        with open(self.path, "a") as file:
            file.write(json.dumps(record) + "\n")
        print(json.dumps({name: value for name, value in record.items() if name not in ("machine", "command", "commit", "date")}))
        sys.stdout.flush()


def shown(value, unit=""):
    if value is None:
        return "–"
    if isinstance(value, (int, float)):
        text = f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
        return f"{text} {unit}".strip()
    return str(value)


def markdown(path):
    """The newest row of each (figure, data) as a Markdown table, then the commands that made them."""
    newest = {}
    with open(path) as file:
        for line in file:
            record = json.loads(line)
            newest[record["figure"], record["data"]] = record
    lines = ["| figure | data | Seamstone | peer | ratio (95 % interval) | target | |", "| --- | --- | ---: | ---: | ---: | ---: | --- |"]
    for (figure, data), r in newest.items():
        interval = f" ({r['low']:.2f}–{r['high']:.2f})" if "low" in r else ""
        ratio = f"{r['ratio']:.2f}{interval}" if r.get("ratio") is not None else "–"
        verdict = {True: "met", False: "missed", None: ""}[r["met"]]
        peer = f"{shown(r.get('theirs'), r.get('unit', ''))} {r.get('peer', '')}".strip()
        lines.append(f"| {figure} | {data} | {shown(r.get('ours'), r.get('unit', ''))} | {peer} | {ratio} | {r['target'] or ''} | {verdict} |")
    lines += ["", "Made by:", ""] + [f"- `{command}`" for command in dict.fromkeys(r["command"] for r in newest.values())]
    last = list(newest.values())[-1]
    lines += ["", f"{last['machine']['cpu']}, {last['machine']['cores']} cores, Linux {last['machine']['kernel']}; commit {last['commit']}, {last['date']}."]
    return "\n".join(lines)
