/** An enterprise of the data; `share` is its part of all follows of family B. */
export interface BenchEnterprise {
  id: number;
  uniacid: number;
  name: string;
  share: number;
  employees: number;
  tags: number;
}

const LARGE = { employees: 2000, tags: 300 };

/** One very large, two large, a small one (2,000 of a million follows), and one of another uniacid. */
export const ENTERPRISES = [
  { id: 1, uniacid: 2, name: '芸众', share: 0.6, ...LARGE },
  { id: 2, uniacid: 2, name: '芸众二店', share: 0.248, ...LARGE },
  { id: 3, uniacid: 2, name: '芸众三店', share: 0.1, ...LARGE },
  { id: 4, uniacid: 2, name: '芸众小店', share: 0.002, employees: 20, tags: 30 },
  { id: 5, uniacid: 3, name: '另一公众号的企业', share: 0.05, ...LARGE },
] as const satisfies BenchEnterprise[];
