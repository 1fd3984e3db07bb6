import type { CreateReq, UpdateReq } from '@eventstore/db-client/generated/persistent_pb';
import type { StreamIdentifier } from '@eventstore/db-client/generated/shared_pb';
import * as E from 'fp-ts/Either';
import { invalidArgument, type CallStatus } from '../../access/call-status';
import type { WireFilter } from '../../log/wire-log';
import { ALL, type GroupError, type GroupKey, type GroupSettings, type StartFrom } from '../definition';
import { groupStatusOf } from './group-status';
import { refused, settingsOf, startFromNumber, startFromPosition } from './settings-request';

export interface GroupChange {
  readonly key: GroupKey;
  readonly settings: GroupSettings;
}

export interface GroupCreation extends GroupChange {
  /** Only for `$all`. */
  readonly filter: WireFilter | null;
}

type Options = CreateReq.Options | UpdateReq.Options;
type AllOptions = CreateReq.AllOptions | UpdateReq.AllOptions;
type StreamOptions = CreateReq.StreamOptions | UpdateReq.StreamOptions;

export const streamNameOf = (identifier: StreamIdentifier | undefined): string =>
  Buffer.from(identifier?.getStreamName_asU8() ?? []).toString('utf8');

const allStart = (key: GroupKey, all: AllOptions): E.Either<GroupError, StartFrom> => {
  const position = all.getPosition();
  if (position !== undefined) {
    return startFromPosition(key, position.getCommitPosition(), position.getPreparePosition());
  }
  return E.right(all.hasEnd() ? 'end' : 'start');
};

const streamStart = (stream: StreamOptions): StartFrom => {
  if (stream.hasRevision()) return startFromNumber(stream.getRevision());
  return stream.hasEnd() ? 'end' : 'start';
};

/** Key and start; a stream is named by the newer `stream` or by the deprecated fields that 6.2.1 sends. */
const target = (
  options: Options,
  deprecatedRevision: string,
): { readonly key: GroupKey; readonly startFrom: E.Either<GroupError, StartFrom> } => {
  const group = options.getGroupName();
  const all = options.getAll();
  if (all !== undefined) {
    const key = { streamId: ALL, group };
    return { key, startFrom: allStart(key, all) };
  }
  const stream = options.getStream();
  const key = { streamId: streamNameOf(stream?.getStreamIdentifier() ?? options.getStreamIdentifier()), group };
  if (key.streamId === ALL) return { key, startFrom: refused(key, 'A group on $all must be created as such.') };
  return { key, startFrom: E.right(stream === undefined ? startFromNumber(deprecatedRevision) : streamStart(stream)) };
};

const filterOf = (key: GroupKey, all: CreateReq.AllOptions | undefined): E.Either<GroupError, WireFilter | null> => {
  const filter = all?.getFilter();
  if (filter === undefined) return E.right(null);
  const byStream = filter.getStreamIdentifier();
  const expression = byStream ?? filter.getEventType();
  if (expression === undefined) return refused(key, 'The filter names neither streams nor event types.');
  const by = byStream === undefined ? 'eventType' : 'streamName';
  const source = expression.getRegex();
  if (source === '') return E.right({ by, regex: null, prefixes: expression.getPrefixList() });
  return E.tryCatch(
    () => ({ by, regex: new RegExp(source), prefixes: [] }),
    () => ({ ...key, code: 'GroupFailed', reason: `The filter '${source}' is not a regular expression.` }),
  );
};

const NOTHING_TO_DO = E.left(invalidArgument('The request has no options or no settings.'));

/** What a create request wants; an expected failure as the status of the call. */
export const creationOf = (request: CreateReq): E.Either<CallStatus, GroupCreation> => {
  const options = request.getOptions();
  const settings = options?.getSettings();
  if (options === undefined || settings === undefined) return NOTHING_TO_DO;
  const { key, startFrom } = target(options, settings.getRevision());
  const wanted = E.chain((from: StartFrom) => settingsOf(key, settings, settings.getConsumerStrategy(), from))(
    startFrom,
  );
  if (E.isLeft(wanted)) return E.left(groupStatusOf(wanted.left));
  const filter = filterOf(key, options.getAll());
  if (E.isLeft(filter)) return E.left(groupStatusOf(filter.left));
  return E.right({ key, settings: wanted.right, filter: filter.right });
};

/** What an update request wants; the filter of a group cannot be changed. */
export const changeOf = (request: UpdateReq): E.Either<CallStatus, GroupChange> => {
  const options = request.getOptions();
  const settings = options?.getSettings();
  if (options === undefined || settings === undefined) return NOTHING_TO_DO;
  const { key, startFrom } = target(options, settings.getRevision());
  const wanted = E.chain((from: StartFrom) => settingsOf(key, settings, '', from))(startFrom);
  return E.isLeft(wanted) ? E.left(groupStatusOf(wanted.left)) : E.right({ key, settings: wanted.right });
};
