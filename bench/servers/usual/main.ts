import { ClassSerializerInterceptor, Module, ValidationPipe } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE, NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { DataSourceOptions } from 'typeorm';
import { entities } from './entities';
import { AuthGuard, EnvelopeInterceptor, FailureFilter } from './http';
import { UserCustomerController, UserCustomerService } from './user-customers';
import { WechatCustomersController, WechatCustomersService } from './wechat-customers';

/** The benchmarked routes as most teams write them: Express, TypeORM's find, class-validator, class-transformer. */
const url = process.env.DATABASE_URL ?? '';
const database: DataSourceOptions = url.startsWith('sqlite:')
  ? { type: 'better-sqlite3', database: url.slice('sqlite:'.length), entities }
  : { type: 'mariadb', url, entities, poolSize: 10, charset: 'utf8mb4', bigNumberStrings: false };

@Module({
  imports: [TypeOrmModule.forRoot(database), TypeOrmModule.forFeature(entities)],
  controllers: [UserCustomerController, WechatCustomersController],
  providers: [
    UserCustomerService,
    WechatCustomersService,
    { provide: APP_GUARD, useClass: AuthGuard },
    { provide: APP_PIPE, useValue: new ValidationPipe({ transform: true, whitelist: true }) },
    { provide: APP_INTERCEPTOR, useClass: EnvelopeInterceptor },
    { provide: APP_INTERCEPTOR, useClass: ClassSerializerInterceptor },
    { provide: APP_FILTER, useClass: FailureFilter },
  ],
})
class AppModule {}

async function main(): Promise<void> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule, { logger: ['error', 'warn'] });
  app.set('query parser', 'extended');
  app.useBodyParser('urlencoded', { extended: true });
  await app.listen(Number(process.env.PORT), '127.0.0.1');
  console.log('ready');
}

void main();
