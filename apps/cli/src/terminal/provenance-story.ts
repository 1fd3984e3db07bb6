import { DAY_MS, type Json } from '@afecto/domain';
import type {
  Because,
  EventRef,
  FieldChange,
  FieldProvenance,
  LastChange,
  LoyaltyView,
  ZonePeriodView,
} from '@afecto/projections';
import { colours } from './colours';
import { changeText } from './explanation-story';
import { counted } from './numbers';
import { table } from './table';
import { ruleMeanings, words } from './words';

/** Characters of a value that a line shows; the JSON has all of it. */
const SHOWN = 100;
/** Changes and events shown; the JSON has all of them. */
const MOST_LINES = 20;

export const valueText = (value: Json | undefined): string => {
  if (value === undefined) return 'not there';
  if (value === null) return 'unknown';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > SHOWN ? `${text.slice(0, SHOWN - 1).toWellFormed()}…` : text;
};

/** 2025-03-20T12:00:00.000Z → 2025-03-20 12:00:00, with milliseconds only where there are any. */
export const instantText = (iso: string): string => iso.replace('T', ' ').replace(/(\.000)?Z$/, '');

const learned = ({ occurredAt, recordedAt }: EventRef): string => {
  const days = Math.floor((Date.parse(recordedAt) - Date.parse(occurredAt)) / DAY_MS);
  return `we knew at ${instantText(recordedAt)}${days > 0 ? `, ${counted(days, 'day')} later` : ''}`;
};

const eventLines = (event: EventRef, indent: string): ReadonlyArray<string> => [
  `${indent}${colours.bold(event.type)}, which happened at ${instantText(event.occurredAt)}; ${learned(event)}`,
  `${indent}told by the ${event.actor.kind} ${event.actor.id}, source ${event.source}, id ${event.id}` +
    (event.channel === null ? '' : `, on ${words(event.channel)}`),
  `${indent}${colours.dim(`event ${event.eventId}, position ${event.position}`)}`,
];

const reasonLines = (because: Because, indent: string): ReadonlyArray<string> => {
  switch (because.kind) {
    case 'start':
      return [
        `${indent}nothing has said anything else since the party is known, by`,
        ...eventLines(because.event, indent),
      ];
    case 'event':
      return eventLines(because.event, indent);
    case 'time':
      return [
        `${indent}time passed, and nothing else happened: ${
          because.deadlines.length === 0
            ? 'a term of the rule ended'
            : `this instant is ${because.deadlines.join(', ')}`
        }`,
      ];
    case 'passing':
      return [`${indent}time passes: it measures a distance to the instant asked`];
  }
};

export const shortReason = (because: Because): string => {
  switch (because.kind) {
    case 'start':
      return 'nothing said yet';
    case 'event':
      return `${because.event.type} ${colours.dim(`at position ${because.event.position}`)}`;
    case 'time':
      return because.deadlines.length === 0 ? 'time' : `time (${because.deadlines.join(', ')})`;
    case 'passing':
      return 'time passes';
  }
};

const changeRow = ({ since, value, because, configurationVersion }: FieldChange): ReadonlyArray<string> => [
  `  ${instantText(since)}`,
  valueText(value),
  because.map(shortReason).join(' and '),
  colours.dim(`configuration ${configurationVersion}`),
];

const historyLines = (history: ReadonlyArray<FieldChange>): ReadonlyArray<string> => {
  const left = history.length - MOST_LINES;
  return [
    '',
    colours.bold('Its history'),
    ...(left > 0 ? [colours.dim(`  ${counted(left, 'earlier change')} (--json has all)`)] : []),
    table(history.slice(-MOST_LINES).map(changeRow)),
  ];
};

const counterfactualLines = (title: string, found: FieldProvenance['restsOn'], none: string): ReadonlyArray<string> => {
  const head = ['', colours.bold(title)];
  if (!found.complete) return [...head, `  not told: ${found.detail}`];
  if (found.events.length === 0) return [...head, `  ${none}`];
  const left = found.events.length - MOST_LINES;
  return [
    ...head,
    table(
      found.events
        .slice(0, MOST_LINES)
        .map(({ event, ...counterfactual }) => [
          `  ${event.type}`,
          instantText(event.occurredAt),
          colours.dim(`position ${event.position}`),
          `without it: ${valueText(counterfactual.without)}`,
        ]),
    ),
    ...(left > 0 ? [colours.dim(`  and ${counted(left, 'more event')} (--json has all)`)] : []),
  ];
};

const citesLines = ({ cites }: FieldProvenance): ReadonlyArray<string> =>
  cites.length === 0
    ? []
    : [
        '',
        colours.bold('What the rule counted'),
        table(
          cites
            .slice(0, MOST_LINES)
            .map(({ event, as }) => [
              `  ${event.type}`,
              instantText(event.occurredAt),
              colours.dim(`position ${event.position}`),
              as,
            ]),
        ),
      ];

/** What is told of a zone beside its provenance. */
export interface ZoneDecision {
  readonly loyalty: LoyaltyView;
  /** The period of the present zone: how it was decided. */
  readonly period: ZonePeriodView | null;
}

const decisionLines = ({ period }: ZoneDecision): ReadonlyArray<string> =>
  period === null
    ? []
    : [
        `  decided at a score of ${period.score === null ? 'nothing yet' : period.score.toFixed(1)}` +
          (period.rules.length === 0 ? ', by the score alone' : ', by'),
        ...period.rules.map((rule) => `    rule ${colours.bold(rule)}: ${ruleMeanings[rule] ?? rule}`),
      ];

/** Where a field comes from, told from what is so now back to the first word about it. `zone`: when it is the zone. */
export const provenanceStory = (provenance: FieldProvenance, zone: ZoneDecision | null): string => {
  const { field, value, rule, passing, history } = provenance;
  const [last, before] = [history.at(-1), history.at(-2)];
  const because = last?.because ?? [];
  return [
    `${colours.bold(field)} is ${colours.bold(valueText(value))}`,
    `  by ${rule.section} of domain.md: ${rule.says}; configuration version ${rule.configurationVersion}`,
    ...(zone === null ? [] : decisionLines(zone)),
    ...(passing ? ['  It moves with time alone as well; below is what events made of it.'] : []),
    ...(last === undefined
      ? []
      : [
          `  so since ${instantText(last.since)} UTC, because of`,
          ...because.flatMap((one) => reasonLines(one, '    ')),
        ]),
    ...(before === undefined
      ? []
      : [`  before it was ${valueText(before.value)}, since ${instantText(before.since)} UTC`]),
    ...historyLines(history),
    ...counterfactualLines(
      'It rests on',
      provenance.restsOn,
      'no single event: without any one of them it would be the same now',
    ),
    ...citesLines(provenance),
    ...(zone === null || provenance.beganOn === null
      ? []
      : counterfactualLines(
          'What would have changed the decision',
          provenance.beganOn,
          'no single event: without any one of them the zone would have been the same',
        )),
    ...(zone === null ? [] : changeText(zone.loyalty, 'What would change it now')),
  ].join('\n');
};

/** The last change of every field, a line each. */
export const lastChangesStory = (changes: ReadonlyArray<LastChange>): string =>
  table(
    changes.map(({ field, value, rule, last }) => [
      `  ${field}`,
      valueText(value),
      last === null ? '–' : instantText(last.since),
      last === null ? '' : last.because.map(shortReason).join(' and '),
      colours.dim(rule.section),
    ]),
  );
