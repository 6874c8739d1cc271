/** What `parity.ts` found, as a table for documents. */

export interface Parity {
  readonly model: string;
  readonly reference: string;
  readonly subjects: readonly {
    readonly subject: string;
    readonly pictures: number;
    /** To the reference's vector of the same picture. */
    readonly cosineMean: number;
    readonly cosineFirstPercentile: number;
    readonly cosineLeast: number;
    /** Part of the components whose sign is the reference's. */
    readonly equalSigns: number;
  }[];
  readonly rows: readonly {
    readonly benchmark: string;
    readonly subject: string;
    readonly queries: number;
    /** Percent. */
    readonly recallAt1: number;
  }[];
}

export function parityTable({ subjects, rows }: Parity): string {
  const benchmarks = [...new Set(rows.map(({ benchmark }) => benchmark))];
  const queries = (name: string) => rows.find(({ benchmark }) => benchmark === name)!.queries;
  const heading = benchmarks.map((name) => `R@1 ${name} (${queries(name)})`);
  const lines = subjects.map(({ subject, cosineMean, cosineFirstPercentile, equalSigns }) => {
    const recalls = benchmarks.map((name) => {
      const row = rows.find((one) => one.benchmark === name && one.subject === subject)!;
      return row.recallAt1.toFixed(1);
    });
    const cosines = [cosineMean.toFixed(4), cosineFirstPercentile.toFixed(3)];
    return `| ${[subject, ...cosines, `${(100 * equalSigns).toFixed(1)} %`, ...recalls].join(" | ")} |`;
  });
  const columns = ["", "cosine, mean", "1st percentile", "equal signs", ...heading];
  return [`| ${columns.join(" | ")} |`, `|${columns.map(() => "---|").join("")}`, ...lines].join("\n");
}
