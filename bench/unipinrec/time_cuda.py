"""The same graphs by ONNX Runtime's CUDA provider: `python bench/unipinrec/time_cuda.py --graphs DIR`, as README.md says.

Needs onnxruntime-gpu. Inputs come from the CPU's memory and answers go there; keys and values stay on the GPU.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch  # brings the CUDA libraries

import onnxruntime as ort

from timing import milliseconds

FULL = ("full-split", "full-dense")
OURS, TWO = "shared keys and values", "two models"


class Graph:
    """One graph. `kept` outputs stay on the device."""

    def __init__(self, folder: Path, name: str, setup: "Setup", kept: tuple[str, ...] = ()):
        options = ort.SessionOptions()
        options.log_severity_level = 3
        path = folder / f"unipinrec.{name}.{setup.precision}.onnx"
        self.session = ort.InferenceSession(str(path), options, providers=setup.providers)
        if setup.providers[0] not in self.session.get_providers():
            raise SystemExit(f"onnxruntime {ort.__version__} has no working {setup.providers[0]}")
        self.device, self.kept = setup.device, kept
        self.outputs = [output.name for output in self.session.get_outputs()]

    def run(self, feeds: dict) -> dict:
        """Arrays of the CPU, or values that an earlier graph kept."""
        binding = self.session.io_binding()
        for name, value in feeds.items():
            if isinstance(value, np.ndarray):
                binding.bind_cpu_input(name, value)
            else:
                binding.bind_ortvalue_input(name, value)
        for name in self.outputs:
            binding.bind_output(name, self.device if name in self.kept else "cpu")
        self.session.run_with_iobinding(binding)
        found = dict(zip(self.outputs, binding.get_outputs()))
        return {name: value if name in self.kept else value.numpy() for name, value in found.items()}


class Setup:
    """Made-up users and items, the same for all."""

    def __init__(self, arguments: argparse.Namespace):
        self.graphs, self.precision, self.n, self.k = arguments.graphs, arguments.precision, arguments.n, arguments.k
        self.device = arguments.device
        self.providers = ["CUDAExecutionProvider"] if arguments.device == "cuda" else ["CPUExecutionProvider"]
        self.number = np.float16 if arguments.precision == "fp16" else np.float32
        self.forms = [form for form in arguments.forms.split(",") if (self.graphs / form / "manifest.json").exists()]
        self.about = json.loads((self.graphs / self.forms[0] / "manifest.json").read_text())
        draw = np.random.default_rng(7)
        vectors = draw.standard_normal((arguments.items, self.about["dimensions"]), dtype=np.float32)
        self.vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        self.table, self.searched = self.vectors.astype(self.number), torch.from_numpy(self.vectors)
        start = np.fromfile(self.graphs / self.forms[0] / "unipinrec.start.bin", "<f4")
        self.start = start.reshape(2, self.about["layers"], 1, self.about["heads"], 1, self.about["head_dimensions"])
        self.histories: dict[int, dict] = {}

    def history(self, users: int) -> dict:
        if users not in self.histories:
            draw, shape = np.random.default_rng(users), (users, self.n)
            past = np.repeat(self.start, users, axis=2).astype(self.number)
            self.histories[users] = {
                "items": self.table[draw.integers(0, len(self.table), shape)],
                "actions": (draw.random((*shape, len(self.about["actions"]))) < 0.3).astype(self.number),
                "gaps": (draw.random(shape) * 14).astype(self.number),
                "surfaces": draw.integers(0, 5, shape),
                "lengths": np.full(users, self.n, np.int64),
                "past_keys": past[0],
                "past_values": past[1],
            }
        return self.histories[users]

    def tokens(self, users: int) -> dict:
        return {name: x for name, x in self.history(users).items() if not name.startswith("past_")}

    def moment(self, users: int) -> dict:
        return {"gap": np.full(users, 8, self.number), "surface": np.ones(users, np.int64)}

    def lengths(self, users: int) -> np.ndarray:
        return np.full(users, self.n + 1, np.int64)

    def some(self, users: int) -> np.ndarray:
        return self.table[np.arange(users * self.k) % len(self.table)].reshape(users, self.k, -1)

    def retrieved(self, query: np.ndarray) -> np.ndarray:
        """Vectors of the k nearest items, by exact search on the CPU."""
        scores = torch.from_numpy(query.astype(np.float32)) @ self.searched.T
        return self.table[scores.topk(self.k, dim=1).indices.numpy()]


def contestants(setup: Setup, form: str, users: int) -> dict[str, Callable[[], object]]:
    """What ranks; each opens its graphs when it is called first."""
    folder, opened = setup.graphs / form, {}

    def graph(name: str, kept: tuple[str, ...] = ()) -> Graph:
        key = name, kept
        if key not in opened:
            opened[key] = Graph(folder, name, setup, kept)
        return opened[key]

    def ranked(kept: tuple[str, ...]) -> Callable[[], object]:
        cache: dict = {}

        def rank() -> object:
            if not cache:
                found = graph("history", kept).run(setup.history(users))
                cache.update(keys=found["keys"], values=found["values"], lengths=setup.lengths(users))
            return graph("candidates").run({"items": setup.some(users), **setup.moment(users), **cache})

        return rank

    both = ("keys", "values")
    whole = {
        kind: lambda kind=kind: graph(kind).run(
            {**setup.tokens(users), "candidates": setup.some(users), **setup.moment(users)}
        )
        for kind in FULL
    }
    return {
        "history": lambda: graph("history", both).run(setup.history(users)),
        **whole,
        "keys and values through the CPU": ranked(()),
        "keys and values on the GPU": ranked(both),
    }


class Report:
    def __init__(self, arguments: argparse.Namespace):
        self.path, self.rows = arguments.out, []
        gpu = torch.cuda.get_device_name() if arguments.device == "cuda" else "none"
        self.machine = {"gpu": gpu, "onnxruntime": ort.__version__, "provider": arguments.device}

    def add(self, case: str, subject: str, unit: str, figure: float, against: tuple[str, float] | None = None) -> None:
        ratio = figure / against[1] if against else None
        row = {"case": case, "subject": subject, "unit": unit, "median": figure}
        self.rows.append({**row, "against": against[0] if against else None, "ratio": ratio})
        print(f"{case} | {subject} | {figure:.4g} {unit}" + (f" ({ratio:.3f} of {against[0]})" if against else ""), flush=True)
        report = {"bench": "unipinrec-cuda", "machine": self.machine, "rows": self.rows}
        self.path.write_text(json.dumps(report, indent=2) + "\n")


def ranking(setup: Setup, report: Report, rounds: int) -> dict[str, float]:
    """One user, all forms -> medians by `name, form`."""
    medians: dict[str, float] = {}
    for form in setup.forms:
        for name, call in contestants(setup, form, 1).items():
            try:
                medians[f"{name}, {form}"] = milliseconds(call, rounds)
            except Exception as error:  # the other figures count all the same
                print(f"{name}, {form}: {error}", file=sys.stderr)
    full = best(medians, "full-")
    for name, figure in medians.items():
        compared = None if name == full else (full, medians[full])
        report.add(f"one user, n={setup.n}, k={setup.k}", name, "ms", figure, compared)
    return medians


def best(medians: dict[str, float], start: str) -> str:
    return min((name for name in medians if name.startswith(start)), key=medians.__getitem__)


def batches(setup: Setup, report: Report, medians: dict[str, float], users: list[int], rounds: int, torch_rows: list) -> None:
    chosen = {"history": "history, ", "candidates": "keys and values on the GPU, ", "full": "full-"}
    for count in users:
        for graph, start in chosen.items():
            name, form = best(medians, start).rsplit(", ", 1)
            case = f"{graph}, {count} user{'s'[: count != 1]}"
            eager = [row["median"] for row in torch_rows if row["case"] == case and row["subject"] == "PyTorch eager"]
            try:
                figure = milliseconds(contestants(setup, form, count)[name], max(5, round(rounds / count**0.5)))
                compared = ("PyTorch eager", eager[0]) if eager else None
                report.add(case, f"ONNX Runtime {setup.device}, {form}", "ms", figure, compared)
            except Exception as error:
                print(f"{case}: {error}", file=sys.stderr)


def cascades(setup: Setup, medians: dict[str, float]) -> dict[str, Callable[[int], object]]:
    both = ("keys", "values")
    form_of = {start: best(medians, start).rsplit(", ", 1) for start in ("history, ", "keys and values on the GPU, ", "full-")}
    history = Graph(setup.graphs / form_of["history, "][1], "history", setup, both)
    candidates = Graph(setup.graphs / form_of["keys and values on the GPU, "][1], "candidates", setup)
    retrieval = Graph(setup.graphs / form_of["history, "][1], "retrieval", setup)
    kind, form = form_of["full-"]
    full = Graph(setup.graphs / form, kind, setup)

    def shared(users: int) -> object:
        found = history.run(setup.history(users))
        cache = {"keys": found["keys"], "values": found["values"], "lengths": setup.lengths(users)}
        return candidates.run({"items": setup.retrieved(found["query"]), **setup.moment(users), **cache})

    def two(users: int) -> object:
        query = retrieval.run(setup.history(users))["query"]
        return full.run({**setup.tokens(users), "candidates": setup.retrieved(query), **setup.moment(users)})

    return {TWO: two, OURS: shared}


def closed_loop(serve: Callable[[int], object], callers: int, most: int, seconds: float) -> tuple[float, float, float]:
    """Callers that ask again as soon as they have an answer -> requests a second, p50 and p99 in ms."""
    started = now = time.perf_counter()
    waiting, latencies = [started] * callers, []
    while now - started < seconds:
        batch, waiting = waiting[:most], waiting[most:]
        serve(len(batch))
        now = time.perf_counter()
        latencies += [(now - asked) * 1000 for asked in batch]
        waiting += [now] * len(batch)
    p50, p99 = np.percentile(latencies, [50, 99], method="higher")
    return len(latencies) / (now - started), float(p50), float(p99)


def load(setup: Setup, report: Report, medians: dict[str, float], arguments: argparse.Namespace) -> None:
    served = cascades(setup, medians)
    figures = {name: milliseconds(lambda serve=serve: serve(1), arguments.rounds) for name, serve in served.items()}
    report.add("cascade, one user", TWO, "ms", figures[TWO])
    report.add("cascade, one user", OURS, "ms", figures[OURS], (TWO, figures[TWO]))
    for most in map(int, arguments.max_batch.split(",")):
        found: dict[str, list[tuple[float, float, float]]] = {}
        for name, serve in served.items():
            for callers in map(int, arguments.callers.split(",")):
                for _ in range(2):
                    serve(min(callers, most))
                one = closed_loop(serve, callers, most, arguments.seconds)
                found.setdefault(name, []).append(one)
                case = f"batches up to {most}, {callers} caller{'s'[: callers != 1]}"
                report.add(case, name, "requests/s", one[0])
                report.add(f"{case}: p50", name, "ms", one[1])
                report.add(f"{case}: p99", name, "ms", one[2])
        for _, _, p99 in found[TWO]:
            two, ours = (max((rps for rps, _, late in found[name] if late <= p99), default=0.0) for name in (TWO, OURS))
            if ours:
                case = f"batches up to {most}, most requests within {p99:.0f} ms at p99"
                report.add(case, TWO, "requests/s", two)
                report.add(case, OURS, "requests/s", ours, (TWO, two))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--graphs", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("unipinrec-cuda.json"))
    parser.add_argument("--torch", type=Path, help="a report of time_torch.py, to compare with")
    parser.add_argument("--forms", default="stock,attention,all")
    parser.add_argument("--precision", default="fp16")
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--users", default="1,4,16,64")
    parser.add_argument("--callers", default="1,2,4,8,16,32,64")
    parser.add_argument("--max-batch", default="1,16")
    parser.add_argument("--seconds", type=float, default=3)
    for name, default in (("n", 992), ("k", 656), ("items", 50_000), ("rounds", 20)):
        parser.add_argument(f"--{name}", type=int, default=default)
    arguments = parser.parse_args()
    setup, report = Setup(arguments), Report(arguments)
    torch_rows = json.loads(arguments.torch.read_text())["rows"] if arguments.torch and arguments.torch.exists() else []
    medians = ranking(setup, report, arguments.rounds)
    batches(setup, report, medians, [int(one) for one in arguments.users.split(",")], arguments.rounds, torch_rows)
    load(setup, report, medians, arguments)


if __name__ == "__main__":
    main()
