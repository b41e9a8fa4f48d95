// Keeps a part of a page up to date: the part is taken from the page anew whenever the server tells of a change
// (data-live, an address of events) or every so often (data-every, milliseconds). The part's data-count says whether it
// is another one; what is new is read aloud.

const part = document.querySelector("[data-live], [data-every]");
const status = document.getElementById("live-status");

const open = () =>
  new Set([...part.querySelectorAll("li[id]")].filter((row) => row.querySelector("details[open]")).map((row) => row.id));
const told = () => [...part.querySelectorAll("[data-news]")].map((row) => row.dataset.news);

async function refresh() {
  const answer = await fetch(location.pathname + location.search, { headers: { accept: "text/html; part=1" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById(part.id);
  if (!fresh || fresh.dataset.count === part.dataset.count) return;
  const kept = open();
  const before = new Set(told());
  const focused = part.contains(document.activeElement) && document.activeElement;
  part.replaceChildren(...fresh.childNodes);
  part.dataset.count = fresh.dataset.count;
  for (const id of kept) document.getElementById(id)?.querySelector("details")?.setAttribute("open", "");
  if (focused?.href) part.querySelector(`a[href="${CSS.escape(focused.getAttribute("href"))}"]`)?.focus();
  const news = told().filter((line) => !before.has(line));
  status.textContent = news.join(" ") || (part.dataset.news ?? "");
}

if (part.dataset.every) {
  // A server that does not answer right now is asked again soon; a page that nobody sees asks nothing.
  setInterval(() => document.hidden || refresh().catch(() => {}), Number(part.dataset.every));
} else {
  const source = new EventSource(part.dataset.live);
  source.addEventListener("arrived", ({ data }) => {
    if (data !== part.dataset.count) refresh().catch(() => {});
  });
  addEventListener("pagehide", () => source.close());
}
