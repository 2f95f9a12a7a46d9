import { DynamicModule, Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuthGuard } from './auth/auth.guard';
import { AuthModule } from './auth/auth.module';
import { ENV, Env } from './config/env';
import { openDatabase } from './database/open';
import { dataSourceOptions } from './database/options';
import { EnterpriseModule } from './enterprise/enterprise.module';
import { EnvelopeInterceptor } from './http/envelope.interceptor';
import { EnvelopeExceptionFilter } from './http/exception.filter';
import { validationPipe } from './http/validation.pipe';
import { UserCustomerModule } from './user-customer/user-customer.module';
import { WechatCustomersModule } from './wechat-customers/wechat-customers.module';

/** The features, and what every request passes: guard, pipe, interceptor, filter. */
@Global()
@Module({
  imports: [AuthModule, EnterpriseModule, UserCustomerModule, WechatCustomersModule],
  providers: [
    { provide: APP_GUARD, useClass: AuthGuard },
    { provide: APP_PIPE, useValue: validationPipe },
    { provide: APP_INTERCEPTOR, useClass: EnvelopeInterceptor },
    { provide: APP_FILTER, useClass: EnvelopeExceptionFilter },
  ],
  exports: [ENV],
})
export class AppModule {
  static with(env: Env): DynamicModule {
    return {
      module: AppModule,
      imports: [
        TypeOrmModule.forRootAsync({
          useFactory: () => ({ ...dataSourceOptions(env), retryAttempts: 0 }),
          dataSourceFactory: () => openDatabase(env),
        }),
      ],
      providers: [{ provide: ENV, useValue: env }],
    };
  }
}
