import { existsSync } from 'node:fs';
import type { OpenFailure } from '@afecto/application';
import { parseStoreUrl } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import type { CommandSettings } from '../settings';

/**
 * The file of a log that must be there: only an import begins a new one. A question to a mistyped name
 * would otherwise leave an empty store behind and answer that nothing is known.
 */
export const existingStore = ({ eventStore }: CommandSettings): E.Either<OpenFailure, string> => {
  const location = parseStoreUrl(eventStore);
  if (E.isLeft(location)) return location;
  if (location.right.engine === 'eventstoredb') return E.right(location.right.url);
  const { file } = location.right;
  return existsSync(file)
    ? E.right(file)
    : E.left({
        code: 'CannotOpen',
        message: `There is no event store ${file}. Name another with --store sqlite:PATH, or begin one with: afecto import FILE`,
      });
};
