import type { IdentifierHolder, IdentifierKey } from '../command/knowledge';
import type { Configuration } from '../policy/configuration';
import type { Identifier } from './state';

const normalisePhone = (value: string): string => {
  const digits = value.replace(/[^\d+]/g, '').replace(/(?!^)\+/g, '');
  return digits.startsWith('00') ? `+${digits.slice(2)}` : digits;
};

/**
 * The form in which identifiers are compared and stored (`domain.md §3`, identity resolution): NFC
 * and trimmed; email in lower case; phone and fax as `+` and digits (E.164 when the sender gave the
 * country; a national number keeps its digits); document and loyalty numbers in upper case without
 * spaces and dashes.
 */
export const normaliseIdentifier = <I extends IdentifierKey>(identifier: I): I => {
  const text = identifier.value.normalize('NFC').trim();
  switch (identifier.scheme) {
    case 'email':
      return { ...identifier, value: text.toLowerCase() };
    case 'phone':
    case 'fax':
      return { ...identifier, value: normalisePhone(text) || text };
    case 'national_id':
    case 'tax_id':
    case 'loyalty_no':
      return { ...identifier, value: text.toUpperCase().replace(/[\s.-]/g, '') || text };
    case 'device':
    case 'social':
    case 'postal':
      return { ...identifier, value: text.replace(/\s+/g, ' ') };
  }
};

export interface MatchCandidate {
  readonly partyId: string;
  /** 0..1 */
  readonly matchScore: number;
}

/**
 * Other parties that hold one of the identifiers, best match first. A verified identifier on both
 * sides is the same party (score 1); otherwise 1−Π(1−w) over the schemes that agree (`domain.md §3`).
 */
export const matchCandidates = (
  identifiers: ReadonlyArray<Identifier>,
  holders: ReadonlyArray<IdentifierHolder>,
  { matchWeights }: Configuration['identity'],
): ReadonlyArray<MatchCandidate> => {
  // Parties merged into one may each hold it, and it may be asked for in two spellings: it agrees once.
  const agreed = new Map<
    string,
    { readonly partyId: string; readonly scheme: Identifier['scheme']; verified: boolean }
  >();
  for (const { partyId, scheme, value, verified } of holders) {
    const ours = identifiers.filter((identifier) => identifier.scheme === scheme && identifier.value === value);
    if (ours.length === 0) continue;
    const isVerified = verified && ours.some((identifier) => identifier.verified);
    const key = `${partyId} ${scheme} ${value}`;
    const known = agreed.get(key);
    if (known === undefined) agreed.set(key, { partyId, scheme, verified: isVerified });
    else known.verified ||= isVerified;
  }
  const differs = new Map<string, number>();
  for (const { partyId, scheme, verified } of agreed.values())
    differs.set(partyId, (differs.get(partyId) ?? 1) * (1 - (verified ? 1 : matchWeights[scheme])));
  return [...differs]
    .map(([partyId, rest]) => ({ partyId, matchScore: 1 - rest }))
    .sort((a, b) => b.matchScore - a.matchScore || (a.partyId < b.partyId ? -1 : 1));
};
