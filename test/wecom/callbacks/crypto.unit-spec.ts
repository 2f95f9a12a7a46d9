import { createCipheriv } from 'node:crypto';
import * as theirs from '@wecom/crypto';
import { open } from '../../../src/wecom/callbacks/crypto';
import { elementsOf, encryptedIn } from '../../../src/wecom/callbacks/envelope';
import { BadCallback, Unsigned } from '../../../src/wecom/callbacks/errors';
import { refused, Vector, vectors } from './vectors';

const signedOf = ({ msgSignature: signature, timestamp, nonce, encrypt: encrypted }: Vector) => ({
  signature,
  timestamp,
  nonce,
  encrypted,
});
const pairOf = ({ token, encodingAesKey: aesKey }: Vector) => ({ token, aesKey });
const openVector = (vector: Vector) => open(signedOf(vector), [pairOf(vector)], vector.receiveId);

const [first] = vectors;
const OTHER = { token: 'Other2026', aesKey: 'x'.repeat(43) };

describe.each(vectors.map((vector) => [vector.id, vector] as const))('%s', (_id, vector) => {
  test('opens to its text', () => expect(openVector(vector)).toBe(vector.expect.msg));

  test("agrees with WeCom's own library", () => {
    const { token, timestamp, nonce, encrypt, msgSignature, encodingAesKey, receiveId } = vector;
    expect(theirs.getSignature(token, timestamp, nonce, encrypt)).toBe(msgSignature);
    expect(theirs.decrypt(encodingAesKey, encrypt)).toMatchObject({ message: openVector(vector), id: receiveId });
  });

  test('opens with its pair beside another one', () => {
    expect(open(signedOf(vector), [OTHER, pairOf(vector)], vector.receiveId)).toBe(vector.expect.msg);
    expect(() => open(signedOf(vector), [OTHER], vector.receiveId)).toThrow(Unsigned);
  });

  test('is refused for another receiver, and with any value changed', () => {
    expect(() => open(signedOf(vector), [pairOf(vector)], `${vector.receiveId}x`)).toThrow(Unsigned);
    for (const name of ['signature', 'timestamp', 'nonce', 'encrypted'] as const) {
      const changed = { ...signedOf(vector), [name]: `0${signedOf(vector)[name].slice(1)}x` };
      expect(() => open(changed, [pairOf(vector)], vector.receiveId)).toThrow(Unsigned);
    }
  });

  test('is read from a body as WeCom sends it', () => {
    const body = vector.postBody ?? `<xml><Encrypt><![CDATA[${vector.encrypt}]]></Encrypt><AgentID>1</AgentID></xml>`;
    expect(encryptedIn(body)).toBe(vector.encrypt);
  });
});

test.each(refused.map((vector) => [vector.id, vector] as const))('%s is refused', (_id, vector) => {
  expect(() => openVector(vector)).toThrow(Unsigned);
});

test('two pairs with the same Token: the one whose key fits opens', () => {
  const pair = pairOf(first!);
  expect(open(signedOf(first!), [{ ...OTHER, token: pair.token }, pair], first!.receiveId)).toBe(first!.expect.msg);
});

test("every length of text opens, as WeCom's own library encrypts it", () => {
  for (let length = 0; length < 70; length++) {
    const text = '字'.repeat(length);
    const encrypt = theirs.encrypt(first!.encodingAesKey, text, first!.receiveId);
    expect(openVector(signed(encrypt))).toBe(text);
  }
});

