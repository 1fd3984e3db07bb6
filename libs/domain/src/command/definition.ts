import * as E from 'fp-ts/Either';
import { eventIdOf } from '../facts/attributes';
import type { ActorKind, Fact } from '../facts/envelope';
import { compareFacts } from '../facts/envelope';
import { catalogueEntry, type FactData, type FactType } from '../facts/catalogue';
import type { Channel } from '../facts/channels';
import type { AnyCodec, Codec } from '../facts/codec';
import { decodeStrict } from '../facts/decode';
import type { NewFact } from '../facts/stored';
import type { Configuration } from '../policy/configuration';
import type { Instant } from '../time/calendar';
import { type DomainError, validationFailed } from './errors';
import { guardHeader, guardOrder, guardParties } from './guards';
import { factKeyOf } from './identity';
import { type Knowledge, type Needs, noNeeds } from './knowledge';

/** Who acts. `roles` are those of `domain.md §4.7` (supervisor, front_office, …). */
export interface CommandActor {
  readonly kind: ActorKind;
  readonly id: string;
  readonly roles: ReadonlyArray<string>;
}

/** What comes with every command, before anything is looked up. */
export interface CommandHeader {
  /** Idempotency key. */
  readonly commandId: string;
  /** The service's clock. */
  readonly now: Instant;
  /** When it happened; the clock's now when the sender says nothing. */
  readonly occurredAt: Instant;
  readonly actor: CommandActor;
  /** In force now. */
  readonly configuration: Configuration;
}

export interface CommandContext extends CommandHeader {
  readonly knowledge: Knowledge;
}

export interface DecidedFactOf<T extends FactType> {
  readonly type: T;
  readonly data: FactData[T];
  readonly subjects: ReadonlyArray<string>;
  readonly channel?: Channel;
}

/** A fact that a command decided; all facts of one command go to one stream in one append. */
export type DecidedFact = { [T in FactType]: DecidedFactOf<T> }[FactType];

/** `[]`: accepted, and already so. */
export type Decision = E.Either<DomainError, ReadonlyArray<DecidedFact>>;

/**
 * One command. `evolve` is total: any facts in any order fold without throwing, and what does not
 * concern the command leaves the state as it is.
 */
export interface CommandDefinition<Input, State> {
  readonly name: string;
  readonly input: Codec<Input>;
  /** What must be looked up; nothing by default. */
  readonly needs?: (input: Input, header: CommandHeader) => Partial<Needs>;
  /** The stream that is written, after redirection of absorbed parties. */
  readonly streamOf: (input: Input, context: CommandContext) => string;
  /** Streams whose facts count for the state but that are not written (those of absorbed parties). */
  readonly alsoReads?: (input: Input, context: CommandContext) => ReadonlyArray<string>;
  readonly initial: State;
  readonly evolve: (state: State, fact: Fact, configuration: Configuration) => State;
  /** Whether it may be about parties that are erased; default not. */
  readonly mayBeErased?: boolean;
  /** Parties that the state is about; none of them may be erased. */
  readonly partiesIn?: (state: State) => ReadonlyArray<string>;
  /**
   * Whether it goes on from the state in which the facts left it. Such a command that says it happened before the
   * last of them would be put before it, and decide nothing that was decided: InvalidInterval.
   */
  readonly goesOn?: boolean;
  /** Whether it is judged by what had happened when it happened, not by what has happened since. */
  readonly asOfThen?: boolean;
  readonly decide: (input: Input, context: CommandContext) => (state: State) => Decision;
}

export const decided = <T extends FactType>(
  type: T,
  data: FactData[T],
  subjects: ReadonlyArray<string>,
  channel?: Channel,
): DecidedFactOf<T> => ({ type, data, subjects, ...(channel === undefined ? {} : { channel }) });

type Evolved<State> = Pick<CommandDefinition<never, State>, 'initial' | 'evolve'>;

/**
 * As they happened, what opens a stream first: what another clock dates before the opening, or at its instant, is about
 * what was opened all the same, as it is in the read models.
 */
const asTheyFold = (a: Fact, b: Fact): number =>
  Number(catalogueEntry(b.type).opensStream) - Number(catalogueEntry(a.type).opensStream) || compareFacts(a, b);

/** The state that some facts of the streams leave; the order in which they come does not matter. */
export const stateOf = <State>(
  definition: Evolved<State>,
  facts: ReadonlyArray<Fact>,
  configuration: Configuration,
): State =>
  facts.toSorted(asTheyFold).reduce((state, fact) => definition.evolve(state, fact, configuration), definition.initial);

/** The last of some facts that concern the state; null: none does. */
const changedBy = <State>(
  definition: Evolved<State>,
  facts: ReadonlyArray<Fact>,
  configuration: Configuration,
): Fact | null => {
  let state = definition.initial;
  let by: Fact | null = null;
  for (const fact of facts.toSorted(asTheyFold)) {
    const next = definition.evolve(state, fact, configuration);
    if (next !== state && (by === null || compareFacts(by, fact) < 0)) by = fact;
    state = next;
  }
  return by;
};

