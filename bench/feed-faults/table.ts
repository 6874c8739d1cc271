/** The table of `docs/feed.md`, from a result. */

export interface Phase {
  readonly fault: string;
  readonly pages: number;
  readonly paths: Readonly<Record<string, number>>;
  readonly errors: Readonly<Record<string, number>>;
  readonly late: number;
}

export interface Events {
  readonly sentOrAnswered: number;
  readonly lost: number;
}

const MEANINGS: Readonly<Record<string, string>> = {
  none: "nothing",
  killed: "killed: nobody listens",
  hung: "takes requests, never answers",
  slow: "answers a second late",
  garbage: "answers nonsense",
  "status-500": "answers 500",
  "wrong-revision": "answers in another revision's name",
  "clock-skew": "its clock is five minutes ahead, clients' are off too",
  restarted: "killed again and again under load, started again each time",
  evicted: "no memory for keys and values between requests",
};

export function faultTable(phases: readonly Phase[], { sentOrAnswered, lost }: Events): string {
  const count = (one: number) => one.toLocaleString("en-US");
  const rows = phases.map(({ fault, pages, paths, errors, late }) => {
    const failed = Object.values(errors).reduce((sum, one) => sum + one, 0);
    const cells = [pages, paths.origin ?? 0, paths.edge ?? 0, paths.cold ?? 0, late, failed].map(count);
    return `| ${MEANINGS[fault] ?? fault} | ${cells.join(" | ")} |`;
  });
  return [
    "| what is wrong with the origin | pages | by the origin | by the edge | cold | later than 1 s | errors |",
    "|---|---:|---:|---:|---:|---:|---:|",
    ...rows,
    "",
    `Of ${count(sentOrAnswered)} events that were sent or shown, ${count(lost)} are missing in the log.`,
  ].join("\n");
}
