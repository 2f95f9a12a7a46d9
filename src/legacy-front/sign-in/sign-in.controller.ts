import { Controller, Post, UseGuards } from '@nestjs/common';
import { ApiBody } from '@nestjs/swagger';
import { TooManyAttempts } from '../../auth/attempts/attempt-limiter';
import { Public } from '../../auth/auth.guard';
import { WrongCredentials } from '../../auth/auth.service';
import type { SessionCookie } from '../../auth/session-cookie';
import { Cookie } from '../../auth/session-cookie';
import { BodyAndQuery } from '../../http/input/body-and-query.decorator';
import { ApiNestedQuery } from '../../http/openapi/nested-query';
import { NotSignedIn } from '../../http/output/errors';
import { DONE, LOGGED_IN } from '../../http/output/families';
import { Address } from '../../http/input/address.decorator';
import { Answers, Envelope } from '../../http/routes/envelope';
import { GetAndPost } from '../../http/routes/get-and-post';
import { OwnPageGuard } from './own-page.guard';
import { API_PHP } from './route-in-path';
import { FrontSettingReply, LOGIN_MODE, LoginModeReply, ShopDto, SignInDto } from './sign-in.dto';
import { SignInService } from './sign-in.service';

const SHOP_QUERY = ApiNestedQuery(ShopDto);

/** What OwnPageGuard answers pages of other origins. */
const OTHER_ORIGIN = new NotSignedIn('illegal');

/** The front sends each path as `…/api.php?route=<its last part>` (routeInPath). */
@Controller(API_PHP)
@UseGuards(OwnPageGuard)
@Envelope('business')
export class SignInController {
  constructor(private readonly signIns: SignInService) {}

  @GetAndPost('member.login.login-mode')
  @SHOP_QUERY
  @Public()
  @Answers({ summary: '登录方式 / ways of signing in', success: DONE, reply: LoginModeReply, failures: [OTHER_ORIGIN] })
  loginMode(@BodyAndQuery() _shop: ShopDto): LoginModeReply {
    return LOGIN_MODE;
  }

  @Post('member.login.index')
  @Public()
  @SHOP_QUERY
  @ApiBody({ type: SignInDto })
  @Answers({
    summary: '登录，答复带 Cookie / sign in, the answer sets a cookie',
    success: LOGGED_IN,
    failures: [new WrongCredentials(), new TooManyAttempts('密码'), OTHER_ORIGIN],
  })
  signIn(
    @BodyAndQuery() _shop: ShopDto,
    @BodyAndQuery() dto: SignInDto,
    @Address() address: string,
    @Cookie() cookie: SessionCookie,
  ): Promise<void> {
    return this.signIns.signIn(dto, address, cookie);
  }

  @GetAndPost('member.logout.index')
  @SHOP_QUERY
  @Public()
  @Answers({
    summary: '退出，会话立即失效 / sign out, the session ends at once',
    success: DONE,
    changes: true,
    failures: [OTHER_ORIGIN],
  })
  signOut(@BodyAndQuery() _shop: ShopDto, @Address() address: string, @Cookie() cookie: SessionCookie): Promise<void> {
    return this.signIns.signOut(cookie, address);
  }

  @GetAndPost('plugin.business-pc.frontend.setting.index')
  @SHOP_QUERY
  @Public()
  @Answers({
    summary: '登录页设置 / settings of the sign-in page',
    success: DONE,
    reply: FrontSettingReply,
    failures: [OTHER_ORIGIN],
  })
  setting(@BodyAndQuery() _shop: ShopDto): FrontSettingReply {
    return this.signIns.setting();
  }
}
