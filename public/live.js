// Keeps a part of a page up to date: whenever the server tells of a change, the part is taken from the page anew.

const part = document.querySelector("[data-live]");
const status = document.getElementById("live-status");
let seen = part.dataset.count;

const open = () =>
  new Set([...part.querySelectorAll("li[id]")].filter((row) => row.querySelector("details[open]")).map((row) => row.id));

async function refresh() {
  const answer = await fetch(location.pathname + location.search, { headers: { accept: "text/html" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById(part.id);
  if (!fresh) return;
  const kept = open();
  part.replaceChildren(...fresh.childNodes);
  for (const id of kept) document.getElementById(id)?.querySelector("details")?.setAttribute("open", "");
}

const source = new EventSource(part.dataset.live);
source.addEventListener("arrived", async ({ data }) => {
  if (data !== seen) {
    await refresh();
    status.textContent = part.dataset.news ?? "Something arrived.";
  }
  seen = data;
});
addEventListener("pagehide", () => source.close());
