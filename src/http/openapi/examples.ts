import type { OpenAPIObject } from '@nestjs/swagger';
import type { Schema } from './schema';

type Schemas = Record<string, Schema>;

interface Media {
  schema: Schema;
  example?: unknown;
  examples?: object;
  encoding?: Record<string, object>;
}

const JSON_TYPE = 'application/json';
const FORM = 'application/x-www-form-urlencoded';

/** Puts an example of the request and of its success, built from the examples of their fields, into each operation. */
export function addExamples({ paths, components }: OpenAPIObject): void {
  const schemas = (components?.schemas ?? {}) as Schemas;
  for (const operation of Object.values(paths).flatMap(({ get, post }) => [get, post])) {
    for (const [type, request] of Object.entries(contentOf(operation?.requestBody))) {
      if (!request.examples) request.example = exampleOf(request.schema, schemas);
      if (type === FORM) request.encoding = inBrackets(request.schema, schemas);
    }
    const answer = contentOf(operation?.responses['200'])[JSON_TYPE];
    const [success] = answer?.schema.anyOf ?? [];
    if (answer && success) answer.examples = { 成功: { value: exampleOf(success, schemas) }, ...answer.examples };
  }
}

function contentOf(holder: object | undefined): Record<string, Media> {
  return (holder as { content?: Record<string, Media> } | undefined)?.content ?? {};
}

/** In a form the fields of an object are written as PHP has it: `search[status]=1`. */
function inBrackets({ $ref = '' }: Schema, schemas: Schemas): Media['encoding'] {
  const fields = Object.entries(resolve($ref, schemas).properties ?? {});
  const nested = fields.filter(([, field]) => 'allOf' in field || '$ref' in field).map(([name]) => name);
  if (nested.length === 0) return undefined;
  return Object.fromEntries(nested.map((name) => [name, { style: 'deepObject', explode: true }]));
}

const resolve = ($ref: string, schemas: Schemas) => schemas[$ref.replace(/^.*\//, '')]!;

function exampleOf(schema: Schema, schemas: Schemas): unknown {
  if (schema.$ref) return exampleOf(resolve(schema.$ref, schemas), schemas);
  if (schema.const !== undefined) return schema.const;
  if (schema.example !== undefined) return schema.example;
  const [inherited] = schema.allOf ?? schema.anyOf ?? [];
  if (inherited) return exampleOf(inherited, schemas);
  if (schema.type === 'array') return [exampleOf(schema.items!, schemas)];
  const isReply = schema.additionalProperties === false; // whose optional fields depend on a setting
  const shown = Object.entries(schema.properties ?? {}).filter(([name]) => !isReply || schema.required?.includes(name));
  return Object.fromEntries(shown.map(([name, property]) => [name, exampleOf(property, schemas)]));
}
