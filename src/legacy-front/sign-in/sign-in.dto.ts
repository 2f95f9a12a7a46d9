import { ApiProperty } from '@nestjs/swagger';
import { PASSWORD_LENGTH } from '../../auth/passwords';
import { digits, Field, flag, optional, required, text } from '../../http/input/fields';

/** What the front puts into every URL of `api.php` (CONTRACT 2.5). */
export class ShopDto {
  @Field(required(digits), { description: '公众号 / official account', type: Number, example: 2 })
  i: number;

  @Field(optional(digits), {
    description: '终端类型，前端恒为 5 / kind of client, always 5',
    type: Number,
    required: false,
    example: 5,
  })
  type?: number;
}

/** The form of the front's sign-in page (CONTRACT 2.5). */
export class SignInDto {
  @Field(required(text(64)), { description: '手机号或用户名 / mobile number or user name', example: '13800001000' })
  mobile: string;

  @Field(required(text(PASSWORD_LENGTH.max)), { description: '密码 / password', example: 'demo-admin' })
  password: string;

  @Field(optional(digits), {
    description: '登录方式，前端恒为 5 / way of signing in, always 5',
    type: Number,
    required: false,
    example: 5,
  })
  login_type?: number;

  @Field(optional(flag), {
    description:
      '1 保持登录 7 天，否则到浏览器关闭，最多 1 天 / 1: for 7 days, otherwise until the browser is closed, 1 day at most',
    enum: [0, 1],
    required: false,
    example: 1,
  })
  remember?: boolean;
}

class CaptchaReply {
  @ApiProperty({ description: '0 不需要 / 0: none', example: 0 })
  status: number;
}

class SmsReply {
  @ApiProperty({ description: '图形验证码 / captcha' })
  captcha: CaptchaReply;
}

/** The ways of signing in that the front offers (CONTRACT 2.5). */
export class LoginModeReply {
  @ApiProperty({ description: '短信验证码登录，0 关闭 / sign-in by SMS, 0: off', example: 0 })
  mobile_login_code: number;

  @ApiProperty({ description: '短信设置 / settings of SMS' })
  sms: SmsReply;
}

/** Sign-in by password alone. */
export const LOGIN_MODE: LoginModeReply = { mobile_login_code: 0, sms: { captcha: { status: 0 } } };

/** What the front's sign-in page shows (CONTRACT 2.5). */
export class FrontSettingReply {
  @ApiProperty({ description: '标题（BUSINESS_TITLE）/ title', example: '企业管理' })
  pc_title: string;

  @ApiProperty({ description: '网页图标 URL，恒为空 / always empty', example: '' })
  pc_favorite_icon_url: string;
}
