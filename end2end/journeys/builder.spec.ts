// The builder as a workbench: its history, its links, its keys, bodies that fold, and the same form under each operation.

import { accessible } from "../accessible";
import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures";
import { createSandbox } from "../steps";

const answer = (page: Page) => page.getByRole("region", { name: "Answer", exact: true });
const ready = (page: Page) => page.locator("html[data-islands=ready]").waitFor();
const send = (page: Page) => page.getByRole("button", { name: "Send request" }).click();

test("a call stands in the history at once, and opens again after a reload", async ({ page }) => {
  await createSandbox(page);
  await page.goto("/builder?operation=clients.create");
  await ready(page);
  await page.getByLabel("name", { exact: true }).fill("Remembered");
  await send(page);
  await expect(answer(page).getByRole("heading", { name: "201 Created" })).toBeVisible();
  const history = page.getByRole("region", { name: "History" });
  await expect(history.getByRole("row", { name: /POST \/v1\/clients.*201/ })).toBeVisible();
  await page.goto("/builder?operation=clients.list");
  await history.getByRole("link", { name: "POST /v1/clients" }).click();
  await expect(page.getByLabel("name", { exact: true })).toHaveValue("Remembered");
});

test("a link opens the same request in somebody else's sandbox and marks what is not theirs", async ({ page, browser }) => {
  test.setTimeout(120_000);
  await createSandbox(page);
  await page.goto("/builder?operation=clients.create");
  await ready(page);
  await send(page);
  await expect(answer(page).getByRole("heading", { name: "201 Created" })).toBeVisible();
  const id = JSON.parse(await page.locator("#answer-body").innerText()).id as string;
  await page.goto("/builder?operation=clients.get");
  await ready(page);
  await page.getByLabel("id", { exact: true }).first().fill(id);
  const link = await page.getByRole("link", { name: "Link to this request" }).getAttribute("href");
  expect(link).toContain(id);

  const elsewhere = await browser.newContext();
  const other = await elsewhere.newPage();
  await createSandbox(other);
  // Once it has been called, a sandbox is asked itself.
  await other.goto("/builder?operation=clients.list");
  await ready(other);
  await send(other);
  await expect(answer(other).getByRole("heading", { name: "200 OK" })).toBeVisible();
  await other.goto(link!);
  await expect(other.getByText("not in your sandbox")).toBeVisible();
  await accessible(other);
  await other.getByRole("region", { name: "Ids of another sandbox" }).getByRole("link").first().click();
  await expect(other.getByText("not in your sandbox")).toHaveCount(0);
  await ready(other);
  await send(other);
  await expect(answer(other).getByRole("heading", { name: "200 OK" })).toBeVisible();
  await elsewhere.close();
});

test("a body folds by keyboard, stays one text, and its ids lead on", async ({ page }) => {
  await createSandbox(page);
  await page.goto("/builder?operation=clients.list");
  await ready(page);
  await send(page);
  const body = page.locator("#answer-body");
  const whole = await body.evaluate((element) => element.textContent);
  expect(JSON.parse(whole!).data.length).toBeGreaterThan(0);
  const fold = body.locator("summary").nth(1);
  await fold.focus();
  await page.keyboard.press("Enter");
  await expect(body.locator("details").nth(1)).not.toHaveAttribute("open");
  expect(await body.evaluate((element) => element.textContent), "what is copied stays whole").toBe(whole);
  await page.keyboard.press("f");
  await expect(body.getByRole("link").first()).toBeHidden();
  await page.keyboard.press("f");
  await body.getByRole("link").first().click();
  await expect(page).toHaveURL(/operation=clients\.get&path\.id=/);
});

