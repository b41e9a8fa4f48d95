// A key pair made in the browser: its private half cannot be read, is never sent, and signs what the sandbox accepts.

import { expect, test } from "../fixtures";
import { createSandbox } from "../steps";

test("a key pair is made, registered, used and forgotten on the page", async ({ page }) => {
  const sent: string[] = [];
  page.on("request", (request) => sent.push(request.postData() ?? ""));
  await createSandbox(page);
  await page.goto("/authentication");
  const step = (name: string) => page.getByRole("button", { name, exact: true });
  // A button has its turn once the page's own script has come and said so.
  const press = async (name: string) => {
    await expect(step(name)).toBeEnabled();
    await step(name).press("Enter");
  };
  await expect(step("Register the public half")).toBeDisabled();

  await press("Make a key pair");
  await expect(page.locator("[data-key-public]")).toContainText('"crv": "P-256"');
  const secret = await page.evaluate(async () => {
    const open = indexedDB.open("aleta-key");
    await new Promise((resolve) => (open.onsuccess = resolve));
    const get = open.result.transaction("pairs").objectStore("pairs").get("sandbox");
    await new Promise((resolve) => (get.onsuccess = resolve));
    const key: CryptoKey = get.result.privateKey;
    const exported = await crypto.subtle.exportKey("jwk", key).then(() => "read", (error) => error.name);
    return { extractable: key.extractable, exported };
  });
  expect(secret).toEqual({ extractable: false, exported: "InvalidAccessError" });

  await press("Register the public half");
  await expect(page.locator("[data-key-issued]")).toContainText('"kid": "key_');

  await page.reload();
  await press("Sign and exchange");
  await expect(page.locator("[data-key-answer]")).toContainText("HTTP/1.1 200 OK");
  await expect(page.locator("[data-key-answer]")).toContainText('"token_type": "Bearer"');
  expect(sent.join("\n"), "the private half stays").not.toMatch(/"d"|%22d%22/);
  const storage = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  expect(storage).not.toMatch(/eyJ|key_/);

  await press("Forget the pair");
  await expect(step("Make a key pair")).toBeEnabled();
  await expect(page.locator("[data-key-public]")).toBeHidden();
});

test.describe("without a script", () => {
  test.use({ javaScriptEnabled: false });

  test("the page says what to do instead", async ({ page }) => {
    await page.goto("/authentication");
    await expect(page.locator("[data-key] noscript p")).toBeVisible();
    await expect(page.getByRole("button", { name: "Make a key pair" })).toBeDisabled();
  });
});
