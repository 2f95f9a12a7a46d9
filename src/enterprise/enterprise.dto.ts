import { ApiProperty } from '@nestjs/swagger';
import { digits, Field, optional, required, searchText } from '../http/input/fields';
import { Invalid } from '../http/input/invalid';
import { EnterpriseRight } from './entities/enterprise-right.entity';
import { IDENTITY_NUMBERS, identityOf } from './identities';

/** The official account in the path of family B. */
export class UniacidDto {
  @Field(required(digits), { description: '公众号 / official account', example: 2 })
  uniacid: number;
}

/** The parameters of businessList (CONTRACT 2.2). */
export class BusinessListDto {
  @Field(optional(searchText), {
    description: '企业名称包含，不分大小写 / name contains, case ignored',
    type: String,
    required: false,
    example: '芸众',
  })
  name?: string;
}

/** What an entry of the list stands for (CONTRACT 2.2). The vendor's third kind, applied for, is unused here. */
export const IDENTITY_TYPES = { person: 1, enterprise: 2 } as const;
type IdentityType = (typeof IDENTITY_TYPES)[keyof typeof IDENTITY_TYPES];

/** The parameters of manageBusiness (CONTRACT 2.2). `identity_type` 1 or `id` 0 clears the choice. */
export class ManageBusinessDto {
  @Field(optional(digits), {
    description: '企业 id，0 为不选 / enterprise id; 0 clears the choice; required without identity_type=1',
    type: Number,
    required: false,
    example: 1,
  })
  id?: number;

  @Field(optional(identityType), {
    description: '1 个人空间，即不选企业；2 企业 / 1: oneself, which clears the choice; 2: an enterprise',
    enum: Object.values(IDENTITY_TYPES),
    required: false,
    example: 2,
  })
  identity_type?: IdentityType;
}

/** @throws Invalid for a kind other than those of {@link IDENTITY_TYPES} */
function identityType(raw: unknown): IdentityType {
  const given = Object.values(IDENTITY_TYPES).find((type) => raw === type || raw === String(type));
  if (!given) throw new Invalid('必须是 1、2 之一');
  return given;
}

class PlatformReply {
  @ApiProperty({ description: '企业 id / enterprise id', example: 1 })
  id: number;

  @ApiProperty({ description: '企业图标 URL / URL of its logo', example: '' })
  logo_img: string;

  @ApiProperty({ description: '企业名称 / name', example: '芸众' })
  name: string;

  @ApiProperty({
    description:
      '身份：1 员工 2 管理员 3 创建人 4 法人 5 法人+创建人 / identity: staff, manager, creator, legal person, both',
    example: 2,
    enum: IDENTITY_NUMBERS,
  })
  identity: number;

  @ApiProperty({ description: '身份说明 / the identity in words', example: '管理员' })
  identity_desc: string;

  @ApiProperty({ description: '2 企业 / 2: an enterprise', example: IDENTITY_TYPES.enterprise })
  identity_type: number;
}

class EnterpriseReply {
  @ApiProperty({ description: '企业 id / enterprise id', example: 1 })
  id: number;

  @ApiProperty({ description: '企业名称 / name', example: '芸众' })
  name: string;
}

/** The answer of businessList, by identity descending, then by id (CONTRACT 2.2). */
export class BusinessListReply {
  @ApiProperty({ description: '可管理的企业 / enterprises the user may manage', type: [PlatformReply] })
  platform_list: PlatformReply[];

  @ApiProperty({ description: '当前选择，0 为未选择 / the current choice, 0 if none', example: 1 })
  final_plat_id: number;

  @ApiProperty({ description: '同 platform_list / the same enterprises', type: [EnterpriseReply] })
  business_list: EnterpriseReply[];

  @ApiProperty({ description: '同 final_plat_id / the same as final_plat_id', example: 1 })
  business_id: number;
}

/** An enterprise and what a user is in it. */
export type Manageable = EnterpriseRight & { enterprise: NonNullable<EnterpriseRight['enterprise']> };

export function toBusinessListReply(manageable: Manageable[], chosen: number): BusinessListReply {
  return {
    platform_list: manageable.map(({ identity, enterprise: { id, logoImg, name } }) => ({
      id,
      logo_img: logoImg,
      name,
      identity,
      identity_desc: identityOf(identity)!.description,
      identity_type: IDENTITY_TYPES.enterprise,
    })),
    final_plat_id: chosen,
    business_list: manageable.map(({ enterprise: { id, name } }) => ({ id, name })),
    business_id: chosen,
  };
}
