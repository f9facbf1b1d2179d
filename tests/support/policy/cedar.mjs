// Cedar's own engine, compiled to WebAssembly, as a judge: reads a JSON line {policies, schema} and then one request a line, and answers
// each with a line {decision, reasons, errors}. Policies and schema are parsed once: doing so again for each request takes twenty times as long.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const cedar = createRequire(process.argv[2] + "/")("@cedar-policy/cedar-wasm/nodejs");
const parsed = { preparsedPolicySetId: "policies", preparsedSchemaName: "schema" };

function prepare({ policies, schema }) {
  const answers = [
    cedar.preparsePolicySet(parsed.preparsedPolicySetId, { staticPolicies: policies, templates: {}, templateLinks: [] }),
    cedar.preparseSchema(parsed.preparsedSchemaName, schema),
  ];
  for (const answer of answers) {
    if (answer.type !== "success") throw new Error(JSON.stringify(answer));
  }
}

let prepared = false;
for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  if (!prepared) {
    prepare(asked);
    prepared = true;
    continue;
  }
  const answer = cedar.statefulIsAuthorized({ ...asked, ...parsed });
  const { decision, diagnostics } = answer.response ?? { decision: null, diagnostics: { reason: [], errors: answer.errors } };
  process.stdout.write(JSON.stringify({ decision, reasons: [...diagnostics.reason].sort(), errors: diagnostics.errors.map((e) => JSON.stringify(e)) }) + "\n");
}
