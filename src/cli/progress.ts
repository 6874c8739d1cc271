/** A progress bar on standard error, when somebody is there to see it. */
import { SingleBar } from "cli-progress";

export interface Progress {
  advance(): void;
  stop(): void;
}

const SILENT: Progress = { advance() {}, stop() {} };

/** @param total number of steps; one step or a standard error that is no terminal gets no bar */
export function startProgress(total: number, what: string): Progress {
  if (total < 2 || !process.stderr.isTTY) return SILENT;
  const bar = new SingleBar({
    format: `${what} {bar} {value}/{total} · {eta_formatted} left`,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    stream: process.stderr,
  });
  bar.start(total, 0);
  return { advance: () => bar.increment(), stop: () => bar.stop() };
}
