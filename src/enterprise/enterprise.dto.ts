import { ApiProperty } from '@nestjs/swagger';
import { digits, Field, required } from '../http/input/fields';
import { Enterprise } from './entities/enterprise.entity';

/** The official account in the path of family B. */
export class UniacidDto {
  @Field(required(digits), { description: '公众号 / official account', example: 2 })
  uniacid: number;
}

export class ManageBusinessDto {
  @Field(required(digits), { description: '企业 id / enterprise id', type: Number, example: 1 })
  id: number;
}

class EnterpriseReply {
  @ApiProperty({ description: '企业 id / enterprise id', example: 1 })
  id: number;

  @ApiProperty({ description: '企业名称 / name', example: '芸众' })
  name: string;
}

export class BusinessListReply {
  @ApiProperty({ description: '可管理的企业 / enterprises the user may manage', type: [EnterpriseReply] })
  business_list: EnterpriseReply[];

  @ApiProperty({ description: '当前选择，0 为未选择 / the current choice, 0 if none', example: 1 })
  business_id: number;
}

export function toBusinessListReply(enterprises: Enterprise[], chosen: number): BusinessListReply {
  return { business_list: enterprises.map(({ id, name }) => ({ id, name })), business_id: chosen };
}
