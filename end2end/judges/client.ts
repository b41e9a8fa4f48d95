// Lists, pages, creates and reads with the types that are generated from the published document.

import type { components, paths } from "./api";

type Client = components["schemas"]["Client"];
type Page = paths["/v1/clients"]["get"]["responses"][200]["content"]["application/json"];
type NewClient = paths["/v1/clients"]["post"]["requestBody"]["content"]["application/json"];

const base = process.env["API_URL"] ?? "";
const token = process.env["TOKEN"] ?? "";

async function call<T>(path: keyof paths | string, init: RequestInit = {}): Promise<T> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const response = await fetch(`${base}${path}`, { ...init, headers: { ...headers, ...init.headers } });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}

/** Every client, a page of two at a time. */
async function walk(): Promise<Client[]> {
  const rows: Client[] = [];
  let cursor: string | null = null;
  do {
    const query: string = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const page: Page = await call<Page>(`/v1/clients?limit=2${query}`);
    rows.push(...page.data);
    cursor = page.next_cursor ?? null;
  } while (cursor !== null);
  return rows;
}

const before = await walk();
const body: NewClient = { name: "Generated too", reference_currency: "EUR" };
const created = await call<Client>("/v1/clients", {
  method: "POST",
  body: JSON.stringify(body),
  headers: { "idempotency-key": `judge-${process.pid}` },
});
const read = await call<Client>(`/v1/clients/${created.id}`);
if (JSON.stringify(read) !== JSON.stringify(created)) throw new Error("what was created is not what is read");
const after = await walk();
const expected = [...before.map((row) => row.id), created.id];
if (after.map((row) => row.id).join() !== expected.join()) throw new Error("the walk missed a row");
console.log(`typescript: walked ${after.length} clients, created and read ${created.id}`);
