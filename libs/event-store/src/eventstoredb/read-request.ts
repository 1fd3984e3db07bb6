import { Empty, StreamIdentifier } from '@eventstore/db-client/generated/shared_pb';
import { ReadReq } from '@eventstore/db-client/generated/streams_pb';
import type { Filter, Position } from '../port';

const { Options } = ReadReq;

/** A filter the way the server takes it: one kind, by prefix. */
export interface ServerFilter {
  readonly by: 'streamName' | 'eventType';
  readonly prefixes: ReadonlyArray<string>;
  /** Considered events between two checkpoints; in a read, how far the server looks at a time. */
  readonly window: number;
}

/** Everything but the server's own events: types that do not begin with `$`. */
export interface VisibleOnly {
  readonly by: 'visible';
  readonly window: number;
}

const DIRECTION = { forwards: 0, backwards: 1 } as const;
export type Direction = keyof typeof DIRECTION;

const base = (direction: Direction): InstanceType<typeof Options> => {
  const uuid = new Options.UUIDOption();
  uuid.setString(new Empty());
  return new Options().setResolveLinks(false).setUuidOption(uuid).setReadDirection(DIRECTION[direction]);
};

const positionOf = (position: Position): InstanceType<typeof Options.Position> =>
  new Options.Position().setCommitPosition(position.toString()).setPreparePosition(position.toString());

const allFrom = (from: Position | 'start' | 'end'): InstanceType<typeof Options.AllOptions> => {
  const all = new Options.AllOptions();
  if (from === 'start') return all.setStart(new Empty());
  return from === 'end' ? all.setEnd(new Empty()) : all.setPosition(positionOf(from));
};

const filtered = (
  options: InstanceType<typeof Options>,
  filter: ServerFilter | VisibleOnly | null,
): InstanceType<typeof Options> => {
  if (filter === null) return options.setNoFilter(new Empty());
  const expression = new Options.FilterOptions.Expression();
  const made = new Options.FilterOptions().setMax(filter.window).setCheckpointintervalmultiplier(1);
  if (filter.by === 'visible') return options.setFilter(made.setEventType(expression.setRegex('^[^$].*')));
  expression.setPrefixList([...filter.prefixes]);
  return options.setFilter(
    filter.by === 'streamName' ? made.setStreamIdentifier(expression) : made.setEventType(expression),
  );
};

/** `from` is inclusive forwards and exclusive backwards (`eventstoredb-protocol` 3.4). */
export const readAllRequest = (
  direction: Direction,
  from: Position | 'start' | 'end',
  count: number,
  filter: ServerFilter | VisibleOnly | null,
): ReadReq => new ReadReq().setOptions(filtered(base(direction).setAll(allFrom(from)).setCount(String(count)), filter));

/** Events after `after`, exclusive, and then live. */
export const subscribeRequest = (after: Position | 'start', filter: ServerFilter | null): ReadReq =>
  new ReadReq().setOptions(
    filtered(base('forwards').setAll(allFrom(after)).setSubscription(new Options.SubscriptionOptions()), filter),
  );

/** One stream from a revision, inclusive in both directions. */
export const readStreamRequest = (
  streamId: string,
  direction: Direction,
  from: number | 'start' | 'end',
  count: number,
): ReadReq => {
  const stream = new Options.StreamOptions();
  stream.setStreamIdentifier(new StreamIdentifier().setStreamName(Buffer.from(streamId)));
  if (from === 'start') stream.setStart(new Empty());
  else if (from === 'end') stream.setEnd(new Empty());
  else stream.setRevision(String(from));
  return new ReadReq().setOptions(base(direction).setStream(stream).setCount(String(count)).setNoFilter(new Empty()));
};

/** The part of a port's filter that goes to the server. `nothing`: no event can match. */
export const serverFilterOf = ({ types, streamPrefixes }: Filter, window: number): ServerFilter | 'nothing' | null => {
  if (types?.length === 0 || streamPrefixes?.length === 0) return 'nothing';
  // A type as prefix lets longer names through as well; `matches` looks again at everything.
  if (types !== undefined) return { by: 'eventType', prefixes: types, window };
  if (streamPrefixes === undefined || streamPrefixes.includes('')) return null;
  return { by: 'streamName', prefixes: streamPrefixes, window };
};

/** What a filter that no event can match asks of the server, so that its checkpoints still come. */
export const NOTHING: ReadonlyArray<string> = ['$no-such-type-'];

/** The port's filter, whole. */
export const matches = (
  event: { readonly type: string; readonly streamId: string },
  { types, streamPrefixes }: Filter,
): boolean =>
  (types === undefined || types.includes(event.type)) &&
  (streamPrefixes === undefined || streamPrefixes.some((prefix) => event.streamId.startsWith(prefix)));
