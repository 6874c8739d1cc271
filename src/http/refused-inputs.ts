/** All or nothing: when one of several pictures is refused, the request fails and names each of them. */
import { Problem } from "../problem.ts";
import type { InputError } from "./problem-document.ts";

export interface RefusedInput {
  readonly index: number;
  readonly problem: Problem;
}

/** Some inputs of a request were refused. Its status is theirs when they agree, else 422. */
export class RefusedInputsError extends Problem {
  readonly errors: readonly InputError[];
  readonly param = "input";
  readonly #refused: readonly RefusedInput[];

  constructor(refused: readonly RefusedInput[], total: number) {
    const [first] = refused;
    if (!first) throw new RangeError("nothing was refused");
    const statuses = new Set(refused.map(({ problem }) => problem.status));
    const retryAfter = Math.max(...refused.map(({ problem }) => problem.retryAfter ?? 0));
    super({
      status: statuses.size === 1 ? first.problem.status : 422,
      code: "inputs-refused",
      title: "Some inputs were refused",
      detail: `${refused.length} of ${total} inputs were refused. Input ${first.index}: ${first.problem.message}`,
      hint: "The request is all or nothing: leave out or repair the inputs that `errors` names.",
      ...(retryAfter > 0 && { retryAfter }),
    });
    this.#refused = refused;
    this.errors = refused.map(({ index, problem: { code, message: detail, hint } }) => ({
      index,
      code,
      detail,
      ...(hint !== undefined && { hint }),
    }));
  }

  /** The same of a longer list, in which the inputs stand at these places. */
  at(places: readonly number[], total: number): RefusedInputsError {
    const moved = this.#refused.map(({ index, problem }) => ({ index: places[index]!, problem }));
    return new RefusedInputsError(moved, total);
  }
}

/** The one problem of a request whose inputs were refused. */
export function refusal(refused: readonly RefusedInput[], total: number): Problem {
  const [first] = refused;
  return total === 1 && first ? first.problem : new RefusedInputsError(refused, total);
}
