import { Controller, Get, Header, Inject, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { register } from 'prom-client';
import { Public } from '../auth/auth.guard';
import { isSameSecret } from '../base/secrets';
import { ENV, Env } from '../config/env';
import { TransportFailure } from '../http/output/errors';
import { Probe } from '../http/edge/probe';
import { metricsOfAll } from './cluster-metrics';

/** Metrics for Prometheus; without METRICS_TOKEN the route does not exist. */
@Controller('metrics')
@ApiExcludeController()
export class MetricsController {
  constructor(@Inject(ENV) private readonly env: Env) {}

  @Get()
  @Public()
  @Probe()
  @Header('Cache-Control', 'no-store')
  async read(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { METRICS_TOKEN } = this.env;
    if (METRICS_TOKEN === undefined) throw new TransportFailure('route-not-found');
    if (!isSameSecret(request.headers.authorization ?? '', `Bearer ${METRICS_TOKEN}`)) {
      request.outcome = 'not-signed-in';
      return void reply.status(401).header('WWW-Authenticate', 'Bearer').send();
    }
    void reply.type(register.contentType).send(await metricsOfAll());
  }
}
