import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { Sql } from '../database/sql';
import { Rejected } from '../http/output/errors';
import { guessesAt } from './attempts/allowances';
import { AttemptLimiter, TooManyAttempts } from './attempts/attempt-limiter';
import { User } from './entities/user.entity';
import { verifyPassword } from './passwords';

/** Bounds the accounts read for a mobile number; with two of them none can sign in by it. */
const MAX_SHARED = 10;

/** Checks passwords of accounts, within the limits on wrong guesses. */
@Injectable()
export class PasswordChecker {
  constructor(
    @InjectRepository(User) private readonly users: Repository<User>,
    private readonly limiter: AttemptLimiter,
    private readonly sql: Sql,
  ) {}

  /**
   * The account whose password it is. Takes as long for an unknown name, so that the time of the answer reveals no
   * account.
   * @throws `whenWrong` for an unknown name, a wrong password or a closed account; TooManyAttempts
   */
  async check(username: string, password: string, address: string, whenWrong: Rejected): Promise<User> {
    const { user } = await this.limiter.attempt(
      guessesAt(username, address),
      async ({ sql, values }) => {
        const [left] = await this.sql.rows<{ exhausted: number }>({ sql: `SELECT ${sql} AS exhausted`, values });
        return { ...left!, user: await this.named(username) };
      },
      async ({ user }) => (await verifyPassword(user?.passwordHash, password)) && user?.isAvailable === 1,
      { whenWrong, whenExhausted: new TooManyAttempts('密码') },
    );
    return user!;
  }

  /**
   * The user name of a sign-in by user name or mobile number, so that guesses by either count as guesses at one
   * account. A name of no account stays as it is. Reads both whatever it finds, so that its time reveals no account.
   */
  async usernameOf(name: string): Promise<string> {
    const [user, withMobile] = await Promise.all([
      this.named(name),
      this.users.find({ where: { mobile: name }, take: MAX_SHARED }),
    ]);
    const [owner, another] = withMobile.filter(({ mobile }) => mobile === name); // MySQL ignores trailing spaces
    return !user && owner && !another ? owner.username : name;
  }

  private async named(username: string): Promise<User | undefined> {
    const found = await this.users.findOneBy({ username });
    // MySQL finds `admin` for `admin `, because its comparison ignores trailing spaces.
    return found?.username === username ? found : undefined;
  }
}
