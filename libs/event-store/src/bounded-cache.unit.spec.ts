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

  it('keeps by weight when told how much an entry weighs, and an entry that is too heavy until the next one comes', () => {
    const cache = new BoundedCache<string, number>(100, (value) => value);
    const names = Array.from({ length: 50 }, (_, index) => `c${index}`);
    for (const name of names) cache.set(name, 10);
    expect(names.slice(-10).map((name) => cache.get(name))).not.toContain(undefined);
    expect(names.filter((name) => cache.get(name) !== undefined).length).toBeLessThanOrEqual(20);
    cache.set('heavy', 1_000);
    expect(cache.get('heavy')).toBe(1_000);
    cache.set('light', 1);
    cache.set('another', 100);
    expect([cache.get('heavy'), cache.get('another')]).toEqual([undefined, 100]);
  });

  it('does not weigh an entry twice that is set again', () => {
    const cache = new BoundedCache<string, number>(100, (value) => value);
    cache.set('first', 10);
    for (let round = 0; round < 1_000; round++) cache.set('again', 50);
    expect(cache.get('first')).toBe(10);
  });
});
