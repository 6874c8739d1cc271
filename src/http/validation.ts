/** What a failed validation says to the caller. */
import type { OpenAPIHonoOptions } from "@hono/zod-openapi";
import type { z } from "zod";
import { Problem } from "../problem.ts";
import type { AppEnv } from "./context.ts";
import { embeddingInputs, isTokens, TokenInputError } from "./embedding-input.ts";
import { MAX_INPUTS } from "./limits.ts";
import { InvalidInputError } from "./picture-input.ts";

/** A field of the request is missing, unknown or out of range. */
export class InvalidRequestError extends Problem {
  readonly param: string;

  constructor(detail: string, param: string) {
    super({
      status: 400,
      code: "invalid-request",
      title: "The request is not valid",
      detail,
      hint: "The fields are described at /docs and in /openapi.json.",
    });
    this.param = param;
  }
}

type Issue = z.core.$ZodIssue;

function issueText(issue: Issue): string {
  const path = issue.path.map(String).join(".");
  return path === "" ? `${issue.message}.` : `${path}: ${issue.message}.`;
}

/** Why `input` fits none of the accepted forms. */
function inputProblem(input: unknown): Problem {
  if (input === undefined) return new InvalidInputError("There is no input.");
  if (isTokens(input)) return new TokenInputError();
  if (!Array.isArray(input)) return new InvalidInputError("The input is of no accepted form.");
  if (input.length === 0) return new InvalidInputError("The input is empty.");
  if (input.length > MAX_INPUTS) {
    return new InvalidInputError(`There are ${input.length} inputs; at most ${MAX_INPUTS} are accepted.`);
  }
  try {
    embeddingInputs(input);
  } catch (error) {
    if (error instanceof Problem) return error;
  }
  return new InvalidInputError("An input is of no accepted form.");
}

/** The problem that a validation error stands for. `value` is what was validated, where it is known. */
export function validationProblem(issues: readonly Issue[], value: unknown): Problem {
  const param = String(issues[0]?.path[0] ?? "");
  if (param === "input") {
    const { input } = value as { input?: unknown };
    return inputProblem(input);
  }
  return new InvalidRequestError(issues.slice(0, 5).map(issueText).join(" "), param);
}

/** Turns failed validations of any route into problems. */
export const validationHook: NonNullable<OpenAPIHonoOptions<AppEnv>["defaultHook"]> = async (result, c) => {
  if (result.success) return;
  const value = result.target === "json" ? await c.req.json() : {};
  throw validationProblem(result.error.issues, value);
};

interface Schema<Output> {
  safeParse(
    value: unknown,
  ):
    | { success: true; data: Output }
    | { success: false; error: { issues: Parameters<typeof validationProblem>[0] } };
}

/** What a field's text stands for. @throws {InvalidRequestError} */
export function parsed<Output>(schema: Schema<Output>, value: unknown, param: string): Output {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problem = validationProblem(result.error.issues, value);
  throw new InvalidRequestError(`${param}: ${problem.message}`, param);
}
