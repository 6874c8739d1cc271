/** What went wrong, in the shape in which the page shows it. */
import { ConnectionError, ProblemError } from "../../../src/client/index.ts";
import { Problem } from "../../../src/problem.ts";

export interface ProblemText {
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly hint?: string;
}

/** An error that a visitor can read. Same fields as the API's problem details. */
export class PageProblem extends Error {
  override readonly name = "PageProblem";
  readonly text: ProblemText;

  constructor(text: ProblemText, cause?: unknown) {
    super(text.detail, { cause });
    this.text = text;
  }
}

/** Any thrown value as a readable problem. */
export function problemText(thrown: unknown): ProblemText {
  if (thrown instanceof PageProblem) return thrown.text;
  if (thrown instanceof Problem) {
    const { code, title, message, hint } = thrown;
    return { code, title, detail: message, ...(hint === undefined ? {} : { hint }) };
  }
  if (thrown instanceof ProblemError) {
    const { code, title, detail, hint } = thrown.problem;
    return { code, title, detail, ...(hint === undefined ? {} : { hint }) };
  }
  if (thrown instanceof ConnectionError) {
    return {
      code: "unreachable",
      title: "The server cannot be reached",
      detail: thrown.message,
      hint: "Check the connection and try again.",
    };
  }
  return {
    code: "unexpected",
    title: "Something went wrong",
    detail: thrown instanceof Error ? thrown.message : String(thrown),
    hint: "Try again. If it happens again, try another encoder.",
  };
}

/** The detail as a clause: the engine's own name in front and the full stop are left out. */
export function reasonOf(thrown: unknown): string {
  const detail = problemText(thrown).detail.replace(/^(?:Engine|Model) "[^"]*": /, "");
  return detail.charAt(0).toLowerCase() + detail.slice(1).replace(/\.$/, "");
}

const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

/** Reads an RFC 9457 problem from a failed response; a body that is none still gives a readable problem. */
export async function responseProblem(response: Response): Promise<PageProblem> {
  const body: unknown = await response.json().catch(() => undefined);
  const fields = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
  const hint = text(fields.hint);
  return new PageProblem({
    code: text(fields.code) ?? text(fields.type)?.split("/").at(-1) ?? `http-${response.status}`,
    title: text(fields.title) ?? "The server refused the picture",
    detail: text(fields.detail) ?? `The server answered ${response.status} ${response.statusText}.`,
    ...(hint === undefined ? {} : { hint }),
  });
}
