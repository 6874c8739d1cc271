/** What a benchmark is, and how its figures are taken. */
import { median } from "./median.ts";

/** Something that does the same work as its rivals, ready to be timed. */
export interface Contender {
  /** One figure in the bench's unit; smaller is better. */
  measure(): Promise<number>;
  close?(): Promise<void>;
}

export interface Case {
  readonly name: string;
  /** @default the bench's; the name should tell when it is another */
  readonly unit?: string;
  /** Contenders by subject, each started only when its case runs. */
  readonly subjects: Readonly<Record<string, () => Promise<Contender>>>;
}

/** Every `bench/<name>.ts` exports one as `bench`. */
export interface Bench {
  /** Heading of its table. */
  readonly title: string;
  readonly unit: string;
  /** The subject that the others are measured against. */
  readonly ours: string;
  cases(): Promise<readonly Case[]>;
}

export interface Row {
  readonly case: string;
  readonly subject: string;
  readonly unit: string;
  readonly median: number;
  /** Ours; null in its own row. */
  readonly against: string | null;
  /** This subject's median ÷ ours: above 1, ours is better. */
  readonly ratio: number | null;
}

/** Takes a figure from every subject in each round, in the reversed order every other round. */
export async function runCase({ name, unit, subjects }: Case, bench: Bench, rounds: number): Promise<Row[]> {
  const contenders: [string, Contender, number[]][] = [];
  try {
    for (const [subject, start] of Object.entries(subjects)) contenders.push([subject, await start(), []]);
    for (let round = 0; round < rounds; round++) {
      const order = round % 2 === 0 ? contenders : contenders.toReversed();
      for (const [, contender, figures] of order) figures.push(await contender.measure());
    }
  } finally {
    for (const [, contender] of contenders) await contender.close?.();
  }
  const medians = new Map(contenders.map(([subject, , figures]) => [subject, median(figures)]));
  const reference = medians.get(bench.ours);
  return [...medians].map(([subject, figure]) => {
    const row = { case: name, subject, unit: unit ?? bench.unit, median: figure };
    if (subject === bench.ours || reference === undefined) return { ...row, against: null, ratio: null };
    return { ...row, against: bench.ours, ratio: figure / reference };
  });
}

/** A table with a line a case: our median, then the medians of the others with their ratios. */
export function markdownTable(rows: readonly Row[], { ours, unit }: Pick<Bench, "ours" | "unit">): string {
  const subjects = [...new Set(rows.map((row) => row.subject))];
  const heading = subjects.map((subject) =>
    subject === ours ? `${subject}, ${unit}` : `${subject}, ${unit} (ratio)`,
  );
  const lines = [...new Set(rows.map((row) => row.case))].map((name) => {
    const cells = subjects.map((subject) =>
      cell(rows.find((row) => row.case === name && row.subject === subject)),
    );
    return `| ${name} | ${cells.join(" | ")} |`;
  });
  return [`| | ${heading.join(" | ")} |`, `|---|${subjects.map(() => "---|").join("")}`, ...lines].join("\n");
}

function cell(row: Row | undefined): string {
  if (!row) return "–";
  const figure = row.median.toPrecision(3);
  return row.ratio === null ? figure : `${figure} (${row.ratio.toFixed(2)})`;
}