describe('signed, but not what WeCom sends', () => {
  const CORP = Buffer.from('corp');
  const header = (length: number) => {
    const bytes = Buffer.alloc(20);
    bytes.writeUInt32BE(length, 16);
    return bytes;
  };
  const padded = (pad: Buffer, length = 4, text = Buffer.from('text')) => {
    const content = Buffer.concat([header(length), text, CORP]);
    return encryptRaw(Buffer.concat([content, pad]));
  };

  test('the frame itself is right', () => {
    expect(openVector({ ...signed(padded(Buffer.alloc(4, 4))), receiveId: 'corp' })).toBe('text');
  });

  test.each([
    ['no base64', 'not base64!'],
    ['base64 with blanks', `${first!.encrypt.slice(0, 8)} ${first!.encrypt.slice(8)}`],
    ['base64 without its end', first!.encrypt.replace(/=+$/, '')],
    ['nothing', ''],
    ['half a block', Buffer.alloc(24).toString('base64')],
    ['a pad of 0', padded(Buffer.alloc(4, 0))],
    ['a pad of 33', padded(Buffer.alloc(36, 33))],
    ['a pad of other bytes', padded(Buffer.from([1, 2, 3, 4]))],
    ['a pad longer than all', encryptRaw(Buffer.alloc(16, 17))],
    ['a length beyond the end', padded(Buffer.alloc(4, 4), 9)],
    ['a length of 4 GB', padded(Buffer.alloc(4, 4), 0xffffffff)],
    ['no room for a length', encryptRaw(Buffer.concat([Buffer.alloc(8), Buffer.alloc(8, 8)]))],
    ['a text that is no UTF-8', padded(Buffer.alloc(4, 4), 4, Buffer.from([0xff, 0xfe, 0xfd, 0xfc]))],
  ])('%s is bad', (_what, encrypt) => {
    expect(() => openVector({ ...signed(encrypt), receiveId: 'corp' })).toThrow(BadCallback);
  });

  function encryptRaw(bytes: Buffer): string {
    const key = Buffer.from(`${first!.encodingAesKey}=`, 'base64');
    const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
    return Buffer.concat([cipher.update(bytes), cipher.final()]).toString('base64');
  }
});

describe('XML', () => {
  const EVENT = '<xml><A>01</A><B><![CDATA[1e3]]></B><C><![CDATA[]]></C><D> x </D><E><F>1</F></E></xml>';

  test('numbers stay text, CDATA or not; elements in elements are left out', () => {
    expect({ ...elementsOf(EVENT) }).toEqual({ A: '01', B: '1e3', C: '', D: 'x' });
  });

  test('blanks between elements and before them do no harm', () => {
    const text = '<?xml version="1.0"?>\n<xml>\n<A>1</A>\r\n  <B><![CDATA[ 2 ]]></B>\n</xml>\n';
    expect({ ...elementsOf(text) }).toMatchObject({ A: '1', B: ' 2 ' });
  });

  test('entities are not read', () => {
    expect(elementsOf('<xml><A>&lt;&amp;&#65;&x;</A></xml>').A).toBe('&lt;&amp;&#65;&x;');
  });

  test('a CDATA section may look like a DTD', () => {
    expect(elementsOf('<xml><A><![CDATA[<!DOCTYPE x>]]></A></xml>').A).toBe('<!DOCTYPE x>');
  });

  test('an element that is there twice is none, and no name reaches a prototype', () => {
    const elements = elementsOf('<xml><A>1</A><A>2</A><toString>3</toString></xml>');
    expect(elements.A).toBeUndefined();
    expect('valueOf' in elements).toBe(false);
  });

  test.each([
    ['a DTD', '<!DOCTYPE xml [<!ENTITY x "y">]><xml><Encrypt>x</Encrypt></xml>'],
    ['a DTD in small letters', '<!doctype xml><xml><Encrypt>x</Encrypt></xml>'],
    ['a DTD that reads a file', '<!DOCTYPE x SYSTEM "file:///etc/passwd"><xml><Encrypt>x</Encrypt></xml>'],
    ['a DTD behind a comment', '<!-- x --><!DOCTYPE x><xml><Encrypt>x</Encrypt></xml>'],
    ['no Encrypt', '<xml><AgentID>1</AgentID></xml>'],
    ['an empty Encrypt', '<xml><Encrypt/></xml>'],
    ['two Encrypt', '<xml><Encrypt>x</Encrypt><Encrypt>x</Encrypt></xml>'],
    ['another root', '<root><Encrypt>x</Encrypt></root>'],
    ['no end', '<xml><Encrypt>x</Encrypt>'],
    ['JSON', '{"xml":{"Encrypt":"x"}}'],
    ['nothing', ''],
    ['text', 'x'],
    ['an empty root', '<xml></xml>'],
    ['two roots', '<xml><Encrypt>x</Encrypt></xml><xml><Encrypt>x</Encrypt></xml>'],
    ['many tags', `<xml>${'<a></a>'.repeat(5000)}<Encrypt>x</Encrypt></xml>`],
    ['a deep document', `${'<a>'.repeat(5000)}`],
    ['a forbidden name', '<xml><__proto__>x</__proto__></xml>'],
  ])('%s is bad', (_what, body) => expect(() => encryptedIn(body)).toThrow(BadCallback));
});

/** A signed callback of the first vector's credentials. */
function signed(encrypt: string): Vector {
  const { token, timestamp, nonce } = first!;
  return { ...first!, encrypt, msgSignature: theirs.getSignature(token, timestamp, nonce, encrypt) };
}
