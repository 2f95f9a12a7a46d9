import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module';
import { EnterpriseModule } from '../enterprise/enterprise.module';
import { LegacyFrontController } from './legacy-front.controller';
import { LegacyFrontService } from './legacy-front.service';
import { SignInController } from './sign-in/sign-in.controller';
import { SignInService } from './sign-in/sign-in.service';

@Module({
  imports: [AuthModule, EnterpriseModule],
  controllers: [LegacyFrontController, SignInController],
  providers: [LegacyFrontService, SignInService],
})
export class LegacyFrontModule {}
