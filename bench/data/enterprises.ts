/** An enterprise of the data: `share` of all relations are its own, kept by so many members with so many tags. */
export interface BenchEnterprise {
  id: number;
  uniacid: number;
  name: string;
  share: number;
  members: number;
  tags: number;
}

const LARGE = { members: 2000, tags: 300 };

/** A big one, two large ones, a small one (2,000 of a million relations), and one of another uniacid. */
export const ENTERPRISES = [
  { id: 1, uniacid: 2, name: '芸众', share: 0.6, ...LARGE },
  { id: 2, uniacid: 2, name: '芸众二店', share: 0.248, ...LARGE },
  { id: 3, uniacid: 2, name: '芸众三店', share: 0.1, ...LARGE },
  { id: 4, uniacid: 2, name: '芸众小店', share: 0.002, members: 20, tags: 30 },
  { id: 5, uniacid: 3, name: '另一公众号的企业', share: 0.05, ...LARGE },
] as const satisfies BenchEnterprise[];
