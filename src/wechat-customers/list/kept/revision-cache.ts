import { LRUCache } from 'lru-cache';
import { cacheLookups } from '../../../base/cache-lookups';

interface Entry<Value> {
  revision: number;
  value: Promise<Value>;
}

/**
 * Keeps what was read of an enterprise until the enterprise's revision changes. Each request learns the revision in the
 * query that checks its right, so what is kept can never be older than the last change, in whichever process that was
 * made. However many requests ask at once, one of them reads.
 */
export class RevisionCache<Value> {
  private readonly entries: LRUCache<string, Entry<Value>>;

  /**
   * @param name of the cache in the metrics
   * @param max how many values are kept; the ones used longest ago go first
   */
  constructor(
    private readonly name: string,
    max: number,
  ) {
    this.entries = new LRUCache({ max });
  }

  get(key: string, revision: number, read: () => Promise<Value>): Promise<Value> {
    const known = this.entries.get(key);
    const isKnown = known !== undefined && known.revision >= revision;
    cacheLookups.inc({ cache: this.name, result: isKnown ? 'hit' : 'miss' });
    if (isKnown) return known.value;
    const entry = { revision, value: read() };
    this.entries.set(key, entry);
    entry.value.catch(() => {
      if (this.entries.peek(key) === entry) this.entries.delete(key);
    });
    return entry.value;
  }
}
