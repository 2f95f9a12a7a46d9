import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * An enterprise's access to WeCom: its corp and the credentials of the corp's self-built app, encrypted by
 * `cipher.ts`. An empty text: not set.
 */
@Entity('wecom_corp')
export class WecomCorp {
  @PrimaryColumn({ name: 'enterprise_id', type: 'integer', primaryKeyConstraintName: 'pk_wecom_corp' })
  enterpriseId: number;

  @Column({ type: 'integer' })
  uniacid: number;

  /** WeCom's id of the corp. */
  @Column({ name: 'corp_id', type: 'varchar', length: 64 })
  corpId: string;

  /** WeCom's number of the app; no call needs it. */
  @Column({ name: 'agent_id', type: 'bigint', nullable: true })
  agentId: number | null;

  /** Encrypted. */
  @Column({ type: 'varchar', length: 512 })
  secret: string;

  /** Encrypted: the Token of the app's callbacks. */
  @Column({ name: 'callback_token', type: 'varchar', length: 255, default: '' })
  callbackToken: string;

  /** Encrypted: the EncodingAESKey of the app's callbacks. */
  @Column({ name: 'callback_aes_key', type: 'varchar', length: 255, default: '' })
  callbackAesKey: string;

  /** Encrypted: the Token of the contacts-sync assistant's callbacks. */
  @Column({ name: 'contacts_token', type: 'varchar', length: 255, default: '' })
  contactsToken: string;

  /** Encrypted: the EncodingAESKey of the contacts-sync assistant's callbacks. */
  @Column({ name: 'contacts_aes_key', type: 'varchar', length: 255, default: '' })
  contactsAesKey: string;

  /** The `pair` of its row in `wecom_token`, known without the key. */
  @Column({ type: 'varchar', length: 64 })
  pair: string;

  /** Wall clock in UTC+8. */
  @Column({ name: 'updated_at', type: 'varchar', length: 19, nullable: true })
  updatedAt: string | null;
}
