import { createDecipheriv, createHash } from 'node:crypto';
import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';
import { EventFields, Receiver } from '../../simulator/sender';
import { useSimulator } from './client';

const simulator = useSimulator();
const KEYS = {
  token: 'SimToken2026',
  aesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
  corpId: 'wwsim0000000000001',
};
const ADD: EventFields = {
  ...{ CreateTime: 1790000001, Event: 'change_external_contact', ChangeType: 'add_external_contact' },
  ...{ UserID: 'zhangsan', ExternalUserID: 'wmSIM000000000000000000000000001', State: '渠道-甲😀' },
};

interface Received {
  query: URLSearchParams;
  body: string;
}

let server: Server;
let received: Received[];
let answer: (response: ServerResponse, number: number) => void;
let to: Receiver;

beforeEach(async () => {
  received = [];
  answer = (response) => response.end('success');
  server = createServer((request: IncomingMessage, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      received.push({ query: new URL(request.url!, 'http://x').searchParams, body });
      answer(response, received.length);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  to = { ...KEYS, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/receive/7?kept=1` };
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

/** As the pages describe it, with node:crypto alone. @returns the text, after signature, pad and receiver are checked */
function opened({ query, body }: Received): string {
  const cipher = query.get('echostr') ?? /<Encrypt><!\[CDATA\[(.*?)\]\]><\/Encrypt>/.exec(body)![1]!;
  const values = [KEYS.token, query.get('timestamp')!, query.get('nonce')!, cipher].sort().join('');
  expect(query.get('msg_signature')).toBe(createHash('sha1').update(values).digest('hex'));
  const key = Buffer.from(`${KEYS.aesKey}=`, 'base64');
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  const padded = Buffer.concat([decipher.update(cipher, 'base64'), decipher.final()]);
  const pad = padded.at(-1)!;
  expect(padded.subarray(-pad).every((byte) => byte === pad)).toBe(true);
  const plain = padded.subarray(16, -pad);
  const length = plain.readUInt32BE(0);
  expect(plain.subarray(4 + length).toString()).toBe(KEYS.corpId);
  return plain.subarray(4, 4 + length).toString();
}

it('an event is the text of the vectors, encrypted and signed', async () => {
  const deliveries = await simulator.it.send(ADD, { ...to, agentId: 1000002 });
  expect(deliveries).toMatchObject([{ attempt: 1, status: 200, body: 'success' }]);
  expect(received[0]!.query.get('kept')).toBe('1');
  expect(received[0]!.body).toContain('<AgentID><![CDATA[1000002]]></AgentID>');
  expect(opened(received[0]!)).toBe(
    '<xml><ToUserName><![CDATA[wwsim0000000000001]]></ToUserName><FromUserName><![CDATA[sys]]></FromUserName>' +
      '<CreateTime>1790000001</CreateTime><MsgType><![CDATA[event]]></MsgType>' +
      '<Event><![CDATA[change_external_contact]]></Event><ChangeType><![CDATA[add_external_contact]]></ChangeType>' +
      '<UserID><![CDATA[zhangsan]]></UserID><ExternalUserID><![CDATA[wmSIM000000000000000000000000001]]></ExternalUserID>' +
      '<State><![CDATA[渠道-甲😀]]></State></xml>',
  );
});

it('an event of the contacts assistant has no AgentID and a bare ChangeType', async () => {
  await simulator.it.send({ Event: 'change_contact', ChangeType: 'delete_user', UserID: 'lisi' }, to);
  expect(received[0]!.body).not.toContain('AgentID');
  expect(opened(received[0]!)).toContain('<ChangeType>delete_user</ChangeType><UserID><![CDATA[lisi]]></UserID></xml>');
});

it('duplicates have nonces and ciphers of their own, the elements any order', async () => {
  await simulator.it.send(ADD, { ...to, agentId: 1 }, { times: 20, isParallel: true });
  expect(new Set(received.map(opened)).size).toBe(1);
  expect(new Set(received.map(({ query }) => query.get('nonce'))).size).toBe(20);
  const order = ({ body }: Received) => [...body.matchAll(/<(\w+)><!/g)].map(([, name]) => name).join();
  expect(new Set(received.map(order)).size).toBeGreaterThan(2);
});

it('what is not answered 200 in time comes again, three times', async () => {
  answer = (response) => response.writeHead(503).end();
  expect((await simulator.it.send(ADD, to)).map(({ status }) => status)).toEqual([503, 503, 503, 503]);
  expect(await simulator.it.send(ADD, to, { retriesOnStatus: false })).toHaveLength(1);
  answer = (response, number) => (number === 6 ? undefined : response.end());
  const deliveries = await simulator.it.send(ADD, to, { timeoutMs: 200, isRetryEqual: true });
  expect(deliveries.map(({ status }) => status)).toEqual([null, 200]);
  expect(received[6]).toEqual(received[5]);
});

it('several events are reordered and lost where they are told to', async () => {
  const events = Array.from({ length: 40 }, (_, number) => ({ ...ADD, CreateTime: number }));
  await simulator.it.sendAll(events, to, { isReordered: true, loss: 0.3 });
  const times = received.map((one) => Number(/<CreateTime>(\d+)/.exec(opened(one))![1]));
  expect(times.length).toBeLessThan(40);
  expect(times).not.toEqual([...times].sort((one, other) => one - other));
});

it('an address is verified by an echo', async () => {
  answer = (response) => response.end(opened(received[0]!));
  expect(await simulator.it.verify(to)).toMatchObject({ status: 200, isRight: true });
  answer = (response) => response.end('"1"');
  expect(await simulator.it.verify(to)).toMatchObject({ status: 200, isRight: false });
});
