/** `npm run origin` as it is built, in a process of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

export interface OriginCommand {
  readonly process: ChildProcess;
  /** All that it has said. */
  said(): string;
  /** Its exit status; null when a signal ended it. */
  readonly ended: Promise<number | null>;
}

export function startCommand(options: readonly string[], secret = ""): OriginCommand {
  const process_ = spawn(process.execPath, ["dist/origin/origin.js", ...options], {
    env: { ...process.env, ORIGIN_SECRET: secret },
  });
  let said = "";
  for (const stream of [process_.stdout, process_.stderr]) stream.on("data", (text) => (said += text));
  const ended = once(process_, "exit").then(([code]) => code as number | null);
  return { process: process_, said: () => said, ended };
}
