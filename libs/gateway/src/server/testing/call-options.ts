import type { EventToAppend, FilterGiven, LogPosition, ReadAllOptions, ReadOptions } from './official-client';

/** Options in the words that both clients share. */

export const binaryOr = <A>(
  event: EventToAppend,
  binary: (data: Uint8Array) => A,
  json: (data: Record<string, unknown>) => A,
) => (event.data instanceof Uint8Array ? binary(event.data) : json(event.data));

export const readOptions = ({
  from = 'start',
  direction = 'forwards',
  limit,
  resolveLinks = false,
  ...call
}: ReadOptions) => ({
  fromRevision: from,
  direction,
  resolveLinkTos: resolveLinks,
  ...(limit === undefined ? {} : { maxCount: limit }),
  ...call,
});

export const readAllOptions = ({ from = 'start', ...others }: Omit<ReadAllOptions, 'filter'>) => {
  const { fromRevision: _, ...options } = readOptions(others);
  return { ...options, fromPosition: from };
};

export const filterOptions = ({ window, interval, checkpoint }: FilterGiven) => ({
  ...(window === undefined ? {} : { maxSearchWindow: window }),
  ...(interval === undefined ? {} : { checkpointInterval: interval }),
  ...(checkpoint === undefined
    ? {}
    : { checkpointReached: (_: unknown, position: LogPosition): void => checkpoint(position) }),
});
