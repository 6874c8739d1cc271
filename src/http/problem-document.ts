/** The JSON of an error. */
import { z } from "@hono/zod-openapi";
import type { Problem } from "../problem.ts";

export const PROBLEM_TYPE = "application/problem+json";

/** One of several inputs that was refused, by its place in the request. */
export const InputError = z
  .object({
    index: z.int().min(0).openapi({ description: "Place in `input`, from 0." }),
    code: z.string().openapi({ example: "invalid-picture" }),
    detail: z.string(),
    hint: z.string().optional(),
  })
  .openapi("InputError");
export type InputError = z.infer<typeof InputError>;

export const ProblemDocument = z
  .object({
    type: z.string().openapi({ example: "urn:corkboard:problem:invalid-picture" }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string().openapi({ description: "Short, stable name of the kind of problem." }),
    hint: z.string().optional().openapi({ description: "What to do about it." }),
    requestId: z.string().optional(),
    errors: z.array(InputError).optional(),
    error: z
      .object({
        message: z.string(),
        type: z.enum(["invalid_request_error", "rate_limit_error", "server_error"]),
        code: z.string(),
        param: z.string().nullable(),
      })
      .openapi({ description: "The same for clients of OpenAI's API, which read this member." }),
  })
  .openapi("Problem", { description: "RFC 9457 problem details." });
export type ProblemDocument = z.infer<typeof ProblemDocument>;

/** A problem that knows which inputs, or which parameter, it is about. */
export interface Attributed {
  readonly errors?: readonly InputError[];
  readonly param?: string;
}

function openAiErrorType(status: number): ProblemDocument["error"]["type"] {
  if (status === 429) return "rate_limit_error";
  return status >= 500 ? "server_error" : "invalid_request_error";
}

export function problemDocument(problem: Problem & Attributed, requestId?: string): ProblemDocument {
  const { title, status, message: detail, code, hint, errors, param } = problem;
  return {
    type: `urn:corkboard:problem:${code}`,
    title,
    status,
    detail,
    code,
    ...(hint !== undefined && { hint }),
    ...(requestId !== undefined && { requestId }),
    ...(errors && { errors: [...errors] }),
    error: {
      message: hint === undefined ? detail : `${detail} ${hint}`,
      type: openAiErrorType(status),
      code: code.replaceAll("-", "_"),
      param: param ?? null,
    },
  };
}
