// A reader who wants to see an error before meeting one, and a quickstart that runs on its own page.

import { expect, test } from "../fixtures";
import { createSandbox } from "../steps";

for (const script of [true, false]) {
  test.describe(script ? "with scripts" : "without scripts", () => {
    test.use({ javaScriptEnabled: script });

    test("a budget is spent on purpose", async ({ page }) => {
      await createSandbox(page);
      await page.goto("/errors#rate-limited");
      await page.getByRole("button", { name: "Produce it : Rate limit reached" }).press("Enter");
      await expect(page.getByRole("heading", { name: "429 Too Many Requests" })).toBeVisible();
      await expect(page.getByRole("main")).toContainText("retry-after");
      await page.getByRole("link", { name: "What it means and what to do" }).click();
      await expect(page).toHaveURL(/\/errors#rate-limited$/);
    });

    test("a request is refused on purpose", async ({ page }) => {
      await createSandbox(page);
      await page.goto("/errors#not-found");
      await page.locator("#not-found").getByRole("button").press("Enter");
      await expect(page.getByRole("heading", { name: "404 Not Found" })).toBeVisible();
    });

    test("the quickstart runs where it stands", async ({ page }) => {
      await page.goto("/quickstart");
      await page.getByRole("main").getByRole("button", { name: "Create sandbox" }).click();
      const secret = await page.locator("#client-secret").innerText();
      await page.goto("/quickstart");
      await page.getByLabel("Client secret").fill(secret);
      await page.getByRole("button", { name: "Request a token" }).click();
      await expect(page.getByRole("heading", { name: "200 OK" })).toBeVisible();
      await expect(page.getByRole("main")).toContainText('"token_type": "Bearer"');
      await page.getByRole("link", { name: "Back to the quickstart" }).click();
      await page.getByRole("button", { name: "Send it to your sandbox" }).first().click();
      await expect(page.getByRole("heading", { name: "200 OK" })).toBeVisible();
    });
  });
}

test("a language once chosen is kept", async ({ page }) => {
  await page.goto("/pagination");
  await page.locator(".tabs label", { hasText: "TypeScript" }).first().click();
  await page.reload();
  await expect(page.getByRole("radio", { name: "TypeScript" }).first()).toBeChecked();
});
