// Cedar's own engine, compiled to WebAssembly, as a judge: reads a JSON line {policies, schema} and then one request a line, and answers
// each with a line {decision, reasons, errors}.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const cedar = createRequire(process.argv[2] + "/")("@cedar-policy/cedar-wasm/nodejs");
let setup = null;
for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  if (setup === null) {
    setup = asked;
    continue;
  }
  const answer = cedar.isAuthorized({ ...asked, policies: { staticPolicies: setup.policies, templates: {}, templateLinks: [] }, schema: setup.schema });
  const { decision, diagnostics } = answer.response ?? { decision: null, diagnostics: { reason: [], errors: answer.errors } };
  process.stdout.write(JSON.stringify({ decision, reasons: [...diagnostics.reason].sort(), errors: diagnostics.errors.map((e) => JSON.stringify(e)) }) + "\n");
}
