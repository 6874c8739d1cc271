/** Who waits behind whom. */
import { describe, expect, it } from "vitest";
import { Lines } from "../../src/inference/lines.ts";
import { heldManifest } from "../runtime/held.ts";

const other = { ...heldManifest, name: "other" };
const later = Date.now() + 60_000;

describe("lines", () => {
  it("are one for all models where engines do not overlap", () => {
    const lines = new Lines({});
    expect(lines.of(other)).toBe(lines.of(heldManifest));
  });

  it("are one for each revision of a model where they do", () => {
    const lines = new Lines({ lanesPerModel: 1 });
    expect(lines.of(heldManifest)).toBe(lines.of({ ...heldManifest }));
    expect(lines.of(other)).not.toBe(lines.of(heldManifest));
    expect(lines.of({ ...heldManifest, revision: "ffffffffffff" })).not.toBe(lines.of(heldManifest));
  });

  it("are counted together", async () => {
    const lines = new Lines({ lanesPerModel: 1, maxBatch: 7 });
    let go = () => {};
    const held = new Promise<void>((done) => {
      go = done;
    });
    const all = [heldManifest, other].flatMap((manifest) =>
      [0, 1].map(() => lines.of(manifest).queue.run(later, () => held, {})),
    );
    // One of each is at work.
    expect(lines.waiting).toBe(2);
    expect(lines.of(other).batcher.maxRows).toBe(7);
    go();
    await Promise.all(all);
    expect(lines.waiting).toBe(0);
  });
});
