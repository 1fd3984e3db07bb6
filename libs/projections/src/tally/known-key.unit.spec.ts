import fc from 'fast-check';
import { keyOf } from './contribute';
import { knownKey } from './known-key';

it('a key that is known is the key of its parts, numbers and their texts apart', () => {
  const part = fc.oneof(fc.constantFrom('1', 'a', '', 'a","b'), fc.constantFrom(1, 2), fc.string());
  fc.assert(
    fc.property(fc.array(part, { maxLength: 4 }), (parts) => {
      for (let again = 0; again < 2; again++) expect(knownKey('report', ...parts)).toBe(keyOf('report', ...parts));
    }),
    { numRuns: 100 },
  );
});
