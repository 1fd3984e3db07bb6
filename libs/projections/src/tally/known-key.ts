import { keyOf } from './contribute';

/** The keys that begin with the same parts. */
interface Branch {
  readonly next: Map<string | number, Branch>;
  /** Of exactly these parts; null until it is asked for. */
  key: string | null;
}

const MOST_KEYS = 50_000;
const branch = (): Branch => ({ next: new Map(), key: null });
let root = branch();
let made = 0;

const following = ({ next }: Branch, part: string | number): Branch => {
  const known = next.get(part);
  if (known !== undefined) return known;
  const grown = branch();
  next.set(part, grown);
  return grown;
};

/** `keyOf` of parts that come again and again: there are few different keys, and each is written once. */
export const knownKey = (report: string, ...parts: ReadonlyArray<string | number>): string => {
  let at = following(root, report);
  for (const part of parts) at = following(at, part);
  if (at.key !== null) return at.key;
  const key = keyOf(report, ...parts);
  at.key = key;
  made += 1;
  if (made > MOST_KEYS) {
    root = branch();
    made = 0;
  }
  return key;
};
