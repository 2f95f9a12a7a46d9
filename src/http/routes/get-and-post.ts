import { Get, Post } from '@nestjs/common';

type Method = (...args: unknown[]) => unknown;

/** What the documentation says of one HTTP method only: GET has query parameters, POST a body. */
interface Documentation {
  get?: MethodDecorator;
  post?: MethodDecorator;
}

/**
 * Routes GET and POST to the same method. Nest takes one HTTP method per handler, so POST gets a twin on the prototype
 * that calls the method and has its metadata. Stands above all other decorators of the method: it copies what they set.
 */
export function GetAndPost(path: string, { get, post }: Documentation = {}): MethodDecorator {
  return (prototype, name, descriptor) => {
    const twin = addTwin(prototype, String(name), nameOfTwin(String(name)));
    for (const decorate of [post, Post(path)]) decorate?.(prototype, twin.name, { value: twin });
    for (const decorate of [get, Get(path)]) decorate?.(prototype, name, descriptor);
  };
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
