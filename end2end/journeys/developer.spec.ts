// A developer: a sandbox without signing up, the quickstart as printed, the builder, and a checklist that turns by itself.

import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { expect, test } from "../fixtures";
import { createSandbox } from "../steps";

test("from the home page to a proven checklist", async ({ page, context }) => {
  await page.goto("/");
  await expect(page.getByRole("region", { name: "Statement of a request" })).toContainText("GET /v1/clients");
  const { clientId, secret } = await createSandbox(page);
  expect(clientId).toMatch(/^ci_[0-9a-z]{26}$/);
  expect(secret.length).toBeGreaterThan(30);

  await page.reload();
  await expect(page.locator("#client-secret"), "the secret is shown once").toHaveCount(0);
  await expect(page.locator("#client-id")).toHaveText(clientId);

  await page.goto("/quickstart");
  await expect(page.getByRole("main")).toContainText(`export CLIENT_ID="${clientId}"`);
  expect(await page.content()).not.toContain(secret);

  const watching = await context.newPage();
  await watching.goto("/checklist");
  const first = watching.getByRole("listitem").filter({ hasText: "Sandbox credentials issued" });
  await expect(first).toContainText("Open");

  await page.goto("/builder?operation=clients.list");
  await page.locator("html[data-islands=ready]").waitFor();
  await page.getByRole("button", { name: "Send request" }).click();
  const answer = page.getByRole("region", { name: "Answer", exact: true });
  await expect(answer.getByRole("heading", { name: "200 OK" })).toBeVisible();
  await expect(answer).toContainText("66a1f0c2d4e5b60718290001");

  await expect(first, "without a reload").toContainText("Proven");
  await expect(first).toContainText("GET /v1/clients");
  const storage = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
  expect(storage, "no credential where a script can read it").not.toMatch(/ci_|eyJ|portal_session/);
});

test("the quickstart's lines work as printed", async ({ page }, testInfo) => {
  const { secret } = await createSandbox(page);
  await page.goto("/quickstart");
  const blocks = await page.locator("figure.code[data-lang=bash] code, figure.code[data-lang=shell] code").allTextContents();
  expect(blocks.length).toBeGreaterThan(3);
  const script = blocks.join("\n").replace("your_client_secret", secret);
  // curl leaves files there.
  const folder = testInfo.outputPath();
  mkdirSync(folder, { recursive: true });
  const output = execFileSync("bash", ["-euo", "pipefail", "-c", script], { encoding: "utf8", cwd: folder });
  expect(output).toContain('"access_token"');
  expect(output, "positions of the demo data").toMatch(/"id":"pos_[0-9a-f]{24}"/);
  expect(output, "the repeated call with the ETag").toMatch(/304/);
});

test("the next page, the same ETag and an id, each one click away", async ({ page }) => {
  await createSandbox(page);
  await page.goto("/builder?operation=clients.list&query.limit=1");
  await page.locator("html[data-islands=ready]").waitFor();
  const answer = page.getByRole("region", { name: "Answer", exact: true });
  await page.getByLabel("limit").fill("1");
  await page.getByRole("button", { name: "Send request" }).click();
  await expect(answer).toContainText("66a1f0c2d4e5b60718290001");
  await answer.getByRole("button", { name: "Next page" }).click();
  await expect(answer).toContainText("66a1f0c2d4e5b60718290002");
  await expect(page.getByLabel("cursor")).not.toHaveValue("");
  await answer.getByRole("button", { name: "Send again with this ETag" }).click();
  await expect(answer.getByRole("heading", { name: "304 Not Modified" })).toBeVisible();
  await page.getByLabel("If-None-Match").fill("");
  await page.getByRole("button", { name: "Send request" }).click();
  await answer.getByRole("link", { name: "66a1f0c2d4e5b60718290002" }).first().click();
  await expect(page).toHaveURL(/operation=clients\.get/);
  await expect(page.getByLabel("id", { exact: true }).first()).toHaveValue("66a1f0c2d4e5b60718290002");
});

test("the curl that is shown is the request that is sent", async ({ page }) => {
  await createSandbox(page);
  await page.goto("/builder?operation=clients.create");
  await page.locator("html[data-islands=ready]").waitFor();
  await page.getByLabel("name", { exact: true }).fill("O'Hara & Søn");
  await expect(page.locator("#same-curl")).toContainText("O'\\''Hara & Søn");
  await page.getByRole("button", { name: "Send request" }).click();
  const answer = page.getByRole("region", { name: "Answer", exact: true });
  await expect(answer.getByRole("heading", { name: "201 Created" })).toBeVisible();
  await expect(answer).toContainText("O'Hara & Søn");
});

test("two visitors have two sandboxes", async ({ page, browser }) => {
  const mine = await createSandbox(page);
  const other = await browser.newContext();
  const theirs = await createSandbox(await other.newPage());
  expect(theirs.clientId).not.toBe(mine.clientId);
  await page.goto("/sandbox");
  await expect(page.locator("#client-id")).toHaveText(mine.clientId);
  await other.close();
});

test("a sandbox is deleted only when its name is typed", async ({ page }) => {
  await createSandbox(page);
  const name = await page.getByRole("heading", { level: 1 }).innerText();
  const form = page.locator("form[action='/sandbox/delete']");
  await form.getByRole("textbox").fill("something else");
  await form.getByRole("button").click();
  await expect(page.getByRole("alert")).toBeVisible();
  await page.locator("form[action='/sandbox/delete']").getByRole("textbox").fill(name);
  await page.locator("form[action='/sandbox/delete']").getByRole("button").click();
  await expect(page.getByRole("heading", { name: "A sandbox of your own" })).toBeVisible();
});
