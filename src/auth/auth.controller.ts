import { Body, Controller, Post } from '@nestjs/common';
import { Address } from '../http/input/address.decorator';
import { Answers, Envelope } from '../http/routes/envelope';
import { NotSignedIn } from '../http/output/errors';
import { DELETED, EDITED, LOGGED_IN, TICKET_CHECKED } from '../http/output/families';
import { TooManyAttempts } from './attempts/attempt-limiter';
import { CheckTicketDto, LoginDto, LoginReply, RefreshTokenDto, ResetPasswordDto, UserReply } from './auth.dto';
import { CurrentToken, CurrentUser, Public } from './auth.guard';
import { AuthService, WrongCredentials, WrongOldPassword } from './auth.service';
import { Actor } from './policy';

@Controller('api')
@Envelope('mix')
export class AuthController {
  constructor(private readonly auth: AuthService) {}

  @Post(['login', 'app/login'])
  @Public()
  @Answers({
    summary: '登录 / sign in',
    success: LOGGED_IN,
    reply: LoginReply,
    failures: [new WrongCredentials(), new TooManyAttempts('密码')],
  })
  login(@Body() dto: LoginDto, @Address() address: string): Promise<LoginReply> {
    return this.auth.login(dto, address);
  }

  @Post('check_ticket')
  @Public()
  @Answers({
    summary: '校验 ticket / whose ticket it is',
    success: TICKET_CHECKED,
    reply: UserReply,
    failures: [new NotSignedIn('expired')],
  })
  checkTicket(@Body() { ticket }: CheckTicketDto): Promise<UserReply> {
    return this.auth.checkTicket(ticket);
  }

  @Post('refresh_token')
  @Public()
  @Answers({
    summary: '刷新 token / new tokens, the old ones end',
    success: EDITED,
    reply: LoginReply,
    failures: [new NotSignedIn('expired')],
  })
  refreshToken(@Body() { refresh_token }: RefreshTokenDto): Promise<LoginReply> {
    return this.auth.refresh(refresh_token);
  }

  @Post('user')
  @Answers({ summary: '当前用户 / the signed-in user', reply: UserReply })
  user(@CurrentUser() actor: Actor): Promise<UserReply> {
    return this.auth.user(actor);
  }

  @Post(['user/reset_password', 'reset_password'])
  @Answers({
    summary: "修改自己的密码，其他会话全部失效 / change one's own password, all other sessions end",
    success: EDITED,
    failures: [new WrongOldPassword(), new TooManyAttempts('密码')],
  })
  resetPassword(
    @Body() dto: ResetPasswordDto,
    @CurrentUser() actor: Actor,
    @CurrentToken() token: string,
    @Address() address: string,
  ): Promise<void> {
    return this.auth.resetPassword(actor, token, dto, address);
  }

  @Post('logout')
  @Answers({ summary: '退出，token 立即失效 / sign out, the token ends at once', success: DELETED })
  logout(@CurrentUser() actor: Actor, @CurrentToken() token: string, @Address() address: string): Promise<void> {
    return this.auth.logout(actor, token, address);
  }
}
