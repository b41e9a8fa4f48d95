// People: a workspace is claimed, opened elsewhere, shared, and agreed to by Aleta's staff.

import { expect, test } from "../fixtures";
import type { Browser, Page } from "@playwright/test";
import { accessible } from "../accessible";
import { claim, createSandbox, PASSWORD, staffLink, tabTo } from "../steps";

async function elsewhere(browser: Browser, javaScriptEnabled = true): Promise<Page> {
  const context = await browser.newContext({ javaScriptEnabled });
  return context.newPage();
}

for (const script of [true, false]) {
  test.describe(script ? "with a script" : "without a script", () => {
    test.use({ javaScriptEnabled: script });

    test("a claimed workspace opens in another browser", async ({ page, browser }) => {
      const { clientId } = await createSandbox(page);
      const email = await claim(page);
      const other = await elsewhere(browser, script);
      await other.goto("/sign-in");
      await other.getByLabel("E-mail address").fill(email);
      await other.getByLabel("Password", { exact: true }).fill(PASSWORD);
      await other.getByRole("button", { name: "Sign in" }).click();
      await expect(other.locator("#signed-in")).toHaveText(email);
      await other.goto("/sandbox");
      await expect(other.locator("#client-id")).toHaveText(clientId);
      await other.goto("/workspace");
      await other.getByRole("button", { name: "Sign out", exact: true }).click();
      await expect(other.getByRole("main").getByRole("status")).toHaveText("You are signed out of this browser.");
      await other.context().close();
    });

    test("a colleague is invited, asks for an approval, and sees who gave it", async ({ page, browser }) => {
      // Three people in three browsers: nearly all of the time that one may take, even on a machine at rest.
      test.slow();
      await createSandbox(page);
      await claim(page, "Nordlys Capital");
      await page.getByLabel("For whom, in your words").fill("Jon, back office");
      await page.getByRole("button", { name: "Make an invitation" }).click();
      const invitation = await page.locator("#one-time-link").innerText();

      const jon = await elsewhere(browser, script);
      await jon.goto(invitation);
      await expect(jon.getByRole("heading", { level: 1 })).toHaveText("Join Nordlys Capital");
      const email = `jon-${Date.now()}@nordlys.example`;
      await jon.getByLabel("E-mail address").fill(email);
      await jon.getByLabel("Password", { exact: true }).fill(PASSWORD);
      await jon.getByRole("button", { name: "Join the workspace" }).click();
      await expect(jon.locator("#signed-in")).toHaveText(email);
      await jon.goto("/sandbox");
      await expect(jon.getByText("are for the admins of the")).toBeVisible();
      await jon.goto("/checklist");
      const item = jon.getByRole("listitem").filter({ hasText: "Read scopes approved" });
      await item.getByRole("link", { name: "Ask for approval" }).click();
      await jon.getByRole("checkbox", { name: /positions:read/ }).check();
      await jon.getByLabel("A note to Aleta").fill("For the nightly report");
      await jon.getByRole("button", { name: "Ask for approval" }).click();
      await expect(jon).toHaveURL(/\/checklist#read-scopes-approved$/);
      await expect(item).toContainText("Waits for Aleta");

      const desk = await elsewhere(browser, script);
      const staff = `ops-${Date.now()}@aleta.example`;
      await desk.goto(staffLink(staff));
      await desk.getByLabel("New password").fill(PASSWORD);
      await desk.getByRole("button", { name: "Set password" }).click();
      await desk.getByLabel("E-mail address").fill(staff);
      await desk.getByLabel("Password", { exact: true }).fill(PASSWORD);
      await desk.getByRole("button", { name: "Sign in" }).click();
      await expect(desk.getByRole("heading", { level: 1 })).toHaveText("Launch board");
      await desk.getByLabel("Name, address or sandbox id").fill(email);
      await desk.getByRole("button", { name: "Find" }).click();
      const row = desk.getByRole("row").filter({ hasText: "Nordlys Capital" });
      await expect(row).toContainText("Asked");
      if (script) await accessible(desk);
      await row.getByRole("link").click();
      await expect(desk.getByText("For the nightly report").first()).toBeVisible();
      if (script) await accessible(desk);
      await desk.getByLabel("A note, which the workspace sees").fill("Agreed");
      await desk.getByRole("button", { name: "Approve" }).click();
      await expect(desk.getByRole("main").getByRole("status")).toContainText("Approved");

      await page.goto("/checklist");
      const proven = page.getByRole("listitem").filter({ hasText: "Read scopes approved" });
      await expect(proven).toContainText("Proven");
      await expect(proven).toContainText(`${staff}, asked for by ${email}`);
      await jon.context().close();
      await desk.context().close();
    });
  });
}

test("a workspace is claimed and signed out of by keyboard alone", async ({ page }) => {
  await createSandbox(page);
  await page.goto("/workspace");
  await page.getByLabel("Name of the workspace").focus();
  await page.keyboard.type("By keyboard");
  await page.keyboard.press("Tab");
  await page.keyboard.type(`keys-${Date.now()}@nordlys.example`);
  await page.keyboard.press("Tab");
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("By keyboard");
  await tabTo(page, page.getByRole("button", { name: "Sign out", exact: true }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Sign in");
});

test("a colleague is invited, and an approval asked for and given, by keyboard alone", async ({ page, browser }) => {
  // Three people press Tab a few hundred times, and each press is looked at.
  test.slow();
  const type = async (on: Page, label: string, text: string) => {
    await tabTo(on, on.getByLabel(label, { exact: true }));
    await on.keyboard.type(text);
  };
  const press = async (on: Page, name: string) => {
    await tabTo(on, on.getByRole("button", { name, exact: true }));
    await on.keyboard.press("Enter");
  };
  await createSandbox(page);
  const email = await claim(page, "Keys and Sons");
  await type(page, "For whom, in your words", "Kim");
  await press(page, "Make an invitation");
  const invitation = await page.locator("#one-time-link").innerText();

  const kim = await elsewhere(browser);
  await kim.goto(invitation);
  await type(kim, "E-mail address", `kim-${Date.now()}@keys.example`);
  await type(kim, "Password", PASSWORD);
  await kim.keyboard.press("Enter");
  await expect(kim.getByRole("heading", { level: 1 })).toHaveText("Keys and Sons");
  await kim.goto("/checklist/read-scopes-approved");
  await tabTo(kim, kim.getByRole("checkbox", { name: /positions:read/ }));
  await kim.keyboard.press("Space");
  await press(kim, "Ask for approval");
  await expect(kim).toHaveURL(/\/checklist#read-scopes-approved$/);

  const desk = await elsewhere(browser);
  const staff = `keys-${Date.now()}@aleta.example`;
  await desk.goto(staffLink(staff));
  await type(desk, "New password", PASSWORD);
  await desk.keyboard.press("Enter");
  await type(desk, "E-mail address", staff);
  await type(desk, "Password", PASSWORD);
  await desk.keyboard.press("Enter");
  await expect(desk.getByRole("heading", { level: 1 })).toHaveText("Launch board");
  await type(desk, "Name, address or sandbox id", email);
  await desk.keyboard.press("Enter");
  await tabTo(desk, desk.getByRole("row").filter({ hasText: "Keys and Sons" }).getByRole("link").first());
  await desk.keyboard.press("Enter");
  await press(desk, "Approve");
  await expect(desk.getByRole("main").getByRole("status")).toContainText("Approved");
  await page.goto("/checklist");
  await expect(page.getByRole("listitem").filter({ hasText: "Read scopes approved" })).toContainText("Proven");
  await kim.context().close();
  await desk.context().close();
});

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test("the pages of a workspace are accessible", async ({ page }) => {
      for (const path of ["/workspace", "/sign-in", "/board/sign-in"]) {
        await page.goto(path);
        await accessible(page);
      }
      await createSandbox(page);
      await page.goto("/workspace");
      await accessible(page);
      await claim(page);
      await page.getByLabel("For whom, in your words").fill("Kim");
      await page.getByRole("button", { name: "Make an invitation" }).click();
      await accessible(page);
      const invitation = await page.locator("#one-time-link").innerText();
      for (const path of [invitation, "/sandbox", "/checklist", "/checklist/read-scopes-approved", "/checklist/cutover-scheduled"]) {
        await page.goto(path);
        await accessible(page);
      }
    });
  });
}
