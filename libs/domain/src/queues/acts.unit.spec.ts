/**
 * The id of a work item is made of the root party's id. After a merge the same trigger belongs to the
 * survivor and has another id, while claims and outcomes in the log keep the id of the party that was
 * absorbed: an item that was claimed or completed before the merge came back as untouched.
 */
import { fact, isoOnDay, onDay } from '../customer/fact-builder';
import { foldCustomer } from '../customer/fold';
import { regimeOf } from '../policy/fold-regime';
import { itemIdOf } from './item-id';

const complaint = fact('ComplaintReceived', 1, {
  complaintId: 'c1',
  partyId: 'p2',
  channel: 'phone',
  category: 'delivery',
  severity: 3,
});
const claim = fact('WorkItemClaimed', 1.01, {
  itemId: itemIdOf('Q1', 'p2', 'c1'),
  queue: 'Q1',
  partyId: 'p2',
  agentId: 'ada',
  leaseUntil: isoOnDay(1.03),
  slot: 'priority',
});

const itemsOf = (partyId: string, members: ReadonlyArray<string>) =>
  foldCustomer({ partyId, members, facts: [complaint, claim], referredOrders: [] }, regimeOf([]), onDay(1.02)).standing
    .items;

describe('work items of merged parties', () => {
  it('given a claim before the merge, then the item of the survivor is claimed', () => {
    expect(itemsOf('p1', ['p1', 'p2'])).toMatchObject([
      { itemId: itemIdOf('Q1', 'p1', 'c1'), state: 'claimed', claimedBy: { agentId: 'ada' } },
    ]);
  });

  it('given the party alone, then its own item is claimed', () => {
    expect(itemsOf('p2', ['p2'])).toMatchObject([{ itemId: itemIdOf('Q1', 'p2', 'c1'), state: 'claimed' }]);
  });
});
