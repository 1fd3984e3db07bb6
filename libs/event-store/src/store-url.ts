import * as E from 'fp-ts/Either';

/** Where the events are kept, as `AFECTO_EVENT_STORE` or `--store` names it. */
export type StoreLocation =
  | {
      readonly engine: 'sqlite';
      /** Path of the file as written: relative paths are relative to the working directory. */
      readonly file: string;
    }
  | {
      readonly engine: 'eventstoredb';
      /** Connection string of the official clients, with the scheme `esdb` or `esdb+discover`. */
      readonly url: string;
    };

export interface StoreUrlError {
  readonly code: 'InvalidStoreUrl';
  /** As written, without user and password. */
  readonly url: string;
  readonly message: string;
}

const allowed =
  'Allowed is sqlite:PATH, for example sqlite:./data/afecto.db, or esdb://HOST[:PORT][,HOST…][?tls=…], ' +
  'for example esdb://127.0.0.1:2113?tls=false';

/**
 * A connection string may carry a password, and messages are printed. A password that is not percent-encoded may
 * hold any character: whatever stands before the last @ is left out.
 */
export const withoutCredentials = (url: string): string =>
  /^\s*sqlite:/i.test(url) ? url : url.replace(/^(\s*[a-z][a-z0-9+.-]*:\/\/)?[^]*@/i, '$1');

const refused = (url: string, why: string): E.Either<StoreUrlError, StoreLocation> => {
  const shown = withoutCredentials(url);
  return E.left({ code: 'InvalidStoreUrl', url: shown, message: `The event store "${shown}" ${why}. ${allowed}.` });
};

/** Schemes of servers, and what the client of the adapter calls them. */
const SERVER_SCHEMES: ReadonlyMap<string, string> = new Map([
  ['esdb', 'esdb'],
  ['esdb+discover', 'esdb+discover'],
  ['kurrentdb', 'esdb'],
  ['kurrentdb+discover', 'esdb+discover'],
  ['kdb', 'esdb'],
  ['kdb+discover', 'esdb+discover'],
]);

const host = /^(?:\[[0-9a-f:.]+\]|[^\s:/?#@,[\]]+)(?::(\d{1,5}))?$/i;

const server = (url: string, scheme: string, rest: string): E.Either<StoreUrlError, StoreLocation> => {
  if (!rest.startsWith('//')) return refused(url, 'has no // behind its scheme');
  const authority = /^\/\/(?:[^@/?]*@)?([^/?#]*)/.exec(rest)?.[1] ?? '';
  if (authority === '') return refused(url, 'names no host');
  for (const each of authority.split(',')) {
    const port = host.exec(each)?.[1];
    if (!host.test(each) || Number(port ?? 1) < 1 || Number(port ?? 1) > 65_535)
      return refused(
        url,
        withoutCredentials(url).includes(each)
          ? `names "${each}", which is no host with or without a port`
          : 'has a user or a password that is not percent-encoded',
      );
  }
  return E.right({ engine: 'eventstoredb', url: `${scheme}:${rest}` });
};

/**
 * Reads a store URL. `sqlite:PATH` (also `sqlite://PATH`) is the embedded store; `esdb://` and
 * `esdb+discover://` a server with the EventStoreDB protocol, for which `kurrentdb://` and `kdb://`
 * are newer names. Everything behind a server's scheme is handed to its client as it is.
 */
export const parseStoreUrl = (url: string): E.Either<StoreUrlError, StoreLocation> => {
  const text = url.trim();
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) return refused(url, 'has no scheme');
  const serverScheme = SERVER_SCHEMES.get(scheme);
  if (serverScheme !== undefined) return server(url, serverScheme, text.slice(scheme.length + 1));
  if (scheme !== 'sqlite') return refused(url, `has the unknown scheme "${scheme}"`);
  const file = text.slice('sqlite:'.length).replace(/^\/\//, '');
  if (file === '') return refused(url, 'names no file');
  if (file.includes('\0')) return refused(url, 'has a NUL character in its path');
  if (file === ':memory:') return refused(url, 'would be lost with the process: a log needs a file');
  if (file.endsWith('/')) return refused(url, 'names a folder, not a file');
  return E.right({ engine: 'sqlite', file });
};
