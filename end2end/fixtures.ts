// What every journey holds without saying so: no console error, no request to another host, no policy violation.

import { test as base, expect, type Page } from "@playwright/test";
import { PORTAL } from "./playwright.config";

export { expect };

/** Records everything that a page must not do. */
async function watch(page: Page, faults: string[]): Promise<void> {
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => faults.push(`exception: ${error.message}`));
  page.on("request", (request) => {
    const url = new URL(request.url());
    const local = url.protocol === "data:" || url.protocol === "blob:" || url.origin === PORTAL;
    if (!local) faults.push(`third party: ${request.method()} ${request.url()}`);
  });
  await page.exposeBinding("__violation", (_source, text: string) => {
    faults.push(`policy: ${text}`);
  });
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      const report = (window as unknown as { __violation(text: string): void }).__violation;
      report(`${event.violatedDirective} refused ${event.blockedURI || "inline"} at ${event.documentURI}`);
    });
  });
}

interface Faults {
  /** Faults that a journey expects, such as the console line of a 404 that it asks for. */
  tolerate: RegExp[];
  /** Every fault so far, of every page of the journey. */
  faults: string[];
}

export const test = base.extend<Faults>({
  tolerate: [[], { option: true }],

  faults: [
    async ({ context, tolerate }, use) => {
      const faults: string[] = [];
      const watched: Promise<void>[] = [];
      context.on("page", (page) => watched.push(watch(page, faults)));
      await use(faults);
      await Promise.allSettled(watched);
      const unexpected = faults.filter((fault) => !tolerate.some((pattern) => pattern.test(fault)));
      expect(unexpected, "the page did something that no page may do").toEqual([]);
    },
    { auto: true },
  ],

  // The page waits for its watchers, so that nothing it does at first goes unseen.
  page: async ({ page, faults }, use) => {
    void faults;
    await use(page);
  },
});
