import { HttpCode, SetMetadata } from '@nestjs/common';
import { Answer, documentAnswer } from '../openapi/document-answer';
import type { FamilyName } from '../output/families';
import { registerBoth } from './get-and-post';
import { addRouteConfig, routeConfigOf } from './route-config';

const ANSWER = 'customer-hub:answer';

/** Declares a route's answers; its controller must be marked with {@link Envelope}. */
export const Answers = (answer: Answer) => SetMetadata(ANSWER, answer);

/**
 * Declares the family of a controller and answers each route with HTTP 200, as the contract does. Family and success go
 * into Fastify's route config, which interceptor and filter read without reflection. Stands next to the class, so that
 * the decorators above it apply to both routes of a `@GetAndPost` method.
 */
export function Envelope(family: FamilyName): ClassDecorator {
  return (controller) => {
    const prototype = controller.prototype as Record<string, unknown>;
    registerBoth(prototype);
    for (const name of Object.getOwnPropertyNames(prototype)) {
      const descriptor = Object.getOwnPropertyDescriptor(prototype, name);
      if (typeof descriptor?.value !== 'function') continue;
      const answer = Reflect.getMetadata(ANSWER, descriptor.value as object) as Answer | undefined;
      if (!answer) continue;
      const config = addRouteConfig({ family, success: answer.success, changes: answer.changes });
      const { isPublic = false } = routeConfigOf(descriptor.value as object);
      for (const decorate of [HttpCode(200), config, documentAnswer(family, answer, isPublic)]) {
        decorate(prototype, name, descriptor);
      }
    }
  };
}
