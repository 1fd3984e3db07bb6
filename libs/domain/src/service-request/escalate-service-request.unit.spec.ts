import { given, hours } from '../command/given-when-then';
import { escalateServiceRequest } from './escalate-service-request';
import { escalated, opened, paused, resolved } from './request-facts';

const escalation = { requestId: 'r1', to: 'supervisor', level: 2, reason: 'three_quarters_of_time' } as const;

describe('EscalateServiceRequest', () => {
  it('goes from whoever has the request', () => {
    given(opened(-hours(2)))
      .when(escalateServiceRequest, escalation)
      .then(['ServiceRequestEscalated', { ...escalation, from: 'front_office' }, ['customer']]);
    given(opened(-hours(2)), escalated(1, -hours(1)))
      .when(escalateServiceRequest, escalation)
      .then(['ServiceRequestEscalated', { ...escalation, from: 'back_office' }]);
  });

  it('is possible while the request waits for the customer', () => {
    given(opened(-hours(2)), paused(-hours(1)))
      .when(escalateServiceRequest, escalation)
      .thenAccepted();
  });

  it.each([2, 1])('refuses level %i when the request is at level 2', (level) => {
    given(opened(-hours(2)), escalated(2, -hours(1)))
      .when(escalateServiceRequest, { ...escalation, level })
      .thenRefused('EscalationNotHigher', { path: '/level', details: { level: 2 } });
  });

  it('refuses a resolved or unknown request', () => {
    given(opened(-hours(2)), resolved(-1))
      .when(escalateServiceRequest, escalation)
      .thenRefused('RequestClosed');
    given().when(escalateServiceRequest, escalation).thenRefused('ServiceRequestNotFound');
  });
});
