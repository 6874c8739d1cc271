/** Benchmarks of several sections, each of which yields figures of its own kinds. */
import type { Row } from "./bench.ts";

/** A part of a report. It can run without the others. */
export interface Section {
  /** What the names of its cases begin with. */
  readonly name: string;
  /** Its rows; none, with a word on stderr, when something that it needs is not there. */
  run(rounds: number): Promise<readonly Row[]>;
}

/** Every `bench/<name>.ts` that is no plain `Bench` exports one as `bench`. */
export interface Report {
  readonly title: string;
  /** Rounds whose medians count, unless `--rounds` says so. */
  readonly rounds: number;
  readonly sections: readonly Section[];
  /** What documents quote of all rows that are known. @default nothing */
  quoted?(rows: readonly Row[]): string;
}

/** A table with a line a subject and a column a case: the median, and its ratio where it has one. */
export function reportTable(rows: readonly Row[], section: string): string {
  const cases = [...new Set(rows.map((row) => row.case))];
  const subjects = [...new Set(rows.map((row) => row.subject))];
  const heading = cases.map((name) => name.replace(`${section}: `, ""));
  const lines = subjects.map((subject) => {
    const cells = cases.map((name) => cell(rows.find((row) => row.case === name && row.subject === subject)));
    return `| ${subject} | ${cells.join(" | ")} |`;
  });
  return [`| | ${heading.join(" | ")} |`, `|---|${cases.map(() => "---|").join("")}`, ...lines].join("\n");
}

function cell(row: Row | undefined): string {
  if (!row) return "–";
  const figure = `${row.median.toPrecision(3)} ${row.unit}`;
  return row.ratio === null ? figure : `${figure} (${row.ratio.toFixed(2)})`;
}

/** The rows of an earlier run, with those of the sections that ran now in the place of their own. */
export function merged(
  earlier: readonly Row[],
  sections: readonly Section[],
  fresh: ReadonlyMap<string, readonly Row[]>,
): Row[] {
  return sections.flatMap(
    ({ name }) => fresh.get(name) ?? earlier.filter((row) => row.case.startsWith(`${name}: `)),
  );
}
