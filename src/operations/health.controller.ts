import { Controller, Get, Header, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../auth/auth.guard';
import { Probe } from '../http/edge/probe';
import { ReadinessService } from './readiness';

const HTTP_STATUS = { ok: 200, unavailable: 503 };

/** Health for balancers and supervisors, not for clients: no envelope, no sign-in, not in the documentation. */
@Controller('health')
@ApiExcludeController()
export class HealthController {
  constructor(private readonly readiness: ReadinessService) {}

  /** Tells that the process answers, and nothing of the database, which no restart of the process would fix. */
  @Get('live')
  @Public()
  @Probe()
  @Header('Cache-Control', 'no-store')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** Tells whether requests should be sent to this process. */
  @Get('ready')
  @Public()
  @Probe()
  @Header('Cache-Control', 'no-store')
  ready(@Res() reply: FastifyReply): Promise<FastifyReply> {
    return this.readiness.read().then((readiness) => reply.status(HTTP_STATUS[readiness.status]).send(readiness));
  }
}
