"""Runs experiments side by side, the first first, until the time is up; each one's figures are written when it ends."""

import json
import multiprocessing
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

import torch

import next_item
import slates

LAST = 12.0  # seconds before the end at which training stops, to measure and write what it reached
LEAST = 20.0  # seconds without which no run is begun


@dataclass(frozen=True)
class Job:
    """One run, or of `chain` several: stages that start from the first one's weights."""

    table: str  # of the results
    data: str  # file of the pack
    variant: str
    recipe: next_item.Recipe | slates.Recipe
    chain: tuple[str, ...] = ()
    save: bool = False  # the weights, beside the figures

    def path(self, out: Path, variant: str = "") -> Path:
        return out / self.table / self.data / f"{variant or self.variant}-{self.recipe.seed}.json"


def write(path: Path, figures: dict) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf8")


def run(job: Job, pack: Path, out: Path, deadline: float) -> dict:
    """Figures of the job (of a chain: of its first run); in a process of its own."""
    torch.set_num_threads(1)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    path = pack / f"{job.data}.npz"
    if isinstance(job.recipe, next_item.Recipe):
        _, figures = next_item.train(next_item.load(path), job.recipe, device, deadline)
        write(job.path(out), figures)
        return figures
    logs = slates.load(path)
    learner, figures = slates.train(logs, job.recipe, device, deadline)
    if job.save:
        job.path(out).parent.mkdir(parents=True, exist_ok=True)
        slates.save(learner, job.path(out).with_suffix(".pt"))
    write(job.path(out), figures)
    for stage in job.chain:
        if time.monotonic() > deadline:
            break
        _, found = slates.train(logs, slates.replace(job.recipe, stage=stage), device, deadline, learner)
        write(job.path(out, stage), found)
    return figures


def run_all(
    jobs: list[Job],
    following: Callable[[Job, dict], list[Job]],
    rank: Callable[[Job], tuple],
    pack: Path,
    out: Path,
    workers: int,
    seconds: float,
) -> None:
    """`following`: jobs that a finished one makes possible. What waits goes by `rank`, then in its order."""
    begun = time.monotonic()
    deadline = begun + seconds - LAST
    waiting, running = sorted(jobs, key=rank), {}
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        while waiting or running:
            while waiting and len(running) < workers and time.monotonic() < deadline - LEAST:
                job = waiting.pop(0)
                running[pool.submit(run, job, pack, out, deadline)] = job
            if not running:
                break
            done: set[Future]
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                job = running.pop(future)
                name = f"{job.table} {job.data} {job.variant} {job.recipe.seed}"
                if future.exception() is not None:
                    print(f"{name}: {future.exception()!r}", flush=True)
                    continue
                figures = future.result()
                print(f"{time.monotonic() - begun:.0f} s, {name}: {json.dumps(figures['test'])}", flush=True)
                waiting = sorted(waiting + following(job, figures), key=rank)
    for job in waiting:
        print(f"not run: {job.table} {job.data} {job.variant} {job.recipe.seed}", flush=True)
