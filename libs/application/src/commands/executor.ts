import { createHash } from 'node:crypto';
import {
  type Command,
  type CommandActor,
  commandOf,
  type Configuration,
  type DomainError,
  domainError,
  eventIdOf,
  factKeyOf,
  factsOfCommand,
  type Instant,
  isCommandName,
  toIso,
  toNewEvent,
} from '@afecto/domain';
import type { EventStore, Revision, StoredEvent, StoreUnavailable } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import type { Clock } from '../system/clock';
import { factsIn } from './facts-in';
import type { KnowledgeLoader } from './knowledge';
import { oneByOne } from './one-by-one';

/** Provenance of everything that this service decides; part of the ids of its facts, so it never changes. */
export const COMMAND_SOURCE = 'afecto';
/** What was asked and changed nothing: the command's id and what it was asked with, no fact. */
export const ANSWERED_STREAM = 'afecto-commands';
const ANSWERED = 'CommandAnswered';
/** Another writer was faster: decide again on the new state, at most this often. */
const ATTEMPTS = 8;

export interface CommandCall {
  readonly name: string;
  /** The command's fields, undecoded. */
  readonly body: unknown;
  /** What the caller said, where the body was made from it: by that a repeat is recognised. Default the body. */
  readonly said?: unknown;
  /** Idempotency key, 1..128 characters. */
  readonly commandId: string;
  readonly actor: CommandActor;
  /** Revision that the stream must have; absent: whatever it is now. */
  readonly expectedRevision?: Revision;
  /** When it happened; default now. */
  readonly occurredAt?: Instant;
  readonly correlationId?: string;
  readonly causationId?: string;
}

export interface CommandOutcome {
  /** Empty: it was already so. */
  readonly events: ReadonlyArray<{
    readonly eventId: string;
    readonly type: string;
    readonly streamId: string;
    readonly revision: Revision;
    readonly position: bigint;
  }>;
  readonly position: bigint;
}

export type CommandFailure =
  DomainError | StoreUnavailable | { readonly code: 'UnknownCommand'; readonly message: string };

export interface CommandExecutor {
  /** Decides one command and appends what it decided, all or nothing. Commands run one after another. */
  readonly execute: (call: CommandCall) => Promise<E.Either<CommandFailure, CommandOutcome>>;
  /** What this command id decided before; null when it decided nothing yet. IdempotencyConflict: for another call. */
  readonly earlier: (call: CommandCall) => Promise<E.Either<DomainError, CommandOutcome> | null>;
}

export interface CommandExecutorOptions {
  readonly store: EventStore;
  readonly clock: Clock;
  /** In force now, an activation that was answered just before included. */
  readonly configuration: () => Promise<Configuration>;
  readonly knowledge: KnowledgeLoader;
  /** Tells bodies of commands apart without giving them away: they hold personal data, and the log is for ever. */
  readonly fingerprint: (text: string) => string;
}

/** JSON with sorted keys: two bodies that say the same hash to the same. */
const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`)
      .join(',')}}`;
  return JSON.stringify(value) ?? 'null';
};

const textOf = ({ name, body, said = body }: CommandCall): string => `${name} ${canonical(said)}`;
/** With when it happened, if that was said; it is no field of the command, and not in the hashes of older logs. */
const wholeTextOf = (call: CommandCall): string =>
  call.occurredAt === undefined ? textOf(call) : `${textOf(call)} ${toIso(call.occurredAt)}`;

/** As older logs have it; only compared, never written. */
const plainHashOf = (call: CommandCall): string => createHash('sha256').update(textOf(call)).digest('hex').slice(0, 32);

/** The id of what is kept of a command that decided nothing. */
const answeredId = (commandId: string): string => eventIdOf(COMMAND_SOURCE, `${commandId}.none`);

const occurredAtOf = ({ metadata }: StoredEvent): Instant => Date.parse(String(metadata['occurredAt']));

const outcomeEvent = ({ id, type, streamId, revision, position }: StoredEvent): CommandOutcome['events'][number] => ({
  eventId: id,
  type,
  streamId,
  revision,
  position,
});

