import createClient from "openapi-fetch";

import type { components, paths } from "./broker";

const [url, key] = process.argv.slice(2) as [string, string];
const client = createClient<paths>({ baseUrl: url, headers: { Authorization: `Bearer ${key}` } });

async function call(operation: string, input: Record<string, unknown>): Promise<unknown> {
  const { data, error } = await client.POST("/v1/call", { body: { operation, input } });
  if (error) {
    return { error: error.error, message: error.message };
  }
  return data.records?.map(([fields]) => fields);
}

async function main(): Promise<void> {
  const created = await call("tasks.create", { title: "From TypeScript", project_id: "1" });
  const refused = await call("tasks.delete", { id: "1" });
  const link: components["schemas"]["ConnectLink"] = { url };
  console.log(JSON.stringify({ created, refused, url: link.url }));
}

void main();
