"""Which runs follow from which: chosen by validation, never by the test."""

import next_item
import slates
from experiments import EPOCHS, SEEDS, Chooser, left, rank, tuning
from jobs import Job, write


def figures(job: Job, valid: float, test: float) -> dict:
    found = {"ndcg10": valid, "auc_save": valid, "recall10": valid, "epoch": 7}
    return {"valid": found, "test": {"ndcg10": test}}


def finished(tables: list[str], out) -> tuple[list[Job], list[Job]]:
    """Tuning, of which the second recipe is best by validation and the first by test; and what follows."""
    jobs = tuning(tables, quick=False)
    chooser = Chooser(jobs, tables, out, quick=False)
    followed = []
    for job in jobs:
        at = int(job.variant[-1])
        followed += chooser(job, figures(job, valid=0.5 if at == 1 else 0.4, test=1.0 - at))
    return jobs, followed


def test_the_best_by_validation_goes_on_with_the_other_seeds(tmp_path):
    jobs, followed = finished(["retrieval"], tmp_path)
    chosen = {(job.data, job.recipe.model): job.recipe for job in jobs if job.variant.endswith("-1")}
    assert followed
    for job in followed:
        recipe = chosen[job.data, job.recipe.model]
        assert (job.recipe.width, job.recipe.layers, job.recipe.dropout) == (recipe.width, recipe.layers, recipe.dropout)
    strict = [job for job in followed if job.data == "ml-1m" and job.recipe.hold_out_valid]
    assert sorted(job.recipe.seed for job in strict if job.recipe.model == "sasrec") == list(SEEDS)


def test_what_learns_the_validation_item_runs_a_number_of_epochs_that_is_fixed(tmp_path):
    _, followed = finished(["retrieval"], tmp_path)
    whole = [job.recipe for job in followed if not job.recipe.hold_out_valid]
    assert len(whole) == 2 * len(SEEDS)
    assert all(isinstance(one, next_item.Recipe) and (one.stop, one.epochs) == (0, EPOCHS["ml-1m"]) for one in whole)


def test_what_is_there_is_not_run_again(tmp_path):
    tables = ["retrieval"]
    jobs = tuning(tables, quick=False)
    for job in jobs:
        write(job.path(tmp_path), figures(job, valid=0.5 if job.variant.endswith("-1") else 0.4, test=0.0))
    first = left(jobs, Chooser(jobs, tables, tmp_path, quick=False), tmp_path)
    assert first and all(job.table == "retrieval" for job in first)
    write(first[0].path(tmp_path), {})
    assert left(jobs, Chooser(jobs, tables, tmp_path, quick=False), tmp_path) == first[1:]


def test_nothing_follows_before_all_candidates_of_a_set_are_measured(tmp_path):
    tables = ["stages"]
    jobs = tuning(tables, quick=False)
    chooser = Chooser(jobs, tables, tmp_path, quick=False)
    showroom = [job for job in jobs if job.data == "showroom"]
    made = [chooser(job, figures(job, 0.5, 0.5)) for job in showroom]
    assert made[:-1] == [[]] * (len(showroom) - 1)
    assert {job.data for job in made[-1]} == {"showroom"}


def test_all_stages_have_every_seed_and_the_same_network_and_steps(tmp_path):
    _, followed = finished(["stages"], tmp_path)
    for data in ("ml-100k", "showroom"):
        runs = [job for job in followed if job.table == "stages" and job.data == data]
        found = {(stage, job.recipe.seed) for job in runs for stage in (job.variant, *job.chain)}
        found.add(("joint", SEEDS[0]))  # of tuning
        assert found == {(stage, seed) for stage in slates.STAGES for seed in SEEDS}
        assert len({(job.recipe.width, job.recipe.layers, job.recipe.steps, job.recipe.longest) for job in runs}) == 1


def test_the_interleaved_form_has_equal_tokens(tmp_path):
    _, followed = finished(["forms", "stages"], tmp_path)
    joint = {job.data: job.recipe for job in followed if job.table == "stages"}
    forms = [job for job in followed if job.table == "forms"]
    assert {job.recipe.seed for job in forms} == set(SEEDS)
    assert all(job.recipe.interleaved and 2 * job.recipe.longest == joint[job.data].longest for job in forms)


def test_shipped_weights_and_first_seeds_go_first(tmp_path):
    _, followed = finished(["retrieval", "stages", "masks"], tmp_path)
    ordered = sorted(followed, key=rank)
    assert [job.table for job in ordered[: len(SEEDS)]] == ["shipped"] * len(SEEDS)
    assert all(job.save == (job.table == "shipped") for job in ordered)
    retrieval = [job for job in ordered if job.table == "retrieval" and job.data == "ml-1m"]
    assert [job.recipe.hold_out_valid for job in retrieval] == sorted(job.recipe.hold_out_valid for job in retrieval)
