// What axe says of a page.

import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

/**
 * No accessibility violation on the page, or in the part of it that `within` names. A dark page has the elements of the
 * light one, which is held to every rule: in the dark, the two about colour are left to check.
 */
export async function accessible(page: Page, within?: string): Promise<void> {
  // One run in the page itself: there are no frames, for which axe would open a second page each time.
  const axe = new AxeBuilder({ page }).setLegacyMode();
  if (within) axe.include(within);
  if (await page.evaluate(() => matchMedia("(prefers-color-scheme: dark)").matches)) axe.withRules(["color-contrast", "link-in-text-block"]);
  const { violations } = await axe.analyze();
  const found = violations.map((violation) => `${page.url()}: ${violation.id} at ${violation.nodes[0]?.target}`);
  expect(found).toEqual([]);
}
