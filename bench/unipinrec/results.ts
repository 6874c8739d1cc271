/** Rows of a report that grows: what was measured is kept, whatever becomes of the rest. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import type { Row } from "../bench.ts";
import { median } from "../median.ts";

export class Results {
  readonly rows: Row[] = [];

  constructor(
    private readonly path: string,
    private readonly about: Readonly<Record<string, unknown>>,
  ) {}

  /** A row a subject: the median of its figures, and its ratio to that of `against`. */
  add(name: string, unit: string, figures: ReadonlyMap<string, readonly number[]>, against?: string): void {
    const reference = against === undefined ? undefined : figures.get(against);
    for (const [subject, list] of figures) {
      const figure = median(list);
      const compared = reference !== undefined && subject !== against;
      this.one(
        name,
        subject,
        unit,
        figure,
        compared ? { against: against!, figure: median(reference) } : undefined,
      );
    }
  }

  one(
    name: string,
    subject: string,
    unit: string,
    figure: number,
    against?: { against: string; figure: number },
  ): void {
    const ratio = against ? figure / against.figure : null;
    this.rows.push({ case: name, subject, unit, median: figure, against: against?.against ?? null, ratio });
    const compared = against ? ` (${ratio!.toFixed(3)} of ${against.against})` : "";
    console.log(`${name} | ${subject} | ${figure.toPrecision(4)} ${unit}${compared}`);
    this.save();
  }

  save(): void {
    const report = { bench: "unipinrec-gpu", machine: this.about, rows: this.rows };
    writeFileSync(this.path, `${JSON.stringify(report, null, 2)}\n`);
  }
}

export function machine(): Record<string, unknown> {
  const gpu = attempt(() =>
    execFileSync("nvidia-smi", ["--query-gpu=name,driver_version", "--format=csv,noheader"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim(),
  );
  return {
    gpu: gpu ?? "none",
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  };
}

export function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}

/** Rows of an earlier report, none if there is none. */
export function rowsOf(path: string | undefined): readonly Row[] {
  if (!path) return [];
  return attempt(() => JSON.parse(readFileSync(path, "utf8")).rows as Row[]) ?? [];
}

/** Takes a figure of every contestant in each round, the order reversed every other round, after two that do not count. */
export async function rounds(
  contestants: ReadonlyMap<string, (round: number) => Promise<number>>,
  count: number,
): Promise<Map<string, number[]>> {
  const figures = new Map([...contestants.keys()].map((name) => [name, [] as number[]]));
  for (let round = -2; round < count; round++) {
    const order = [...contestants];
    for (const [name, measure] of round % 2 === 0 ? order : order.reverse()) {
      const figure = await measure(round + 2);
      if (round >= 0) figures.get(name)!.push(figure);
    }
  }
  return figures;
}
