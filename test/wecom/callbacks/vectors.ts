import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Vector {
  id: string;
  kind?: string;
  token: string;
  encodingAesKey: string;
  receiveId: string;
  timestamp: string;
  nonce: string;
  msgSignature: string;
  encrypt: string;
  postBody?: string;
  expect: { msg: string; padLen: number };
}

interface File {
  vectors: Vector[];
  simCredentials: Pick<Vector, 'token' | 'encodingAesKey' | 'receiveId'>;
  simEvents: Omit<Vector, 'token' | 'encodingAesKey' | 'receiveId'>[];
  negative: { id: string; basedOn: string; change: Partial<Vector> }[];
}

const file = JSON.parse(readFileSync(join(__dirname, '../fixtures/wecom-vectors.json'), 'utf8')) as File;

/** Callbacks of public documents and libraries, and of our own making: all with what they must decrypt to. */
export const vectors: Vector[] = [
  ...file.vectors,
  ...file.simEvents.map((event) => ({ ...file.simCredentials, ...event })),
];

/** Callbacks that must be refused. */
export const refused: Vector[] = file.negative.map(({ id, basedOn, change }) => ({
  ...vectors.find((vector) => vector.id === basedOn)!,
  ...change,
  id,
}));
