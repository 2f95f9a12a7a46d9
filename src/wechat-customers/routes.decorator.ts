import { applyDecorators, Controller, UseGuards } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { EnterpriseGuard } from '../enterprise/enterprise.guard';

/** A controller of the plugin WechatCustomers (CONTRACT 2.3, 2.4), whose routes work in the chosen enterprise. */
export const WechatCustomersRoutes = () =>
  applyDecorators(
    Controller('business/:uniacid/plugin/WechatCustomers'),
    UseGuards(EnterpriseGuard),
    ApiParam({ name: 'uniacid', description: '公众号 / official account', type: Number, example: 2 }),
    ApiTags('WechatCustomers'),
  );
