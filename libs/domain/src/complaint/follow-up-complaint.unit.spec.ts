import { given, hours } from '../command/given-when-then';
import { acknowledged, received, resolved, unreachable, verdict } from './complaint-facts';
import { followUpComplaint } from './follow-up-complaint';

const toResolution = [received(-hours(9)), acknowledged(-hours(8)), resolved(-hours(7))];

describe('FollowUpComplaint', () => {
  it.each([1, 2, 3, 4, 5])('records verdict %i as the first attempt', (value) => {
    given(...toResolution)
      .when(followUpComplaint, { complaintId: 'c1', verdict: value })
      .then(['ComplaintFollowedUp', { complaintId: 'c1', verdict: value, attempt: 1 }, ['customer']]);
  });

  it('counts the attempts', () => {
    given(...toResolution, unreachable(1, -hours(2)))
      .when(followUpComplaint, { complaintId: 'c1', unreachable: true })
      .then(['ComplaintFollowedUp', { complaintId: 'c1', unreachable: true, attempt: 2 }]);
  });

  it('refuses an attempt that is not the next one', () => {
    given(...toResolution)
      .when(followUpComplaint, { complaintId: 'c1', verdict: 4, attempt: 2 })
      .thenRefused('ValidationFailed', { path: '/attempt' });
  });

  it.each([
    ['both', { complaintId: 'c1', verdict: 4, unreachable: true }],
    ['neither', { complaintId: 'c1' }],
  ])('refuses %s verdict and unreachable', (_, body) => {
    given(...toResolution)
      .when(followUpComplaint, body)
      .thenRefused('ValidationFailed', { path: '/verdict' });
  });

  it('comes after the resolution', () => {
    given(received(-hours(9)))
      .when(followUpComplaint, { complaintId: 'c1', verdict: 4 })
      .thenRefused('NotResolvedYet');
    given(...toResolution, verdict(2, -hours(1)))
      .when(followUpComplaint, { complaintId: 'c1', verdict: 4 })
      .thenRefused('NotResolvedYet');
  });

  it.each([
    ['a verdict of 3', [verdict(3, -hours(1))]],
    ['two attempts that reached nobody', [unreachable(1, -hours(2)), unreachable(2, -hours(1))]],
  ])('is over after %s', (_, followUps) => {
    given(...toResolution, ...followUps)
      .when(followUpComplaint, { complaintId: 'c1', verdict: 4 })
      .thenRefused('ComplaintClosed');
  });

  it('refuses an unknown complaint', () => {
    given().when(followUpComplaint, { complaintId: 'c1', verdict: 4 }).thenRefused('ComplaintNotFound');
  });
});
