/** A server that answers as it is told, and time that passes as it is told. */
import { vi } from "vitest";
import { Corkboard } from "../../src/client/index.ts";

export type Answer = Response | Error | ((init: RequestInit) => Response | Promise<Response>);

/** Answers one after the other; the last again and again. */
export function server(...answers: Answer[]) {
  const calls: { url: string; init: RequestInit }[] = [];
  const fetch = async (url: string, init: RequestInit) => {
    calls.push({ url, init });
    const answer = answers[Math.min(calls.length, answers.length) - 1]!;
    if (answer instanceof Error) throw answer;
    return typeof answer === "function" ? answer(init) : answer.clone();
  };
  return { calls, corkboard: new Corkboard({ baseUrl: "https://cork.example/", fetch }) };
}

export function problem(status: number, code: string, headers: Record<string, string> = {}): Response {
  const body = {
    type: `urn:corkboard:problem:${code}`,
    title: "No",
    status,
    detail: "No.",
    code,
    hint: "Wait.",
  };
  return Response.json(body, { status, headers });
}

export const ok = () => Response.json({ items: 1 });
export const offline = new TypeError("fetch failed");

/** Lets all waits pass. */
export async function settled<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => undefined);
  await vi.runAllTimersAsync();
  return promise;
}
