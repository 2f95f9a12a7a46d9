import { Get, Post, SetMetadata } from '@nestjs/common';

type Method = (...args: unknown[]) => unknown;

/** Decorators that document one HTTP method only: GET has query parameters, POST a body. */
interface Documentation {
  get?: MethodDecorator;
  post?: MethodDecorator;
}

interface Route extends Documentation {
  path: string;
}

const ROUTE = 'customer-hub:get-and-post';

/** Routes GET and POST to one method; its controller must be marked with `@Envelope`. */
export const GetAndPost = (path: string, documentation: Documentation = {}) =>
  SetMetadata(ROUTE, { path, ...documentation } satisfies Route);

/**
 * Registers the methods marked with {@link GetAndPost}. Nest allows one HTTP method per handler, so POST gets a twin on
 * the prototype that calls the method and copies its metadata. Runs after all method decorators, so that a guard above
 * or below `@GetAndPost` guards both routes.
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

/** Operation ids of the documentation: `getList` and `getListPost`. */
const nameOfTwin = (name: string) => `${name}Post`;

function addTwin(prototype: object, name: string, twinName: string): Method {
  const method = (prototype as Record<string, Method>)[name]!;
  const twin = function (this: unknown, ...args: unknown[]) {
    return method.apply(this, args);
  };
  Object.defineProperty(twin, 'name', { value: twinName }); // Swagger finds the parameters by this name
  Object.defineProperty(prototype, twinName, { value: twin });
  copyMetadata(method, twin); // from method decorators: guards, the answer …
  copyMetadata(prototype, prototype, name, twinName); // parameter types
  copyMetadata(prototype.constructor, prototype.constructor, name, twinName); // from parameter decorators
  return twin;
}

/** Copies metadata of a property, or of the objects themselves if no names are given. */
function copyMetadata(from: object, to: object, fromName?: string, toName?: string): void {
  for (const key of Reflect.getOwnMetadataKeys(from, fromName!) as unknown[]) {
    Reflect.defineMetadata(key, Reflect.getOwnMetadata(key, from, fromName!), to, toName!);
  }
}
