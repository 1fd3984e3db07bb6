import * as t from 'io-ts';
import * as E from 'fp-ts/Either';
import type { AccessControl, WireLog } from '../log/wire-log';

const SETTINGS = '$settings';

/** What applies where neither the stream nor `$settings` says anything (`eventstoredb-protocol` 3.3). */
const FALLBACK = { user: ['$all'], system: ['$admins'] } as const;

const Roles = t.union([t.string, t.readonlyArray(t.string)]);
const AccessList = t.partial({ $r: Roles, $w: Roles, $d: Roles, $mr: Roles, $mw: Roles });
const Settings = t.partial({ $userStreamAcl: AccessList, $systemStreamAcl: AccessList });

type Decided = { readonly [right in keyof AccessControl]: ReadonlyArray<string> };

const parsed = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return null;
  }
};

/** The last event of `$settings`; malformed settings count as none. */
const settingsOf = (log: Pick<WireLog, 'status' | 'eventAt'>): t.TypeOf<typeof Settings> => {
  const { lastEventNumber } = log.status(SETTINGS);
  if (lastEventNumber < 0n) return {};
  const record = log.eventAt(SETTINGS, lastEventNumber);
  return record === null ? {} : E.getOrElse(() => ({}))(Settings.decode(parsed(record.data)));
};

/** Access lists of a stream without `$acl` of its own; user and `$` streams differ, `$settings` overrides both. */
export const defaultAccessControl = (log: Pick<WireLog, 'status' | 'eventAt'>, streamId: string): Decided => {
  const isSystem = streamId.startsWith('$');
  const settings = settingsOf(log);
  const list = (isSystem ? settings.$systemStreamAcl : settings.$userStreamAcl) ?? {};
  const fallback = isSystem ? FALLBACK.system : FALLBACK.user;
  const decided = (roles: t.TypeOf<typeof Roles> | undefined): ReadonlyArray<string> => {
    if (roles === undefined) return fallback;
    return typeof roles === 'string' ? [roles] : roles;
  };
  return {
    read: decided(list.$r),
    write: decided(list.$w),
    delete: decided(list.$d),
    metaRead: decided(list.$mr),
    metaWrite: decided(list.$mw),
  };
};
