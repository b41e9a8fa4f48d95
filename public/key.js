// A key pair of the reader's own: made here, kept here, used here. Only its public half is ever sent.

const DATABASE = "aleta-key";
const STORE = "pairs";
const NAME = "sandbox";
const CURVE = { name: "ECDSA", namedCurve: "P-256" };

const root = document.querySelector("[data-key]");
const part = (name) => root.querySelector(`[data-key-${name}]`);
const buttons = [...root.querySelectorAll("button[data-step]")];

/** One request of the database as a promise. */
const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

async function store(mode) {
  const open = indexedDB.open(DATABASE, 1);
  open.onupgradeneeded = () => open.result.createObjectStore(STORE);
  return (await done(open)).transaction(STORE, mode).objectStore(STORE);
}

const load = async () => done((await store("readonly")).get(NAME));
const save = async (kept) => done((await store("readwrite")).put(kept, NAME));
const forget = async () => done((await store("readwrite")).delete(NAME));

const base64url = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
const segment = (value) => base64url(new TextEncoder().encode(JSON.stringify(value)));
const pretty = (value) => JSON.stringify(value, null, 2);

async function post(path, fields) {
  const answer = await fetch(path, { method: "POST", body: new URLSearchParams(fields) });
  const said = await answer.json().catch(() => ({ error: `The portal answered ${answer.status}.` }));
  if (!answer.ok) throw new Error(said.error);
  return said;
}

async function make() {
  // Not extractable: no script, this one included, can read the private half.
  const pair = await crypto.subtle.generateKey(CURVE, false, ["sign"]);
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  await save({ privateKey: pair.privateKey, jwk: { kty, crv, x, y } });
}

async function register() {
  const kept = await load();
  const { kid, iss, sub, aud } = await post(root.dataset.register, { jwk: JSON.stringify(kept.jwk) });
  await save({ ...kept, kid, iss, sub, aud });
}

async function exchange() {
  const { privateKey, kid, iss, sub, aud } = await load();
  const now = Math.floor(Date.now() / 1000);
  const header = { alg: "ES256", typ: "JWT", kid };
  const claims = { iss, sub, aud, iat: now, exp: now + 240, jti: crypto.randomUUID() };
  const signed = `${segment(header)}.${segment(claims)}`;
  const signature = await crypto.subtle.sign(
    { name: "ECDSA", hash: "SHA-256" },
    privateKey,
    new TextEncoder().encode(signed),
  );
  const assertion = `${signed}.${base64url(signature)}`;
  part("assertion").textContent = `${pretty(header)}\n${pretty(claims)}\n\n${assertion}`;
  const { status, reason, body } = await post(root.dataset.exchange, { assertion });
  part("answer").textContent = `HTTP/1.1 ${status} ${reason}\n\n${pretty(body)}`;
}

async function drop() {
  const { kid } = (await load()) ?? {};
  await forget();
  if (kid) await post(root.dataset.forget, { kid });
  part("assertion").textContent = part("answer").textContent = "";
}

const steps = { make, register, exchange, forget: drop };

/** Shows how far the reader has come. */
async function draw() {
  const kept = await load();
  const stage = kept?.kid ? "registered" : kept ? "made" : "none";
  root.dataset.stage = stage;
  const ready = { make: !kept, register: stage === "made", exchange: stage === "registered", forget: !!kept };
  for (const button of buttons) button.disabled = !ready[button.dataset.step];
  part("public").textContent = kept ? pretty(kept.jwk) : "";
  part("issued").textContent = kept?.kid ? pretty({ kid: kept.kid, iss: kept.iss, sub: kept.sub, aud: kept.aud }) : "";
  for (const output of root.querySelectorAll("pre")) output.hidden = !output.textContent;
}

const say = (text) => {
  part("status").textContent = text;
};

for (const button of buttons) {
  button.addEventListener("click", async () => {
    for (const each of buttons) each.disabled = true;
    try {
      await steps[button.dataset.step]();
      say(button.dataset.done);
    } catch (error) {
      say(error.message);
    }
    await draw();
  });
}

if (globalThis.crypto?.subtle && globalThis.indexedDB) {
  await draw();
} else {
  say("This needs a page that is served over HTTPS, or from this very machine.");
}
