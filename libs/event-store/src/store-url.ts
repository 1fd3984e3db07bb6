import * as E from 'fp-ts/Either';

/** Where the events are kept, as `AFECTO_EVENT_STORE` or `--store` names it. */
export interface StoreLocation {
  readonly engine: 'sqlite';
  /** Path of the file as written: relative paths are relative to the working directory. */
  readonly file: string;
}

export interface StoreUrlError {
  readonly code: 'InvalidStoreUrl';
  readonly url: string;
  readonly message: string;
}

const allowed = 'Allowed is sqlite:PATH, for example sqlite:./data/afecto.db';

const refused = (url: string, why: string): E.Either<StoreUrlError, StoreLocation> =>
  E.left({ code: 'InvalidStoreUrl', url, message: `The event store "${url}" ${why}. ${allowed}.` });

/**
 * Reads a store URL. `sqlite:PATH` (also `sqlite://PATH`) is the embedded store; `esdb://` is known
 * but has no adapter in this build and is refused by that name.
 */
export const parseStoreUrl = (url: string): E.Either<StoreUrlError, StoreLocation> => {
  const text = url.trim();
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) return refused(url, 'has no scheme');
  if (scheme === 'esdb' || scheme === 'esdb+discover' || scheme === 'kurrentdb' || scheme === 'kurrentdb+discover')
    return refused(url, `names a server, and the adapter for ${scheme}:// is not built in yet`);
  if (scheme !== 'sqlite') return refused(url, `has the unknown scheme "${scheme}"`);
  const file = text.slice('sqlite:'.length).replace(/^\/\//, '');
  if (file === '') return refused(url, 'names no file');
  if (file.includes('\0')) return refused(url, 'has a NUL character in its path');
  if (file === ':memory:') return refused(url, 'would be lost with the process: a log needs a file');
  if (file.endsWith('/')) return refused(url, 'names a folder, not a file');
  return E.right({ engine: 'sqlite', file });
};
