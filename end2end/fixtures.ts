// What every journey holds without saying so: no console error, no request to another host, no policy violation.

import { test as base, expect, type BrowserContext } from "@playwright/test";
import { PORTAL } from "./playwright.config";

export { expect };

/** Records everything that no page of the context may do. */
async function watch(context: BrowserContext, faults: string[]): Promise<void> {
  context.on("console", (message) => {
    if (message.type() === "error") faults.push(`console: ${message.text()} (${message.location().url})`);
  });
  context.on("weberror", (error) => faults.push(`exception: ${error.error().message}`));
  context.on("request", (request) => {
    const url = new URL(request.url());
    const local = url.protocol === "data:" || url.protocol === "blob:" || url.origin === PORTAL;
    if (!local) faults.push(`third party: ${request.method()} ${request.url()}`);
  });
  await context.exposeBinding("__violation", (_source, text: string) => {
    faults.push(`policy: ${text}`);
  });
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      const report = (window as unknown as { __violation(text: string): void }).__violation;
      report(`${event.violatedDirective} refused ${event.blockedURI || "inline"} at ${event.documentURI}`);
    });
  });
}

interface Faults {
  /** Faults that a journey expects, such as the console line of a 404 that it asks for: `test.use({ tolerate })`. */
  tolerate: RegExp[];
}

export const test = base.extend<Faults>({
  tolerate: [[], { option: true }],

  context: async ({ context, tolerate }, use) => {
    const faults: string[] = [];
    await watch(context, faults);
    await use(context);
    const unexpected = faults.filter((fault) => !tolerate.some((pattern) => pattern.test(fault)));
    expect(unexpected, "a page did something that no page may do").toEqual([]);
  },
});
