import type { DataSource, EntityManager } from 'typeorm';
import { Changes, changesBetween, HIDDEN, Values } from '../../audit/changes';
import { EntryActor, note } from '../../audit/note';
import { OperatorError } from '../../base/operator-error';
import { wallClock } from '../../base/time';
import { dialectOf } from '../../database/dialect';
import { insertRows } from '../../database/insert';
import { assertStorable } from '../../database/storable';
import { inTransaction } from '../../database/transaction';
import { findEnterprise } from '../../enterprise/enterprises';
import type { Enterprise } from '../../enterprise/entities/enterprise.entity';
import { forgetToken } from '../client/token-rows';
import type { Cipher } from './cipher';
import { callbackPath, CallbackKeys } from './corp';
import { WecomCorp } from './corp.entity';
import { sealed, SEALED, Secrets, secretsOf } from './sealed';

/** What the corp's app is known by. */
export interface AppCredentials {
  corpId: string;
  agentId: number | null;
  secret: string;
  /** Null: no callbacks. */
  callbacks: CallbackKeys | null;
}

/**
 * Sets the credentials of an enterprise's app. Those of the contacts-sync assistant stay, unless the corp is another
 * one. A refusal of corp or secret by WeCom is forgotten.
 * @returns the path of its callbacks
 * @throws OperatorError for an enterprise that is unknown or stopped, credentials of a wrong form, another key than the
 * stored ones'
 */
export async function setCredentials(
  dataSource: DataSource,
  cipher: Cipher,
  enterpriseId: number,
  { corpId, agentId, secret, callbacks }: AppCredentials,
  actor: EntryActor,
): Promise<string> {
  const { uniacid } = await runningEnterprise(dataSource, enterpriseId);
  assertStorable(dataSource.getMetadata(WecomCorp), { corpId, agentId });
  assertSecret(secret);
  assertCallbackKeys(callbacks);
  await inTransaction(dataSource, async (manager) => {
    await assertSameKey(manager, cipher, enterpriseId);
    const stored = await lockedCorp(manager, enterpriseId);
    const before = stored && { ...stored, ...secretsOf(cipher, stored) };
    const keepsContacts = before?.corpId === corpId;
    const secrets: Secrets = {
      secret,
      callbackToken: callbacks?.token ?? '',
      callbackAesKey: callbacks?.aesKey ?? '',
      contactsToken: keepsContacts ? before.contactsToken : '',
      contactsAesKey: keepsContacts ? before.contactsAesKey : '',
    };
    const after = { corpId, agentId, ...secrets };
    const pair = cipher.pairOf(after);
    const columns = { ...after, ...sealed(cipher, enterpriseId, secrets), uniacid, pair, updatedAt: wallClock() };
    if (stored) await manager.update(WecomCorp, { enterpriseId }, columns);
    else await insertRows(manager, WecomCorp, { enterpriseId, ...columns });
    for (const each of new Set([pair, stored?.pair ?? pair])) await forgetToken(manager, each);
    const action = stored ? 'edit' : 'add';
    await note(manager, { kind: 'credential', action, actor, enterpriseId, changes: noted(before, after) });
  });
  return callbackPath({ uniacid, enterpriseId });
}

/**
 * Sets what the contacts-sync assistant signs its callbacks with.
 * @param callbacks null: none
 * @returns the path of the callbacks
 * @throws OperatorError as {@link setCredentials}, and for an enterprise without credentials
 */
export async function setContactsCredentials(
  dataSource: DataSource,
  cipher: Cipher,
  enterpriseId: number,
  callbacks: CallbackKeys | null,
  actor: EntryActor,
): Promise<string> {
  const { uniacid } = await runningEnterprise(dataSource, enterpriseId);
  assertCallbackKeys(callbacks);
  await inTransaction(dataSource, async (manager) => {
    const stored = await lockedCorp(manager, enterpriseId);
    if (!stored) throw new OperatorError(`enterprise ${enterpriseId} has no credentials: set those of its app first`);
    const before = { ...stored, ...secretsOf(cipher, stored) };
    const given = { contactsToken: callbacks?.token ?? '', contactsAesKey: callbacks?.aesKey ?? '' };
    const columns = { ...sealed(cipher, enterpriseId, given), updatedAt: wallClock() };
    await manager.update(WecomCorp, { enterpriseId }, columns);
    const changes = noted(before, { ...before, ...given });
    await note(manager, { kind: 'credential', action: 'edit', actor, enterpriseId, changes });
  });
  return callbackPath({ uniacid, enterpriseId });
}

/**
 * What is set of an enterprise, without any secret, as `credential show` prints it.
 * @throws OperatorError for an enterprise that is unknown, stopped or without credentials, or another key
 */
