// Receives deliveries of a running portal; the published library accepts each and refuses every tampering with it.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";

type Headers = Record<string, string>;
type Delivery = { headers: Headers; body: Buffer };

const base = process.env["API_URL"] ?? "";
const token = process.env["TOKEN"] ?? "";
const arrived: Delivery[] = [];

// The very first is answered as by a receiver in trouble, so that it comes again.
const server = createServer(async (request: IncomingMessage, response) => {
  const body = Buffer.concat(await request.toArray());
  response.writeHead(arrived.length === 0 ? 500 : 204).end();
  arrived.push({ headers: request.headers as Headers, body });
  server.emit("news");
});

/** Waits until so many have arrived. */
async function until(number: number): Promise<void> {
  const signal = AbortSignal.timeout(60_000);
  while (arrived.length < number) await once(server, "news", { signal });
}

async function call(method: string, path: string, body?: unknown): Promise<any> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const response = await fetch(base + path, { method, headers, body: body === undefined ? null : JSON.stringify(body) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`);
  return text === "" ? null : JSON.parse(text);
}

/** The library refuses by whatever it throws. */
function accepts(judge: Webhook, { headers, body }: Delivery): boolean {
  try {
    assert.deepEqual(judge.verify(body, headers), JSON.parse(body.toString()));
    return true;
  } catch {
    return false;
  }
}

/** Every tampering, by its name. */
function* tamperings(judge: Webhook, { headers, body }: Delivery): Generator<[string, Delivery]> {
  const { "webhook-id": id = "", "webhook-timestamp": stamp = "", "webhook-signature": signatures = "" } = headers;
  const [first = ""] = signatures.split(" ");
  const of = (name: string, value?: string): Delivery => {
    const { [`webhook-${name}`]: _, ...others } = headers;
    return { headers: value === undefined ? others : { ...others, [`webhook-${name}`]: value }, body };
  };
  const aged = (seconds: number): Delivery => {
    const at = Number(stamp) + seconds;
    const signature = judge.sign(id, new Date(at * 1000), body);
    return { headers: { ...headers, "webhook-timestamp": String(at), "webhook-signature": signature }, body };
  };
  yield ["a longer body", { headers, body: Buffer.concat([body, Buffer.from(" ")]) }];
  for (let place = 0; place < body.length; place += 7) {
    const changed = Buffer.from(body);
    changed[place] = (changed[place] ?? 0) ^ 1;
    yield [`another byte ${place}`, { headers, body: changed }];
  }
  yield ["no body", { headers, body: Buffer.alloc(0) }];
  yield ["another id", of("id", `${id}0`)];
  yield ["no id", of("id")];
  yield ["another timestamp", of("timestamp", String(Number(stamp) - 1))];
  yield ["no timestamp", of("timestamp")];
  yield ["signed long ago", aged(-600)];
  yield ["signed in the future", aged(600)];
  yield ["no signature", of("signature")];
  yield ["an empty signature", of("signature", "")];
  yield ["no signature at all", of("signature", "garbage")];
  yield ["a garbled signature", of("signature", first.slice(0, 5) + (first[5] === "B" ? "C" : "B") + first.slice(6))];
  yield ["another version", of("signature", first.replace("v1,", "v2,"))];
}

server.listen(0, "127.0.0.1");
await once(server, "listening");
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/typescript`;
const endpoint = await call("POST", "/v1/webhooks", { url, event_types: ["*"] });
const own = new Webhook(endpoint.secret);

// A change, refused at first and attempted by hand; then one event of each type that the document names.
await call("POST", "/v1/clients", { name: "Zoë & Søn", reference_currency: "EUR" });
await until(1);
const listing = `/v1/webhooks/${endpoint.id}/deliveries`;
let delivery: any;
do delivery = (await call("GET", listing)).data[0];
while (delivery.attempts_made === 0);
await call("POST", `/v1/deliveries/${delivery.id}/replay`, {});
await until(2);
assert.equal(arrived[0]?.headers["webhook-id"], arrived[1]?.headers["webhook-id"]);
assert.deepEqual(arrived[0]?.body, arrived[1]?.body);
const kinds = Object.keys((await call("GET", "/v1/openapi.json")).webhooks);
for (const kind of kinds) await call("POST", "/sandbox/events", { event_type: kind });
await until(2 + kinds.length);

let refused = 0;
for (const genuine of arrived) {
  assert(accepts(own, genuine), JSON.stringify(genuine.headers));
  for (const [name, tampered] of tamperings(own, genuine)) {
    assert(!accepts(own, tampered), name);
    refused += 1;
  }
}

// While a secret is being changed, the old one and the new one fit; one that is neither never does.
const other = await call("POST", "/v1/webhooks", { url, event_types: ["extract.failed"] });
const stranger = new Webhook(other.secret);
const rotated = new Webhook((await call("POST", `/v1/webhooks/${endpoint.id}/rotate-secret`, {})).secret);
await call("POST", "/sandbox/events", { event_type: "client.created" });
await until(3 + kinds.length);
const last = arrived.at(-1);
assert(last && accepts(own, last) && accepts(rotated, last));
assert(!arrived.some((one) => accepts(stranger, one)));
assert(!arrived.slice(0, -1).some((one) => accepts(rotated, one)));
for (const made of [endpoint, other]) await call("DELETE", `/v1/webhooks/${made.id}`);
console.log(`typescript: accepted ${arrived.length} deliveries, refused ${refused} tamperings`);
server.closeAllConnections();
server.close();
