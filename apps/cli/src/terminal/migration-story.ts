import type {
  FieldChange,
  FieldDifference,
  Migration,
  Migrations,
  Moved,
  QueueCounts,
  Respect,
  Summary,
} from '@afecto/projections';
import { colours } from './colours';
import { count, counted } from './numbers';
import { instantText, shortReason, valueText } from './provenance-story';
import { table } from './table';
import { words } from './words';

export interface Compared<Party extends Moved> {
  readonly customers: number;
  readonly moved: number;
  readonly migrations: Migrations;
  readonly queues: ReadonlyArray<QueueCounts>;
  readonly failed: ReadonlyArray<{ readonly partyId: string; readonly error: string }>;
  readonly parties: ReadonlyArray<Party>;
  readonly next: string | null;
}

const titles: Readonly<Record<Respect, string>> = {
  zone: 'Zones',
  tier: 'Tiers',
  phase: 'Phases',
  action: 'Queue of the next best action',
};

const matrix = (title: string, migrations: ReadonlyArray<Migration>): ReadonlyArray<string> => {
  const rows = [...new Set(migrations.map(({ from }) => from))].sort();
  const columns = [...new Set(migrations.map(({ to }) => to))].sort();
  const customers = new Map(migrations.map(({ from, to, customers: many }) => [`${from} ${to}`, many]));
  const cell = (from: string, to: string): string => {
    const many = customers.get(`${from} ${to}`);
    if (many === undefined) return colours.dim('·');
    return from === to ? colours.dim(count(many)) : colours.bold(count(many));
  };
  return [
    '',
    colours.bold(`${title}: from (down) to (across)`),
    table(
      [
        ['', ...columns.map((to) => colours.dim(words(to)))],
        ...rows.map((from) => [`  ${words(from)}`, ...columns.map((to) => cell(from, to))]),
      ],
      columns.map((_, index) => index + 1),
    ),
  ];
};

const queueLines = (queues: ReadonlyArray<QueueCounts>): ReadonlyArray<string> =>
  queues.length === 0
    ? []
    : [
        '',
        colours.bold('Open items'),
        table(
          [
            ['  queue', 'before', 'after', 'the same', 'new', 'gone'].map((name) => colours.dim(name)),
            ...queues.map(({ queue, before, after, same }) => [
              `  ${queue}`,
              ...[before, after, same, after - same, before - same].map(count),
            ]),
          ],
          [1, 2, 3, 4, 5],
        ),
      ];

const totals = ({
  migrations,
  queues,
  failed,
}: Pick<Compared<Moved>, 'migrations' | 'queues' | 'failed'>): ReadonlyArray<string> => [
  ...failed.map(({ partyId, error }) => colours.red(`  ${partyId} cannot be folded and is left out: ${error}`)),
  ...Object.entries(titles).flatMap(([respect, title]) =>
    // The keys of `titles` are the respects there are.
    matrix(title, migrations[respect as Respect]),
  ),
  ...queueLines(queues),
];

const openIn = (summary: Summary | null): string => {
  const queues = (summary?.items ?? []).map(({ queue }) => queue).sort();
  return queues.length === 0 ? 'nothing open' : queues.join(' ');
};

const placeIn = (summary: Summary | null, respect: Respect): string =>
  summary === null ? 'absent' : words(summary[respect] ?? 'none');

const moveText = ({ before, after }: Moved): string => {
  const moves = (['zone', 'tier', 'phase'] as const).flatMap((respect) => {
    const [from, to] = [placeIn(before, respect), placeIn(after, respect)];
    return from === to ? [] : [`${respect} ${from} → ${to}`];
  });
  const [from, to] = [openIn(before), openIn(after)];
  return [...moves, ...(from === to ? [] : [`${from} → ${to}`])].join('; ') || 'other items of the same queues';
};

const nextLines = ({ next, parties, moved }: Compared<Moved>): ReadonlyArray<string> =>
  next === null
    ? []
    : [
        colours.dim(
          `  ${count(parties.length)} of ${count(moved)} shown; the next: --after ${next}, all: --parties FILE`,
        ),
      ];

/** `afecto simulate`. */
export const simulationStory = (
  about: { readonly asOf: string; readonly configuration: string; readonly configurationVersion: number },
  compared: Compared<Moved>,
  note: string,
): string =>
  [
    `${counted(compared.customers, 'customer')} as of ${about.asOf}, as they are and as if ${about.configuration} ` +
      `(version ${about.configurationVersion}) had always been in force: ${count(compared.moved)} would stand elsewhere`,
    colours.dim(note),
    ...totals(compared),
    ...(compared.parties.length === 0 ? [] : ['', colours.bold('Who would move')]),
    ...compared.parties.map((moved) => `  ${colours.bold(moved.partyId)}  ${moveText(moved)}`),
    ...nextLines(compared),
  ].join('\n');

const changeLine = ({ since, value, because }: FieldChange, name: string): string =>
  `      ${instantText(since)}  ${name} ${valueText(value)}  ← ${because.map(shortReason).join(' and ')}`;

/** What changed in a list is told by its causes; the list itself is in the profile. */
const causeLines = ({ field, changes }: FieldDifference): ReadonlyArray<string> =>
  field === '/openItems'
    ? changes.map((change) => changeLine({ ...change, value: itemsText(change.value) }, 'open'))
    : changes.map((change) => changeLine(change, field.slice(field.lastIndexOf('/') + 1)));

const itemsText = (value: FieldChange['value']): string =>
  Array.isArray(value)
    ? value
        .map((item: unknown) =>
          typeof item === 'object' && item !== null && 'queue' in item ? String(item.queue) : '?',
        )
        .sort()
        .join(' ') || 'nothing'
    : 'nothing';

/** `afecto diff` of all customers. */
export const differenceStory = (
  about: { readonly from: string; readonly to: string },
  compared: Compared<Moved & { readonly because: ReadonlyArray<FieldDifference> }>,
): string =>
  [
    `${counted(compared.customers, 'customer')} from ${about.from} to ${about.to}: ${count(compared.moved)} stand elsewhere`,
    ...totals(compared),
    ...(compared.parties.length === 0 ? [] : ['', colours.bold('Who moved, and because of what')]),
    ...compared.parties.flatMap((moved) => [
      `  ${colours.bold(moved.partyId)}  ${moveText(moved)}`,
      ...moved.because.flatMap(causeLines),
    ]),
    ...nextLines(compared),
  ].join('\n');

/** `afecto diff` of one party. */
export const partyDifferenceStory = (
  partyId: string,
  about: { readonly from: string; readonly to: string },
  fields: ReadonlyArray<FieldDifference>,
): string => {
  const [moving, stepping] = [fields.filter(({ passing }) => passing), fields.filter(({ passing }) => !passing)];
  const head = ({ field, before, after }: FieldDifference): string =>
    `  ${colours.bold(field)}  ${valueText(before)} → ${valueText(after)}`;
  return [
    `${partyId} from ${about.from} to ${about.to}: ${counted(fields.length, 'field')} changed`,
    ...stepping.flatMap((field) => [head(field), ...field.changes.map((change) => changeLine(change, ''))]),
    ...(moving.length === 0 ? [] : ['', colours.bold('As time passes')]),
    ...moving.map(head),
  ].join('\n');
};
