import { Module } from '@nestjs/common';
import { HealthController } from './health.controller';
import { MetricsController } from './metrics.controller';
import { ReadinessService } from './readiness';

/** How the process is watched. */
@Module({
  controllers: [HealthController, MetricsController],
  providers: [ReadinessService],
})
export class OperationsModule {}
