import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import { createDocument } from './document';

/**
 * Serves the documentation: the page at /docs, the OpenAPI document at /docs-json.
 * @param publicUrl as of {@link createDocument}
 */
export function addSwagger(app: NestFastifyApplication, publicUrl?: string): void {
  SwaggerModule.setup('docs', app, () => createDocument(app, publicUrl), {
    jsonDocumentUrl: 'docs-json',
    raw: ['json'], // YAML would be made anew, in 50 ms, for each who asks
    customSiteTitle: 'customer-hub',
    swaggerOptions: { persistAuthorization: true, displayRequestDuration: true },
  });
}