export const createCommandExecutor = (options: CommandExecutorOptions): CommandExecutor => {
  const { store, clock, configuration, knowledge, fingerprint } = options;

  const hashOf = (call: CommandCall): string => fingerprint(wholeTextOf(call));

  const earlier: CommandExecutor['earlier'] = async (call) => {
    const events: StoredEvent[] = [];
    for (let index = 0; ; index++) {
      const event = await store.findById(eventIdOf(COMMAND_SOURCE, factKeyOf(call.commandId, index)));
      if (event === null) break;
      events.push(event);
    }
    const first = events[0] ?? (await store.findById(answeredId(call.commandId)));
    if (first === null) return null;
    const written = first.metadata['commandHash'];
    const isOlder = call.occurredAt === undefined || occurredAtOf(first) === call.occurredAt;
    if (
      written !== hashOf(call) &&
      !(isOlder && [fingerprint(textOf(call)), plainHashOf(call)].some((one) => one === written))
    )
      return E.left(
        domainError(
          'IdempotencyConflict',
          `Idempotency-Key "${call.commandId}" was used for another command; send a new key with a new command`,
          { details: { commandId: call.commandId, position: first.position.toString() } },
        ),
      );
    return E.right({ events: events.map(outcomeEvent), position: events.at(-1)?.position ?? first.position });
  };

  /**
   * Keeps that a command was asked and changed nothing: sent again later, when it would, it is the same call
   * with the same answer, and no consent comes back that was withdrawn meanwhile (`domain.md §15`).
   */
  const answered = async (
    call: CommandCall,
    occurredAt: Instant,
  ): Promise<E.Either<CommandFailure, CommandOutcome> | 'again'> => {
    const { commandId, name } = call;
    const metadata = { commandId, commandHash: hashOf(call), occurredAt: toIso(occurredAt) };
    const kept = await store.append({
      streamId: ANSWERED_STREAM,
      expectedRevision: 'any',
      events: [{ id: answeredId(commandId), type: ANSWERED, data: { command: name }, metadata }],
    });
    if (E.isRight(kept))
      return E.right({ events: [], position: kept.right.events.at(-1)?.position ?? (await store.head()) });
    return kept.left.code === 'StoreClosed' || kept.left.code === 'StoreFailed' ? E.left(kept.left) : 'again';
  };

  const attempt = async (
    command: Command,
    call: CommandCall,
  ): Promise<E.Either<CommandFailure, CommandOutcome> | 'again'> => {
    const at = clock.tick();
    const occurredAt = call.occurredAt ?? at;
    const { commandId, actor } = call;
    const received = command.receive(call.body, {
      commandId,
      now: at,
      occurredAt,
      actor,
      configuration: await configuration(),
    });
    if (E.isLeft(received)) return received;
    const intention = received.right;

    const first = await knowledge(intention.needs, [], occurredAt);
    const streamId = intention.streamOf(first);
    const { facts, revision } = await factsIn(store, streamId);
    for (const other of intention.alsoReads(first)) facts.push(...(await factsIn(store, other)).facts);
    const about = intention.partiesIn(facts);
    const known = about.length === 0 ? first : await knowledge(intention.needs, about, occurredAt);

    if (call.expectedRevision !== undefined && call.expectedRevision !== (revision ?? -1))
      return E.left(
        domainError(
          'ConcurrencyConflict',
          `stream ${streamId} is at revision ${revision ?? 'none'}, expected ${call.expectedRevision}`,
          { details: { streamId, expected: call.expectedRevision, actual: revision } },
        ),
      );
    const decided = intention.decide(facts, known, { source: COMMAND_SOURCE, id: factKeyOf(commandId, 0) });
    if (E.isLeft(decided)) return decided;
    if (decided.right.length === 0) return answered(call, occurredAt);

    const { correlationId, causationId } = call;
    const fresh = factsOfCommand(
      decided.right,
      {
        commandId,
        occurredAt,
        actor,
        source: COMMAND_SOURCE,
        commandHash: hashOf(call),
        ...(correlationId === undefined ? {} : { correlationId }),
        ...(causationId === undefined ? {} : { causationId }),
      },
      streamId,
    );
    const appended = await store.append({
      streamId,
      expectedRevision: revision ?? 'noStream',
      events: fresh.map(toNewEvent),
    });
    if (E.isLeft(appended)) {
      const error = appended.left;
      if (error.code === 'WrongExpectedRevision') return 'again';
      if (error.code === 'StoreClosed' || error.code === 'StoreFailed') return E.left(error);
      return E.left(
        domainError(
          'IdempotencyConflict',
          `command "${commandId}" decided at ${toIso(at)} meets an event of the same id`,
        ),
      );
    }
    const events = appended.right.events.map(({ id, ...place }, index) => ({
      eventId: id,
      type: fresh[index]?.type ?? '',
      streamId,
      ...place,
    }));
    return E.right({ events, position: events.at(-1)?.position ?? (await store.head()) });
  };

  const run = async (call: CommandCall): Promise<E.Either<CommandFailure, CommandOutcome>> => {
    if (!isCommandName(call.name))
      return E.left({
        code: 'UnknownCommand',
        message: `there is no command "${call.name}"; GET /openapi.json lists them`,
      });
    const command = commandOf(call.name);
    const known = await earlier(call);
    if (known !== null) return known;
    for (let tries = 0; tries < ATTEMPTS; tries++) {
      const outcome = await attempt(command, call);
      if (outcome !== 'again' && E.isRight(outcome) && outcome.right.events.length > 0) return outcome;
      // Another server on the same log may have carried out this very call meanwhile.
      const meanwhile = await earlier(call);
      if (meanwhile !== null) return meanwhile;
      if (outcome !== 'again') return outcome;
    }
    return E.left(
      domainError(
        'ConcurrencyConflict',
        `the stream of ${call.name} changed ${ATTEMPTS} times while it was decided; try again`,
      ),
    );
  };

  return { earlier, execute: oneByOne(run) };
};
