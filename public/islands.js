// Starts the islands of a page: loads the browser bundle named by this module's own element and hands it every island.
// It stands in its own file, rather than inline as Leptos writes it, so that the Content-Security-Policy needs no nonce.

const { js, wasm } = document.getElementById("islands").dataset;

// Islands may hold server-drawn children, which may hold islands: a child announces itself to the nearest parent.
const parents = [];

async function hydrate(node, bundle) {
  const island = bundle[node.dataset.component];
  if (!island) {
    console.warn(`No island named ${node.dataset.component} in the bundle.`);
    return;
  }
  parents.at(-1)?.();
  await island(node);
}

async function walk(node, bundle) {
  const tag = node.localName;
  if (tag === "leptos-island") await hydrate(node, bundle);
  if (tag === "leptos-children") parents.push(node.$$on_hydrate);
  for (const child of node.children) await walk(child, bundle);
  if (tag === "leptos-children") parents.pop();
}

async function start() {
  const bundle = await import(js);
  await bundle.default({ module_or_path: wasm });
  bundle.hydrate();
  window.__hydrateIsland = (node, name) => bundle[name]?.(node);
  await walk(document.body, bundle);
  document.documentElement.dataset.islands = "ready";
}

// A page without islands loads nothing more.
if (js && document.querySelector("leptos-island")) start();
