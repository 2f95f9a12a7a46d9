import { Get, Post, SetMetadata } from '@nestjs/common';

type Method = (...args: unknown[]) => unknown;

/** What the documentation says of one HTTP method only: GET has query parameters, POST a body. */
interface Documentation {
  get?: MethodDecorator;
  post?: MethodDecorator;
}

interface Route extends Documentation {
  path: string;
}

const ROUTE = 'customer-hub:get-and-post';

/** Routes GET and POST to one method of a controller that is marked with `@Envelope`. */
export const GetAndPost = (path: string, documentation: Documentation = {}) =>
  SetMetadata(ROUTE, { path, ...documentation } satisfies Route);

/**
 * Registers the methods marked with {@link GetAndPost}. Nest takes one HTTP method per handler, so POST gets a twin on the
 * prototype that calls the method and has its metadata. Called once all decorators of the methods have run, so that a guard
 * holds for both wherever it stands.
 */
export function registerBoth(prototype: object): void {
  for (const name of Object.getOwnPropertyNames(prototype)) {
    const descriptor = Object.getOwnPropertyDescriptor(prototype, name)!;
    if (typeof descriptor.value !== 'function') continue;
    const route = Reflect.getMetadata(ROUTE, descriptor.value as object) as Route | undefined;
    if (!route) continue;
    const twin = addTwin(prototype, name, nameOfTwin(name));
    for (const decorate of [route.post, Post(route.path)]) decorate?.(prototype, twin.name, { value: twin });
    for (const decorate of [route.get, Get(route.path)]) decorate?.(prototype, name, descriptor);
  }
}

/** `businessList` → `postBusinessList`, `getList` → `postList`: the operation ids of the documentation. */
function nameOfTwin(name: string): string {
  return name.replace(/^(?:get(?=[A-Z]))?./, (start) => `post${start.at(-1)!.toUpperCase()}`);
}

function addTwin(prototype: object, name: string, twinName: string): Method {
  const method = (prototype as Record<string, Method>)[name]!;
  const twin = function (this: unknown, ...args: unknown[]) {
    return method.apply(this, args);
  };
  Object.defineProperty(twin, 'name', { value: twinName }); // Swagger finds the parameters by it
  Object.defineProperty(prototype, twinName, { value: twin });
  copyMetadata(method, twin); // what method decorators set: guards, the answer …
  copyMetadata(prototype, prototype, name, twinName); // the types of the parameters
  copyMetadata(prototype.constructor, prototype.constructor, name, twinName); // what parameter decorators set
  return twin;
}

/** Without names: the metadata of the objects themselves. */
function copyMetadata(from: object, to: object, fromName?: string, toName?: string): void {
  for (const key of Reflect.getOwnMetadataKeys(from, fromName!) as unknown[]) {
    Reflect.defineMetadata(key, Reflect.getOwnMetadata(key, from, fromName!), to, toName!);
  }
}
