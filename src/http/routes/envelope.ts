import { HttpCode, SetMetadata } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { Answer, documentAnswer } from '../openapi/document-answer';
import type { FamilyName, Success } from '../output/families';
import { FOUND } from '../output/families';

/** What the interceptor and the filter find in `request.routeOptions.config`. */
export interface RouteEnvelope {
  family?: FamilyName;
  success?: Success;
}

const ANSWER = 'customer-hub:answer';

/** Declares what a route answers; its controller is marked with {@link Envelope}. */
export const Answers = (answer: Answer) => SetMetadata(ANSWER, answer);

/**
 * Declares the family of a controller. Every answer the contract knows is HTTP 200, so each route says so; family and
 * success go into Fastify's route config, where interceptor and filter read them without any reflection per request.
 */
export function Envelope(family: FamilyName): ClassDecorator {
  return (controller) => {
    const prototype = controller.prototype as Record<string, unknown>;
    for (const name of Object.getOwnPropertyNames(prototype)) {
      const descriptor = Object.getOwnPropertyDescriptor(prototype, name);
      if (typeof descriptor?.value !== 'function') continue;
      const answer = Reflect.getMetadata(ANSWER, descriptor.value as object) as Answer | undefined;
      if (!answer) continue;
      const routeEnvelope: RouteEnvelope = { family, success: answer.success ?? FOUND };
      for (const decorate of [HttpCode(200), RouteConfig(routeEnvelope), documentAnswer(family, answer)]) {
        decorate(prototype, name, descriptor);
      }
    }
  };
}
