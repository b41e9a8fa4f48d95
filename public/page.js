// What every page does without the bundle: copy buttons, keys and their list, sheets, folds, the language
// of samples, the builder in place.

const find = () => document.getElementById("search");
const typing = (node) => node.isContentEditable || (/^(INPUT|TEXTAREA|SELECT)$/.test(node.tagName) && !/^(radio|checkbox)$/.test(node.type));

const say = document.createElement("span");
say.setAttribute("role", "status");
say.style.cssText = "position:absolute;inline-size:1px;block-size:1px;overflow:hidden;clip-path:inset(50%)";

async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  const text = button.dataset.copyText ?? source?.value ?? source?.textContent;
  if (text == null || button.dataset.copied) return;
  const label = button.textContent;
  let word = "Copied";
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    word = "Not copied";
    if (source) getSelection().selectAllChildren(source);
  }
  button.dataset.copied = word;
  button.textContent = say.textContent = word;
  setTimeout(() => {
    button.textContent = label;
    say.textContent = "";
    delete button.dataset.copied;
  }, 2000);
}

document.body.append(say);

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button[data-copy],button[data-copy-text]");
  if (button) copy(button);
});

// A reader who chose a language once finds it in every sample, here and on the next page.
const LANGUAGE = "sample-language";

function speak(label) {
  for (const input of document.querySelectorAll(".tabs > input")) {
    if (input.nextElementSibling.textContent === label) input.checked = true;
  }
}

// Storage can be closed to a page; a choice then lasts as long as the page.
function keep(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {}
}

function recall(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

document.addEventListener("change", ({ target }) => {
  if (!target.matches?.(".tabs > input")) return;
  const label = target.nextElementSibling.textContent;
  const top = target.parentElement.getBoundingClientRect().top;
  speak(label);
  keep(LANGUAGE, label);
  // Samples above may have changed their height.
  scrollBy({ top: target.parentElement.getBoundingClientRect().top - top, behavior: "instant" });
});

const before = recall(LANGUAGE);
if (before) speak(before);

// Single letters and signs are keys only while nobody types and the reader has not switched them off.
const SINGLE = "single-keys";
const keys = document.getElementById("keys");
const single = document.getElementById("keys-single");

if (single) {
  single.parentElement.hidden = false;
  single.checked = recall(SINGLE) !== "off";
  single.addEventListener("change", () => keep(SINGLE, single.checked ? "on" : "off"));
}

function search() {
  find()?.focus();
  find()?.select?.();
}

// The operation of the docs that is being read: the last whose top has passed the upper third of the window.
function operation(step = 0) {
  const all = [...document.querySelectorAll(".operation")];
  const passed = all.filter((row) => row.getBoundingClientRect().top < innerHeight / 3).length;
  return all[passed - 1 + step] ?? (step === 0 ? all[0] : null);
}

function go(step) {
  const row = operation(step);
  row?.scrollIntoView();
  row?.querySelector("h2 a")?.focus({ preventScroll: true });
}

const pressed = {
  "/": search,
  "?": () => keys?.togglePopover(),
  j: () => go(1),
  k: () => go(-1),
  b: () => operation()?.querySelector("[data-build]")?.click(),
  a: () => (document.getElementById("answer-body") ?? document.getElementById("answer"))?.focus(),
};

function press(key) {
  const action = pressed[key];
  if (action) return action();
  const target = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  target?.click();
  if (target?.localName === "summary") target.parentElement.querySelector("input")?.focus();
}

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat && !typing(target);
  const known = key in pressed || /^[a-z]$/.test(key);
  const open = keys?.matches(":popover-open");
  if (plain && known && (single?.checked ?? true) && (!open || key === "?")) {
    if (key in pressed) event.preventDefault();
    press(key);
  }
  if ((event.metaKey || event.ctrlKey) && !event.shiftKey && key.toLowerCase() === "k" && find()) {
    event.preventDefault();
    search();
  }
  if (key === "Escape") {
    for (const sheet of document.querySelectorAll("details[data-sheet][open]")) {
      sheet.open = false;
      if (sheet.contains(target)) sheet.querySelector("summary")?.focus();
    }
  }
});

