import * as E from 'fp-ts/Either';
import { type CommandDefinition, decided } from '../command/definition';
import { refuse } from '../command/errors';
import { guardNotFuture } from '../command/guards';
import { rootOf } from '../command/knowledge';
import { sameStatement } from '../command/same-statement';
import type { FactData } from '../facts/catalogue';
import { id, instant, minorUnits, oneOf } from '../facts/codec';
import type { Fact } from '../facts/envelope';
import { record, type RecordOf } from '../facts/structure';
import { toIso } from '../time/calendar';
import { absorbedAccountsOf, onAccount } from './account-stream';
import { switchingBarrierKinds, switchingCostTypes } from './events';

const required = { partyId: id, kind: oneOf(switchingBarrierKinds), costType: oneOf(switchingCostTypes) };
/** `amountMinor` in the reporting currency. `disclosedAt`: when the customer was told. */
const optional = { amountMinor: minorUnits, disclosedAt: instant, validTo: instant };
export type SetSwitchingBarrier = RecordOf<typeof required, typeof optional>;

/** Every barrier that was set. */
export type BarriersState = ReadonlyArray<FactData['SwitchingBarrierSet']>;

/**
 * Makes leaving harder (`domain.md §8.3`). UndisclosedPenalty: a penalty that the customer was not told
 * of, which `disclosedAt` ahead of the clock (OccurredInFuture) would be too. Set again as it stands,
 * it changes nothing: the pressure on the customer counts it once.
 */
export const setSwitchingBarrier: CommandDefinition<SetSwitchingBarrier, BarriersState> = {
  name: 'SetSwitchingBarrier',
  input: record(required, optional),
  ...onAccount,
  alsoReads: absorbedAccountsOf,
  initial: [],
  evolve: (state: BarriersState, { type, data }: Fact) => (type === 'SwitchingBarrierSet' ? [...state, data] : state),
  decide: (input, context) => (barriers) => {
    const { kind, disclosedAt, validTo } = input;
    if (kind === 'penalty' && disclosedAt === undefined) {
      return refuse('UndisclosedPenalty', 'a penalty needs the instant of its disclosure', { path: '/disclosedAt' });
    }
    const future = disclosedAt === undefined ? null : guardNotFuture(Date.parse(disclosedAt), context, '/disclosedAt');
    if (future) return E.left(future);
    const partyId = rootOf(context.knowledge, input.partyId);
    const barrier = { ...input, partyId };
    if (barriers.some((earlier) => sameStatement({ ...earlier, partyId }, barrier))) return E.right([]);
    if (validTo !== undefined && Date.parse(validTo) <= context.occurredAt) {
      return refuse('InvalidInterval', `the barrier is set at ${toIso(context.occurredAt)}`, { path: '/validTo' });
    }
    return E.right([decided('SwitchingBarrierSet', barrier, [partyId])]);
  },
};
