// A developer whose receiver is not public: an inbox, a test, a scripted failure, and a signature that does not verify.

import { accessible } from "../accessible";
import { expect, test } from "../fixtures";
import { createSandbox } from "../steps";

test("an inbox shows what arrives while it is open", async ({ page, context }) => {
  await createSandbox(page);
  await page.goto("/webhooks");
  await page.getByRole("button", { name: "Create an inbox" }).click();
  await expect(page.locator("#webhook-secret")).toHaveText(/^whsec_/);
  await expect(page.getByRole("main")).toContainText("Nothing yet.");
  const other = await context.newPage();
  await other.goto("/webhooks/events");
  await other.getByLabel("Type", { exact: true }).selectOption("client.created");
  await other.getByRole("button", { name: "Fire event" }).click();
  await expect(other.getByRole("main").getByRole("status")).toContainText("Fired client.created");
  await expect(page.getByRole("listitem").filter({ hasText: "client.created" }), "without a reload").toContainText("The signature is good.");

  await page.getByRole("button", { name: "500", exact: true }).click();
  await expect(page.getByRole("main")).toContainText("500, to everything.");
  await page.getByRole("button", { name: "Send a test" }).click();
  await expect(page).toHaveURL(/\/webhooks\/deliveries\//);
  await expect(async () => {
    await page.reload();
    await expect(page.getByRole("heading", { name: /Attempt 1: 500/ })).toBeVisible({ timeout: 500 });
  }).toPass();
});

test("by keyboard: an endpoint is added and the debugger explains a changed body", async ({ page }) => {
  await createSandbox(page);
  await page.goto("/webhooks");
  await page.getByRole("button", { name: "Create an inbox" }).focus();
  await page.keyboard.press("Enter");
  const secret = await page.locator("#webhook-secret").innerText();
  await page.getByRole("button", { name: "Send a test" }).focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/webhooks\/deliveries\//);
  await expect(async () => {
    await page.reload();
    await expect(page.getByRole("heading", { name: /Attempt 1: 200/ })).toBeVisible({ timeout: 500 });
  }).toPass();
  await page.getByText("What was sent and what came back").click();
  const headers = await page.getByRole("group", { name: "Sent headers" }).innerText();
  const body = await page.getByRole("group", { name: "Body, byte for byte" }).innerText();
  await page.goto("/webhooks/signature");
  await page.getByLabel("Headers, a line each").fill(headers);
  await page.getByLabel("Body, exactly as your code has it").fill(JSON.stringify(JSON.parse(body), null, 2));
  await page.getByLabel("Secret, as your receiver has it").fill(secret);
  await page.getByLabel("Secret, as your receiver has it").press("Enter");
  await expect(page.getByRole("alert")).toContainText("The body was parsed and written anew.");
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`no page of the console has an accessibility violation, ${colorScheme}`, async ({ page }) => {
    test.setTimeout(300_000);
    await page.emulateMedia({ colorScheme });
    await createSandbox(page);
    await page.goto("/webhooks");
    await page.getByRole("button", { name: "Create an inbox" }).click();
    await expect(page).toHaveURL(/\/webhooks\/inboxes\//);
    const inbox = page.url();
    await page.getByRole("button", { name: "Send a test" }).click();
    await expect(page).toHaveURL(/\/webhooks\/deliveries\//);
    const delivery = page.url();
    for (const path of ["/webhooks", inbox, delivery, "/webhooks/events", "/webhooks/signature"]) {
      await page.goto(path);
      await accessible(page);
    }
  });
}
