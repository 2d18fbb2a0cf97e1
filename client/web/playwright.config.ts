import { defineConfig } from "@playwright/test";

/** Where the distribution puts its Chromium; `ENTENTE_CHROMIUM` names another one. */
const CHROMIUM = process.env["ENTENTE_CHROMIUM"] ?? "/usr/bin/chromium";

export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  timeout: 120_000,
  expect: { timeout: 20_000 },
  // Each test has a relay and people of its own; two at a time fill two cores.
  fullyParallel: true,
  workers: 2,
  // A browser on a busy machine may be late once; what passes only then is reported as flaky.
  retries: 1,
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    actionTimeout: 20_000,
    // A trace costs more than the page itself; a picture shows most.
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: CHROMIUM,
      // No sandbox: tests run in containers, as root. The rest keeps the browser from calling home.
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
