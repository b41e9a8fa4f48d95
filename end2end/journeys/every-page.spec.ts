// What holds for every page: accessible in both themes, nothing cut off on a phone, no code where none is needed.

import { accessible } from "../accessible";
import { expect, test } from "../fixtures";
import { createSandbox, publicPages } from "../steps";

const OWN = ["/", "/sandbox", "/checklist", "/logs", "/builder?operation=accounts.create", "/builder?operation=clients.list", "/search?q=cursor"];

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test("no page has an accessibility violation", async ({ page }) => {
      test.setTimeout(900_000);
      const paths = new Set([...OWN, ...(await publicPages(page))]);
      expect(paths.size).toBeGreaterThan(20);
      for (const path of paths) {
        await page.goto(path);
        await accessible(page);
      }
    });

    test("no page of a sandbox's owner has an accessibility violation", async ({ page }) => {
      await createSandbox(page);
      for (const path of ["/sandbox", "/checklist", "/logs", "/builder?operation=clients.update", "/"]) {
        await page.goto(path);
        await accessible(page);
      }
    });
  });
}

test("nothing is wider than a phone, and every letter of the docs is in the fonts that come first", async ({ page }) => {
  test.setTimeout(600_000);
  // The first page that needs one is named: those after it find it in memory.
  let extra: string | undefined;
  page.on("request", (request) => {
    if (/-ext\.[0-9a-f]+\.woff2$/.test(request.url())) extra ??= page.url();
  });
  await page.setViewportSize({ width: 390, height: 844 });
  for (const path of [...OWN, ...(await publicPages(page))]) {
    await page.goto(path);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width, path).toBeLessThanOrEqual(390);
  }
  expect(extra, "a page with a letter of the second font file").toBeUndefined();
});

test("a docs page loads no wasm and sets no cookie", async ({ page, context }) => {
  const fetched: string[] = [];
  page.on("request", (request) => fetched.push(request.url()));
  await page.goto("/reference/v1/clients", { waitUntil: "networkidle" });
  expect(fetched.filter((url) => /\.wasm|\/web\./.test(url))).toEqual([]);
  expect(await context.cookies()).toEqual([]);
});

test("a link to an error's type opens its explanation", async ({ page }) => {
  await page.goto("/errors#rate-limited");
  await expect(page.locator("#rate-limited")).toBeInViewport();
});

test.describe("a missing page", () => {
  test.use({ tolerate: [/404/] });

  test("a page that does not exist says so", async ({ page }) => {
    const answer = await page.goto("/nothing-here");
    expect(answer?.status()).toBe(404);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  });
});
