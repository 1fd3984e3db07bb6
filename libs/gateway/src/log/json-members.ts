const SPACE = /[ \t\n\r]/;

const afterSpace = (text: string, from: number): number => {
  let at = from;
  while (at < text.length && SPACE.test(text.charAt(at))) at += 1;
  return at;
};

/** The index after the string that begins at `from`. */
const afterString = (text: string, from: number): number => {
  let at = from + 1;
  while (text.charAt(at) !== '"') at += text.charAt(at) === '\\' ? 2 : 1;
  return at + 1;
};

/** The index of the comma or brace that ends the value beginning at `from`. */
const afterValue = (text: string, from: number): number => {
  let depth = 0;
  let at = from;
  while (at < text.length) {
    const character = text.charAt(at);
    if (character === '"') {
      at = afterString(text, at);
      continue;
    }
    if (depth === 0 && (character === ',' || character === '}')) return at;
    if (character === '{' || character === '[') depth += 1;
    if (character === '}' || character === ']') depth -= 1;
    at += 1;
  }
  return at;
};

const isObject = (text: string): boolean => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
};

/**
 * The members of a JSON object with their values as they are written, so that no digit of a number
 * beyond 2^53 is lost; null for any other text. Of a key that appears twice the last value counts.
 */
export const membersOf = (text: string): ReadonlyMap<string, string> | null => {
  if (!isObject(text)) return null;
  const members = new Map<string, string>();
  let at = afterSpace(text, text.indexOf('{') + 1);
  while (text.charAt(at) === '"') {
    const keyEnd = afterString(text, at);
    const key = JSON.parse(text.slice(at, keyEnd)) as string;
    const valueStart = afterSpace(text, afterSpace(text, keyEnd) + 1);
    const valueEnd = afterValue(text, valueStart);
    members.set(key, text.slice(valueStart, valueEnd).trimEnd());
    if (text.charAt(valueEnd) !== ',') break;
    at = afterSpace(text, valueEnd + 1);
  }
  return members;
};

/** A JSON object of members whose values are texts of JSON. */
export const objectOf = (members: ReadonlyMap<string, string>): string =>
  `{${[...members].map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`;
