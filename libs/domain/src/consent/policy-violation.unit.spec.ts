import { foldCustomer } from '../customer/fold';
import type { Fact } from '../facts/envelope';
import { defaultConfiguration } from '../policy/configuration';
import { regimeOf } from '../policy/fold-regime';
import { consent, contact, hours, identified } from '../queues/arbitrary-scenario';
import { policyViolationOf } from './policy-violation';

const noon = 10 + hours(12);
const night = 10 + hours(23);

const violationOf = (told: ReturnType<typeof contact>, before: ReadonlyArray<Fact>, commandId?: string) => {
  const history = { partyId: 'p1', members: ['p1'], facts: before, referredOrders: [] };
  const { evidence } = foldCustomer(history, regimeOf([]), told.occurredAt).fold;
  return policyViolationOf(evidence, commandId === undefined ? told : { ...told, commandId }, defaultConfiguration);
};

const consented = [identified(0), consent(0, 'marketing'), consent(0, 'survey'), consent(0, 'winback')];

describe('a contact that took place (domain.md §15, RecordInteraction)', () => {
  test.each(['campaign', 'survey', 'winback'] as const)('%s needs the consent for it', (purpose) => {
    expect(violationOf(contact(noon, purpose), consented)).toBeNull();
    expect(violationOf(contact(noon, purpose), [identified(0)])).toBe('no_consent');
    expect(violationOf(contact(night, purpose), consented)).toBe('quiet_hours');
    expect(violationOf(contact(noon, purpose), [...consented, contact(9, 'sales')])).toBe('cap');
  });

  test.each(['service', 'sales', 'retention', 'information'] as const)('%s needs no permission', (purpose) => {
    expect(violationOf(contact(night, purpose), [])).toBeNull();
  });

  test('none is needed of who calls us', () => {
    expect(violationOf(contact(night, 'campaign', { direction: 'inbound' }), [])).toBeNull();
  });

  test('one that a command recorded was permitted then', () => {
    expect(violationOf(contact(noon, 'campaign'), [], 'c1')).toBeNull();
  });
});
