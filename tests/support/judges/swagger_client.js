// Requests by swagger-client, for requests that another serializer built: one line of JSON in, one out.
// Argument: the document's file. References are resolved here: swagger-client's own resolver needs minutes for some documents.
//
// Parameters are passed without what does not belong to serialization: defaults, which swagger-client sends and Swagger 2.0 ("default",
// Parameter Object) leaves to the server; and header parameters that OpenAPI 3 ignores (3.1.1, section 4.8.12.2.1) and it requires.
"use strict";

const fs = require("fs");
const readline = require("readline");
const yaml = require("js-yaml");
const qs = require("qs");
const SwaggerClient = require("swagger-client");

const BASE = "https://vendor.test";
const text = fs.readFileSync(process.argv[2], "utf8").replace(/^\uFEFF/, "");
const document = text.trimStart().startsWith("{") ? JSON.parse(text) : yaml.load(text, { schema: yaml.JSON_SCHEMA, json: true });

function resolved(node) {
  for (let count = 0; node && typeof node.$ref === "string" && node.$ref.startsWith("#/") && count < 20; count += 1) {
    node = node.$ref.slice(2).split("/").reduce(
      (found, step) => found?.[decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~")], document);
  }
  return node;
}

const IGNORED = document.openapi ? ["accept", "authorization", "content-type"] : [];

function parameters(list) {
  return (list ?? []).map(resolved).filter((each) => each && !(each.in === "header" && IGNORED.includes(each.name.toLowerCase())))
    .map((each) => ({ ...each, default: undefined, ...(each.schema && { schema: resolved(each.schema) }) }));
}

function specification({ path, shortened, method }) {
  const item = resolved(document.paths[path]);
  const operation = { ...resolved(item[method]), operationId: "judged", servers: undefined };
  operation.parameters = parameters(operation.parameters);
  operation.requestBody = resolved(operation.requestBody);
  return {
    openapi: document.openapi, swagger: document.swagger, info: document.info, consumes: document.consumes,
    paths: { [shortened]: { parameters: parameters(item.parameters), [method]: operation } },
  };
}

function revived(value) {
  if (Array.isArray(value)) return value.map(revived);
  if (value && typeof value === "object") {
    if (typeof value.$bytes === "string") return Buffer.from(value.$bytes, "base64");
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, revived(each)]));
  }
  return value;
}

async function shown(body) {
  if (body instanceof FormData) {
    const parts = [];
    for (const [name, value] of body.entries()) {
      const file = typeof value !== "string";
      const content = file ? Buffer.from(await value.arrayBuffer()) : Buffer.from(value, "utf8");
      parts.push({ name, content: content.toString("base64"), type: file ? value.type : "", file });
    }
    return { parts };
  }
  if (body === undefined || body === null) return {};
  if (Buffer.isBuffer(body)) return { base64: body.toString("base64") };
  return { base64: Buffer.from(typeof body === "string" ? body : JSON.stringify(body), "utf8").toString("base64") };
}

// In Swagger 2.0 a body is one parameter, or each field of a form is.
function withBody(spec, asked) {
  if (document.openapi || asked.body === undefined) return asked.parameters;
  const item = Object.values(spec.paths)[0];
  const body = [...item.parameters, ...item[asked.method].parameters].find((each) => each.in === "body");
  if (body) return { ...asked.parameters, [`body.${body.name}`]: asked.body };
  return { ...asked.parameters, ...Object.fromEntries(Object.entries(asked.body).map(([name, each]) => [`formData.${name}`, each])) };
}

async function build(asked) {
  const spec = specification(asked);
  const request = SwaggerClient.buildRequest({
    spec, operationId: "judged", baseURL: BASE, parameters: revived(withBody(spec, asked)),
    requestBody: revived(asked.body), requestContentType: asked.content_type,
  });
  return { url: request.url.slice(BASE.length), method: request.method, headers: request.headers, ...(await shown(request.body)) };
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const asked = JSON.parse(line);
    let answer;
    try {
      // Bracketed names of nested values, which OpenAPI leaves open, by the serializer that most Node servers parse them with.
      answer = asked.brackets ? { brackets: qs.stringify(asked.brackets) } : await build(asked);
    } catch (error) {
      answer = { error: String(error.message ?? error).slice(0, 300) };
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
})();
