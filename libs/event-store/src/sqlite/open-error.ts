/** Why a store could not be opened. Every message names the file and can be shown to people as it is. */
export type OpenError =
  /** Another process (or another opener in this one) is the writer. */
  | {
      readonly code: 'StoreHeld';
      readonly file: string;
      readonly message: string;
      /** `null`: the holder has not said yet who it is. */
      readonly holder: Holder | null;
    }
  | { readonly code: 'StoreDamaged'; readonly file: string; readonly message: string }
  /** Written by a later version of this program. */
  | {
      readonly code: 'StoreNewer';
      readonly file: string;
      readonly message: string;
      readonly found: number;
      readonly supported: number;
    }
  /** A sound database that belongs to another application. */
  | { readonly code: 'StoreForeign'; readonly file: string; readonly message: string }
  | { readonly code: 'CannotOpen'; readonly file: string; readonly message: string };

/** The process that has a store open for writing. */
export interface Holder {
  readonly pid: number;
  readonly host: string;
  /** RFC 3339 instant at which it took the store. */
  readonly since: string;
}

export const storeHeld = (file: string, holder: Holder | null): OpenError => ({
  code: 'StoreHeld',
  file,
  holder,
  message:
    `The event store ${file} is already open for writing by ` +
    (holder === null
      ? 'another process that has not named itself yet'
      : `process ${holder.pid} on ${holder.host} since ${holder.since}`) +
    '. One process writes at a time: stop that one, or open the store read-only.',
});

export const storeDamaged = (file: string, detail: string): OpenError => ({
  code: 'StoreDamaged',
  file,
  message: `The event store ${file} is damaged: ${detail}. Restore it from a copy; nothing was changed.`,
});

export const storeNewer = (file: string, found: number, supported: number): OpenError => ({
  code: 'StoreNewer',
  file,
  found,
  supported,
  message:
    `The event store ${file} has schema version ${found}; this program knows versions up to ${supported}. ` +
    'Use the newer program; nothing was changed.',
});

export const storeForeign = (file: string): OpenError => ({
  code: 'StoreForeign',
  file,
  message: `${file} is a database of another application, not an event store; nothing was changed.`,
});

export const cannotOpen = (file: string, detail: string): OpenError => ({
  code: 'CannotOpen',
  file,
  message: `The event store ${file} cannot be opened: ${detail}.`,
});
