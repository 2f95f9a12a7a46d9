import { ApiProperty } from '@nestjs/swagger';
import type { UserReply } from '../auth/auth.dto';

/** How the front names the signed-in account (CONTRACT 2.2). Accounts have a user name only, and no picture. */
export class NamedMemberReply {
  @ApiProperty({ description: '昵称，即用户名 / the user name', example: 'admin' })
  nickname: string;

  @ApiProperty({ description: '姓名，即用户名 / the user name', example: 'admin' })
  realname: string;

  @ApiProperty({ description: '头像，恒为空 / always empty', example: '' })
  avatar: string;
}

export function toNamedMember({ username }: UserReply): NamedMemberReply {
  return { nickname: username, realname: username, avatar: '' };
}
