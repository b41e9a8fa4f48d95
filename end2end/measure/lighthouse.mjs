// Lighthouse over every public page and the owner's, as a throttled phone sees them. Prints one JSON object.

import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const portal = process.env.PORTAL_URL;

/** A session with a sandbox, so that the owner's pages have something on them. */
async function session() {
  const answer = await fetch(`${portal}/sandbox`, { method: "POST", redirect: "manual", headers: { Origin: portal } });
  const cookie = answer.headers.get("set-cookie");
  if (answer.status !== 303 || !cookie) throw new Error(`no sandbox: ${answer.status}`);
  return cookie.split(";")[0];
}

async function paths() {
  const sitemap = await (await fetch(`${portal}/sitemap.xml`)).text();
  return [...sitemap.matchAll(/<loc>([^<]+)<\/loc>/g)].map((match) => new URL(match[1]).pathname);
}

async function audit(port, path, cookie) {
  const flags = { port, output: "json", logLevel: "error", ...(cookie ? { extraHeaders: { Cookie: cookie } } : {}) };
  const { lhr } = await lighthouse(`${portal}${path}`, flags);
  const failed = Object.values(lhr.audits).filter((audit) => audit.score !== null && audit.score < 0.9);
  const scores = Object.fromEntries(Object.entries(lhr.categories).map(([name, { score }]) => [name, Math.round(score * 100)]));
  // Pages of one owner ask not to be listed, which costs them there.
  if (cookie) delete scores.seo;
  return {
    path,
    scores,
    lcp: lhr.audits["largest-contentful-paint"].numericValue,
    tbt: lhr.audits["total-blocking-time"].numericValue,
    failed: failed.map((audit) => audit.id),
  };
}

const cookie = await session();
const only = process.env.PAGES?.split(",");
const visits = [
  ...(await paths()).map((path) => [path, null]),
  ...["/builder?operation=clients.list", "/sandbox", "/checklist", "/logs", "/webhooks", "/workspace"].map((path) => [path, cookie]),
].filter(([path]) => !only || only.includes(path));
const chrome = await launch({ chromePath: process.env.CHROMIUM, chromeFlags: ["--headless=new", "--no-sandbox", "--disable-gpu"] });
const pages = [];
for (const [path, owner] of visits) {
  const page = await audit(chrome.port, path, owner);
  console.error(JSON.stringify(page));
  pages.push(page);
}
chrome.kill();
console.log(JSON.stringify({ pages }));
