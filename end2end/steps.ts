// What several journeys do.

import { expect, type Page } from "@playwright/test";

/** Creates a sandbox from the sandbox page and gives back what is shown of it. */
export async function createSandbox(page: Page): Promise<{ clientId: string; secret: string }> {
  await page.goto("/sandbox");
  await page.getByRole("main").getByRole("button", { name: "Create sandbox" }).click();
  await expect(page.locator("#client-id")).toBeVisible();
  const clientId = await page.locator("#client-id").innerText();
  const secret = await page.locator("#client-secret").innerText();
  return { clientId, secret };
}

/** Every public page, as the sitemap lists them. */
export async function publicPages(page: Page): Promise<string[]> {
  const sitemap = await (await page.request.get("/sitemap.xml")).text();
  return [...sitemap.matchAll(/<loc>([^<]+)<\/loc>/g)].map((match) => new URL(match[1]).pathname);
}