// Folds everything inside of a body, or opens all of it.
document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("button[data-fold]");
  if (!button) return;
  const inner = [...document.querySelectorAll(`#${button.dataset.fold} details details`)];
  const close = inner.some((fold) => fold.open);
  for (const fold of inner) fold.open = !close;
  button.textContent = close ? "Unfold" : "Fold";
});

// The builder in place: drawn by the server under the operation, brought to life when it is asked for. Where that
// fails, the link leads to the same form on a page of its own.
let place;

function leave() {
  const { section, link } = place ?? {};
  section?.remove();
  place = undefined;
  return link;
}

async function build(link) {
  const row = link.closest(".operation");
  if (place?.link === link) return place.section.focus();
  link.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(link.dataset.build);
    if (!answer.ok) throw new Error(answer.status);
    const drawn = document.createElement("template");
    drawn.innerHTML = await answer.text();
    leave();
    const section = drawn.content.firstElementChild;
    place = { section, link };
    row.after(section);
    section.focus({ preventScroll: true });
    section.scrollIntoView({ block: "nearest" });
    const { hydrate } = await import(section.dataset.script);
    await hydrate(section, section.dataset);
  } catch {
    location.assign(link.href);
  } finally {
    link.removeAttribute("aria-busy");
  }
}

document.addEventListener("click", (event) => {
  const { target, button, ctrlKey, metaKey, shiftKey, altKey } = event;
  if (target.closest?.("[data-leave]")) leave()?.focus();
  const link = target.closest?.("a[data-build]");
  if (!link || button || ctrlKey || metaKey || shiftKey || altKey) return;
  event.preventDefault();
  build(link);
});

// What is read anew when it is opened: the last calls of an operation, the faults that wait.
async function refresh(fold) {
  const answer = await fetch(fold.dataset.fresh);
  if (!answer.ok) return;
  const drawn = document.createElement("template");
  drawn.innerHTML = await answer.text();
  const again = fold.id && drawn.content.getElementById(fold.id);
  if (again) fold.replaceChildren(...again.childNodes);
  else fold.lastElementChild.replaceChildren(drawn.content);
}

document.addEventListener(
  "toggle",
  ({ target }) => {
    if (target.open && target.dataset?.fresh) refresh(target).catch(() => {});
  },
  true,
);

// A form that says so changes the part of the page that it stands in, and leaves the rest as it is.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.dataset.swap) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form, event.submitter));
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { accept: "text/html; part=1" } });
    if (!answer.ok) throw new Error(answer.status);
    const drawn = document.createElement("template");
    drawn.innerHTML = await answer.text();
    const old = document.getElementById(form.dataset.swap);
    old.replaceChildren(...drawn.content.getElementById(form.dataset.swap).childNodes);
    old.querySelector("summary")?.focus();
  } catch {
    form.submit();
  }
});

// An id that is offered goes into its list, on a line of its own.
document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("button[data-put]");
  const list = button && document.getElementById(button.dataset.put);
  if (!list) return;
  const lines = list.value.split("\n").filter((line) => line.trim());
  if (!lines.includes(button.value)) lines.push(button.value);
  list.value = lines.join("\n");
  list.dispatchEvent(new Event("input", { bubbles: true }));
});

/** Resolves once the page has been painted: until then, nothing competes with what the first sight of it needs. */
function painted() {
  return new Promise((done) => {
    if (document.hidden) return done();
    const seen = new PerformanceObserver(() => {
      seen.disconnect();
      done();
    });
    seen.observe({ type: "paint", buffered: true });
  });
}

// What else brings this page to life: the islands, where it has any, and a script of its own.
painted().then(async () => {
  const { script, then, ...addresses } = document.getElementById("page").dataset;
  if (then) import(then);
  if (!script || !document.querySelector("leptos-island")) return;
  const { hydrate } = await import(script);
  await hydrate(document.body, addresses);
});
