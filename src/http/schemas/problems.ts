/** Error responses of the OpenAPI document. */
import { PROBLEM_TYPE, ProblemDocument } from "../problem-document.ts";

const DESCRIPTIONS = {
  400: "The request is not valid.",
  401: "This takes a key, and there is none or not a valid one.",
  403: "The key does not allow this.",
  404: "There is no such thing.",
  406: "None of the representations is accepted.",
  409: "What there is does not allow this now.",
  412: "What is to be changed has another version.",
  413: "The body or a picture is too large.",
  415: "The body or a picture is of a kind that is not supported.",
  422: "A picture cannot be read.",
  424: "A picture's address did not lead to it.",
  429: "Asked too often. `retry-after` says when to try again.",
  500: "Something went wrong here.",
  502: "The model host or an address answered something else than expected.",
  503: "Too busy, or the model host is away. `retry-after` says when to try again.",
  504: "There was no answer in time.",
  507: "The catalogue is full.",
} as const;

/** `problems(400, 404)` for a route's `responses`. */
export function problems<Status extends keyof typeof DESCRIPTIONS>(...statuses: Status[]) {
  const response = (status: Status) => ({
    description: DESCRIPTIONS[status],
    content: { [PROBLEM_TYPE]: { schema: ProblemDocument } },
  });
  return Object.fromEntries(statuses.map((status) => [status, response(status)])) as Record<
    Status,
    ReturnType<typeof response>
  >;
}
