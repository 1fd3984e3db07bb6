import type { Metadata } from '@grpc/grpc-js';
import type { Either } from 'fp-ts/Either';
import { isOwnStream } from '../log/stream-names';
import type { AccessControl, ResolvedRecord, WireLog } from '../log/wire-log';
import type { CallStatus } from './call-status';
import { credentialsOf, type ConfiguredUser } from './credentials';
import { defaultAccessControl } from './default-access';

/** Role that may do everything. */
export const ADMINS = '$admins';
/** Role that may run the server: manages persistent subscriptions. */
export const OPERATORS = '$ops';
/** In an access list: everybody. */
const EVERYBODY = '$all';
/** The stream of all streams. */
const ALL_STREAM = '$all';
const METASTREAM = '$$';

/** Who calls. Without configured users everybody is an administrator, as in EventStoreDB's insecure mode. */
export interface Caller {
  readonly name: string;
  readonly roles: ReadonlyArray<string>;
  /** False: no credentials were sent though users are configured. */
  readonly isAuthenticated: boolean;
}

/** Who may do what (`eventstoredb-protocol` 3.3, last rule). Asked by the services before they call the log. */
export interface Access {
  /** Reads the Basic `authorization` header; UNAUTHENTICATED for an unknown user, a wrong password or another scheme. */
  readonly callerOf: (metadata: Metadata) => Either<CallStatus, Caller>;
  /** `$all` as stream id: the log as a whole. Also what a consumer of a persistent subscription needs. */
  readonly mayRead: (caller: Caller, streamId: string) => boolean;
  readonly mayWrite: (caller: Caller, streamId: string) => boolean;
  /** Whether the caller may write events of this type, where `mayWrite` lets it into the stream. */
  readonly mayTell: (caller: Caller, type: string) => boolean;
  readonly mayDelete: (caller: Caller, streamId: string) => boolean;
  /** Create, update, delete, restart, replay: `$admins` or `$ops`. */
  readonly mayManageGroups: (caller: Caller) => boolean;
  /** Info and list: any authenticated user. */
  readonly maySeeGroups: (caller: Caller) => boolean;
}

/** A target that the caller may not read is hidden: a link must not open somebody else's stream. */
export const visible = (access: Access, caller: Caller, resolved: ResolvedRecord): ResolvedRecord =>
  resolved.link === null || resolved.event === null || access.mayRead(caller, resolved.event.streamId)
    ? resolved
    : { event: null, link: resolved.link };

type Right = keyof AccessControl;

const isIn = (list: ReadonlyArray<string>, caller: Caller): boolean =>
  list.some((entry) => entry === EVERYBODY || entry === caller.name || caller.roles.includes(entry));

/** Roles of which a writer of events of a type needs one; null: of that type everybody may write. */
export type RolesToTell = (type: string) => ReadonlyArray<string> | null;

/** Access to the streams of `log` by its `$acl` rules; no users: everybody is an administrator. */
export const accessTo = (
  log: Pick<WireLog, 'status' | 'eventAt'>,
  users: ReadonlyArray<ConfiguredUser> = [],
  rolesToTell: RolesToTell = () => null,
): Access => {
  const isAllowed = (caller: Caller, streamId: string, right: Right): boolean => {
    if (caller.roles.includes(ADMINS)) return true;
    // What the system says of itself others may read and never write: no access list lifts that.
    if (isOwnStream(streamId) && right !== 'read' && right !== 'metaRead') return false;
    return isIn(log.status(streamId).metadata.acl[right] ?? defaultAccessControl(log, streamId)[right], caller);
  };
  const isMetastream = (streamId: string): boolean => streamId.startsWith(METASTREAM);
  const original = (metastream: string): string => metastream.slice(METASTREAM.length);

  return {
    callerOf: credentialsOf(users),
    mayRead: (caller, streamId) =>
      isMetastream(streamId) ? isAllowed(caller, original(streamId), 'metaRead') : isAllowed(caller, streamId, 'read'),
    mayWrite: (caller, streamId) => {
      if (isMetastream(streamId)) return isAllowed(caller, original(streamId), 'metaWrite');
      return streamId !== ALL_STREAM && isAllowed(caller, streamId, 'write');
    },
    mayTell: ({ roles }, type) => {
      const needed = rolesToTell(type);
      return needed === null || roles.includes(ADMINS) || needed.some((role) => roles.includes(role));
    },
    mayDelete: (caller, streamId) =>
      streamId !== ALL_STREAM && !isMetastream(streamId) && isAllowed(caller, streamId, 'delete'),
    mayManageGroups: ({ roles }) => roles.includes(ADMINS) || roles.includes(OPERATORS),
    maySeeGroups: ({ isAuthenticated }) => isAuthenticated,
  };
};
