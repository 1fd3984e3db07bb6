import { ReadReq } from '@eventstore/db-client/generated/streams_pb';
import * as E from 'fp-ts/Either';
import { invalidArgument, type CallStatus } from '../access/call-status';
import {
  END,
  type EventNumber,
  type ReadAllQuery,
  type ReadStreamQuery,
  type SubscribeAllQuery,
  type SubscribeStreamQuery,
  type WireFilter,
} from '../log/wire-log';
import type { UuidForm } from './uuid';

/** What a `Read` asks. */
export type ReadQuestion =
  | { readonly kind: 'stream'; readonly query: ReadStreamQuery }
  | { readonly kind: 'all'; readonly query: ReadAllQuery }
  | { readonly kind: 'subscribeStream'; readonly query: Omit<SubscribeStreamQuery, 'signal'> }
  | { readonly kind: 'subscribeAll'; readonly query: Omit<SubscribeAllQuery, 'signal'> };

export interface ReadRequest {
  readonly question: ReadQuestion;
  readonly uuidForm: UuidForm;
}

type Parsed<A> = E.Either<CallStatus, A>;
type Options = ReadReq.Options;

/** Event numbers end here; anything above means the end. */
const LAST_EVENT_NUMBER = 9_223_372_036_854_775_806n;
/** Search window of a filter that names none. */
const DEFAULT_WINDOW = 32;

const refuse = (details: string): E.Either<CallStatus, never> => E.left(invalidArgument(details));

const uuidFormOf = (options: Options): Parsed<UuidForm> => {
  const uuids = options.getUuidOption();
  if (uuids?.hasString() === true) return E.right('string');
  if (uuids?.hasStructured() === true) return E.right('structured');
  return refuse('uuid_option must be string or structured.');
};

/** Readable name of a stream; null when the bytes are empty or not UTF-8. */
export const streamNameOf = (bytes: Uint8Array | undefined): string | null => {
  try {
    const name = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return name === '' ? null : name;
  } catch {
    return null;
  }
};

interface StreamStart {
  readonly streamId: string;
  readonly from: EventNumber | 'start' | 'end';
}

const streamStartOf = (stream: ReadReq.Options.StreamOptions): Parsed<StreamStart> => {
  const streamId = streamNameOf(stream.getStreamIdentifier()?.getStreamName_asU8());
  if (streamId === null) return refuse('The stream name is empty or not UTF-8.');
  if (stream.hasRevision()) {
    const revision = BigInt(stream.getRevision());
    return E.right({ streamId, from: revision > LAST_EVENT_NUMBER ? 'end' : revision });
  }
  if (stream.hasStart()) return E.right({ streamId, from: 'start' });
  if (stream.hasEnd()) return E.right({ streamId, from: 'end' });
  return refuse('revision_option must be revision, start or end.');
};

const allStartOf = (all: ReadReq.Options.AllOptions): Parsed<bigint | 'start' | 'end'> => {
  const position = all.getPosition();
  if (position !== undefined) {
    const commit = BigInt(position.getCommitPosition());
    const prepare = BigInt(position.getPreparePosition());
    if (commit < prepare) return refuse(`The commit position ${commit} is below the prepare position ${prepare}.`);
    return E.right(commit === END ? 'end' : commit);
  }
  if (all.hasStart()) return E.right('start');
  if (all.hasEnd()) return E.right('end');
  return refuse('all_option must be position, start or end.');
};

const compiled = (pattern: string): Parsed<RegExp | null> => {
  if (pattern === '') return E.right(null);
  try {
    return E.right(new RegExp(pattern));
  } catch {
    return refuse(`The filter's regular expression '${pattern}' is not valid.`);
  }
};

