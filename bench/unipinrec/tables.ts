/** Tables of README.md, from the rows of `bench/results/unipinrec-gpu.json`. */
import type { Row } from "../bench.ts";

type Rows = readonly Row[];

const ONE_USER = "one user, n=992, k=656";
const TWO = "two models";
const SHARED = "shared keys and values";
/** What a cascade is served by: engine, what stands behind its cases, and how it is called in a table. */
const SERVED = [
  ["WebGPU", "", "WebGPU"],
  ["WebGPU", ", int8 weights", "WebGPU, int8 weights"],
  ["CUDA", "", "CUDA"],
] as const;

export const TABLES: Readonly<Record<string, (rows: Rows) => string>> = {
  ranking,
  cascade,
  within,
  load,
  batches,
};

/** Its median, or undefined where it was not measured. */
function figure(rows: Rows, name: string, subject: string): number | undefined {
  return rows.find((row) => row.case === name && row.subject === subject)?.median;
}

function shown(value: number | undefined): string {
  if (value === undefined) return "–";
  return value >= 1000 ? value.toFixed(0) : value.toPrecision(3);
}

function times(one: number | undefined, other: number | undefined): string {
  return one === undefined || other === undefined ? "–" : (one / other).toFixed(2);
}

function changed(one: number | undefined, other: number | undefined): string {
  if (one === undefined || other === undefined) return "–";
  const percent = 100 * (one / other - 1);
  return `${percent < 0 ? "−" : "+"}${Math.abs(percent).toFixed(1)} %`;
}

function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...lines].map((line) => `| ${line.join(" | ")} |`).join("\n");
}

/** Least of what was measured. */
function least(...figures: readonly (number | undefined)[]): number | undefined {
  const known = figures.filter((one) => one !== undefined);
  return known.length > 0 ? Math.min(...known) : undefined;
}

function ranking(rows: Rows): string {
  const lines: string[][] = [];
  for (const [engine, suffix] of [
    ["WebGPU", ""],
    ["WebGPU", ", without checks"],
    ["CUDA", ""],
  ]) {
    const of = (subject: string, form: string) =>
      figure(rows, `${engine}: ${ONE_USER}${suffix}`, `${subject}, ${form}`);
    const stock = least(...["full-split", "full-dense"].map((kind) => of(kind, "stock")));
    for (const form of ["stock", "attention", "all", "int8"]) {
      const [split, dense] = [of("full-split", form), of("full-dense", form)];
      const onGpu = of("keys and values on the GPU", form);
      if (onGpu === undefined) continue;
      lines.push([
        `${engine}${suffix}`,
        form,
        ...[of("history", form), split, dense, of("keys and values through the CPU", form), onGpu].map(shown),
        times(least(split, dense), onGpu),
        times(stock, onGpu),
      ]);
    }
  }
  const head = ["ms", "form", "history", "full-split", "full-dense", "through the CPU", "on the GPU"];
  return table([...head, "faster full ÷ on the GPU", "stock full ÷ on the GPU"], lines);
}

function cascade(rows: Rows): string {
  const lines = SERVED.map(([engine, suffix, label]) => {
    const [two, one] = [TWO, SHARED].map((subject) =>
      figure(rows, `${engine}: cascade, one user${suffix}`, subject),
    );
    const parts = [TWO, SHARED].map((subject) => {
      const laps = ["history", "retrieval", "ranking"].map((part) =>
        figure(rows, `${engine}: cascade, one user: parts${suffix}`, `${subject}: ${part}`),
      );
      return laps.includes(undefined) ? "–" : laps.map(shown).join(" + ");
    });
    return [label, shown(two), shown(one), changed(one, two), ...parts];
  });
  const parts = "history + retrieval + ranking";
  return table(["ms", TWO, SHARED, "change", `${TWO}: ${parts}`, `${SHARED}: ${parts}`], lines);
}

/** Most requests at the p99 of each load of two models. */
function within(rows: Rows): string {
  const lines: string[][] = [];
  for (const most of [16, 1]) {
    for (const [engine, suffix, label] of SERVED) {
      const case_ = new RegExp(
        `^${engine}: batches up to ${most}, most requests within (\\d+) ms at p99${suffix}$`,
      );
      for (const { case: name, median: one } of rows.filter((row) => row.subject === SHARED)) {
        const bound = case_.exec(name)?.[1];
        const two = figure(rows, name, TWO);
        if (bound) lines.push([label, `${most}`, bound, shown(two), shown(one), times(one, two)]);
      }
    }
  }
  return table(["", "largest batch", "p99 within ms", `${TWO}, requests/s`, SHARED, "ratio"], lines);
}

function load(rows: Rows): string {
  const lines: string[][] = [];
  for (const most of [16, 1]) {
    for (const [engine, suffix, label] of SERVED) {
      for (const callers of [1, 4, 16, 64]) {
        const name = `${engine}: batches up to ${most}, ${callers} caller${callers === 1 ? "" : "s"}${suffix}`;
        const cells = [TWO, SHARED].map((subject) => {
          const [requests, p50, p99] = [name, `${name}: p50`, `${name}: p99`].map((one) =>
            shown(figure(rows, one, subject)),
          );
          return `${requests}: ${p50} / ${p99}`;
        });
        if (figure(rows, name, SHARED) !== undefined) lines.push([label, `${most}`, `${callers}`, ...cells]);
      }
    }
  }
  return table(["requests/s: p50 / p99 in ms", "largest batch", "callers", TWO, SHARED], lines);
}

/** Ratios are to PyTorch eager of the same run; those of torch.compile to its own. */
function batches(rows: Rows): string {
  const lines: string[][] = [];
  for (const users of [1, 4, 16, 64]) {
    for (const graph of ["history", "candidates", "full"]) {
      const label = `${graph}, ${users} user${users === 1 ? "" : "s"}`;
      const cell = (name: string, subject: string) => {
        const row = rows.find((one) => one.case === name && one.subject.startsWith(subject));
        if (!row) return "–";
        return `${shown(row.median)}${row.ratio === null ? "" : ` (${row.ratio.toFixed(2)})`}`;
      };
      const eager = "PyTorch eager";
      lines.push([
        label,
        cell(`PyTorch: ${label}`, eager),
        cell(`WebGPU: ${label}`, "ONNX Runtime"),
        cell(`WebGPU: ${label}, int8 weights`, "ONNX Runtime"),
        cell(`CUDA: ${label}`, "ONNX Runtime"),
        cell(`torch.compile: ${label}`, eager),
        cell(`torch.compile: ${label}`, "torch.compile"),
      ]);
    }
  }
  const head = ["ms (÷ eager)", "PyTorch eager", "WebGPU", "WebGPU, int8 weights", "CUDA"];
  return table([...head, "eager, second run", "torch.compile"], lines);
}
