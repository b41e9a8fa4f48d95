// Rows of a list of objects: added, moved and removed in the page, by keyboard, with the focus where the reader is.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "../fixtures";
import { createSandbox } from "../steps";

// As the server draws them, which a test of its pages holds; no operation takes such a list yet.
const ROWS = readFileSync(join(import.meta.dirname, "rows.html"), "utf8");

test("rows are added, moved and removed where they stand", async ({ page }) => {
  await createSandbox(page);
  await page.goto("/builder?operation=clients.create");
  await page.locator("html[data-islands=ready]").waitFor();
  await page.evaluate((html) => document.getElementById("request")?.insertAdjacentHTML("beforeend", html), ROWS);
  const posted: string[] = [];
  page.on("request", (request) => posted.push(request.url()));
  const list = page.locator('[data-rows="body.members"]');
  const rows = list.locator(":scope > ol > li");
  const row = (index: number) => rows.nth(index);
  const press = (index: number, name: string) => row(index).getByRole("button", { name, exact: true }).press("Enter");
  const sent = () =>
    page.evaluate(() => {
      const data = new FormData(document.querySelector<HTMLFormElement>("#request") ?? undefined);
      return data.getAll("rows.body.members").map((key) => data.get(`body.members.${key}.name`));
    });
  await expect(rows).toHaveCount(2);
  expect(await sent()).toEqual(["a", "b"]);

  await list.getByRole("button", { name: /^Add an item/ }).press("Enter");
  await expect(rows).toHaveCount(3);
  await expect(row(2).getByLabel("name"), "the new row is where one types").toBeFocused();
  await page.keyboard.type("c");
  expect(await sent()).toEqual(["a", "b", "c"]);

  await press(2, "Up");
  expect(await sent()).toEqual(["a", "c", "b"]);
  await expect(row(1).getByRole("button", { name: "Up" }), "the focus goes along").toBeFocused();
  await press(1, "Up");
  expect(await sent()).toEqual(["c", "a", "b"]);
  await expect(row(0).getByRole("button", { name: "Down" }), "the first has no way up").toBeFocused();
  await press(1, "Down");
  expect(await sent()).toEqual(["c", "b", "a"]);
  await expect(row(2).getByRole("button", { name: "Up" }), "the last has no way down").toBeFocused();
  await expect(rows.getByRole("button", { name: "Up" })).toHaveCount(2);
  await expect(rows.getByRole("button", { name: "Down" })).toHaveCount(2);

  await press(1, "Remove");
  expect(await sent()).toEqual(["c", "a"]);
  await expect(list.getByRole("button", { name: /^Add an item/ })).toBeFocused();
  await expect(rows.locator("[data-number]")).toHaveText(["1", "2"]);

  await list.getByRole("button", { name: /^Add an item/ }).press("Enter");
  await page.keyboard.type("d");
  expect(await sent(), "no key is given twice").toEqual(["c", "a", "d"]);
  expect(posted, "and nothing was asked of the server").toEqual([]);
});
