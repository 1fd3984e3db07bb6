import fc from 'fast-check';
import { BoundedCache } from './bounded-cache';

describe('a bounded cache', () => {
  it('keeps the entries used last and forgets the others', () => {
    const cache = new BoundedCache<number, string>(10);
    for (let key = 0; key < 1_000; key++) {
      cache.set(key, String(key));
      cache.get(0);
    }
    expect(cache.get(0)).toBe('0');
    const kept = Array.from({ length: 1_000 }, (_, key) => key).filter((key) => cache.get(key) !== undefined);
    expect(kept).toEqual([0, ...Array.from({ length: 9 }, (_, nth) => 991 + nth)]);
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
    const cache = new BoundedCache<string, number>(100, { weigh: (value) => value });
    const names = Array.from({ length: 50 }, (_, index) => `c${index}`);
    for (const name of names) cache.set(name, 10);
    expect(names.filter((name) => cache.get(name) !== undefined)).toEqual(names.slice(-10));
    cache.set('heavy', 1_000);
    expect(cache.get('heavy')).toBe(1_000);
    cache.set('light', 1);
    cache.set('another', 100);
    expect([cache.get('heavy'), cache.get('another')]).toEqual([undefined, 100]);
  });

  it('does not weigh an entry twice that is set again', () => {
    const cache = new BoundedCache<string, number>(100, { weigh: (value) => value });
    cache.set('first', 10);
    for (let round = 0; round < 1_000; round++) cache.set('again', 50);
    expect(cache.get('first')).toBe(10);
  });

  it('keeps, evicts and gives back what a list in the order of use would', () => {
    const operations = fc.array(
      fc.record({
        kind: fc.constantFrom('get', 'set', 'set', 'delete'),
        key: fc.integer({ min: 0, max: 12 }),
        weight: fc.integer({ min: 1, max: 6 }),
      }),
      { maxLength: 120 },
    );
    fc.assert(
      fc.property(operations, (all) => {
        const evicted: number[] = [];
        const cache = new BoundedCache<number, number>(20, {
          weigh: (weight) => weight,
          onEvicted: (key) => evicted.push(key),
        });
        let list: { readonly key: number; readonly weight: number }[] = [];
        const gone: number[] = [];
        for (const { kind, key, weight } of all) {
          const known = list.find((entry) => entry.key === key);
          const others = list.filter((entry) => entry !== known);
          if (kind === 'delete') {
            cache.delete(key);
            list = others;
          } else if (kind === 'get') {
            expect(cache.get(key)).toBe(known?.weight);
            if (known !== undefined) list = [...others, known];
          } else {
            cache.set(key, weight);
            list = [...others, { key, weight }];
            while (list.reduce((sum, entry) => sum + entry.weight, 0) > 20) gone.push(list.shift()?.key ?? -1);
          }
        }
        expect(evicted).toEqual(gone);
        expect(list.map(({ key }) => cache.get(key))).toEqual(list.map(({ weight }) => weight));
      }),
    );
  });
});
