import { setImmediate as nextTurn } from 'node:timers/promises';
import { inTurns } from '@afecto/analytics';
import { type CustomerState, type Instant, type Json, policyAt, toIso } from '@afecto/domain';
import * as E from 'fp-ts/Either';
import { profileOf } from '../profile/profile';
import { type EventRef, eventRefOf } from '../timeline/event-ref';
import { type Field, fieldNamed, profileFields } from './fields';
import { type PartyHistory, regimeOfHistory, stateOf, upTo } from './party-history';
import type { Rule } from './rules';
import { eventsIn, MOST_EVENTS_DOUBTED, restsOn } from './rests-on';
import { type Cause, type Change, traceOf, type Trail } from './trace';

/** Why a value began to hold. */
export type Because =
  | { readonly kind: 'start'; readonly event: EventRef }
  | { readonly kind: 'event'; readonly event: EventRef }
  | { readonly kind: 'time'; readonly deadlines: ReadonlyArray<string> }
  | { readonly kind: 'passing' };

export interface FieldChange {
  /** Absent: there was no such entry, or nobody by this id. */
  readonly value?: Json;
  readonly since: string;
  readonly because: ReadonlyArray<Because>;
  readonly configurationVersion: number;
}

/** What a field is, and by which rule. */
export interface FieldHead {
  /** JSON Pointer into the profile. */
  readonly field: string;
  readonly value?: Json;
  readonly rule: { readonly section: string; readonly says: string; readonly configurationVersion: number };
  /** It measures a distance to the instant asked, and moves between events as well. */
  readonly passing: boolean;
}

/** Events, each with what the value would have been without it (absent: none). */
export type Counterfactuals =
  | { readonly complete: true; readonly events: ReadonlyArray<{ readonly event: EventRef; readonly without?: Json }> }
  | { readonly complete: false; readonly detail: string };

export interface FieldProvenance extends FieldHead {
  /** In order; the last one holds at the instant asked. */
  readonly history: ReadonlyArray<FieldChange>;
  /** The events without each of which the value would be another one now. */
  readonly restsOn: Counterfactuals;
  /** The same at the instant since which the value holds; null when it only passes, or never was another. */
  readonly beganOn: Counterfactuals | null;
  /** Events that the rule itself names, and as what. */
  readonly cites: ReadonlyArray<{ readonly event: EventRef; readonly as: string }>;
}

export interface LastChange extends FieldHead {
  readonly last: FieldChange | null;
}

const textOf = (value: Json | undefined): string => (value === undefined ? '' : JSON.stringify(value));
const valueIn = (text: string): { readonly value?: Json } => {
  if (text === '') return {};
  // Written by `textOf` from a value of this type.
  const value: Json = JSON.parse(text);
  return { value };
};

const lookAt =
  (fields: ReadonlyArray<Field>) =>
  (customer: CustomerState | null): ReadonlyArray<string> => {
    if (customer === null) return fields.map(() => '');
    const profile = profileOf(customer);
    return fields.map(({ read }) => textOf(read(profile)));
  };

const becauseOf = (cause: Cause): Because => {
  switch (cause.kind) {
    case 'start':
    case 'event':
      return { kind: cause.kind, event: eventRefOf(cause.placed) };
    default:
      return cause;
  }
};

const changeOf = ({ text, since, because, configurationVersion }: Change): FieldChange => ({
  ...valueIn(text),
  since: toIso(since),
  because: because.map(becauseOf),
  configurationVersion,
});

const headOf = (history: PartyHistory, field: Field, text: string, { passing }: Trail): FieldHead => {
  const { section, says } = field.rule;
  const { version } = policyAt(regimeOfHistory(history), history.asOf).configuration;
  return {
    field: field.pointer,
    ...valueIn(text),
    rule: { section, says, configurationVersion: version },
    passing,
  };
};

const citesOf = (history: PartyHistory, field: Field, state: CustomerState): FieldProvenance['cites'] => {
  const events = new Map(eventsIn(history).map((placed) => [placed.fact.eventId, placed]));
  return (field.rule.cites?.(state, field.key) ?? []).flatMap(({ eventId, as }) => {
    const placed = events.get(eventId);
    return placed === undefined ? [] : [{ event: eventRefOf(placed), as }];
  });
};

