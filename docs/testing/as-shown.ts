/** Stands for what a document leaves out: a part of a line, lines, further fields, further elements. */
const LEFT_OUT = '…';

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The first difference between what a document shows and what came, null when there is none. Exact,
 * but for `"…"`: as a value it stands for any, as the last element of an array or as a field
 * `"…": "…"` for more.
 */
export const jsonDifference = (shown: unknown, came: unknown, path = ''): string | null => {
  if (shown === LEFT_OUT && came !== undefined) return null;
  if (Array.isArray(shown)) {
    if (!Array.isArray(came)) return `${path || '/'} is no array`;
    const isShortened = shown.at(-1) === LEFT_OUT;
    const elements = isShortened ? shown.slice(0, -1) : shown;
    if (isShortened ? came.length < elements.length : came.length !== elements.length)
      return `${path || '/'} has ${came.length} elements, shown are ${elements.length}`;
    return firstOf(elements.map((element, index) => jsonDifference(element, came[index], `${path}/${index}`)));
  }
  if (isRecord(shown)) {
    if (!isRecord(came)) return `${path || '/'} is no object`;
    const { [LEFT_OUT]: leftOut, ...fields } = shown;
    const extra = Object.keys(came).find((key) => !Object.hasOwn(fields, key));
    if (leftOut === undefined && extra !== undefined) return `${path}/${extra} is not shown`;
    return firstOf(Object.entries(fields).map(([key, value]) => jsonDifference(value, came[key], `${path}/${key}`)));
  }
  return Object.is(shown, came) ? null : `${path || '/'} is ${JSON.stringify(came)}, shown is ${JSON.stringify(shown)}`;
};

const firstOf = (differences: ReadonlyArray<string | null>): string | null =>
  differences.find((difference) => difference !== null) ?? null;

const lineMatches = (shown: string, came: string): boolean => {
  const parts = shown.split(LEFT_OUT).map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(came);
};

const linesOf = (text: string): ReadonlyArray<string> =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => line.trimEnd());

/**
 * The first shown line that did not come, null when all did, in order and with nothing between them. A
 * line `…` alone stands for any number of lines, and within a line for any characters.
 */
export const textDifference = (shown: string, came: string): string | null => {
  const lines = linesOf(came);
  let next = 0;
  let mayPass = false;
  for (const line of linesOf(shown)) {
    if (line.trim() === LEFT_OUT) {
      mayPass = true;
      continue;
    }
    const found = lines.findIndex((other, index) => index >= next && lineMatches(line, other));
    if (found < 0 || (!mayPass && found !== next)) return `"${line}" did not come; there was "${lines[next] ?? ''}"`;
    next = found + 1;
    mayPass = false;
  }
  return mayPass || next === lines.length ? null : `"${lines[next] ?? ''}" is not shown`;
};
