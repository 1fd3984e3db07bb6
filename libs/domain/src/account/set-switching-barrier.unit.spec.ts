import { absorbedBy, given, hours, iso, live, past } from '../command/given-when-then';
import { setSwitchingBarrier } from './set-switching-barrier';

const penalty = {
  partyId: 'customer',
  kind: 'penalty',
  costType: 'financial',
  amountMinor: 10_000,
  disclosedAt: iso(-hours(1)),
} as const;

describe('SetSwitchingBarrier', () => {
  it('records a penalty that was disclosed', () => {
    given()
      .when(setSwitchingBarrier, penalty)
      .then(['SwitchingBarrierSet', penalty, ['customer']]);
  });

  // coverage: 108
  it('refuses a penalty that was not', () => {
    const { disclosedAt: _, ...undisclosed } = penalty;
    given().when(setSwitchingBarrier, undisclosed).thenRefused('UndisclosedPenalty', { path: '/disclosedAt' });
  });

  it('refuses a disclosure that lies ahead', () => {
    given()
      .when(setSwitchingBarrier, { ...penalty, disclosedAt: iso(300_000) })
      .thenAccepted();
    given()
      .when(setSwitchingBarrier, { ...penalty, disclosedAt: iso(300_001) })
      .thenRefused('OccurredInFuture', { path: '/disclosedAt' });
  });

  it.each(['barrier', 'price_advantage'] as const)('needs no disclosure of a %s', (kind) => {
    const barrier = { partyId: 'customer', kind, costType: 'relational' } as const;
    given().when(setSwitchingBarrier, barrier).then(['SwitchingBarrierSet', barrier]);
  });

  it('ends after it is set', () => {
    given()
      .when(setSwitchingBarrier, { ...penalty, validTo: iso(1) })
      .thenAccepted();
    given()
      .when(setSwitchingBarrier, { ...penalty, validTo: iso() })
      .thenRefused('InvalidInterval', { path: '/validTo' });
  });

  it('counts once when it is set again, after a merge too', () => {
    const parties = {
      parties: { customer: absorbedBy('root'), root: live('root', { members: ['root', 'customer'] }) },
    };
    given(past('SwitchingBarrierSet', penalty, -hours(1)))
      .when(setSwitchingBarrier, penalty)
      .thenNothing();
    given(past('SwitchingBarrierSet', penalty, -hours(1)))
      .when(setSwitchingBarrier, penalty, parties)
      .thenNothing();
    given(past('SwitchingBarrierSet', penalty, -hours(1)))
      .when(setSwitchingBarrier, { ...penalty, amountMinor: 10_001 })
      .thenAccepted();
  });
});