export async function shownCredentials(dataSource: DataSource, cipher: Cipher, enterpriseId: number) {
  await runningEnterprise(dataSource, enterpriseId);
  const stored = await dataSource.manager.findOneBy(WecomCorp, { enterpriseId });
  if (!stored) throw new OperatorError(`enterprise ${enterpriseId} has no credentials`);
  const secrets = secretsOf(cipher, stored); // proves the key
  const isSet = (property: keyof Secrets) => (secrets[property] === '' ? 'no' : 'set');
  return {
    business_id: enterpriseId,
    corp_id: stored.corpId,
    agent_id: stored.agentId,
    secret: isSet('secret'),
    callbacks: isSet('callbackToken'),
    contacts: isSet('contactsToken'),
    updated_at: stored.updatedAt,
    path: callbackPath(stored),
  };
}

/**
 * Takes the credentials and the access token of an enterprise away; its customers stay. Needs no key, as a lost one
 * leaves no other way.
 * @throws OperatorError for an enterprise that is unknown, stopped or without credentials
 */
export async function removeCredentials(
  dataSource: DataSource,
  enterpriseId: number,
  actor: EntryActor,
): Promise<void> {
  await runningEnterprise(dataSource, enterpriseId);
  await inTransaction(dataSource, async (manager) => {
    const stored = await lockedCorp(manager, enterpriseId);
    if (!stored) throw new OperatorError(`enterprise ${enterpriseId} has no credentials`);
    await manager.delete(WecomCorp, { enterpriseId });
    await forgetToken(manager, stored.pair);
    await note(manager, { kind: 'credential', action: 'delete', actor, enterpriseId, changes: noted(stored, null) });
  });
}

/** @throws OperatorError if it does not exist or is stopped */
export async function runningEnterprise(dataSource: DataSource, id: number): Promise<Enterprise> {
  const enterprise = await findEnterprise(dataSource, id);
  if (enterprise.status !== 1) throw new OperatorError(`enterprise ${id} is stopped`);
  return enterprise;
}

/** What WeCom gives out is far shorter; a secret is sent in a URL. */
const SECRET = /^[\x21-\x7e]{1,128}$/;

function assertSecret(secret: string): void {
  if (secret === '') throw new OperatorError('the secret is empty, nothing is changed');
  if (!SECRET.test(secret)) throw new OperatorError('the secret is up to 128 characters of ASCII without blanks');
}

function assertCallbackKeys(callbacks: CallbackKeys | null): void {
  if (!callbacks) return;
  const { token, aesKey } = callbacks;
  if (token === '') throw new OperatorError('the Token is empty, but not the EncodingAESKey: they belong together');
  if (aesKey === '') throw new OperatorError('the EncodingAESKey is empty, but not the Token: they belong together');
  if (!/^[\x21-\x7e]{1,32}$/.test(token)) {
    throw new OperatorError('the Token has at most 32 characters, of ASCII and without blanks');
  }
  if (!/^[\dA-Za-z]{43}$/.test(aesKey)) throw new OperatorError('the EncodingAESKey has 43 letters and digits');
}

/**
 * Keeps all credentials under one key.
 * @throws WrongCredentialKey if those of another enterprise are encrypted with another one
 */
async function assertSameKey(manager: EntityManager, cipher: Cipher, enterpriseId: number): Promise<void> {
  const [own, other] = await manager.find(WecomCorp, { order: { enterpriseId: 'ASC' }, take: 2 });
  const stored = own?.enterpriseId === enterpriseId ? other : own;
  if (stored) secretsOf(cipher, stored);
}

async function lockedCorp(manager: EntityManager, enterpriseId: number): Promise<WecomCorp | null> {
  const { forUpdate } = dialectOf(manager.dataSource);
  if (forUpdate) await manager.query(`SELECT 1 FROM wecom_corp WHERE enterprise_id = ? ${forUpdate}`, [enterpriseId]);
  return manager.findOneBy(WecomCorp, { enterpriseId });
}

type Noted = Pick<WecomCorp, 'corpId' | 'agentId' | (typeof SEALED)[number]>;

/** What an entry says: corp and app, of secrets only which ones changed. */
function noted(before: Noted | null, after: Noted | null): Changes {
  const shown = (corp: Noted | null): Values | null => corp && { corp_id: corp.corpId, agent_id: corp.agentId };
  const hidden = SEALED.filter((property) => (before?.[property] ?? '') !== (after?.[property] ?? ''));
  const names = hidden.map((property) => [property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), HIDDEN]);
  return { ...changesBetween(shown(before), shown(after)), ...(Object.fromEntries(names) as Changes) };
}
