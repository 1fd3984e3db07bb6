import * as E from 'fp-ts/Either';
import { onAccount, regardless } from '../account/account-stream';
import { type CommandDefinition, decided } from '../command/definition';
import { refuse } from '../command/errors';
import { type Knowledge, membersOf, rootOf } from '../command/knowledge';
import { code, id, minorUnits, oneOf, reference } from '../facts/codec';
import { record, type RecordOf } from '../facts/structure';
import { retentionKinds } from './events';

const required = { partyId: id, kind: oneOf(retentionKinds), measure: code, triggerEventId: reference };
/** `costMinor` in the reporting currency: 0 when absent. */
const optional = { costMinor: minorUnits };
export type TakeRetentionMeasure = RecordOf<typeof required, typeof optional>;

/** A fact about this customer, or about none (a review, a configuration). */
const isTrigger = ({ partyId, triggerEventId }: TakeRetentionMeasure, knowledge: Knowledge): boolean => {
  const trigger = knowledge.events.get(triggerEventId);
  if (trigger === undefined) return false;
  const members = membersOf(knowledge, partyId);
  return trigger.subjects.length === 0 || trigger.subjects.some((subject) => members.includes(subject));
};

/** Something was done to keep a customer (`domain.md §9.2`). UnknownTrigger: no such fact, or one about somebody else. */
export const takeRetentionMeasure: CommandDefinition<TakeRetentionMeasure, null> = {
  name: 'TakeRetentionMeasure',
  input: record(required, optional),
  ...onAccount,
  needs: ({ partyId, triggerEventId }) => ({ parties: [partyId], eventIds: [triggerEventId] }),
  ...regardless,
  decide:
    (input, { knowledge }) =>
    () => {
      if (!isTrigger(input, knowledge)) {
        return refuse('UnknownTrigger', `there is no fact ${input.triggerEventId} about this customer`, {
          path: '/triggerEventId',
        });
      }
      const partyId = rootOf(knowledge, input.partyId);
      const taken = { ...input, partyId, costMinor: input.costMinor ?? 0 };
      return E.right([decided('RetentionMeasureTaken', taken, [partyId])]);
    },
};
