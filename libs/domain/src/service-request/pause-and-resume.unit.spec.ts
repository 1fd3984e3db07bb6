import { given, hours } from '../command/given-when-then';
import { pauseServiceRequest } from './pause-service-request';
import { escalated, opened, paused, reopened, resolved, resumed } from './request-facts';
import { resumeServiceRequest } from './resume-service-request';

const r1 = { requestId: 'r1' };

describe('PauseServiceRequest', () => {
  it('waits for the customer', () => {
    given(opened(-hours(2)))
      .when(pauseServiceRequest, r1)
      .then(['ServiceRequestPaused', { ...r1, reason: 'waiting_customer' }, ['customer']]);
  });

  it.each([
    ['72 h less 1 ms', hours(72) - 1, true],
    ['exactly 72 h', hours(72), false],
  ])('after pauses of %s', (_, length, isAllowed) => {
    const facts = [opened(-hours(100)), paused(-hours(90)), resumed(-hours(90) + length)];
    const outcome = given(...facts).when(pauseServiceRequest, r1);
    if (isAllowed) outcome.thenAccepted();
    else outcome.thenRefused('PauseLimitExceeded', { details: { maxPauseHours: 72 } });
  });

  it('adds up several pauses', () => {
    const facts = [
      opened(-hours(100)),
      paused(-hours(99)),
      resumed(-hours(59)),
      paused(-hours(50)),
      resumed(-hours(18)),
    ];
    given(...facts)
      .when(pauseServiceRequest, r1)
      .thenRefused('PauseLimitExceeded');
  });

  it('a pause told again goes on from its beginning, and an end without a pause ends nothing', () => {
    given(opened(-hours(100)), paused(-hours(90)), paused(-hours(20)), resumed(-hours(18)))
      .when(pauseServiceRequest, r1)
      .thenRefused('PauseLimitExceeded');
    given(opened(-hours(100)), resumed(-hours(90)), paused(-hours(80)), resumed(-hours(8)))
      .when(pauseServiceRequest, r1)
      .thenRefused('PauseLimitExceeded');
  });

  it('a resolution ends the pause that it finds', () => {
    given(opened(-hours(100)), paused(-hours(90)), resolved(-hours(18)), reopened(-hours(17)))
      .when(pauseServiceRequest, r1)
      .thenRefused('PauseLimitExceeded');
  });

  it('refuses an immediate request, and accepts it once it is escalated or reopened', () => {
    const immediate = opened(-hours(1), { class: 'immediate' });
    given(immediate).when(pauseServiceRequest, r1).thenRefused('InvalidState');
    given(immediate, escalated(1, -1)).when(pauseServiceRequest, r1).thenAccepted();
    given(immediate, resolved(-3), reopened(-2)).when(pauseServiceRequest, r1).thenAccepted();
  });

  it('refuses a paused, resolved or unknown request', () => {
    given(opened(-hours(2)), paused(-1))
      .when(pauseServiceRequest, r1)
      .thenRefused('InvalidState');
    given(opened(-hours(2)), resolved(-1))
      .when(pauseServiceRequest, r1)
      .thenRefused('InvalidState');
    given().when(pauseServiceRequest, r1).thenRefused('ServiceRequestNotFound');
  });

  it('knows no other reason', () => {
    given(opened(-hours(2)))
      .when(pauseServiceRequest, { ...r1, reason: 'lunch' })
      .thenRefused('ValidationFailed', { path: '/reason' });
  });
});

describe('ResumeServiceRequest', () => {
  it('ends the pause, even one beyond 72 h', () => {
    given(opened(-hours(90)), paused(-hours(80)))
      .when(resumeServiceRequest, r1)
      .then(['ServiceRequestResumed', r1, ['customer']]);
  });

  it('ends the pause of one that was reopened while it waited', () => {
    given(opened(-hours(2)), paused(-hours(1)), reopened(-1))
      .when(resumeServiceRequest, r1)
      .thenAccepted();
  });

  it('refuses a request that is not paused', () => {
    given(opened(-hours(2)))
      .when(resumeServiceRequest, r1)
      .thenRefused('InvalidState');
    given(opened(-hours(2)), resolved(-1))
      .when(resumeServiceRequest, r1)
      .thenRefused('InvalidState');
    given().when(resumeServiceRequest, r1).thenRefused('ServiceRequestNotFound');
  });
});
