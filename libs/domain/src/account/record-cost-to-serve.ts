import * as E from 'fp-ts/Either';
import { type CommandDefinition, decided } from '../command/definition';
import { refuse } from '../command/errors';
import { rootOf } from '../command/knowledge';
import { code, dayOrInstant, id, isDay, minorUnits } from '../facts/codec';
import { record, type RecordOf } from '../facts/structure';
import { type Calendar, calendarOf, DAY_MS } from '../time/calendar';
import { onAccount, regardless } from './account-stream';

const required = {
  partyId: id,
  amountMinor: minorUnits,
  activity: code,
  periodFrom: dayOrInstant,
  periodTo: dayOrInstant,
};
export type RecordCostToServe = RecordOf<typeof required, Record<never, never>>;

/** The calendar day, as a number, of a day or of the instant's day in the tenant's time zone. */
const dayNumberOf = (text: string, { dayNumber }: Calendar): number =>
  isDay(text) ? Date.parse(text) / DAY_MS : dayNumber(Date.parse(text));

/** Whether a period has its end before its start. A day is meant whole, so one day is a period. */
const isBackwards = ({ periodFrom, periodTo }: RecordCostToServe, calendar: Calendar): boolean =>
  isDay(periodFrom) || isDay(periodTo)
    ? dayNumberOf(periodFrom, calendar) > dayNumberOf(periodTo, calendar)
    : Date.parse(periodFrom) > Date.parse(periodTo);

/**
 * What it cost to serve a customer in a period (`domain.md §6.5`, CM365), in minor units of the
 * reporting currency, 0 or more. InvalidInterval: the period ends before it starts.
 */
export const recordCostToServe: CommandDefinition<RecordCostToServe, null> = {
  name: 'RecordCostToServe',
  input: record(required),
  ...onAccount,
  ...regardless,
  decide: (input, context) => () => {
    if (isBackwards(input, calendarOf(context.configuration.tenant.timeZone))) {
      return refuse('InvalidInterval', `the period starts at ${input.periodFrom}`, { path: '/periodTo' });
    }
    const partyId = rootOf(context.knowledge, input.partyId);
    return E.right([decided('CostToServeRecorded', { ...input, partyId }, [partyId])]);
  },
};
