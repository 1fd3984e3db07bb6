import * as E from 'fp-ts/Either';
import { type CommandDefinition, decided } from '../command/definition';
import { refuse } from '../command/errors';
import { idFromCommand } from '../command/identity';
import { membersOf, rootOf } from '../command/knowledge';
import type { FactData } from '../facts/catalogue';
import { id, integer, oneOf } from '../facts/codec';
import type { Fact } from '../facts/envelope';
import { list, record, type RecordOf } from '../facts/structure';
import { failureDetectors, failureKinds } from './events';

/** Parties that one fact names (`domain.md §14.1`, 28). */
const PARTIES_PER_FACT = 8;
/** Parties that one command names; a larger failure is told in several commands with one `failureId`. */
const MAX_PARTIES = 1_000;

const required = {
  partyIds: list(id, 1, MAX_PARTIES),
  kind: oneOf(failureKinds),
  /** 1 minor, 2 moderate, 3 major, 4 critical. */
  severity: integer(1, 4),
  detectedBy: oneOf(failureDetectors),
};
const optional = { failureId: id };
export type DetectServiceFailure = RecordOf<typeof required, typeof optional>;

type Detected = FactData['ServiceFailureDetected'];
export type FailureState =
  | { readonly stage: 'unknown' }
  | { readonly stage: 'detected'; readonly detected: Detected; readonly partyIds: ReadonlySet<string> };

const evolve = (state: FailureState, { type, data }: Fact): FailureState => {
  if (type !== 'ServiceFailureDetected') return state;
  if (state.stage === 'unknown') return { stage: 'detected', detected: data, partyIds: new Set(data.partyIds) };
  return { ...state, partyIds: new Set([...state.partyIds, ...data.partyIds]) };
};

const failureIdOf = ({ failureId }: DetectServiceFailure, { commandId }: { readonly commandId: string }): string =>
  failureId ?? idFromCommand(commandId, 'failure');

const inGroups = (partyIds: ReadonlyArray<string>): ReadonlyArray<ReadonlyArray<string>> =>
  Array.from({ length: Math.ceil(partyIds.length / PARTIES_PER_FACT) }, (_, group) =>
    partyIds.slice(group * PARTIES_PER_FACT, (group + 1) * PARTIES_PER_FACT),
  );

/**
 * A failure of ours and whom it hit, 1..1 000 parties. Told again it spreads: only parties that were
 * not named yet are added. InvalidState: the id is taken by a failure of another kind, severity or detector.
 */
export const detectServiceFailure: CommandDefinition<DetectServiceFailure, FailureState> = {
  name: 'DetectServiceFailure',
  input: record(required, optional),
  needs: ({ partyIds }) => ({ parties: partyIds }),
  streamOf: (input, context) => `failure-${failureIdOf(input, context)}`,
  initial: { stage: 'unknown' },
  evolve,
  decide: (input, context) => (state) => {
    const failureId = failureIdOf(input, context);
    const { kind, severity, detectedBy } = input;
    const { knowledge } = context;
    if (state.stage === 'detected') {
      const { detected } = state;
      if (detected.kind !== kind || detected.severity !== severity || detected.detectedBy !== detectedBy) {
        return refuse('InvalidState', `failure ${failureId} was detected already`, { path: '/failureId' });
      }
    }
    const named: ReadonlySet<string> = state.stage === 'detected' ? state.partyIds : new Set<string>();
    const fresh = input.partyIds.filter(
      (partyId) => !named.has(partyId) && !membersOf(knowledge, partyId).some((member) => named.has(member)),
    );
    const roots = [...new Set(fresh.map((partyId) => rootOf(knowledge, partyId)))];
    return E.right(
      inGroups(roots).map((partyIds) =>
        decided('ServiceFailureDetected', { failureId, partyIds, kind, severity, detectedBy }, partyIds),
      ),
    );
  },
};
