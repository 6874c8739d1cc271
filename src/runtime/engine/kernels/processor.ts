/** What this processor's relaxed dot product is made of; found once, when the module starts. */
import { multipliesInOneStep } from "./dot";

export let oneStep: bool = multipliesInOneStep();

/** Chooses the kernels by hand: both give the same results everywhere, so tests and benchmarks may take either. */
export function choose(one: bool): void {
  oneStep = one;
}
