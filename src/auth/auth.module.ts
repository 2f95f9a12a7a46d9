import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AttemptLimiter } from './attempts/attempt-limiter';
import { AuthController } from './auth.controller';
import { AuthService } from './auth.service';
import { FailedAttempt } from './attempts/failed-attempt.entity';
import { Session } from './entities/session.entity';
import { User } from './entities/user.entity';
import { PasswordChecker } from './password-checker';
import { SessionStore } from './session-store';

@Module({
  imports: [TypeOrmModule.forFeature([User, Session, FailedAttempt])],
  controllers: [AuthController],
  providers: [AuthService, PasswordChecker, SessionStore, AttemptLimiter],
  exports: [AuthService, SessionStore, AttemptLimiter],
})
export class AuthModule {}
