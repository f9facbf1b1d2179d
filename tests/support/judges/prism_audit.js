// node prism_audit.js DOCUMENT: the operations that Prism would accept unseen, as JSON {"METHOD /path": "why"}.
// Prism validates inside a try and takes a schema that AJV cannot compile for a passed validation. This drives Prism's own
// validators over every operation and reports what AJV threw. NODE_PATH names the folder of Prism's modules.
'use strict';
const path = require('path');
const modules = process.env.NODE_PATH;
const { getHttpOperationsFromSpec } = require(path.join(modules, '@stoplight/prism-cli/dist/operations'));
const validators = path.join(modules, '@stoplight/prism-http/dist/validator/validators');
const [body, query, pathOf, headers] = ['body', 'query', 'path', 'headers'].map((name) => require(path.join(validators, name)));

const ajv = require(path.join(modules, 'ajv/dist/core')).default;
const compile = ajv.prototype.compile;
let thrown = null;
ajv.prototype.compile = function (...given) {
  try {
    return compile.apply(this, given);
  } catch (error) {
    thrown = error;
    throw error;
  }
};

(async () => {
  const blind = {};
  let operations = 0;
  for (const operation of await getHttpOperationsFromSpec(process.argv[2])) {
    operations += 1;
    const name = `${operation.method.toUpperCase()} ${operation.path}`;
    const request = operation.request || {};
    const attempt = (what, run) => {
      thrown = null;
      try {
        run();
      } catch (error) {
        // An empty input may trip a validator (a list parameter that is absent); only what AJV itself refuses makes Prism blind.
      }
      if (thrown) blind[name] = `${what}: ${thrown.message.slice(0, 300)}`;
    };
    for (const content of (request.body && request.body.contents) || []) {
      if (content.schema) attempt('body', () => body.validate({}, [content], 0, content.mediaType, undefined, operation.__bundled__));
    }
    if (request.query) attempt('query', () => query.validate({}, request.query, 0, operation.__bundled__));
    if (request.path) attempt('path', () => pathOf.validate({}, request.path, 0, operation.__bundled__));
    if (request.headers) attempt('headers', () => headers.validate({}, request.headers, 0, operation.__bundled__));
  }
  console.log(JSON.stringify({ operations, blind }));
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
