/** Says what a similarity means, as far as the model's own measurements allow, and no further. */
import type { ImageEmbeddingManifest } from "../../../src/runtime/manifest.ts";

/**
 * Where known pairs lie, measured on held-out pictures and published in the manifest's `metrics` as
 * `cosine_unrelated_p05`, `_p50`, `_p95`, `_p99` and `cosine_same_p05`, `_p50`, `_p95`.
 */
export interface Calibration {
  /** Pairs of different things, drawn at random. */
  readonly unrelated: {
    readonly p05: number;
    readonly p50: number;
    readonly p95: number;
    readonly p99: number;
  };
  /** Pairs that show the same thing. */
  readonly same: { readonly p05: number; readonly p50: number; readonly p95: number };
}

/** A cosine from here on means the same picture, perhaps saved again. */
const NEARLY_IDENTICAL = 0.985;

/** The model's calibration, or undefined when it publishes none. */
export function calibrationOf({ metrics }: ImageEmbeddingManifest): Calibration | undefined {
  const read = (kind: string, quantile: string): number => {
    const value = metrics[`cosine_${kind}_${quantile}`];
    return typeof value === "number" ? value : Number.NaN;
  };
  const unrelated = {
    p05: read("unrelated", "p05"),
    p50: read("unrelated", "p50"),
    p95: read("unrelated", "p95"),
    p99: read("unrelated", "p99"),
  };
  const same = { p05: read("same", "p05"), p50: read("same", "p50"), p95: read("same", "p95") };
  const complete = [...Object.values(unrelated), ...Object.values(same)].every(Number.isFinite);
  return complete ? { unrelated, same } : undefined;
}

/** The angle between two vectors with this cosine. */
export function degrees(cosine: number): number {
  return Math.round((Math.acos(cosine) * 180) / Math.PI);
}

export interface Interpretation {
  /** A few words. */
  readonly verdict: string;
  /** One or two sentences. */
  readonly explanation: string;
}

export function interpret(cosine: number, calibration: Calibration | undefined): Interpretation {
  if (cosine >= NEARLY_IDENTICAL) {
    return {
      verdict: "Practically the same",
      explanation: "The model sees no difference worth a number: the same picture, or a copy of it.",
    };
  }
  if (calibration === undefined) {
    return {
      verdict: `${degrees(cosine)}° apart`,
      explanation:
        "1 is the same direction, 0 is none in common. This model publishes no measurements of known pairs, " +
        "so the number ranks pairs; it is not a probability.",
    };
  }
  const { unrelated, same } = calibration;
  if (cosine >= same.p50) {
    return {
      verdict: "Very much alike",
      explanation: "More alike than half of the test pairs that show the same thing.",
    };
  }
  if (cosine >= unrelated.p99) {
    return {
      verdict: "Alike",
      explanation: "Fewer than 1 in 100 unrelated test pairs get this far; pairs of the same thing often do.",
    };
  }
  if (cosine >= unrelated.p95) {
    return {
      verdict: "A resemblance",
      explanation: "Between 1 and 5 in 100 unrelated test pairs get this far, too: a hint, not a match.",
    };
  }
  return {
    verdict: "Not alike",
    explanation:
      "At least 95 in 100 unrelated test pairs score below the resemblance mark, and so does this one.",
  };
}
