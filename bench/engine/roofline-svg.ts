/** Draws the layers of a model: how much time each takes, and how near it comes to the peak. */

export interface Layer {
  readonly name: string;
  readonly operator: string;
  readonly macs: number;
  readonly ms: number;
  /** 10⁹ multiply-adds a second. */
  readonly gmacs: number;
}

const COLOURS: Readonly<Record<string, string>> = {
  Gemm: "#3b6ea5",
  Convolution: "#b5651d",
  Depthwise: "#5a9367",
  Linear: "#8a5a83",
};
const OTHERS = "#9a9a9a";
const [WIDTH, HEIGHT, LEFT, TOP, BOTTOM] = [960, 360, 56, 44, 40];

/** One bar a layer: as wide as its time, as high as its speed; the area is its work. */
export function rooflineSvg(layers: readonly Layer[], peak: number): string {
  const total = layers.reduce((sum, { ms }) => sum + ms, 0);
  const plot = HEIGHT - TOP - BOTTOM;
  const ceiling = Math.ceil((peak * 1.1) / 10) * 10;
  const y = (gmacs: number) => TOP + plot * (1 - gmacs / ceiling);
  let x = LEFT;
  const bars = layers.map(({ name, operator, ms, gmacs }) => {
    const width = (ms / total) * (WIDTH - LEFT - 16);
    const top = y(Math.min(gmacs, ceiling));
    const colour = COLOURS[operator] ?? OTHERS;
    const bar = `<rect x="${x.toFixed(1)}" y="${top.toFixed(1)}" width="${Math.max(width - 0.6, 0.4).toFixed(1)}" height="${(HEIGHT - BOTTOM - top).toFixed(1)}" fill="${colour}"><title>${name}: ${operator}, ${ms.toFixed(3)} ms, ${gmacs.toFixed(1)} GMAC/s</title></rect>`;
    x += width;
    return bar;
  });
  const ticks = Array.from({ length: ceiling / 10 + 1 }, (_, i) => 10 * i).map(
    (tick) =>
      `<line x1="${LEFT}" x2="${WIDTH - 16}" y1="${y(tick).toFixed(1)}" y2="${y(tick).toFixed(1)}" stroke="#e4e0d8"/><text x="${LEFT - 8}" y="${(y(tick) + 4).toFixed(1)}" text-anchor="end">${tick}</text>`,
  );
  const legend = [...Object.entries(COLOURS), ["other", OTHERS] as const].map(
    ([operator, colour], i) =>
      `<rect x="${LEFT + 150 * i}" y="12" width="12" height="12" fill="${colour}"/><text x="${LEFT + 18 + 150 * i}" y="22">${operator}</text>`,
  );
  const peakY = y(peak).toFixed(1);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="t" font-family="system-ui, sans-serif" font-size="12" fill="#333">
<title id="t">Speed of each layer against the peak of the inner product</title>
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fbfaf7"/>
${ticks.join("\n")}
${bars.join("\n")}
<line x1="${LEFT}" x2="${WIDTH - 16}" y1="${peakY}" y2="${peakY}" stroke="#b03030" stroke-dasharray="6 4"/>
<text x="${WIDTH - 20}" y="${Number(peakY) - 6}" text-anchor="end" fill="#b03030">peak of the inner product: ${peak.toFixed(1)} GMAC/s</text>
${legend.join("\n")}
<text x="${LEFT}" y="${HEIGHT - 12}">time, layer by layer: ${total.toFixed(2)} ms</text>
<text x="14" y="${TOP + plot / 2}" transform="rotate(-90 14 ${TOP + plot / 2})" text-anchor="middle">10⁹ multiply-adds a second</text>
</svg>
`;
}
