import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AttemptLimiter } from './attempts/attempt-limiter';
import { AuthController } from './auth.controller';
import { AuthService } from './auth.service';
import { Authenticator } from './authenticator';
import { FailedAttempt } from './attempts/failed-attempt.entity';
import { Session } from './entities/session.entity';
import { User } from './entities/user.entity';
import { PasswordChecker } from './password-checker';
import { RefusedSignIns } from './refused-sign-ins';
import { SessionStore } from './session-store';

@Module({
  imports: [TypeOrmModule.forFeature([User, Session, FailedAttempt])],
  controllers: [AuthController],
  providers: [Authenticator, AuthService, PasswordChecker, RefusedSignIns, SessionStore, AttemptLimiter],
  exports: [AuthService, SessionStore, AttemptLimiter],
})
export class AuthModule {}
