import { ApiProperty } from '@nestjs/swagger';
import { TIME } from '../http/openapi/schema';
import { Field, oneOf, optional, required, text } from '../http/input/fields';
import { Invalid } from '../http/input/invalid';
import { User } from './entities/user.entity';
import { lengthFault, PASSWORD_LENGTH } from './passwords';
import { KEEP_ALIVES, KeepAlive, TokenPair } from './tokens';

export class LoginDto {
  @Field(required(text(64)), {
    description: '用户名；system 为 APP 时也可以是手机号 / user name; with system APP also the mobile number',
    example: 'admin',
  })
  username: string;

  @Field(required(text(PASSWORD_LENGTH.max)), { description: '密码 / password', example: 'demo-admin' })
  password: string;

  @Field(optional(text(32)), {
    description: '登录的系统，任意文字，最多 32 个字符 / which system signs in, any text up to 32 characters',
    required: false,
    example: 'MixPro',
  })
  system?: string;

  @Field(optional(oneOf(...KEEP_ALIVES)), {
    description:
      'token / refresh_token 有效期：缺省与 default 2h/1d，short 1d/7d，medium 3d/30d，long 7d/90d / lifetimes of token and refresh_token, 2h/1d when absent',
    enum: KEEP_ALIVES,
    required: false,
    example: 'default',
  })
  keep_alive?: KeepAlive;
}

export class CheckTicketDto {
  @Field(optional(text(255)), { description: '来源，可选 / who asks, optional', required: false, example: 'MixPro' })
  source?: string;

  @Field(required(text(255)), {
    description: '登录所得 ticket / ticket of a login',
    example: '0123456789abcdef0123456789abcdef',
  })
  ticket: string;
}

export class RefreshTokenDto {
  @Field(required(text(255)), {
    description: '登录所得 refresh_token / refresh_token of a login',
    example: '0123456789abcdef'.repeat(4),
  })
  refresh_token: string;
}

export class ResetPasswordDto {
  @Field(required(text(PASSWORD_LENGTH.max)), { description: '原密码 / old password', example: 'demo-admin' })
  old_password: string;

  @Field(required(newPassword), {
    description: '新密码，8 到 1024 个字符 / new password, 8 to 1024 characters',
    example: 'demo-admin', // which leaves the demo as it is
  })
  new_password: string;
}

/** @throws Invalid for text that is too short or too long for a password */
function newPassword(raw: unknown): string {
  const password = text(PASSWORD_LENGTH.max)(raw);
  if (lengthFault(password) === 'short') throw new Invalid(`不能少于${PASSWORD_LENGTH.min}个字符`);
  return password;
}

/** A user on the wire (CONTRACT 1.2). */
export class UserReply {
  @ApiProperty({ description: '用户标识 / user id', example: 1000 })
  user_id: number;

  @ApiProperty({ description: '用户名 / user name', example: 'admin' })
  username: string;

  @ApiProperty({ description: '1 为超级用户 / 1: may act for every user', example: 1, enum: [0, 1] })
  is_super: number;

  @ApiProperty({ description: '手机 / mobile number', example: '13800001000' })
  mobile: string;

  @ApiProperty({ description: '描述 / description', example: '' })
  description: string;

  @ApiProperty({ description: '分机 / telephone extension', example: '' })
  extension: string;

  @ApiProperty({ description: '邮箱 / e-mail', example: '' })
  email: string;

  @ApiProperty({ description: '地址 / address', example: '' })
  address: string;

  @ApiProperty({ description: '参考号 / reference', example: '' })
  reference: string;

  @ApiProperty({ description: '创建时间 UTC+8 / created, UTC+8', ...TIME, example: '2018-11-28 10:00:00' })
  created: string;
}

/** The answer to a login or a refresh: the user and the tokens; `token` = `ticket` (CONTRACT 1.2). */
export class LoginReply extends UserReply {
  @ApiProperty({ description: '32 位令牌 / token of 32 characters', example: '0123456789abcdef0123456789abcdef' })
  ticket: string;

  @ApiProperty({
    description: '64 位刷新令牌 / refresh token of 64 characters',
    example: '0123456789abcdef'.repeat(4),
  })
  refresh_token: string;

  @ApiProperty({ description: '登录时给出的 keep_alive，缺省为空 / as given at login, else empty', example: 'default' })
  keep_alive: string;

  @ApiProperty({ description: '同 ticket / the same as ticket', example: '0123456789abcdef0123456789abcdef' })
  token: string;
}

export function toUserReply(user: User): UserReply {
  return {
    user_id: Number(user.userId),
    username: user.username,
    is_super: user.isSuper,
    mobile: user.mobile,
    description: user.description,
    extension: user.extension,
    email: user.email,
    address: user.address,
    reference: user.reference,
    created: user.created,
  };
}

export function toLoginReply(user: User, { token, refreshToken, keepAlive }: TokenPair): LoginReply {
  return { ...toUserReply(user), ticket: token, refresh_token: refreshToken, keep_alive: keepAlive, token };
}
