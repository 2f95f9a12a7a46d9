import { Module } from '@nestjs/common';
import { MetricsController } from './metrics.controller';

/** How the process is watched. */
@Module({ controllers: [MetricsController] })
export class OperationsModule {}
