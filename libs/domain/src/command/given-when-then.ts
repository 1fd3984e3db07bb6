import * as E from 'fp-ts/Either';
import type { FactData, FactType } from '../facts/catalogue';
import type { Fact, FactOf } from '../facts/envelope';
import { defaultConfiguration } from '../policy/configuration';
import { HOUR_MS, type Instant, toIso } from '../time/calendar';
import {
  type CommandDefinition,
  type CommandHeader,
  type Decision,
  factsOfCommand,
  type Intention,
  toCommand,
} from './definition';
import type { DomainErrorCode } from './errors';
import { type Knowledge, type LiveParty, noKnowledge, type PartyKnowledge } from './knowledge';

/** Specifications of decisions, readable as one sentence: given(facts).when(command, body).then(facts). */

/** The clock of the specifications. */
export const NOW: Instant = Date.parse('2026-03-10T12:00:00.000Z');
export const hours = (count: number): number => count * HOUR_MS;
/** RFC 3339 instant so many milliseconds after `NOW`. */
export const iso = (offsetMs = 0): string => toIso(NOW + offsetMs);

export const live = (partyId: string, party: Partial<LiveParty> = {}): LiveParty => ({
  status: 'live',
  kind: 'person',
  legalHold: false,
  members: [partyId],
  ...party,
});

export const absorbedBy = (survivorId: string, rootId = survivorId, absorbedId = 'absorbed'): PartyKnowledge => ({
  status: 'absorbed',
  rootId,
  link: { survivorId, absorbedId, mergedEventId: `merge-into-${survivorId}` },
  kind: 'person',
  legalHold: false,
});

/** A fact of the past, so many milliseconds after `NOW` (negative: before). */
export const past = <T extends FactType>(
  type: T,
  data: FactData[T],
  offsetMs: number,
  subjects: ReadonlyArray<string> = ['customer'],
): FactOf<T> => ({
  eventId: `event-${type}-${offsetMs}`,
  type,
  schemaVersion: 1,
  streamId: 'given',
  occurredAt: NOW + offsetMs,
  recordedAt: NOW + offsetMs,
  source: 'given',
  id: `${type}-${offsetMs}`,
  subjects,
  actor: { kind: 'agent', id: 'agent-0' },
  data,
});

type Parties = Readonly<Record<string, PartyKnowledge>>;
export interface Circumstances extends Partial<CommandHeader> {
  readonly knowledge?: Partial<Omit<Knowledge, 'parties'>>;
  /** Parties that are something else than a live person. */
  readonly parties?: Parties;
}

const defaults: CommandHeader = {
  commandId: 'command-1',
  now: NOW,
  occurredAt: NOW,
  actor: { kind: 'agent', id: 'agent-1', roles: ['front_office'] },
  configuration: defaultConfiguration,
};

/** Everybody who is asked for is a live person, unless the circumstances say otherwise. */
const knowledgeOf = (
  { needs }: Intention,
  mentioned: ReadonlyArray<string>,
  { knowledge, parties = {} }: Circumstances,
): Knowledge => {
  const asked = [...needs.parties, ...mentioned].map((partyId) => [partyId, live(partyId)] as const);
  return { ...noKnowledge, ...knowledge, parties: new Map([...asked, ...Object.entries(parties)]) };
};

/** Runs a command as the server does: strict decoding, generic rules, redirection, decision. */
export const run = <Input, State>(
  definition: CommandDefinition<Input, State>,
  body: unknown,
  facts: ReadonlyArray<Fact>,
  circumstances: Circumstances = {},
): { readonly decision: Decision; readonly streamId: string | null; readonly alsoReads: ReadonlyArray<string> } => {
  const { knowledge: _, parties: __, ...header } = circumstances;
  const intention = toCommand(definition).receive(body, { ...defaults, ...header });
  if (E.isLeft(intention)) return { decision: intention, streamId: null, alsoReads: [] };
  const knowledge = knowledgeOf(intention.right, intention.right.partiesIn(facts), circumstances);
  return {
    decision: intention.right.decide(facts, knowledge),
    streamId: intention.right.streamOf(knowledge),
    alsoReads: intention.right.alsoReads(knowledge),
  };
};

/** What was decided, as facts that happened so many milliseconds after `NOW`; nothing for a refusal. */
export const happened = (decision: Decision, offsetMs: number): ReadonlyArray<Fact> =>
  E.isLeft(decision)
    ? []
    : factsOfCommand(
        decision.right,
        { ...defaults, commandId: `command-${offsetMs}`, occurredAt: NOW + offsetMs, source: 'given' },
        'given',
      ).map((fact) => ({ ...fact, recordedAt: NOW + offsetMs }));

type Expected = { [T in FactType]: readonly [T, FactData[T], ReadonlyArray<string>?] }[FactType];

export const given = (...facts: ReadonlyArray<Fact>) => ({
  when: <Input, State>(
    definition: CommandDefinition<Input, State>,
    body: object,
    circumstances: Circumstances = {},
  ) => {
    const { decision, streamId, alsoReads } = run(definition, body, facts, circumstances);
    return {
      /** These facts, in this order: type, data and, when given, subjects. */
      then: (...expected: ReadonlyArray<Expected>): void => {
        const decidedFacts = E.isRight(decision)
          ? decision.right.map(({ type, data, subjects }, index) =>
              expected[index]?.[2] === undefined ? [type, data] : [type, data, subjects],
            )
          : decision.left;
        expect(decidedFacts).toEqual(expected);
      },
      /** Accepted, and already so. */
      thenNothing: (): void => expect(decision).toEqual(E.right([])),
      thenRefused: (code: DomainErrorCode, place: { readonly path?: string; readonly details?: object } = {}): void =>
        expect(decision).toEqual(E.left(expect.objectContaining({ code, ...place }))),
      /** Accepted with at least one fact. */
      thenAccepted: (): void => expect(decision).toEqual(E.right(expect.arrayContaining([expect.anything()]))),
      /** Where it would be written; null when the body or the header was refused. */
      streamId,
      alsoReads,
    };
  },
});
