import * as fc from 'fast-check';
import { sameJson } from './same-json';

describe('two JSON texts', () => {
  it.each([
    ['{"a":1,"b":[1,{"c":null}]}', '{"b":[1,{"c":null}],"a":1}', true],
    ['1.0', '1', true],
    ['{"a":1}', '{"a":1,"b":null}', false],
    ['{"a":null}', '{"b":null}', false],
    ['[1,2]', '[2,1]', false],
    ['[]', '{}', false],
    ['null', '{}', false],
    ['"1"', '1', false],
    ['{"__proto__":1}', '{}', false],
  ])('%s and %s say the same: %s', (a, b, same) => {
    expect(sameJson(a, b)).toBe(same);
    expect(sameJson(b, a)).toBe(same);
  });

  it('say the same exactly when their values are equal', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        const [left, right] = [JSON.stringify(a), JSON.stringify(b)];
        expect(sameJson(left, right)).toBe(isDeepEqual(JSON.parse(left), JSON.parse(right)));
        expect(sameJson(left, JSON.stringify(JSON.parse(left)))).toBe(true);
      }),
    );
  });
});

const isDeepEqual = (a: unknown, b: unknown): boolean => {
  try {
    expect(a).toStrictEqual(b);
    return true;
  } catch {
    return false;
  }
};
