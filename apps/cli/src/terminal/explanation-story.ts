import type { LoyaltyView, ZonePeriodView } from '@afecto/projections';
import { colours } from './colours';
import { table } from './table';
import { day, ruleMeanings, zoneColour } from './words';

const familyNames = { A: 'attitude', B: 'experience', C: 'behaviour', D: 'ties and advocacy' } as const;

/** Evidence shown; the JSON has all of it. */
const STRONGEST = 8;

const signed = (value: number): string => `${value >= 0 ? '+' : '−'}${Math.abs(value).toFixed(2)}`;
const term = (value: number): string => `${value >= 0 ? '+' : '−'} ${Math.abs(value).toFixed(2)}`;

const scoreText = ({ zone, score, families, rules }: LoyaltyView): string => {
  const why = `${colours.bold('Why')} ${zoneColour(zone)}?`;
  if (score === null) return rules.length > 0 ? why : `${why} Not enough is known for a score.`;
  const sum = families
    .filter(({ points }) => points !== 0)
    .map(({ family, points }) => ` ${term(points)} ${familyNames[family]}`);
  return `${why} Score ${score.toFixed(2)} = 50${sum.join('')}`;
};

const heldBack = (heldBy: 'dwell' | 'step'): string =>
  heldBy === 'dwell' ? 'held back: the present zone was entered too recently' : 'held back: one zone up at a time';

/** No score alone gives affection (`domain.md §7.4`): its gates are looked at when the score is reached. */
const GATES =
  'affection also needs satisfaction said recently enough (G1), no serious complaint open (G2) ' +
  'and a second order or an act of advocacy (G3)';

/** What would have to happen for another zone: points of score, and rules that must cease. */
export const changeText = (
  { zone, toNext: { up, down }, rules }: LoyaltyView,
  title = 'What would change it',
): ReadonlyArray<string> => {
  const hard = rules.filter((rule) => rule.startsWith('H'));
  const gates = zone === 'indifference' ? rules.filter((rule) => rule.startsWith('G')) : [];
  const lines: string[] = [];
  if (up !== null)
    lines.push(
      up.distance > 0
        ? `  up: ${up.distance.toFixed(1)} points more reach ${up.threshold}` +
            (hard.length > 0 ? `, and ${hard.join(' and ')} must cease` : '') +
            (zone === 'indifference' ? `; ${GATES}` : '')
        : `  up: the score has passed ${up.threshold}; ` +
            (hard.length > 0
              ? `${hard.join(' and ')} must cease`
              : gates.length > 0
                ? `${gates.join(' and ')} must hold`
                : 'it waits for what holds it back'),
    );
  if (down !== null)
    lines.push(
      down.distance > 0
        ? `  down: ${down.distance.toFixed(1)} points less fall below ${down.threshold}`
        : `  down: the score has fallen below ${down.threshold} already; it waits for what holds it back`,
    );
  return lines.length === 0 ? [] : ['', colours.bold(title), ...lines];
};

const historyText = (history: ReadonlyArray<ZonePeriodView>): ReadonlyArray<string> =>
  history.length === 0
    ? []
    : [
        '',
        colours.bold('Zones so far'),
        table(
          history.map(({ zone, from, to, score, rules }) => [
            `  ${day(from)} to ${to === null ? 'now' : day(to)}`,
            zoneColour(zone),
            score === null ? '' : score.toFixed(1),
            rules.join(', '),
          ]),
          [2],
        ),
      ];

/** Why this zone, from the strongest piece of evidence to the weakest, and what would change it. */
export const explanationStory = (view: LoyaltyView, history: ReadonlyArray<ZonePeriodView> = []): string => {
  const lines = [scoreText(view)];
  const strongest = view.evidence.toSorted((a, b) => Math.abs(b.points) - Math.abs(a.points)).slice(0, STRONGEST);
  if (strongest.length > 0)
    lines.push(
      table(
        strongest.map(({ points, family, type, occurredAt, note }) => [
          `  ${points >= 0 ? colours.green(signed(points)) : colours.red(signed(points))}`,
          colours.dim(familyNames[family]),
          day(occurredAt),
          type,
          colours.dim(note),
        ]),
        [0],
      ),
    );
  if (view.evidence.length > STRONGEST)
    lines.push(
      colours.dim(`         and ${view.evidence.length - STRONGEST} weaker pieces of evidence (--json has all)`),
    );
  for (const rule of view.rules) lines.push(`  rule ${colours.bold(rule)}: ${ruleMeanings[rule] ?? rule}`);
  if (view.heldBy !== null) lines.push(`  ${heldBack(view.heldBy)}`);
  lines.push(...changeText(view), ...historyText(history));
  return lines.join('\n');
};
