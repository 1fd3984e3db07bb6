/**
 * Who lists the parties of a fact by himself (`subjects`, for further ones that the payload does not name) was
 * believed: a complaint of one customer that listed another was in the timeline, the zone and the queues of
 * the other one, and its own customer never had it. A fact of the policy could be made one about a customer.
 */
import * as E from 'fp-ts/Either';
import type { FactType } from './catalogue';
import { decodeCloudEvent } from './cloud-events';
import { samples } from './samples';

const listing = (type: FactType, subjects: string, attributes: object = {}) =>
  decodeCloudEvent({
    specversion: '1.0',
    id: 'e-1',
    source: 'crm',
    type,
    time: '2026-03-01T10:00:00Z',
    data: samples[type],
    subjects,
    ...attributes,
  });

describe('the subjects that a sender lists (interfaces.md, Facts in)', () => {
  it.each([
    ['ComplaintReceived', 'p1,p9', ['p1', 'p9']],
    ['OrderPlaced', 'p2,p1', ['p2', 'p1']],
    ['OrderFulfilled', 'p7,p8', ['p7', 'p8']],
  ] as const)('of %s may be %s', (type, subjects, about) => {
    expect(listing(type, subjects)).toMatchObject(E.right({ subjects: about }));
  });

  it.each([
    ['ComplaintReceived', 'p9', 'p1'],
    ['OrderPlaced', 'p1', 'p2'],
    ['PartiesMerged', 'p2', 'p1'],
    ['ServiceFailureDetected', 'p1,p9', 'p2'],
  ] as const)('of %s are not %s alone: the payload names %s', (type, subjects, missing) => {
    expect(listing(type, subjects)).toEqual(
      E.left([{ path: '/subjects', message: `must list ${missing}, whom the payload names` }]),
    );
  });

  it('have the subject among them', () => {
    expect(listing('OrderFulfilled', 'p8', { subject: 'p7' })).toEqual(
      E.left([{ path: '/subjects', message: 'must list p7, which is the subject' }]),
    );
  });

  it.each(['CampaignLaunched', 'ConfigurationActivated', 'PortfolioReviewed'] as const)('of %s are none', (type) => {
    expect(listing(type, 'p1')).toEqual(
      E.left([{ path: '/subjects', message: `must be left out; ${type} is about no party` }]),
    );
  });
});
