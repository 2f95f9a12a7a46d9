import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyContextConfig } from 'fastify';

const { KEY } = RouteConfig({});

/** Adds to what a route's decorators say of it; Nest's own `RouteConfig` would replace what an earlier one said. */
export function addRouteConfig(config: FastifyContextConfig): MethodDecorator {
  return (prototype, name, descriptor) => {
    RouteConfig({ ...routeConfigOf(descriptor.value as object), ...config })(prototype, name, descriptor);
  };
}

/** What the decorators of a route's method have said of it so far. */
export function routeConfigOf(method: object): FastifyContextConfig {
  return (Reflect.getMetadata(KEY, method) ?? {}) as FastifyContextConfig;
}

/** Whether a route answers only signed-in clients: all of both families but those marked as public. */
export function needsToken({ family, isPublic }: FastifyContextConfig): boolean {
  return family !== undefined && !isPublic;
}
