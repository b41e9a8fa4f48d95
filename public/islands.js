// Starts islands: loads the browser bundle and hands it every island of the page, or of a part that came later.
// It stands in its own file, rather than inline as Leptos writes it, so that the Content-Security-Policy needs no nonce.

let loading;

/** The bundle, loaded once. */
function load({ js, wasm }) {
  loading ??= import(js).then(async (bundle) => {
    await bundle.default({ module_or_path: wasm });
    bundle.hydrate();
    window.__hydrateIsland = (node, name) => bundle[name]?.(node);
    return bundle;
  });
  return loading;
}

// Islands may hold server-drawn children, which may hold islands: a child announces itself to the nearest parent.
const parents = [];

async function awaken(node, bundle) {
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
  if (tag === "leptos-island") await awaken(node, bundle);
  if (tag === "leptos-children") parents.push(node.$$on_hydrate);
  for (const child of node.children) await walk(child, bundle);
  if (tag === "leptos-children") parents.pop();
}

/** Brings the islands inside of `root` to life, with the bundle that `addresses` names. */
export async function hydrate(root, addresses) {
  await walk(root, await load(addresses));
  document.documentElement.dataset.islands = "ready";
}