test("a question mark lists the keys, and the keys work", async ({ page }) => {
  await createSandbox(page);
  await page.goto("/builder?operation=clients.list&query.limit=1");
  await ready(page);
  await page.keyboard.press("?");
  const keys = page.getByRole("dialog", { name: "Keys" });
  await expect(keys).toBeVisible();
  await accessible(page);
  await page.keyboard.press("Escape");
  await expect(keys).toBeHidden();
  await page.getByLabel("limit").fill("1");
  await page.keyboard.press("Control+Enter");
  // The sample that stands there before has the same ids.
  await expect(answer(page).getByRole("heading", { name: "200 OK" })).toBeVisible();
  await expect(answer(page)).toContainText("66a1f0c2d4e5b60718290001");
  await page.getByLabel("limit").blur();
  await page.keyboard.press("n");
  await expect(answer(page)).toContainText("66a1f0c2d4e5b60718290002");
  await page.keyboard.press("e");
  await expect(answer(page).getByRole("heading", { name: "304 Not Modified" })).toBeVisible();
  await page.keyboard.press("o");
  await expect(page.getByRole("searchbox", { name: "Filter operations" })).toBeFocused();
  await page.keyboard.press("Escape");

  await page.keyboard.press("?");
  await page.getByLabel("Single letters and signs work as keys").uncheck();
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await expect(keys, "switched off").toBeHidden();
  await page.reload();
  await page.getByRole("button", { name: "Keys" }).click();
  await expect(page.getByLabel("Single letters and signs work as keys")).not.toBeChecked();
});

test("a send that takes a while shows that it is under way", async ({ page }) => {
  await createSandbox(page);
  await page.goto("/builder?operation=clients.list");
  await ready(page);
  const bench = page.locator(".bench");
  const pane = page.getByRole("region", { name: "Answer", exact: true });
  let answer = () => {};
  const held = new Promise<void>((done) => (answer = done));
  await page.route("**/actions/send", async (route) => {
    await held;
    await route.continue();
  });
  await page.getByRole("button", { name: "Send request" }).click();
  await expect(bench).toHaveAttribute("data-sending", "true");
  await expect(pane).toHaveAttribute("aria-busy", "true");
  answer();
  await expect(pane.getByRole("heading", { name: "200 OK" })).toBeVisible();
  await expect(bench).toHaveAttribute("data-sending", "false");
  await expect(pane).toHaveAttribute("aria-busy", "false");
});

test("the builder opens under an operation of the docs, and closes again", async ({ page }) => {
  test.setTimeout(120_000);
  await createSandbox(page);
  const fetched: string[] = [];
  page.on("request", (request) => fetched.push(request.url()));
  await page.goto("/reference/v1/clients", { waitUntil: "networkidle" });
  expect(fetched.filter((url) => url.includes("/web")), "nothing is loaded before a press").toEqual([]);
  const operation = page.locator("section.operation").filter({ has: page.locator("[id='clients.list-title']") });
  const open = operation.getByRole("link", { name: /Open in the builder/ });
  await open.click();
  const place = page.getByRole("region", { name: /^Builder: / });
  await expect(place).toBeVisible();
  await expect(page).toHaveURL(/\/reference\/v1\/clients$/);
  await ready(page);
  await place.getByLabel("limit").fill("1");
  await place.getByRole("button", { name: "Send request" }).click();
  await expect(place.getByRole("heading", { name: "200 OK" })).toBeVisible();
  const ids = await page.evaluate(() => [...document.querySelectorAll("[id]")].map((element) => element.id));
  expect(ids.filter((id, index) => ids.indexOf(id) !== index), "an id twice").toEqual([]);
  await accessible(page);
  await place.getByRole("button", { name: "Close" }).click();
  await expect(place).toHaveCount(0);
  await expect(open).toBeFocused();
});

test("faults are planted and the docs show the reader's own calls, without leaving the page", async ({ page }) => {
  await createSandbox(page);
  await page.goto("/builder?operation=clients.list");
  await ready(page);
  await page.getByLabel("limit").fill("1");
  await page.locator("#faults > summary").click();
  await page.getByLabel("Retry-After, s").fill("1");
  await page.getByRole("button", { name: "Plant fault" }).click();
  await expect(page.getByText("The fault is planted")).toBeVisible();
  await expect(page.getByLabel("limit"), "what was typed stays").toHaveValue("1");
  await send(page);
  await expect(answer(page).getByRole("heading", { name: "429 Too Many Requests" })).toBeVisible();
  await send(page);
  await expect(answer(page).getByRole("heading", { name: "200 OK" })).toBeVisible();

  await page.goto("/reference/v1/clients");
  const operation = page.locator("section.operation").filter({ has: page.locator("[id='clients.list-title']") });
  await operation.getByText("Your last calls").click();
  await expect(operation.locator(".calls > li")).toHaveCount(2);
  await accessible(page, ".last-calls");
});
