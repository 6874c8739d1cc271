/** The graphs on WebGPU, on Chromium's software driver: slow, but with buffers of a device. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const CHROMIUM = "/usr/lib/chromium";
const DRIVER = `${CHROMIUM}/vk_swiftshader_icd.json`;
const CHECK = fileURLToPath(new URL("webgpu-check.ts", import.meta.url));

it.skipIf(!existsSync(DRIVER) || !existsSync(`${CHROMIUM}/libvulkan.so.1`))(
  "keep keys and values on a WebGPU device, and answer as on the CPU",
  async () => {
    const env = { ...process.env, VK_ICD_FILENAMES: DRIVER, LD_LIBRARY_PATH: CHROMIUM };
    const args = ["--import", import.meta.resolve("tsx"), CHECK];
    const { stdout } = await promisify(execFile)(process.execPath, args, { env });
    const { locations, difference } = JSON.parse(stdout);
    expect(locations).toEqual(["cpu", "gpu-buffer"]);
    expect(difference).toBeLessThan(1e-5);
  },
  60_000,
);
