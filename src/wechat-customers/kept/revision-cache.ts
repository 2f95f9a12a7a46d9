import { LRUCache } from 'lru-cache';
import { cacheLookups } from '../../base/cache-lookups';

interface Entry<Value> {
  revision: number;
  value: Promise<Value>;
}

/**
 * Caches values read for an enterprise until its revision rises. Each request gets the current revision from the query
 * that checks its right, so a cached value is never older than the last change, even one made by another process. Of
 * requests that ask at once only one reads.
 */
export class RevisionCache<Value> {
  private readonly entries: LRUCache<string, Entry<Value>>;

  /**
   * @param name of the cache in the metrics
   * @param max number of values kept; the least recently used are dropped first
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
