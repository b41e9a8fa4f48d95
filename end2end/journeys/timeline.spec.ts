// A change is traced from its call to what a receiver answered: with and without a script, and while it is still going on.

import { accessible } from "../accessible";
import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures";
import { createSandbox } from "../steps";

/** Makes an inbox with an endpoint, and gives back the inbox's address. */
async function createInbox(page: Page): Promise<string> {
  await page.goto("/webhooks");
  await page.getByRole("button", { name: "Create an inbox" }).click();
  await expect(page.locator("#webhook-secret")).toBeVisible();
  return page.url();
}

/** Creates a client from the builder and opens the timeline of that call. */
async function traceChange(page: Page): Promise<string> {
  await page.goto("/builder?operation=clients.create");
  await page.getByLabel("name", { exact: true }).fill("Traced");
  await page.getByRole("button", { name: "Send request" }).click();
  const answer = page.getByRole("region", { name: "Answer", exact: true });
  await expect(answer.getByRole("heading", { name: "201 Created" })).toBeVisible();
  await answer.getByRole("link", { name: /^req_/ }).click();
  await expect(page).toHaveURL(/\/timeline\/req_/);
  return page.url();
}

test.describe("without a script", () => {
  test.use({ javaScriptEnabled: false });

  test("trace a change to its delivery and its answer, and back", async ({ page }) => {
    await createSandbox(page);
    await createInbox(page);
    const timeline = await traceChange(page);
    const steps = page.getByRole("region", { name: "Steps" }).getByRole("listitem");
    await expect(async () => {
      await page.reload();
      await expect(steps.filter({ hasText: "Attempt 1" })).toContainText("200 in", { timeout: 500 });
    }).toPass();
    await expect(steps.nth(0)).toContainText("POST /v1/clients");
    await expect(steps.nth(0)).toContainText("Answered 201");
    await expect(steps.nth(1)).toContainText("client.created");
    await steps.nth(2).getByRole("link").click();
    await expect(page.getByRole("heading", { name: /Attempt 1: 200/ })).toBeVisible();
    await page.getByRole("link", { name: /^req_/ }).click();
    await expect(page).toHaveURL(timeline);
    await page.getByRole("link", { name: "Show in the request log" }).click();
    const line = page.locator(`li[id="${timeline.split("/").pop()}"]`);
    await line.locator("summary").click();
    await line.getByRole("link", { name: "Timeline" }).click();
    await expect(page).toHaveURL(timeline);
    await page.getByRole("link", { name: "Open in the builder" }).click();
    await expect(page.getByLabel("name", { exact: true })).toHaveValue("Traced");
  });
});

test("the page follows a delivery that is refused first, and the checklist's proof opens its call", async ({ page, context }) => {
  await createSandbox(page);
  const inbox = await createInbox(page);
  await page.getByRole("button", { name: "500", exact: true }).click();
  await expect(page.getByRole("main")).toContainText("500, to everything.");
  await traceChange(page);
  const main = page.getByRole("main");
  await expect(main.getByText("500, status, after"), "without a reload").toBeVisible();
  await expect(main).toContainText("Attempt 2");
  const other = await context.newPage();
  await other.goto(inbox);
  await other.getByRole("button", { name: "200", exact: true }).click();
  await expect(other.getByRole("main")).toContainText("200, to everything.");
  await expect(main.getByText("200 in"), "the next attempt, five seconds later").toBeVisible({ timeout: 20_000 });
  await page.goto("/checklist");
  await page.getByRole("listitem").filter({ hasText: "Sandbox credentials issued" }).getByRole("link").first().click();
  await expect(page).toHaveURL(/\/timeline\/req_/);
  await expect(main).toContainText("client.created");
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`no timeline has an accessibility violation or is wider than a phone, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await createSandbox(page);
    await createInbox(page);
    await page.getByRole("button", { name: "500", exact: true }).click();
    await traceChange(page);
    await expect(page.getByRole("main").getByText("500, status, after")).toBeVisible();
    await accessible(page);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  });
}

test.describe("a request of somebody else", () => {
  test.use({ tolerate: [/404/] });

  test("is not shown", async ({ page, browser }) => {
    await createSandbox(page);
    const timeline = await traceChange(page);
    const stranger = await browser.newContext();
    const other = await stranger.newPage();
    const answer = await other.goto(timeline);
    expect(answer?.status()).toBe(404);
    await expect(other.getByRole("button", { name: "Create sandbox" })).toBeVisible();
    await stranger.close();
  });
});
