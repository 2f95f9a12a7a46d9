import { Body, Controller, Get, Header, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Public } from '../../auth/auth.guard';
import type { Tenant } from '../../enterprise/tenant';
import { Callback } from '../../http/edge/callback';
import { TransportFailure } from '../../http/output/errors';
import type { CallbackQuery } from './receive.service';
import { mayBeSigned, ReceiveService } from './receive.service';

const PLAIN = Header('Content-Type', 'text/plain; charset=utf-8');
const NO_CACHE = Header('Cache-Control', 'no-store');

interface Params {
  uniacid: string;
  business_id: string;
}

/** What WeCom calls: signed instead of signed in, and answered without an envelope. Not in the documentation for clients. */
@Controller('business/:uniacid/plugin/WechatCustomers/receive/:business_id')
@ApiExcludeController()
export class ReceiveController {
  constructor(private readonly callbacks: ReceiveService) {}

  @Get()
  @Public()
  @Callback(mayBeSigned)
  @PLAIN
  @NO_CACHE
  verify(@Param() params: Params, @Query() query: CallbackQuery, @Req() request: FastifyRequest): Promise<string> {
    return this.callbacks.verify(tenantOf(params), query, request.beyondLimit !== undefined);
  }

  @Post()
  @HttpCode(200)
  @Public()
  @Callback(mayBeSigned)
  @PLAIN
  @NO_CACHE
  receive(
    @Param() params: Params,
    @Query() query: CallbackQuery,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
  ): Promise<string> {
    const isFlood = request.beyondLimit !== undefined;
    return this.callbacks.receive(tenantOf(params), query, body, isFlood).then(() => 'success');
  }
}

/** @throws TransportFailure 404 for what is no number */
function tenantOf({ uniacid, business_id: enterpriseId }: Params): Tenant {
  if (![uniacid, enterpriseId].every((text) => /^[1-9]\d{0,9}$/.test(text)))
    throw new TransportFailure('route-not-found');
  return { uniacid: Number(uniacid), enterpriseId: Number(enterpriseId) };
}
