/**
 * One spelling for identifiers that are the same (`domain.md §3`, identity resolution): Unicode NFC
 * and trimmed for all; e-mail and social names in lower case; phone and fax as E.164 digits with `+`
 * (a leading `00` counts as `+`; a national number keeps its digits without `+`); tax, national and
 * loyalty numbers in upper case without blanks, dots and hyphens; postal addresses with single
 * blanks in lower case.
 */
export const normaliseIdentifier = (scheme: string, value: string): string => {
  const text = value.normalize('NFC').trim();
  switch (scheme) {
    case 'email':
    case 'social':
      return text.toLowerCase();
    case 'phone':
    case 'fax': {
      const digits = text.replace(/\D/g, '');
      if (text.startsWith('+')) return `+${digits}`;
      return digits.startsWith('00') ? `+${digits.slice(2)}` : digits;
    }
    case 'national_id':
    case 'tax_id':
    case 'loyalty_no':
      return text.replace(/[\s.-]/g, '').toUpperCase();
    case 'postal':
      return text.replace(/\s+/g, ' ').toLowerCase();
    default:
      return text;
  }
};

/** Evidence that two parties are one, by scheme (`domain.md §3`, [O]). */
const MATCH_WEIGHTS: Readonly<Record<string, number>> = {
  national_id: 1,
  tax_id: 1,
  loyalty_no: 1,
  email: 0.8,
  phone: 0.6,
  postal: 0.3,
};

/** 1 − Π(1 − w) over the distinct schemes that match; 0..1. */
export const matchScore = (schemes: Iterable<string>): number => {
  let differs = 1;
  for (const scheme of new Set(schemes)) differs *= 1 - (MATCH_WEIGHTS[scheme] ?? 0);
  return 1 - differs;
};
