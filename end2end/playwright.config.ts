// How the journeys run: one portal of their own on fresh data, the system's Chromium, at most two pages at a time.

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { defineConfig, devices } from "@playwright/test";

export const PORTAL = "http://127.0.0.1:3100";
export const API = "http://127.0.0.1:4100";

export const binary = process.env.PORTAL_BIN ?? resolve(import.meta.dirname, "../target/debug/portal");

// Each worker reads this file again; the folder of the first reading is the one that the portal uses.
process.env.PORTAL_E2E_DATA ??= mkdtempSync(join(tmpdir(), "portal-end2end-"));

export default defineConfig({
  testDir: "journeys",
  outputDir: "test-results",
  forbidOnly: !!process.env.CI,
  fullyParallel: true,
  workers: 2,
  retries: 0,
  timeout: 30_000,
  expect: { timeout: 10_000 },
  reporter: "list",
  use: {
    ...devices["Desktop Chrome"],
    baseURL: PORTAL,
    screenshot: "only-on-failure",
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
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
  webServer: {
    command: [
      `"${binary}" serve --data-dir "${process.env.PORTAL_E2E_DATA}"`,
      "--portal-addr 127.0.0.1:3100 --api-addr 127.0.0.1:4100 --sandboxes-per-hour 1000",
      `--portal-url ${PORTAL} --api-url ${API}`,
    ].join(" "),
    url: `${API}/readyz`,
    timeout: 60_000,
    reuseExistingServer: false,
    stdout: "ignore",
    stderr: "pipe",
    gracefulShutdown: { signal: "SIGTERM", timeout: 5_000 },
  },
});
