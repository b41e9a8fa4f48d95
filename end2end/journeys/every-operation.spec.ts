// Every operation is sent from its own page: without a preflight, to the portal alone, with no secret left behind.

import { expect, test } from "../fixtures";
import { PORTAL } from "../playwright.config";
import { createSandbox, publicPages } from "../steps";

test("every operation is sent from its own docs page, to the portal alone", async ({ page }) => {
  test.setTimeout(600_000);
  await createSandbox(page);
  const methods = new Set<string>();
  const hosts = new Set<string>();
  page.on("request", (request) => {
    methods.add(request.method());
    hosts.add(new URL(request.url()).origin);
  });
  let sent = 0;
  for (const path of (await publicPages(page)).filter((path) => path.includes("/reference/"))) {
    await page.goto(path);
    const links = page.locator("a[data-build]");
    for (let index = 0; index < (await links.count()); index += 1) {
      const operation = new URL((await links.nth(index).getAttribute("href"))!, PORTAL).searchParams.get("operation");
      await links.nth(index).click();
      const place = page.getByRole("region", { name: /^Builder: / });
      await expect(place.locator("#request input[name=operation]")).toHaveValue(operation!);
      await page.locator("html[data-islands=ready]").waitFor();
      await expect(place.locator(".bench")).toHaveAttribute("data-sending", "false");
      await place.getByRole("button", { name: "Send request" }).click();
      await expect(place.locator(".answer-head .status"), operation!).toHaveText(/^\d{3} /);
      sent += 1;
    }
  }
  expect(sent).toBeGreaterThan(40);
  expect([...hosts]).toEqual([PORTAL]);
  expect([...methods].sort(), "no preflight").toEqual(["GET", "POST"]);
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
  expect(kept).not.toMatch(/ci_|eyJ|secret|session/);
});
