import { iso, past } from '../command/given-when-then';
import type { FactData } from '../facts/catalogue';

/** Facts of one party for the specifications; offsets in milliseconds from `NOW`. */
export const registered = (offsetMs: number) =>
  past('PartyRegistered', { partyId: 'customer', kind: 'person', displayName: 'Ana', source: 'shop' }, offsetMs);

export const identified = (
  offsetMs: number,
  identifier: Partial<FactData['PartyIdentified']['identifiers'][number]> = {},
) =>
  past(
    'PartyIdentified',
    {
      partyId: 'customer',
      identifiers: [
        { scheme: 'email', value: 'ana@example.org', verified: true, preferred: false, valid: true, ...identifier },
      ],
    },
    offsetMs,
  );

export const assigned = (offsetMs: number, data: Partial<FactData['PartyRoleAssigned']> = {}) =>
  past('PartyRoleAssigned', { partyId: 'customer', role: 'prospect', validFrom: iso(offsetMs), ...data }, offsetMs);

export const granted = (offsetMs: number, data: Partial<FactData['ConsentGranted']> = {}) =>
  past(
    'ConsentGranted',
    {
      partyId: 'customer',
      purpose: 'marketing',
      channel: 'email',
      lawfulBasis: 'consent',
      policyVersion: 'v1',
      evidenceRef: 'form-1',
      ...data,
    },
    offsetMs,
  );

export const withdrawn = (offsetMs: number, channel: FactData['ConsentWithdrawn']['channel'] = 'email') =>
  past('ConsentWithdrawn', { partyId: 'customer', purpose: 'marketing', channel, via: 'web' }, offsetMs);
