import { describe, expect, it } from "vitest";
import type { Row } from "../../bench/bench.ts";
import { type GpuReport, mergedReports, withTables } from "../../bench/unipinrec/merge.ts";
import { TABLES } from "../../bench/unipinrec/tables.ts";

const ONE_USER = "one user, n=992, k=656";

function row(name: string, subject: string, median: number, against?: readonly [string, number]): Row {
  return {
    case: name,
    subject,
    unit: "ms",
    median,
    against: against?.[0] ?? null,
    ratio: against ? median / against[1] : null,
  };
}

function report(rows: readonly Row[], machine: Record<string, unknown> = {}): GpuReport {
  return { bench: "x", machine: { gpu: "GPU A, driver 1", ...machine }, rows };
}

describe("a report of several", () => {
  it("names the engine of each row, so that equal cases stay apart", () => {
    const one = report([row(ONE_USER, "history, stock", 20)]);
    const other = report([row(ONE_USER, "history, stock", 5)]);
    const { rows } = mergedReports([
      ["WebGPU", one],
      ["CUDA", other],
    ]);
    expect(rows.map(({ case: name, median }) => [name, median])).toEqual([
      [`WebGPU: ${ONE_USER}`, 20],
      [`CUDA: ${ONE_USER}`, 5],
    ]);
  });

  it("joins what is said about the machine, without what is one engine's", () => {
    const { machine } = mergedReports([
      ["WebGPU", report([], { node: "v20", engine: "webgpu fp16" })],
      ["CUDA", report([], { gpu: "GPU A", onnxruntime: "1.30.0", provider: "cuda" })],
    ]);
    expect(machine).toEqual({ gpu: "GPU A, driver 1", node: "v20", onnxruntime: "1.30.0" });
  });

  it("refuses reports of two GPUs", () => {
    const reports = [
      ["WebGPU", report([])],
      ["CUDA", report([], { gpu: "GPU B" })],
    ] as const;
    expect(() => mergedReports(reports)).toThrow("GPU A and GPU B");
  });

  it("refuses the same figure twice, and no reports at all", () => {
    const twice = report([row("a", "b", 1)]);
    expect(() =>
      mergedReports([
        ["CUDA", twice],
        ["CUDA", twice],
      ]),
    ).toThrow("Twice: CUDA: a, b.");
    expect(() => mergedReports([])).toThrow("none");
  });
});

describe("its tables", () => {
  const rows = [
    row(`CUDA: ${ONE_USER}`, "full-split, stock", 9),
    row(`CUDA: ${ONE_USER}`, "full-dense, stock", 8),
    row(`CUDA: ${ONE_USER}`, "keys and values on the GPU, stock", 5),
    row(`CUDA: ${ONE_USER}`, "full-split, all", 6),
    row(`CUDA: ${ONE_USER}`, "full-dense, all", 7),
    row(`CUDA: ${ONE_USER}`, "keys and values on the GPU, all", 4),
    row("CUDA: cascade, one user", "two models", 10),
    row("CUDA: cascade, one user", "shared keys and values", 9),
    row("CUDA: batches up to 16, most requests within 77 ms at p99", "two models", 200),
    row("CUDA: batches up to 16, most requests within 77 ms at p99", "shared keys and values", 300),
    row("CUDA: history, 1 user", "ONNX Runtime cuda, all", 3, ["PyTorch eager", 12]),
  ];
  const lines = (name: string) =>
    TABLES[name]!(rows)
      .split("\n")
      .slice(2)
      .map((line) =>
        line
          .split("|")
          .slice(1, -1)
          .map((cell) => cell.trim()),
      );

  it("compare ranking with the faster full graph of its form, and of stock operators", () => {
    expect(lines("ranking").map((cells) => [cells[1], ...cells.slice(-2)])).toEqual([
      ["stock", "1.60", "1.60"],
      ["all", "1.50", "2.00"],
    ]);
  });

  it("say by how much the cascade's time changes, and – for what was not measured", () => {
    expect(lines("cascade").at(-1)).toEqual(["CUDA", "10.0", "9.00", "−10.0 %", "–", "–"]);
    expect(lines("cascade")[0]).toEqual(["WebGPU", "–", "–", "–", "–", "–"]);
  });

  it("compare requests at the same p99", () => {
    expect(lines("within")).toEqual([["CUDA", "16", "77", "200", "300", "1.50"]]);
  });

  it("put a batch's time beside its ratio to PyTorch eager", () => {
    expect(lines("batches")[0]).toEqual(["history, 1 user", "–", "–", "–", "3.00 (0.25)", "–", "–"]);
  });

  it("replace those in a text, and miss none of their places", () => {
    const places = Object.keys(TABLES).map((name) => `<!-- ${name} -->old<!-- /${name} -->`);
    const text = withTables(places.join("\nkept\n"), rows);
    expect(text).not.toContain("old");
    expect(text.match(/\nkept\n/g)).toHaveLength(places.length - 1);
    expect(() => withTables(places.slice(1).join("\n"), rows)).toThrow(
      `No place for the table ${Object.keys(TABLES)[0]}.`,
    );
  });
});
