/** The size of a JSON text and of its parts, read from its bytes. */
export interface JsonMeasure {
  /** Deepest nesting of arrays and objects; 0 for a scalar. */
  readonly depth: number;
  /** Elements of the outermost array. */
  readonly elements: number;
  /** Bytes of the largest element of the outermost array, white space around it included. */
  readonly largestElement: number;
  /** Its place, from 0; -1 when there is none. */
  readonly largestIndex: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Measures the bytes of a well-formed JSON text in one pass: the size of each event of a batch without
 * writing it again, and the nesting before anything recursive looks at it.
 */
export const measureJson = (bytes: Uint8Array): JsonMeasure => {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  let elements = 0;
  let largestElement = 0;
  let largestIndex = -1;
  let elementFrom = 0;
  let isBlank = true;

  const endElement = (to: number): void => {
    const size = to - elementFrom;
    if (size > largestElement) {
      largestElement = size;
      largestIndex = elements;
    }
    elements += 1;
    elementFrom = to + 1;
  };

  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index];
    if (inString) {
      if (byte === BACKSLASH) index += 1;
      else if (byte === QUOTE) inString = false;
      continue;
    }
    switch (byte) {
      case QUOTE:
        inString = true;
        isBlank = false;
        break;
      case OPEN_ARRAY:
      case OPEN_OBJECT:
        depth += 1;
        if (depth > deepest) deepest = depth;
        if (depth === 1) elementFrom = index + 1;
        else isBlank = false;
        break;
      case CLOSE_ARRAY:
        if (depth === 1 && !isBlank) endElement(index);
        depth -= 1;
        break;
      case CLOSE_OBJECT:
        depth -= 1;
        break;
      case COMMA:
        if (depth === 1) endElement(index);
        break;
      default:
        if (byte !== undefined && byte > 0x20) isBlank = false;
    }
  }
  return { depth: deepest, elements, largestElement, largestIndex };
};