/** Those of which the effect is there when a fact with such a key happens at such an instant. */
const factsBy = (
  { occurredAt }: Pick<CommandHeader, 'occurredAt'>,
  facts: ReadonlyArray<Fact>,
  next?: Pick<Fact, 'source' | 'id'>,
): ReadonlyArray<Fact> =>
  facts.filter((fact) => compareFacts(fact, { source: fact.source, id: fact.id, ...next, occurredAt }) <= 0);

/** A command whose body is decoded. The types of its input and state are closed over. */
export interface Intention {
  readonly needs: Needs;
  readonly streamOf: (knowledge: Knowledge) => string;
  readonly alsoReads: (knowledge: Knowledge) => ReadonlyArray<string>;
  /** Parties that the read facts are about; their knowledge is needed as well before `decide`. */
  readonly partiesIn: (facts: ReadonlyArray<Fact>) => ReadonlyArray<string>;
  /**
   * `facts`: those of `streamOf` and `alsoReads`. Checks the generic rules of §15, then decides. `next`: the key under
   * which the first decided fact will fold among those of its instant.
   */
  readonly decide: (facts: ReadonlyArray<Fact>, knowledge: Knowledge, next?: Pick<Fact, 'source' | 'id'>) => Decision;
}

/** What the server sees of a command. */
export interface Command {
  readonly name: string;
  readonly input: AnyCodec;
  /** ValidationFailed, Forbidden and OccurredInFuture are refused here, before anything is loaded. */
  readonly receive: (body: unknown, header: CommandHeader) => E.Either<DomainError, Intention>;
}

/** Closes over the types of a definition, so that commands of all kinds can stand in one registry. */
export const toCommand = <Input, State>(definition: CommandDefinition<Input, State>): Command => ({
  name: definition.name,
  input: definition.input,
  receive: (body, header) => {
    const decoded = decodeStrict(definition.input, body);
    if (E.isLeft(decoded)) return E.left(validationFailed(decoded.left));
    const refused = guardHeader(definition.name, header);
    if (refused) return E.left(refused);
    return E.right(intentionOf(definition, decoded.right, header));
  },
});

/** An intention of a decoded input; `toCommand` decodes first. */
export const intentionOf = <Input, State>(
  definition: CommandDefinition<Input, State>,
  input: Input,
  header: CommandHeader,
): Intention => {
  const needs: Needs = { ...noNeeds, ...definition.needs?.(input, header) };
  const { configuration } = header;
  const about = (state: State): ReadonlyArray<string> => definition.partiesIn?.(state) ?? [];
  return {
    needs,
    streamOf: (knowledge) => definition.streamOf(input, { ...header, knowledge }),
    alsoReads: (knowledge) => definition.alsoReads?.(input, { ...header, knowledge }) ?? [],
    partiesIn: (facts) => about(stateOf(definition, facts, configuration)),
    decide: (facts, knowledge, next) => {
      const counting = definition.asOfThen === true ? factsBy(header, facts, next) : facts;
      const state = stateOf(definition, counting, configuration);
      const refused = guardParties(knowledge, needs.parties, about(state), definition.mayBeErased);
      if (refused) return E.left(refused);
      const decision = definition.decide(input, { ...header, knowledge })(state);
      if (definition.goesOn !== true || E.isLeft(decision) || decision.right.length === 0) return decision;
      const early = guardOrder(header, changedBy(definition, facts, configuration), next);
      return early ? E.left(early) : decision;
    },
  };
};

export interface Origin extends Pick<CommandHeader, 'commandId' | 'occurredAt' | 'actor'> {
  /** Provenance of everything that this service decides, e.g. `ui`. */
  readonly source: string;
  /** Hash of the command's body, see `NewFact`. */
  readonly commandHash?: string;
  readonly correlationId?: string;
  readonly causationId?: string;
}

/**
 * The decided facts with their ids: `{commandId}.000` … as ids at the source, and the event ids (UUID
 * v5) that follow from source and id as for any other fact, so a copy sent back to us is recognised
 * (`domain.md §1`).
 */
export const factsOfCommand = (
  facts: ReadonlyArray<DecidedFact>,
  { commandId, occurredAt, actor, source, commandHash, correlationId, causationId }: Origin,
  streamId: string,
): ReadonlyArray<NewFact> =>
  facts.map((fact, index) => ({
    ...fact,
    eventId: eventIdOf(source, factKeyOf(commandId, index)),
    schemaVersion: catalogueEntry(fact.type).schemaVersion,
    streamId,
    occurredAt,
    source,
    id: factKeyOf(commandId, index),
    actor: { kind: actor.kind, id: actor.id },
    commandId,
    ...(commandHash === undefined ? {} : { commandHash }),
    ...(correlationId === undefined ? {} : { correlationId }),
    ...(causationId === undefined ? {} : { causationId }),
  }));
