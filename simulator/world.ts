import { Corp } from './corp';
import type { App } from './data';

export { Corp } from './corp';
export type { App } from './data';

export interface Seeding {
  corpId?: string;
  secret?: string;
  seed?: number;
  employees: number;
  contacts: number;
  follows: number;
  tags: number;
}

const DEFAULT_CORP_ID = 'wwsim0000000000001';
const DEFAULT_SECRET = 'simulator-secret-of-the-self-built-app-0001';

/** All corps of this WeCom. Plain data that a test changes as it likes; two corps may hold equal ids. */
export class World {
  readonly corps = new Map<string, Corp>();

  constructor(private readonly seed = 1) {}

  /** @returns a corp without anybody in it, with one app that may read everything */
  addCorp(corpId = DEFAULT_CORP_ID, app: Partial<App> = {}): Corp {
    const corp = new Corp(corpId);
    corp.addApp({ secret: DEFAULT_SECRET, ...app });
    this.corps.set(corpId, corp);
    return corp;
  }

  /** @throws Error if there is none */
  corp(corpId = DEFAULT_CORP_ID): Corp {
    const corp = this.corps.get(corpId);
    if (!corp) throw new Error(`the simulator has no corp ${corpId}`);
    return corp;
  }

  /** Adds a corp and fills it; the same seed gives the same data. The last of three or more employees has no customers. */
  seeded({ corpId, secret, seed = this.seed, ...counts }: Seeding): Corp {
    const corp = this.addCorp(corpId, secret === undefined ? {} : { secret });
    corp.fill(seed, counts);
    return corp;
  }
}