const counterfactualsOf = async (
  history: PartyHistory,
  oneText: (customer: CustomerState | null) => string,
): Promise<Counterfactuals> => {
  const pillars = await inTurns(restsOn(history, oneText), nextTurn);
  if (pillars === null)
    return {
      complete: false,
      detail: `${eventsIn(history).length} events may count; without each of them the customer is folded again only up to ${MOST_EVENTS_DOUBTED}`,
    };
  const events = pillars.map(({ placed, without }) => {
    const { value } = valueIn(without);
    return { event: eventRefOf(placed), ...(value === undefined ? {} : { without: value }) };
  });
  return { complete: true, events };
};

const NO_TRAIL: Trail = { changes: [], passing: false };

/** The last change of every field of the profile; null when the party is not known at the end of the history. */
export const lastChanges = async (history: PartyHistory): Promise<ReadonlyArray<LastChange> | null> => {
  const state = stateOf(history);
  if (state === null) return null;
  const look = lookAt(profileFields);
  const trails = await inTurns(traceOf(history, look), nextTurn);
  const texts = look(state);
  return profileFields.map((field, index) => {
    const trail = trails[index] ?? NO_TRAIL;
    const last = trail.changes.at(-1);
    return {
      ...headOf(history, field, texts[index] ?? '', trail),
      last: last === undefined ? null : changeOf(last),
    };
  });
};

/**
 * Where one field of the profile comes from (`domain.md §16 PR02`): its whole history, the events it
 * rests on and the rule. Left: a message that names the fields there are. Null when the party is not
 * known at the end of the history.
 */
export const provenanceOf = async (
  history: PartyHistory,
  name: string,
): Promise<E.Either<string, FieldProvenance> | null> => {
  const state = stateOf(history);
  if (state === null) return null;
  const named = fieldNamed(name, profileOf(state));
  if (E.isLeft(named)) return named;
  const field = named.right;
  const look = lookAt([field]);
  const [trail = NO_TRAIL] = await inTurns(traceOf(history, look), nextTurn);
  const oneText = (customer: CustomerState | null): string => look(customer)[0] ?? '';
  const last = trail.changes.at(-1);
  const isStep = last !== undefined && !trail.passing && trail.changes.length > 1;
  return E.right({
    ...headOf(history, field, oneText(state), trail),
    history: trail.changes.map(changeOf),
    restsOn: await counterfactualsOf(history, oneText),
    beganOn: isStep ? await counterfactualsOf(upTo(history, last.since), oneText) : null,
    cites: citesOf(history, field, state),
  });
};

/** A field that is another one at the end of a stretch of time than at its beginning. */
export interface FieldDifference {
  readonly field: string;
  readonly before?: Json;
  readonly after?: Json;
  readonly rule: Pick<Rule, 'section' | 'says'>;
  readonly passing: boolean;
  /** Every value that began to hold in between, with its causes. */
  readonly changes: ReadonlyArray<FieldChange>;
}

/**
 * What changed of a profile after `from`, up to the end of its history, field by field and because of
 * what. `pointers`: only these fields.
 */
export const differencesSince = async (
  history: PartyHistory,
  from: Instant,
  pointers?: ReadonlyArray<string>,
): Promise<ReadonlyArray<FieldDifference>> => {
  const fields = profileFields.filter(({ pointer }) => pointers === undefined || pointers.includes(pointer));
  const look = lookAt(fields);
  const [before, after] = [look(stateOf(upTo(history, from))), look(stateOf(history))];
  const trails = await inTurns(traceOf(history, look), nextTurn);
  return fields.flatMap((field, index): ReadonlyArray<FieldDifference> => {
    const [old, fresh] = [before[index] ?? '', after[index] ?? ''];
    if (old === fresh) return [];
    const { changes, passing } = trails[index] ?? NO_TRAIL;
    const was = valueIn(old).value;
    const is = valueIn(fresh).value;
    const { section, says } = field.rule;
    return [
      {
        field: field.pointer,
        ...(was === undefined ? {} : { before: was }),
        ...(is === undefined ? {} : { after: is }),
        rule: { section, says },
        passing,
        changes: changes.filter(({ since }) => since > from).map(changeOf),
      },
    ];
  });
};