const filterOf = (options: Options): Parsed<WireFilter | null> => {
  const filter = options.getFilter();
  if (filter === undefined) return E.right(null);
  const expression = filter.getStreamIdentifier() ?? filter.getEventType();
  if (expression === undefined) return refuse('The filter must name stream_identifier or event_type.');
  const by = filter.hasStreamIdentifier() ? 'streamName' : 'eventType';
  const prefixes = expression.getPrefixList();
  const regex = compiled(expression.getRegex());
  if (E.isLeft(regex)) return regex;
  return E.right({ by, regex: regex.right, prefixes });
};

/** Considered events between two checkpoints: the search window times the client's multiplier. */
const checkpointEveryOf = (options: Options): Parsed<number> => {
  const filter = options.getFilter();
  if (filter === undefined) return E.right(DEFAULT_WINDOW);
  const window = filter.hasMax() ? filter.getMax() : DEFAULT_WINDOW;
  if (window === 0) return refuse('The search window (max) of a filter must be above 0.');
  const multiplier = filter.getCheckpointintervalmultiplier();
  if (multiplier === 0) return refuse('The checkpoint interval multiplier of a filter must be above 0.');
  return E.right(window * multiplier);
};

const limitOf = (options: Options): number => Number(BigInt(options.getCount()));

const directionOf = (options: Options): 'forwards' | 'backwards' =>
  options.getReadDirection() === ReadReq.Options.ReadDirection.BACKWARDS ? 'backwards' : 'forwards';

const streamQuestion = (options: Options, stream: ReadReq.Options.StreamOptions): Parsed<ReadQuestion> => {
  if (options.hasFilter()) return refuse('A filter is for $all only.');
  const start = streamStartOf(stream);
  if (E.isLeft(start)) return start;
  const { streamId, from } = start.right;
  const resolveLinks = options.getResolveLinks();
  return E.right(
    options.hasSubscription()
      ? { kind: 'subscribeStream', query: { streamId, after: from, resolveLinks } }
      : {
          kind: 'stream',
          query: { streamId, from, resolveLinks, direction: directionOf(options), limit: limitOf(options) },
        },
  );
};

const allQuestion = (options: Options, all: ReadReq.Options.AllOptions): Parsed<ReadQuestion> => {
  const start = allStartOf(all);
  if (E.isLeft(start)) return start;
  const filter = filterOf(options);
  if (E.isLeft(filter)) return filter;
  const resolveLinks = options.getResolveLinks();
  if (!options.hasSubscription())
    return E.right({
      kind: 'all',
      query: {
        from: start.right,
        filter: filter.right,
        resolveLinks,
        direction: directionOf(options),
        limit: limitOf(options),
      },
    });
  const checkpointEvery = checkpointEveryOf(options);
  if (E.isLeft(checkpointEvery)) return checkpointEvery;
  return E.right({
    kind: 'subscribeAll',
    query: { after: start.right, filter: filter.right, resolveLinks, checkpointEvery: checkpointEvery.right },
  });
};

const questionOf = (options: Options): Parsed<ReadQuestion> => {
  if (!options.hasSubscription() && !options.hasCount()) return refuse('count_option must be count or subscription.');
  if (options.hasSubscription() && directionOf(options) === 'backwards')
    return refuse('A subscription reads forwards only.');
  const stream = options.getStream();
  if (stream !== undefined) return streamQuestion(options, stream);
  const all = options.getAll();
  return all === undefined ? refuse('stream_option must be stream or all.') : allQuestion(options, all);
};

/** Understands `ReadReq`; INVALID_ARGUMENT for a combination that the protocol does not have (`eventstoredb-protocol` 3.4). */
export const readRequest = (request: ReadReq): Parsed<ReadRequest> => {
  const options = request.getOptions();
  if (options === undefined) return refuse('The call has no options.');
  const uuidForm = uuidFormOf(options);
  if (E.isLeft(uuidForm)) return uuidForm;
  const question = questionOf(options);
  return E.isLeft(question) ? question : E.right({ question: question.right, uuidForm: uuidForm.right });
};
