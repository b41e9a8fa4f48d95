// What several journeys do.

import { execFileSync } from "node:child_process";
import { expect, type Locator, type Page } from "@playwright/test";
import { binary } from "./playwright.config";

/** A password that is long enough. */
export const PASSWORD = "four words make one";

/** Creates a sandbox from the sandbox page and gives back what is shown of it. */
export async function createSandbox(page: Page): Promise<{ clientId: string; secret: string }> {
  await page.goto("/sandbox");
  await page.getByRole("main").getByRole("button", { name: "Create sandbox" }).click();
  await expect(page.locator("#client-id")).toBeVisible();
  const clientId = await page.locator("#client-id").innerText();
  const secret = await page.locator("#client-secret").innerText();
  return { clientId, secret };
}

/** Claims the workspace of this browser, and gives back the address that it is claimed with. */
export async function claim(page: Page, name = "A workspace"): Promise<string> {
  const email = `mia-${Date.now()}-${Math.floor(Math.random() * 1e6)}@nordlys.example`;
  await page.goto("/workspace");
  await page.getByLabel("Name of the workspace").fill(name);
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Claim workspace" }).click();
  await expect(page.locator("#signed-in")).toHaveText(email);
  return email;
}

/** Makes somebody staff on the command line, beside the running server, and gives back the path to set a password at. */
export function staffLink(email: string): string {
  const folder = process.env.PORTAL_E2E_DATA ?? "";
  const output = execFileSync(binary, ["--data-dir", folder, "staff", "add", "--email", email], { encoding: "utf8" });
  const found = /\/password\?code=\S+/.exec(output);
  if (!found) throw new Error(`no link in ${output}`);
  return found[0];
}

/** Presses Tab until `target` has the focus; a focus that cannot be seen is a fault. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let presses = 0; presses < 120; presses += 1) {
    await page.keyboard.press("Tab");
    if (await target.evaluate((element) => element === document.activeElement)) {
      const outline = await target.evaluate((element) => getComputedStyle(element).outlineStyle);
      expect(outline, "the focus is visible").not.toBe("none");
      return;
    }
  }
  throw new Error("Tab never reaches it");
}

/** Every public page, as the sitemap lists them. */
export async function publicPages(page: Page): Promise<string[]> {
  const sitemap = await (await page.request.get("/sitemap.xml")).text();
  return [...sitemap.matchAll(/<loc>([^<]+)<\/loc>/g)].map((match) => new URL(match[1]).pathname);
}
