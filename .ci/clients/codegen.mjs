// GraphQL Code Generator with the plugins a frontend uses. Its command line is left out: it no longer runs on Node 20,
// and here it would only read a few files.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { codegen } from "@graphql-codegen/core";
import * as typedDocumentNode from "@graphql-codegen/typed-document-node";
import * as typescript from "@graphql-codegen/typescript";
import * as typescriptOperations from "@graphql-codegen/typescript-operations";
import { buildSchema, parse } from "graphql";

const read = (name) => readFileSync(new URL(name, import.meta.url), "utf8");
const schema = buildSchema(read("../../schema.graphql"));
const names = readdirSync(new URL("operations", import.meta.url)).sort();
const documents = names.map((name) => ({ location: name, document: parse(read(`operations/${name}`)) }));

const pluginMap = { typescript, typescriptOperations, typedDocumentNode };
const config = {
  // A scalar nobody has named here stops the step, as it would turn into `any` in a frontend.
  strictScalars: true,
  scalars: { DateTime: "string", URL: "string" },
  useTypeImports: true,
};

mkdirSync(new URL("generated", import.meta.url), { recursive: true });
async function generate(filename, ...plugins) {
  const named = plugins.map((plugin) => ({ [plugin]: {} }));
  const text = await codegen({ filename, schemaAst: schema, documents, config, plugins: named, pluginMap });
  writeFileSync(new URL(`generated/${filename}`, import.meta.url), text);
}
await generate("schema.ts", "typescript");
await generate("operations.ts", "typescriptOperations", "typedDocumentNode");

const count = documents.flatMap(({ document }) => document.definitions).length;
console.log(`${count} operations and fragments`);
