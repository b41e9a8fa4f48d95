// With JavaScript off: everything can be read, and a request can be sent.

import { expect, test } from "../fixtures";
import { createSandbox } from "../steps";

test.use({ javaScriptEnabled: false });

test("a request is sent by a plain form and its answer is a page", async ({ page }) => {
  await createSandbox(page);
  await page.goto("/builder?operation=clients.list");
  await page.getByLabel("limit").fill("2");
  await page.getByRole("button", { name: "Send request" }).click();
  const answer = page.getByRole("region", { name: "Answer", exact: true });
  await expect(answer.getByRole("heading", { name: "200 OK" })).toBeVisible();
  await expect(answer).toContainText("66a1f0c2d4e5b60718290001");
  await answer.getByRole("button", { name: "Send again with this ETag" }).click();
  await expect(page.getByRole("heading", { name: "304 Not Modified" })).toBeVisible();
  await page.goto("/checklist");
  await expect(page.getByRole("listitem").filter({ hasText: "Sandbox credentials issued" })).toContainText("Proven");
});

test("a body is sent from its form, and a refusal is explained", async ({ page }) => {
  await createSandbox(page);
  await page.goto("/builder?operation=clients.create");
  await page.getByLabel("name", { exact: true }).fill("Without script");
  await page.getByRole("button", { name: "Send request" }).click();
  await expect(page.getByRole("heading", { name: "201 Created" })).toBeVisible();
  await page.getByLabel("name", { exact: true }).fill(" ");
  await page.getByRole("button", { name: "Send request" }).click();
  await expect(page.getByRole("heading", { name: /^422/ })).toBeVisible();
  await expect(page.getByRole("link", { name: "What to do about it" })).toHaveAttribute("href", "/errors#validation-failed");
});

test("a visitor without a sandbox is offered one", async ({ page }) => {
  await page.goto("/builder?operation=clients.list");
  await page.getByRole("button", { name: "Send request" }).click();
  await expect(page.getByRole("heading", { name: "There is no sandbox to send to" })).toBeVisible();
});

test("the docs read, and the colours are chosen, without a script", async ({ page }) => {
  await page.goto("/reference/v1/clients");
  await expect(page.getByRole("heading", { level: 1, name: "Clients" })).toBeVisible();
  await expect(page.getByText("curl ").first()).toBeVisible();
  await page.getByRole("button", { name: "Dark" }).click();
  await expect(page).toHaveURL("/reference/v1/clients");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});

test("the history, links, faults, the log and the docs' own builder work as plain pages", async ({ page }) => {
  await createSandbox(page);
  await page.goto("/builder?operation=clients.list");
  await page.getByLabel("limit").fill("1");
  await page.getByRole("button", { name: "Send request" }).click();
  const body = page.locator("#answer-body");
  await expect(body.locator("details").first()).toHaveAttribute("open");
  await body.locator("summary").nth(1).click();
  await expect(body.locator("details").nth(1)).not.toHaveAttribute("open");
  await page.getByRole("region", { name: "History" }).getByRole("link", { name: "GET /v1/clients?limit=1" }).click();
  await expect(page.getByLabel("limit")).toHaveValue("1");
  await page.getByRole("link", { name: "Link to this request" }).click();
  await expect(page.getByLabel("limit")).toHaveValue("1");

  await page.locator("#faults > summary").click();
  await page.getByLabel("What happens").selectOption("server_error");
  await page.getByRole("button", { name: "Plant fault" }).click();
  await expect(page.getByText("The fault is planted")).toBeVisible();
  await page.getByRole("button", { name: "Send request" }).click();
  await expect(page.getByRole("heading", { name: /^500/ })).toBeVisible();
  await expect(page.getByText("A fault that you planted struck this call")).toBeVisible();

  await page.goto("/logs?status=5xx");
  const struck = page.getByRole("main").getByRole("listitem").filter({ hasText: "/v1/clients" }).first();
  await struck.locator("summary").click();
  await struck.getByRole("link", { name: "Open in the builder" }).click();
  await expect(page).toHaveURL(/\/builder\?sent=/);

  await page.goto("/reference/v1/clients");
  await page.getByText("Your last calls").first().click();
  await page.getByRole("link", { name: "See them in the request log" }).first().click();
  await expect(page).toHaveURL(/\/logs\?operation=/);
  await page.goto("/reference/v1/clients");
  await page.getByRole("link", { name: /Open in the builder/ }).first().click();
  await expect(page).toHaveURL(/\/builder\?operation=/);
});
