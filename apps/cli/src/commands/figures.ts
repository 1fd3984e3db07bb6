import { figures, partyViews } from '@afecto/projections';
import { isInstant } from '@afecto/domain';
import type { CommandSettings } from '../settings';
import { colours } from '../terminal/colours';
import { outline } from '../terminal/outline';
import { table } from '../terminal/table';
import { asking, ofAll, unknownParty } from './ask';
import { done, failed, json, type Outcome } from './outcome';

type Command = (settings: CommandSettings) => Promise<Outcome>;

interface Named {
  readonly code: string;
  readonly name: string;
  readonly title: string;
}

const listOf = (named: ReadonlyArray<Named>): string =>
  table(named.map(({ code, name, title }) => [`  ${colours.dim(code)}`, colours.bold(name), title]));

const namesOf = (named: ReadonlyArray<Named>): string => named.map(({ name }) => name).join(', ');

export interface Window {
  readonly from?: string;
  readonly to?: string;
}

const dayOf = (text: string): number | null => {
  const instant = /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T12:00:00Z` : text;
  return isInstant(instant) ? Date.parse(instant) : null;
};

/** Figures about all customers over a window of days; without a name, which there are. */
export const showFigures = (name: string | undefined, { from, to }: Window, signal: AbortSignal): Command => {
  if (name === undefined)
    return async (settings) =>
      done(
        settings.json
          ? json(figures.map(({ code, name: known, title }) => ({ code, name: known, title })))
          : listOf(figures),
      );
  const wanted = figures.find((known) => known.name === name);
  if (wanted === undefined)
    return async () => failed(`There are no figures "${name}". There are: ${namesOf(figures)}.`);
  const window: { from?: number; to?: number } = {};
  for (const [option, text] of Object.entries({ from, to })) {
    if (text === undefined) continue;
    const at = dayOf(text);
    if (at === null) return async () => failed(`--${option} must be a day such as 2026-01-31; got "${text}"`);
    Object.assign(window, { [option]: at });
  }
  return ofAll(async (answers, _when, settings) => {
    const answer = await answers.figures(wanted, window);
    return done(settings.json ? json(answer) : `  ${wanted.title}\n\n${outline(answer)}`);
  }, signal);
};

/** One side of a customer; without a name, which there are. */
export const showView = (partyId: string, name: string | undefined, signal: AbortSignal): Command => {
  if (name === undefined)
    return async (settings) =>
      done(
        settings.json
          ? json(partyViews.map(({ code, name: known, title }) => ({ code, name: known, title })))
          : listOf(partyViews),
      );
  const wanted = partyViews.find((known) => known.name === name);
  if (wanted === undefined) return async () => failed(`There is no view "${name}". There are: ${namesOf(partyViews)}.`);
  return asking(async (answers, when, settings) => {
    const seen = await answers.view(wanted, partyId, when);
    if (seen === null) return unknownParty(partyId, when);
    return done(settings.json ? json(seen.view) : `  ${wanted.title}\n\n${outline(seen.view)}`);
  }, signal);
};
