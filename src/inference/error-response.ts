/** Errors as the Open Inference Protocol answers them. */
import { Problem } from "../problem.ts";

/** `{"error": "…"}` with the status and `Retry-After` that fit; what is no {@link Problem} stays inside. */
export function errorResponse(error: unknown): Response {
  if (!(error instanceof Problem)) {
    console.error(error);
    return Response.json({ error: "The host failed unexpectedly." }, { status: 500 });
  }
  const headers: Record<string, string> = {};
  if (error.retryAfter !== undefined) headers["retry-after"] = String(error.retryAfter);
  const text = error.hint === undefined ? error.message : `${error.message} ${error.hint}`;
  return Response.json({ error: text }, { status: error.status, headers });
}
