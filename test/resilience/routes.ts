import type { TestApp } from '../app';
import type { FamilyName } from '../envelope';

/** One parameter of a route. */
export interface Parameter {
  /** The name in PHP's spelling: `search[customer]`. */
  name: string;
  place: 'path' | 'query' | 'body';
  isRequired: boolean;
  /** The documentation's example, which makes a valid request. */
  example: unknown;
}

/** A route with its parameters; `path` as documented: `/business/{uniacid}/…`. */
export interface Route {
  method: string;
  path: string;
  /** Undefined for a route of neither family, whose answers have no envelope. */
  family: FamilyName | undefined;
  parameters: Parameter[];
}

interface Schema {
  $ref?: string;
  allOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  example?: unknown;
}

interface Operation {
  parameters?: { name: string; in: 'path' | 'query'; required?: boolean; example?: unknown; schema?: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
}

interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

/** Every route of the running app, from its OpenAPI document: a new route is attacked without a change to any test. */
export async function documentedRoutes(app: TestApp): Promise<Route[]> {
  const { body } = await app.send('/docs-json', { method: 'GET' });
  const { paths, components } = body as Document;
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      family: familyOf(path),
      parameters: [...ofUrl(operation), ...ofBody(operation, components.schemas)],
    })),
  );
}

function familyOf(path: string): FamilyName | undefined {
  if (/^\/(business|addons)\//.test(path)) return 'business';
  return path.startsWith('/api/') ? 'mix' : undefined;
}

function ofUrl({ parameters = [] }: Operation): Parameter[] {
  return parameters.map(({ name, in: place, required = false, example, schema }) => ({
    name,
    place,
    isRequired: required,
    example: example ?? schema?.example,
  }));
}

function ofBody({ requestBody }: Operation, schemas: Document['components']['schemas']): Parameter[] {
  const body = requestBody?.content['application/json']?.schema;
  return body ? fieldsOf(body, schemas) : [];
}

/** Flattens nested objects: their fields are parameters of their own. */
function fieldsOf(schema: Schema, schemas: Document['components']['schemas'], outer = ''): Parameter[] {
  const { properties = {}, required = [] } = resolve(schema, schemas);
  return Object.entries(properties).flatMap(([key, field]) => {
    const name = outer === '' ? key : `${outer}[${key}]`;
    if (resolve(field, schemas).properties) return fieldsOf(field, schemas, name);
    return { name, place: 'body' as const, isRequired: required.includes(key), example: field.example };
  });
}

function resolve(schema: Schema, schemas: Document['components']['schemas']): Schema {
  const { $ref } = schema.allOf?.[0] ?? schema;
  return $ref ? schemas[$ref.replace(/^.*\//, '')]! : schema;
}
