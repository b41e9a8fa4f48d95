// What every page does without the bundle: copy buttons, keys for search, Escape for sheets, the language of samples.

const find = () => document.getElementById("search");
const typing = (node) => node.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(node.tagName);

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

function kept(label) {
  // Storage can be closed to a page; the choice then lasts as long as the page.
  try {
    if (label == null) return localStorage.getItem(LANGUAGE);
    localStorage.setItem(LANGUAGE, label);
  } catch {}
  return null;
}

document.addEventListener("change", ({ target }) => {
  if (!target.matches?.(".tabs > input")) return;
  const label = target.nextElementSibling.textContent;
  const top = target.parentElement.getBoundingClientRect().top;
  speak(label);
  kept(label);
  // Samples above may have changed their height.
  scrollBy({ top: target.parentElement.getBoundingClientRect().top - top, behavior: "instant" });
});

const before = kept();
if (before) speak(before);

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  const slash = key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !typing(target);
  const chord = (event.metaKey || event.ctrlKey) && !event.shiftKey && key.toLowerCase() === "k";
  if ((slash || chord) && find()) {
    event.preventDefault();
    find().focus();
    find().select?.();
  }
  if (key === "Escape") {
    for (const sheet of document.querySelectorAll("details[data-sheet][open]")) {
      sheet.open = false;
      if (sheet.contains(target)) sheet.querySelector("summary")?.focus();
    }
  }
});
