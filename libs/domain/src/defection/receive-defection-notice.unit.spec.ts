import { given, hours, iso, NOW, past } from '../command/given-when-then';
import { receiveDefectionNotice } from './receive-defection-notice';

const notice = {
  partyId: 'customer',
  channel: 'phone',
  effectiveAt: iso(hours(48)),
  reasonCodes: ['pricing'],
} as const;
const leaving = past('DefectionNoticeReceived', notice, -hours(2));
const staying = past('DefectionNoticeReceived', { ...notice, withdrawn: true }, -hours(1));

describe('ReceiveDefectionNotice', () => {
  it('records that a customer leaves, now when no time is named', () => {
    given()
      .when(receiveDefectionNotice, notice)
      .then(['DefectionNoticeReceived', notice, ['customer']]);
    given()
      .when(receiveDefectionNotice, { partyId: 'customer', channel: 'phone' })
      .then([
        'DefectionNoticeReceived',
        { partyId: 'customer', channel: 'phone', effectiveAt: iso(), reasonCodes: [] },
      ]);
  });

  it('says nothing new when the same notice comes again', () => {
    given(leaving).when(receiveDefectionNotice, notice).thenNothing();
    given(leaving, staying).when(receiveDefectionNotice, notice).thenAccepted();
  });

  it('takes back an open notice only', () => {
    const withdrawal = { ...notice, withdrawn: true };
    given(leaving).when(receiveDefectionNotice, withdrawal).thenAccepted();
    given().when(receiveDefectionNotice, withdrawal).thenRefused('NoOpenNotice', { path: '/withdrawn' });
    given(leaving, staying).when(receiveDefectionNotice, withdrawal).thenRefused('NoOpenNotice');
  });

  // Facts fold in the order in which they happened: a withdrawal dated before the notice was accepted, and the notice stood.
  it('takes back what was said by then, not what is said later', () => {
    const withdrawal = { ...notice, withdrawn: true };
    const later = past('DefectionNoticeReceived', notice, -hours(1));
    given(leaving)
      .when(receiveDefectionNotice, withdrawal, { occurredAt: NOW - hours(2) - 1 })
      .thenRefused('NoOpenNotice', { path: '/withdrawn' });
    given(leaving)
      .when(receiveDefectionNotice, withdrawal, { occurredAt: NOW - hours(2) })
      .thenAccepted();
    given(leaving, later)
      .when(receiveDefectionNotice, withdrawal, { occurredAt: NOW - hours(1.5) })
      .thenAccepted();
  });

  it('names three reasons at most', () => {
    const reasonCodes = ['pricing', 'competition', 'poor_quality', 'ethical'];
    given()
      .when(receiveDefectionNotice, { ...notice, reasonCodes })
      .thenRefused('ValidationFailed', { path: '/reasonCodes' });
  });
});
