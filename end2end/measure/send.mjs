// From pressing "Send request" to the answer in the page, beside what the API itself took. Prints one JSON object.
//
// The browser is driven over its bare protocol: a driver that listens to the network is told of every request by the
// very threads that answer it, which took half as long again as what is measured.

import { launch } from "chrome-launcher";
import WebSocket from "ws";

const portal = process.env.PORTAL_URL;
// Together fewer than the budget of a sandbox allows at once.
const WARM = 10;
const SENDS = 150;

const chrome = await launch({ chromePath: process.env.CHROMIUM, chromeFlags: ["--headless=new", "--no-sandbox", "--disable-gpu"] });
const targets = await (await fetch(`http://127.0.0.1:${chrome.port}/json`)).json();
const socket = new WebSocket(targets.find(({ type }) => type === "page").webSocketDebuggerUrl);
await new Promise((open) => socket.once("open", open));

const waiting = new Map();
let asked = 0;
socket.on("message", (message) => {
  const { id, result, error } = JSON.parse(message);
  waiting.get(id)?.({ result, error });
  waiting.delete(id);
});

function ask(method, params) {
  asked += 1;
  const id = asked;
  return new Promise((done) => {
    waiting.set(id, done);
    socket.send(JSON.stringify({ id, method, params }));
  });
}

/** What an expression in the page comes to. */
async function evaluate(expression) {
  const { result, error } = await ask("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
  if (error || result.exceptionDetails) throw new Error(JSON.stringify(error ?? result.exceptionDetails));
  return result.result.value;
}

/** Waits until an expression holds, across the pages that come meanwhile. */
async function until(expression) {
  for (let turn = 0; turn < 400; turn += 1) {
    if (await evaluate(expression).catch(() => false)) return;
    await new Promise((later) => setTimeout(later, 50));
  }
  throw new Error(`never: ${expression}`);
}

/** In the page: presses the button and waits until another request id stands in the answer and has been laid out. */
function press() {
  return new Promise((done) => {
    const answer = document.querySelector('section[aria-label="Answer"]');
    const button = [...document.querySelectorAll("button")].find((element) => element.textContent.includes("Send request"));
    const id = () => /req_[0-9A-Z]+/.exec(answer.textContent)?.[0];
    const before = id();
    // The last send is drawn, its row of the history too, before anybody presses again.
    document.body.getBoundingClientRect();
    const started = performance.now();
    const watch = new MutationObserver(() => {
      const now = id();
      if (!now || now === before) return;
      watch.disconnect();
      answer.getBoundingClientRect();
      const shown = performance.now() - started;
      const { Answered } = JSON.parse(new TextDecoder().decode(window.reply));
      done({ shown, took: Answered.duration_us });
    });
    watch.observe(answer, { childList: true, subtree: true, characterData: true });
    button.click();
  });
}

/** In the page: keeps what the page itself reads of a reply; a copy of the stream would take time from it. */
function keep() {
  const real = Response.prototype.arrayBuffer;
  Response.prototype.arrayBuffer = async function read() {
    window.reply = await real.call(this);
    return window.reply;
  };
}

await ask("Page.navigate", { url: `${portal}/sandbox` });
await until(`location.pathname === "/sandbox" && document.readyState === "complete"`);
await evaluate(`[...document.querySelectorAll("main button")].find((button) => button.textContent.includes("Create sandbox")).click()`);
await until(`!!document.querySelector("#client-id")`);
await ask("Page.navigate", { url: `${portal}/builder?operation=clients.get` });
await until(`document.documentElement.dataset.islands === "ready"`);
await evaluate(`(${keep})()`);

const overheads = [];
for (let turn = 0; turn < WARM + SENDS; turn += 1) {
  const { shown, took } = await evaluate(`(${press})()`);
  if (!(took > 0)) throw new Error("not answered");
  if (turn >= WARM) overheads.push(shown - took / 1000);
}
socket.close();
await chrome.kill();
console.log(JSON.stringify({ overheads }));
