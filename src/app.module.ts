import { DynamicModule, Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { AuthGuard } from './auth/auth.guard';
import { AuthModule } from './auth/auth.module';
import { ENV, Env } from './config/env';
import { LIST_SQL, Sql } from './database/sql';
import { listSql } from './database/mysql/replica-reads';
import { EnterpriseModule } from './enterprise/enterprise.module';
import { EnvelopeInterceptor } from './http/output/envelope.interceptor';
import { EnvelopeExceptionFilter } from './http/output/exception.filter';
import { validationPipe } from './http/input/validation.pipe';
import { LegacyFrontModule } from './legacy-front/legacy-front.module';
import { OperationsModule } from './operations/operations.module';
import { UserCustomerModule } from './user-customer/user-customer.module';
import { WechatCustomersModule } from './wechat-customers/wechat-customers.module';
import { WecomModule } from './wecom/wecom.module';

/** The features, and what every request passes through: guard, pipe, interceptor, filter. */
@Global()
@Module({
  imports: [
    AuthModule,
    EnterpriseModule,
    UserCustomerModule,
    WechatCustomersModule,
    WecomModule,
    LegacyFrontModule,
    OperationsModule,
  ],
  providers: [
    { provide: APP_GUARD, useClass: AuthGuard },
    { provide: APP_PIPE, useValue: validationPipe },
    { provide: APP_INTERCEPTOR, useClass: EnvelopeInterceptor },
    { provide: APP_FILTER, useClass: EnvelopeExceptionFilter },
  ],
  exports: [ENV, Sql, LIST_SQL],
})
export class AppModule {
  /** @param dataSource open and migrated; the application closes it when it shuts down */
  static with(env: Env, dataSource: DataSource): DynamicModule {
    const sql = Sql.of(dataSource);
    return {
      module: AppModule,
      imports: [
        TypeOrmModule.forRootAsync({
          useFactory: () => dataSource.options,
          dataSourceFactory: () => Promise.resolve(dataSource),
        }),
      ],
      providers: [
        { provide: ENV, useValue: env },
        { provide: Sql, useValue: sql },
        { provide: LIST_SQL, useFactory: () => listSql(env, dataSource, sql) },
      ],
    };
  }
}
