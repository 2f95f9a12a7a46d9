import { hash } from 'node:crypto';
import {
  ArgumentsHost,
  CallHandler,
  CanActivate,
  Catch,
  createParamDecorator,
  ExceptionFilter,
  ExecutionContext,
  HttpException,
  Injectable,
  NestInterceptor,
  SetMetadata,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { InjectRepository } from '@nestjs/typeorm';
import type { Request, Response } from 'express';
import { map } from 'rxjs';
import { Repository } from 'typeorm';
import { Session, User } from './entities';

interface SignedInRequest extends Request {
  user: User;
}

/** A failure with its message for the client. */
export class Failure extends HttpException {
  constructor(message: string) {
    super(message, 200);
  }
}

export const CurrentUser = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<SignedInRequest>().user,
);

@Injectable()
export class AuthGuard implements CanActivate {
  constructor(@InjectRepository(Session) private readonly sessions: Repository<Session>) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<SignedInRequest>();
    const token = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
    const session = await this.sessions.findOne({
      where: { token_hash: hash('sha256', token) },
      relations: { user: true },
    });
    if (!session || session.expires_at * 1000 < Date.now()) throw new Failure('Token不合法，请重新登录');
    request.user = session.user;
    return true;
  }
}

const MESSAGE = 'message';

/** The message of a success in family A. */
export const Message = (message: string) => SetMetadata(MESSAGE, message);

const isFamilyB = (request: Request) => request.path.startsWith('/business/');

@Injectable()
export class EnvelopeInterceptor implements NestInterceptor {
  constructor(private readonly reflector: Reflector) {}

  intercept(context: ExecutionContext, next: CallHandler) {
    const msg = this.reflector.get<string>(MESSAGE, context.getHandler());
    const wrap: (result: unknown) => object = isFamilyB(context.switchToHttp().getRequest())
      ? (data) => ({ result: 1, msg: 'ok', data })
      : (result) => ({ code: 200, msg, mix_code: 130001, mix_msg: '', mix_ext: '', result: result ?? [] });
    return next.handle().pipe(map(wrap));
  }
}

@Catch(HttpException)
export class FailureFilter implements ExceptionFilter {
  catch({ message }: HttpException, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const body = isFamilyB(http.getRequest())
      ? { result: 0, msg: message, data: [] }
      : { code: 500, msg: message, mix_code: 230001, mix_msg: '', mix_ext: '', result: [] };
    http.getResponse<Response>().status(200).json(body);
  }
}
