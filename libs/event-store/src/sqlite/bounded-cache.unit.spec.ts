import { BoundedCache } from './bounded-cache';

describe('a bounded cache', () => {
  it('keeps the entries used last and forgets the others', () => {
    const cache = new BoundedCache<number, string>(10);
    for (let key = 0; key < 1_000; key++) {
      cache.set(key, String(key));
      cache.get(0);
    }
    expect(cache.get(0)).toBe('0');
    expect(Array.from({ length: 10 }, (_, back) => cache.get(999 - back))).not.toContain(undefined);
    expect(
      Array.from({ length: 1_000 }, (_, key) => key).filter((key) => cache.get(key) !== undefined).length,
    ).toBeLessThan(25);
  });

  it('gives back what was set last', () => {
    const cache = new BoundedCache<string, number>(1);
    cache.set('a', 1);
    cache.set('b', 2);
    cache.set('a', 3);
    expect(cache.get('a')).toBe(3);
    cache.clear();
    expect(cache.get('a')).toBeUndefined();
  });
});
