import { given, hours, iso } from '../command/given-when-then';
import { reopenServiceRequest } from './reopen-service-request';
import { opened, paused, reopened, resolved } from './request-facts';
import { resolveServiceRequest } from './resolve-service-request';

const resolution = { requestId: 'r1', resolutionCode: 'explained', byTier: 'front_office' } as const;
const reopening = { requestId: 'r1', reason: 'not_solved' };
const days = (count: number) => hours(24 * count);

describe('ResolveServiceRequest', () => {
  it('resolves at the instant of the command', () => {
    given(opened(-hours(2)))
      .when(resolveServiceRequest, resolution)
      .then(['ServiceRequestResolved', { ...resolution, resolvedAt: iso() }, ['customer']]);
  });

  it('ends a pause first', () => {
    given(opened(-hours(2)), paused(-hours(1)))
      .when(resolveServiceRequest, resolution)
      .then(
        ['ServiceRequestResumed', { requestId: 'r1' }],
        ['ServiceRequestResolved', { ...resolution, resolvedAt: iso() }],
      );
  });

  it.each([179_999, 180_000, hours(1)])('accepts an immediate request after %i ms: the clock judges', (age) => {
    given(opened(-age, { class: 'immediate' }))
      .when(resolveServiceRequest, resolution)
      .thenAccepted();
  });

  it('refuses a resolved or unknown request', () => {
    given(opened(-hours(2)), resolved(-1))
      .when(resolveServiceRequest, resolution)
      .thenRefused('RequestClosed');
    given().when(resolveServiceRequest, resolution).thenRefused('ServiceRequestNotFound');
  });

  it('accepts a resolution at the very instant of the opening', () => {
    given(opened(-hours(2)))
      .when(resolveServiceRequest, { ...resolution, resolvedAt: iso(-hours(2)) })
      .thenAccepted();
  });

  it('a resolution told as of before the opening resolved it all the same', () => {
    given(opened(-hours(2)), resolved(-hours(1), -hours(3)))
      .when(resolveServiceRequest, resolution)
      .thenRefused('RequestClosed');
  });

  it('a second resolution does not move the first', () => {
    given(opened(-days(9)), resolved(-days(8)), resolved(-days(1)))
      .when(reopenServiceRequest, reopening)
      .thenRefused('ReopenWindowPassed', { details: { until: iso(-days(1)) } });
  });

  it('refuses a resolution before the opening or ahead of the clock', () => {
    given(opened(-hours(2)))
      .when(resolveServiceRequest, { ...resolution, resolvedAt: iso(-hours(2) - 1) })
      .thenRefused('InvalidInterval', { path: '/resolvedAt' });
    given(opened(-hours(2)))
      .when(resolveServiceRequest, { ...resolution, resolvedAt: iso(300_001) })
      .thenRefused('OccurredInFuture', { path: '/resolvedAt' });
  });

  it.each([
    ['after its resolution', [opened(-days(3)), resolved(-days(2)), reopened(-days(1))]],
    ['before its resolution was told', [opened(-days(3)), reopened(-days(1))]],
  ])('resolves what was reopened %s, whatever is told of the round before', (_, facts) => {
    const told = [...facts, resolved(-hours(2), -days(1) - 1)];
    given(...told)
      .when(resolveServiceRequest, resolution)
      .thenAccepted();
    given(...told)
      .when(resolveServiceRequest, { ...resolution, resolvedAt: iso(-days(1) - 1) })
      .thenRefused('InvalidInterval', { path: '/resolvedAt' });
  });
});

describe('ReopenServiceRequest', () => {
  it.each([
    ['exactly 7 d after the resolution', days(7), true],
    ['1 ms later', days(7) + 1, false],
  ])('%s', (_, age, isAllowed) => {
    const outcome = given(opened(-days(9)), resolved(-age)).when(reopenServiceRequest, reopening);
    if (isAllowed) outcome.then(['ServiceRequestReopened', reopening, ['customer']]);
    else outcome.thenRefused('ReopenWindowPassed', { details: { until: iso(-1) } });
  });

  it('counts from the last resolution', () => {
    given(opened(-days(20)), resolved(-days(15)), reopened(-days(12)), resolved(-days(6)))
      .when(reopenServiceRequest, reopening)
      .thenAccepted();
  });

  it('refuses a request that is not resolved', () => {
    given(opened(-hours(2)))
      .when(reopenServiceRequest, reopening)
      .thenRefused('InvalidState');
    given(opened(-hours(2)), paused(-hours(1)))
      .when(reopenServiceRequest, reopening)
      .thenRefused('InvalidState');
    given().when(reopenServiceRequest, reopening).thenRefused('ServiceRequestNotFound');
  });
});
