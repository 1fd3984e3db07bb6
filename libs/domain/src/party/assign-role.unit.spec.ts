import * as E from 'fp-ts/Either';
import * as fc from 'fast-check';
import { stateOf } from '../command/definition';
import { absorbedBy, given, happened, hours, iso, live, run } from '../command/given-when-then';
import type { Fact } from '../facts/envelope';
import { defaultConfiguration } from '../policy/configuration';
import { assignRole } from './assign-role';
import { assigned } from './party-facts';
import { ofParty } from './state';

const role = { partyId: 'customer', role: 'prospect' } as const;

describe('AssignRole', () => {
  it('starts at the instant of the command', () => {
    given()
      .when(assignRole, role)
      .then(['PartyRoleAssigned', { ...role, validFrom: iso() }, ['customer']]);
  });

  it.each(['agent', 'beneficiary', 'guarantor'] as const)('%s needs a counterparty', (name) => {
    given()
      .when(assignRole, { ...role, role: name })
      .thenRefused('CounterpartyRequired', { path: '/counterpartyId' });
    given()
      .when(assignRole, { ...role, role: name, counterpartyId: 'principal' })
      .then([
        'PartyRoleAssigned',
        { ...role, role: name, counterpartyId: 'principal', validFrom: iso() },
        ['customer', 'principal'],
      ]);
  });

  it('refuses the party itself as counterparty, also after a merge', () => {
    given()
      .when(assignRole, { ...role, role: 'agent', counterpartyId: 'customer' })
      .thenRefused('SelfCounterparty', { path: '/counterpartyId' });
    given()
      .when(
        assignRole,
        { ...role, role: 'agent', counterpartyId: 'absorbed' },
        { parties: { absorbed: absorbedBy('customer'), customer: live('customer') } },
      )
      .thenRefused('SelfCounterparty');
  });

  it('refuses the derived role of customer', () => {
    given()
      .when(assignRole, { ...role, role: 'customer' })
      .thenRefused('ValidationFailed', { path: '/role' });
  });

  it('refuses an interval without length', () => {
    given()
      .when(assignRole, { ...role, validFrom: iso(), validTo: iso() })
      .thenRefused('InvalidInterval', { path: '/validTo' });
  });

  it('refuses a second interval that overlaps, and takes one that follows at once', () => {
    const until = assigned(-hours(5), { validTo: iso(-hours(2)) });
    given(until)
      .when(assignRole, { ...role, validFrom: iso(-hours(2) - 1) })
      .thenRefused('RoleOverlap', { path: '/validFrom' });
    given(until)
      .when(assignRole, { ...role, validFrom: iso(-hours(2)) })
      .thenAccepted();
    given(until)
      .when(assignRole, { ...role, role: 'supplier', validFrom: iso(-hours(3)) })
      .thenAccepted();
  });

  it('closes the open interval when it is issued with an end', () => {
    given(assigned(-hours(5)))
      .when(assignRole, { ...role, validTo: iso() })
      .then(['PartyRoleAssigned', { ...role, validFrom: iso(-hours(5)), validTo: iso() }]);
  });

  it('takes a role of an earlier time that has ended, whatever is told since', () => {
    given(assigned(-hours(5)))
      .when(assignRole, { ...role, validFrom: iso(-hours(9)), validTo: iso(-hours(5)) })
      .thenAccepted();
  });

  /** Issued again towards the survivor it was another role, and that towards the absorbed party never ended. */
  it('closes the role towards a party that was merged since under the name that it had', () => {
    const agent = { role: 'agent', counterpartyId: 'absorbed' } as const;
    given(assigned(-hours(5), agent))
      .when(
        assignRole,
        { ...role, role: 'agent', counterpartyId: 'principal', validTo: iso() },
        { parties: { absorbed: absorbedBy('principal'), principal: live('principal') } },
      )
      .then([
        'PartyRoleAssigned',
        { ...role, ...agent, validFrom: iso(-hours(5)), validTo: iso() },
        ['customer', 'absorbed'],
      ]);
  });

  it('says nothing new when the interval is known', () => {
    given(assigned(-hours(5)))
      .when(assignRole, { ...role, validFrom: iso(-hours(5)) })
      .thenNothing();
  });

  it('leaves no two overlapping intervals of one role, whatever is asked', () => {
    const command = fc.record({
      role: fc.constantFrom('prospect', 'agent'),
      counterpartyId: fc.constantFrom('a', 'b'),
      from: fc.integer({ min: 0, max: 20 }),
      length: fc.option(fc.integer({ min: 0, max: 8 })),
    });
    fc.assert(
      fc.property(fc.array(command, { maxLength: 20 }), (commands) => {
        const facts: Fact[] = [];
        commands.forEach(({ from, length, ...rest }, index) => {
          const body = {
            partyId: 'customer',
            ...rest,
            validFrom: iso(hours(from)),
            ...(length === null ? {} : { validTo: iso(hours(from + length)) }),
          };
          const { decision } = run(assignRole, body, facts);
          if (E.isRight(decision)) facts.push(...happened(decision, index));
        });
        const { roles } = stateOf(ofParty, facts, defaultConfiguration);
        for (const [index, one] of roles.entries()) {
          for (const other of roles.slice(index + 1)) {
            const isSame = one.role === other.role && one.counterpartyId === other.counterpartyId;
            const meets = one.validFrom < (other.validTo ?? Infinity) && other.validFrom < (one.validTo ?? Infinity);
            expect(isSame && meets).toBe(false);
          }
        }
      }),
      { numRuns: 150 },
    );
  });
});
