import { defineConfig } from "@playwright/test";
import tests from "./playwright.config.ts";

/** Measurements: one at a time, none twice. */
export default defineConfig({ ...tests, testDir: "bench", testMatch: "*.bench.ts", workers: 1, fullyParallel: false, retries: 0 });
