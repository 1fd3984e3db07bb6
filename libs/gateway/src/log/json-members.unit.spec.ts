import * as fc from 'fast-check';
import { membersOf, objectOf } from './json-members';

describe('the members of a JSON object', () => {
  it.each<[text: string, members: ReadonlyArray<readonly [string, string]> | null]>([
    ['{}', []],
    [' { } ', []],
    ['{"$tb" : 9223372036854775807 }', [['$tb', '9223372036854775807']]],
    [
      '{"a":{"b":[1,"}"]},"c":"\\\\"}',
      [
        ['a', '{"b":[1,"}"]}'],
        ['c', '"\\\\"'],
      ],
    ],
    ['{"a":1,"a":2}', [['a', '2']]],
    ['{"\\u0024tb":1}', [['$tb', '1']]],
    ['[1]', null],
    ['null', null],
    ['{', null],
    ['', null],
  ])('of %s are %p', (text, members) => {
    expect(membersOf(text)).toEqual(members === null ? null : new Map(members));
  });

  it('make the same object again, whatever it holds and however it is spaced', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(0, 1, '\t'), (object, space) => {
        const members = membersOf(JSON.stringify(object, null, space));
        expect(JSON.parse(objectOf(members ?? new Map()))).toEqual(JSON.parse(JSON.stringify(object)));
      }),
    );
  });
});
