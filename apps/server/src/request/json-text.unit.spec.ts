import * as fc from 'fast-check';
import { measureJson } from './json-text';

const measure = (text: string) => measureJson(Buffer.from(text));

describe('measureJson', () => {
  it('the largest element is the largest of the elements written alone', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), (values) => {
        const sizes = values.map((value) => Buffer.byteLength(JSON.stringify(value)));
        const { elements, largestElement } = measure(JSON.stringify(values));
        expect(elements).toBe(values.length);
        expect(largestElement).toBe(Math.max(0, ...sizes));
      }),
    );
  });

  it.each([
    ['[]', 1, 0, 0],
    ['[ ]', 1, 0, 0],
    ['[1,22,3]', 1, 3, 2],
    ['["]","[",","]', 1, 3, 3],
    ['["\\"]\\\\",{"a":[1,[2]]}]', 4, 2, 13],
    ['{"a":{"b":[]}}', 3, 0, 0],
    ['5', 0, 0, 0],
  ])('%s is %i deep and has %i elements of at most %i bytes', (text, depth, elements, largest) => {
    const measured = measure(text);
    expect(measured.depth).toBe(depth);
    expect(text.startsWith('[') ? measured : { elements: 0, largestElement: 0 }).toMatchObject({
      elements,
      largestElement: largest,
    });
  });
});
