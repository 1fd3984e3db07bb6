import * as E from 'fp-ts/Either';
import { catalogueEntry, factTypes } from './catalogue';
import { decodeStrict } from './decode';
import { samples } from './samples';
import { applyChain, upcast, type UpcasterChain, upcastersOf } from './upcasting';

describe('upcasting', () => {
  it('turns version 1 of OrderPlaced into a version 2 that decodes', () => {
    const { totalNetMinor, ...rest } = samples.OrderPlaced;
    const upgraded = upcast('OrderPlaced', 1, { ...rest, totalMinor: totalNetMinor });
    expect(upgraded).toEqual(E.right(samples.OrderPlaced));
    expect(decodeStrict(catalogueEntry('OrderPlaced').codec, samples.OrderPlaced)).toEqual(upgraded);
  });

  it('composes steps in order', () => {
    const chain: UpcasterChain = {
      1: ({ a, ...rest }) => ({ ...rest, b: a }),
      2: ({ b, ...rest }) => ({ ...rest, c: [b] }),
    };
    expect(applyChain(chain, 1, 3, { a: 7, kept: true })).toEqual({ c: [7], kept: true });
    expect(applyChain(chain, 2, 3, { b: 7 })).toEqual({ c: [7] });
    expect(applyChain(chain, 3, 3, { c: 7 })).toEqual({ c: 7 });
    expect(applyChain(chain, 1, 4, { a: 7 })).toBeNull();
  });

  it.each(factTypes.map((type) => [type] as const))('every old version of %s has a way to the current one', (type) => {
    const { schemaVersion } = catalogueEntry(type);
    const steps = Array.from({ length: schemaVersion - 1 }, (_, index) => String(index + 1));
    expect(Object.keys(upcastersOf(type))).toEqual(steps);
  });

  it.each([0, 1.5, 3, -1])('version %s of OrderPlaced is not known', (version) => {
    expect(upcast('OrderPlaced', version, {})).toEqual(
      E.left({ path: '/schemaversion', message: `version ${version} of OrderPlaced is not known; allowed are 1..2` }),
    );
  });

  it.each([null, 'text', 7, [1]])('leaves %j to the codec', (data) => {
    expect(upcast('OrderPlaced', 1, data)).toEqual(E.right(data));
  });
});
