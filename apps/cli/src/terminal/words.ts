import { colours } from './colours';

/** The day of an instant; a dash for none. */
export const day = (iso: string | null): string => (iso === null ? '–' : iso.slice(0, 10));

/** snake_case of the interface as words. */
export const words = (name: string): string => name.replaceAll('_', ' ');

/** A zone, or another text, in the zone's colour. */
export const zoneColour = (zone: string, text: string = zone): string => {
  if (zone === 'defection') return colours.red(text);
  if (zone === 'affection') return colours.green(text);
  return zone === 'indifference' ? colours.yellow(text) : colours.dim(text);
};

/** What each hard rule and gate of `domain.md §7.4` says. */
export const ruleMeanings: Readonly<Record<string, string>> = {
  H1: 'a defection notice is in force',
  H2: 'two or more complaints in a year were not recovered (double deviation)',
  H3: 'clearly dissatisfied, whatever is still bought',
  H4: 'verified bad word of mouth in the last 90 days',
  H5: 'buying has collapsed against the own rhythm',
  G1: 'affection needs satisfaction that was said, recently enough',
  G2: 'affection waits while a serious complaint is open',
  G3: 'affection needs a second order or an act of advocacy',
  objection: 'the customer objected to profiling, so that no zone is computed',
  restriction: 'the customer restricted the processing, so that no zone is computed',
  erased: 'the personal data were erased, so that no zone is computed',
};
