import type { CommandContext } from '../command/definition';
import { membersOf, rootOf } from '../command/knowledge';
import type { FactData } from '../facts/catalogue';
import type { Fact } from '../facts/envelope';

type Received = FactData['DataSubjectRequestReceived'];
type Answered = FactData['DataSubjectRequestFulfilled'];

/** What a party asked for as a data subject, and what was answered; both by `dsrId`, the first statement counts. */
export interface DataSubjectState {
  readonly received: ReadonlyMap<string, Received>;
  readonly answered: ReadonlyMap<string, Answered>;
}

const withFirst = <V>(map: ReadonlyMap<string, V>, key: string, value: V): ReadonlyMap<string, V> =>
  map.has(key) ? map : new Map(map).set(key, value);

export const evolveDataSubject = (state: DataSubjectState, { type, data }: Fact): DataSubjectState => {
  switch (type) {
    case 'DataSubjectRequestReceived':
      return { ...state, received: withFirst(state.received, data.dsrId, data) };
    case 'DataSubjectRequestFulfilled':
      return { ...state, answered: withFirst(state.answered, data.dsrId, data) };
    default:
      return state;
  }
};

/** Requests without an answer. */
export const openRequests = ({ received, answered }: DataSubjectState): ReadonlyArray<Received> =>
  [...received.values()].filter(({ dsrId }) => !answered.has(dsrId));

interface AboutParty {
  readonly partyId: string;
}

/** What all commands of a data subject share: they write to the root and read what was merged into it. */
export const ofDataSubject = {
  needs: ({ partyId }: AboutParty) => ({ parties: [partyId] }),
  streamOf: ({ partyId }: AboutParty, { knowledge }: CommandContext): string => `party-${rootOf(knowledge, partyId)}`,
  alsoReads: ({ partyId }: AboutParty, { knowledge }: CommandContext): ReadonlyArray<string> =>
    membersOf(knowledge, partyId)
      .filter((member) => member !== rootOf(knowledge, partyId))
      .map((member) => `party-${member}`),
  initial: { received: new Map(), answered: new Map() } as DataSubjectState,
  evolve: evolveDataSubject,
};
