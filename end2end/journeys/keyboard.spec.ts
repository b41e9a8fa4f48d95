// By keyboard alone: from the home page to an answer.

import { expect, test } from "../fixtures";
import { tabTo } from "../steps";

test("a sandbox is created and a request sent without a pointer", async ({ page }) => {
  await page.goto("/");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: /skip/i })).toBeFocused();
  await tabTo(page, page.getByRole("main").getByRole("button", { name: "Create sandbox" }));
  await page.keyboard.press("Enter");
  await expect(page.locator("#client-id")).toBeVisible();
  await tabTo(page, page.getByRole("navigation", { name: /main|site|sections/i }).getByRole("link", { name: "Builder" }));
  await page.keyboard.press("Enter");
  await page.locator("html[data-islands=ready]").waitFor();
  await tabTo(page, page.getByRole("button", { name: "Send request" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("region", { name: "Answer", exact: true }).getByRole("heading", { name: "200 OK" })).toBeVisible();
});

test("a slash reaches the search from anywhere", async ({ page }) => {
  await page.goto("/quickstart");
  await page.keyboard.press("/");
  await expect(page.locator("#search")).toBeFocused();
  await page.keyboard.type("idempotency");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/search\?/);
  await expect(page.getByRole("main").getByRole("link").first()).toBeVisible();
});
