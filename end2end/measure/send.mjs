// From pressing "Send request" to the answer in the page, beside what the API itself took. Prints one JSON object.

import { chromium } from "@playwright/test";

const portal = process.env.PORTAL_URL;
// Together fewer than the budget of a sandbox allows at once.
const WARM = 10;
const SENDS = 150;

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
const page = await browser.newPage();
await page.goto(`${portal}/sandbox`);
await page.getByRole("main").getByRole("button", { name: "Create sandbox" }).click();
await page.locator("#client-id").waitFor();
await page.goto(`${portal}/builder?operation=clients.get`);
await page.locator("html[data-islands=ready]").waitFor();

/** Presses the button and waits until another request id stands in the answer and has been laid out. */
const press = () =>
  page.evaluate(
    () =>
      new Promise((done) => {
        const answer = document.querySelector('section[aria-label="Answer"]');
        const button = [...document.querySelectorAll("button")].find((element) => element.textContent.includes("Send request"));
        const id = () => /req_[0-9A-Z]+/.exec(answer.textContent)?.[0];
        const before = id();
        const started = performance.now();
        const watch = new MutationObserver(() => {
          const now = id();
          if (!now || now === before) return;
          answer.getBoundingClientRect();
          watch.disconnect();
          done(performance.now() - started);
        });
        watch.observe(answer, { childList: true, subtree: true, characterData: true });
        button.click();
      }),
  );

const overheads = [];
for (let turn = 0; turn < WARM + SENDS; turn += 1) {
  const reply = page.waitForResponse((response) => response.url().endsWith("/actions/send"));
  const shown = await press();
  const outcome = await (await reply).json();
  const took = outcome.Answered?.duration_us;
  if (!(took > 0)) throw new Error(`not answered: ${JSON.stringify(outcome)}`);
  if (turn >= WARM) overheads.push(shown - took / 1000);
}
await browser.close();
console.log(JSON.stringify({ overheads }));
