import { expect, it } from "vitest";
import { renderPicture } from "../../src/demo/picture.ts";
import { generateProducts } from "../../src/demo/products.ts";

it("draws and renders products inside workerd, too", async () => {
  const [product] = generateProducts({ seed: 1, count: 1 });
  const { bytes, type, width } = await renderPicture(product!.svg, 128);
  expect(type).toBe("image/jpeg");
  expect(width).toBe(128);
  expect([...bytes.subarray(0, 2)]).toEqual([0xff, 0xd8]);
});
